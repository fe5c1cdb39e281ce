-- What flag rules read at one moment. A row of transfers is one version of a fact; its id is opaque here.
-- $SPAN$ picks the versions. Transfers are a view, whose filters reach the table; what few of them have is a table,
-- read once for all rules and joined on the table's own id: ten million rows are not renamed to find a thousand.
CREATE OR REPLACE TEMP VIEW transfers AS
SELECT * REPLACE (transfer_id || ' ' || report_id || ' ' || epoch_us(first_seen_at) AS transfer_id)
FROM core.transfers WHERE $SPAN$;

CREATE OR REPLACE TEMP TABLE matches AS
SELECT m.* REPLACE (t.transfer_id || ' ' || t.report_id || ' ' || epoch_us(t.first_seen_at) AS transfer_id),
    u.may_carry_flag, u.is_intermediary,
    t.stage, t.destination_country, coalesce(t.event_date, t.period_end) AS day
FROM (FROM core.transfers WHERE $SPAN$) t
JOIN core.unit_matches m ON m.transfer_id = t.transfer_id
    AND m.party_raw IN (t.end_user_raw, t.consignee_raw, t.intermediary_raw)
JOIN core.units u ON u.unit_id = m.unit_id;

CREATE OR REPLACE TEMP TABLE readings AS
SELECT r.* REPLACE (t.transfer_id || ' ' || t.report_id || ' ' || epoch_us(t.first_seen_at) AS transfer_id)
FROM (FROM core.transfers WHERE $SPAN$) t
JOIN core.party_readings r ON r.transfer_id = t.transfer_id
    AND r.party_raw = CASE r.role WHEN 'end_user' THEN t.end_user_raw
        WHEN 'consignee' THEN t.consignee_raw ELSE t.intermediary_raw END;

-- How far each transfer to Mexico states its end user. SEDENA as end user is never "clear": it buys for others.
-- Only where nobody stands as end user do the other parties tell anything.
CREATE OR REPLACE TEMP TABLE end_users AS
WITH said AS (
    SELECT t.transfer_id, t.end_user_raw IS NOT NULL
        OR EXISTS (FROM matches m WHERE m.transfer_id = t.transfer_id AND m.role = 'end_user') AS has_end_user
    FROM transfers t WHERE t.destination_country = 'MX'
),
units AS (
    SELECT s.transfer_id,
        count(DISTINCT m.unit_id) FILTER (m.band = 'match' AND NOT m.is_intermediary) AS named_count,
        count(DISTINCT m.unit_id) FILTER (NOT m.is_intermediary) AS possible_count,
        arg_min(m.unit_id, struct_pack(a := m.band, b := m.role, c := m.span_start, d := m.unit_id))
            FILTER (m.is_intermediary) AS intermediary_unit_id,
        bool_or(m.is_intermediary AND m.band = 'match') AS has_intermediary
    FROM said s
    JOIN matches m ON m.transfer_id = s.transfer_id AND (m.role = 'end_user' OR NOT s.has_end_user)
    GROUP BY ALL
),
kinds AS (
    SELECT DISTINCT s.transfer_id
    FROM said s
    JOIN readings r ON r.transfer_id = s.transfer_id AND (r.role = 'end_user' OR NOT s.has_end_user)
    WHERE len(r.undisclosed_kinds) > 0
)
SELECT s.transfer_id,
    CASE WHEN k.transfer_id IS NOT NULL AND (s.has_end_user OR coalesce(u.named_count, 0) = 0) THEN 'collective'
        WHEN NOT s.has_end_user AND u.named_count > 0 THEN 'not_stated'
        WHEN u.named_count > 1 THEN 'several'
        WHEN u.named_count = 1 THEN 'named'
        WHEN u.intermediary_unit_id IS NOT NULL AND (u.has_intermediary OR u.possible_count = 0)
            THEN 'intermediary_only'
        WHEN NOT s.has_end_user THEN 'not_stated'
        WHEN u.possible_count > 0 THEN 'unsure'
        ELSE 'other_body' END AS end_user_state,
    CASE WHEN end_user_state = 'intermediary_only' THEN u.intermediary_unit_id END AS intermediary_unit_id
FROM said s
LEFT JOIN units u ON u.transfer_id = s.transfer_id
LEFT JOIN kinds k ON k.transfer_id = s.transfer_id;

-- Each party of the newest version of a transfer with the units that were recognised in its text, surest first.
WITH fact AS (
    SELECT * FROM core.transfers WHERE transfer_id = $1
    QUALIFY row_number() OVER (ORDER BY is_current DESC, first_seen_at DESC, report_id) = 1
),
party AS (
    SELECT p.role, p.party_raw FROM fact,
    LATERAL (VALUES ('end_user', end_user_raw), ('intermediary', intermediary_raw),
        ('consignee', consignee_raw)) p(role, party_raw)
    WHERE p.party_raw IS NOT NULL
)
SELECT p.role, p.party_raw, r.reading_band, r.undisclosed_kinds, r.doubts, r.set_aside_unit_ids,
    coalesce((
        SELECT list(struct_pack(unit_id := m.unit_id, unit_name := u.unit_name, role := m.role, band := m.band,
            matched_text := m.matched_text, span_start := m.span_start, span_end := m.span_end, alias := m.alias,
            match_rule := m.match_rule, score := m.score, rivals := m.rivals, is_out_of_time := m.is_out_of_time)
            ORDER BY m.band, m.score DESC, m.span_start, m.unit_id)
        FROM core.unit_matches m JOIN core.units u ON u.unit_id = m.unit_id
        WHERE m.transfer_id = $1 AND m.party_raw = p.party_raw
    ), []) AS recognised
FROM party p
LEFT JOIN core.party_readings r ON r.transfer_id = $1 AND r.role = p.role AND r.party_raw = p.party_raw
ORDER BY list_position(['end_user', 'intermediary', 'consignee'], p.role)

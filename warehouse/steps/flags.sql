-- Flags: open where a current fact raises it; closed, with the reason, where only a superseded one did.
-- In: rule_answers. A flag's id hashes rule, transfer and unit, so that it survives every rebuild.
INSERT INTO core.flags BY NAME
WITH answers AS (
    SELECT * FROM rule_answers
    QUALIFY row_number() OVER (PARTITION BY rule_id, transfer_id, unit_id
        ORDER BY is_current DESC, relation, evidence) = 1
),
known AS (
    SELECT transfer_id, min(first_seen_at) AS first_seen_at, max(superseded_at) AS left_at,
        bool_or(is_current) AS stands, any_value(licence_ref) AS licence_ref, any_value(source_id) AS source_id
    FROM core.transfers GROUP BY transfer_id
),
first_document AS (
    SELECT t.transfer_id, arg_min(d.run_id, d.seq) AS run_id
    FROM core.transfers t
    JOIN core.documents d ON d.source_id = t.source_id AND d.report_id = t.report_id
        AND d.archived_at = t.first_seen_at
    GROUP BY ALL
),
role AS (
    SELECT transfer_id, unit_id, string_agg(DISTINCT replace(role, '_', ' '), ', ' ORDER BY replace(role, '_', ' ')) AS role
    FROM core.unit_matches GROUP BY ALL
)
SELECT substr(sha256(a.rule_id || chr(31) || a.transfer_id || chr(31) || coalesce(a.unit_id, '')), 1, 24) AS flag_id,
    a.rule_id, a.rule_title, a.severity, a.transfer_id, a.unit_id, a.relation, a.evidence,
    replace(replace(replace(replace(a.template,
        '{unit_name}', coalesce(u.unit_name, 'a unit')),
        '{role}', coalesce(r.role, 'a party')),
        '{licence}', coalesce(k.licence_ref, 'a row of ' || s.title)),
        '{relation}', a.relation) AS reason,
    CASE WHEN a.is_current THEN 'open' ELSE 'closed' END AS status,
    k.first_seen_at,
    f.run_id AS first_run_id,
    CASE WHEN NOT a.is_current THEN k.left_at END AS closed_at,
    CASE WHEN a.is_current THEN NULL
        WHEN k.stands THEN 'The report was revised: its newest version no longer gives this cause.'
        ELSE 'The report was revised: its newest version no longer holds this row.' END AS closed_reason
FROM answers a
JOIN known k ON k.transfer_id = a.transfer_id
JOIN first_document f ON f.transfer_id = a.transfer_id
JOIN meta.sources s ON s.source_id = k.source_id
LEFT JOIN core.units u ON u.unit_id = a.unit_id
LEFT JOIN role r ON r.transfer_id = a.transfer_id AND r.unit_id = a.unit_id
ORDER BY flag_id;

CREATE VIEW out.units AS
SELECT u.unit_id, u.unit_name, u.unit_name_en, u.level, u.branch, u.state_iso, u.active_from, u.active_to,
    u.may_carry_flag, u.is_intermediary, u.is_from_memory,
    coalesce(f.finding_count, 0) AS finding_count, coalesce(g.open_flag_count, 0) AS open_flag_count,
    u.source_url, u.notes
FROM core.units u
LEFT JOIN (
    SELECT unit_id, count(*) AS finding_count FROM core.unit_findings WHERE is_on_record GROUP BY ALL
) f ON f.unit_id = u.unit_id
LEFT JOIN (
    SELECT unit_id, count(*) AS open_flag_count FROM core.flags WHERE status = 'open' GROUP BY ALL
) g ON g.unit_id = u.unit_id;

-- title: Findings and licences in time
-- question: Which flagged units have findings on record, and do these lie before or after the licence?
-- not: A finding says what its body says, at that time, with that status. It says nothing about the arms, nor
--   about a unit's relatives. A finding after the licence could not be known when it was granted.
SELECT f.unit_id, f.licence_ref, f.stage, coalesce(f.event_date, f.period_end) AS licence_date, g.relation,
    g.about_unit_id, g.finding_timing, g.finding_date, g.event_timing, g.finding_event_date, g.category,
    g.status, g.attribution, g.is_on_record, g.body, g.canonical_number, g.source_url, f.severity,
    f.source_id, f.document_sha256, f.flag_id
FROM out.flags f
JOIN out.flag_findings g ON g.flag_id = f.flag_id
WHERE f.status = 'open'
QUALIFY row_number() OVER (PARTITION BY f.transfer_id, f.unit_id, g.finding_id, g.relation ORDER BY f.rule_id) = 1
ORDER BY f.unit_id, licence_date, g.finding_date, g.finding_id, f.flag_id

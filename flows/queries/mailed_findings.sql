-- Findings of the unit that an open flag names; on a flag about its relatives, theirs.
SELECT f.* EXCLUDE (about_unit_id, about_unit_name) REPLACE (coalesce(f.body, 'A source that names no body') AS body),
    f.about_unit_id AS unit_id, f.about_unit_name AS unit_name
FROM out.flag_findings f JOIN core.flags g ON g.flag_id = f.flag_id
WHERE g.status = 'open' AND (f.relation = 'direct') = (g.rule_id <> 'relative_with_findings')
ORDER BY f.finding_event_date, f.finding_id

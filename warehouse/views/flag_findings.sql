-- Findings of the unit that a flag names, and of its relatives; with the time of the event and of the finding
-- beside that of the transfer. Dates may be years, months, days or intervals: they are compared as far as printed.
CREATE VIEW out.flag_findings AS
WITH flag AS (
    SELECT f.flag_id, f.unit_id, any_value(coalesce(t.event_date, t.period_start))::VARCHAR AS first_day,
        any_value(coalesce(t.event_date, t.period_end))::VARCHAR AS last_day,
        any_value(coalesce(t.event_date, t.period_end)) AS day
    FROM core.flags f
    LEFT JOIN core.flagged_transfers t ON t.transfer_id = f.transfer_id
    WHERE f.unit_id IS NOT NULL GROUP BY f.flag_id, f.unit_id
),
about AS (
    SELECT flag_id, first_day, last_day, 'direct' AS relation, unit_id AS about_unit_id FROM flag
    UNION ALL
    SELECT f.flag_id, f.first_day, f.last_day, r.relation, r.relative_unit_id
    FROM flag f JOIN core.unit_relatives r ON r.unit_id = f.unit_id
    WHERE f.day IS NULL OR f.day BETWEEN coalesce(r.certain_from, f.day) AND coalesce(r.certain_to, f.day)
),
spans AS (
    SELECT finding_id, split_part(finding_event_date, '/', 1) AS event_start,
        split_part(finding_event_date, '/', -1) AS event_end, rtrim(finding_date, '?') AS found
    FROM core.unit_findings
)
SELECT DISTINCT a.flag_id, f.finding_id, a.relation, a.about_unit_id, u.unit_name AS about_unit_name,
    f.category, f.event, f.finding_event_date,
    CASE WHEN event_end IS NULL OR a.first_day IS NULL THEN 'unknown'
        WHEN event_end < left(a.first_day, len(event_end)) THEN 'before'
        WHEN event_start > left(a.last_day, len(event_start)) THEN 'after' ELSE 'same_time' END AS event_timing,
    f.finding_date,
    CASE WHEN found IS NULL OR a.first_day IS NULL THEN 'unknown'
        WHEN found < left(a.first_day, len(found)) THEN 'before'
        WHEN found > left(a.last_day, len(found)) THEN 'after' ELSE 'same_time' END AS finding_timing,
    f.place, f.body, f.canonical_number, f.status, f.confidence, f.attribution, f.source_url, f.source_title,
    f.is_from_memory, f.is_on_record, f.notes
FROM about a
JOIN core.unit_findings f ON f.unit_id = a.about_unit_id
JOIN spans USING (finding_id)
JOIN core.units u ON u.unit_id = a.about_unit_id;

SELECT c.source_id, c.source_title, c.period, c.due_on, c.late_days, s.source_url AS url
FROM out.coverage c JOIN meta.sources s ON s.source_id = c.source_id
WHERE c.is_late AND c.source_id IN (SELECT source_id FROM core.documents) ORDER BY c.source_id, c.period

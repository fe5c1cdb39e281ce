SELECT s.source_id, s.title, s.publisher, s.frequency,
    (SELECT count(*) FROM core.documents d WHERE d.source_id = s.source_id) AS documents,
    (SELECT max(d.archived_at) FROM core.documents d WHERE d.source_id = s.source_id) AS newest_document,
    (SELECT max(d.period_end) FROM core.documents d WHERE d.source_id = s.source_id) AS covered_to,
    (SELECT count(*) FROM out.coverage c WHERE c.source_id = s.source_id AND c.is_late) AS late_reports,
    s.layout
FROM meta.sources s ORDER BY 1

-- Sums of current documents that no row of the report stands behind.
CREATE VIEW out.transfers_total_only AS
SELECT m.source_id, m.report_id, m.stage, m.measure, m.scope, m.unit, m.printed, m.explanation,
    m.period_start, m.period_end, m.document_sha256, m.page, m.row, m.raw_text
FROM meta.totals m
JOIN core.documents d ON d.source_id = m.source_id AND d.document_sha256 = m.document_sha256
WHERE m.agrees IS NULL AND d.is_current AND d.same_records_as IS NULL;

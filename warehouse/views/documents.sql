CREATE VIEW out.documents AS
SELECT d.source_id, s.title AS source_title, d.report_id, d.document_sha256, d.document_name, d.document_url,
    d.media_type, d.size_bytes, d.retrieved_at, d.archived_at, d.published_on, d.version, d.is_current,
    d.same_records_as, d.supersedes_sha256, d.is_refused, d.refused_reason,
    m.rows_seen_count, m.record_rows_count, m.reject_rows_count, m.total_rows_count, m.ignored_rows_count,
    m.records_count, m.totals_count, m.totals_disagree_count, d.parser_version
FROM core.documents d
JOIN meta.sources s ON s.source_id = d.source_id
JOIN meta.documents m ON m.source_id = d.source_id AND m.document_sha256 = d.document_sha256;

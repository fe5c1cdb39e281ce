SELECT d.source_id, d.document_sha256, d.document_name, m.rows_seen_count,
    m.rows_seen_count - m.record_rows_count - m.reject_rows_count - m.total_rows_count - m.ignored_rows_count
FROM core.documents d JOIN meta.documents m USING (source_id, document_sha256)
WHERE d.is_current ORDER BY ALL

-- The place of a document: its beginning.
SELECT 'document' AS kind, d.document_sha256 AS id, d.source_id, s.title AS source_title, s.publisher,
    s.licence_terms, d.report_id, d.document_name, d.document_url, d.document_sha256, d.media_type,
    d.retrieved_at, d.archived_at, NULL AS page, NULL AS row, NULL AS bbox, NULL AS verbatim, d.is_current,
    [] AS parties, [] AS words, NULL AS next_row
FROM core.documents d
JOIN meta.sources s ON s.source_id = d.source_id
WHERE d.document_sha256 = $id
ORDER BY d.source_id
LIMIT 1

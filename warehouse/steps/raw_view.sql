-- The raw face of one source: every kept, summed or rejected row of every document, as printed.
CREATE VIEW raw.$SOURCE$ AS
SELECT DISTINCT document_sha256, page, row, 'record' AS kind, verbatim::VARCHAR AS raw_text
FROM core.transfers WHERE source_id = '$SOURCE$'
UNION ALL
SELECT document_sha256, page, row, 'total', raw_text FROM meta.totals WHERE source_id = '$SOURCE$'
UNION ALL
SELECT document_sha256, page, row, 'reject', raw_text FROM meta.rejects WHERE source_id = '$SOURCE$';
COMMENT ON VIEW raw.$SOURCE$ IS 'Rows of $SOURCE$ as printed: verbatim cells of records as JSON, totals and rejects as text.';

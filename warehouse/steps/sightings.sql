-- Sightings: every place where a licence stands, and where a fact without a number stands in several documents.
-- In: batch (records of some documents), places, histories.
INSERT INTO core.sightings BY NAME
SELECT CASE WHEN r.licence_ref IS NOT NULL THEN s.publisher_country || ':' || r.licence_ref END AS licence_key,
    r.licence_ref, r.transfer_id, r.source_id, p.report_id, r.document_sha256, r.page, r.row, r.bbox,
    r.stage, r.event_date, r.published_on, d.archived_at
FROM batch r
JOIN places p ON p.source_id = r.source_id AND p.document_sha256 = r.document_sha256
JOIN core.documents d ON d.source_id = p.source_id AND d.document_sha256 = p.document_sha256
JOIN meta.sources s ON s.source_id = p.source_id
LEFT JOIN (
    SELECT DISTINCT document_no, row_no FROM histories WHERE document_no BETWEEN $first AND $last AND row_count > 1
) h ON h.document_no = p.document_no AND h.row_no = r.file_row_number
WHERE r.licence_ref IS NOT NULL OR h.document_no IS NOT NULL
ORDER BY p.document_no, r.file_row_number

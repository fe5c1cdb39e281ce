-- Transfers of some documents, in the order of their rows. In: batch (records of these documents), places, histories.
-- $SHARE$ picks rows by destination: those that concern Mexico are written first, so that a reader finds them together.
INSERT INTO core.transfers BY NAME
SELECT r.* EXCLUDE (report_id, file_row_number),
    p.report_id,
    CASE WHEN r.licence_ref IS NOT NULL THEN s.publisher_country || ':' || r.licence_ref END AS licence_key,
    coalesce(h.first_seen_at, p.archived_at) AS first_seen_at,
    coalesce(h.last_seen_at, p.archived_at) AS last_seen_at,
    h.superseded_at,
    coalesce(h.is_current, TRUE) AS is_current,
    s.title AS source_title, d.document_url, d.document_name,
    coalesce(h.sighting_count, 1) AS sighting_count
FROM batch r
JOIN places p ON p.source_id = r.source_id AND p.document_sha256 = r.document_sha256
JOIN core.documents d ON d.source_id = p.source_id AND d.document_sha256 = p.document_sha256
JOIN meta.sources s ON s.source_id = p.source_id
LEFT JOIN histories h ON h.document_no = p.document_no AND h.row_no = r.file_row_number
    AND h.document_no BETWEEN $first AND $last
WHERE ($SHARE$) AND h.speaks IS DISTINCT FROM FALSE
ORDER BY p.document_no, r.file_row_number, first_seen_at

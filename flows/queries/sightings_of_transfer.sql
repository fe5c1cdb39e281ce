SELECT concat_ws(', ', d.publisher_title, d.document_name, 'page ' || s.page, 'row ' || s.row,
    s.event_date::VARCHAR, d.document_url, d.document_sha256)
FROM core.sightings s
JOIN (SELECT source_title AS publisher_title, * FROM out.documents) d
    ON d.source_id = s.source_id AND d.document_sha256 = s.document_sha256
WHERE s.transfer_id = $1 OR s.licence_key IN (SELECT licence_key FROM core.sightings WHERE transfer_id = $1)
ORDER BY s.event_date, s.source_id, s.document_sha256, s.row

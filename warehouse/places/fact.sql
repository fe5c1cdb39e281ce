-- The place of a flag or transfer: the document, page and row of the version that stands, else the newest.
-- `words` are the recognised words with the party's text in which they stand; `next_row` begins the next record.
WITH asked AS (
    SELECT 'flag' AS kind, flag_id AS id, transfer_id, unit_id FROM core.flags WHERE flag_id = $id
    UNION
    SELECT 'transfer', transfer_id, transfer_id, NULL FROM core.transfers WHERE transfer_id = $id
),
fact AS (
    SELECT a.kind, a.id, a.unit_id, t.*
    FROM asked a JOIN core.transfers t ON t.transfer_id = a.transfer_id
    QUALIFY row_number() OVER (ORDER BY t.is_current DESC, t.first_seen_at DESC, t.report_id) = 1
)
SELECT f.kind, f.id, f.source_id, s.title AS source_title, s.publisher, s.licence_terms, f.report_id,
    d.document_name, d.document_url, f.document_sha256, d.media_type, d.retrieved_at, d.archived_at,
    f.page, f.row, f.bbox, f.verbatim, f.is_current,
    [f.end_user_raw, f.intermediary_raw, f.consignee_raw, f.destination_country_raw] AS parties,
    (SELECT list([m.party_raw, m.matched_text] ORDER BY m.span_start, m.unit_id) FROM core.unit_matches m
        WHERE m.transfer_id = f.transfer_id AND m.matched_text IS NOT NULL
            AND (f.unit_id IS NULL OR m.unit_id = f.unit_id)) AS words,
    (SELECT min(n.row) FROM core.transfers n
        WHERE n.source_id = f.source_id AND n.document_sha256 = f.document_sha256
            AND n.page IS NOT DISTINCT FROM f.page AND n.row > f.row) AS next_row
FROM fact f
JOIN meta.sources s ON s.source_id = f.source_id
JOIN core.documents d ON d.source_id = f.source_id AND d.document_sha256 = f.document_sha256

-- Transfers: one row per fact and unbroken span of documents that say it ("islands"), with its newest place.
-- In: arrivals; records (all parsed records). A document counts at each of its arrivals.
INSERT INTO core.transfers BY NAME
WITH sequence AS (
    SELECT source_id, document_sha256, report_id, seq, archived_at,
        row_number() OVER (PARTITION BY report_id ORDER BY seq) AS ordinal,
        count(*) OVER (PARTITION BY report_id) AS newest,
        lead(archived_at) OVER (PARTITION BY report_id ORDER BY seq) AS next_archived_at
    FROM arrivals WHERE NOT is_refused
),
said AS (
    SELECT r.transfer_id, r.record_hash, s.*,
        s.ordinal - row_number() OVER (
            PARTITION BY s.report_id, r.transfer_id, r.record_hash ORDER BY s.ordinal) AS island
    FROM sequence s
    JOIN records r ON r.source_id = s.source_id AND r.document_sha256 = s.document_sha256
),
spans AS (
    SELECT report_id, transfer_id, record_hash, island,
        min(archived_at) AS first_seen_at,
        max(archived_at) AS last_seen_at,
        arg_max(next_archived_at, ordinal) AS left_at,
        arg_max(document_sha256, ordinal) AS document_sha256,
        arg_max(source_id, ordinal) AS source_id,
        min(seq) AS first_seq,
        max(ordinal) = any_value(newest) AS in_newest
    FROM said GROUP BY ALL
),
chosen AS (
    -- One fact in two reports of a source is one transfer: the earliest public trace speaks for it,
    -- the others are its sightings.
    SELECT *, row_number() OVER (
        PARTITION BY transfer_id, in_newest ORDER BY first_seq, report_id) AS rank
    FROM spans
)
SELECT r.* EXCLUDE (report_id),
    c.report_id,
    CASE WHEN r.licence_ref IS NOT NULL THEN s.publisher_country || ':' || r.licence_ref END AS licence_key,
    c.first_seen_at, c.last_seen_at,
    CASE WHEN NOT c.in_newest THEN c.left_at END AS superseded_at,
    c.in_newest AND c.rank = 1 AS is_current
FROM chosen c
JOIN records r ON r.source_id = c.source_id AND r.document_sha256 = c.document_sha256
    AND r.transfer_id = c.transfer_id
JOIN meta.sources s ON s.source_id = c.source_id
ORDER BY r.transfer_id, c.report_id, c.first_seen_at;

-- Sightings: every place where a licence stands, and where a fact without a number stands in several documents.
INSERT INTO core.sightings BY NAME
SELECT CASE WHEN r.licence_ref IS NOT NULL THEN s.publisher_country || ':' || r.licence_ref END AS licence_key,
    r.licence_ref, r.transfer_id, r.source_id, d.report_id, r.document_sha256, r.page, r.row, r.bbox,
    r.stage, r.event_date, r.published_on, d.archived_at
FROM records r
JOIN core.documents d ON d.source_id = r.source_id AND d.document_sha256 = r.document_sha256
JOIN meta.sources s ON s.source_id = r.source_id
WHERE NOT d.is_refused
QUALIFY r.licence_ref IS NOT NULL OR count(*) OVER (PARTITION BY r.transfer_id) > 1
ORDER BY r.transfer_id, r.source_id, r.document_sha256, r.page, r.row;

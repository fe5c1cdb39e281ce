-- Spans: which rows of which documents speak for a fact, since when and until when.
-- In: arrivals; records (all parsed records). Only a fact that stands in several documents, or in a report that
-- came more than once, has a history to find out; every other row speaks for itself. So ten million rows are never
-- sorted: histories are found on keys alone, and whole rows are written once, document by document.

-- Good documents in the order in which their rows are written. A refused one says nothing.
CREATE TEMP TABLE places AS
SELECT row_number() OVER (ORDER BY a.source_id, a.document_sha256)::INTEGER AS document_no,
    a.source_id, a.document_sha256, any_value(a.report_id) AS report_id,
    min(a.archived_at) AS archived_at, any_value(r.arrival_count) = 1 AS is_alone
FROM arrivals a
JOIN (SELECT report_id, count(*) AS arrival_count FROM arrivals WHERE NOT is_refused GROUP BY report_id) r
    ON r.report_id = a.report_id
WHERE NOT a.is_refused
GROUP BY a.source_id, a.document_sha256;

-- Facts that may stand in several documents. Two ids with one hash do no harm: both are looked at closely.
CREATE TEMP TABLE repeated AS
SELECT id_hash FROM (SELECT hash(transfer_id) AS id_hash FROM records) GROUP BY id_hash HAVING count(*) > 1;

CREATE TEMP TABLE traced AS
SELECT p.document_no, r.file_row_number AS row_no, r.transfer_id, r.record_hash
FROM records r
JOIN places p ON p.source_id = r.source_id AND p.document_sha256 = r.document_sha256
WHERE NOT p.is_alone OR hash(r.transfer_id) IN (SELECT id_hash FROM repeated);

-- One row per fact and unbroken span of documents that say it ("islands"), with its newest place.
-- A document counts at each of its arrivals.
CREATE TEMP TABLE spans AS
WITH sequence AS (
    SELECT p.document_no, a.report_id, a.seq, a.archived_at,
        row_number() OVER (PARTITION BY a.report_id ORDER BY a.seq) AS ordinal,
        count(*) OVER (PARTITION BY a.report_id) AS newest,
        lead(a.archived_at) OVER (PARTITION BY a.report_id ORDER BY a.seq) AS next_archived_at
    FROM arrivals a
    JOIN places p ON p.source_id = a.source_id AND p.document_sha256 = a.document_sha256
    WHERE NOT a.is_refused
),
said AS (
    SELECT t.transfer_id, t.record_hash, t.row_no, s.*,
        s.ordinal - row_number() OVER (
            PARTITION BY s.report_id, t.transfer_id, t.record_hash ORDER BY s.ordinal) AS island
    FROM sequence s JOIN traced t ON t.document_no = s.document_no
),
span AS (
    SELECT report_id, transfer_id, record_hash, island,
        min(archived_at) AS first_seen_at,
        max(archived_at) AS last_seen_at,
        arg_max(next_archived_at, ordinal) AS left_at,
        arg_max(document_no, ordinal) AS document_no,
        arg_max(row_no, ordinal) AS row_no,
        min(seq) AS first_seq,
        max(ordinal) = any_value(newest) AS in_newest
    FROM said GROUP BY ALL
),
chosen AS (
    -- One fact in two reports of a source is one transfer: the earliest public trace speaks for it,
    -- the others are its sightings.
    SELECT *, row_number() OVER (PARTITION BY transfer_id, in_newest ORDER BY first_seq, report_id) AS rank
    FROM span
)
SELECT document_no, row_no, first_seen_at, last_seen_at,
    CASE WHEN NOT in_newest THEN left_at END AS superseded_at,
    in_newest AND rank = 1 AS is_current
FROM chosen;

-- Rows with a history: the spans that each speaks for (none: another document speaks for it), and how many
-- documents show its fact.
CREATE TEMP TABLE histories AS
SELECT t.document_no, t.row_no, s.document_no IS NOT NULL AS speaks, c.row_count, c.sighting_count,
    s.first_seen_at, s.last_seen_at, s.superseded_at, s.is_current
FROM traced t
JOIN (
    SELECT transfer_id, count(*) AS row_count, count(DISTINCT document_no) AS sighting_count
    FROM traced GROUP BY transfer_id
) c ON c.transfer_id = t.transfer_id
LEFT JOIN spans s ON s.document_no = t.document_no AND s.row_no = t.row_no;

DROP TABLE traced;
DROP TABLE spans;
DROP TABLE repeated;

-- Documents: one row per source and bytes; versions, revisions and further sightings of one report.
-- In: arrivals (one row an arrival of the ledger, with how the document was read).
-- A refused document supersedes nothing: the last good version stays.
INSERT INTO core.documents BY NAME
WITH first_arrival AS (
    SELECT * FROM arrivals
    QUALIFY row_number() OVER (PARTITION BY source_id, document_sha256 ORDER BY seq) = 1
),
good AS (  -- every arrival counts: a report that went back to an older text is revised again
    SELECT *, row_number() OVER (PARTITION BY report_id ORDER BY seq) AS ordinal
    FROM arrivals WHERE NOT is_refused
),
turns AS (
    SELECT *, says IS DISTINCT FROM lag(says) OVER (PARTITION BY report_id ORDER BY ordinal) AS is_turn
    FROM good
),
versions AS (
    SELECT *,
        sum(is_turn::INT) OVER (PARTITION BY report_id ORDER BY ordinal) AS version_number
    FROM turns
),
known AS (
    SELECT *,
        first_value(document_sha256) OVER (PARTITION BY report_id, version_number ORDER BY ordinal) AS first_sha256,
        max(version_number) OVER (PARTITION BY report_id) AS newest_version
    FROM versions
),
previous AS (
    SELECT report_id, version_number, first_sha256 FROM known GROUP BY ALL
),
told AS (
    SELECT k.source_id, k.document_sha256,
        k.version_number::INTEGER AS version,
        CASE WHEN k.first_sha256 <> k.document_sha256 THEN k.first_sha256 END AS same_records_as,
        p.first_sha256 AS supersedes_sha256,
        k.version_number = k.newest_version AS is_current
    FROM known k
    LEFT JOIN previous p ON p.report_id = k.report_id AND p.version_number = k.version_number - 1
    QUALIFY row_number() OVER (PARTITION BY k.source_id, k.document_sha256 ORDER BY k.seq DESC) = 1
)
SELECT a.* EXCLUDE (says),
    t.version, t.same_records_as, t.supersedes_sha256, coalesce(t.is_current, FALSE) AS is_current
FROM first_arrival a
LEFT JOIN told t USING (source_id, document_sha256)
ORDER BY a.source_id, a.document_sha256;

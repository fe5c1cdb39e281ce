-- Documents: one row per source and bytes; versions, revisions and further sightings of one report.
-- In: arrivals (one row an arrival of the ledger, with how the document was read).
-- Out: core.documents, and report_versions for the step that finds revisions.

-- Every good arrival in the order of its report. A refused document supersedes nothing: the last good one stays.
-- Equal documents that follow one another are one version; a report that goes back makes a new one.
CREATE TEMP TABLE good_arrivals AS
WITH good AS (
    SELECT *, row_number() OVER (PARTITION BY report_id ORDER BY seq) AS ordinal
    FROM arrivals WHERE NOT is_refused
),
turns AS (
    SELECT *, says IS DISTINCT FROM lag(says) OVER (PARTITION BY report_id ORDER BY ordinal) AS is_turn
    FROM good
)
SELECT *, sum(is_turn::INT) OVER (PARTITION BY report_id ORDER BY ordinal) AS version FROM turns;

CREATE TEMP TABLE report_versions AS
SELECT report_id, version,
    min_by(document_sha256, seq) AS document_sha256,
    min(archived_at) AS archived_at,
    min(period_start) AS period_start, max(period_end) AS period_end
FROM good_arrivals GROUP BY ALL;

INSERT INTO core.documents BY NAME
WITH first_arrival AS (
    SELECT * FROM arrivals
    QUALIFY row_number() OVER (PARTITION BY source_id, document_sha256 ORDER BY seq) = 1
),
last_place AS (
    SELECT g.source_id, g.document_sha256, g.version,
        v.document_sha256 AS first_sha256,
        o.document_sha256 AS supersedes_sha256,
        g.version = max(g.version) OVER (PARTITION BY g.report_id) AS is_current
    FROM good_arrivals g
    JOIN report_versions v ON v.report_id = g.report_id AND v.version = g.version
    LEFT JOIN report_versions o ON o.report_id = g.report_id AND o.version = g.version - 1
    QUALIFY row_number() OVER (PARTITION BY g.source_id, g.document_sha256 ORDER BY g.seq DESC) = 1
)
SELECT a.* EXCLUDE (says),
    p.version::INTEGER AS version,
    CASE WHEN p.first_sha256 <> a.document_sha256 THEN p.first_sha256 END AS same_records_as,
    p.supersedes_sha256,
    coalesce(p.is_current, FALSE) AS is_current
FROM first_arrival a
LEFT JOIN last_place p USING (source_id, document_sha256)
ORDER BY a.source_id, a.document_sha256;

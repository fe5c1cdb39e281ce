-- Revisions: what differs between two neighbouring versions of a report, field by field.
-- In: report_versions. Rows of a period that the report did not cover before are new figures, not revisions.
INSERT INTO meta.revisions BY NAME
WITH steps AS (
    SELECT n.report_id, o.document_sha256 AS old_document_sha256, n.document_sha256 AS new_document_sha256,
        o.archived_at AS old_at, n.archived_at AS revised_at, o.period_start, o.period_end
    FROM report_versions n JOIN report_versions o ON o.report_id = n.report_id AND o.version = n.version - 1
),
before_step AS (
    SELECT s.new_document_sha256, s.old_document_sha256, s.revised_at, t.*
    FROM steps s JOIN core.transfers t ON t.report_id = s.report_id
        AND t.first_seen_at < s.revised_at AND (t.superseded_at IS NULL OR t.superseded_at >= s.revised_at)
),
after_step AS (
    SELECT s.new_document_sha256, s.old_document_sha256, s.revised_at, s.period_start AS covered_from,
        s.period_end AS covered_to, t.*
    FROM steps s JOIN core.transfers t ON t.report_id = s.report_id
        AND t.first_seen_at <= s.revised_at AND (t.superseded_at IS NULL OR t.superseded_at > s.revised_at)
),
pairs AS (
    SELECT coalesce(n.report_id, o.report_id) AS report_id,
        coalesce(n.source_id, o.source_id) AS source_id,
        coalesce(n.transfer_id, o.transfer_id) AS transfer_id,
        coalesce(n.old_document_sha256, o.old_document_sha256) AS old_document_sha256,
        coalesce(n.new_document_sha256, o.new_document_sha256) AS new_document_sha256,
        coalesce(n.revised_at, o.revised_at) AS revised_at,
        o.transfer_id IS NULL AS is_added, n.transfer_id IS NULL AS is_withdrawn,
        coalesce(n.period_end, n.event_date) BETWEEN n.covered_from AND n.covered_to AS was_covered,
        o.record_hash AS old_hash, n.record_hash AS new_hash,
        o AS old_row, n AS new_row
    FROM before_step o
    FULL JOIN after_step n ON n.report_id = o.report_id AND n.transfer_id = o.transfer_id
        AND n.new_document_sha256 = o.new_document_sha256
    WHERE o.record_hash IS DISTINCT FROM n.record_hash
),
changes AS (
    SELECT p.* EXCLUDE (old_row, new_row, old_hash, new_hash, is_added, is_withdrawn, was_covered),
        CASE WHEN is_withdrawn THEN 'withdrawn' WHEN is_added THEN 'added' ELSE 'changed' END AS change,
        unnest(CASE WHEN is_withdrawn OR is_added THEN [{'field': NULL::VARCHAR,
                'old_value': NULL::VARCHAR, 'new_value': NULL::VARCHAR}]
            ELSE list_filter([$FIELD_PAIRS$], lambda f: f.old_value IS DISTINCT FROM f.new_value) END) AS cell
    FROM pairs p
    WHERE is_withdrawn OR NOT is_added OR was_covered
),
fact AS (  -- the current version of the transfer, else its newest: found once here, not by every reader
    SELECT transfer_id, stage, exporter_country, destination_country, control_code,
        year(coalesce(period_end, event_date))::INTEGER AS year
    FROM core.transfers WHERE transfer_id IN (SELECT transfer_id FROM changes)
    QUALIFY row_number() OVER (PARTITION BY transfer_id ORDER BY is_current DESC, first_seen_at DESC, report_id) = 1
)
SELECT c.* EXCLUDE (cell), f.* EXCLUDE (transfer_id),
    c.cell.field AS field, c.cell.old_value AS old_value, c.cell.new_value AS new_value
FROM changes c JOIN fact f ON f.transfer_id = c.transfer_id
ORDER BY report_id, transfer_id, new_document_sha256, field;

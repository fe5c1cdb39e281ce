-- The versions of facts that a rule answered, with what its flags need. In: answer.
-- The table's own id finds few rows at once; only theirs are then given the name that rules know.
CREATE OR REPLACE TEMP TABLE answered AS
WITH near AS MATERIALIZED (
    SELECT a.transfer_id AS version_id, a.unit_id, a.relation, a.evidence, t.*
    FROM answer a
    JOIN (
        SELECT transfer_id, report_id, licence_key, stage, grain, source_id, first_seen_at, superseded_at
        FROM core.transfers
        WHERE rowid IN (
            SELECT rowid FROM core.transfers
            WHERE $SPAN$ AND transfer_id IN (SELECT left(transfer_id, 24) FROM answer))
    ) t ON t.transfer_id = left(a.transfer_id, 24)
)
FROM near WHERE version_id = transfer_id || ' ' || report_id || ' ' || epoch_us(first_seen_at)

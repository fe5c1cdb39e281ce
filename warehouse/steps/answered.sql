-- The versions of facts that a rule answered, with what its flags need. In: answer.
-- The table's own id finds few rows at once; only theirs are read further and given the name that rules know.
CREATE OR REPLACE TEMP TABLE near AS
SELECT transfer_id, report_id, licence_key, stage, grain, source_id, first_seen_at, superseded_at
FROM core.transfers
WHERE rowid IN (
    SELECT rowid FROM core.transfers
    WHERE $SPAN$ AND transfer_id IN (SELECT left(transfer_id, 24) FROM answer));

CREATE OR REPLACE TEMP TABLE answered AS
SELECT a.transfer_id AS version_id, a.unit_id, a.relation, a.evidence, n.*
FROM answer a
JOIN near n ON a.transfer_id = n.transfer_id || ' ' || n.report_id || ' ' || epoch_us(n.first_seen_at)

-- The versions of the facts that a rule answered or an earlier build flagged: all that the words of flags need.
-- In: rule_answers, known_flags.
CREATE OR REPLACE TEMP TABLE flagged AS
SELECT transfer_id, source_id, report_id, is_current, licence_ref, first_seen_at
FROM core.transfers
WHERE transfer_id IN (SELECT transfer_id FROM rule_answers UNION SELECT transfer_id FROM known_flags)

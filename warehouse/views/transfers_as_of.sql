-- What was known at a moment: FROM out.transfers_as_of(TIMESTAMPTZ '2024-03-01').
CREATE MACRO out.transfers_as_of(ts) AS TABLE
SELECT * FROM core.transfers
WHERE first_seen_at <= ts::TIMESTAMPTZ AND (superseded_at IS NULL OR superseded_at > ts::TIMESTAMPTZ)
QUALIFY row_number() OVER (PARTITION BY transfer_id ORDER BY first_seen_at, report_id) = 1;

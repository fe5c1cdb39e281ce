SELECT concat_ws(' ', severity, status, flag_id, reason) FROM out.flags
WHERE transfer_id = $1 OR list_contains(transfer_ids, $1) ORDER BY flag_id

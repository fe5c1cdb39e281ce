SELECT concat_ws(' ', severity, status, flag_id, reason) FROM out.flags WHERE transfer_id = ? ORDER BY flag_id

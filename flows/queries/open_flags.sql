SELECT flag_id, severity, rule_id, unit_id, reason, source_id, licence_ref, transfer_id
FROM out.flags WHERE status = 'open'
ORDER BY list_position(['high', 'medium', 'low', 'review'], severity), flag_id

SELECT flag_id, severity, status, rule_id, unit_name, relation, licence_ref, source_id, event_date, period_end,
    reason, transfer_id, first_seen_at, closed_reason, acknowledged_at, acknowledged_note
FROM out.flags
WHERE ($severity IS NULL OR severity = $severity) AND ($since IS NULL OR first_seen_at >= $since::DATE)
    AND (status = 'open' OR $everything)
ORDER BY list_position(['high', 'medium', 'low', 'review'], severity), first_seen_at DESC, flag_id

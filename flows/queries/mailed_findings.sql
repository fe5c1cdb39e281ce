SELECT * FROM out.findings WHERE unit_id IN (SELECT unit_id FROM out.flags WHERE status = 'open')
ORDER BY finding_event_date, finding_id

SELECT * REPLACE (coalesce(body, 'A source that names no body') AS body),
    'direct' AS relation, 'unknown' AS event_timing, 'unknown' AS finding_timing FROM out.findings WHERE unit_id = ?
ORDER BY list_position(['conviction', 'judgment_state_responsibility', 'finding', 'state_acknowledged', 'charged',
        'charges_withdrawn', 'under_investigation', 'allegation'], status),
    list_position(['judicial', 'official_body', 'ngo_report', 'press'], confidence), finding_event_date, finding_id

SELECT * EXCLUDE (about_unit_id, about_unit_name) REPLACE (coalesce(body, 'A source that names no body') AS body),
    about_unit_id AS unit_id, about_unit_name AS unit_name
FROM out.flag_findings WHERE flag_id = ?
ORDER BY list_position(['direct', 'predecessor', 'successor', 'parent', 'child'], relation), about_unit_id,
    list_position(['conviction', 'judgment_state_responsibility', 'finding', 'state_acknowledged', 'charged',
        'charges_withdrawn', 'under_investigation', 'allegation'], status),
    list_position(['judicial', 'official_body', 'ngo_report', 'press'], confidence), finding_event_date, finding_id

SELECT concat_ws(' ', coalesce(body, 'A source not named'), canonical_number, 'attributes', replace(category, '_', ' '),
    'to the', replace(attribution, '_', ' '), concat('(', replace(status, '_', ' '), ',') ,
    concat(coalesce(finding_date, 'date not known'), '):'), event, concat('[', coalesce(finding_event_date, '?'), ']'),
    CASE WHEN is_from_memory THEN 'UNVERIFIED: from memory, no source seen.' END, notes, source_url)
FROM out.findings WHERE unit_id = ? ORDER BY finding_event_date, finding_id

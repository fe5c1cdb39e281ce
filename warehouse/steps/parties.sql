-- Every text of a party in a transfer to Mexico, or to a place not stated, with the days that it speaks of.
SELECT t.transfer_id, r.role, r.party_raw, t.destination_country,
    coalesce(t.event_date, t.period_start) AS first_day,
    coalesce(t.event_date, t.period_end, t.period_start) AS last_day,
    bool_or(t.is_current) AS is_current
FROM core.transfers t,
LATERAL (VALUES ('end_user', t.end_user_raw), ('consignee', t.consignee_raw),
    ('intermediary', t.intermediary_raw)) r(role, party_raw)
WHERE r.party_raw IS NOT NULL AND (t.destination_country = 'MX' OR t.destination_country IS NULL)
GROUP BY ALL ORDER BY ALL

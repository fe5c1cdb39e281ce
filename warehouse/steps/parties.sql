SELECT t.transfer_id, r.role, r.party_raw, t.destination_country,
    coalesce(t.event_date, t.period_start) AS event_date, bool_or(t.is_current) AS is_current
FROM core.transfers t,
LATERAL (VALUES ('end_user', t.end_user_raw), ('consignee', t.consignee_raw),
    ('intermediary', t.intermediary_raw)) r(role, party_raw)
WHERE r.party_raw IS NOT NULL AND (t.destination_country = 'MX' OR t.destination_country IS NULL)
GROUP BY ALL ORDER BY ALL

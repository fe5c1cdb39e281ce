-- Courses of the same unit, as surely recognised as a flag needs. No arms: shown beside a flag, never one.
CREATE VIEW out.unit_training AS
SELECT DISTINCT m.unit_id, u.unit_name, t.transfer_id, t.source_id, t.end_user_raw, m.matched_text,
    t.item_description, t.period_start, t.period_end, year(coalesce(t.period_end, t.event_date))::INTEGER AS year,
    t.quantity, t.quantity_unit, t.value, t.currency, t.value_basis,
    d.document_url, d.document_name, t.document_sha256, t.page, t.row
FROM core.transfers t
JOIN core.unit_matches m ON m.transfer_id = t.transfer_id AND m.is_current AND m.band = 'match'
    AND m.role = 'end_user' AND m.party_raw = t.end_user_raw
JOIN core.units u ON u.unit_id = m.unit_id
JOIN core.documents d ON d.source_id = t.source_id AND d.document_sha256 = t.document_sha256
WHERE t.is_current AND t.stage = 'trained'
    -- where parties are matched: these rows stand together and are read at once
    AND (t.destination_country = 'MX' OR t.destination_country IS NULL);

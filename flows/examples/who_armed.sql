-- title: Who armed a unit
-- question: Which licences, notices and shipments name the unit, in which role, and who is the exporter?
-- not: A licence or notice is not a delivery. Rows of band review are likenesses that a person must confirm.
-- set: unit = mx-navy (a unit_id of out.units)
SELECT m.unit_id, m.role, m.band, t.stage, coalesce(t.event_date, t.period_end) AS date,
    t.exporter_country, t.exporter_name, t.licence_ref, t.item_description, t.quantity, t.quantity_unit,
    t.value, t.currency, t.value_basis, m.party_raw, t.source_id, t.document_sha256, t.page, t.row, t.transfer_id
FROM core.unit_matches m
JOIN out.transfers t ON t.transfer_id = m.transfer_id
WHERE m.is_current AND (t.destination_country = 'MX' OR t.destination_country IS NULL) AND t.stage <> 'trained' AND m.unit_id = coalesce(getvariable('unit'), 'mx-navy')
ORDER BY date DESC, t.transfer_id, m.role

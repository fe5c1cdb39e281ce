-- What the newest version of each report says, with the document it stands in.
CREATE VIEW out.transfers AS
SELECT t.transfer_id, t.source_id, s.title AS source_title, t.report_id, t.stage, t.grain,
    t.licence_ref, t.licence_ref_raw, t.exporter_country, t.destination_country,
    t.exporter_name, t.consignee_raw, t.intermediary_raw, t.end_user_raw, t.item_description,
    t.control_list, t.control_code, t.weapon_class, t.quantity, t.quantity_unit, t.licence_count,
    t.value, t.currency, t.value_basis, t.event_date, t.period_start, t.period_end,
    year(coalesce(t.period_end, t.event_date))::INTEGER AS year, t.published_on,
    coalesce(n.sighting_count, 1) AS sighting_count,
    t.first_seen_at, t.last_seen_at, t.document_sha256, d.document_url, d.document_name,
    t.page, t.row, t.bbox, t.exporter_country_raw, t.destination_country_raw, t.verbatim
FROM core.transfers t
JOIN meta.sources s ON s.source_id = t.source_id
JOIN core.documents d ON d.source_id = t.source_id AND d.document_sha256 = t.document_sha256
LEFT JOIN (
    SELECT transfer_id, count(DISTINCT document_sha256) AS sighting_count FROM core.sightings GROUP BY ALL
) n ON n.transfer_id = t.transfer_id
WHERE t.is_current;

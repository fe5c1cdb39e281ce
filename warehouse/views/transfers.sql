-- What the newest version of each report says, with the document it stands in. It selects and filters only, so
-- that it answers in the order of core.transfers, which the export relies on.
CREATE VIEW out.transfers AS
SELECT transfer_id, source_id, source_title, report_id, stage, grain,
    licence_ref, licence_ref_raw, exporter_country, destination_country,
    exporter_name, consignee_raw, intermediary_raw, end_user_raw, item_description,
    control_list, control_code, weapon_class, quantity, quantity_unit, licence_count,
    value, currency, value_basis, event_date, period_start, period_end,
    year(coalesce(period_end, event_date))::INTEGER AS year, published_on,
    sighting_count, first_seen_at, last_seen_at, document_sha256, document_url, document_name,
    page, row, bbox, exporter_country_raw, destination_country_raw, verbatim
FROM core.transfers
WHERE is_current;

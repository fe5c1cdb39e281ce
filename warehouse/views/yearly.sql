-- Sums within one stage, currency, basis and unit. A threshold is a floor in law, not an amount: never summed.
CREATE VIEW out.yearly AS
SELECT source_id, stage, year, exporter_country, destination_country, weapon_class, currency, value_basis,
    quantity_unit, count(*) AS row_count, sum(licence_count)::BIGINT AS licence_count,
    sum(quantity)::DECIMAL(38, 6) AS quantity,
    (sum(value) FILTER (value_basis IS DISTINCT FROM 'threshold_minimum'))::DECIMAL(38, 6) AS value
FROM out.transfers
GROUP BY ALL;

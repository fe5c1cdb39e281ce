-- Value of arms to Mexico by source, stage, currency, basis, year, class and exporter; nothing is added across these.
SELECT source_id, stage, currency, coalesce(value_basis, 'unknown') AS value_basis, year, weapon_class,
    exporter_country, sum(value)::DOUBLE AS value
FROM out.yearly
WHERE destination_country = 'MX' AND stage IN ('licensed', 'shipped', 'received') AND weapon_class <> 'not_firearms'
    AND value > 0 AND currency IS NOT NULL AND year IS NOT NULL AND exporter_country IS NOT NULL
GROUP BY ALL ORDER BY ALL

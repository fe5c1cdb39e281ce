-- title: Licensed beside shipped
-- question: Per exporter, year and class: how much was licensed for Mexico, and how much was shipped?
-- not: The two are never added, and the difference is no leak: a licence runs for years, a ceiling need not be
--   used, and many countries report no shipments. An empty cell is no zero. Sources stand apart.
SELECT exporter_country, source_id, year, weapon_class, currency,
    sum(value) FILTER (stage = 'licensed') AS licensed_value,
    sum(value) FILTER (stage = 'shipped') AS shipped_value,
    licensed_value - shipped_value AS licensed_less_shipped,
    list(DISTINCT value_basis ORDER BY value_basis) AS value_bases
FROM out.yearly
WHERE destination_country = 'MX' AND stage IN ('licensed', 'shipped') AND currency IS NOT NULL
GROUP BY exporter_country, source_id, year, weapon_class, currency
HAVING licensed_value IS NOT NULL OR shipped_value IS NOT NULL
ORDER BY exporter_country, source_id, year, weapon_class, currency

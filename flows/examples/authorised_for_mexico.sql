-- title: What a country authorised for Mexico
-- question: What did the exporter authorise per year and class of goods, in its own currency and basis?
-- not: Licences are ceilings that may never be used. Currencies, bases and stages stand apart and are not added.
-- set: exporter = GB (ISO 3166-1 alpha-2)
SELECT exporter_country, source_id, stage, year, weapon_class, row_count, licence_count, quantity, quantity_unit,
    value, currency, value_basis
FROM out.yearly
WHERE destination_country = 'MX' AND stage IN ('notified', 'licensed', 'refused', 'returned', 'revoked')
    AND exporter_country = coalesce(getvariable('exporter'), 'GB')
ORDER BY year, stage, weapon_class, source_id, currency, value_basis, quantity_unit

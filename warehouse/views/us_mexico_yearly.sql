-- What the United States intended, allowed and shipped to Mexico, side by side; no column adds up two stages, and
-- no two columns may be added. A figure stands in the fiscal year (October to September) or calendar year that
-- holds its whole period: monthly and dated figures stand in both, a fiscal year's figure only in its own.
CREATE VIEW out.us_mexico_yearly AS
WITH fact AS (
    SELECT *, coalesce(event_date, period_start) AS first_day, coalesce(event_date, period_end) AS last_day
    FROM core.transfers
    WHERE is_current AND exporter_country = 'US' AND destination_country = 'MX' AND stage <> 'trained'
),
placed AS (
    SELECT 'fiscal' AS year_kind, year(first_day + INTERVAL 3 MONTH) AS year, * FROM fact
    WHERE year(first_day + INTERVAL 3 MONTH) = year(last_day + INTERVAL 3 MONTH)
    UNION ALL
    SELECT 'calendar', year(first_day), * FROM fact WHERE year(first_day) = year(last_day)
),
summed AS (
    SELECT year_kind, year::INTEGER AS year, weapon_class,
        count(DISTINCT coalesce(licence_key, transfer_id)) FILTER (stage = 'notified' AND source_id <> 'us_dsca_notices')
            AS notified_licence_count,
        count(DISTINCT coalesce(licence_key, transfer_id)) FILTER (source_id = 'us_dsca_notices')
            AS notified_case_count,
        sum(value) FILTER (stage = 'licensed' AND currency = 'USD' AND control_list IS DISTINCT FROM 'ECCN')
            AS licensed_by_state_usd,
        sum(value) FILTER (stage = 'licensed' AND currency = 'USD' AND control_list = 'ECCN')
            AS licensed_by_commerce_usd,
        sum(licence_count) FILTER (stage = 'licensed' AND control_list = 'ECCN')::BIGINT
            AS licensed_by_commerce_count,
        sum(value) FILTER (stage = 'shipped' AND value_basis = 'shipped_reported' AND currency = 'USD')
            AS shipped_reported_usd,
        sum(value) FILTER (stage = 'shipped' AND value_basis = 'customs_fas' AND currency = 'USD')
            AS shipped_customs_usd,
        sum(quantity) FILTER (source_id = 'us_census_exports' AND quantity_unit = 'NO') AS shipped_customs_pieces,
        count(DISTINCT (first_day, last_day)) FILTER (source_id = 'us_census_exports') AS customs_period_count,
        list_sort(list(DISTINCT source_id)) AS source_ids
    FROM placed GROUP BY ALL
)
SELECT s.year_kind, s.year, s.weapon_class,
    CASE s.year_kind WHEN 'fiscal' THEN make_date(s.year - 1, 10, 1) ELSE make_date(s.year, 1, 1) END AS year_start,
    CASE s.year_kind WHEN 'fiscal' THEN make_date(s.year, 9, 30) ELSE make_date(s.year, 12, 31) END AS year_end,
    s.notified_licence_count, s.notified_case_count,
    s.licensed_by_state_usd::DECIMAL(38, 6) AS licensed_by_state_usd,
    s.licensed_by_commerce_usd::DECIMAL(38, 6) AS licensed_by_commerce_usd, s.licensed_by_commerce_count,
    s.shipped_reported_usd::DECIMAL(38, 6) AS shipped_reported_usd,
    s.shipped_customs_usd::DECIMAL(38, 6) AS shipped_customs_usd,
    s.shipped_customs_pieces::DECIMAL(38, 6) AS shipped_customs_pieces, s.customs_period_count, s.source_ids,
    coalesce((
        SELECT list(b.break_date || ': ' || b.what || CASE WHEN b.is_from_memory THEN ' (from memory)' ELSE '' END
            ORDER BY b.break_date, b.break_id)
        FROM core.structural_breaks b
        WHERE b.break_date BETWEEN year_start AND year_end
            AND len(list_filter(b.source_ids, lambda i: i LIKE 'us_%')) > 0
    ), []) AS structural_breaks
FROM summed s;

-- title: Share of undisclosed end users
-- question: Per exporter and year: of the rows on arms to Mexico, how many state who will use them?
-- not: Rows are counted, not arms or money: one row may be a pistol or a year. Statistics never name end users,
--   so compare within one source.
SELECT t.exporter_country, t.source_id, t.stage, t.year, count(*) AS row_count,
    count(*) FILTER (e.end_user_state IN ('intermediary_only', 'collective', 'not_stated')) AS undisclosed_count,
    round(100.0 * undisclosed_count / row_count, 1) AS undisclosed_percent
FROM out.transfers t
JOIN core.end_users e ON e.transfer_id = t.transfer_id
WHERE t.destination_country = 'MX' AND t.stage <> 'trained' AND t.weapon_class <> 'not_firearms'
GROUP BY t.exporter_country, t.source_id, t.stage, t.year
ORDER BY t.exporter_country, t.source_id, t.stage, t.year

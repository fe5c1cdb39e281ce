-- Open flags by unit, day and severity.
SELECT coalesce(unit_name, 'no unit named') AS unit_name, severity,
    coalesce(event_date, period_end) AS date, count(*) AS flag_count
FROM out.flags
WHERE status = 'open' AND coalesce(event_date, period_end) IS NOT NULL
GROUP BY ALL ORDER BY ALL

-- Expected reports by source: how many arrived, are late, are not yet due; the oldest and the newest late one.
SELECT source_id, source_title, count(*) FILTER (is_arrived) AS arrived_count, count(*) FILTER (is_late) AS late_count,
    count(*) FILTER (NOT is_arrived AND NOT is_late) AS not_due_count,
    min(period) FILTER (is_late) AS first_late, max(period) FILTER (is_late) AS last_late
FROM out.coverage
GROUP BY ALL ORDER BY late_count DESC, source_id

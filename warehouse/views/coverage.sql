-- Expected periods up to today, and whether a document covers each. Irregular and daily reports have none.
CREATE VIEW out.coverage AS
WITH step AS (
    SELECT *, CASE frequency
        WHEN 'monthly' THEN INTERVAL 1 MONTH WHEN 'quarterly' THEN INTERVAL 3 MONTH
        WHEN 'half_yearly' THEN INTERVAL 6 MONTH WHEN 'yearly' THEN INTERVAL 1 YEAR END AS step
    FROM meta.sources WHERE frequency NOT IN ('irregular', 'daily')
),
periods AS (
    SELECT source_id, title, frequency, expected_lag_days, step,
        unnest(generate_series(coverage_start::TIMESTAMP, current_date::TIMESTAMP - step, step))::DATE AS period_start
    FROM step
),
bounded AS (
    SELECT *, (period_start + step - INTERVAL 1 DAY)::DATE AS period_end,
        (period_start + step - INTERVAL 1 DAY + to_days(expected_lag_days))::DATE AS due_on
    FROM periods
),
arrived AS (
    SELECT b.source_id, b.period_start, min(d.archived_at) AS first_arrived_at
    FROM bounded b
    JOIN core.documents d ON d.source_id = b.source_id AND NOT d.is_refused
        AND d.period_start <= b.period_end AND d.period_end >= b.period_start
    GROUP BY ALL
)
SELECT b.source_id, b.title AS source_title, b.frequency,
    CASE frequency WHEN 'yearly' THEN strftime(b.period_end, '%Y')
        WHEN 'quarterly' THEN strftime(b.period_start, '%Y') || '-Q' || quarter(b.period_start)
        WHEN 'half_yearly' THEN strftime(b.period_start, '%Y') || '-H' || ((month(b.period_start) + 5) // 6)
        ELSE strftime(b.period_start, '%Y-%m') END AS period,
    b.period_start, b.period_end, b.due_on,
    a.first_arrived_at IS NOT NULL AS is_arrived, a.first_arrived_at,
    a.first_arrived_at IS NULL AND b.due_on < current_date AS is_late,
    CASE WHEN a.first_arrived_at IS NULL THEN greatest(current_date - b.due_on, 0) ELSE 0 END::INTEGER AS late_days
FROM bounded b
LEFT JOIN arrived a ON a.source_id = b.source_id AND a.period_start = b.period_start;

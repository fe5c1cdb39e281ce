-- Sources whose yearly figures run from October, as US fiscal years do.
SELECT source_id FROM out.transfers
WHERE period_start IS NOT NULL AND period_end - period_start > 300
GROUP BY source_id HAVING mode(month(period_start)) = 10
ORDER BY source_id

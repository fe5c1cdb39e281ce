-- Years of a source that an independent compilation also gives, both sums side by side.
-- Bundled samples are excerpts, so they prove nothing here.
SELECT c.source_id, c.stage, c.destination_country, c.year, c.value, sum(t.value) AS ours, c.currency, c.citation
FROM core.control_totals c
JOIN core.transfers t ON t.source_id = c.source_id AND t.stage = c.stage AND t.is_current
    AND t.destination_country = c.destination_country AND year(t.period_end) = c.year AND t.currency = c.currency
JOIN core.documents d ON d.source_id = t.source_id AND d.document_sha256 = t.document_sha256
WHERE d.run_id <> 'sample'
GROUP BY ALL ORDER BY ALL

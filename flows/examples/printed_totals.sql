-- title: Printed sums beside our own
-- question: Which sums that a publisher printed do its rows not reproduce, or have no rows behind them?
-- not: A difference is most often a row that the report leaves out or that we rejected; see the explanation.
SELECT t.source_id, t.report_id, t.stage, t.measure, t.scope, t.unit, t.printed, t.computed,
    t.computed - t.printed AS difference,
    CASE WHEN t.agrees IS NULL THEN 'nothing to compare' ELSE 'differs' END AS outcome,
    t.explanation, t.document_sha256, t.page, t.row, t.raw_text
FROM meta.totals t
JOIN core.documents d ON d.source_id = t.source_id AND d.document_sha256 = t.document_sha256
WHERE t.agrees IS NOT TRUE AND d.is_current
ORDER BY outcome, abs(difference) DESC NULLS LAST, t.source_id, t.document_sha256, t.page, t.row, t.measure, t.stage

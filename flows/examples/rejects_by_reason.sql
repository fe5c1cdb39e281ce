-- title: What could not be read
-- question: Which rows were rejected, and why? Figures in letters and digits are drawn together.
-- not: A rejected row is not a wrong row: we could not read it strictly and say so instead of guessing.
SELECT source_id, regexp_replace(regexp_replace(reason, '''[^'']*''', '''…''', 'g'), '\d+', '0', 'g') AS kind_of_reason,
    count(*) AS row_count, count(DISTINCT document_sha256) AS document_count, min(reason) AS example,
    min(raw_text) AS example_row
FROM meta.rejects
GROUP BY source_id, kind_of_reason
ORDER BY row_count DESC, source_id, kind_of_reason

SELECT source_id, document_name, document_sha256,
    count(*) FILTER (agrees) AS proven, count(*) FILTER (NOT agrees) AS differing,
    count(*) FILTER (agrees IS NULL) AS alone,
    min_by(printf('row %s: printed %s, rows give %s', concat_ws('/', t.page, t.row), printed::VARCHAR,
        computed::VARCHAR), (t.page, t.row)) FILTER (NOT agrees) AS first_difference
FROM meta.totals t JOIN core.documents d USING (source_id, document_sha256)
WHERE d.is_current GROUP BY ALL ORDER BY ALL

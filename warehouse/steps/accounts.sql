-- How every row of every document was accounted for; rejects, printed totals and ignored rows.
-- In: arrivals, accounts (one row a document), rejects, totals, ignored.
INSERT INTO meta.documents BY NAME SELECT * FROM accounts ORDER BY source_id, document_sha256;

INSERT INTO meta.rejects BY NAME
SELECT d.source_id, d.document_sha256, d.report_id, r.page, r.row, r.raw_text, r.reason
FROM rejects r JOIN core.documents d USING (source_id, document_sha256)
ORDER BY ALL;

INSERT INTO meta.totals BY NAME
SELECT d.source_id, d.document_sha256, d.report_id, t.* EXCLUDE (source_id, document_sha256)
FROM totals t JOIN core.documents d USING (source_id, document_sha256)
ORDER BY source_id, document_sha256, page, row, measure, stage;

INSERT INTO meta.ignored BY NAME SELECT * FROM ignored ORDER BY source_id, document_sha256, rule;

SELECT count(*) AS documents, sum(records_count) AS records, sum(reject_rows_count) AS rejects FROM meta.documents

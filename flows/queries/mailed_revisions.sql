SELECT r.*, d.document_url FROM out.revisions r
LEFT JOIN out.documents d ON d.source_id = r.source_id AND d.document_sha256 = r.new_document_sha256
ORDER BY r.report_id, r.transfer_id, r.new_document_sha256, r.field

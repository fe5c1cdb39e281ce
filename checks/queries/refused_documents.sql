SELECT source_id, document_sha256, document_name, refused_reason
FROM core.documents WHERE is_refused ORDER BY ALL

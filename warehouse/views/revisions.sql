-- The figures that changed, with the fact they belong to.
CREATE VIEW out.revisions AS
SELECT r.source_id, s.title AS source_title, s.publisher, r.report_id, r.transfer_id,
    r.stage, r.exporter_country, r.destination_country, r.control_code, r.year,
    r.change, r.field, r.old_value, r.new_value, r.old_document_sha256, r.new_document_sha256, r.revised_at
FROM meta.revisions r
JOIN meta.sources s ON s.source_id = r.source_id;

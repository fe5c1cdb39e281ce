-- title: Figures that changed
-- question: Which figures differ between two documents of one report, from what to what?
-- not: A revision can be a correction, a late licence or a withdrawal; the publisher seldom says which.
SELECT revised_at, publisher, report_id, stage, exporter_country, destination_country, year, change, field,
    old_value, new_value, source_id, old_document_sha256, new_document_sha256, transfer_id
FROM out.revisions
ORDER BY revised_at DESC, report_id, transfer_id, field

-- The figures that changed, with the fact they belong to.
CREATE VIEW out.revisions AS
WITH fact AS (
    SELECT * FROM core.transfers WHERE transfer_id IN (SELECT transfer_id FROM meta.revisions)
    QUALIFY row_number() OVER (PARTITION BY transfer_id ORDER BY is_current DESC, first_seen_at DESC, report_id) = 1
)
SELECT r.source_id, s.title AS source_title, s.publisher, r.report_id, r.transfer_id,
    t.stage, t.exporter_country, t.destination_country, t.control_code,
    year(coalesce(t.period_end, t.event_date))::INTEGER AS year,
    r.change, r.field, r.old_value, r.new_value, r.old_document_sha256, r.new_document_sha256, r.revised_at
FROM meta.revisions r
JOIN meta.sources s ON s.source_id = r.source_id
JOIN fact t ON t.transfer_id = r.transfer_id;

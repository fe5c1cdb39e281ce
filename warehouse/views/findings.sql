CREATE VIEW out.findings AS
SELECT f.finding_id, f.unit_id, u.unit_name, f.category, f.event, f.finding_event_date, f.finding_date, f.place,
    f.body, f.canonical_number, f.status, f.confidence, f.attribution, f.source_url, f.source_title,
    f.is_from_memory, f.is_on_record, f.notes
FROM core.unit_findings f JOIN core.units u ON u.unit_id = f.unit_id;

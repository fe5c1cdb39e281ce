SELECT revised_at, source_id, report_id, transfer_id, exporter_country, destination_country, year, change, field,
    old_value, new_value
FROM out.revisions WHERE $since IS NULL OR revised_at >= $since::DATE
ORDER BY revised_at DESC, report_id, transfer_id, field

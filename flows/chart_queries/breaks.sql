-- Breaks of the series drawn.
SELECT break_id, break_date, source_ids, what, is_from_memory FROM core.structural_breaks ORDER BY break_date, break_id

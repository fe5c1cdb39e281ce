SELECT year, period_start, period_end, item_description, quantity, value, currency, end_user_raw, document_name, page,
    transfer_id, document_url
FROM out.unit_training WHERE unit_id = ? ORDER BY period_start DESC, transfer_id, matched_text

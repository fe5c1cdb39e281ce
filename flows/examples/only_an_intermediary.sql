-- title: End users left open
-- question: Which arms to Mexico name only a body that buys for others, a collective wording, or nobody?
-- not: An open end user is a gap in the report, not a wrong by anyone. The licensing authority may know more.
SELECT e.end_user_state, e.intermediary_unit_id, t.stage, coalesce(t.event_date, t.period_end) AS date,
    t.exporter_country, t.licence_ref, t.weapon_class, t.item_description, t.value, t.currency, t.value_basis,
    t.end_user_raw, t.intermediary_raw, t.consignee_raw, t.source_id, t.document_sha256, t.page, t.row, t.transfer_id
FROM core.end_users e
JOIN out.transfers t ON t.transfer_id = e.transfer_id
WHERE e.end_user_state IN ('intermediary_only', 'collective', 'not_stated') AND t.destination_country = 'MX' AND t.stage <> 'trained'
    AND t.weapon_class <> 'not_firearms'
ORDER BY e.end_user_state, date DESC, t.transfer_id

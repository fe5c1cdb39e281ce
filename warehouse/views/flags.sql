-- A flag with everything that a person needs to judge it: the fact, the words, the unit, the place.
-- A flag whose row is read no more keeps its own words; the columns of the fact are then empty.
CREATE VIEW out.flags AS
WITH fact AS (  -- the version of the transfer that raised the flag: current, else the newest
    SELECT * FROM core.flagged_transfers
    QUALIFY row_number() OVER (PARTITION BY transfer_id ORDER BY is_current DESC, first_seen_at DESC, report_id) = 1
),
words AS (  -- the surest recognition of the unit in the transfer
    SELECT * FROM core.unit_matches
    QUALIFY row_number() OVER (PARTITION BY transfer_id, unit_id
        ORDER BY is_current DESC, band, score DESC, role, span_start) = 1
),
trained AS (
    SELECT unit_id, count(*) AS training_count FROM out.unit_training GROUP BY ALL
),
noted AS (
    SELECT * FROM core.flag_acknowledgements
    QUALIFY row_number() OVER (PARTITION BY flag_id ORDER BY acknowledged_at DESC, acknowledged_note) = 1
)
SELECT f.flag_id, f.rule_id, f.rule_title, f.severity, f.status, f.reason, f.evidence, f.transfer_id,
    f.unit_id, u.unit_name, u.unit_name_en, u.level, u.state_iso, u.is_from_memory, f.relation, u.finding_count,
    CASE WHEN u.unit_id IS NOT NULL THEN coalesce(r.training_count, 0) END AS training_count, e.end_user_state,
    t.source_id, s.title AS source_title, s.publisher, t.report_id, t.licence_ref, t.licence_ref_raw,
    t.stage, t.event_date, t.period_start, t.period_end, t.exporter_name, t.exporter_country,
    t.destination_country, t.item_description, t.weapon_class, t.quantity, t.quantity_unit,
    t.value, t.currency, t.value_basis, t.consignee_raw, t.intermediary_raw, t.end_user_raw,
    m.role, m.party_raw, m.matched_text, m.span_start, m.span_end, m.alias, m.match_rule, m.score, m.band,
    d.document_url, d.document_name, t.document_sha256, t.page, t.row, f.subject_key, f.transfer_ids,
    f.first_seen_at, f.first_run_id, f.closed_at, f.closed_reason,
    n.acknowledged_at, n.acknowledged_by, n.acknowledged_note
FROM core.flags f
LEFT JOIN fact t ON t.transfer_id = f.transfer_id
LEFT JOIN meta.sources s ON s.source_id = t.source_id
LEFT JOIN core.documents d ON d.source_id = t.source_id AND d.document_sha256 = t.document_sha256
LEFT JOIN out.units u ON u.unit_id = f.unit_id
LEFT JOIN words m ON m.transfer_id = f.transfer_id AND m.unit_id = f.unit_id
LEFT JOIN core.end_users e ON e.transfer_id = f.transfer_id
LEFT JOIN trained r ON r.unit_id = f.unit_id
LEFT JOIN noted n ON n.flag_id = f.flag_id;

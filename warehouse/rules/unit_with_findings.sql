-- id: unit_with_findings
-- title: The unit named has findings on record
-- severity: high
-- reason: {unit_name} is named as {role} in {licence}; findings about it are on record.
SELECT m.transfer_id, m.unit_id, 'direct' AS relation,
    replace(m.role, '_', ' ') || ': ' || m.party_raw || ' [on record: '
        || (SELECT string_agg(told, ', ' ORDER BY told) FROM (
            SELECT count(*) || ' ' || replace(f.status, '_', ' ') AS told FROM core.unit_findings f
            WHERE f.unit_id = m.unit_id AND f.is_on_record GROUP BY f.status)) || ']' AS evidence
FROM matches m
WHERE m.band = 'match' AND m.may_carry_flag AND m.destination_country = 'MX' AND m.stage <> 'trained'
    -- about the unit itself, with a source that was seen, not taken back; see the catalog
    AND EXISTS (FROM core.unit_findings f WHERE f.unit_id = m.unit_id AND f.is_on_record);

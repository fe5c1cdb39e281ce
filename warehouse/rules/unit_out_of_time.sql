-- id: unit_out_of_time
-- title: The unit named did not exist at the date
-- severity: medium
-- reason: {unit_name} is named as {role} in {licence}, but by its dates on record it did not exist then.
SELECT m.transfer_id, m.unit_id, 'direct' AS relation,
    concat_ws(' ', replace(m.role, '_', ' ') || ':', m.party_raw, '[existed', coalesce(u.active_from, '?'), 'to',
        coalesce(u.active_to, 'today') || ',', 'successor:', (
            SELECT string_agg(r.relative_unit_id, ', ' ORDER BY r.relative_unit_id) FROM core.unit_relatives r
            WHERE r.unit_id = m.unit_id AND r.relation = 'successor')) || ']' AS evidence
FROM matches m JOIN core.units u ON u.unit_id = m.unit_id
WHERE m.band = 'match' AND m.is_out_of_time AND m.may_carry_flag AND m.destination_country = 'MX'
    AND m.stage <> 'trained';

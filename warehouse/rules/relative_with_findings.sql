-- id: relative_with_findings
-- title: A relative of the unit named has findings on record ({relation})
-- severity: medium
-- reason: {unit_name} is named as {role} in {licence}; findings are on record about its {relation}, not about the unit named.
SELECT m.transfer_id, m.unit_id, r.relation,
    r.relation || ': ' || u.unit_name || ' (' || r.relative_unit_id || ')' AS evidence
FROM matches m
JOIN core.unit_relatives r ON r.unit_id = m.unit_id
JOIN core.units u ON u.unit_id = r.relative_unit_id
WHERE m.band = 'match' AND m.may_carry_flag AND m.destination_country = 'MX' AND m.stage <> 'trained'
    AND u.may_carry_flag
    -- a parent of another time is none at the date; without a date every relation may hold
    AND (m.day IS NULL OR m.day BETWEEN coalesce(r.certain_from, m.day) AND coalesce(r.certain_to, m.day))
    AND EXISTS (FROM core.unit_findings f WHERE f.unit_id = r.relative_unit_id AND f.is_on_record);

-- id: possible_unit
-- title: The text may name a Mexican security unit
-- severity: review
-- reason: The {role} in {licence} may be {unit_name}: a person must look.
-- A unit that is sure by its words is for review too where the report states no destination: it is not lost.
SELECT m.transfer_id, m.unit_id, 'none' AS relation,
    concat_ws(' ', replace(m.role, '_', ' ') || ':', m.party_raw, '[' || array_to_string(r.doubts, '; ') || ']',
        CASE WHEN m.destination_country IS NULL THEN '[destination not stated]' END) AS evidence
FROM matches m
LEFT JOIN readings r ON r.transfer_id = m.transfer_id AND r.party_raw = m.party_raw AND len(r.doubts) > 0
WHERE (m.band = 'review' OR m.destination_country IS NULL) AND m.may_carry_flag AND m.stage <> 'trained'
    AND NOT EXISTS (FROM matches n WHERE n.transfer_id = m.transfer_id AND n.unit_id = m.unit_id
        AND n.band = 'match' AND n.destination_country = 'MX');

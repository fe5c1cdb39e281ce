-- id: unit_named
-- title: A Mexican security unit is named
-- severity: medium
-- reason: {unit_name} is named as {role} in {licence}.
SELECT m.transfer_id, m.unit_id, 'direct' AS relation,
    m.role || ': ' || m.party_raw AS evidence
FROM matches m
JOIN core.units u ON u.unit_id = m.unit_id
JOIN transfers t ON t.transfer_id = m.transfer_id
WHERE m.band = 'match' AND u.may_carry_flag AND t.destination_country = 'MX' AND t.stage <> 'trained';

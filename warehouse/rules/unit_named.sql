-- id: unit_named
-- title: A Mexican security unit is named
-- severity: medium
-- reason: {unit_name} is named as {role} in {licence}.
SELECT m.transfer_id, m.unit_id, 'direct' AS relation,
    replace(m.role, '_', ' ') || ': ' || m.party_raw AS evidence
FROM matches m
WHERE m.band = 'match' AND m.may_carry_flag AND m.destination_country = 'MX' AND m.stage <> 'trained';

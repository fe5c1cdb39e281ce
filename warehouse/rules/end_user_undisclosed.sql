-- id: end_user_undisclosed
-- title: The ultimate end user is not stated
-- severity: medium
-- reason: {licence} names no ultimate end user, only a body that buys for others or a collective wording.
SELECT e.transfer_id, e.intermediary_unit_id AS unit_id,
    CASE WHEN e.end_user_state = 'intermediary_only' THEN 'intermediary' ELSE 'none' END AS relation,
    coalesce('end user: ' || t.end_user_raw, 'intermediary: ' || t.intermediary_raw,
        'consignee: ' || t.consignee_raw) AS evidence
FROM end_users e
JOIN transfers t ON t.transfer_id = e.transfer_id
LEFT JOIN core.units u ON u.unit_id = e.intermediary_unit_id
WHERE e.end_user_state IN ('intermediary_only', 'collective')
    AND t.destination_country = 'MX' AND t.stage <> 'trained' AND u.may_carry_flag IS DISTINCT FROM FALSE;

-- id: unattributed_firearms
-- title: Firearms or ammunition to Mexico, no end user in the report
-- severity: low
-- reason: {licence} covers firearms, their parts or ammunition to Mexico; the report names no end user.
SELECT t.transfer_id, NULL AS unit_id, 'none' AS relation,
    coalesce(t.item_description, t.control_code, t.weapon_class) AS evidence
FROM transfers t
JOIN end_users e ON e.transfer_id = t.transfer_id AND e.end_user_state = 'not_stated'
WHERE t.destination_country = 'MX'
    -- a unit that is named in another role raises flags of its own
    AND NOT EXISTS (FROM matches m WHERE m.transfer_id = t.transfer_id AND m.may_carry_flag)
    AND t.stage NOT IN ('trained', 'refused', 'returned', 'revoked')
    AND t.weapon_class NOT IN ('not_firearms', 'unknown', 'optics', 'air_guns')
    -- a row with neither figure says that nothing was authorised or sent
    AND (coalesce(t.quantity, t.value, t.licence_count) IS NULL
        OR coalesce(t.quantity, 0) + coalesce(t.value, 0) + coalesce(t.licence_count, 0) > 0)
    -- another report of the same licence names the end user: then this flag is closed with that reason
    AND NOT EXISTS (FROM end_users_elsewhere o WHERE o.licence_key = t.licence_key);

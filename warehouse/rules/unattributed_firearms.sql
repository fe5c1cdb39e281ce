-- id: unattributed_firearms
-- title: Firearms or ammunition to Mexico, no end user in the report
-- severity: low
-- reason: {licence} covers firearms, their parts or ammunition to Mexico; the report names no end user.
SELECT t.transfer_id, NULL AS unit_id, 'none' AS relation,
    coalesce(t.item_description, t.control_code, t.weapon_class) AS evidence
FROM transfers t
WHERE t.destination_country = 'MX'
    AND t.end_user_raw IS NULL AND t.consignee_raw IS NULL AND t.intermediary_raw IS NULL
    AND t.stage NOT IN ('trained', 'refused', 'returned', 'revoked')
    AND t.weapon_class NOT IN ('not_firearms', 'unknown', 'optics', 'air_guns')
    -- a row with neither figure says that nothing was authorised or sent
    AND (coalesce(t.quantity, t.value, t.licence_count) IS NULL
        OR coalesce(t.quantity, 0) + coalesce(t.value, 0) + coalesce(t.licence_count, 0) > 0);

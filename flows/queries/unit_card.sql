SELECT u.*,
    (SELECT list(alias ORDER BY strength, alias) FROM core.unit_aliases a WHERE a.unit_id = u.unit_id) AS names,
    (SELECT list(concat_ws(' ', r.relation_kind, 'under', p.unit_name, '(' || p.unit_id || ')',
        'from ' || r.valid_from, 'to ' || r.valid_to) ORDER BY r.valid_from, p.unit_id)
        FROM core.unit_relations r JOIN core.units p ON p.unit_id = r.other_unit_id
        WHERE r.unit_id = u.unit_id AND r.relation = 'parent') AS parents,
    (SELECT list(p.unit_name || ' (' || p.unit_id || ')' ORDER BY p.unit_id)
        FROM core.unit_relatives r JOIN core.units p ON p.unit_id = r.relative_unit_id
        WHERE r.unit_id = u.unit_id AND r.relation = 'predecessor') AS predecessors,
    (SELECT list(p.unit_name || ' (' || p.unit_id || ')' ORDER BY p.unit_id)
        FROM core.unit_relatives r JOIN core.units p ON p.unit_id = r.relative_unit_id
        WHERE r.unit_id = u.unit_id AND r.relation = 'successor') AS successors
FROM out.units u WHERE u.unit_id = ?

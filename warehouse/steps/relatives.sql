-- Whose findings may be told beside a unit, and how it stands to that unit: what the registry says, both ways.
-- A body that only holds a collective licence for others passes nothing on. In: core.unit_relations.
INSERT INTO core.unit_relatives BY NAME
WITH told AS (
    SELECT unit_id, 'parent' AS relation, other_unit_id AS relative_unit_id, valid_from, valid_to
    FROM core.unit_relations WHERE relation = 'parent' AND relation_kind IS DISTINCT FROM 'collective_licence'
    UNION ALL
    SELECT other_unit_id, 'child', unit_id, valid_from, valid_to
    FROM core.unit_relations WHERE relation = 'parent' AND relation_kind IS DISTINCT FROM 'collective_licence'
    UNION ALL
    -- what was before and after a unit stays so at every date
    SELECT unit_id, 'successor', other_unit_id, NULL, NULL
    FROM core.unit_relations WHERE relation = 'successor'
    UNION ALL
    SELECT other_unit_id, 'predecessor', unit_id, NULL, NULL
    FROM core.unit_relations WHERE relation = 'successor'
)
SELECT unit_id, relation, relative_unit_id,
    -- a date with a question mark is approximate and excludes nothing
    CASE WHEN valid_from NOT LIKE '%?' THEN valid_from::DATE END AS certain_from,
    CASE WHEN valid_to NOT LIKE '%?' THEN valid_to::DATE END AS certain_to
FROM told ORDER BY ALL;

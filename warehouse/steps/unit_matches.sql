-- Units recognised in each party's text. In: read_parties, text_readings, text_units (answers by number of text).
INSERT INTO core.unit_matches BY NAME
WITH told AS (
    SELECT p.transfer_id,
        coalesce(u.said_role, CASE WHEN r.says_end_user AND p.role = 'end_user' THEN 'consignee' ELSE p.role END) AS role,
        p.party_raw, u.* EXCLUDE (text_no, said_role, began, ended),
        -- no day of the row lies within the unit's life
        coalesce(p.first_day > u.ended AND p.last_day IS NOT NULL, FALSE)
            OR coalesce(p.last_day < u.began AND p.first_day IS NOT NULL, FALSE) AS is_out_of_time,
        p.is_current, $registry_version AS registry_version,
        p.role AS party_role, p.destination_country, p.first_day, p.last_day
    FROM read_parties p
    JOIN text_readings r ON r.text_no = p.text_no
    JOIN text_units u ON u.text_no = p.text_no
)
SELECT * EXCLUDE (position, party_role, destination_country, first_day, last_day)
FROM told
QUALIFY row_number() OVER (PARTITION BY transfer_id, role, party_raw, unit_id, span_start
    ORDER BY is_current DESC, party_role, destination_country, first_day, last_day, position) = 1
ORDER BY transfer_id, role, party_raw, unit_id, span_start

-- Rows on arms to Mexico by stage, year and how far they state the end user.
SELECT t.stage, t.year, e.end_user_state, count(*) AS row_count
FROM out.transfers t JOIN core.end_users e ON e.transfer_id = t.transfer_id
WHERE t.destination_country = 'MX' AND t.stage <> 'trained' AND t.weapon_class <> 'not_firearms' AND t.year IS NOT NULL
GROUP BY ALL ORDER BY ALL

-- Every text of a party in a transfer to Mexico, or to a place not stated, with the days that it speaks of.
-- Versions of one transfer may say the same: the steps that read this take the current one.
WITH asked AS (
    SELECT *, coalesce(event_date, period_start) AS first_day,
        coalesce(event_date, period_end, period_start) AS last_day
    FROM core.transfers WHERE destination_country = 'MX' OR destination_country IS NULL
)
SELECT transfer_id, 'end_user' AS role, end_user_raw AS party_raw, destination_country, first_day, last_day, is_current
FROM asked WHERE end_user_raw IS NOT NULL
UNION ALL
SELECT transfer_id, 'consignee', consignee_raw, destination_country, first_day, last_day, is_current
FROM asked WHERE consignee_raw IS NOT NULL
UNION ALL
SELECT transfer_id, 'intermediary', intermediary_raw, destination_country, first_day, last_day, is_current
FROM asked WHERE intermediary_raw IS NOT NULL

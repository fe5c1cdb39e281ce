-- Licences whose end user some current report names, with when that was first known.
-- $OTHER_REPORTS$ says whether what other reports add is known at this moment.
CREATE OR REPLACE TEMP TABLE end_users_elsewhere AS
SELECT licence_key, min(first_seen_at) AS known_since FROM core.transfers
WHERE $OTHER_REPORTS$ AND is_current AND licence_key IS NOT NULL AND end_user_raw IS NOT NULL
GROUP BY licence_key

-- How each party's text was read. In: parties; asked_texts, asked_dates, text_readings (answers by number of text).
-- A day that has an answer of its own has that; every other day has the answer without a date.
CREATE OR REPLACE TEMP TABLE read_parties AS
SELECT p.*, coalesce(d.text_no, a.text_no) AS text_no, hash(p.transfer_id, p.role, p.party_raw) AS key_hash
FROM parties p
JOIN asked_texts a ON a.party_raw = p.party_raw AND a.destination_country IS NOT DISTINCT FROM p.destination_country
LEFT JOIN asked_dates d ON d.party_raw = p.party_raw AND d.first_day = p.first_day
    AND d.destination_country IS NOT DISTINCT FROM p.destination_country;

-- One row a key: versions of a transfer may give the same text, with the same days or with others. Most keys stand
-- once and need no comparing; two of one hash do no harm.
INSERT INTO core.party_readings BY NAME
WITH repeated AS (SELECT key_hash FROM read_parties GROUP BY key_hash HAVING count(*) > 1),
told AS (
    SELECT * FROM read_parties WHERE key_hash NOT IN (FROM repeated)
    UNION ALL
    SELECT * FROM read_parties WHERE key_hash IN (FROM repeated)
    QUALIFY row_number() OVER (PARTITION BY transfer_id, role, party_raw
        ORDER BY is_current DESC, destination_country, first_day, last_day) = 1
)
SELECT p.transfer_id, p.role, p.party_raw, r.reading_band, r.undisclosed_kinds, r.doubts, r.set_aside_unit_ids,
    p.is_current, $registry_version AS registry_version
FROM told p JOIN text_readings r ON r.text_no = p.text_no
ORDER BY p.transfer_id, p.role, p.party_raw

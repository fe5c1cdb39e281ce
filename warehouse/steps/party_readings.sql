-- How each party's text was read. In: parties; asked_texts, asked_dates, text_readings (answers by number of text).
-- A day that has an answer of its own has that; every other day has the answer without a date.
CREATE OR REPLACE TEMP TABLE read_parties AS
SELECT p.*, coalesce(d.text_no, a.text_no) AS text_no
FROM parties p
JOIN asked_texts a ON a.party_raw = p.party_raw AND a.destination_country IS NOT DISTINCT FROM p.destination_country
LEFT JOIN asked_dates d ON d.party_raw = p.party_raw AND d.first_day = p.first_day
    AND d.destination_country IS NOT DISTINCT FROM p.destination_country;

INSERT INTO core.party_readings BY NAME
SELECT p.transfer_id, p.role, p.party_raw, r.reading_band, r.undisclosed_kinds, r.doubts, r.set_aside_unit_ids,
    p.is_current, $registry_version AS registry_version
FROM read_parties p
JOIN text_readings r ON r.text_no = p.text_no
-- one row a key: versions of a transfer may give the same text with other days
QUALIFY row_number() OVER (PARTITION BY p.transfer_id, p.role, p.party_raw
    ORDER BY p.is_current DESC, p.destination_country, p.first_day, p.last_day) = 1
ORDER BY p.transfer_id, p.role, p.party_raw

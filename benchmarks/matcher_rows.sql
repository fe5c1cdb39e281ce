-- A million transfers to Mexico with 50,000 distinct end users, one in ten of them a name of the registry.
INSERT INTO core.transfers BY NAME
SELECT substr(md5(i::VARCHAR), 1, 24) AS transfer_id, 's' AS source_id, 's/1' AS report_id, 'd' AS document_sha256,
    '1' AS parser_version, 'licensed' AS stage, 'licence' AS grain, 'unknown' AS weapon_class, '{}' AS verbatim,
    'h' AS record_hash, now() AS first_seen_at, now() AS last_seen_at, TRUE AS is_current,
    'MX' AS destination_country, DATE '2005-01-01' + (i % 7000)::INTEGER AS event_date,
    CASE WHEN i % 50000 < 5000 THEN $names[1 + (i % 50000) % len($names)] || ', oficina ' || i % 50000
        ELSE 'Comercializadora ' || i % 50000 || ' del Norte, S.A. de C.V.' END AS end_user_raw
FROM range(1000000) r(i)

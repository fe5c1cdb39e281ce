-- The rows of one generated document. Every cell follows from (source, report, row); a later version of a report
-- restates one value in a hundred and leaves one row in a thousand out.
WITH row AS (
    SELECT i::INTEGER AS i, hash($source_id, $report, i) AS h, hash($source_id, $report, i, 'more') AS g,
        ($version > 1 AND i % 100 = $version) AS is_restated
    FROM range(1, $rows + 1) r(i)
    WHERE NOT ($version > 1 AND i % 1000 = $version)
),
placed AS (
    SELECT row.*, (h % 1000000) / 1e6 < mexico_share AS is_mexico, mexican_count, user_count,
        $exporters[1 + (h % len($exporters))::INT] AS exporter,
        list_extract(['US', 'CA', 'BR', 'CO', 'CL', 'PE', 'AR', 'GT', 'HN', 'SV', 'ES', 'FR', 'DE', 'IT', 'GB', 'PL', 'UA',
            'TR', 'IL', 'SA', 'AE', 'IN', 'PK', 'TH', 'PH', 'ID', 'MY', 'KR', 'JP', 'AU', 'NZ', 'ZA', 'KE', 'NG', 'GH',
            'MA', 'TN', 'EG', 'JO', 'LB'], 1 + (g % 40)::INT) AS elsewhere,
        list_extract(['pistols_revolvers', 'rifles_carbines', 'shotguns', 'ammunition', 'parts', 'optics', 'not_firearms',
            'other_arms'], 1 + (h // 64 % 8)::INT) AS class
    FROM row, constants
),
told AS (
    SELECT *, substr(sha256(concat_ws('|', $source_id, $report, i)), 1, 24) AS transfer_id,
        CASE WHEN is_mexico THEN 'MX' ELSE elsewhere END AS destination,
        CASE WHEN $has_licence THEN printf('%s%05d-%05d', left($source_id, 2), $report, i) END AS licence,
        CASE WHEN NOT $has_end_user THEN NULL
            WHEN is_mexico THEN (SELECT words FROM mexican WHERE n = g // 8 % mexican_count)
            ELSE printf('%s Battalion %d, %s Ministry of Defence, Unit %d', ['Infantry', 'Signal', 'Medical', 'Air'][1 + (g // 16 % 4)::INT],
                g // 8 % 97, elsewhere, g // 8 % user_count) END AS end_user,
        (h // 1000 % 900000 + CASE WHEN is_restated THEN $version * 7 ELSE 0 END)::DECIMAL(24, 6) AS amount,
        (h // 777 % 500 + 1)::DECIMAL(24, 6) AS pieces
    FROM placed
)
SELECT transfer_id, $source_id AS source_id, $report_id AS report_id, $sha256 AS document_sha256,
    NULL::INTEGER AS page, i AS "row", NULL::DOUBLE[] AS bbox, $parser_version AS parser_version,
    $stage AS stage, CASE WHEN $has_licence THEN 'licence' ELSE 'aggregate' END AS grain,
    licence AS licence_ref, licence AS licence_ref_raw, exporter AS exporter_country, exporter AS exporter_country_raw,
    destination AS destination_country, 'Country ' || destination AS destination_country_raw,
    CASE WHEN $has_licence THEN 'Exporter ' || h % 400 END AS exporter_name, NULL::VARCHAR AS consignee_raw,
    NULL::VARCHAR AS intermediary_raw, end_user AS end_user_raw,
    replace(class, '_', ' ') || ' of model ' || g % 3000 AS item_description,
    $control_list AS control_list, CASE WHEN $control_list IS NOT NULL THEN 'ML' || 1 + g % 22 END AS control_code,
    CASE WHEN $stage = 'trained' THEN 'not_firearms' ELSE class END AS weapon_class,
    pieces AS quantity, 'NO' AS quantity_unit, 1::BIGINT AS licence_count, amount AS value, $currency AS currency,
    $value_basis AS value_basis,
    CASE WHEN $has_licence THEN $start + (g % 28)::INTEGER END AS event_date,
    $start AS period_start, $end AS period_end, NULL::DATE AS published_on,
    json_object('row', i::VARCHAR, 'exporter', exporter, 'country', 'Country ' || destination, 'code', 'ML' || 1 + g % 22,
        'goods', class || ' of model ' || g % 3000, 'quantity', pieces::VARCHAR, 'value', amount::VARCHAR, 'user', end_user)::VARCHAR
        AS verbatim,
    substr(sha256(concat_ws('|', $source_id, destination, class, amount, pieces, end_user, licence)), 1, 24) AS record_hash
FROM told ORDER BY i

-- One row a licence that a publisher numbers: every public trace of it, across reports, side by side.
-- Dates and words come from what reports say now; sightings list every document, superseded ones too.
-- Most licences stand in one place and are said once: such a row is its own licence and its own only sighting. It
-- passes through without grouping or joining another large table, which over millions of them would take more
-- time and memory than a night has; what few licences have (repeated, amending, flagged) is made ready first.
CREATE VIEW out.licence_trail AS
WITH repeated AS (
    SELECT licence_key FROM core.sightings WHERE licence_key IS NOT NULL GROUP BY licence_key HAVING count(*) > 1
),
told AS (  -- the fullest row first: who names the end user, then the longer description, then the newer
    SELECT *, struct_pack(v := value, c := currency, b := value_basis) AS worth,
        row_number() OVER (PARTITION BY licence_key ORDER BY end_user_raw IS NULL,
            consignee_raw IS NULL, grain = 'item', length(item_description) DESC NULLS LAST,
            published_on DESC NULLS LAST, transfer_id) AS rank
    FROM core.transfers WHERE is_current AND licence_key IN (FROM repeated)
),
sighted AS (
    SELECT DISTINCT s.licence_key, struct_pack(source_id := s.source_id, report_id := s.report_id,
        stage := s.stage, event_date := s.event_date, published_on := s.published_on,
        document_name := d.document_name, document_url := d.document_url, document_sha256 := s.document_sha256,
        page := s.page, "row" := s.row, transfer_id := s.transfer_id) AS sighting
    FROM core.sightings s
    JOIN core.documents d ON d.source_id = s.source_id AND d.document_sha256 = s.document_sha256
    WHERE s.licence_key IN (FROM repeated)
),
places AS (  -- numbered, then listed by number: lists that sort themselves cost more for each licence
    SELECT licence_key, count(*) AS sighting_count, list_transform(
        list_sort(list(struct_pack(place := place, sighting := sighting))), lambda p: p.sighting) AS sightings
    FROM (
        SELECT *, row_number() OVER (PARTITION BY licence_key ORDER BY sighting.event_date, sighting.published_on,
            sighting.source_id, sighting.document_sha256, sighting."row", sighting.transfer_id, sighting.page) AS place
        FROM sighted
    ) GROUP BY licence_key
),
licence AS (
    SELECT t.licence_key, any_value(t.licence_ref) AS licence_ref,
        list_sort(list(DISTINCT licence_ref_raw) FILTER (licence_ref_raw IS NOT NULL)) AS licence_refs_raw,
        any_value(exporter_country) AS exporter_country,
        list_sort(list(DISTINCT destination_country) FILTER (destination_country IS NOT NULL)) AS destination_countries,
        first(exporter_name ORDER BY exporter_name IS NULL, rank) AS exporter_name,
        first(consignee_raw ORDER BY consignee_raw IS NULL, rank) AS consignee_raw,
        first(intermediary_raw ORDER BY intermediary_raw IS NULL, rank) AS intermediary_raw,
        first(end_user_raw ORDER BY end_user_raw IS NULL, rank) AS end_user_raw,
        list_sort(list(DISTINCT item_description) FILTER (item_description IS NOT NULL)) AS items,
        list_sort(list(DISTINCT weapon_class)) AS weapon_classes,
        list_sort(list(DISTINCT stage)) AS stages,
        first(worth ORDER BY worth.v IS NULL, rank) AS worth,
        min(event_date) FILTER (stage = 'notified') AS notified_on,
        min(published_on) FILTER (source_id IN ('us_ddtc_notices', 'us_dsca_notices')) AS in_register_on,
        min(event_date) FILTER (stage = 'licensed') AS licensed_on,
        any_value(p.sighting_count) AS sighting_count, any_value(p.sightings) AS sightings
    FROM told t JOIN places p ON p.licence_key = t.licence_key
    GROUP BY t.licence_key
    UNION ALL
    SELECT licence_key, licence_ref, CASE WHEN licence_ref_raw IS NOT NULL THEN [licence_ref_raw] END,
        exporter_country, CASE WHEN destination_country IS NOT NULL THEN [destination_country] END, exporter_name,
        consignee_raw, intermediary_raw, end_user_raw,
        CASE WHEN item_description IS NOT NULL THEN [item_description] END, [weapon_class], [stage],
        struct_pack(v := value, c := currency, b := value_basis),
        CASE WHEN stage = 'notified' THEN event_date END,
        CASE WHEN source_id IN ('us_ddtc_notices', 'us_dsca_notices') THEN published_on END,
        CASE WHEN stage = 'licensed' THEN event_date END,
        1, [struct_pack(source_id := source_id, report_id := report_id, stage := stage, event_date := event_date,
            published_on := published_on, document_name := document_name, document_url := document_url,
            document_sha256 := document_sha256, page := page, "row" := "row", transfer_id := transfer_id)]
    FROM core.transfers t
    WHERE is_current AND licence_key IS NOT NULL AND NOT EXISTS (FROM repeated r WHERE r.licence_key = t.licence_key)
),
amended AS (
    SELECT DISTINCT licence_key, upper(regexp_replace(
        unnest(string_split(nullif(verbatim->>'amends', ''), '; ')), '[^0-9A-Za-z]+', '-', 'g')) AS number
    FROM core.transfers
    WHERE is_current AND licence_key IS NOT NULL AND contains(verbatim::VARCHAR, '"amends"')
),
known_as AS (  -- where nothing is amended no number needs to be spelled plainly
    SELECT DISTINCT licence_key, upper(regexp_replace(number, '[^0-9A-Za-z]+', '-', 'g')) AS number
    FROM (
        SELECT licence_key, unnest([licence_ref, licence_ref_raw]) AS number FROM core.transfers
        WHERE is_current AND licence_key IS NOT NULL AND (SELECT count(*) FROM amended) > 0
    )
    WHERE number IS NOT NULL
        AND upper(regexp_replace(number, '[^0-9A-Za-z]+', '-', 'g')) IN (SELECT number FROM amended)
),
amends AS (
    SELECT l.licence_key, k.licence_key AS amended_key
    FROM amended l JOIN known_as k USING (number)
    WHERE l.licence_key <> k.licence_key GROUP BY ALL
),
flagged AS (
    SELECT t.licence_key, list_sort(list(DISTINCT f.flag_id)) AS flag_ids,
        count(DISTINCT f.flag_id) FILTER (f.status = 'open') AS open_flag_count
    FROM core.flags f JOIN core.flagged_transfers t ON t.transfer_id = f.transfer_id
    WHERE t.licence_key IS NOT NULL GROUP BY ALL
)
SELECT l.licence_key, l.licence_ref, l.licence_refs_raw, l.exporter_country, l.destination_countries, l.stages,
    l.notified_on, l.in_register_on, l.licensed_on,
    coalesce(a.keys, []) AS amends, coalesce(b.keys, []) AS amended_by,
    l.exporter_name, l.consignee_raw, l.intermediary_raw, l.end_user_raw, l.items, l.weapon_classes,
    l.worth.v AS value, l.worth.c AS currency, l.worth.b AS value_basis,
    coalesce(f.open_flag_count, 0) AS open_flag_count, coalesce(f.flag_ids, []) AS flag_ids,
    l.sighting_count, l.sightings
FROM licence l
LEFT JOIN (SELECT licence_key, list_sort(list(amended_key)) AS keys FROM amends GROUP BY ALL) a
    ON a.licence_key = l.licence_key
LEFT JOIN (SELECT amended_key, list_sort(list(licence_key)) AS keys FROM amends GROUP BY ALL) b
    ON b.amended_key = l.licence_key
LEFT JOIN flagged f ON f.licence_key = l.licence_key;

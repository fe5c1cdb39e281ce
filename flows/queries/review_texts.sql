-- Doubtful texts, once each, with the units that they may name and the flags that wait for an answer.
SELECT party_raw, destination_country, list_sort(list(DISTINCT role)) AS roles,
    list(DISTINCT struct_pack(unit_id := unit_id, unit_name := unit_name, matched_text := matched_text, alias := alias,
        score := score)) AS candidates,
    list_sort(list(DISTINCT coalesce(licence_ref, source_title))) AS licences, any_value(document_url) AS document_url,
    list_sort(list(DISTINCT flag_id)) AS flag_ids,
    any_value(evidence ORDER BY evidence) AS evidence
FROM out.flags WHERE rule_id = 'possible_unit' AND status = 'open' AND party_raw IS NOT NULL
GROUP BY party_raw, destination_country ORDER BY len(flag_ids) DESC, party_raw

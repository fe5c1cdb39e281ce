-- Flags: open where a current fact raises it, else closed with the reason. In: rule_answers, known_flags,
-- flagged (the versions of their facts).
-- One flag a rule, subject and unit. The subject is the licence at its stage, so that the House's, the Senate's
-- and the Register's sightings of one transmittal, and the items of one licence, raise one flag. Its id hashes
-- rule, the transfer that gave the cause first, and unit; a flag that was published keeps its id for its subject.
INSERT INTO core.flags BY NAME
WITH answers AS (
    SELECT *, coalesce(licence_key || ' ' || stage, transfer_id) AS subject_key FROM rule_answers
),
subjects AS (
    SELECT a.rule_id, a.subject_key, a.unit_id, min(a.moment) AS moment,
        any_value(a.rule_title) AS rule_title, any_value(a.severity) AS severity,
        any_value(a.template) AS template, any_value(a.licence_key) AS licence_key,
        arg_min(a.transfer_id, struct_pack(t := a.first_seen_at, g := a.is_item, s := a.source_id,
            i := a.transfer_id)) AS first_transfer_id,
        min(a.first_seen_at) AS first_seen_at, max(a.superseded_at) AS superseded_at,
        any_value(k.flag_id) AS known_flag_id, any_value(k.first_seen_at) AS known_since,
        any_value(k.first_run_id) AS known_run_id
    FROM answers a
    LEFT JOIN (
        SELECT * FROM known_flags
        QUALIFY row_number() OVER (PARTITION BY rule_id, subject_key, unit_id ORDER BY first_seen_at, flag_id) = 1
    ) k ON k.rule_id = a.rule_id AND k.subject_key = a.subject_key AND k.unit_id IS NOT DISTINCT FROM a.unit_id
    GROUP BY a.rule_id, a.subject_key, a.unit_id
),
told AS (  -- what the answers of the flag's best moment say: the first transfer to give the cause is shown
    SELECT s.*,
        arg_min(a.transfer_id, struct_pack(f := a.transfer_id <> s.first_transfer_id, t := a.first_seen_at,
            g := a.is_item, s := a.source_id, i := a.transfer_id)) AS transfer_id,
        list_sort(list(DISTINCT a.transfer_id)) AS transfer_ids,
        list_sort(list(DISTINCT list_position($relations, a.relation))) AS relation_places,
        list_sort(list(DISTINCT a.evidence) FILTER (a.evidence IS NOT NULL)) AS evidences
    FROM subjects s
    JOIN answers a ON a.rule_id = s.rule_id AND a.subject_key = s.subject_key
        AND a.unit_id IS NOT DISTINCT FROM s.unit_id AND a.moment = s.moment
    GROUP BY ALL
),
facts AS (
    SELECT transfer_id, bool_or(is_current) AS stands,
        arg_max(licence_ref, first_seen_at) AS licence_ref, any_value(source_id) AS source_id
    FROM flagged GROUP BY transfer_id
),
first_document AS (
    SELECT t.transfer_id, t.first_seen_at, arg_min(d.run_id, d.seq) AS run_id
    FROM flagged t
    JOIN core.documents d ON d.source_id = t.source_id AND d.report_id = t.report_id
        AND d.archived_at = t.first_seen_at
    GROUP BY ALL
),
named AS (
    SELECT transfer_id, unit_id,
        string_agg(DISTINCT replace(role, '_', ' '), ', ' ORDER BY replace(role, '_', ' ')) AS role
    FROM core.unit_matches GROUP BY ALL
),
worded AS (
    SELECT t.*, f.licence_ref, f.source_id, f.stands,
        list_transform(relation_places, lambda p: $relations[p]) AS relations,
        array_to_string(evidences[:5], '; ')
            || CASE WHEN len(evidences) > 5 THEN '; and ' || (len(evidences) - 5) || ' more' ELSE '' END AS evidence,
        array_to_string(list_transform(relation_places, lambda p: $relations[p]), ' and ') AS relation_words
    FROM told t JOIN facts f USING (transfer_id)
),
raised AS (
    SELECT coalesce(w.known_flag_id, substr(sha256(w.rule_id || chr(31) || w.first_transfer_id || chr(31)
            || coalesce(w.unit_id, '')), 1, 24)) AS flag_id,
        w.rule_id, replace(w.rule_title, '{relation}', w.relation_words) AS rule_title, w.severity, w.subject_key,
        w.transfer_id, CASE WHEN w.moment = 0 THEN w.transfer_ids ELSE [] END AS transfer_ids, w.unit_id,
        w.relations[1] AS relation, w.evidence,
        replace(replace(replace(replace(w.template,
            '{unit_name}', coalesce(u.unit_name, 'a unit')),
            '{role}', coalesce(n.role, 'a party')),
            '{licence}', coalesce(w.licence_ref, 'a row of ' || s.title)),
            '{relation}', w.relation_words) AS reason,
        CASE WHEN w.moment = 0 THEN 'open' ELSE 'closed' END AS status,
        coalesce(w.known_since, w.first_seen_at) AS first_seen_at,
        coalesce(w.known_run_id, d.run_id) AS first_run_id,
        CASE w.moment WHEN 0 THEN NULL WHEN 1 THEN greatest(e.known_since, w.first_seen_at)
            ELSE w.superseded_at END AS closed_at,
        CASE WHEN w.moment = 0 THEN NULL
            WHEN w.moment = 1 THEN 'Another report names the end user of this licence.'
            WHEN w.stands THEN 'The report was revised: its newest version no longer gives this cause.'
            ELSE 'The report was revised: its newest version no longer holds this row.' END AS closed_reason
    FROM worded w
    JOIN first_document d ON d.transfer_id = w.first_transfer_id AND d.first_seen_at = w.first_seen_at
    JOIN meta.sources s ON s.source_id = w.source_id
    LEFT JOIN core.units u ON u.unit_id = w.unit_id
    LEFT JOIN named n ON n.transfer_id = w.transfer_id AND n.unit_id = w.unit_id
    LEFT JOIN (
        SELECT licence_key, min(first_seen_at) AS known_since FROM core.transfers
        WHERE is_current AND end_user_raw IS NOT NULL
            AND licence_key IN (SELECT licence_key FROM rule_answers WHERE moment = 1)
        GROUP BY ALL
    ) e ON e.licence_key = w.licence_key
    -- a licence whose number was corrected has two subjects with one first transfer: what stands now wins
    QUALIFY row_number() OVER (PARTITION BY flag_id ORDER BY w.moment, w.subject_key) = 1
),
kept AS (  -- published once, given by nothing now: closed, never deleted
    SELECT k.flag_id, k.rule_id, k.rule_title, k.severity, k.subject_key, k.transfer_id,
        []::VARCHAR[] AS transfer_ids, k.unit_id, k.relation, k.evidence, k.reason, 'closed' AS status,
        k.first_seen_at, k.first_run_id,
        CASE WHEN k.status = 'closed' THEN k.closed_at
            ELSE greatest($causes_since, k.first_seen_at) END AS closed_at,
        CASE WHEN k.status = 'closed' THEN k.closed_reason
            WHEN f.transfer_id IS NULL
                THEN 'The program reads the report differently now: the row no longer stands in it.'
            WHEN k.rule_id = 'unit_with_findings' AND u.unit_id IS NOT NULL AND NOT EXISTS (
                FROM core.unit_findings g WHERE g.unit_id = k.unit_id AND g.is_on_record)
                THEN 'The registry holds no finding any more that counts for this unit.'
            WHEN u.may_carry_flag IS FALSE THEN 'The registry says now that this body carries no flag.'
            ELSE 'The registry of units, or the rule, no longer gives this cause.' END AS closed_reason
    FROM known_flags k
    LEFT JOIN facts f USING (transfer_id)
    LEFT JOIN core.units u ON u.unit_id = k.unit_id
    WHERE k.flag_id NOT IN (SELECT flag_id FROM raised)
)
FROM raised UNION ALL BY NAME FROM kept ORDER BY flag_id;

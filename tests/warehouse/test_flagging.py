"""Flags: which are raised on what, one a licence, how they close, and that none is ever lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from parsers.record import Grain, Stage, WeaponClass
from tests.warehouse.facts import CONGRESS, REGISTER, TRAINING, Reports, course, licence
from tests.workshop import ask, moment, registry
from warehouse.flag_memory import Acknowledgement
from warehouse.registry_tables import is_on_record

COLLECTIVE = "Mexican Navy, Ministries of Defense and Interior, Federal and State Police"
Flags = Callable[..., list[tuple[Any, ...]]]


def unit_like(wanted: Callable[[str], bool]) -> str:
    """The first unit of the registry that a test needs."""
    return next(unit_id for unit_id in sorted(registry().units) if wanted(unit_id))


def counts(unit_id: str) -> bool:
    return any(is_on_record(finding) for finding in registry().findings_of(unit_id))


def kin(unit_id: str) -> set[str]:
    """Ids of relatives in command and succession."""
    units = registry()
    found = [*units.parents(unit_id, kind="command"), *units.children(unit_id, kind="command")]
    return {unit.unit_id for unit in (*found, *units.successors(unit_id), *units.predecessors(unit_id))}


def under_a_licence_only(unit_id: str) -> bool:
    """A force without findings whose holder of the collective licence has some."""
    holders = registry().parents(unit_id, kind="collective_licence")
    return (
        not counts(unit_id)
        and any(map(counts, (h.unit_id for h in holders)))
        and not any(map(counts, kin(unit_id)))
    )


LICENSED_ONLY = unit_like(under_a_licence_only)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    reports = Reports(tmp_path_factory.mktemp("flags"))
    reports.says(
        CONGRESS, "house", moment(1), licence(1), licence(2, "Secretaría de Marina (SEMAR)"), licence(7)
    )
    reports.says(
        REGISTER, "notice", moment(2),
        licence(1, "Secretaría de Marina (SEMAR)"),
        licence(2, "Secretaria de Marina"),
        licence(3, "Secretaría de la Defensa Nacional (SEDENA)"),
        licence(4, "Government of Mexico"),
        licence(5, COLLECTIVE),
        licence(6, "Policía Federal", event_date=date(2022, 3, 1)),
        licence(8, "Instituto Nacional de Migración"),
        licence(9, "SEDENA for end use by Policía Estatal de Tamaulipas"),
        licence(10, registry().units[LICENSED_ONLY].name_es),
        licence(11, "Secretaría de Marina (SEMAR)", destination_country="GT"),
        licence(12, None, consignee_raw="DCAM, Secretaría de la Defensa Nacional"),
        licence(13, "Guardia Nacional de México", event_date=None, period_start=date(2018, 10, 1),
                period_end=date(2019, 9, 30)),
        licence(14, None, item_description="pistols", grain=Grain.ITEM),
        licence(14, None, item_description="rifles", grain=Grain.ITEM),
        licence(15, None, consignee_raw="Armería Ejemplo, S.A. de C.V."),
        licence(16, None, weapon_class=WeaponClass.NOT_FIREARMS),
        licence(17, "Secretaría de Marina (SEMAR)", stage=Stage.REFUSED),
        licence(18, "Policía Federal, Comisión Nacional de Seguridad; SEDENA", destination_country=None),
    )  # fmt: skip
    reports.says(TRAINING, "2018", moment(3), course("SEMAR", date(2018, 4, 1)))
    return reports.built_with()


@pytest.fixture(scope="module")
def flags(warehouse: Path) -> Flags:
    def on(number: int, columns: str = "rule_id, unit_id, status") -> list[tuple[Any, ...]]:
        return ask(
            warehouse,
            f"SELECT {columns} FROM out.flags WHERE licence_ref = ? ORDER BY rule_id, unit_id",
            f"DDTC 19-{number:03d}",
        )

    return on


def test_high_only_where_the_unit_itself_has_findings_and_says_which(flags: Flags) -> None:
    (high,) = [row for row in flags(2, "rule_id, severity, unit_id, relation, evidence") if row[1] == "high"]
    assert high[:4] == ("unit_with_findings", "high", "semar", "direct")
    assert "[on record: " in high[4] and " finding" in high[4]


def test_findings_about_a_head_from_memory_or_taken_back_do_not_count() -> None:
    finding = next(f for f in registry().findings if is_on_record(f))
    for change in (
        {"attribution": "commander"}, {"attribution": "institution"}, {"from_memory": True}, {"source_url": ""},
        {"status": "charges_withdrawn"}, {"status": "acquitted"},
    ):  # fmt: skip
        assert not is_on_record(replace(finding, **change)), change


def test_two_reports_of_one_transmittal_raise_one_flag_for_each_rule_and_unit(flags: Flags) -> None:
    rows = flags(2, "rule_id, unit_id, source_id, len(transfer_ids)")
    assert len(rows) == len({row[:2] for row in rows})
    assert {row[2:] for row in rows} == {(CONGRESS, 2)}  # the first trace is shown, both are behind it


def test_items_of_one_licence_raise_one_flag(flags: Flags) -> None:
    assert flags(14, "rule_id, evidence, len(transfer_ids)") == [
        ("unattributed_firearms", "pistols; rifles", 2)
    ]


def test_a_report_that_names_the_end_user_closes_the_flag_of_one_that_does_not(flags: Flags) -> None:
    rows = flags(1, "rule_id, status, closed_reason, closed_at, first_seen_at")
    (closed,) = [row for row in rows if row[0] == "unattributed_firearms"]
    assert closed[1:4] == ("closed", "Another report names the end user of this licence.", moment(2))
    assert {row[1] for row in rows if row is not closed} == {"open"}


def test_a_unit_in_a_report_that_states_no_destination_is_for_review_and_not_lost(flags: Flags) -> None:
    rows = flags(18, "rule_id, severity, unit_id, evidence")
    assert {row[:2] for row in rows} == {("possible_unit", "review")}
    assert {row[2] for row in rows} >= {"policia-federal", "sedena"}
    assert all("[destination not stated]" in row[3] for row in rows)


def test_a_licence_whose_end_user_nobody_names_stays_open(flags: Flags) -> None:
    assert flags(7) == [("unattributed_firearms", None, "open")]
    assert flags(15) == [("unattributed_firearms", None, "open")]  # a company is a consignee, no end user
    assert flags(16) == []  # no firearms


def test_sedena_as_end_user_is_not_stated_never_clear(flags: Flags) -> None:
    rows = flags(3, "rule_id, severity, unit_id, relation, end_user_state")
    assert ("end_user_undisclosed", "medium", "sedena", "intermediary", "intermediary_only") in rows
    assert ("unit_named", "medium", "sedena", "direct", "intermediary_only") in rows


def test_an_intermediary_as_only_consignee_is_undisclosed_too(flags: Flags) -> None:
    (row,) = [r for r in flags(12, "rule_id, unit_id, relation, role") if r[0] == "end_user_undisclosed"]
    assert row[1:] == ("sedena-dcam", "intermediary", "consignee")


def test_the_government_as_a_whole_is_undisclosed_without_a_unit(flags: Flags) -> None:
    assert flags(4, "rule_id, unit_id, relation, end_user_state") == [
        ("end_user_undisclosed", None, "none", "collective")
    ]


def test_a_collective_case_yields_its_units_and_the_undisclosed_end_user(flags: Flags) -> None:
    rows = flags(5, "rule_id, unit_id, end_user_state")
    assert ("end_user_undisclosed", None, "collective") in rows
    assert {unit for rule, unit, _ in rows if rule == "possible_unit"} == {
        "mx-navy", "sedena", "segob", "policia-federal"
    }  # fmt: skip
    assert {rule for rule, *_ in rows} == {"end_user_undisclosed", "possible_unit"}  # nothing is asserted


def test_a_text_that_says_who_buys_for_whom_is_taken_at_its_word(flags: Flags) -> None:
    rows = flags(9, "rule_id, unit_id, role, end_user_state")
    assert ("unit_named", "tam-policia-estatal", "end_user", "named") in rows
    assert ("unit_named", "sedena", "consignee", "named") in rows
    assert "end_user_undisclosed" not in {rule for rule, *_ in rows}


def test_a_unit_that_had_ended_is_out_of_time_and_its_successor_is_told(flags: Flags) -> None:
    (row,) = [r for r in flags(6, "rule_id, unit_id, evidence") if r[0] == "unit_out_of_time"]
    assert row[1] == "policia-federal" and "successor: guardia-nacional" in row[2]


def test_a_unit_founded_within_the_period_of_a_figure_is_not_out_of_time(flags: Flags) -> None:
    assert "unit_out_of_time" not in {rule for rule, *_ in flags(13)}


def test_a_relatives_findings_are_medium_and_say_whose(flags: Flags) -> None:
    rows = flags(13, "rule_id, severity, unit_id, relation, rule_title, reason")
    (row,) = [r for r in rows if r[0] == "relative_with_findings"]
    assert row[1:4] == ("medium", "guardia-nacional", "predecessor")
    assert "predecessor" in row[4] and "not about the unit named" in row[5]


def test_a_holder_of_a_collective_licence_passes_nothing_on(flags: Flags) -> None:
    assert [rule for rule, *_ in flags(10)] == ["unit_named"]


def test_a_body_that_may_not_carry_a_flag_raises_none(flags: Flags) -> None:
    assert flags(8) == []


def test_what_goes_to_another_country_raises_none(flags: Flags) -> None:
    assert flags(11) == []


def test_a_refused_licence_is_a_subject_of_its_own(flags: Flags) -> None:
    assert {row[0] for row in flags(17, "subject_key")} == {"US:DDTC 19-017 refused"}


def test_training_raises_no_flag_and_stands_beside_those_of_the_unit(warehouse: Path, flags: Flags) -> None:
    assert ask(warehouse, "SELECT count(*) FROM out.flags WHERE stage = 'trained'") == [(0,)]
    assert {row[0] for row in flags(2, "training_count")} == {1}
    assert ask(warehouse, "SELECT unit_id, end_user_raw FROM out.unit_training") == [("semar", "SEMAR")]


def test_training_of_a_place_not_stated_stands_beside_the_unit_too(tmp_path: Path) -> None:
    reports = Reports(tmp_path)
    unplaced = course("SEMAR", date(2017, 4, 1), destination_country=None)
    elsewhere = course("SEMAR", date(2016, 4, 1), destination_country="CO")
    reports.says(TRAINING, "2018", moment(1), course("SEMAR", date(2018, 4, 1)), unplaced, elsewhere)
    rows = ask(reports.built_with(), "SELECT unit_id, year FROM out.unit_training ORDER BY year")
    assert rows == [("semar", 2017), ("semar", 2018)], "another country's navy is not Mexico's"


def test_findings_beside_a_flag_say_whether_they_lie_before_or_after(warehouse: Path) -> None:
    rows = ask(
        warehouse,
        "SELECT DISTINCT finding_event_date, event_timing FROM out.flag_findings JOIN out.flags USING (flag_id)"
        " WHERE licence_ref = 'DDTC 19-002' AND about_unit_id = 'semar'",
    )
    timing = dict(rows)
    assert timing["2018-02/2018-05"] == "before"
    assert all(when == "after" for day, when in rows if day and day[:4] > "2019")
    assert all(when == "before" for day, when in rows if day and day[-4:].isdigit() and day[-4:] < "2019")


# -- over time -------------------------------------------------------------------------------------


def states(built: Path, columns: str = "rule_id, unit_id, status, closed_reason") -> list[tuple[Any, ...]]:
    return ask(built, f"SELECT {columns} FROM out.flags ORDER BY rule_id, unit_id, status")


def test_a_later_sighting_changes_no_flag_id(tmp_path: Path) -> None:
    reports = Reports(tmp_path)
    reports.says(REGISTER, "notice", moment(2), licence(1, "Secretaría de Marina"))
    first = {row[0] for row in states(reports.built_with(), "flag_id")}
    reports.says(CONGRESS, "house", moment(3), licence(1, "Secretaría de Marina"))
    assert {row[0] for row in states(reports.built_with(), "flag_id")} == first


def test_an_earlier_trace_that_a_new_alias_reveals_changes_no_published_flag_id(tmp_path: Path) -> None:
    """Published on the later report; then the registry learns the older report's name of the unit."""
    units = registry()
    poorer = replace(units, aliases=tuple(a for a in units.aliases if a.alias != "Naval Force of Mexico"))
    reports = Reports(tmp_path)
    reports.says(CONGRESS, "house", moment(1), licence(1, "Naval Force of Mexico"))
    reports.says(REGISTER, "notice", moment(2), licence(1, "Armada de México"))
    before = set(states(reports.built_with(poorer), "flag_id, rule_id, unit_id"))
    after = set(states(reports.built_with(units), "flag_id, rule_id, unit_id"))
    assert before <= after


def test_a_revised_report_closes_its_flags_with_the_reason(tmp_path: Path) -> None:
    reports = Reports(tmp_path)
    reports.says(
        REGISTER, "notice", moment(1), licence(1, "Secretaría de Marina"), licence(2, "Armada de México")
    )
    opened = set(states(reports.built_with(), "flag_id"))
    reports.says(REGISTER, "notice", moment(5), licence(1, "Armería Ejemplo, S.A. de C.V."))
    built = reports.built_with()
    assert set(states(built, "flag_id")) == opened
    reasons = {
        (row[0], row[1]): row[2:] for row in states(built, "licence_ref, status, closed_reason, closed_at")
    }
    assert reasons == {
        ("DDTC 19-001", "closed"): (
            "The report was revised: its newest version no longer gives this cause.",
            moment(5),
        ),
        ("DDTC 19-002", "closed"): (
            "The report was revised: its newest version no longer holds this row.",
            moment(5),
        ),
    }


def test_a_finding_that_was_withdrawn_closes_the_flag_and_keeps_its_words(tmp_path: Path) -> None:
    units = registry()
    withdrawn = tuple(
        replace(f, status="charges_withdrawn") if f.unit_id == "semar" else f for f in units.findings
    )
    reports = Reports(tmp_path)
    reports.says(REGISTER, "notice", moment(1), licence(1, "Secretaría de Marina"))
    opened = reports.built_with()
    (flag_id,) = [row[0] for row in states(opened, "flag_id, rule_id") if row[1] == "unit_with_findings"]
    poorer, later = replace(units, findings=withdrawn), datetime(2026, 2, 1, tzinfo=UTC)
    what = f"status, closed_reason, closed_at, evidence FROM out.flags WHERE flag_id = '{flag_id}' --"
    (closed,) = states(reports.built_with(poorer, causes_since=later), what)
    assert closed[:3] == (
        "closed",
        "The registry holds no finding any more that counts for this unit.",
        later,
    )
    assert "[on record: " in closed[3]
    # closed once: a later build tells the same day; and what comes back is the same flag, open again
    again = reports.built_with(poorer, causes_since=datetime(2026, 3, 1, tzinfo=UTC))
    assert states(again, what) == [closed]
    assert states(reports.built_with(units), what)[0][0] == "open"


def test_an_alias_that_was_removed_closes_the_flags_that_it_gave(tmp_path: Path) -> None:
    units = registry()
    poorer = replace(
        units,
        aliases=tuple(a for a in units.aliases if a.unit_id != "mx-navy"),
        slots=tuple(s for s in units.slots if s.unit_id != "mx-navy"),
    )
    reports = Reports(tmp_path)
    reports.says(REGISTER, "notice", moment(1), licence(1, "Armada de México"))
    reports.built_with()
    later = datetime(2026, 2, 1, tzinfo=UTC)
    rows = states(
        reports.built_with(poorer, causes_since=later), "rule_id, unit_id, status, closed_reason, closed_at"
    )
    gone = [row for row in rows if row[:2] == ("unit_named", "mx-navy")]
    assert gone == [
        (
            "unit_named",
            "mx-navy",
            "closed",
            "The registry of units, or the rule, no longer gives this cause.",
            later,
        )
    ]


def test_what_a_build_publishes_is_no_new_input_of_itself(tmp_path: Path) -> None:
    from warehouse.flag_memory import known_flags

    reports = Reports(tmp_path)
    reports.says(REGISTER, "notice", moment(1), licence(1, "Secretaría de Marina"))
    inputs = replace(reports.inputs(), registry=registry())
    reports.built_with()
    remembered = replace(inputs, known_flags=known_flags(reports.state))
    but_its_own = replace(inputs, known_flags=known_flags(reports.state, but_of_build=inputs.build_id))
    assert remembered.build_id != inputs.build_id == but_its_own.build_id


def test_acknowledgements_are_inputs_of_the_build_and_stand_beside_the_flag(tmp_path: Path) -> None:
    reports = Reports(tmp_path)
    reports.says(REGISTER, "notice", moment(1), licence(1, "Armada de México"))
    flag_id = states(reports.built_with(), "flag_id")[0][0]
    notes = [
        Acknowledgement(flag_id=flag_id, acknowledged_at=at, acknowledged_by="r", acknowledged_note=note)
        for at, note in (("2026-01-02T00:00:00+00:00", "looked"), ("2026-01-03T00:00:00+00:00", "asked"))
    ]
    assert replace(reports.inputs(), acknowledgements=notes).build_id != reports.inputs().build_id
    built = reports.built_with(acknowledgements=notes)
    what = "acknowledged_note, acknowledged_by, acknowledged_at FROM out.flags WHERE acknowledged_at IS NOT NULL --"
    assert states(built, what) == [("asked", "r", datetime(2026, 1, 3, tzinfo=UTC))]
    assert ask(built, "SELECT count(*) FROM core.flag_acknowledgements") == [(2,)]

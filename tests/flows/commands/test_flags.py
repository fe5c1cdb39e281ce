"""``armswatch flags, flags ack, show, review``: a flag explains itself, and what people decide is kept."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flows.cli import main
from flows.flag_card import marked
from parsers.record import ValueBasis
from tests.warehouse.facts import CONGRESS, REGISTER, TRAINING, Reports, course, licence
from tests.workshop import moment, registry
from warehouse.publish import publish
from warehouse.review_file import NAME, read_decisions, with_home_decisions
from warehouse.units.tables import RegistryError

COLLECTIVE = "Mexican Navy, Ministries of Defense and Interior, Federal and State Police"
Say = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Reports:
    reports = Reports(tmp_path_factory.mktemp("home"))
    reports.says(
        REGISTER, "notice", moment(1),
        licence(1, "to be used by the 27 Batallón de Infantería, Iguala, Guerrero", exporter_name="Example Arms Inc.",
                consignee_raw="SEDENA", event_date=date(2016, 5, 1), quantity=Decimal(1200), quantity_unit="number",
                value=Decimal(1_000_000), currency="USD", value_basis=ValueBasis.THRESHOLD_MINIMUM),
        licence(2, COLLECTIVE),
        licence(3, "41 Batallón de Infantería"),
        licence(4, "Policía Federal", event_date=date(2022, 3, 1)),
        licence(5, registry().units["mun-allende-coa"].name_es + ", Coahuila"),
    )  # fmt: skip
    reports.says(CONGRESS, "house", moment(2), licence(1, event_date=date(2016, 5, 2)))
    reports.says(TRAINING, "2015", moment(3), course("27 Batallon de Infanteria", date(2015, 4, 1), page=7))
    publish(reports.built_with(), reports.home, "b1")
    return reports


@pytest.fixture
def say(reports: Reports, capsys: pytest.CaptureFixture[str]) -> Say:
    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main([*arguments, "--home", str(reports.home.root)])
        except SystemExit as exit_:
            code = int(exit_.code or 0)
        return code, *capsys.readouterr()

    return run


def flag_of(say: Say, number: int, rule_id: str) -> str:
    flags = json.loads(say("flags", "--all", "--json")[1])
    (flag,) = [f for f in flags if f["licence_ref"] == f"DDTC 19-{number:03d}" and f["rule_id"] == rule_id]
    return str(flag["flag_id"])


def card_of(say: Say, number: int, rule_id: str) -> dict[str, Any]:
    code, out, _ = say("show", flag_of(say, number, rule_id), "--json")
    assert code == 0
    card: dict[str, Any] = json.loads(out)
    return card


def page_of(say: Say, number: int, rule_id: str) -> str:
    """The page with its line breaks taken out."""
    return " ".join(say("show", flag_of(say, number, rule_id))[1].split())


@pytest.fixture
def card(say: Say) -> dict[str, Any]:
    return card_of(say, 1, "unit_with_findings")


# -- a flag explains itself ------------------------------------------------------------------------


def test_each_party_stands_in_its_role_with_the_recognised_words_marked(card: dict[str, Any]) -> None:
    parties = {party["role"]: party for party in card["parties"]}
    assert parties["end_user"]["marked"] == "to be used by the [27 Batallón de Infantería], Iguala, Guerrero"
    assert parties["consignee"]["marked"] == "[SEDENA]"
    (unit,) = parties["end_user"]["recognised"]
    assert (unit["unit_id"], unit["role"], unit["band"], unit["rivals"]) == (
        "army-bi-27",
        "end_user",
        "match",
        [],
    )
    assert unit["alias"] and unit["match_rule"] and unit["score"] > 80


def test_marks_join_where_two_units_share_words() -> None:
    spans = [
        {"span_start": 0, "span_end": 4},
        {"span_start": 2, "span_end": 6},
        {"span_start": 8, "span_end": 9},
    ]
    assert marked("abcdefghij", spans) == "[abcdef]gh[i]j"


def test_the_page_tells_licence_parties_unit_findings_training_and_questions(say: Say) -> None:
    page = page_of(say, 1, "unit_with_findings")
    for words in (
        "HIGH The unit named has findings on record",
        "number DDTC 19-001", "Notified: an intention, not a shipment", "exporter Example Arms Inc.",
        "quantity 1,200 pieces", "value at least 1,000,000 USD (reporting threshold",
        "seen in Executive communications",
        "end user: to be used by the [27 Batallón de Infantería], Iguala, Guerrero",
        "ULTIMATE END USER: named: one unit", "(army-bi-27)", "parents command under",
        "ON RECORD ABOUT THIS UNIT: who attributes what", "2015-04-01: Infantry course", "page 7",
        "- Which unit of the end user named will hold the arms, and where?", "DECISIONS: none yet",
    ):  # fmt: skip
        assert words in page, words


def test_findings_come_by_status_with_what_speaks_for_the_unit_beside_them(card: dict[str, Any]) -> None:
    charged = [f for f in card["findings"] if f["status"] == "charged"]
    assert charged and all("The charged are presumed innocent." in f["sentence"] for f in charged)
    assert any("16 of 20 warrants withdrawn" in line for f in charged for line in f["beside"])
    order = ["conviction", "judgment_state_responsibility", "finding", "state_acknowledged", "charged",
             "charges_withdrawn", "under_investigation", "allegation"]  # fmt: skip
    places = [order.index(f["status"]) for f in card["findings"]]
    assert places == sorted(places)


def test_a_finding_says_whether_it_was_made_before_or_after_the_licence(card: dict[str, Any]) -> None:
    ayotzinapa = [f for f in card["findings"] if f["finding_event_date"] == "2014-09-26"]
    assert ayotzinapa and {f["event_timing"] for f in ayotzinapa} == {"before"}
    assert {f["finding_timing"] for f in ayotzinapa if f["finding_date"] == "2022-08-20"} == {"after"}


def test_a_unit_whose_charges_were_withdrawn_is_no_high_flag_and_says_so(say: Say) -> None:
    rules = {f["rule_id"] for f in json.loads(say("flags", "--json")[1]) if f["licence_ref"] == "DDTC 19-003"}
    assert "unit_with_findings" not in rules
    assert "Charges withdrawn: " in page_of(say, 3, "unit_named")


def test_findings_of_relatives_stand_apart_and_are_not_put_on_the_unit_named(say: Say) -> None:
    card = card_of(say, 4, "relative_with_findings")
    assert card["relation"] == "predecessor" and "(predecessor and successor" in card["rule_title"]
    assert {f["relation"] for f in card["findings_of_relatives"]} >= {"successor"}
    assert all(f["unit_id"] == "policia-federal" for f in card["findings"])
    assert "ON RECORD ABOUT RELATED BODIES, not about the unit named" in page_of(
        say, 4, "relative_with_findings"
    )


def test_from_memory_is_marked_on_unit_and_finding(say: Say) -> None:
    unit_id = next(f.unit_id for f in registry().findings if f.from_memory)
    page = " ".join(say("show", unit_id)[1].split())
    assert "UNVERIFIED: entered from memory" in page and "no source on record" in page
    from_memory = next(unit for unit in registry().units.values() if unit.from_memory)
    assert "UNVERIFIED: from memory, no source seen" in say("show", from_memory.unit_id)[1]


def test_an_undisclosed_end_user_is_told_with_the_kinds_that_are_named(say: Say) -> None:
    page = page_of(say, 2, "end_user_undisclosed")
    assert "ULTIMATE END USER: NOT STATED: only a collective wording is given" in page
    assert "names no unit: state police" in page
    assert "- Which unit is the ultimate end user, and where will the arms be held?" in page


def test_a_unit_out_of_time_asks_about_its_successor(say: Say) -> None:
    page = page_of(say, 4, "unit_out_of_time")
    assert "did not exist at the date" in page and "(guardia-nacional)" in page


def test_no_page_scores_a_unit(card: dict[str, Any]) -> None:
    assert card["unit"] is not None and not [
        name for name in card["unit"] if "score" in name or "rank" in name
    ]


# -- acknowledging ---------------------------------------------------------------------------------


def test_an_acknowledgement_is_seen_at_once_and_published_by_the_next_build(
    say: Say, reports: Reports
) -> None:
    flag_id = flag_of(say, 2, "end_user_undisclosed")
    assert say("flags", "ack", flag_id, "--note", "asked  DDTC", "--by", "R. Example")[0] == 0
    (flag,) = [f for f in json.loads(say("flags", "--json")[1]) if f["flag_id"] == flag_id]
    assert flag["acknowledged_note"] == "asked DDTC"
    assert "R. Example: asked DDTC" in say("show", flag_id)[1]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("flags", "ack"), "flags ack needs a FLAG_ID and --note TEXT"),
        (("flags", "ack", "0" * 24, "--note", " "), "flags ack needs a FLAG_ID and --note TEXT"),
        (("flags", "ack", "0" * 24, "--note", "x"), f"no flag has the id {'0' * 24}"),
        (("flags", "--note", "x"), "--note belongs to 'flags ack FLAG_ID'"),
        (("flags", "--since", "soon"), "--since: 'soon' is not a date such as 2026-01-31"),
        (("show", "../x"), "'../x' is not an id of a flag, transfer, unit or document"),
        (("show", "nobody"), "nothing published has the id nobody"),
        (("review", "--decision", "none"), "review --decision and --unit-ids need --text"),
        (
            ("review", "--text", "x"),
            "review --text needs --decision match with --unit-ids A|B, or --decision none",
        ),
        (
            ("review", "--text", "x", "--decision", "match"),
            "review --text needs --decision match with --unit-ids",
        ),
        (
            ("review", "--text", "x", "--decision", "match", "--unit-ids", "nobody"),
            "'nobody', an unknown unit",
        ),
    ],
)
def test_bad_usage_is_one_sentence_and_2(say: Say, arguments: tuple[str, ...], told: str) -> None:
    code, out, err = say(*arguments)
    assert (code, out) == (2, "") and told in err


# -- reviewing -------------------------------------------------------------------------------------


@pytest.fixture
def no_decisions(reports: Reports) -> Path:
    path = reports.home.root / NAME
    path.unlink(missing_ok=True)
    return path


def test_review_walks_through_each_text_once(
    say: Say, no_decisions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = json.loads(say("review", "--json")[1])
    (collective,) = [t for t in texts if t["party_raw"] == COLLECTIVE]
    assert {c["unit_id"] for c in collective["candidates"]} == {
        "mx-navy",
        "sedena",
        "segob",
        "policia-federal",
    }
    assert len(collective["flag_ids"]) == 4
    monkeypatch.setattr("sys.stdin", io.StringIO("9\n1,2\n" + "s\n" * len(texts)))
    code, out, err = say("review", "--by", "R. Example", "--note", "known body")
    assert code == 0 and COLLECTIVE in out and f"decided 1 of {len(texts)} texts" in err
    (decision,) = read_decisions(no_decisions)
    assert (decision.text, decision.country, decision.decision, decision.reviewer, decision.note) == (
        COLLECTIVE, "MX", "match", "R. Example", "known body",
    )  # fmt: skip
    assert len(decision.unit_ids) == 2
    assert COLLECTIVE not in {t["party_raw"] for t in json.loads(say("review", "--json")[1])}  # asked once


def test_an_empty_answer_decides_nothing(
    say: Say, no_decisions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    assert say("review")[0] == 0 and not no_decisions.exists()


def test_a_decision_is_made_once_and_outlives_the_matcher(
    say: Say, no_decisions: Path, reports: Reports
) -> None:
    assert say("review", "--text", COLLECTIVE, "--decision", "match", "--unit-ids", "mx-navy|sedena")[0] == 0
    assert say("review", "--text", COLLECTIVE.upper(), "--decision", "match", "--unit-ids", "mx-navy")[0] == 0
    (decision,) = read_decisions(no_decisions)  # the newer stands in place of the older
    assert decision.unit_ids == ("mx-navy",)
    decided = with_home_decisions(registry(), reports.home.root)
    assert decided.version != registry().version
    built = reports.built_with(decided)
    from tests.workshop import ask

    rows = ask(
        built, "SELECT rule_id, unit_id, status FROM out.flags WHERE licence_ref = 'DDTC 19-002' ORDER BY ALL"
    )
    assert ("unit_named", "mx-navy", "open") in rows
    # whom the text leaves unsaid stays unsaid, whatever was decided about its units
    assert ("end_user_undisclosed", None, "open") in rows
    assert {row[2] for row in rows if row[0] == "possible_unit"} == {"closed"}


def test_a_decision_survives_a_spreadsheet(no_decisions: Path) -> None:
    cells = ["Some, text", "MX", "none", "", "R. Example", "2026-01-01", "a note"]
    header = ["text", "country", "decision", "unit_ids", "reviewer", "decided_on", "note"]
    with no_decisions.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(
            [header, cells]
        )
    assert read_decisions(no_decisions)[0].text == "Some, text"


def test_a_home_file_that_cannot_be_used_names_its_row(no_decisions: Path) -> None:
    no_decisions.write_text(
        "text,country,decision,unit_ids,reviewer,decided_on,note\nx,MX,perhaps,,r,2026-01-01,\n"
    )
    with pytest.raises(RegistryError, match=r"review_decisions.csv row 2: decision 'perhaps' is not in use"):
        read_decisions(no_decisions)
    no_decisions.unlink()

"""The reference tables: closed lists, dates that run forwards, every line with its source and its mark."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pytest

REFERENCE = Path(__file__).parents[2] / "warehouse" / "reference"
MARKS = {"verified", "from_memory"}


def table(name: str) -> list[dict[str, str]]:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def on(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize("name", ["control_list_crosswalk", "legal_thresholds", "structural_breaks"])
def test_every_line_has_all_cells_a_source_and_a_mark(name: str) -> None:
    for line in table(name):
        assert None not in line and None not in line.values(), line
        assert line["source"] and line["mark"] in MARKS, line
        assert all(cell == cell.strip() for cell in line.values()), line


@pytest.mark.parametrize("name", ["control_list_crosswalk", "legal_thresholds"])
def test_validity_is_a_span_of_days_that_runs_forwards(name: str) -> None:
    for line in table(name):
        start, end = on(line["valid_from"]), on(line["valid_to"])
        assert start is None or end is None or start <= end, line


def test_crosswalk_has_each_pair_once_with_a_confidence_of_the_closed_list() -> None:
    lines = table("control_list_crosswalk")
    keys = [(line["concept"], line["list"], line["code"], line["valid_from"]) for line in lines]
    assert len(keys) == len(set(keys))
    assert {line["confidence"] for line in lines} <= {"high", "medium", "low"}
    assert {line["list"] for line in lines} == {
        "USML",
        "ECCN",
        "HS",
        "SCHEDULE_B",
        "EU_ML",
        "CA_ECL",
        "CH_KM",
    }


FORMS = {
    "USML": r"[IVX]+(\([a-z]\))?",
    "ECCN": r"\d[A-E]\d{3}(\.[a-z])?",
    "HS": r"\d{6}",
    "SCHEDULE_B": r"\d{10}",
    "EU_ML": r"ML\d+[a-z]?",
    "CA_ECL": r"2-\d",
    "CH_KM": r"KM\d",
}


def test_crosswalk_codes_stand_in_the_form_that_records_carry() -> None:
    for line in table("control_list_crosswalk"):
        assert re.fullmatch(FORMS[line["list"]], line["code"]), line


def test_no_code_left_the_munitions_list_without_a_code_that_follows_it() -> None:
    lines = table("control_list_crosswalk")
    ended = {line["concept"] for line in lines if line["list"] == "USML" and line["valid_to"] == "2020-03-08"}
    follows = {
        line["concept"] for line in lines if line["list"] == "ECCN" and line["valid_from"] == "2020-03-09"
    }
    assert ended <= follows


def test_pistols_before_and_after_the_transfer_of_march_2020() -> None:
    def codes(day: date) -> set[tuple[str, str]]:
        return {
            (line["list"], line["code"])
            for line in table("control_list_crosswalk")
            if line["concept"] == "semi_and_non_automatic_pistols"
            and line["list"] in {"USML", "ECCN"}
            and (on(line["valid_from"]) or date.min) <= day <= (on(line["valid_to"]) or date.max)
        }

    assert codes(date(2020, 3, 8)) == {("USML", "I(a)")}
    assert codes(date(2020, 3, 9)) == {("ECCN", "0A501.a")}


def test_firearms_of_category_one_are_notified_from_one_million_dollars() -> None:
    firearms = [line for line in table("legal_thresholds") if line["category"] == "I"]
    assert [(line["amount"], line["currency"], line["statute"]) for line in firearms] == [
        ("1000000", "USD", "AECA 36(c)(1), 22 U.S.C. 2776(c)(1)")
    ]


def test_thresholds_are_positive_whole_dollars_with_ids_of_their_own() -> None:
    lines = table("legal_thresholds")
    assert len({line["threshold_id"] for line in lines}) == len(lines)
    assert all(int(line["amount"]) > 0 and line["currency"] == "USD" for line in lines)


def test_breaks_hold_the_transfer_the_rule_of_2024_and_its_rescission() -> None:
    breaks = {line["break_id"]: line["break_date"] for line in table("structural_breaks")}
    assert breaks["usml_to_eccn_2020"] == "2020-03-09"
    assert breaks["bis_rule_2024"] == "2024-05-30"
    assert breaks["bis_rescission_2025"] == "2025-09-30"


def test_breaks_run_in_order_of_their_dates() -> None:
    days = [on(line["break_date"]) for line in table("structural_breaks")]
    assert days == sorted(day for day in days if day)

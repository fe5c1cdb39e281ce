"""Measures the matcher on labelled strings and fails when a figure falls below its floor.

Run with -s to read the table. Three kinds of file stand in data/: variants_dev.csv is the development set
(docs/units.md 7.3, without the row whose source is a leaked document); the heldout files were written for
this test by hand or from independent wordings, never from the registry's own alias column. Labels mean:
match - exactly these units in band match; review - band review, the unit among the candidates (NONE: an end
user of a kind, without a unit); no_match - band none is best, review is a cost, match an error.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from warehouse.units.matcher import Matcher
from warehouse.units.registry import load_registry
from warehouse.units.result import MATCH, NONE, REVIEW, MatchResult

DATA = Path(__file__).parent / "data"
FORBIDDEN_IN_MATCH = {"new_mexico", "us_place", "foreign", "company"}


@dataclass(frozen=True)
class Floors:
    right_unit: float
    match_precision: float
    review_load: float  # a ceiling
    exact: float


# The issue asks 0.95 right unit, 0.99 precision and at most 0.12 review on unseen strings, half of them hard
# negatives. The development set itself labels 16 % of its rows review, so its ceiling is that share.
FLOORS = {
    "variants_dev.csv": Floors(right_unit=0.98, match_precision=0.99, review_load=0.165, exact=0.98),
    "heldout.csv": Floors(right_unit=0.99, match_precision=0.995, review_load=0.08, exact=0.99),
    "heldout_hard.csv": Floors(right_unit=0.98, match_precision=0.99, review_load=0.12, exact=0.97),
    "heldout_third.csv": Floors(right_unit=0.98, match_precision=0.99, review_load=0.12, exact=0.97),
    "heldout_blind.csv": Floors(right_unit=0.98, match_precision=0.99, review_load=0.12, exact=0.97),
    "heldout_fifth.csv": Floors(right_unit=0.98, match_precision=0.99, review_load=0.12, exact=0.97),
    "heldout_sixth.csv": Floors(right_unit=0.99, match_precision=0.995, review_load=0.07, exact=0.98),
    "heldout_seventh.csv": Floors(right_unit=0.99, match_precision=0.99, review_load=0.13, exact=0.98),
    "heldout_eighth.csv": Floors(right_unit=0.99, match_precision=0.99, review_load=0.10, exact=0.98),
    "heldout_ninth.csv": Floors(right_unit=0.99, match_precision=0.99, review_load=0.08, exact=0.95),
    # Written apart from the matcher and each other. First run: right unit 0.981 and 0.982, precision 1.000,
    # review 0.119 and 0.091.
    "heldout_tenth.csv": Floors(right_unit=0.99, match_precision=0.995, review_load=0.12, exact=0.97),
    "heldout_eleventh.csv": Floors(right_unit=0.99, match_precision=0.995, review_load=0.10, exact=0.97),
    # Misprints and importers' lists: a slip costs the band, not the unit, so the exact share is lower.
    "heldout_noise.csv": Floors(right_unit=0.98, match_precision=0.99, review_load=0.09, exact=0.88),
    "heldout_mixed.csv": Floors(right_unit=0.98, match_precision=0.975, review_load=0.12, exact=0.93),
    "heldout_prose.csv": Floors(right_unit=0.99, match_precision=0.99, review_load=0.09, exact=0.97),
}


@dataclass
class Tally:
    rows: int = 0
    exact: int = 0
    positives: int = 0
    right_unit: int = 0
    matched: int = 0
    matched_right: int = 0
    review: int = 0
    wrong: list[str] = field(default_factory=list)

    def line(self, name: str) -> str:
        return (
            f"{name:<26}{self.rows:>5}{_share(self.exact, self.rows):>8}"
            f"{_share(self.right_unit, self.positives):>8}{_share(self.matched_right, self.matched):>8}"
            f"{_share(self.review, self.rows):>8}"
        )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(load_registry())


def _count(tally: Tally, row: dict[str, str], result: MatchResult) -> None:
    expected = {unit for unit in row["expected_unit_id"].split("|") if unit != "NONE"}
    matched = set(result.unit_ids(MATCH))
    tally.rows += 1
    tally.review += result.band == REVIEW
    if expected:
        tally.positives += 1
        tally.right_unit += expected <= set(result.unit_ids())
    if result.band == MATCH:
        tally.matched += 1
        tally.matched_right += matched <= expected
    exact = {
        "match": result.band == MATCH and matched == expected,
        "review": result.band == REVIEW and expected <= set(result.unit_ids()),
        "no_match": result.band == NONE,
    }[row["expected_action"]]
    tally.exact += exact
    if not exact:
        tally.wrong.append(f"{row['raw_text']!r}: {row['expected_action']} {sorted(expected)}, got {result}")


def _measure(matcher: Matcher, name: str) -> dict[str, Tally]:
    tallies: dict[str, Tally] = defaultdict(Tally)
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            result = matcher.match(row["raw_text"])
            for key in ("all", row["trap"]):
                _count(tallies[key], row, result)
    return tallies


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_accuracy_stays_above_its_floors(matcher: Matcher, name: str) -> None:
    tallies = _measure(matcher, name)
    print(f"\n{name:<26}{'rows':>5}{'exact':>8}{'right':>8}{'prec':>8}{'review':>8}")
    for trap in sorted(tallies):
        print(tallies[trap].line(trap))
    print("\n".join(f"  {line[:220]}" for line in tallies["all"].wrong))
    whole, floors = tallies["all"], FLOORS[name]
    assert whole.right_unit / whole.positives >= floors.right_unit
    assert whole.matched_right / whole.matched >= floors.match_precision
    assert whole.review / whole.rows <= floors.review_load
    assert whole.exact / whole.rows >= floors.exact


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_nothing_about_new_mexico_a_namesake_or_a_company_is_a_match(matcher: Matcher, name: str) -> None:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["trap"] in FORBIDDEN_IN_MATCH]
    assert rows
    wrong = [row["raw_text"] for row in rows if matcher.match(row["raw_text"]).band == MATCH]
    assert not wrong

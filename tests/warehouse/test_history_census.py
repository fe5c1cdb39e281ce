"""A month of exports that the Census restates: each changed figure is a revision, and no month counts twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.workshop import Workshop, ask, moment

HEADER = (
    "CTY_CODE", "CTY_NAME", "E_COMMODITY", "E_COMMODITY_LDESC", "DISTRICT", "DIST_NAME", "DF", "UNIT_QY1",
    "ALL_VAL_MO", "ALL_VAL_YR", "QTY_1_MO", "QTY_1_MO_FLAG", "LAST_UPDATE", "SUMMARY_LVL", "COMM_LVL", "time",
)  # fmt: skip
RIFLES, PISTOLS, CARTRIDGES = "9301903000", "9302000000", "9306304110"


def answer(month: str, update: str, *facts: tuple[str, str, int, int], order: int = 1) -> bytes:
    """The service's answer of a month for Mexico: commodity, district, dollars and pieces; and the sum of all."""
    rows = [
        ["2010", "MEXICO", code, "ARMS", district, "A DISTRICT", "1", "NO", str(value), str(value * 9), str(pieces),
         "", update, "DET", "HS10", month]
        for code, district, value, pieces in facts
    ]  # fmt: skip
    total = sum(value for _, _, value, _ in facts)
    rows.append(
        ["-", "TOTAL FOR ALL COUNTRIES", RIFLES, "ARMS", "-", "ALL", "-", "NO", str(total), "0", "0", "M", update, "DET",
         "HS10", month]
    )  # fmt: skip
    return json.dumps([list(HEADER), *rows[::order]]).encode()


MARCH = answer(
    "2023-03",
    "2023-05-04",
    (RIFLES, "23", 100_000, 50),
    (PISTOLS, "24", 7_000, 12),
    (CARTRIDGES, "25", 900, 3),
)
SAME = answer(
    "2023-03",
    "2023-05-04",
    (CARTRIDGES, "25", 900, 3),
    (PISTOLS, "24", 7_000, 12),
    (RIFLES, "23", 100_000, 50),
    order=-1,
)
APRIL = answer("2023-04", "2023-06-07", (RIFLES, "23", 1_000, 1))
RESTATED = answer(
    "2023-03", "2024-06-06", (RIFLES, "23", 125_000, 50), (PISTOLS, "24", 7_000, 14), (PISTOLS, "26", 600, 2)
)


@pytest.fixture(scope="module", params=["fetched", "dropped as files"])
def restated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    shop = Workshop(tmp_path_factory.mktemp("census"))
    arrivals = ((MARCH, "2023-03"), (SAME, "2023-03"), (APRIL, "2023-04"), (RESTATED, "2023-03"))
    for day, (content, month) in enumerate(arrivals, 1):
        key = month if request.param == "fetched" else None
        shop.arrives("us_census_exports", f"hs_{day}.json", content, moment(day), key=key)
    return shop.build()


def test_the_newest_answer_of_a_month_is_what_left_and_no_other_month_changes(restated: Path) -> None:
    rows = ask(
        restated,
        "SELECT period_start::VARCHAR, control_code, value::INT, quantity::INT FROM out.transfers ORDER BY ALL",
    )
    assert rows == [
        ("2023-03-01", RIFLES, 125_000, 50),
        ("2023-03-01", PISTOLS, 600, 2),
        ("2023-03-01", PISTOLS, 7_000, 14),
        ("2023-04-01", RIFLES, 1_000, 1),
    ]


def test_the_core_holds_each_figure_once_and_one_of_them_as_current(restated: Path) -> None:
    rows = ask(
        restated,
        "SELECT value::INT, is_current, count(*) FROM core.transfers WHERE control_code = ? AND period_start = '2023-03-01'"
        " GROUP BY ALL ORDER BY ALL",
        RIFLES,
    )
    assert rows == [(100_000, False, 1), (125_000, True, 1)]


def test_each_restated_figure_is_one_revision(restated: Path) -> None:
    rows = ask(
        restated,
        "SELECT change, field, old_value, new_value FROM out.revisions WHERE change = 'changed' ORDER BY field",
    )
    changed = [(change, field, float(old), float(new)) for change, field, old, new in rows]
    assert changed == [("changed", "quantity", 12.0, 14.0), ("changed", "value", 100_000.0, 125_000.0)]


def test_a_row_that_is_new_and_a_row_that_is_gone_are_revisions_of_their_own(restated: Path) -> None:
    rows = ask(
        restated, "SELECT change, count(DISTINCT transfer_id) FROM out.revisions GROUP BY 1 ORDER BY 1"
    )
    found = dict(rows)
    assert found.pop("changed") == 2
    assert sorted(found.values()) == [1, 1] and len(found) == 2


def test_the_same_month_in_another_order_is_no_revision(restated: Path) -> None:
    documents = ask(
        restated, "SELECT version, same_records_as IS NOT NULL FROM out.documents ORDER BY archived_at"
    )
    assert documents == [(1, False), (1, True), (1, False), (2, False)]

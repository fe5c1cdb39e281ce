"""Bounds of a document, printed totals as results, and the page that shows them all."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from checks.bounds import check_bounds
from checks.gate import Verdict, check_control_totals, check_totals
from checks.page import write_page
from checks.results import Failure, Result
from parsers.facts import Bounds
from parsers.registry import load_source
from tests.workshop import Workshop, moment, uk

LINES = [f"{n},2010-04-07,ML1,1,{n},Mexico,0" for n in range(1, 6)]


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    shop = Workshop(tmp_path_factory.mktemp("bounds"))
    shop.arrives("gb_ecju_licences", "v1.csv", uk(*LINES), moment(1))
    shop.arrives("gb_ecju_licences", "broken.csv", b"<html>sorry</html>", moment(2))
    return duckdb.connect(str(shop.build()), read_only=True)


@pytest.mark.parametrize(
    ("bounds", "failed"),
    [
        (Bounds(min_rows=5, max_rows=5), []),
        (Bounds(min_rows=6, max_rows=9), [("rows_minimum", True)]),
        (Bounds(min_rows=1, max_rows=4), [("rows_maximum", False)]),
    ],
)
def test_too_few_rows_are_fatal_and_too_many_warn(
    connection: duckdb.DuckDBPyConnection, bounds: Bounds, failed: list[tuple[str, bool]]
) -> None:
    results = check_bounds(connection, {"gb_ecju_licences": bounds})
    assert [
        (r.check_id, r.is_fatal) for r in results if not r.is_passed and r.check_id != "document_readable"
    ] == failed


def test_a_refused_document_warns_and_says_why(connection: duckdb.DuckDBPyConnection) -> None:
    results = check_bounds(connection, {"gb_ecju_licences": Bounds(max_rows=9)})
    (refused,) = [r for r in results if r.check_id == "document_readable"]
    assert not refused.is_fatal
    assert "broken.csv was refused whole; its last good version stays" in refused.message


def test_a_printed_total_that_differs_warns_with_place_and_both_figures(tmp_path: Path) -> None:
    header = 'unique-id;" ""year""";importing-country;exporting-country;CML-category;num-licenses-imported;val-licenses-imported;val-arms-imported'
    lines = [header, "1;2007;Mexico;Germany;ML1;14;100;", "2;2007;Mexico;Germany;Total;14;250;", ""]
    shop = Workshop(tmp_path)
    shop.arrives("eu_eeas_coarm", "eu.csv", "\r\n".join(lines).encode(), moment(1))
    with duckdb.connect(str(shop.build()), read_only=True) as connection:
        (result,) = check_totals(connection)
    assert (result.is_passed, result.is_fatal) == (False, False)
    assert "1 differ (first: row 3: printed 250.000000, rows give 100.000000)" in result.message


@pytest.mark.parametrize(
    ("sample_year", "run_id", "held"), [("2017", "2026-01-01", [True, True]), ("2017", "sample", [])]
)
def test_a_year_that_an_independent_compilation_gives_is_compared_except_for_samples(
    tmp_path: Path, sample_year: str, run_id: str, held: list[bool]
) -> None:
    shop = Workshop(tmp_path)
    (path,) = [p for p in load_source("us_ddtc_655").samples if sample_year in p.name]
    shop.arrives("us_ddtc_655", path.name, path.read_bytes(), moment(1), run_id=run_id)
    with duckdb.connect(str(shop.build()), read_only=True) as connection:
        results = check_control_totals(connection)
    assert [result.is_passed for result in results] == held


def test_a_year_that_differs_from_the_compilation_warns_with_both_figures(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    (path,) = [p for p in load_source("us_ddtc_655").samples if "2012" in p.name]
    shop.arrives("us_ddtc_655", path.name, path.read_bytes(), moment(1))
    with duckdb.connect(str(shop.build()), read_only=True) as connection:
        (result,) = check_control_totals(connection)
    assert (result.is_passed, result.is_fatal) == (False, False)
    assert "the rows give 4,890,500 USD" in result.message
    assert "gives 1,211,273,057." in result.message


def test_the_page_stands_alone_and_shows_hostile_text_as_text() -> None:
    hostile = "<script>alert(1)</script>"
    results = [
        Result(
            check_id="a", category="table", subject="core.x", is_fatal=True, is_passed=True, message="fine"
        ),
        Result(
            check_id="b",
            category="table",
            subject=hostile,
            is_fatal=True,
            is_passed=False,
            message=hostile,
            failures=(Failure(failed_key="k", failed_column="c", failed_value=hostile),),
        ),
    ]
    page = write_page(Verdict(results), "2026-01-01", "abc")
    assert hostile not in page
    assert page.count("&lt;script&gt;") == 3 + 1
    assert not re.findall(r"""(?:src|href)=|url\(|@import""", page), "nothing is loaded from anywhere"
    assert "was <strong>not</strong> published" in page
    HTMLParser().feed(page)

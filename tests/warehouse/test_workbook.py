"""Workbooks: text stays text, numbers keep their digits, and the provenance sheet says where all comes from."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from tests.workshop import Workshop, moment, uk
from warehouse.workbook import Provenance, WorkbookError, provenance_of, write_workbook

NOTHING = Provenance((), ("a",), ())


def written(
    path: Path, columns: list[str], rows: list[tuple[object, ...]], provenance: Provenance = NOTHING
) -> Path:
    write_workbook(path, columns, rows, provenance)
    return path


def sheet(path: Path, name: str = "answer") -> list[list[object]]:
    return [list(row) for row in CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python()]


def xml(path: Path, part: str = "xl/worksheets/sheet1.xml") -> str:
    with ZipFile(path) as book:
        return book.read(part).decode()


@pytest.mark.parametrize(
    "text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1", "\r=1", "{=1}", "http://x.org"]
)
def test_no_text_becomes_a_formula_or_a_link(tmp_path: Path, text: str) -> None:
    path = written(tmp_path / "a.xlsx", ["=header()"], [(text,)])
    assert "<f>" not in xml(path) and "hyperlink" not in xml(path).lower()
    assert sheet(path)[0] == ["=header()"]
    assert str(sheet(path)[1][0]).strip() == text.strip(), "what stands in the cell is the text itself"


def test_a_text_that_looks_like_a_formula_stays_text_when_it_is_edited(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", ["a"], [("=1+1",)])
    assert 'quotePrefix="1"' in xml(path, "xl/styles.xml")


def test_numbers_keep_their_digits(tmp_path: Path) -> None:
    long = Decimal("123456789012345678.5")
    path = written(
        tmp_path / "a.xlsx", ["a", "b", "c"], [(Decimal("1500.250000"), 7, long), (None, None, float("nan"))]
    )
    assert sheet(path)[1] == [1500.25, 7, "123456789012345678.5"]
    assert sheet(path)[2] == ["", "", "nan"]


def test_days_moments_truth_and_lists(tmp_path: Path) -> None:
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    path = written(
        tmp_path / "a.xlsx",
        ["a", "b", "c", "d", "e"],
        [(date(2020, 6, 30), at, True, ["x", "y"], date(1899, 1, 1))],
    )
    assert sheet(path)[1] == [date(2020, 6, 30), at.replace(tzinfo=None), True, "x|y", "1899-01-01"]


def test_equal_answers_give_equal_files(tmp_path: Path) -> None:
    one = written(tmp_path / "1.xlsx", ["a"], [("x",)])
    two = written(tmp_path / "2.xlsx", ["a"], [("x",)])
    assert one.read_bytes() == two.read_bytes()


def test_more_rows_than_a_sheet_holds_are_refused_not_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warehouse.workbook.MAX_ROWS", 2)
    with pytest.raises(WorkbookError, match="3 rows: a sheet holds 2; use --format csv or parquet"):
        written(tmp_path / "a.xlsx", ["a"], [(1,), (2,), (3,)])


def test_provenance_names_the_documents_of_the_answer_with_their_terms(tmp_path: Path) -> None:
    shop = Workshop(tmp_path / "home")
    shop.arrives("gb_ecju_licences", "v1.csv", uk("10,2010-04-07,ML1,1,185500,Mexico,0"), moment(1))
    shop.arrives("nl_bz_licences", "v.csv", b"not the list", moment(2))
    with duckdb.connect(str(shop.build()), read_only=True) as connection:
        sql = "SELECT document_sha256, value FROM out.transfers"
        rows = connection.execute(sql).fetchall()
        columns = ["document_sha256", "value"]
        told = provenance_of(connection, sql, columns, rows, published_at=moment(3), is_discreet=True)
        all_of_them = provenance_of(
            connection, sql, ["value"], rows, published_at=moment(3), is_discreet=False
        )
    facts = dict(told.facts)
    assert facts["query"] == sql and facts["published"] == "2026-01-03 03:00 UTC" and facts["build_id"]
    assert "state" in facts["municipal forces"] and "municipal forces" not in dict(all_of_them.facts)
    (document,) = (dict(zip(told.columns, row, strict=True)) for row in told.documents)
    assert document["document_sha256"] == rows[0][0]
    assert document["publisher"] == "Export Control Joint Unit" and "CAAT" in document["licence_terms"]
    assert dict(all_of_them.facts)["documents below"] == "current, of all sources"
    path = written(tmp_path / "a.xlsx", columns, rows, told)
    assert sheet(path, "provenance")[1][:2] == ["query", sql]

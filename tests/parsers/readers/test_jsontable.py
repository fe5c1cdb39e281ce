"""A table in JSON: the header in the first array, every row whole or rejected, everything else refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.document import Document
from parsers.readers.jsontable import read_json_table
from parsers.record import DocumentError, Reject, Row


def document(text: str | bytes) -> Document:
    content = text if isinstance(text, bytes) else text.encode()
    return Document(content=content, media_type="application/json", name="t.json")


def read(text: str | bytes, **options: list[str]) -> list[Row | Reject]:
    return list(read_json_table(document(text), **{"required": ["A"], **options}))


def test_cells_stand_under_their_header_and_rows_on_their_line() -> None:
    rows = read('[["B","A"],\n["1","x"],\n\n["2","y"]]')
    assert [(r.row, r.cells) for r in rows if isinstance(r, Row)] == [
        (2, {"B": "1", "A": "x"}),
        (4, {"B": "2", "A": "y"}),
    ]
    assert rows[0].raw == '["1","x"]'


def test_rows_on_one_line_are_numbered_with_the_header_as_one() -> None:
    assert [r.row for r in read('[["A"],["1"],["2"]]')] == [2, 3]


def test_rows_keep_their_line_in_a_file_that_is_pretty_printed() -> None:
    rows = read(json.dumps([["A", "B"], ["1", "2"], ["3", "4"]], indent=1))
    assert [r.row for r in rows] == [6, 10]


def test_null_is_a_blank_cell() -> None:
    (row,) = read('[["A","B"],["1",null]]')
    assert isinstance(row, Row) and row.cells == {"A": "1", "B": ""}


@pytest.mark.parametrize("cell", ["1", "1.5", "true", "[]", "{}", "NaN"])
def test_a_cell_that_is_no_string_rejects_its_row(cell: str) -> None:
    (row,) = read(f'[["A"],[{cell}]]')
    assert isinstance(row, Reject) and row.row == 2 and "A holds" in row.reason


def test_a_row_of_another_length_is_rejected_with_both_lengths() -> None:
    (row,) = read('[["A","B"],["1"]]')
    assert isinstance(row, Reject)
    assert row.reason == "expected 2 cells as in the header, found 1"


def test_a_repeated_header_is_one_column_where_its_cells_agree() -> None:
    same, differing = read('[["A","B","A"],["1","2","1"],["1","2","3"]]')
    assert isinstance(same, Row) and same.cells == {"A": "1", "B": "2"}
    assert isinstance(differing, Reject) and "stands twice" in differing.reason


@pytest.mark.parametrize("text", ["", " \r\n", b"\xef\xbb\xbf"])
def test_an_empty_document_has_no_rows(text: str | bytes) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("error: error: unknown variable 'GEN_VAL_MO'", "unknown variable 'GEN_VAL_MO'"),
        ("<html><title>Invalid Key</title></html>", "Invalid Key"),
        ('{"A": "1"}', "expected a JSON array of arrays"),
        ("[]", "the array is empty"),
        ('["A"]', "not a header"),
        ('[["A"],["1"]', "breaks off"),
        ('[["A"],["1"', "line 1"),
        ('[["A"],["1"]] x', "text follows"),
        ('[["A"] ["1"]]', "breaks off"),
        ('[["B"],["1"]]', "column A is missing; the header holds: B"),
        ("[" * 100_000, "not readable as JSON"),
        (b'[["A"],["\xff"]]', "not UTF-8"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(text: str | bytes, says: str) -> None:
    with pytest.raises(DocumentError, match=says.replace("[", r"\[")):
        read(text)


def test_an_unknown_column_is_refused_by_name_where_all_are_known() -> None:
    with pytest.raises(DocumentError, match="unknown column C in the header"):
        read('[["A","C"],["1","2"]]', known=["A", "B"])


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=20), st.sampled_from([None, 0, 2]))
def test_every_cell_comes_back_as_it_was_written(rows: list[list[str]], indent: int | None) -> None:
    text = json.dumps([["A", "B"], *rows], indent=indent)
    read_back = read(text)
    assert [list(r.cells.values()) for r in read_back if isinstance(r, Row)] == rows
    assert len({r.row for r in read_back}) == len(rows)

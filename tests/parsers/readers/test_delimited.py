"""Delimited text: known headers or a refusal that names the difference; every line has its place."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.document import Document
from parsers.parsed import Parsed, interpret_rows
from parsers.readers.delimited import cells_of, header_of, read_delimited
from parsers.record import DocumentError, Grain, Record, Row, Stage

HEADER = ["a", "b", "c"]


def document(content: str | bytes) -> Document:
    raw = content if isinstance(content, bytes) else content.encode("utf-8")
    return Document(content=raw, media_type="text/csv", name="t.csv")


def read(content: str | bytes, **options: object) -> list[Row]:
    return list(read_delimited(document(content), **{"header": HEADER, **options}))  # type: ignore[arg-type]  # test options


def refusal(content: str | bytes, **options: object) -> str:
    with pytest.raises(DocumentError) as caught:
        read(content, **options)
    return caught.value.reason


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_mark_do_not_matter(end: str, mark: bytes) -> None:
    rows = read(mark + f"a,b,c{end}1,é,3{end}4,5,6{end}".encode())
    assert [row.cells for row in rows] == [{"a": "1", "b": "é", "c": "3"}, {"a": "4", "b": "5", "c": "6"}]
    assert [row.row for row in rows] == [2, 3]


def test_mixed_line_ends_and_a_missing_last_one() -> None:
    assert [row.row for row in read("a,b,c\r\n1,2,3\n4,5,6")] == [2, 3]


def test_row_is_the_line_on_which_the_entry_begins() -> None:
    rows = read('a,b,c\n1,"two\nlines",3\n\n4,5,6\n')
    assert [(row.row, row.cells["b"]) for row in rows] == [(2, "two\nlines"), (5, "5")]
    assert rows[0].text == '1,"two\nlines",3'


def test_cells_stay_verbatim_and_cells_of_takes_the_padding_off() -> None:
    (row,) = read('a,b,c\n x ,"MEXICO   ",\n')
    assert row.cells == {"a": " x ", "b": "MEXICO   ", "c": ""}
    assert cells_of(row) == {"a": "x", "b": "MEXICO", "c": ""}


def test_broken_quoted_header_is_read_as_it_stands() -> None:
    rows = read('id;" ""year""";x\n1;2007;3\n', header=["id", ' "year"', "x"], delimiter=";")
    assert rows[0].cells == {"id": "1", ' "year"': "2007", "x": "3"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("a,b\n1,2\n", "the header is not as known: missing 'c'"),
        ("a,b,c,d\n1,2,3,4\n", "the header is not as known: unknown 'd'"),
        ("a,b,C\n1,2,3\n", "the header is not as known: missing 'c'; unknown 'C'"),
        ("a,b,b\n1,2,3\n", "the header names 'b' more than once"),
        ("c,b,a\n1,2,3\n", "the columns stand in another order than known: c, b, a"),
        ("1,2,3\n", "the header is not as known: missing 'a', 'b', 'c'; unknown '1', '2', '3'"),
        ("", "the file has no header line: it is empty or cut off"),
        ("\n\n", "the file has no header line: it is empty or cut off"),
        (
            "<html><body>Not found</body></html>",
            "the header is not as known: missing 'a', 'b', 'c'; unknown ",
        ),
        (b"a,b,c\n1,\xff,3\n", "the file is not utf-8-sig text: invalid start byte in line 2"),
        ("a,b,c\n1,\x00,3\n", "the file holds NUL characters: it is not delimited text"),
        ('a,b,c\n1,"2,3\n', "the file is not well-formed delimited text: "),
        ('a,b,c\n1,"2"x,3\n', "the file is not well-formed delimited text: "),
    ],
)
def test_structure_that_is_not_as_known_is_refused_with_what_differs(
    content: str | bytes, sentence: str
) -> None:
    assert refusal(content).startswith(sentence)


def test_other_headers_and_another_order_only_where_they_are_said_to_be_known() -> None:
    assert read("c,a,b\n3,1,2\n", any_order=True)[0].cells == {"c": "3", "a": "1", "b": "2"}
    assert read("x,y,z\n1,2,3\n", also=[["x", "y", "z"]])[0].cells == {"x": "1", "y": "2", "z": "3"}
    assert "missing 'z'" in refusal("x,y\n1,2\n", also=[["x", "y", "z"]])


def test_preamble_lines_stand_above_a_header_at_a_known_line() -> None:
    rows = read("Report of 2014\n\na,b,c\n1,2,3\n", header_row=3)
    assert [(row.row, row.cells["a"]) for row in rows] == [(4, "1")]


@pytest.mark.parametrize("line", ["1,2", "1,2,3,4", "1,2,3,"])
def test_ragged_row_is_a_reject_at_its_line_and_others_stay(line: str) -> None:
    def interpret(row: Row) -> list[Record]:
        cells = cells_of(row)
        return [row.record(key=(cells["a"],), stage=Stage.LICENSED, grain=Grain.LICENCE)]

    parsed = Parsed.of(interpret_rows(read(f"a,b,c\n1,2,3\n{line}\n7,8,9\n"), interpret))
    assert [record.row for record in parsed.records] == [2, 4]
    (reject,) = parsed.rejects
    assert (reject.row, reject.raw) == (3, line)
    assert reject.reason.endswith("cells where the header has 3")


def test_header_of_tells_layouts_apart() -> None:
    assert header_of(document('"x y",z\n1,2\n')) == ["x y", "z"]
    with pytest.raises(DocumentError):
        header_of(document(""))


CELL = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=("Cs",)), max_size=8
)


@given(st.lists(st.tuples(CELL, CELL, CELL), max_size=6), st.sampled_from([",", ";", "\t"]))
def test_whatever_is_written_is_read_back(table: list[tuple[str, str, str]], delimiter: str) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([HEADER, *table])
    rows = read(text.getvalue(), delimiter=delimiter)
    kept = [entry for entry in table if any(cell.strip() for cell in entry)]
    assert [tuple(row.cells.values()) for row in rows] == kept
    lines = [row.row for row in rows]
    assert lines == sorted(set(lines))

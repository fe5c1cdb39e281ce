"""Text out of light markup: tags gone, references resolved, lines where they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.document import Document
from parsers.readers.markup import Line, read_json, text_lines, text_of
from parsers.record import DocumentError


def document(content: bytes | str) -> Document:
    return Document(
        content=content if isinstance(content, bytes) else content.encode(), media_type="text/html", name="x"
    )


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        ('<html>\n<pre>\na &amp; b <a href="x">c</a>\n</pre>', [(1, ""), (2, ""), (3, "a & b c"), (4, "")]),
        ("<p>one</p><p>two</p>", [(1, ""), (1, "one"), (1, ""), (1, "two"), (1, "")]),
        ("<a\nb='1'>x\ny", [(1, ""), (2, "x"), (3, "y")]),
        ("<b>1 < 2 and 3 > 2</b>", [(1, "1 < 2 and 3 > 2")]),
        ("<x>&lt;DOC&gt;", [(1, "<DOC>")]),
        ("<style>a\nb</style>c", [(1, ""), (2, "c")]),
        ("plain <kept>\r\nnext\rlast", [(1, "plain <kept>"), (2, "next"), (3, "last")]),
        ("<script>never closed\n", [(1, ""), (2, "")]),
    ],
)
def test_lines_keep_their_numbers(markup: str, lines: list[tuple[int, str]]) -> None:
    assert text_lines(document(markup)) == [Line(number, text) for number, text in lines]


@given(st.text(max_size=200))
def test_any_text_gives_lines_in_order(text: str) -> None:
    if "\0" not in text:
        numbers = [line.number for line in text_lines(document(text.encode("utf-8", "ignore")))]
        assert numbers == sorted(numbers) and numbers[0] == 1


def test_an_entity_is_never_defined() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
    assert "aaaa" not in "".join(
        line.text for line in text_lines(document(bomb)) if "ENTITY" not in line.text
    )


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("Secretar[iacute]a de Marina", "Secretaría de Marina"),
        ("Pe[ntilde]a and Fabrica[ccedil][atilde]o", "Peña and Fabricação"),
        ("[August 1, 2020] [sic] [xacute]", "[August 1, 2020] [sic] [xacute]"),
        ("Smith &amp; Wesson &amp;lt;", "Smith & Wesson &lt;"),
    ],
)
def test_letters_that_the_printer_names_in_brackets_are_letters(printed: str, text: str) -> None:
    assert [line.text for line in text_lines(document(printed))] == [text]


@pytest.mark.parametrize("content", [b"\xff", b"a\0b"])
def test_bytes_that_are_no_text_are_refused(content: bytes) -> None:
    with pytest.raises(DocumentError):
        text_of(document(content))


@pytest.mark.parametrize("content", ["[1]", "nope", "", "[" * 100_000, '{"a": 1'])
def test_json_that_is_no_object_is_refused(content: str) -> None:
    with pytest.raises(DocumentError):
        read_json(document(content))


def test_a_json_object() -> None:
    assert read_json(document('\ufeff{"a": 1}')) == {"a": 1}

"""The lines around a record in a text, HTML, CSV or JSON document, with the recognised words marked.

Line numbers are the file's own. Tags of HTML are dropped where they stand, ``\\uXXXX`` escapes of JSON are
shown as characters, a JSON table on one line is shown an entry a line; nothing else is changed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from parsers.document import Document
from parsers.readers.markup import text_lines
from parsers.record import DocumentError

if TYPE_CHECKING:
    from warehouse.evidence import Place

Form = Literal["text", "rows", "cells"]
"""Running text; a table with a row a line; cells of HTML, where a row may go on over some lines."""
Kind = Literal["plain", "said", "words"]
"""``words`` were recognised as a unit's name; ``said`` are the record's other cells."""

_AROUND = 2
_MOST_LINES = 80
_MOST_CELL_LINES = 6
_FIRST_LINES = 40
_WIDEST = 700
_LONGEST = 200
_SHORTEST = 4  # shorter cells of running text would be found anywhere
_PAGE_MARK = re.compile(r"\[\[Page [^\]]{1,12}\]\]")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a line and what it is."""

    text: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line with its number in the file (None for a gap); ``is_row`` marks the record's own lines."""

    number: int | None
    segments: tuple[Segment, ...]
    is_row: bool = False

    @property
    def text(self) -> str:
        """The line without marks."""
        return "".join(segment.text for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Lines of a document; ``note`` says where they are shown otherwise than they stand in the file."""

    lines: tuple[ShownLine, ...]
    note: str


_GAP = ShownLine(None, (Segment("…", "plain"),))


def excerpt_of(place: Place, content: bytes) -> Excerpt:
    """The record's lines in their surroundings, a table's header first; a document's first lines."""
    if content[:2] == b"PK":
        return Excerpt((), "A workbook: its cells are shown below as printed.")
    lines, form, note = _lines_of(content, place)
    is_table = form != "text"
    if place.row is None:
        first = tuple(_shown(number, text, None, is_row=False) for number, text in lines[:_FIRST_LINES])
        return Excerpt((*first, _GAP) if len(lines) > _FIRST_LINES else first, note)
    start = next((at for at, (number, _) in enumerate(lines) if number >= place.row), None)
    if start is None:
        return Excerpt((), f"{note} The document has no line {place.row}.".strip())
    end = _end_of_entry(lines, start, place, form)
    marks, last = _marks([text for _, text in lines[start:end]], place, form)
    if form != "rows":  # for what we show, an entry ends with the last line that says something of the record
        end = start + last + 1
    before, after = max(0, start - _AROUND), min(len(lines), end + _AROUND)
    shown = [
        _shown(
            number,
            text,
            marks[at - start] if start <= at < end else None,
            is_row=start <= at < end,
        )
        for at, (number, text) in enumerate(lines[before:after], before)
    ]
    head = [_shown(*lines[0], None, is_row=False)] if is_table and before > 0 else []
    return Excerpt((*head, *([_GAP] if before > len(head) else []), *shown), note)


# -- lines -------------------------------------------------------------------------------------------------


def _lines_of(content: bytes, place: Place) -> tuple[list[tuple[int, str]], Form, str]:
    """Numbered lines, their form, and what was changed to show them."""
    text, note = _decoded(content)
    begins = text.lstrip()[:1]
    if begins == "<":
        return (
            [*_markup_lines(content, place)],
            "cells" if "<tr" in text[:2_000_000].lower() else "text",
            note,
        )
    if begins in ("{", "["):
        return _json_lines(text, place.row or 1, note)
    is_csv = place.document_name.lower().endswith((".csv", ".tsv")) or place.media_type == "text/csv"
    return list(enumerate(text.splitlines(), 1)), "rows" if is_csv else "text", note


def _decoded(content: bytes) -> tuple[str, str]:
    try:
        text, note = content.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        text, note = (
            content.decode("cp1252", "replace"),
            "The file is not UTF-8; it is shown as Windows-1252.",
        )
    return text.replace("\r\n", "\n").replace("\r", "\n"), note


def _markup_lines(content: bytes, place: Place) -> Iterator[tuple[int, str]]:
    document = Document(content=content, media_type=place.media_type, name=place.document_name)
    try:
        lines = text_lines(document)
    except DocumentError:
        text = html.unescape(re.sub(r"<[^<>]*>", " ", _decoded(content)[0]))
        yield from enumerate(text.splitlines(), 1)
        return
    for number, parts in groupby(lines, key=lambda line: line.number):
        texts = [line.text for line in parts]
        said = [text.strip() for text in texts if text.strip()]
        yield number, texts[0] if len(texts) == 1 else " | ".join(said)


def _json_lines(text: str, row: int, note: str) -> tuple[list[tuple[int, str]], Form, str]:
    lines = text.split("\n")
    is_table = text.lstrip()[:2].replace(" ", "").startswith("[") and text.lstrip()[1:].lstrip()[:1] == "["
    if is_table and len(lines) < row:
        lines = re.sub(r"\]\s*,\s*\[", "],\n[", text).split("\n")
        note = f"{note} The table stands on one line; it is shown an entry a line.".strip()
    unescaped = [_ESCAPE.sub(_character, line) for line in lines]
    return list(enumerate(unescaped, 1)), "rows" if is_table else "text", note


def _character(escape: re.Match[str]) -> str:
    character = chr(int(escape.group(1), 16))
    return character if character.isprintable() else escape.group()


def _end_of_entry(lines: Sequence[tuple[int, str]], start: int, place: Place, form: Form) -> int:
    """Index after the record's last line: of a row (a quoted cell may hold breaks), else before the next
    record.
    """
    end = start + 1
    if form == "rows":
        quotes = lines[start][1].count('"')
        while quotes % 2 and end < min(len(lines), start + _MOST_LINES):
            quotes += lines[end][1].count('"')
            end += 1
        return end
    most = _MOST_LINES if form == "text" else _MOST_CELL_LINES
    while end < min(len(lines), start + most):
        if place.next_row is not None and lines[end][0] >= place.next_row:
            break
        end += 1
    return end


# -- marks -------------------------------------------------------------------------------------------------


def _marks(texts: Sequence[str], place: Place, form: Form) -> tuple[list[list[Kind | None]], int]:
    """For each character of each line what it belongs to: None, said or words; and the record's last line.

    A cell that is a whole letter tells how far the record goes and is not painted.
    """
    last = 0
    marks: list[list[Kind | None]] = [[None] * len(text) for text in texts]
    stream = _Stream(texts)
    cells = () if form == "rows" or place.verbatim is None else place.verbatim.values()
    for text in (*cells, *place.parties):
        if len(text) >= (_SHORTEST if form == "text" else 2):
            found = stream.find(text)
            if form == "cells" and found and found[0][0] > 0:
                continue  # later lines may be other rows
            last = max([last, *(line for line, _ in found[-1:])])
            if len(text) <= _LONGEST:
                _paint(marks, found, "said")
    for party, words in place.words:
        found = stream.find(words, within=stream.find(party))
        last = max([last, *(line for line, _ in found[-1:])])
        _paint(marks, found, "words")
    return marks, last


def _paint(marks: list[list[Kind | None]], places: Iterable[tuple[int, int]], kind: Kind) -> None:
    by_line: dict[int, list[int]] = {}
    for line, column in places:
        by_line.setdefault(line, []).append(column)
    for line, columns in by_line.items():
        for column in range(min(columns), max(columns) + 1):
            marks[line][column] = kind


class _Stream:
    """Letters and digits of some lines, so that a phrase is found across blanks, breaks and hyphens."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._places = [
            (line, column)
            for line, text in enumerate(texts)
            for column, character in enumerate(_PAGE_MARK.sub(lambda mark: " " * len(mark.group()), text))
            if character.isalnum()
        ]
        self._letters = "".join(texts[line][column].lower()[:1] for line, column in self._places)

    def find(self, phrase: str, within: Sequence[tuple[int, int]] = ()) -> list[tuple[int, int]]:
        """Where each letter of the phrase stands, where it first occurs as whole words; empty if nowhere."""
        wanted = "".join(character.lower()[:1] for character in phrase if character.isalnum())
        if not wanted:
            return []
        begin = self._places.index(within[0]) if within else 0
        stop = self._places.index(within[-1]) + 1 if within else len(self._places)
        at = self._letters.find(wanted, begin, stop)
        while at >= 0:
            if self._is_whole(at, at + len(wanted)):
                return self._places[at : at + len(wanted)]
            at = self._letters.find(wanted, at + 1, stop)
        return []

    def _is_whole(self, start: int, end: int) -> bool:
        (line, column), (last, last_column) = self._places[start], self._places[end - 1]
        before, after = self._texts[line][:column][-1:], self._texts[last][last_column + 1 :][:1]
        return not before.isalnum() and not after.isalnum()


def _shown(number: int, text: str, marks: Sequence[Kind | None] | None, *, is_row: bool) -> ShownLine:
    """A line in segments; one of a great length is cut to what is marked in it."""
    marks = marks or [None] * len(text)
    start, end = 0, len(text)
    if end > _WIDEST:
        marked = [at for at, kind in enumerate(marks) if kind] or [0]
        start = max(0, min(marked) - _WIDEST // 4)
        end = min(len(text), max(start + _WIDEST, min(max(marked) + _WIDEST // 4, start + 4 * _WIDEST)))
    segments = []
    at = start
    for kind, run in groupby(marks[start:end]):
        length = len(list(run))
        segments.append(Segment(text[at : at + length], kind or "plain"))
        at += length
    if start > 0:
        segments.insert(0, Segment("… ", "plain"))
    if end < len(text):
        segments.append(Segment(" …", "plain"))
    return ShownLine(number, tuple(segments), is_row)

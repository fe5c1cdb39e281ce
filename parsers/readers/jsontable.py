"""A table in JSON: an array of arrays of strings, the first of which is the header."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from typing import NoReturn

from parsers.document import Document
from parsers.progress import BLOCK, counted, tick
from parsers.record import DocumentError, Reject, Row

_BLANK = " \t\r\n"
_HALF = re.compile("[\ud800-\udfff]")  # a lone surrogate, which only an escape can bring: no text holds it
_DECODER = json.JSONDecoder()
_SHOWN = 200
MAX_ROWS = 2_000_000


def read_json_table(
    document: Document, *, required: Collection[str], known: Collection[str] | None = None
) -> Iterator[Row | Reject]:
    """Rows of an array of arrays of strings, by the header that its first array holds, in any order.

    ``required`` columns must be there; with ``known``, any other column is an error. The same header may
    stand twice (a service repeats what was asked for twice) when both cells of each row agree. ``null`` is
    a blank cell. ``Row.row`` is the line on which the entry begins, or its ordinal (header = 1) where
    several entries share a line.

    An empty document gives no row. A row of another length, with a cell that is no string, or with two
    different cells under one header is a Reject. Raises DocumentError when the document is no such table;
    text that is not JSON, such as a service's error message, is quoted in it.
    """
    text = _text_of(document)
    if not text.strip(_BLANK):
        return
    entries = _entries(text)
    header = _header(entries[0][2], required, known)
    lines = [line for line, _raw, _cells in entries]
    by_line = len(set(lines)) == len(lines)
    for ordinal, (line, raw, cells) in enumerate(counted(entries[1:]), start=2):
        yield _row(header, cells, row=line if by_line else ordinal, raw=raw)


def _text_of(document: Document) -> str:
    try:
        return document.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(f"not UTF-8 text: byte {error.start} cannot be decoded") from None


def _entries(text: str) -> list[tuple[int, str, object]]:
    """Each element of the outer array: its line from 1, its text as written, and its value."""
    at = _skip(text, 0)
    if text[at] != "[":
        _not_a_table(text)
    entries: list[tuple[int, str, object]] = []
    line, counted = 1, 0
    at = _skip(text, at + 1)
    while text[at : at + 1] != "]":
        try:
            value, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):  # no JSON, a number of thousands of digits, nested too deep
            _not_a_table(text, line + text.count("\n", counted, at))
        line += text.count("\n", counted, at)
        counted = at
        entries.append((line, text[at:end], value))
        if len(entries) % BLOCK == 0:
            tick()
        if len(entries) > MAX_ROWS:
            raise DocumentError(f"more than {MAX_ROWS} rows in one table", row=line)
        at = _skip(text, end)
        if text[at : at + 1] not in {",", "]"}:
            raise DocumentError(f"the table breaks off after row {len(entries)}", row=line)
        at = _skip(text, at + 1) if text[at] == "," else at
    if _skip(text, at + 1) < len(text):
        raise DocumentError("text follows the end of the table")
    if not entries:
        raise DocumentError("a table without a header: the array is empty")
    return entries


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANK:
        at += 1
    return at


def _not_a_table(text: str, line: int | None = None) -> NoReturn:
    shown = " ".join(text.split())[:_SHOWN]
    if line is None:
        raise DocumentError(f"expected a JSON array of arrays, the publisher answered: {shown}")
    raise DocumentError(f"not readable as JSON at line {line}; it begins: {shown}", row=line)


def _header(first: object, required: Collection[str], known: Collection[str] | None) -> Sequence[str]:
    if not isinstance(first, list) or not all(isinstance(name, str) for name in first):
        raise DocumentError(f"the first row is not a header of column names: {str(first)[:_SHOWN]}")
    missing = sorted(set(required) - set(first))
    if missing:
        raise DocumentError(f"column {', '.join(missing)} is missing; the header holds: {', '.join(first)}")
    unknown = [] if known is None else sorted(set(first) - set(known))
    if unknown:
        raise DocumentError(f"unknown column {', '.join(unknown)} in the header")
    return first


def _row(header: Sequence[str], cells: object, *, row: int, raw: str) -> Row | Reject:
    if not isinstance(cells, list):
        return Reject(raw=raw, reason=f"expected a row of {len(header)} cells, found no array", row=row)
    if len(cells) != len(header):
        reason = f"expected {len(header)} cells as in the header, found {len(cells)}"
        return Reject(raw=raw, reason=reason, row=row)
    named: dict[str, str] = {}
    for name, cell in zip(header, cells, strict=True):
        if not (cell is None or isinstance(cell, str)):
            return Reject(raw=raw, reason=f"{name} holds {cell!r}, which is not a string", row=row)
        text = cell or ""
        if _HALF.search(text):
            return Reject(raw=_HALF.sub("\ufffd", raw), reason=f"{name} holds half a character", row=row)
        if named.setdefault(name, text) != text:
            reason = f"{name} stands twice in the header with {named[name]!r} and {text!r} in this row"
            return Reject(raw=raw, reason=reason, row=row)
    return Row(cells=named, row=row, text=raw)

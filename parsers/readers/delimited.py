"""The one reader of delimited text (CSV): known headers or nothing, every line accounted for.

Knowledge: sources.md sections E.5, E.6 and E.10 (line breaks inside quotes, byte order mark, mixed line ends,
broken quoted headers, lossy decoding).
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from parsers.document import Document
from parsers.progress import counted
from parsers.record import CellError, DocumentError, Row

_MAX_CELL = 1_000_000
_MAX_COLUMNS = 1_000
_MAX_ROWS = 2_000_000
_MAX_PREAMBLE = 30
RAGGED = "\x00ragged"
"""The key under which a row of the wrong width keeps the sentence that says so; no header holds it."""


@dataclass(frozen=True, slots=True)
class _Line:
    first: int
    text: str
    cells: list[str]


def read_delimited(
    document: Document,
    *,
    header: Sequence[str],
    also: Sequence[Sequence[str]] = (),
    delimiter: str = ",",
    encoding: str = "utf-8-sig",
    header_row: int = 1,
    any_order: bool = False,
) -> Iterator[Row]:
    """The rows below a known header, each with its verbatim cells and the file's line on which it begins.

    ``header`` is the exact list of headers, ``also`` other lists that may stand in its place; ``header_row``
    the line it stands on (lines above it are preamble); ``any_order`` admits the headers in another order.
    A row of another width than the header has its cells under ``RAGGED``, for ``cells_of`` to refuse; wholly
    blank lines are no rows. Raises DocumentError when the header differs (naming the difference), repeats a
    name or is missing, when the bytes are not of ``encoding``, and when a quote is left open.
    """
    lines = _lines(_text(document, encoding), delimiter)
    found = next((line for line in lines if line.first >= header_row), None)
    if found is None:
        raise DocumentError("the file has no header line: it is empty or cut off")
    names = found.cells
    _check_header(names, [header, *also], any_order)
    for number, line in enumerate(counted(lines), start=1):
        if number > _MAX_ROWS:
            raise DocumentError(f"more than {_MAX_ROWS} rows in one table", row=line.first)
        if len(line.cells) != len(names):
            sentence = f"the row has {len(line.cells)} cells where the header has {len(names)}"
            yield Row(cells={RAGGED: sentence}, row=line.first, text=line.text)
        else:
            yield Row(cells=dict(zip(names, line.cells, strict=True)), row=line.first, text=line.text)


def cells_of(row: Row) -> dict[str, str]:
    """A copy of a row's cells with the blanks around them taken off, to pop from.

    Raises CellError for a row of the wrong width, which is how such a row becomes a Reject.
    """
    if RAGGED in row.cells:
        raise CellError(row.cells[RAGGED])
    return {name: cell.strip() for name, cell in row.cells.items()}


def header_of(document: Document, *, delimiter: str = ",", encoding: str = "utf-8-sig") -> list[str]:
    """The first line's cells, verbatim, to tell layouts apart. DocumentError for an empty file."""
    first = next(_lines(_text(document, encoding), delimiter), None)
    if first is None:
        raise DocumentError("the file has no header line: it is empty or cut off")
    if len(first.cells) > _MAX_COLUMNS:
        raise DocumentError(
            f"the header has {len(first.cells)} columns; at most {_MAX_COLUMNS} are read", row=first.first
        )
    return first.cells


def header_place(
    document: Document,
    is_header: Callable[[list[str]], bool],
    *,
    delimiter: str = ",",
    encoding: str = "utf-8-sig",
) -> tuple[list[str], int, list[str]]:
    """The first of the top lines that ``is_header`` accepts: its cells, line, and the texts above it.

    Where none of them is a header, the first line is given: it is for the caller to say what it lacks.
    """
    above: list[str] = []
    for line in islice(_lines(_text(document, encoding), delimiter), _MAX_PREAMBLE):
        if is_header(line.cells):
            return line.cells, line.first, above
        above.append(" ".join(filter(None, line.cells)))
    return header_of(document, delimiter=delimiter, encoding=encoding), 1, []


def _text(document: Document, encoding: str) -> str:
    try:
        text = document.content.decode(encoding)
    except UnicodeDecodeError as error:
        line = document.content[: error.start].count(b"\n") + 1
        raise DocumentError(
            f"the file is not {encoding} text: {error.reason} in line {line}", row=line
        ) from None
    if "\x00" in text:
        raise DocumentError("the file holds NUL characters: it is not delimited text")
    return text


def _lines(text: str, delimiter: str) -> Iterator[_Line]:
    """Logical lines; a quoted cell may span physical ones, and the first of them is the place."""
    csv.field_size_limit(_MAX_CELL)
    physical: list[str] = []

    def feed() -> Iterator[str]:
        for piece in io.StringIO(text, newline=""):
            physical.append(piece)
            yield piece

    reader = csv.reader(feed(), delimiter=delimiter, strict=True)
    first = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise DocumentError(f"the file is not well-formed delimited text: {error}", row=first) from None
        if any(cell.strip() for cell in cells):
            yield _Line(first, "".join(physical).rstrip("\r\n"), cells)
        physical.clear()
        first = reader.line_num + 1


def _check_header(names: list[str], layouts: Sequence[Sequence[str]], any_order: bool) -> None:
    if len(names) > _MAX_COLUMNS:
        raise DocumentError(f"the header has {len(names)} columns; at most {_MAX_COLUMNS} are read", row=1)
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise DocumentError(f"the header names {', '.join(map(repr, twice))} more than once", row=1)
    if any(names == list(one) or (any_order and sorted(names) == sorted(one)) for one in layouts):
        return
    nearest = max(layouts, key=lambda layout: len(set(layout) & set(names)))
    missing = [name for name in nearest if name not in names]
    unknown = [name for name in names if name not in nearest]
    if not missing and not unknown:
        raise DocumentError(f"the columns stand in another order than known: {', '.join(names)}", row=1)
    raise DocumentError(
        "the header is not as known: "
        + "; ".join(
            f"{word} {', '.join(map(repr, columns))}"
            for word, columns in (("missing", missing), ("unknown", unknown))
            if columns
        ),
        row=1,
    )

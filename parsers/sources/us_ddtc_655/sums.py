"""Sums whose label runs on below: "Total for El" above "Salvador", which is no country of its own there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from parsers.readers.pdf import Cell, TableRow
from parsers.readers.pdf_lines import around
from parsers.readers.pdf_marks import without_marks
from parsers.sources.us_ddtc_655 import layout

_MOST_LINES = 6
# lines of one label stand closer than this share of the height of their print
_STEP = 0.9


def with_whole_labels(rows: Iterable[TableRow], figures: Iterable[str]) -> Iterator[TableRow]:
    """The rows, each sum whose name is cut short joined with the lines below that complete it."""
    columns = frozenset(figures)
    held: list[TableRow] = []
    for row in rows:
        if held and not (row.kind == "line" and len(held) <= _MOST_LINES and _goes_on(held[-1], row)):
            yield from _mended(held, columns)
            held = []
        if held or (row.kind == "row" and layout.is_cut_sum(_label(row, columns))):
            held.append(row)
        else:
            yield row
    yield from _mended(held, columns)


def _label(row: TableRow, figures: frozenset[str]) -> str:
    words = (cell.text for name, cell in row.cells.items() if name not in figures and cell.lines)
    return without_marks(" ".join(words))


def _goes_on(above: TableRow, line: TableRow) -> bool:
    height = line.bbox[3] - line.bbox[1]
    return line.page == above.page and line.bbox[1] - above.bbox[3] <= _STEP * height


def _mended(held: list[TableRow], figures: frozenset[str]) -> Iterator[TableRow]:
    """The sum with as many of the lines as name a country together; the lines left over behind it."""
    if not held:
        return
    row, lines = held[0], held[1:]
    label = _label(row, figures)
    for taken in range(len(lines), 0, -1):
        if layout.is_sum_of_country(" ".join([label, *(without_marks(line.text) for line in lines[:taken])])):
            yield _joined(row, lines[:taken], figures)
            yield from lines[taken:]
            return
    yield from held


def _joined(row: TableRow, lines: list[TableRow], figures: frozenset[str]) -> TableRow:
    named = [name for name, cell in row.cells.items() if name not in figures and cell.lines]
    own = row.cells[named[-1]]
    box = own.bbox
    for line in lines:
        box = around(box, line.bbox)
    whole = Cell((*own.lines, *(line.text for line in lines)), box)
    text = " ".join([row.text, *(line.text for line in lines)])
    return replace(
        row, cells={**row.cells, named[-1]: whole}, text=text, bbox=around(row.bbox, box) or row.bbox
    )

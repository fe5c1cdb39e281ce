"""A country's cell that is merged over its rows, where bands of grey cut it: its name is that of all of them.

The bands are filled boxes across the table, one a row, and their edges look like lines. The cell ends at the
lines that are no edge of a band.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby, pairwise
from typing import NamedTuple

from parsers.readers.pdf import Cell, ColumnLayout, Page, TableRow
from parsers.readers.pdf_marks import without_marks
from parsers.sources.us_ddtc_655 import layout

_COUNTRY = "Country"
_FINE, _EDGE = 0.6, 2.0
# a band is as high as a row: from and to so many times the height of the print
_LEAST, _MOST = 0.8, 8.0


class Lines(NamedTuple):
    """The lines of a page that part its countries, and those that part rows beside them."""

    across: list[float]
    beside: list[float]


class Span(NamedTuple):
    """From where to where a cell reaches, and whether lines beside it end at its edge."""

    top: float
    bottom: float
    is_sure: bool


def lines_of_countries(page: Page, columns: ColumnLayout) -> Lines | None:
    """The drawn lines at countries and beside them on a page with bands; None on any other page."""
    own = next((column for column in columns.columns if column.name == _COUNTRY), None)
    if own is None or columns.header_page:
        return None
    beside: list[float] = []
    edges: list[tuple[float, float, float]] = []
    for y, x0, x1 in page.across.tolist():
        if x0 - _FINE <= own.x0 and own.x1 <= x1 + _FINE:
            edges.append((y, x0, x1))
        elif x1 <= own.x0 + _FINE or x0 >= own.x1 - _FINE:
            beside.append(y)
    bands = list(_bands(page, own.x0, own.x1))
    for top, bottom, left, right in bands:
        for y in (top, bottom):
            at = next((edge for edge in edges if _same(edge, (y, left, right))), None)
            if at is not None:
                edges.remove(at)
    return Lines(sorted({round(y, 1) for y, _, _ in edges}), beside) if bands else None


def _spans(lines: Lines | None, rows: list[TableRow]) -> list[Span]:
    """The cells of countries; the table's first row begins one, and its last row ends one, without a line.

    None where no line parts countries on the page: one that has ended may go on above the name of the next.
    """
    boxes = [row.bbox for row in rows if row.kind == "row" and _COUNTRY in row.cells]
    if lines is None or not boxes:
        return []
    top, bottom = boxes[0][1], boxes[-1][3]
    within = [y for y in lines.across if top + _EDGE < y < bottom - _EDGE]
    if not within:
        return []
    return [
        Span(a, b, any(a + _FINE < y < b - _FINE for y in lines.beside))
        for a, b in pairwise([top, *within, bottom])
    ]


def _bands(page: Page, x0: float, x1: float) -> Iterator[tuple[float, float, float, float]]:
    """Boxes over the column and others beside it that are as high as a row: top, bottom, left, right."""
    sides = sorted((top, bottom, x) for x, top, bottom in page.down.tolist())
    height = page.print_height
    for (top, bottom), group in groupby(sides, key=lambda side: (round(side[0], 1), round(side[1], 1))):
        found = [x for _, _, x in group]
        left, right = min(found), max(found)
        if _LEAST * height <= bottom - top <= _MOST * height and (left <= x0 + _FINE and right > x1 + _FINE):
            yield top, bottom, left, right


def _same(one: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    return all(abs(a - b) <= _FINE for a, b in zip(one, other, strict=True))


def with_merged_names(rows: Iterable[TableRow], lines: Mapping[int, Lines | None]) -> Iterator[TableRow]:
    """The rows, those whose part of a merged cell is blank with the name that stands in another part of it.

    ``lines`` by page, known when the first row of the page comes. A page is left as it is where a cell holds
    more than one name: its lines do not part the countries.
    """
    for page, of_page in groupby(rows, key=lambda row: row.page):
        whole = list(of_page)
        spans = _spans(lines.get(page), whole)
        members = [[at for at, row in enumerate(whole) if _is_in(row, span)] for span in spans]
        printed = [[whole[at].cells[_COUNTRY] for at in inside] for inside in members]
        names = [_name(_filled(of_cell)) for of_cell in printed]
        parted = all(name or not _filled(of_cell) for name, of_cell in zip(names, printed, strict=True))
        several = sum(name is not None for name in names) > 1
        for span, inside, name in zip(spans, members, names, strict=True):
            own = [whole[at] for at in inside]
            if name and parted and (span.is_sure or (several and _in_middle(own, span))):
                for at, row in zip(inside, own, strict=True):
                    whole[at] = replace(row, cells={**row.cells, _COUNTRY: name})
        yield from whole


def _filled(cells: list[Cell]) -> list[Cell]:
    return [cell for cell in cells if cell.lines]


def _in_middle(rows: list[TableRow], span: Span) -> bool:
    """Whether the name stands in the middle of its cell, as near as the height of a row."""
    named = [row.bbox for row in rows if row.cells[_COUNTRY].lines]
    middle = (named[0][1] + named[-1][3]) / 2
    return abs(middle - (span.top + span.bottom) / 2) <= (span.bottom - span.top) / len(rows)


def _is_in(row: TableRow, span: Span) -> bool:
    return (
        row.kind == "row"
        and _COUNTRY in row.cells
        and span.top < (row.bbox[1] + row.bbox[3]) / 2 < span.bottom
    )


def _name(printed: list[Cell]) -> Cell | None:
    """The one text that stands in a cell, also where it runs over several of its parts; None where two do."""
    if len(printed) < 2:
        return printed[0] if printed else None
    if any(_is_place(cell) for cell in printed):
        return None
    whole = Cell(tuple(line for cell in printed for line in cell.lines), printed[0].bbox)
    return whole if _is_place(whole) else None


def _is_place(cell: Cell) -> bool:
    return layout.is_place(layout.name_in(without_marks(cell.text)))

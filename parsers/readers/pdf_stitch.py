"""Tables that go on over pages: rows in order, and a row that a page's end has cut made whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from parsers.readers.pdf_lines import around
from parsers.readers.pdf_memory import TableMemory
from parsers.readers.pdf_rows import HEADER, LINE, ROW, column_rows
from parsers.readers.pdf_types import Cell, ColumnLayout, Page, TableRow


def stitch(
    pages: Iterable[Page], layout: ColumnLayout | Callable[[Page], ColumnLayout | None]
) -> Iterator[TableRow]:
    """Rows of a table that goes on over pages, in order; one page is held at a time.

    layout: one for all pages, or a function of the page; where it gives None the last one goes on, and pages
    before the first give nothing. Headers, once they have served, are left out; every other line comes as
    kind "line" or "footnote": the caller carries the country that a heading names, and knows the titles. A
    row cut by a page's end is joined; it keeps the page of its anchor line.
    """
    current: ColumnLayout | None = None
    memory = TableMemory()
    join = _Joiner()
    for page in pages:
        current = (layout(page) if callable(layout) else layout) or current
        if current is None:
            continue
        for row in column_rows(page, current, memory):
            if row.kind != HEADER:
                yield from join.add(row)
        join.rows_of_page = 0
    yield from join.rest()


class _Joiner:
    """Holds the last row and what follows it until it is known whether the next page goes on with it."""

    def __init__(self) -> None:
        self.held: list[TableRow] = []
        """the last row first, then lines after it"""
        self.loose: list[TableRow] = []
        """text below a page's last row that may belong to the next page's first"""
        self.rows_of_page = 0
        self.goes_on = False
        """whether the page's first row has its beginning on the page before"""

    def add(self, row: TableRow) -> Iterator[TableRow]:
        if row.kind == LINE and not row.complete:
            at_head = self.rows_of_page == 0 or (self.rows_of_page == 1 and self.goes_on)
            if self.held and at_head and _one_table(self.held[0], row):
                self.held[0] = _joined(self.held[0], row)
            else:
                self.loose.append(row)
            return
        if row.kind != ROW:
            if self.held:
                self.held.append(row)
            else:
                yield row
            return
        self.rows_of_page += 1
        mine = [cut for cut in self.loose if cut.page < row.page and _one_table(cut, row)]
        strays = [replace(cut, complete=True) for cut in self.loose if cut not in mine]
        if self.rows_of_page == 1:
            self.goes_on = bool(mine)
        for cut in reversed(mine):
            row = _joined(row, cut, before=True)
        self.loose = []
        yield from self.held
        yield from strays
        self.held = [row]

    def rest(self) -> Iterator[TableRow]:
        yield from self.held
        yield from (replace(cut, complete=True) for cut in self.loose)


def _one_table(row: TableRow, cut: TableRow) -> bool:
    """Whether both have the same columns; text of another table's columns goes on in no row of this one."""
    return row.cells.keys() == cut.cells.keys()


def _joined(row: TableRow, cut: TableRow, before: bool = False) -> TableRow:
    """The row with the cut lines' cells added; boxes stay those of the row's own page."""
    cells = dict(row.cells)
    for name, cell in cut.cells.items():
        if cell.lines:
            own = cells[name]
            lines = (*cell.lines, *own.lines) if before else (*own.lines, *cell.lines)
            cells[name] = Cell(lines, around(own.bbox, cell.bbox) if cut.page == row.page else own.bbox)
    return replace(row, cells=cells, text=" ".join(c.text for c in cells.values() if c.lines))

"""Rows that a page's end has cut: lines that stand clearly with a row are its own, others put it in doubt.

Cells are centred around the line of their row. Where the end of a page takes the lower half of a cell away,
the upper half is no longer centred, and the reader gives it to no row. Lines of a row stand closer than rows:
a line nearer to the last row of a page (or its first) than to the row on its other side is part of that row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from statistics import median

from parsers.readers.pdf import BBox, Cell, TableRow
from parsers.readers.pdf_lines import around

_CLEARLY = 1.5
"""points by which the one row must be nearer than the other"""
_ALIGNED = 0.3
"""of the distance of two lines: how far a cell may stand from where its alignment puts it"""
_MOSTLY = 0.7
"""of all wrapped cells: so many show how a report aligns its cells"""
_FIGURES = ("Qty", "Total Cost", "Start Date", "End Date")


@dataclass
class Cuts:
    """Reads rows page by page, with the page before and behind; remembers how the report aligns its cells."""

    is_stray: Callable[[TableRow], bool]
    hanging: bool = False
    """whether cells are known to hang from the first line of their row: no line above a row is its own"""
    _votes: Counter[_Fits] = field(default_factory=Counter)
    _wrapped: int = 0

    def whole_rows(self, rows: Iterable[TableRow]) -> Iterator[tuple[TableRow, str]]:
        """The rows with the lines that are clearly their own; with a row in doubt the text that shows it."""
        before: list[TableRow] = []
        here: list[TableRow] = []
        for _, page in groupby(rows, key=lambda row: row.page):
            behind = list(page)
            yield from self._page(before, here, behind)
            before, here = here, behind
        yield from self._page(before, here, [])

    def _page(
        self, before: list[TableRow], here: list[TableRow], behind: list[TableRow]
    ) -> Iterator[tuple[TableRow, str]]:
        rows = [*before, *here, *behind]
        own = range(len(before), len(before) + len(here))
        taken: set[int] = set()
        strays = [n for n, row in enumerate(rows) if self.is_stray(row)]
        # from the row outwards, so that each line is measured from the one that is already taken
        for order in (strays, strays[::-1]):
            for number in order:
                if number not in taken and (owner := self._owner(rows, number, taken)) is not None:
                    rows[owner] = _with(rows[owner], rows[number], before=owner > number)
                    taken.add(number)
        doubts: dict[int, str] = {}
        for number in strays:
            if number not in taken:
                beside = self._beside(rows, number)
                doubts.update({at: rows[number].text for at in beside if at is not None})
        for number, text in self._lopsided(rows, own):
            doubts.setdefault(number, text)
        yield from ((rows[n], doubts.get(n, "")) for n in own if n not in taken)

    def _beside(self, rows: list[TableRow], number: int) -> tuple[int | None, int | None]:
        """The rows above and below a line that it may be a part of."""
        above, below = range(number - 1, -1, -1), range(number + 1, 0 if self.hanging else len(rows))
        return _next_row(rows, above), _next_row(rows, below)

    def _owner(self, rows: list[TableRow], number: int, taken: set[int]) -> int | None:
        """The row that a line stands with: the page's last row from above, or its first from below."""
        stray = rows[number]
        above, below = self._beside(rows, number)
        gaps = {
            at: gap
            for at, gap in ((above, _gap(rows, above, stray)), (below, _gap(rows, below, stray)))
            if at is not None and gap is not None
        }
        if not gaps:
            return None
        nearest = min(gaps, key=lambda at: gaps[at])
        height = stray.bbox[3] - stray.bbox[1]
        clear = gaps[nearest] < height / 2 and all(
            gap - gaps[nearest] >= _CLEARLY for at, gap in gaps.items() if at != nearest
        )
        between = range(min(nearest, number) + 1, max(nearest, number))
        return nearest if clear and _at_page_end(rows, nearest) and all(n in taken for n in between) else None

    def _lopsided(self, rows: list[TableRow], own: range) -> list[tuple[int, str]]:
        """Rows with a cell that does not stand as the report's cells do: it lacks lines, or has others'.

        A cell of n lines that is centred reaches as far above the row's line as below it; at a page's end one
        of both is enough, for the other is on the other page.
        """
        steps = [step for row in rows if row.kind == "row" for step in _steps(row)]
        if not steps:
            return []
        ways: tuple[_Fits, ...] = (_centred, _hanging)
        misfits = {fits: list(_misfits(rows, own, fits, median(steps))) for fits in ways}
        wrapped = sum(len(list(_steps(rows[n]))) for n in own if rows[n].kind == "row")
        self._wrapped += wrapped
        for fits in ways:
            self._votes[fits] += wrapped - len(misfits[fits])
        fits = max(ways, key=lambda way: self._votes[way])
        return misfits[fits] if self._votes[fits] >= _MOSTLY * self._wrapped else []


_Fits = Callable[[BBox, BBox, int, float, bool], bool]


def _steps(row: TableRow) -> Iterator[float]:
    """The distance of two lines, of each wrapped cell."""
    for cell in row.cells.values():
        if len(cell.lines) > 1 and cell.bbox:
            yield (cell.bbox[3] - cell.bbox[1] - _print(row)) / (len(cell.lines) - 1)


def _misfits(rows: list[TableRow], own: range, fits: _Fits, step: float) -> Iterator[tuple[int, str]]:
    for number in own:
        row = rows[number]
        boxes = (row.cells[name].bbox for name in _FIGURES if name in row.cells)
        line = next((box for box in boxes if box), None)
        if row.kind != "row" or line is None:
            continue
        at_end = _at_page_end(rows, number)
        for cell in row.cells.values():
            wrapped = len(cell.lines) > 1 or (cell.lines and at_end)
            if wrapped and not (cell.bbox and fits(cell.bbox, line, len(cell.lines), step, at_end)):
                yield number, cell.text
                break


def _centred(cell: BBox, line: BBox, lines: int, step: float, at_end: bool) -> bool:
    reach, room = (lines - 1) / 2 * step, _ALIGNED * step
    sides = abs(line[1] - cell[1] - reach) <= room, abs(cell[3] - line[3] - reach) <= room
    return any(sides) if at_end else all(sides)


def _hanging(cell: BBox, line: BBox, _lines: int, step: float, _at_end: bool) -> bool:
    return abs(cell[1] - line[1]) <= _ALIGNED * step


def _print(row: TableRow) -> float:
    """The height of a line of the row's print."""
    boxes = [c.bbox for c in row.cells.values() if c.bbox and len(c.lines) == 1]
    return boxes[0][3] - boxes[0][1] if boxes else 0.0


def _gap(rows: list[TableRow], at: int | None, stray: TableRow) -> float | None:
    """Points between a line and a row of the same page; negative where they overlap."""
    if at is None or rows[at].page != stray.page:
        return None
    return max(rows[at].bbox[1] - stray.bbox[3], stray.bbox[1] - rows[at].bbox[3])


def _at_page_end(rows: list[TableRow], at: int) -> bool:
    beside = (_next_row(rows, range(at - 1, -1, -1)), _next_row(rows, range(at + 1, len(rows))))
    return any(n is None or rows[n].page != rows[at].page for n in beside)


def _next_row(rows: list[TableRow], numbers: Iterable[int]) -> int | None:
    return next((n for n in numbers if rows[n].kind == "row"), None)


def _with(row: TableRow, stray: TableRow, before: bool) -> TableRow:
    cells = dict(row.cells)
    for name, cell in stray.cells.items():
        if cell.lines:
            own = cells[name]
            lines = (*cell.lines, *own.lines) if before else (*own.lines, *cell.lines)
            cells[name] = Cell(lines, around(own.bbox, cell.bbox))
    box = around(row.bbox, stray.bbox) or row.bbox
    return replace(row, cells=cells, text=" ".join(c.text for c in cells.values() if c.lines), bbox=box)

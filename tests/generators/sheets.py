"""Pages of tables as PDF, set cell by cell: any columns, wraps, rules, alignment, raised marks, cut rows.

What is drawn is known to whoever draws it. Knows nothing of the parsers.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas


@dataclass(frozen=True)
class Column:
    """A column between two x, with its title line by line."""

    title: tuple[str, ...]
    x0: float
    x1: float
    align: str = "left"


def column(title: str, x0: float, x1: float, align: str = "left") -> Column:
    """A column whose title is broken where it has a bar: "Calendar|Year"."""
    return Column(tuple(title.split("|")), x0, x1, align)


@dataclass
class Sheet:
    """A pen on pages. ``y`` is the distance from the top, in points; ``valign`` that of cells in their row."""

    columns: Sequence[Column]
    page: tuple[float, float] = (612, 792)
    size: float = 8
    step: float = 10
    gap: float = 4
    top: float = 60
    bottom: float = 60
    inset: float = 3
    valign: str = "top"
    ruled: bool = False
    repeat: bool = True
    running: str = ""
    number: str = "Page {}"
    y: float = field(default=0, init=False)
    pageno: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._buffer = io.BytesIO()
        self.canvas = Canvas(self._buffer, pagesize=self.page, invariant=1)
        self._borders: list[float] = []
        self._titled = False
        self._begin()

    def text(
        self, x: float, y: float, text: str, *, bold: bool = False, size: float | None = None, align: str = ""
    ) -> float:
        """Write at a place; gives the x where the text ends."""
        font, height = "Helvetica-Bold" if bold else "Helvetica", size or self.size
        wide = stringWidth(text, font, height)
        x -= {"right": wide, "centre": wide / 2}.get(align, 0)
        self.canvas.setFont(font, height)
        self.canvas.drawString(x, self.page[1] - y - height * 0.8, text)
        return float(x + wide)

    def _begin(self) -> None:
        self.pageno += 1
        self.y = self.top
        self._borders = []
        if self.running:
            self.text(self.page[0] / 2, 24, self.running, align="centre")
        if self.repeat and self._titled:
            self.header()

    def rule_off(self) -> None:
        """Draw the grid of the table above, so that what follows stands outside of it."""
        if self.ruled and self._borders:
            tall = self.page[1]
            self.canvas.setLineWidth(0.5)
            for y in self._borders:
                self.canvas.line(self.columns[0].x0, tall - y, self.columns[-1].x1, tall - y)
            for x in (*(c.x0 for c in self.columns), self.columns[-1].x1):
                self.canvas.line(x, tall - self._borders[0], x, tall - self._borders[-1])
        self._borders = []

    def _end(self) -> None:
        self.rule_off()
        if self.number:
            text = self.number.format(self.pageno)
            self.text(self.page[0] / 2, self.page[1] - 30, text, align="centre")
        self.canvas.showPage()

    def turn(self) -> None:
        """End the page and begin the next."""
        self._end()
        self._begin()

    def content(self) -> bytes:
        self._end()
        self.canvas.save()
        return self._buffer.getvalue()

    def title(self, text: str, size: float = 11, x: float | None = None) -> None:
        """A line across: centred, or from ``x``."""
        centred = "centre" if x is None else ""
        self.text(self.page[0] / 2 if x is None else x, self.y, text, bold=True, size=size, align=centred)
        self.y += size + 6

    def note(self, text: str) -> None:
        self.text(self.columns[0].x0, self.y, text, size=6.5)
        self.y += 9.5

    def header(self, marks: Mapping[int, str] | None = None) -> None:
        """The titles, the lowest line of each on one height."""
        self._titled = True
        tall = max(len(c.title) for c in self.columns)
        if self.ruled:
            self._borders.append(self.y - 2)
        for at, c in enumerate(self.columns):
            for n, line in enumerate(c.title):
                y = self.y + (tall - len(c.title) + n) * self.step
                end = self._put(c, y, line, bold=True)
            if marks and at in marks:
                self.text(end + 0.3, y - 1.5, marks[at], size=self.size * 0.6)
        self._down(tall)

    def _put(self, c: Column, y: float, text: str, bold: bool = False) -> float:
        x = {"right": c.x1 - self.inset, "centre": (c.x0 + c.x1) / 2}.get(c.align, c.x0 + self.inset)
        return self.text(x, y, text, bold=bold, align=c.align)

    def wrap(self, c: Column, text: str, bold: bool = False) -> list[str]:
        """The lines that a text takes in a column."""
        font, room = "Helvetica-Bold" if bold else "Helvetica", c.x1 - c.x0 - 2 * self.inset
        lines: list[str] = []
        for word in text.split():
            if lines and stringWidth(f"{lines[-1]} {word}", font, self.size) <= room:
                lines[-1] += f" {word}"
            else:
                lines.append(word)
        return lines

    def room(self) -> int:
        """How many lines still fit on the page."""
        return int((self.page[1] - self.bottom - self.y) // self.step)

    def height(self, cells: Sequence[str]) -> int:
        """How many lines a row takes."""
        return max(len(self.wrap(c, text)) for c, text in zip(self.columns, cells, strict=True))

    def row(
        self,
        cells: Sequence[str],
        *,
        bold: bool = False,
        cut: int = 0,
        marks: Mapping[int, str] | None = None,
    ) -> None:
        """A row, its cells wrapped. ``cut``: so many lines stand here and the others on the next page.

        ``marks``: raised footnote marks by column.
        """
        lines = [self.wrap(c, text, bold) for c, text in zip(self.columns, cells, strict=True)]
        tall = max(map(len, lines))
        if not cut and self.room() < tall:
            self.turn()
        if self.ruled and not self._borders:
            self._borders.append(self.y - self.gap / 2)
        here = cut or tall
        self._lines(lines, (0, here), bold, marks or {})
        if here < tall:
            self.turn()
            self._lines(lines, (here, tall), bold, {})

    def _lines(
        self, cells: Sequence[Sequence[str]], shown: tuple[int, int], bold: bool, marks: Mapping[int, str]
    ) -> None:
        """Those lines of a row's cells that stand between two of its lines, and the room they take."""
        first, last = shown
        tall = max(map(len, cells))
        for at, (c, own) in enumerate(zip(self.columns, cells, strict=True)):
            above = (tall - len(own)) / 2 if self.valign == "middle" else 0
            for n, line in enumerate(own):
                y = self.y + (above + n - first) * self.step
                if first <= above + n < last:
                    end = self._put(c, y, line, bold)
                    if at in marks and n == len(own) - 1:
                        self.text(end + 0.3, y - 1.5, marks[at], size=self.size * 0.6)
        self._down(last - first)

    def _down(self, lines: int) -> None:
        self.y += lines * self.step + self.gap
        if self.ruled:
            self._borders.append(self.y - self.gap / 2)

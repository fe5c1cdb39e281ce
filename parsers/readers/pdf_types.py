"""Shapes that the PDF reader hands out: pages, cells, tables, columns, rows. Units and origin: see
pdf_basics.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from parsers.readers.pdf_basics import DEFAULT_LIMITS, BBox, PdfError, PdfLimits, Rule, Word
from parsers.readers.pdf_glyphs import Floats, Glyphs
from parsers.readers.pdf_words import page_words, rotated_words

__all__ = [
    "DEFAULT_LIMITS",
    "EMPTY_CELL",
    "HAS_VALUE",
    "BBox",
    "Cell",
    "Column",
    "ColumnLayout",
    "Page",
    "PdfError",
    "PdfLimits",
    "Rule",
    "Table",
    "TableRow",
    "Word",
]


@dataclass(frozen=True, eq=False)
class Page:
    """One page, wholly in Python memory: the PDF's own page is closed already.

    `unreadable_glyphs` counts glyphs that have no Unicode value (missing ToUnicode), shown as U+FFFD.
    Words and rules are made from the arrays when first asked for.
    """

    number: int
    width: float
    height: float
    glyphs: Glyphs = field(repr=False)
    across: Floats = field(repr=False)
    """horizontal edges, one a row: y, x0, x1"""
    down: Floats = field(repr=False)
    """vertical edges, one a row: x, top, bottom"""
    limits: PdfLimits = field(default=DEFAULT_LIMITS, repr=False)

    @cached_property
    def words(self) -> list[Word]:
        """Upright words, line by line from the top, left to right."""
        return page_words(self.glyphs)

    @cached_property
    def rotated(self) -> list[Word]:
        """Words that do not stand upright on the displayed page, in drawing order; they are in no table."""
        return rotated_words(self.glyphs)

    @cached_property
    def rules(self) -> list[Rule]:
        """Drawn edges of at least one point: first horizontal, then vertical ones, in drawing order."""
        across, down = np.round(self.across, 3).tolist(), np.round(self.down, 3).tolist()
        level = [Rule("h", x0, y, x1, y) for y, x0, x1 in across]
        return level + [Rule("v", x, top, x, bottom) for x, top, bottom in down]

    @cached_property
    def print_height(self) -> float:
        """Median height of upright glyphs, in points; 0 on a page without any."""
        heights = (self.glyphs.bottom - self.glyphs.top)[self.glyphs.upright]
        if len(heights) == 0:
            return 0.0
        middle = (len(heights) - 1) // 2, len(heights) // 2
        return float(np.partition(heights, middle)[[*middle]].mean())  # the median, in a fraction of its time

    @property
    def unreadable_glyphs(self) -> int:
        return self.glyphs.unreadable


class Cell(NamedTuple):
    """One cell: `lines` as printed from top to bottom, `bbox` the drawn box (ruled) or the words' box."""

    lines: tuple[str, ...]
    bbox: BBox | None

    @property
    def text(self) -> str:
        """The lines joined by one space."""
        return " ".join(self.lines)


EMPTY_CELL = Cell((), None)


@dataclass(frozen=True)
class Table:
    """A table between drawn lines. `rows` has a None where a merged cell of another row or column covers the
    place.
    """

    page: int
    bbox: BBox
    rows: tuple[tuple[Cell | None, ...], ...]

    def texts(self, joiner: str = " ") -> list[list[str | None]]:
        """Cell texts by row, like pdfplumber's extract_table (which joins lines by a newline)."""
        return [[None if c is None else joiner.join(c.lines) for c in row] for row in self.rows]


@dataclass(frozen=True)
class Column:
    """A named column between two x-edges, in points."""

    name: str
    x0: float
    x1: float


def _no_heading(_text: str, _box: BBox) -> bool:
    return False


HAS_VALUE = re.compile(r"\d|^\s*[-–—*]+\s*$|^\s*n/?a\s*$", re.IGNORECASE)
"""Default idea of "a value" in an anchor column: a digit, dashes, or n/a. Words of a header are none."""


@dataclass(frozen=True)
class ColumnLayout:
    """Columns of an unruled table and what makes a row of it.

    columns: from left to right, not overlapping.
    anchors: names of columns; a line that has a value (`anchor_pattern`) in one of them starts a row.
    wrap: where the other lines of a wrapped cell stand: "down" (cells aligned to the top), "up" (to the
        bottom), "both" (centred around the anchor line) or "auto" (decided on each page by the best fit).
    heading: says of a line, by its whole text and its box, that it belongs to no row (country line, page
        title, programme line). The same words may be the end of a cell elsewhere on the page.
    footnote: pattern of lines that end the table on the page, with everything below them.
    header_bottom: y where the header that was found ends, on page `header_page`; 0 without a header.
    header_texts: the header's own lines squeezed to letters, so that repetitions are recognised.
    title_spans: x0, x1 of each title; where set, the edges are fitted anew to each page's white space.
    unknown: header words that belong to no known title.
    """

    columns: tuple[Column, ...]
    anchors: tuple[str, ...]
    wrap: str = "auto"
    anchor_pattern: re.Pattern[str] = HAS_VALUE
    heading: Callable[[str, BBox], bool] = field(default=_no_heading, compare=False)
    footnote: re.Pattern[str] | None = None
    header_page: int = 0
    header_top: float = 0.0
    header_bottom: float = 0.0
    header_texts: tuple[str, ...] = ()
    title_spans: tuple[tuple[float, float], ...] = ()
    unknown: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names = [c.name for c in self.columns]
        if len(set(names)) != len(names):
            raise ValueError(f"column names must differ: {names}")
        for left, right in zip(self.columns, self.columns[1:], strict=False):
            if right.x0 < left.x1:
                raise ValueError(f"columns {left.name!r} and {right.name!r} overlap: {left.x1} > {right.x0}")
        if unknown := set(self.anchors) - set(names):
            raise ValueError(f"anchor columns {sorted(unknown)} are no columns of {names}")
        if self.wrap not in ("auto", "down", "up", "both"):
            raise ValueError(f"wrap must be auto, down, up or both, not {self.wrap!r}")

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)


@dataclass(frozen=True)
class TableRow:
    """One row of an unruled table, or one line beside the rows.

    kind: "row" (has an anchor), "line" (heading, sub-heading, title, page number), "header" (column titles),
        "footnote" (from the first line that matches the layout's footnote pattern on).
    cells: column name -> Cell, every column present; empty cells have no lines and bbox None.
    text: the whole line as printed, columns joined by one space (for a "line" the useful form).
    page: the page of the anchor line; row: counts the page's rows, lines and headers from 1, top to bottom.
    complete: False for text above a page's first anchor or below its last one that `stitch` joins to the row
        which the page end has cut.
    """

    kind: str
    cells: dict[str, Cell]
    text: str
    page: int
    row: int
    bbox: BBox
    complete: bool = True

    def __getitem__(self, name: str) -> str:
        """Text of one cell, lines joined by a space; KeyError names the known columns."""
        if name not in self.cells:
            raise KeyError(f"no column {name!r}; columns are {list(self.cells)}")
        return self.cells[name].text

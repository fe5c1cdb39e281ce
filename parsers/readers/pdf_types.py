"""Shapes that the PDF reader hands out: words, rules, cells, tables, columns, rows, limits and its one error.

All lengths are PDF points (1/72 inch). The origin is the top left corner of the page as displayed, x grows to
the right, y ("top", "bottom") grows downwards: pdfplumber's coordinates, MediaBox based, rotation applied.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from parsers.readers.pdf_glyphs import Glyphs

BBox = tuple[float, float, float, float]
"""(x0, top, x1, bottom) in points."""


class PdfError(ValueError):
    """A document or page that cannot be read, in one sentence.

    `reason` says what was found and what was expected; `page` counts from 1, None when the whole file is
    meant.
    """

    def __init__(self, reason: str, page: int | None = None) -> None:
        super().__init__(f"PDF page {page}: {reason}" if page is not None else f"PDF: {reason}")
        self.reason = reason
        self.page = page

    def __reduce__(self) -> tuple[type[PdfError], tuple[str, int | None]]:
        # the default would hand the composed sentence to `reason` after a trip through a process pool
        return PdfError, (self.reason, self.page)


@dataclass(frozen=True)
class PdfLimits:
    """What one document may cost; passing one of them is a PdfError, never a cut result."""

    max_bytes: int = 200_000_000
    max_pages: int = 5_000
    max_chars_per_page: int = 200_000
    max_objects_per_page: int = 200_000
    max_rules_per_page: int = 50_000
    max_cells_per_page: int = 50_000
    max_stream_bytes: int = 64_000_000
    """decompressed size of any one stream that is not a picture"""
    max_inflated_bytes: int = 1_000_000_000
    """decompressed size of all such streams together"""
    max_stream_filters: int = 3
    max_form_depth: int = 8
    max_page_seconds: float = 8.0
    max_unreadable_share: float = 0.0
    """share of a page's glyphs that may lack a Unicode value before the page is refused"""


DEFAULT_LIMITS = PdfLimits()


class Word(NamedTuple):
    """Glyphs without a gap, as pdfplumber's extract_words joins them (x_tolerance 3, y_tolerance 3)."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def bbox(self) -> BBox:
        return self[1:5]


class Rule(NamedTuple):
    """A straight edge: orientation 'h' (top == bottom) or 'v' (x0 == x1); a rectangle gives four."""

    orientation: str
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True)
class Page:
    """One page, wholly in Python memory: the PDF's own page is closed already.

    `rotated` holds words that do not stand upright on the displayed page; they are in no table.
    `unreadable_glyphs` counts glyphs that have no Unicode value (missing ToUnicode), shown as U+FFFD.
    """

    number: int
    width: float
    height: float
    words: list[Word]
    rules: list[Rule]
    rotated: list[Word] = field(default_factory=list)
    unreadable_glyphs: int = 0
    glyphs: Glyphs | None = field(default=None, repr=False, compare=False)
    limits: PdfLimits = field(default=DEFAULT_LIMITS, repr=False, compare=False)


@dataclass(frozen=True)
class Cell:
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


def _no_heading(_text: str) -> bool:
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
    heading: says of a line's whole text that it belongs to no row (country line, page title, programme line).
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
    heading: Callable[[str], bool] = field(default=_no_heading, compare=False)
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

    @property
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

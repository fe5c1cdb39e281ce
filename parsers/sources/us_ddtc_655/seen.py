"""What the pages tell beside the cells of a row: headers, notes, marks that stand alone, merged cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from parsers.readers.pdf import BBox, ColumnLayout, Page, TableRow
from parsers.readers.pdf_headed import Heading
from parsers.record import Row
from parsers.sources.us_ddtc_655 import layout
from parsers.sources.us_ddtc_655.cells import lone_marks, texts_of
from parsers.sources.us_ddtc_655.merged import Lines, lines_of_countries, with_merged_names
from parsers.sources.us_ddtc_655.stages import check_stage, is_other_heading

# a note is printed smaller than the table by at least this share
_SMALL = 0.97
_Place = tuple[int | None, int | None]


@dataclass
class Seen:
    """Pages as they are read, and which of their lines are what; a line is known by its page and number."""

    notes: set[_Place] = field(default_factory=set)
    """notes below a table"""
    early: set[_Place] = field(default_factory=set)
    """lines of figures on pages before the first header"""
    above: set[_Place] = field(default_factory=set)
    """lines above the header of their page"""
    _tops: dict[int, float] = field(default_factory=dict)
    """where the header of a page begins, on the pages that print one"""
    _heights: dict[int, float] = field(default_factory=dict)
    """of the print"""
    _marks: dict[int, list[BBox]] = field(default_factory=dict)
    """where raised marks of notes stand alone"""
    _lines: dict[int, Lines] = field(default_factory=dict)
    """the lines at countries, where bands cut their cells"""

    def heading(self, page: Page, columns: ColumnLayout) -> Heading:
        """Which lines of a page belong to no row; what its rows will need is remembered."""
        check_stage(page, columns)
        self._heights[page.number] = page.print_height
        self._marks[page.number] = lone_marks(page)
        if lines := lines_of_countries(page, columns):
            self._lines[page.number] = lines
        if columns.header_page == page.number:
            self._tops[page.number] = columns.header_top
        stands_alone = layout.heading(page, columns)
        return lambda text, box: stands_alone(text, box) or is_other_heading(text, columns)

    def rows(self, printed: Iterable[TableRow]) -> Iterator[Row]:
        """The reader's rows as rows of the report; which lines are notes is remembered."""
        started = False
        for row in with_merged_names(printed, self._lines):
            place = (row.page, row.row)
            started = started or row.kind == "row"
            if row.kind == "footnote" or (row.kind == "line" and started and self._is_small_sentence(row)):
                self.notes.add(place)
            if row.kind == "early":
                self.early.add(place)
            if row.kind == "line" and row.bbox[3] <= self._tops.get(row.page, 0.0):
                self.above.add(place)
            cells = texts_of(row, self._marks.get(row.page, ())) if row.kind == "row" else {}
            yield Row(cells=cells, page=row.page, row=row.row, bbox=row.bbox, text=row.text)

    def _is_small_sentence(self, line: TableRow) -> bool:
        """Whether a line below rows is printed smaller than they are and ends as a sentence: a note."""
        smaller = line.bbox[3] - line.bbox[1] < _SMALL * self._heights.get(line.page, 0.0)
        return smaller and " " in line.text and line.text.endswith(".") and not layout.has_figure(line.text)

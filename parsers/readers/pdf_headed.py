"""Tables that are known by the words of their header, drawn with lines or not, over all pages of a PDF.

A page whose drawn cells hold a known header is read by its cells, any other by the white space between
columns (``pdf.stitch``). Both give the same rows: canonical column names, in whatever order the header prints
them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby

from parsers.document import Document
from parsers.readers.pdf import (
    BBox,
    Cell,
    Column,
    ColumnLayout,
    Page,
    PdfError,
    Table,
    TableRow,
    Word,
    columns_from_headers,
    open_pdf,
    ruled_tables,
    squeeze,
    stitch,
)
from parsers.readers.pdf_drawn import column_edges, in_cells, is_one_cell, titles_of
from parsers.readers.pdf_lines import box_of, uncut_lines
from parsers.readers.pdf_marks import with_raised_marks
from parsers.readers.pdf_parts import (
    figure_lines,
    numbered,
    with_signs,
    with_unit_line,
    without_lines,
    without_prose,
    without_titles,
)
from parsers.readers.pdf_types import EMPTY_CELL, HAS_VALUE
from parsers.record import DocumentError

_HEADER_DEPTH = 3
_EDGE = 3.0


Heading = Callable[[str, BBox], bool]
"""Whether a line of this text in this box stands between rows."""


def _no_heading(_page: Page, _layout: ColumnLayout) -> Heading:
    return lambda _text, _box: False


@dataclass(frozen=True)
class HeaderWords:
    """What a known header may say.

    ``aliases``: column name -> the titles it may carry. ``anchors``: columns whose value makes a line a row.
    ``sufficient``: sets of columns, one of which must be complete for a line of titles to be the header.
    ``heading``: from a page and its columns, whether a line stands between rows (a country, a programme).
    ``wrap``: where the other lines of a wrapped cell stand, as in ``ColumnLayout``.
    ``refused``: what no header may say beside its titles, such as that values are in thousands.
    ``scale``: what no line beside the table may say, for the same reason.
    ``groups``: words that may stand above several titles; the columns are then named "<group> <title>".
    ``title``: lines with these words are the page's titles and no part of a header, though they share words.
    ``signs``: column name -> a title that has no letter, such as "#".
    ``early``: a line of figures on the pages before the first header, which then comes as kind "early".
    """

    aliases: Mapping[str, Sequence[str]]
    anchors: tuple[str, ...]
    sufficient: tuple[frozenset[str], ...]
    heading: Callable[[Page, ColumnLayout], Heading] = _no_heading
    wrap: str = "auto"
    refused: re.Pattern[str] | None = None
    scale: re.Pattern[str] | None = None
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    title: re.Pattern[str] | None = None
    signs: Mapping[str, str] = field(default_factory=dict)
    early: re.Pattern[str] | None = None

    def enough(self, names: Iterable[str]) -> bool:
        """Whether these columns make a header."""
        found = set(names)
        return any(wanted <= found for wanted in self.sufficient)

    @cached_property
    def parts(self) -> dict[str, Sequence[str]]:
        """The titles that may stand below a group's word, by name."""
        names = {name for group in self.groups for name in self.aliases if f"{group} {name}" in self.aliases}
        return {name: self.aliases[name] for name in sorted(names)}

    @cached_property
    def _names(self) -> dict[str, str]:
        return {squeeze(text): name for name, texts in self.aliases.items() for text in texts}

    def name_of(self, title: str) -> str | None:
        """The column that a title names in full; None for an unknown title."""
        return self._names.get(squeeze(title))

    @cached_property
    def _spellings(self) -> list[tuple[str, str, frozenset[str]]]:
        """Column, title and the words of the title, each title once."""
        titles = {(name, " ".join(text.split())) for name, texts in self.aliases.items() for text in texts}
        return [
            (name, text, frozenset(filter(None, map(squeeze, text.split())))) for name, text in sorted(titles)
        ]

    def on(self, page: Page) -> dict[str, list[str]]:
        """The titles of which all words stand on the page; of thousands that are known, few do."""
        printed = {squeeze(text) for line in uncut_lines(page) for text in line.texts}
        found: dict[str, list[str]] = {}
        for name, text, parts in self._spellings:
            if parts <= printed or squeeze(text) in printed:
                found.setdefault(name, []).append(text)
        return found


def _every(_page: Page) -> bool:
    return True


def _whole(page: Page) -> Iterable[Page]:
    return [page]


def headed_rows(
    document: Document,
    words: HeaderWords,
    wanted: Callable[[Page], bool] = _every,
    parts: Callable[[Page], Iterable[Page]] = _whole,
) -> Iterator[TableRow]:
    """Rows and the lines between them, in reading order; headers and running titles are left out.

    ``wanted`` says which pages to read, in a document with other tables as well; ``parts`` parts a page that
    holds several tables, in their order (``page_part``).
    Each row holds the columns of its own table. Raises DocumentError when the file is not a readable PDF,
    when no page has a known header, and when a header holds a title that is not known, which it names.
    """
    reader = _Reader(words)
    try:
        with open_pdf(document.content) as pdf:
            pages = map(with_raised_marks, filter(wanted, pdf.pages()))
            tables = (part for page in pages for part in parts(page))
            yield from numbered(
                row
                for drawn, pages in groupby(tables, key=reader.is_drawn)
                for row in reader.in_units(
                    reader.drawn_rows(pages) if drawn else stitch(pages, reader.layout)
                )
            )
    except PdfError as error:
        raise DocumentError(error.reason, page=error.page) from None
    if not reader.found:
        named = "; or ".join(", ".join(sorted(wanted)) for wanted in words.sufficient)
        raise DocumentError(f"no page has a table with the known columns ({named})")


@dataclass
class _Reader:
    words: HeaderWords
    found: bool = False
    _layout: ColumnLayout | None = None
    _titles: tuple[str, ...] = ()
    _edges: tuple[float, ...] = ()
    _tables: list[Table] = field(default_factory=list)
    _running: set[tuple[str, int]] = field(default_factory=set)
    _early: list[TableRow] = field(default_factory=list)

    def layout(self, page: Page) -> ColumnLayout | None:
        """The columns of a page without drawn cells: of its own header, or those of the page before."""
        found = self._columns(page)
        if found is not None and self.words.enough(found.names) and not self._is_sentence(found):
            if found.unknown:
                shown = " ".join(found.unknown)
                raise DocumentError(
                    f"unknown column title {shown!r} beside {', '.join(found.names)}", page=page.number
                )
            printed = [w for w in page.words if found.header_top - 1 <= w.top <= found.header_bottom]
            self._check_words(" ".join(word.text for word in printed), page.number)
            self.found = True
            self._layout = replace(with_unit_line(found, page), wrap=self.words.wrap)
        if self._layout is None:
            lines = uncut_lines(page)
            self._check_scale((line.text for line in lines), page.number)
            if self.words.early:
                self._early += figure_lines(page, self.words.early)
            return None
        return replace(self._layout, heading=self.words.heading(page, self._layout))

    def _columns(self, page: Page) -> ColumnLayout | None:
        bare = without_prose(without_lines(page, self.words.title) if self.words.title else page)
        found = self._search(bare, page)
        if found is not None and found.unknown:
            less = self._search(without_titles(bare, found), page)
            if less is not None and not less.unknown and self.words.enough(less.names):
                return less
        return found

    def _search(self, bare: Page, page: Page) -> ColumnLayout | None:
        found = columns_from_headers(
            bare,
            self.words.on(page),
            anchors=self.words.anchors,
            groups=self.words.groups,
            parts=self.words.parts,
        )
        return found and with_signs(found, page, self.words.signs, self.words.anchors)

    def _check_words(self, header: str, page: int) -> None:
        if self.words.refused and (said := self.words.refused.search(header)):
            raise DocumentError(f"the header says {said.group()!r}, which is not known", page=page)

    def in_units(self, rows: Iterable[TableRow]) -> Iterator[TableRow]:
        """The rows, as they come. Raises DocumentError where a line says that values are in thousands."""
        above = ""
        for row in rows:
            yield from self._early
            self._early = []
            if row.kind != "row":
                self._check_scale((above, row.text), row.page)
                above = row.text
            yield row

    def _check_scale(self, lines: Iterable[str], page: int) -> None:
        if self.words.scale and (said := self.words.scale.search(" ".join(lines))):
            raise DocumentError(f"values in other units than dollars: {said.group().strip()!r}", page=page)

    def _is_sentence(self, found: ColumnLayout) -> bool:
        """Running text that happens to use the words of a header holds many more besides."""
        return self._layout is not None and len(found.unknown) > len(found.names)

    def is_drawn(self, page: Page) -> bool:
        """Whether the page's drawn cells hold a known header, or go on with the table of the page before."""
        tables = ruled_tables(page)
        heads = [table for table in tables if in_cells(table) and self._header(table)]
        known = [self._edges, *map(column_edges, heads)]
        # a name and a single row are a table too, where others of the same columns are
        self._tables = [
            table for table in tables if in_cells(table) or any(_same(column_edges(table), e) for e in known)
        ]
        return any(self._header(table) or self._goes_on(table) for table in self._tables)

    def _goes_on(self, table: Table) -> bool:
        return _same(column_edges(table), self._edges)

    def _header(self, table: Table) -> tuple[range, tuple[str, ...]] | None:
        """Which rows are the header, and the column names; None where the table begins with no header.

        Titles that are not known, or not distinct, in one row may be so with the row below ("Licensed" above
        "Quantity" and "Value"). A row above it that is one cell is a title or names what the table is of.
        """
        complaint = ""
        first = next((at for at, cells in enumerate(table.rows) if not is_one_cell(cells)), 0)
        for last in range(first + 1, min(first + _HEADER_DEPTH, len(table.rows)) + 1):
            titles = titles_of(table, range(first, last))
            names = [self.words.name_of(title) if title else "" for title in titles]
            known = [name for name in names if name]
            if not self.words.enough(known):
                continue
            if unknown := [title for title, name in zip(titles, names, strict=True) if name is None]:
                shown = ", ".join(map(repr, unknown))
                complaint = complaint or f"unknown column title {shown} beside {', '.join(known)}"
            elif twice := sorted({name for name in known if known.count(name) > 1}):
                complaint = complaint or f"two columns are titled {', '.join(twice)}"
            else:
                self._check_words(" ".join(titles), table.page)
                return range(first, last), tuple(name or "" for name in names)
        if complaint:
            raise DocumentError(complaint, page=table.page)
        return None

    def drawn_rows(self, pages: Iterable[Page]) -> Iterator[TableRow]:
        """Rows of tables between drawn lines, and the lines that stand outside of them.

        A row that the page's end has cut goes on in the first row of the next page, where it has no figure.
        """
        held: list[TableRow] = []
        for page in pages:
            # the page's tables were found when the page was classified, just before it came here
            started = False
            for row in self._page_rows(page):
                if row.kind == "header":
                    continue
                if row.kind != "row":
                    held.append(row)
                elif not started and held and held[0].kind == "row" and not self._has_figure(row):
                    held[0] = _joined(held[0], row)
                    started = True
                else:
                    started = True
                    yield from held
                    held = [row]
        yield from held

    def _page_rows(self, page: Page) -> list[TableRow]:
        found: list[TableRow] = []
        boxes: list[BBox] = []
        for table in self._tables:
            if self._header(table) or self._goes_on(table):
                found += self._table_rows(table, page)
                boxes.append(table.bbox)
        lines = list(_lines_outside(page, boxes))
        margins = {(squeeze(line.text), round(line.bbox[3])) for line in lines}
        found += [line for line in lines if (squeeze(line.text), round(line.bbox[3])) not in self._running]
        self._running = margins
        found.sort(key=lambda row: (row.bbox[1], row.bbox[0]))
        return [replace(row, row=number) for number, row in enumerate(found, start=1)]

    def _has_figure(self, row: TableRow) -> bool:
        return any(HAS_VALUE.search(row.cells[name].text) for name in self.words.anchors if name in row.cells)

    def _table_rows(self, table: Table, page: Page) -> Iterator[TableRow]:
        header = self._header(table)
        if header:
            self.found = True
            skipped, self._titles = header
            self._edges = column_edges(table)
        else:
            skipped = range(0)
        printed = {squeeze(" ".join(titles_of(table, skipped)))} if skipped else set()
        heading = self.words.heading(page, _layout_of(self._titles, self._edges))
        for at, cells in enumerate(table.rows):
            row = self._row(table, cells)
            if row is None:
                continue
            if at in skipped or squeeze(row.text) in printed:
                yield replace(row, kind="header")
            else:
                yield replace(row, kind="line") if heading(row.text, row.bbox) else row

    def _row(self, table: Table, cells: Sequence[Cell | None]) -> TableRow | None:
        filled = [cell for cell in cells if cell is not None and cell.lines]
        if not filled:
            return None
        text = " ".join(cell.text for cell in filled)
        bbox = _around([cell.bbox for cell in cells if cell is not None and cell.bbox])
        alone = len(filled) == 1 and sum(cell is not None for cell in cells) == 1
        named: dict[str, Cell] = {}
        for name, cell in zip(self._titles, cells, strict=True):
            if name:
                named[name] = cell or EMPTY_CELL
            elif cell is not None and cell.lines and not alone:
                raise DocumentError(f"{cell.text!r} stands in a column without a title", page=table.page)
        return TableRow("line" if alone else "row", named, text, table.page, 0, bbox)


def _same(edges: Sequence[float], others: Sequence[float]) -> bool:
    return len(edges) == len(others) and all(abs(a - b) <= _EDGE for a, b in zip(edges, others, strict=True))


def _layout_of(titles: Sequence[str], edges: Sequence[float]) -> ColumnLayout:
    between = zip(titles, edges, edges[1:], strict=False)
    return ColumnLayout(tuple(Column(name, x0, x1) for name, x0, x1 in between if name), ())


def _joined(row: TableRow, rest: TableRow) -> TableRow:
    cells = {
        name: Cell((*cell.lines, *rest.cells[name].lines), cell.bbox) for name, cell in row.cells.items()
    }
    return replace(row, cells=cells, text=f"{row.text} {rest.text}")


def _around(boxes: Sequence[BBox]) -> BBox:
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def _lines_outside(page: Page, boxes: Sequence[BBox]) -> Iterator[TableRow]:
    """Printed lines of a page that stand in none of the boxes."""
    outside = [word for word in page.words if not any(_inside(word, box) for box in boxes)]
    line: list[Word] = []
    for word in sorted(outside, key=lambda w: (w.bottom, w.x0)):
        if line and word.bottom - line[0].bottom > (word.bottom - word.top) / 2:
            yield _as_line(line, page)
            line = []
        line.append(word)
    if line:
        yield _as_line(line, page)


def _as_line(words: list[Word], page: Page) -> TableRow:
    text = " ".join(word.text for word in sorted(words, key=lambda w: w.x0))
    return TableRow("line", {}, text, page.number, 0, box_of(words))


def _inside(word: Word, box: BBox) -> bool:
    across, down = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    return box[0] <= across <= box[2] and box[1] <= down <= box[3]

"""The PDF volumes of the report: their column titles by era, their headings, and the lines between rows.

Three ways of setting (source.yml, ``layout_settings``): since 2007 a country line and programme lines; from
2001 to 2006 a heading of region, country, programme and year, cells aligned to the top; in 2000 the same in
two columns of print a page, without units and dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from parsers.document import Document
from parsers.facts import facts_beside
from parsers.readers.pdf import Page, PdfError, TableRow, open_pdf, squeeze
from parsers.readers.pdf_headed import HeaderWords, Heading, headed_rows
from parsers.readers.pdf_lines import Line, page_lines, print_height
from parsers.readers.pdf_parts import page_part
from parsers.record import CellError, DocumentError, Row
from parsers.sources.us_state_fmtr.cuts import Cuts
from parsers.values.countries import country, is_group

FACTS = facts_beside(__file__)
SETTINGS = FACTS.layout_settings
PROGRAM = re.compile(SETTINGS["program_line"], re.IGNORECASE)
FURNITURE = re.compile(SETTINGS["running_title"], re.IGNORECASE)
TOTAL_LINE = re.compile(SETTINGS["total_line"], re.IGNORECASE)
TOTALS = tuple(
    re.compile(SETTINGS[name], re.IGNORECASE) for name in ("program_total", "country_total", "old_total")
)
OLD_HEADING = re.compile(SETTINGS["old_heading"])
_OLD_OPENING = re.compile(SETTINGS["old_opening"])
_SECTION = re.compile(SETTINGS["section"], re.IGNORECASE)
_DATE = re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}")
_PARENTHESIS = re.compile(r"\s*\([^)]*\)$")
_LARGER_PRINT = 1.25
_CENTRED = 4.0
_HEADING_LINES = 3
_ERA_PAGES = 60
_TRIED_ROWS = 300

Place = tuple[int, str, int]
"""Page (0 on a page of HTML), text, and height on the page or line of the file."""


def place_of(row: Row) -> Place:
    """Where a line stands, as the keys of ``Volume.headings``."""
    return row.page or 0, row.raw, round(row.bbox[3]) if row.bbox else row.row or 0


@dataclass
class Volume:
    """A volume as it is read. ``headings``: the lines that are headings, with the whole heading's words.

    Of a heading that runs over several lines, the first has all of it and the others nothing.
    """

    old: bool = False
    headings: dict[Place, str] = field(default_factory=dict)
    _titled: bool = False

    def rows(self, document: Document) -> Iterator[tuple[Row, str]]:
        """All rows and lines; with a row that a page's end may have cut, the text that shows it."""
        self.old = _is_old(document)
        for row, doubt in self._reading(document):
            cells = {name: cell.text for name, cell in row.cells.items()} if row.kind == "row" else {}
            yield Row(cells=cells, page=row.page, row=row.row, bbox=row.bbox, text=row.text), doubt

    def _reading(self, document: Document) -> Iterator[tuple[TableRow, str]]:
        """Rows with cells aligned in the way that leaves the fewest of the first rows in doubt."""
        if self.old:
            return self._aligned(document, "down")
        known = self._aligned(document, "both")
        first = list(islice(known, _TRIED_ROWS))
        if any(doubt for _, doubt in first):
            other = list(islice(self._aligned(document, "auto"), _TRIED_ROWS))
            if sum(bool(doubt) for _, doubt in other) < sum(bool(doubt) for _, doubt in first):
                return self._aligned(document, "auto")
            return self._aligned(document, "both")
        return chain(first, known)

    def _aligned(self, document: Document, wrap: str) -> Iterator[tuple[TableRow, str]]:
        self._titled = False
        rows = headed_rows(document, self._words(wrap), _is_training, self._parts)
        yield from Cuts(self._is_stray, hanging=self.old).whole_rows(rows)

    def _words(self, wrap: str) -> HeaderWords:
        aliases = SETTINGS["old_titles" if self.old else "titles"]
        return HeaderWords(
            aliases=aliases,
            anchors=("Qty", "Total Cost", "Start Date", "End Date"),
            sufficient=(frozenset({"Course Title", "Qty", "Total Cost"}),),
            heading=lambda page, _layout: self._heading_on(page),
            wrap=wrap,
            signs={"Qty": "#"} if self.old else {},
        )

    def _parts(self, page: Page) -> Iterable[Page]:
        """The two columns of print of a page, or what stands above and below its first titles.

        Where a table goes on at the head of a page and another begins below, each has its own place.
        """
        lines = page_lines(page, [])
        if self.old and (halves := _halves(page)):
            return halves
        titles = next((line for line in lines if self._is_titles(line)), None)
        going_on = titles is not None and any(_DATE.search(o.text) for o in lines if o.y < titles.y)
        if not (self._titled and going_on) or titles is None:
            self._titled = self._titled or titles is not None
            return [page]
        middle = titles.bbox[1] - 1
        boxes = (0.0, 0.0, page.width, middle), (0.0, middle, page.width, page.height)
        return [page_part(page, box) for box in boxes]

    def _is_titles(self, line: Line) -> bool:
        text = squeeze(line.text)
        return text.startswith(_first_titles(self.old)) and "cost" in text

    def _heading_on(self, page: Page) -> Heading:
        """Tell the page's headings by their place, and keep them in ``headings``."""
        lines = page_lines(page, [])
        if self.old:
            self._keep_old(page, lines)
        else:
            self._keep_new(page, lines)
        places = self.headings
        return lambda text, box: (
            (page.number, text, round(box[3])) in places or bool(FURNITURE.fullmatch(text))
        )

    def _keep_new(self, page: Page, lines: list[Line]) -> None:
        """Country lines stand in larger print, or are a country's name at the margin or centred, with a
        programme line or column titles below it.

        A country's name inside a cell (a training location, the end of a unit's name) is none of these, also
        where the same page has that country's line.
        """
        height = print_height(page)
        margin = min((line.bbox[0] for line in lines), default=0.0)
        for line, below in zip(lines, [*lines[1:], None], strict=False):
            x0, top, x1, bottom = line.bbox
            larger = bottom - top > _LARGER_PRINT * height
            alone = x0 - margin < 2 * height or abs((x0 + x1) / 2 - page.width / 2) < _CENTRED
            opens = below is not None and _opens_table(below.text)
            if larger or (alone and opens and is_country(line.text)) or PROGRAM.fullmatch(line.text):
                self._keep(page, line, line.text)

    def _keep_old(self, page: Page, lines: list[Line]) -> None:
        """Headings that name country, programme and year, over up to three lines."""
        height, number = print_height(page), 0
        while number < len(lines):
            taken = _old_heading(lines[number : number + _HEADING_LINES])
            for at, line in enumerate(lines[number : number + taken]):
                whole = " ".join(part.text for part in lines[number : number + taken])
                self._keep(page, line, "" if at else whole)
            _, top, _, bottom = lines[number].bbox
            if not taken and bottom - top > _LARGER_PRINT * height and not self._is_titles(lines[number]):
                self._keep(page, lines[number], lines[number].text)
            number += taken or 1

    def _keep(self, page: Page, line: Line, whole: str) -> None:
        self.headings[page.number, line.text, round(line.bbox[3])] = whole

    def _is_stray(self, row: TableRow) -> bool:
        known = FURNITURE.fullmatch(row.text) or PROGRAM.fullmatch(row.text) or TOTAL_LINE.fullmatch(row.text)
        return row.kind == "line" and not known and _place(row) not in self.headings


def _place(row: TableRow) -> Place:
    return row.page, row.text, round(row.bbox[3])


def _is_training(page: Page) -> bool:
    """Whether a page belongs to the training activities, by the section that its running title names.

    A PDF of the whole Volume I holds other sections as well; a page that names no section is read.
    """
    titles = (_SECTION.search(line.text) for line in page_lines(page, []))
    return all(found["section"] == SETTINGS["training_section"] for found in titles if found)


def _is_old(document: Document) -> bool:
    """Whether the titles of the report's columns are those of 2000 to 2006."""
    old, new = _first_titles(True), _first_titles(False)
    try:
        with open_pdf(document.content) as pdf:
            for number, page in enumerate(pdf.pages()):
                for line in page_lines(page, []):
                    text = squeeze(line.text)
                    if "cost" in text and text.startswith(old + new):
                        return text.startswith(old)
                if number > _ERA_PAGES:
                    return False
    except PdfError as error:
        raise DocumentError(error.reason, page=error.page) from None
    return False


def _first_titles(old: bool) -> tuple[str, ...]:
    return tuple(squeeze(title) for title in SETTINGS["old_titles" if old else "titles"]["Course Title"])


def _halves(page: Page) -> list[Page]:
    """The two columns of print of a page where both halves begin with the titles of a table."""
    # the page's number may stand across the middle
    middle = min((word.x0 for word in page.words if word.x0 > page.width / 2), default=page.width) - 1
    boxes = (0.0, 0.0, middle, page.height), (middle, 0.0, page.width, page.height)
    halves = [page_part(page, box) for box in boxes]
    titles = _first_titles(True)
    both = all(
        any(
            squeeze(line.text).startswith(titles) and "cost" in squeeze(line.text)
            for line in page_lines(half, [])
        )
        for half in halves
    )
    return halves if both else []


def _opens_table(text: str) -> bool:
    """Whether a line is a programme line or the column titles."""
    return bool(PROGRAM.fullmatch(text)) or squeeze(text).startswith(_first_titles(False))


def _old_heading(lines: list[Line]) -> int:
    """How many of these lines make a heading of country, programme and year.

    One that says all of it in one line is a heading whatever the country; one over several lines begins with
    the department, the region or a country.
    """
    for taken in range(1, len(lines) + 1):
        text = " ".join(line.text for line in lines[:taken])
        if "$" in text or not _OLD_OPENING.match(text):
            return 0
        if found := OLD_HEADING.fullmatch(text):
            known = taken == 1 or found["department"] or found["region"] or is_country(old_parts(text)[0])
            return taken if known else 0
    return 0


def old_parts(heading: str) -> tuple[str, str, str]:
    """Country, programme and year of a heading of 2000 to 2006."""
    found = OLD_HEADING.fullmatch(heading)
    if not found:
        raise CellError(f"{heading!r} names no country, programme and year")
    parts = found["rest"].split(", ")
    # the name may hold a comma ("Korea, Republic of"): the longest that is a country
    for first in range(min(2, len(parts))):
        for last in range(len(parts) - 1, first, -1):
            name = ", ".join(parts[first:last])
            if is_country(name):
                return name, ", ".join(parts[last:]), found["year"]
    return parts[0], ", ".join(parts[1:]), found["year"]


def is_country(text: str) -> bool:
    """Whether a text is the name of a country or group of countries."""
    try:
        country_code(text)
    except CellError:
        return False
    return True


def country_code(name: str) -> str | None:
    """The code of a country; None for a region or group, whose name then stands alone.

    A name with a parenthesis that is not known is that without it: "Antigua And Barbuda (UK)".
    """
    if not name:
        raise CellError("no country line stands above this row")
    for text in (name, _PARENTHESIS.sub("", name)):
        if is_group(text):
            return None
        try:
            return country(text)
        except CellError:
            continue
    return country(name)

"""ATF, Firearms Commerce in the United States: manufacturers' exports by type and year, no destination.

Knowledge: sources.md, us_atf_commerce: exhibit 2; a chart of the same title follows the table, and exhibit 1
(what was made) has the same columns. Until 2021 the exhibit began in 1986 and went on over a page's end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from parsers.document import Document
from parsers.facts import facts_beside
from parsers.parsed import interpret_rows
from parsers.readers.htmltable import html_links
from parsers.readers.pdf import Page, PdfError, TableRow, open_pdf
from parsers.readers.pdf_headed import HeaderWords, headed_rows
from parsers.readers.pdf_lines import page_lines
from parsers.readers.pdf_marks import without_marks
from parsers.record import (
    CellError,
    DocumentError,
    Grain,
    Ignored,
    Measure,
    Outcome,
    Record,
    Row,
    Stage,
    Total,
    WeaponClass,
)
from parsers.registry import IndexRef, ReportRef
from parsers.values.dates import calendar_year
from parsers.values.money import number

FACTS = facts_beside(__file__)
_SETTINGS = FACTS.layout_settings
_EXHIBIT = re.compile(_SETTINGS["exhibit"], re.IGNORECASE)
_ANY_EXHIBIT = re.compile(_SETTINGS["any_exhibit"], re.IGNORECASE)
_EDITION = re.compile(_SETTINGS["edition"])
_LINK = re.compile(_SETTINGS["link"])
_CLASSES = {title: WeaponClass(name) for title, name in _SETTINGS["weapon_classes"].items()}
_YEAR, _TOTAL = "Calendar Year", "Total Firearms"
_SUM = re.compile(r"(?i)(?:grand\s+)?totals?:?")
# a year has four digits and a group three: a digit more is a raised footnote mark
_MARKED_YEAR = re.compile(r"((?:19|20)\d\d)\d")
_YEAR_LINE = re.compile(r"(?:19|20)\d\d(?:\s+\d{1,3}(?:,\d{3})*){6}")
# the years below a chart, beside the 0 where its axes meet
_AXIS = re.compile(r"(?:0\s+)?(?:(?:19|20)\d\d\s*){4,}")
_MARKED_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+)\d")
_WORDS = HeaderWords(
    aliases=_SETTINGS["titles"],
    anchors=(*_CLASSES, _TOTAL),
    sufficient=(frozenset({_YEAR, _TOTAL, *_CLASSES}),),
    heading=lambda _page, _layout: lambda text, _box: bool(_ANY_EXHIBIT.match(text)),
)


def find_reports(index: Document) -> Iterable[ReportRef | IndexRef]:
    """The editions that the page of statistics links to. DocumentError when it names none."""
    refs = []
    for link in html_links(index):
        words = f"{link.text} {link.url}"
        year = re.search(r"(?<!\d)20\d\d(?!\d)", link.text) or re.search(r"(?<!\d)20\d\d(?!\d)", link.url)
        if year and _LINK.search(words):
            refs.append(ReportRef(url=link.url, report_key=year.group(), title=link.text))
    if not refs:
        raise DocumentError("the page of statistics links to no edition of Firearms Commerce")
    return refs


def identify(document: Document) -> str:
    """The edition's year, as its cover says. DocumentError when no page says it."""
    for text in _page_texts(document):
        if found := _EDITION.search(text):
            return found["year"]
    raise DocumentError("no page names the edition (Statistical Update and its year)")


def _page_texts(document: Document) -> Iterator[str]:
    try:
        with open_pdf(document.content) as pdf:
            for page in pdf.pages():
                yield " ".join(word.text for word in page.words)
    except PdfError as error:
        raise DocumentError(error.reason, page=error.page) from None


def parse(document: Document) -> Iterator[Outcome]:
    """A record per year and type, in pieces; the sums that a year and a bottom line print are Totals.

    DocumentError when no page has the exhibit of exports, or its table has other columns.
    """
    pages, exhibits = _Pages(), _Exhibits()
    try:
        rows = headed_rows(document, _WORDS, pages.wanted)
        yield from interpret_rows(map(_as_row, rows), exhibits.interpret)
    except DocumentError:
        if not pages.met:
            raise DocumentError("no page has the exhibit of firearms manufacturers' exports") from None
        raise
    if not exhibits.read:
        raise DocumentError("no row stands under the title of firearms manufacturers' exports")


@dataclass
class _Pages:
    """Which pages to read: those that name the exhibit of exports, and what goes on behind them."""

    met: bool = False
    within: bool = False

    def wanted(self, page: Page) -> bool:
        lines = [line.text for line in page_lines(page, [])]
        # a title may run over two lines
        if any(
            _EXHIBIT.search(f"{line} {below}") for line, below in zip(lines, [*lines[1:], ""], strict=True)
        ):
            self.met = self.within = True
        elif any(_ANY_EXHIBIT.match(line) for line in lines):
            self.within = False
        return self.within


def _as_row(row: TableRow) -> Row:
    cells = {name: cell.text for name, cell in row.cells.items()} if row.kind == "row" else {}
    return Row(cells=cells, page=row.page, row=row.row, bbox=row.bbox, text=row.text)


@dataclass
class _Exhibits:
    """Which exhibit the rows belong to: a page may hold that of what was made above that of exports."""

    exports: bool = False
    read: bool = False
    _above: str = ""

    def interpret(self, row: Row) -> Iterable[Record | Total | Ignored]:
        """Records and totals of a row of exports; every other line is ignored by a named rule."""
        if not row.cells:
            self._title(row.raw)
        elif _AXIS.fullmatch(row.raw.strip()):
            return [row.ignored("beside_the_table")]
        elif not self.exports:
            return [row.ignored("other_exhibit")]
        else:
            self.read, self._above = True, ""
        if self.exports and not row.cells and _YEAR_LINE.fullmatch(row.raw):
            raise CellError("a year and its figures stand outside of the table")
        # below the table, the years and figures of the chart stand one or a few to a line
        if not row.cells or not all(row.cells.values()):
            if re.fullmatch(r"(?:19|20)\d{2,3}", row.cells.get(_YEAR, "")):
                raise CellError("a row of a year with a blank cell")
            return [row.ignored("beside_the_table")]
        return _bottom_line(row) if _SUM.fullmatch(row.cells[_YEAR]) else _of_year(row)

    def _title(self, text: str) -> None:
        if _ANY_EXHIBIT.match(text):
            self.exports = bool(_EXHIBIT.search(text))
        elif _EXHIBIT.search(f"{self._above} {text}"):
            self.exports = True
        self._above = text


def _bottom_line(row: Row) -> list[Record | Total | Ignored]:
    """The sums of all years, one for each type and one for all."""
    return [
        row.total(
            scope={} if title == _TOTAL else {"item_description": title},
            measure=Measure.QUANTITY,
            stage=Stage.SHIPPED,
            printed=_pieces(row.cells[title]),
            unit="pieces",
        )
        for title in (*_CLASSES, _TOTAL)
    ]


def _of_year(row: Row) -> list[Record | Total | Ignored]:
    year = _without_mark(row.cells[_YEAR], _MARKED_YEAR)
    start, end = calendar_year(year)
    pieces = {title: _pieces(row.cells[title]) for title in (*_CLASSES, _TOTAL)}
    printed = pieces.pop(_TOTAL)
    records: list[Record | Total | Ignored] = [
        row.record(
            key=(year, title),
            stage=Stage.SHIPPED,
            grain=Grain.AGGREGATE,
            exporter_country="US",
            item_description=title,
            weapon_class=_CLASSES[title],
            quantity=amount,
            quantity_unit="pieces",
            period_start=start,
            period_end=end,
        )
        for title, amount in pieces.items()
    ]
    total = row.total(
        scope={},
        measure=Measure.QUANTITY,
        stage=Stage.SHIPPED,
        printed=printed,
        unit="pieces",
        period_start=start,
        period_end=end,
    )
    return [*records, total]


def _without_mark(text: str, marked: re.Pattern[str]) -> str:
    """The text without the footnote mark that is raised behind it or glued to it."""
    text = without_marks(text)
    found = marked.fullmatch(text)
    return found[1] if found else text


def _pieces(text: str) -> Decimal:
    amount = number(_without_mark(text, _MARKED_NUMBER), "us")
    if amount is None or amount != amount.to_integral_value():
        raise CellError(f"{text!r} is not a number of firearms")
    return amount

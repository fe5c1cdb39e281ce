"""ATF, Firearms Commerce in the United States: manufacturers' exports by type and year, no destination.

Knowledge: sources.md, us_atf_commerce: exhibit 2; a chart of the same title follows the table, and exhibit 1
(what was made) has the same columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from parsers.document import Document
from parsers.facts import facts_beside
from parsers.parsed import interpret_rows
from parsers.readers.htmltable import html_links
from parsers.readers.pdf import Page, PdfError, TableRow, open_pdf
from parsers.readers.pdf_headed import HeaderWords, headed_rows
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
_EXHIBIT = re.compile(_SETTINGS["exhibit"])
_EDITION = re.compile(_SETTINGS["edition"])
_LINK = re.compile(_SETTINGS["link"])
_CLASSES = {title: WeaponClass(name) for title, name in _SETTINGS["weapon_classes"].items()}
_YEAR, _TOTAL = "Calendar Year", "Total Firearms"
_WORDS = HeaderWords(
    aliases=_SETTINGS["titles"],
    anchors=(*_CLASSES, _TOTAL),
    sufficient=(frozenset({_YEAR, _TOTAL, *_CLASSES}),),
    heading=lambda _page, _layout: lambda text, _box: bool(_EXHIBIT.search(text)),
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
    """A record per year and type, in pieces; the sum that each row prints is a Total of its year."""
    yield from interpret_rows(map(_as_row, headed_rows(document, _WORDS, _has_exhibit)), _interpret)


def _has_exhibit(page: Page) -> bool:
    return bool(_EXHIBIT.search(" ".join(word.text for word in page.words)))


def _as_row(row: TableRow) -> Row:
    cells = {name: cell.text for name, cell in row.cells.items()} if row.kind == "row" else {}
    return Row(cells=cells, page=row.page, row=row.row, bbox=row.bbox, text=row.text)


def _interpret(row: Row) -> Iterable[Record | Total | Ignored]:
    # below the table, the years and figures of the chart stand one or a few to a line
    if not row.cells or not all(row.cells.values()):
        if re.fullmatch(r"(?:19|20)\d\d", row.cells.get(_YEAR, "")):
            raise CellError("a row of a year with a blank cell")
        return [row.ignored("beside_the_table")]
    start, end = calendar_year(row.cells[_YEAR])
    pieces = {title: _pieces(row.cells[title]) for title in (*_CLASSES, _TOTAL)}
    printed = pieces.pop(_TOTAL)
    records: list[Record | Total | Ignored] = [
        row.record(
            key=(row.cells[_YEAR], title),
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


def _pieces(text: str) -> Decimal:
    amount = number(text, "us")
    if amount is None or amount != amount.to_integral_value():
        raise CellError(f"{text!r} is not a number of firearms")
    return amount

"""State and Defence, Foreign Military Training report: who was trained, by unit. Context, not a transfer.

Knowledge: sources.md, us_state_fmtr. PDF volumes by region (a country line, programme lines, cells that wrap
up and down around their data line) and the HTML pages of 1999-2000 (no unit, no dates).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from parsers.document import Document
from parsers.facts import facts_beside
from parsers.parsed import interpret_rows
from parsers.readers.pdf import BBox, Page, TableRow, squeeze
from parsers.readers.pdf_headed import HeaderWords, Heading, headed_rows
from parsers.readers.pdf_lines import page_lines, print_height
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
    ValueBasis,
    WeaponClass,
)
from parsers.registry import IndexRef, ReportRef
from parsers.sources.us_state_fmtr import index as index_page
from parsers.sources.us_state_fmtr.pages import is_page, page_rows
from parsers.values.countries import country, is_group
from parsers.values.dates import date_of, us_fiscal_year
from parsers.values.money import money, number

FACTS = facts_beside(__file__)
_SETTINGS = FACTS.layout_settings
_TITLES: dict[str, list[str]] = _SETTINGS["titles"]
_PROGRAM = re.compile(_SETTINGS["program_line"], re.IGNORECASE)
_PROGRAM_TOTAL = re.compile(_SETTINGS["program_total"], re.IGNORECASE)
_COUNTRY_TOTAL = re.compile(_SETTINGS["country_total"], re.IGNORECASE)
_TOTAL_LINE = re.compile(_SETTINGS["total_line"], re.IGNORECASE)
_CONTINUED = re.compile(r"\s*\(?\bcont(?:inued|['’]d|\.)?\)?$", re.IGNORECASE)
_FURNITURE = re.compile(_SETTINGS["running_title"], re.IGNORECASE)
_REGION = re.compile(_SETTINGS["region"], re.IGNORECASE)
_FIRST_TITLES = tuple(squeeze(title) for title in _TITLES["Course Title"])
_SECTION = re.compile(_SETTINGS["section"], re.IGNORECASE)
_LARGER_PRINT = 1.25
_CENTRED = 4.0


def find_reports(index: Document) -> Iterable[ReportRef | IndexRef]:
    """The reports that the publisher's list adds to those whose addresses ``source.yml`` names."""
    return index_page.find_reports(index)


def identify(document: Document) -> str:
    """``FY2019-western-hemisphere``: the first programme's fiscal year and the volume's region.

    The pages of 1999-2000 are named by their first and last country as well: ``FY1999-mexico-peru``.
    """
    if is_page(document):
        rows = list(page_rows(document))
        ends = [rows[0].cells["Country"], rows[-1].cells["Country"]]
        return "-".join([f"FY{rows[0].cells['Fiscal Year']}", *map(_slug, ends)])
    region = ""
    for row in headed_rows(document, _words(set()), _is_training):
        region = region or (found[1] if row.kind == "line" and (found := _REGION.search(row.text)) else "")
        if row.kind == "line" and (program := _PROGRAM.fullmatch(row.text)):
            return "-".join(filter(None, [f"FY{_year(program['year'])}", _slug(region)]))
    raise DocumentError("no programme line tells a fiscal year")


def _slug(text: str) -> str:
    return "-".join(re.findall(r"[a-z]+", text.casefold()))


def parse(document: Document) -> Iterator[Outcome]:
    """One record per training line; each printed sum of a programme or country is a Total."""
    if is_page(document):
        yield from interpret_rows(page_rows(document), lambda row: [_record(row)])
        return
    lines = _Lines()
    rows = headed_rows(document, _words(lines.headings), _is_training)
    yield from interpret_rows(map(_as_row, rows), lines.interpret)


def _is_training(page: Page) -> bool:
    """Whether a page belongs to the training activities, by the section that its running title names.

    A PDF of the whole Volume I holds other sections as well; a page that names no section is read.
    """
    titles = (_SECTION.search(line.text) for line in page_lines(page, []))
    return all(found["section"] == _SETTINGS["training_section"] for found in titles if found)


Headings = set[tuple[int, str, int]]
"""Page, text and height on the page of lines that name a country or a programme."""


def _words(headings: Headings) -> HeaderWords:
    return HeaderWords(
        aliases=_TITLES,
        anchors=("Qty", "Total Cost", "Start Date", "End Date"),
        sufficient=(frozenset({"Course Title", "Qty", "Total Cost"}),),
        heading=lambda page, _layout: _heading_on(page, headings),
        wrap="both",
    )


def _as_row(row: TableRow) -> Row:
    cells = {name: cell.text for name, cell in row.cells.items()} if row.kind == "row" else {}
    return Row(cells=cells, page=row.page, row=row.row, bbox=row.bbox, text=row.text)


def _place(page: int, text: str, box: BBox) -> tuple[int, str, int]:
    return page, text, round(box[3])


def _heading_on(page: Page, headings: Headings) -> Heading:
    """Tell the page's country and programme lines by their place, and keep them in ``headings``.

    They stand in larger print, or are a country's name at the margin or centred, with a programme line or
    column titles below it. A country's name inside a cell (a training location, the end of a unit's name) is
    none of these, also where the same page has that country's line.
    """
    height = print_height(page)
    lines = page_lines(page, [])
    margin = min((line.bbox[0] for line in lines), default=0.0)
    for line, below in zip(lines, [*lines[1:], None], strict=False):
        x0, top, x1, bottom = line.bbox
        larger = bottom - top > _LARGER_PRINT * height
        alone = x0 - margin < 2 * height or abs((x0 + x1) / 2 - page.width / 2) < _CENTRED
        opens = below is not None and _opens_table(below.text)
        if larger or (alone and opens and _is_country(line.text)) or _PROGRAM.fullmatch(line.text):
            headings.add(_place(page.number, line.text, line.bbox))
    return lambda text, box: _place(page.number, text, box) in headings or bool(_FURNITURE.fullmatch(text))


def _opens_table(text: str) -> bool:
    """Whether a line is a programme line or the column titles."""
    return bool(_PROGRAM.fullmatch(text)) or squeeze(text).startswith(_FIRST_TITLES)


def _is_country(text: str) -> bool:
    try:
        country(text)
    except CellError:
        return is_group(text)
    return True


@dataclass
class _Lines:
    """What the rows below inherit from the country and programme lines above them."""

    headings: Headings = field(default_factory=set)
    country_raw: str = ""
    program: str = ""
    year: str = ""
    blocks: Counter[tuple[str, str]] = field(default_factory=Counter)
    closed: bool = True

    def interpret(self, row: Row) -> Iterable[Record | Total | Ignored]:
        """A record, the totals of one line, or a line whose words the rows below inherit."""
        if not row.cells and (total := _TOTAL_LINE.fullmatch(row.raw)):
            # at a page's head the sum of the page before stands above the first header
            cells = {"Course Title": total["title"], "Qty": total["qty"], "Total Cost": total["cost"]}
            row = Row(cells=cells, page=row.page, row=row.row, bbox=row.bbox, text=row.text)
        if not row.cells:
            return [row.ignored(self._line(row))]
        title = row.cells["Course Title"]
        if _PROGRAM_TOTAL.fullmatch(title):
            self.closed = True
            return self._totals(row, self._inherited())
        if found := _COUNTRY_TOTAL.fullmatch(title):
            return self._totals(row, {"Country": found["country"], "Fiscal Year": _year(found["year"])})
        if self.closed and self.program:
            # some programmes print two tables, each with its own sum, under one programme line
            self.blocks[self.country_raw, self.program] += 1
            self.closed = False
        cells = self._inherited() | row.cells
        return [_record(Row(cells=cells, page=row.page, row=row.row, bbox=row.bbox, text=row.text))]

    def _inherited(self) -> dict[str, str]:
        block = self.blocks[self.country_raw, self.program]
        return {
            "Country": self.country_raw,
            "Program": self.program if block < 2 else f"{self.program} ({block})",
            "Fiscal Year": self.year,
        }

    def _line(self, row: Row) -> str:
        if program := _PROGRAM.fullmatch(row.raw):
            again = self.program == program["program"] and not self.closed
            self.program, self.year, self.closed = program["program"], _year(program["year"]), False
            self.blocks[self.country_raw, self.program] += not again
            return "program_line"
        if _FURNITURE.fullmatch(row.raw):
            return "running_title"
        if row.bbox is None or _place(row.page or 0, row.raw, row.bbox) not in self.headings:
            raise CellError("this text belongs to no row and is no country, programme or running title")
        self.country_raw = _CONTINUED.sub("", row.raw)
        return "country_line"

    def _totals(self, row: Row, scope: dict[str, str]) -> list[Total]:
        printed = {
            Measure.QUANTITY: number(row.cells["Qty"], "us"),
            Measure.VALUE: money(row.cells["Total Cost"], "us"),
        }
        code = _country_code(scope["Country"])
        place = {"destination_country": code} if code else {"Country": scope["Country"]}
        named = {name: value for name, value in scope.items() if name != "Country"}
        totals = [
            row.total(
                scope={**place, "destination_country_raw": scope["Country"], **named},
                measure=measure,
                stage=Stage.TRAINED,
                printed=amount,
                unit="USD" if measure is Measure.VALUE else "trainees",
            )
            for measure, amount in printed.items()
            if amount is not None
        ]
        if not totals:
            raise CellError("a line of totals without a figure")
        return totals


def _country_code(name: str) -> str | None:
    """The code of a country; None for a region or group, whose name then stands alone."""
    if not name:
        raise CellError("no country line stands above this row")
    return None if is_group(name) else country(name)


def _year(text: str) -> str:
    return text if len(text) == 4 else f"{'19' if text > '50' else '20'}{text}"


def _record(row: Row) -> Record:
    cells = row.cells
    if not cells["Program"] or not cells["Fiscal Year"]:
        raise CellError("no programme line stands above this row")
    cost = money(cells["Total Cost"], "us")
    start, end = _period(cells)
    unit = cells.get("Student's Unit") or None
    return row.record(
        key=(
            *(cells[name] for name in ("Fiscal Year", "Country", "Program", "Course Title")),
            *(cells.get(name, "") for name in _SETTINGS["key_columns"]),
        ),
        stage=Stage.TRAINED,
        grain=Grain.ITEM,
        exporter_country="US",
        destination_country=_country_code(cells["Country"]),
        destination_country_raw=cells["Country"],
        end_user_raw=unit,
        item_description=_required(cells, "Course Title"),
        weapon_class=WeaponClass.NOT_FIREARMS,
        quantity=number(_required(cells, "Qty"), "us"),
        quantity_unit="trainees",
        value=cost,
        currency=None if cost is None else "USD",
        value_basis=None if cost is None else ValueBasis.TRAINING_COST,
        period_start=start,
        period_end=end,
    )


def _required(cells: dict[str, str], name: str) -> str:
    if not cells[name]:
        raise CellError(f"{name} is blank")
    return cells[name]


def _period(cells: dict[str, str]) -> tuple[date, date]:
    """The printed dates; where the report has none, the fiscal year."""
    if "Start Date" not in cells:
        return us_fiscal_year(cells["Fiscal Year"])
    return date_of(cells["Start Date"], ["%m/%d/%Y"]), date_of(cells["End Date"], ["%m/%d/%Y"])

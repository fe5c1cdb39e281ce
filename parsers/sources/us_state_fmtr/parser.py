"""State and Defence, Foreign Military Training report: who was trained, by unit. Context, not a transfer.

Knowledge: sources.md, us_state_fmtr. PDF volumes by region (``volume.py``), the HTML pages of 1999-2000
(``pages.py``: no unit, no dates) and those of 2006-2007 (``table.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial

from parsers.document import Document
from parsers.facts import facts_beside
from parsers.parsed import interpret_rows
from parsers.record import (
    CellError,
    DocumentError,
    Grain,
    Outcome,
    Record,
    Row,
    Stage,
    ValueBasis,
    WeaponClass,
)
from parsers.registry import IndexRef, ReportRef
from parsers.sources.us_state_fmtr import index as index_page
from parsers.sources.us_state_fmtr.lines import Lines, full_year
from parsers.sources.us_state_fmtr.pages import is_page, page_rows
from parsers.sources.us_state_fmtr.table import is_table, table_rows
from parsers.sources.us_state_fmtr.volume import (
    OLD_HEADING,
    PROGRAM,
    SETTINGS,
    Volume,
    country_code,
    place_of,
)
from parsers.values.dates import date_of, us_fiscal_year
from parsers.values.money import money, number

FACTS = facts_beside(__file__)
_REGION = re.compile(SETTINGS["region"], re.IGNORECASE)
_SHORT_DATE = re.compile(r"(\d{1,2}/\d{1,2}/)(\d\d)")


def find_reports(index: Document) -> Iterable[ReportRef | IndexRef]:
    """The reports that the publisher's list adds to those whose addresses ``source.yml`` names."""
    return index_page.find_reports(index)


def identify(document: Document) -> str:
    """``FY2019-western-hemisphere``: the first programme's fiscal year and the volume's region.

    Pages of HTML are named by their first and last country: ``FY1999-mexico-peru``.
    """
    if is_table(document):
        return _by_countries(record for record in parse(document) if isinstance(record, Record))
    if is_page(document):
        return _by_countries(page_rows(document))
    volume = Volume()
    region = ""
    for row, _ in volume.rows(document):
        if row.cells:
            continue
        if volume.old:
            whole = volume.headings.get(place_of(row))
            if whole and (found := OLD_HEADING.fullmatch(whole)) and found["region"]:
                return f"FY{full_year(found['year'])}-{_slug(found['region'])}"
            continue
        region = region or (found[1] if (found := _REGION.search(row.raw)) else "")
        if program := PROGRAM.fullmatch(row.raw):
            return "-".join(filter(None, [f"FY{full_year(program['year'])}", _slug(region)]))
    raise DocumentError("no programme line tells a fiscal year")


def _by_countries(rows: Iterable[Row | Record]) -> str:
    cells = [row.cells if isinstance(row, Row) else row.verbatim for row in rows]
    if not cells:
        raise DocumentError("no training line stands under a heading of country, programme and year")
    ends = [cells[0]["Country"], cells[-1]["Country"]]
    return "-".join([f"FY{cells[0]['Fiscal Year']}", *map(_slug, ends)])


def _slug(text: str) -> str:
    return "-".join(word for word in re.findall(r"[a-z]+", text.casefold()) if word != "region")


def parse(document: Document) -> Iterator[Outcome]:
    """One record per training line; each printed sum of a programme or country is a Total."""
    if not is_page(document):
        volume = Volume()
        yield from _outcomes(volume, volume.rows(document))
    elif is_table(document):
        volume = Volume()
        yield from _outcomes(volume, ((row, "") for row in table_rows(document, volume.headings)))
    else:
        yield from interpret_rows(page_rows(document), lambda row: [_record(row)])


def _outcomes(volume: Volume, rows: Iterable[tuple[Row, str]]) -> Iterator[Outcome]:
    lines = Lines(volume, _record)
    for row, beside in rows:
        yield from interpret_rows([row], partial(lines.interpret, beside=beside))


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
            *(cells.get(name, "") for name in SETTINGS["key_columns"]),
        ),
        stage=Stage.TRAINED,
        grain=Grain.ITEM,
        exporter_country="US",
        destination_country=country_code(cells["Country"]),
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
    return _date(cells["Start Date"]), _date(cells["End Date"])


def _date(text: str) -> date:
    """Until 2003 years have two digits."""
    short = _SHORT_DATE.fullmatch(text)
    return date_of(short[1] + full_year(short[2]) if short else text, ["%m/%d/%Y"])

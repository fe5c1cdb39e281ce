"""US Census Bureau, international trade API, exports by HS: what left the country, by month.

Knowledge: sources.md, us_census_exports (the Bureau's guide to its international trade data sets).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from parsers.document import Document
from parsers.facts import facts_beside
from parsers.parsed import interpret_rows
from parsers.readers.jsontable import read_json_table
from parsers.record import (
    CellError,
    DocumentError,
    Grain,
    Ignored,
    Outcome,
    Record,
    Reject,
    Row,
    Stage,
    ValueBasis,
)
from parsers.registry import IndexRef, ReportRef
from parsers.values.control_lists import control_code, weapon_class
from parsers.values.dates import month
from parsers.values.money import number

FACTS = facts_beside(__file__)
_COLUMNS: list[str] = FACTS.layout_settings["columns"]
_REQUIRED: list[str] = FACTS.layout_settings["required"]
_GROUP = re.compile("|".join(FACTS.layout_settings["country_groups"]))
_ALL = "-"
_DETAIL_LEVEL = 10
_MONTH_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_]?(0[1-9]|1[0-2])(?!\d)")

Key = tuple[str, str, str, str, str]
"""Commodity, country, district, DF and month (YYYY-MM); '-' where a variable was not asked for."""


def find_reports(index: Document) -> Iterable[ReportRef | IndexRef]:
    """No index page: the addresses follow from the months in ``source.yml``."""
    return []


def identify(document: Document) -> str:
    """``hs10-YYYY-MM``, of the month (or the first and last month) that the answer holds.

    A month without trade is an empty answer, which then only the file's name can date; it has no rows
    either way, so one that nothing dates is a report of its own and revises no month.
    """
    entries = list(_read(document))
    months = {_month(row.cells) for row in entries if isinstance(row, Row) and _dated(row.cells)}
    if months:
        return "hs10-" + "_".join(sorted({min(months), max(months)}))
    if entries:
        raise DocumentError("no row tells its month as YYYY-MM")
    if named := _MONTH_IN_NAME.search(document.name):
        return f"hs10-{named[1]}-{named[2]}"
    return "hs10-undated"


def parse(document: Document) -> Iterator[Outcome]:
    """One record per HS10 code, country, district, month and domestic or foreign origin, in US dollars."""
    entries = list(_read(document))
    answer = _Answer([entry for entry in entries if isinstance(entry, Row)])
    yield from (entry for entry in entries if isinstance(entry, Reject))
    yield from interpret_rows(answer.rows, answer.interpret)


def _read(document: Document) -> Iterator[Row | Reject]:
    for entry in read_json_table(document, required=_REQUIRED, known=_COLUMNS):
        if isinstance(entry, Row):
            _check_columns(entry.cells)
        yield entry


def _check_columns(cells: dict[str, str]) -> None:
    if not ("time" in cells or {"YEAR", "MONTH"} <= cells.keys()):
        raise DocumentError("neither time nor YEAR and MONTH is in the header, so no row can be dated")
    if not {"ALL_VAL_MO", "QTY_1_MO"} & cells.keys():
        raise DocumentError("neither ALL_VAL_MO nor QTY_1_MO is in the header: no monthly figure to read")


class _Answer:
    """The rows of one answer, which must be known together: some only sum others."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        details = [row for row in rows if _is_detail(row.cells)]
        self._has_detail_level = any(_level(row.cells) == _DETAIL_LEVEL for row in details)
        if details and not self._has_detail_level:
            found = sorted({f"HS{_level(row.cells)}" for row in details})
            raise DocumentError(f"no row at HS10, only {', '.join(found)}: another query than the known one")
        keys = [_key(row.cells) for row in details if _dated(row.cells)]
        self._split_by_origin = {(c, cty, d, m) for c, cty, d, df, m in keys if df != _ALL}
        self._split_by_district = {(c, cty, m) for c, cty, d, _df, m in keys if d != _ALL}

    def interpret(self, row: Row) -> Iterable[Record | Ignored]:
        """A record, or the row ignored by the rule that it falls under."""
        rule = self._ignored_by(row.cells)
        return [row.ignored(rule) if rule else _record(row)]

    def _ignored_by(self, cells: dict[str, str]) -> str | None:
        if rule := _summing_row(cells):
            return rule
        if _level(cells) != _DETAIL_LEVEL:
            return "coarser_level"
        commodity, country, district, origin, in_month = _key(cells)
        if district == _ALL and (commodity, country, in_month) in self._split_by_district:
            return "all_districts_row"
        if origin == _ALL and (commodity, country, district, in_month) in self._split_by_origin:
            return "domestic_and_foreign_row"
        return None


def _summing_row(cells: dict[str, str]) -> str | None:
    """The rule for a row that sums countries or commodities, whatever else the answer holds."""
    country, summary = cells["CTY_CODE"], cells.get("SUMMARY_LVL", "DET")
    if summary not in {"DET", "CGP"}:
        raise CellError(f"SUMMARY_LVL is {summary!r}, expected DET or CGP")
    if country == _ALL:
        return "all_countries_row"
    if _GROUP.fullmatch(country):
        return "country_group"
    if summary == "CGP":
        if country in _schedule_c():
            raise CellError(f"country {country} is marked as a group of countries (SUMMARY_LVL CGP)")
        return "country_group"
    return "all_commodities_row" if cells["E_COMMODITY"] == _ALL else None


def _is_detail(cells: dict[str, str]) -> bool:
    """Whether a row speaks of one country and one commodity; one that is not readable counts for nothing."""
    try:
        return _summing_row(cells) is None and _level(cells) > 0
    except CellError:
        return False


def _level(cells: dict[str, str]) -> int:
    """The digits of the commodity code; COMM_LVL, where asked for, must say the same."""
    code = cells["E_COMMODITY"]
    stated = cells.get("COMM_LVL", f"HS{len(code)}")
    if not (code.isascii() and code.isdigit() and stated == f"HS{len(code)}"):
        raise CellError(f"E_COMMODITY {code!r} is not a code of level {stated}")
    return len(code)


def _key(cells: dict[str, str]) -> Key:
    return (
        cells["E_COMMODITY"],
        cells["CTY_CODE"],
        cells.get("DISTRICT", _ALL),
        cells.get("DF", _ALL),
        _month(cells),
    )


def _dated(cells: dict[str, str]) -> bool:
    try:
        _month(cells)
    except CellError:
        return False
    return True


def _month(cells: dict[str, str]) -> str:
    """``YYYY-MM`` from time, from YEAR and MONTH, or from both where they agree."""
    printed = {cells["time"]} if "time" in cells else set()
    if {"YEAR", "MONTH"} <= cells.keys():
        printed.add(f"{cells['YEAR']}-{cells['MONTH']}")
    stated = printed.pop()
    if printed or not re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", stated, re.ASCII):
        raise CellError(f"the month {' or '.join([stated, *printed])!r} is not one month as YYYY-MM")
    return stated


def _record(row: Row) -> Record:
    cells = row.cells
    commodity, country, district, origin, in_month = key = _key(cells)
    if origin not in {"1", "2", _ALL}:
        raise CellError(f"DF is {origin!r}, expected 1 (domestic), 2 (foreign) or '-' (both)")
    if not re.fullmatch(r"\d\d|-", district, re.ASCII):
        raise CellError(f"DISTRICT is {district!r}, expected two digits or '-'")
    if country not in _schedule_c():
        raise CellError(f"CTY_CODE {country!r} is not a Schedule C country code")
    code = control_code("HS", commodity)
    description = cells.get("E_COMMODITY_LDESC") or cells.get("E_COMMODITY_SDESC") or None
    value = _integer(cells, "ALL_VAL_MO")
    start, end = _period(in_month)
    return row.record(
        key=key,
        stage=Stage.SHIPPED,
        grain=Grain.AGGREGATE,
        exporter_country="US",
        destination_country=_schedule_c()[country],
        destination_country_raw=cells.get("CTY_NAME") or country,
        item_description=description,
        control_list="HS",
        control_code=code,
        weapon_class=weapon_class("HS", code, description or ""),
        quantity=_quantity(cells),
        quantity_unit=cells.get("UNIT_QY1") or None,
        value=value,
        currency=None if value is None else "USD",
        value_basis=None if value is None else ValueBasis.CUSTOMS_FAS,
        period_start=start,
        period_end=end,
    )


def _integer(cells: dict[str, str], column: str) -> Decimal | None:
    """The printed whole number; None where the column was not asked for. A blank cell is an error."""
    if column not in cells:
        return None
    amount = number(cells[column], "plain")
    if amount is None or amount != amount.to_integral_value():
        raise CellError(f"{column} is {cells[column]!r}, expected a whole number")
    return amount


def _quantity(cells: dict[str, str]) -> Decimal | None:
    """The first quantity as printed; None where flag M says that the 0 stands for a missing one."""
    quantity = _integer(cells, "QTY_1_MO")
    flag = cells.get("QTY_1_MO_FLAG")
    if flag not in {None, "", "M"}:
        raise CellError(f"QTY_1_MO_FLAG is {flag!r}, expected M or blank")
    if flag == "M":
        return None
    return None if flag is None and quantity == 0 else quantity


def _period(in_month: str) -> tuple[date, date]:
    year, number_of_month = map(int, in_month.split("-"))
    return month(year, number_of_month)


@cache
def _schedule_c() -> dict[str, str]:
    """ISO 3166-1 alpha-2 by the Bureau's country code (its published list)."""
    with Path(__file__).with_name("schedule_c.csv").open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row["country"] for row in csv.DictReader(lines)}

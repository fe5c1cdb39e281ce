"""Dutch monthly list of licences for military goods: one row a licence, to its final destination.

Knowledge: sources.md, nl_bz_licences. Cells are padded with blanks, also inside quotes; the padding stays in
``verbatim`` and is no part of a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from parsers.document import Document
from parsers.facts import facts_beside
from parsers.parsed import interpret_rows
from parsers.readers.delimited import cells_of, header_of, read_delimited
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
from parsers.values.control_lists import control_code, is_control_code, weapon_class
from parsers.values.countries import countries_in, country
from parsers.values.dates import date_of
from parsers.values.money import number

FACTS = facts_beside(__file__)
_SETTINGS = FACTS.layout_settings
_HEADER: list[str] = _SETTINGS["header"]
_DATE_FORMATS: list[str] = _SETTINGS["date_formats"]
_DIRECTIONS: list[str] = _SETTINGS["directions"]
_NO_CATEGORY: list[str] = _SETTINGS["no_category"]
_CATEGORIES: dict[str, list[str]] = _SETTINGS["categories_as_printed"]
_DESTINATIONS: dict[str, list[str]] = _SETTINGS["destinations_as_printed"]
_OTHER_LISTS: dict[str, str] = _SETTINGS["other_lists"]
_NUMBER = re.compile(r"[0-9]{8}")
_BETWEEN_CODES = re.compile(r"\s*(?:[,/.;&+]|\ben\b)\s*", re.IGNORECASE)
_VIA = re.compile(r"(.+?)\s+via\s+(.+)", re.IGNORECASE)


def find_reports(index: Document) -> Iterable[ReportRef | IndexRef]:
    """No index page: the compilation stands at the address in ``source.yml``."""
    return []


def identify(document: Document) -> str:
    """``from-YYYY-MM``, the first month of issue: a longer list continues the same report."""
    months = set()
    for row in _read(document):
        try:
            months.add(f"{date_of(row.cells.get('afgifte datum', ''), _DATE_FORMATS):%Y-%m}")
        except CellError:
            continue  # parse rejects this row and says why
    if not months:
        raise DocumentError("the list holds no row with a date of issue, so its report cannot be told")
    return f"from-{min(months)}"


def parse(document: Document) -> Iterator[Outcome]:
    """Records and rejects of the list; DocumentError when its header is not as known."""
    yield from interpret_rows(_read(document), _interpret)


def _read(document: Document) -> Iterator[Row]:
    for name in header_of(document):
        if name in _OTHER_LISTS:
            raise DocumentError(f"this is {_OTHER_LISTS[name]}, which this source does not read", row=1)
    return read_delimited(document, header=_HEADER)


def _interpret(row: Row) -> list[Record]:
    cells = cells_of(row)
    issued = date_of(cells["afgifte datum"], _DATE_FORMATS)
    if not _NUMBER.fullmatch(cells["nummer"]):
        raise CellError(f"{cells['nummer']!r} is not a licence number of eight digits")
    if cells["U/D"] not in _DIRECTIONS:
        raise CellError(f"{cells['U/D']!r} in U/D is none of {', '.join(_DIRECTIONS)}")
    codes = _codes(cells["SGP"])
    goods = cells["goederen omschrijving"]
    value = _euros(cells["waarde (€)"])
    records: list[Record] = []
    for destination in _destinations(cells["land van eindbestemming"]):
        # One licence to several countries: the value once, on the first.
        amount = None if records else value
        records.append(
            row.record(
                key=(cells["nummer"], issued.isoformat(), destination or ""),
                stage=Stage.LICENSED,
                grain=Grain.LICENCE,
                licence_ref=cells["nummer"],
                licence_ref_raw=cells["nummer"],
                exporter_country="NL",
                destination_country=destination,
                destination_country_raw=cells["land van eindbestemming"],
                item_description=goods or None,
                control_list="ML",
                control_code=",".join(codes) or None,
                weapon_class=_weapon_class(codes, goods),
                licence_count=1,
                value=amount,
                currency=None if amount is None else "EUR",
                value_basis=None if amount is None else ValueBasis.LICENSED_CEILING,
                event_date=issued,
            )
        )
    return records


def _euros(text: str) -> Decimal | None:
    """A value in euros, with a point for cents; three digits after it may be Dutch thousands: CellError."""
    if re.fullmatch(r"[0-9]{1,3}\.[0-9]{3}", text):
        raise CellError(f"{text!r} can be read as thousands or as a fraction of a euro")
    return number(text, "plain")


def _codes(text: str) -> list[str]:
    """The ML codes of a category cell: none (``DIV``), one, or several (``ML2,6``, ``ML21/5``)."""
    if text in _NO_CATEGORY:
        return []
    if text in _CATEGORIES:
        return _CATEGORIES[text]
    codes: list[str] = []
    # "ML13.d" is one code, "ML2.ML6" are two.
    for part in [text] if is_control_code("ML", text) else _BETWEEN_CODES.split(text):
        if codes and re.fullmatch(r"[0-9]{1,2}[a-z]?", part):
            part = f"ML{part}"
        elif codes and re.fullmatch(r"[a-z]", part):
            part = re.sub(r"[a-z]+$", "", codes[-1]) + part
        codes.append(control_code("ML", part))
    return codes


def _weapon_class(codes: list[str], goods: str) -> WeaponClass:
    """The class of the goods; unknown where several categories of different classes stand in one row."""
    classes = {weapon_class("ML", code, goods) for code in codes} or {weapon_class(None, None, goods)}
    return classes.pop() if len(classes) == 1 else WeaponClass.UNKNOWN


def _destinations(text: str) -> list[str | None]:
    """Codes of the final destination, None for a group; CellError where any country is unknown."""
    if text in _DESTINATIONS:
        return list(_DESTINATIONS[text])
    passed_through = _VIA.fullmatch(text)
    if passed_through:
        countries_in(passed_through[2])  # must be countries too, or the cell is not understood
        return [country(passed_through[1])]
    return countries_in(text)

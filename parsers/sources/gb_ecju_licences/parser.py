"""UK licensing data: what was licensed or refused, by licence, control rating and destination.

Knowledge: sources.md, gb_ecju_licences.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from parsers.document import Document
from parsers.facts import facts_beside
from parsers.parsed import interpret_rows
from parsers.readers.delimited import cells_of, header_of, read_delimited
from parsers.record import CellError, DocumentError, Grain, Outcome, Record, Row, Stage, ValueBasis
from parsers.registry import IndexRef, ReportRef
from parsers.values.control_lists import control_code, weapon_class
from parsers.values.countries import country_or_group
from parsers.values.dates import date_of, month
from parsers.values.money import integer, number

FACTS = facts_beside(__file__)
_COLUMNS: dict[str, list[str]] = FACTS.layout_settings["columns"]
_OPTIONAL: list[str] = FACTS.layout_settings["optional_columns"]
_OTHER_TABLES: dict[str, str] = FACTS.layout_settings["other_tables"]
_STAGES = {flag: Stage(stage) for flag, stage in FACTS.layout_settings["refused"].items()}
_OTHER_RATINGS = set(FACTS.layout_settings["other_ratings"])
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")


def find_reports(index: Document) -> Iterable[ReportRef | IndexRef]:
    """No index page: the compilation stands at the address in ``source.yml``."""
    return []


def identify(document: Document) -> str:
    """``from-YYYY-MM``, the first month that the table holds: each release re-issues all since then."""
    column = _columns(header_of(document))["date"]
    months = {
        found[0] for row in _read(document) if (found := _MONTH.match(row.cells.get(column, "").strip()))
    }
    if not months:
        raise DocumentError("the table holds no row with a date, so its report cannot be told")
    return f"from-{min(months)}"


def parse(document: Document) -> Iterator[Outcome]:
    """A record or a reject for each row; DocumentError when the header is not as known."""
    columns = _columns(header_of(document))
    yield from interpret_rows(_read(document), lambda row: [_record(row, columns)])


def _read(document: Document) -> Iterator[Row]:
    return read_delimited(document, header=header_of(document))


def _columns(header: list[str]) -> dict[str, str]:
    """The header's own name for each column; DocumentError names what is missing, doubled or unknown."""
    for name, table in _OTHER_TABLES.items():
        if name in header:
            raise DocumentError(f"this is {table}: values.csv is what is read", row=1)
    named = {column: [name for name in names if name in header] for column, names in _COLUMNS.items()}
    known = {name for names in _COLUMNS.values() for name in names} | set(_OPTIONAL)
    faults = [f"missing {' or '.join(map(repr, _COLUMNS[c]))}" for c, found in named.items() if not found]
    faults += [f"{' and '.join(map(repr, found))} side by side" for found in named.values() if len(found) > 1]
    faults += [f"unknown {name!r}" for name in header if name not in known]
    if faults:
        raise DocumentError(f"the header is not as known: {'; '.join(faults)}", row=1)
    return {column: found[0] for column, found in named.items()}


def _record(row: Row, columns: dict[str, str]) -> Record:
    cells = cells_of(row)
    licence, when, rating, count, value, destination, refused = (cells.pop(columns[c]) for c in _COLUMNS)
    if not licence.isdecimal():
        raise CellError(f"{licence!r} is not a licence number")
    if refused not in _STAGES:
        raise CellError(f"{refused!r} is not a flag of refusal ({', '.join(_STAGES)})")
    control_list, code = _rating(rating)
    country_code = _country(destination, cells.pop("iso2", ""))
    amount = number(value, "plain")
    if _STAGES[refused] is Stage.REFUSED and amount is not None:
        raise CellError(f"a refusal with a value ({value!r}), which this table does not print")
    event_date, period_start, period_end = _when(when)
    return row.record(
        key=(licence, code, country_code or destination),
        stage=_STAGES[refused],
        grain=Grain.ITEM,
        licence_ref=licence,
        licence_ref_raw=row.cells[columns["licence"]],
        exporter_country="GB",
        destination_country=country_code,
        destination_country_raw=destination,
        control_list=control_list,
        control_code=code,
        weapon_class=weapon_class(control_list, code),
        licence_count=_count(count),
        value=amount,
        currency=None if amount is None else "GBP",
        value_basis=None if amount is None else ValueBasis.LICENSED_CEILING,
        event_date=event_date,
        period_start=period_start,
        period_end=period_end,
    )


def _rating(text: str) -> tuple[str, str]:
    """Control list and code of a rating; CellError for one that is in no list."""
    if text in _OTHER_RATINGS:
        return "GB", control_code("GB", text)
    for prefix in ("ML", "PL"):
        if text.startswith(prefix):
            return prefix, control_code(prefix, text)
    return "DU", control_code("DU", text)


def _country(name: str, iso2: str) -> str | None:
    """The destination's code; None for a group of territories (``Channel Islands``)."""
    code = country_or_group(name)
    if iso2 and iso2 != code:
        raise CellError(f"{name!r} is {code}, but its iso2 says {iso2!r}")
    return code


def _count(text: str) -> int | None:
    """The number of licences; later releases write it as ``1.0``. CellError for a fraction."""
    if text.endswith(".0"):
        text = text.removesuffix(".0") or "."
    return integer(text)


def _when(text: str) -> tuple[date | None, date | None, date | None]:
    """Day of decision, or first and last day of the month where only that is printed."""
    only_month = _MONTH.fullmatch(text)
    if only_month:
        return None, *month(only_month[1], only_month[2])
    return date_of(text, ["%Y-%m-%d"]), None, None

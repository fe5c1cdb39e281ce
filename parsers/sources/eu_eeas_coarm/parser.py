"""EU annual report on arms exports (COARM): licences and exports by exporter, importer and ML category.

Knowledge: sources.md, eu_eeas_coarm. A row holds up to two facts: licences issued (number and value, stage
licensed) and exports made (value, stage shipped); a blank cell is no fact, a printed 0 is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from parsers.document import Document
from parsers.facts import facts_beside
from parsers.parsed import interpret_rows
from parsers.readers.delimited import cells_of, read_delimited
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
)
from parsers.registry import IndexRef, ReportRef
from parsers.values.control_lists import control_code, weapon_class
from parsers.values.countries import country, country_or_group
from parsers.values.dates import calendar_year
from parsers.values.money import integer

FACTS = facts_beside(__file__)
_HEADER, *_OTHER_HEADERS = FACTS.layout_settings["headers"]
_SUMS_OVER_EXPORTERS = set(FACTS.layout_settings["sums_over_exporters"])
_TOTAL = FACTS.layout_settings["total_category"]
_YEAR_COLUMN = 1


@dataclass(frozen=True, slots=True)
class _Figures:
    """One row's figures: licences issued, their value and the value of exports, both in whole euros."""

    licences: int | None
    licensed: Decimal | None
    shipped: Decimal | None


def find_reports(index: Document) -> Iterable[ReportRef | IndexRef]:
    """No index page: the compilation stands at the address in ``source.yml``."""
    return []


def identify(document: Document) -> str:
    """``from-YYYY``, the first year that the table holds: a longer table continues the same report."""
    years = {year for row in _read(document) if (year := row.cells.get("year", "").strip()).isdecimal()}
    if not years:
        raise DocumentError("the table holds no row with a year, so its report cannot be told")
    return f"from-{min(years)}"


def parse(document: Document) -> Iterator[Outcome]:
    """Every row of the table as an outcome; DocumentError when its header is not as known."""
    yield from interpret_rows(_read(document), _interpret)


def _read(document: Document) -> Iterator[Row]:
    for row in read_delimited(document, header=_HEADER, also=_OTHER_HEADERS, delimiter=";"):
        if len(row.cells) == len(_HEADER):
            name = list(row.cells)[_YEAR_COLUMN]
            row.cells = {"year" if key == name else key: cell for key, cell in row.cells.items()}
        yield row


def _interpret(row: Row) -> list[Record | Total | Ignored]:
    cells = cells_of(row)
    if not cells["unique-id"].isdecimal():
        raise CellError(f"{cells['unique-id']!r} is not a row number")
    figures = _figures(cells)
    if figures == _Figures(None, None, None):
        return [row.ignored("no_figures")]
    period = calendar_year(cells["year"])
    scope = {
        # Empty for a group of territories, as in the records that it sums.
        "destination_country": country_or_group(cells["importing-country"]) or "",
        "destination_country_raw": cells["importing-country"],
    }
    is_sum = cells["CML-category"] == _TOTAL
    if cells["exporting-country"] in _SUMS_OVER_EXPORTERS:
        is_sum = True
    else:
        scope["exporter_country"] = country(cells["exporting-country"])
        scope["exporter_country_raw"] = cells["exporting-country"]
    if cells["CML-category"] != _TOTAL:
        scope["control_list"] = "ML"
        scope["control_code"] = control_code("ML", cells["CML-category"])
    if is_sum:
        return _totals(row, scope, period, figures)
    return _records(row, scope, period, figures)


def _figures(cells: dict[str, str]) -> _Figures:
    licensed = integer(cells["val-licenses-imported"])
    shipped = integer(cells["val-arms-imported"])
    return _Figures(
        licences=integer(cells["num-licenses-imported"]),
        licensed=None if licensed is None else Decimal(licensed),
        shipped=None if shipped is None else Decimal(shipped),
    )


def _records(
    row: Row, fields: dict[str, str], period: tuple[date, date], figures: _Figures
) -> list[Record | Total | Ignored]:
    facts: list[Record | Total | Ignored] = []
    if figures.licences is not None or figures.licensed is not None:
        facts.append(_record(row, Stage.LICENSED, fields, period, figures.licensed, figures.licences))
    if figures.shipped is not None:
        facts.append(_record(row, Stage.SHIPPED, fields, period, figures.shipped, None))
    return facts


def _record(
    row: Row,
    stage: Stage,
    fields: dict[str, str],
    period: tuple[date, date],
    value: Decimal | None,
    licences: int | None,
) -> Record:
    basis = ValueBasis.LICENSED_CEILING if stage is Stage.LICENSED else ValueBasis.SHIPPED_REPORTED
    code = fields["control_code"]
    return row.record(
        key=(str(period[0].year), fields["destination_country"], fields["exporter_country"], code),
        stage=stage,
        grain=Grain.AGGREGATE,
        **{**fields, "destination_country": fields["destination_country"] or None},
        weapon_class=weapon_class("ML", code),
        licence_count=licences,
        value=value,
        currency=None if value is None else "EUR",
        value_basis=None if value is None else basis,
        period_start=period[0],
        period_end=period[1],
    )


def _totals(
    row: Row, scope: dict[str, str], period: tuple[date, date], figures: _Figures
) -> list[Record | Total | Ignored]:
    """One Total a printed sum: a line with three sums is three."""
    printed = [
        (Measure.COUNT, Stage.LICENSED, figures.licences, "licences"),
        (Measure.VALUE, Stage.LICENSED, figures.licensed, "EUR"),
        (Measure.VALUE, Stage.SHIPPED, figures.shipped, "EUR"),
    ]
    return [
        row.total(
            scope=scope,
            measure=measure,
            stage=stage,
            printed=Decimal(amount),
            unit=unit,
            period_start=period[0],
            period_end=period[1],
        )
        for measure, stage, amount, unit in printed
        if amount is not None
    ]

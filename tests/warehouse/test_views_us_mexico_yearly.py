"""out.us_mexico_yearly: intended, allowed and shipped side by side, never added up."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from parsers.record import Grain, Record, Stage, ValueBasis, WeaponClass
from tests.warehouse.facts import REGISTER, Reports, licence
from tests.workshop import ask, moment

ANNUAL, CENSUS, COMMERCE, GOVERNMENT = (
    "us_ddtc_655",
    "us_census_exports",
    "us_bis_licences",
    "us_dsca_notices",
)


def figure(stage: Stage, start: date, end: date, value: int, basis: ValueBasis, **more: Any) -> Record:
    """A figure of a period, in dollars, for rifles to Mexico."""
    cells: dict[str, Any] = {
        "exporter_country": "US", "destination_country": "MX", "weapon_class": WeaponClass.RIFLES_CARBINES,
        "currency": "USD", **more,
    }  # fmt: skip
    return Record(
        key=(start.isoformat(), end.isoformat(), str(value), str(cells["weapon_class"])), verbatim={}, stage=stage,
        grain=Grain.AGGREGATE, period_start=start, period_end=end, value=Decimal(value), value_basis=basis, **cells,
    )  # fmt: skip


def month(year: int, number: int, value: int, pieces: int | None, unit: str = "NO") -> Record:
    start = date(year, number, 1)
    end = (start + timedelta(31)).replace(day=1) - timedelta(1)
    count = None if pieces is None else Decimal(pieces)
    return figure(
        Stage.SHIPPED, start, end, value, ValueBasis.CUSTOMS_FAS, quantity=count, quantity_unit=unit
    )


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    reports = Reports(tmp_path_factory.mktemp("yearly"))
    begin, end = date(2019, 10, 1), date(2020, 9, 30)
    reports.says(
        ANNUAL, "2020", moment(1),
        figure(Stage.LICENSED, begin, end, 500, ValueBasis.LICENSED_CEILING, control_list="USML"),
        figure(Stage.SHIPPED, begin, end, 90, ValueBasis.SHIPPED_REPORTED, control_list="USML"),
    )  # fmt: skip
    reports.says(
        CENSUS, "months", moment(2), month(2019, 11, 10, 1), month(2020, 2, 20, 2), month(2020, 12, 40, 4),
        month(2020, 3, 7, 300, unit="KG"),
    )  # fmt: skip
    reports.says(
        COMMERCE, "2020", moment(3),
        figure(Stage.LICENSED, date(2020, 1, 1), date(2020, 12, 31), 700, ValueBasis.LICENSED_CEILING,
               control_list="ECCN", licence_count=3),
    )  # fmt: skip
    reports.says(
        REGISTER, "notice", moment(4),
        licence(1, event_date=date(2020, 2, 1), value=Decimal(1_000_000), currency="USD",
                value_basis=ValueBasis.THRESHOLD_MINIMUM),
        licence(1, event_date=date(2020, 2, 1), item_description="the same licence, another item"),
        licence(2, event_date=date(2020, 11, 1)),
        licence(3, event_date=date(2020, 11, 1), destination_country="IL"),
    )  # fmt: skip
    reports.says(
        GOVERNMENT, "case", moment(5), licence(9, event_date=date(2020, 5, 1), licence_ref="DSCA 20-09")
    )
    return reports.built_with()


def year(warehouse: Path, kind: str, number: int, columns: str) -> tuple[Any, ...]:
    (row,) = ask(
        warehouse,
        f"SELECT {columns} FROM out.us_mexico_yearly WHERE year_kind = ? AND year = ? AND weapon_class = 'rifles_carbines'",
        kind, number,
    )  # fmt: skip
    return row


SIDE_BY_SIDE = (
    "notified_licence_count, notified_case_count, licensed_by_state_usd::INT, licensed_by_commerce_usd::INT,"
    " shipped_reported_usd::INT, shipped_customs_usd::INT, shipped_customs_pieces::INT, customs_period_count"
)


def test_a_fiscal_year_holds_the_annual_report_and_the_months_and_notices_within_it(warehouse: Path) -> None:
    assert year(warehouse, "fiscal", 2020, SIDE_BY_SIDE) == (1, 1, 500, None, 90, 37, 3, 3)


def test_a_calendar_year_holds_no_figure_of_a_fiscal_year(warehouse: Path) -> None:
    assert year(warehouse, "calendar", 2020, SIDE_BY_SIDE) == (2, 1, None, 700, None, 67, 6, 3)


def test_pieces_are_added_up_only_where_customs_counts_pieces(warehouse: Path) -> None:
    assert year(warehouse, "calendar", 2019, SIDE_BY_SIDE) == (0, 0, None, None, None, 10, 1, 1)


def test_thresholds_are_nowhere_summed(warehouse: Path) -> None:
    columns = "licensed_by_state_usd, licensed_by_commerce_usd, shipped_reported_usd, shipped_customs_usd"
    assert all(value is None or value < 1_000_000 for value in year(warehouse, "fiscal", 2020, columns))


def test_breaks_of_the_year_stand_beside_it_with_their_mark(warehouse: Path) -> None:
    (breaks,) = year(warehouse, "fiscal", 2020, "structural_breaks")
    (moved,) = [text for text in breaks if text.startswith("2020-03-09: ")]
    assert "0A501" in moved and moved.endswith("(from memory)")
    assert year(warehouse, "fiscal", 2021, "structural_breaks") == ([],)


def test_years_have_their_days(warehouse: Path) -> None:
    assert year(warehouse, "fiscal", 2020, "year_start, year_end") == (date(2019, 10, 1), date(2020, 9, 30))


def test_reference_tables_are_loaded_whole_and_typed(warehouse: Path) -> None:
    assert ask(warehouse, "SELECT amount::INT, currency, certain_from FROM core.legal_thresholds WHERE threshold_id = 'aeca_36c_firearms'") == [(1_000_000, "USD", date(2002, 9, 30))]  # fmt: skip
    assert ask(warehouse, "SELECT source_ids FROM core.structural_breaks WHERE break_id = 'hs_2012'") == [
        (["us_census_exports", "un_comtrade"],)
    ]
    assert ask(warehouse, "SELECT count(*) > 90 FROM core.control_list_crosswalk") == [(True,)]

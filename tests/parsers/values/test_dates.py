"""Dates are read by explicit formats; what can be read in two ways is not read."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.record import CellError
from parsers.values.dates import calendar_year, date_of, month, quarter, us_fiscal_year

DUTCH = ["%m/%d/%Y", "%d%m%Y", "%-d%m%Y"]
DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))


@pytest.mark.parametrize(
    ("text", "formats", "day"),
    [
        ("01/05/2004", DUTCH, date(2004, 1, 5)),
        ("31012005", DUTCH, date(2005, 1, 31)),
        ("3122003", DUTCH, date(2003, 12, 3)),
        ("1112003", DUTCH, date(2003, 11, 1)),
        ("8/19/2019", ["%m/%d/%Y"], date(2019, 8, 19)),
        ("2009-10-02", ["%Y-%m-%d"], date(2009, 10, 2)),
        ("28.04.2014", ["%d.%m.%Y"], date(2014, 4, 28)),
        ("August 1, 2020", ["%B %d, %Y"], date(2020, 8, 1)),
        ("AUGUST  1,\n2020", ["%B %d, %Y"], date(2020, 8, 1)),
        ("Sept. 2, 2005", ["%b %d, %Y"], date(2005, 9, 2)),
        ("  29022004 ", DUTCH, date(2004, 2, 29)),
    ],
)
def test_date_in_a_known_form(text: str, formats: list[str], day: date) -> None:
    assert date_of(text, formats) == day


@pytest.mark.parametrize(
    "text",
    ["", "13/06/2008", "00/01/2008", "30022004", "9122003 x", "38837", "311203", "2003-12-03", "3/2003", "99999999",
     "01/05/04", "01/05/1899", "１2/06/2008", "3122003.0"],
)  # fmt: skip
def test_what_is_no_date_of_the_list_is_refused(text: str) -> None:
    with pytest.raises(CellError):
        date_of(text, DUTCH)


def test_date_that_two_formats_read_differently_is_not_guessed() -> None:
    with pytest.raises(CellError, match="2004-01-05 or 2004-05-01"):
        date_of("01/05/2004", ["%m/%d/%Y", "%d/%m/%Y"])
    assert date_of("05/05/2004", ["%m/%d/%Y", "%d/%m/%Y"]) == date(2004, 5, 5)


def test_unknown_directive_is_a_defect_of_the_caller() -> None:
    with pytest.raises(ValueError, match="%y"):
        date_of("1.1.04", ["%d.%m.%y"])


@given(DAYS)
def test_every_day_survives_each_dutch_form(day: date) -> None:
    packed = f"{day.day}{day:%m%Y}"  # a spreadsheet drops the leading zero of the day
    for printed in (f"{day:%m/%d/%Y}", f"{day:%d%m%Y}", packed):
        assert date_of(printed, DUTCH) == day


@given(DAYS, st.booleans())
def test_packed_date_never_reads_as_another_day(day: date, pad: bool) -> None:
    text = f"{day:%d%m%Y}" if pad else f"{day.day}{day:%m%Y}"
    assert date_of(text, ["%d%m%Y", "%-d%m%Y"]) == day


@given(st.text(max_size=12))
def test_any_text_is_a_date_or_a_cell_error(text: str) -> None:
    try:
        assert isinstance(date_of(text, DUTCH), date)
    except CellError as error:
        assert repr(text) in str(error)


def test_fiscal_year_is_named_by_the_year_in_which_it_ends() -> None:
    assert us_fiscal_year(2008) == (date(2007, 10, 1), date(2008, 9, 30))
    assert us_fiscal_year("2020") == (date(2019, 10, 1), date(2020, 9, 30))


@given(st.integers(min_value=1901, max_value=2100))
def test_periods_follow_each_other_without_gap(year: int) -> None:
    months = [month(year, m) for m in range(1, 13)]
    quarters = [quarter(year, q) for q in range(1, 5)]
    for periods in (months, quarters):
        assert (periods[0][0], periods[-1][1]) == calendar_year(year)
        assert all(after[0] - before[1] == timedelta(days=1) for before, after in pairwise(periods))
    assert us_fiscal_year(year)[1] + timedelta(days=1) == quarters[3][0]


@pytest.mark.parametrize("year", ["", "08", "20 08", "1899", "2101", "2008.0", "FY2008"])
def test_what_is_no_year_is_refused(year: str) -> None:
    for period in (us_fiscal_year, calendar_year):
        with pytest.raises(CellError):
            period(year)


@pytest.mark.parametrize("wrong", ["0", "13", "", "x", "1.0"])
def test_what_is_no_month_or_quarter_is_refused(wrong: str) -> None:
    with pytest.raises(CellError):
        month(2008, wrong)
    with pytest.raises(CellError):
        quarter(2008, "5" if wrong == "1" else wrong)

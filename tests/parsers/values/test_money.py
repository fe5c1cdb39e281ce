"""Numbers are read by the publisher's style or refused; nothing is repaired."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.record import CellError
from parsers.values.money import Style, integer, money, number

STYLES: list[Style] = ["plain", "us", "eu"]
CENTS = st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2)


@pytest.mark.parametrize(
    ("text", "style", "value"),
    [
        ("0", "plain", "0"),
        ("1234.56", "plain", "1234.56"),
        ("  386000 ", "plain", "386000"),
        ("1,033,243", "us", "1033243"),
        ("25,740", "us", "25740"),
        ("1000000.50", "us", "1000000.50"),
        ("1.033.243", "eu", "1033243"),
        ("487,88", "eu", "487.88"),
        ("123456789012345678", "plain", "123456789012345678"),
    ],
)
def test_number_of_its_style_is_read_exactly(text: str, style: Style, value: str) -> None:
    assert number(text, style) == Decimal(value)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    "text",
    ["7 56000", "386 000", "-1", "(5)", "1e6", "1E6", "0x10", "1_000", "NaN", "inf", "Infinity", "+5", "١٢٣", "½", "--",
     "n/a", "M", "$5", "1,23,456", "1.2.3", ",5", "5,", "5.", ".5", "1234567890123456789", "1\n2", "０"],
)  # fmt: skip
def test_what_is_no_number_of_any_style_is_refused(text: str, style: Style) -> None:
    with pytest.raises(CellError):
        number(text, style)


@pytest.mark.parametrize(
    ("text", "style"), [("1,000", "plain"), ("131.354,1", "us"), ("1,000.5", "eu"), ("0,123", "us")]
)
def test_separators_of_another_style_are_refused(text: str, style: Style) -> None:
    with pytest.raises(CellError):
        number(text, style)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("blank", ["", "   ", "\t", "\xa0"])
def test_blank_is_none_and_not_zero(blank: str, style: Style) -> None:
    assert number(blank, style) is None
    assert money(blank, style) is None
    assert integer(blank) is None


def test_negative_only_where_the_source_allows_it() -> None:
    assert number("-1,000", "us", allow_negative=True) == -1000
    with pytest.raises(CellError, match="negative"):
        number("-1,000", "us")
    with pytest.raises(CellError):
        number("--1", "us", allow_negative=True)


@pytest.mark.parametrize(("text", "value"), [("$1,000,000", 1000000), ("$ 5", 5), ("532,665", 532665)])
def test_money_with_or_without_its_sign(text: str, value: int) -> None:
    assert money(text, "us") == value


@pytest.mark.parametrize("text", ["$", "$ ", "$$5", "5$", "€5", "$-5", "USD 5"])
def test_sign_without_amount_or_another_sign_is_refused(text: str) -> None:
    with pytest.raises(CellError):
        money(text, "us")


@pytest.mark.parametrize("text", ["131.354", "32.5", "1.0", "1,000", "7 56000", "-3", "1e3", "９"])
def test_integer_takes_digits_alone(text: str) -> None:
    with pytest.raises(CellError):
        integer(text)


@given(CENTS)
def test_every_amount_survives_printing_in_each_style(amount: Decimal) -> None:
    us = f"{amount:,.2f}"
    assert number(us, "us") == amount
    assert number(us.replace(",", " ").replace(".", ",").replace(" ", "."), "eu") == amount
    assert number(f"{amount:.2f}", "plain") == amount


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_a_cell_error(text: str) -> None:
    for style in STYLES:
        try:
            value = number(text, style)
        except CellError as error:
            assert repr(text) in str(error)
        else:
            assert value is None or (value >= 0 and value.is_finite())


@given(st.integers(min_value=0, max_value=10**18 - 1))
def test_integer_reads_what_is_printed(value: int) -> None:
    assert integer(str(value)) == value

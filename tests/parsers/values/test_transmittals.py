"""Transmittal numbers: found whatever the dash, normalised only where year and sequence can be told apart."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.values.transmittals import find_transmittals, find_unnamed_numbers, own_and_amended

DASHES = ["-", "–", "—", "‑", "‐", "−", "--", " - ", "－"]


@given(
    st.sampled_from(["DDTC", "RSAT"]),
    st.integers(0, 99),
    st.integers(100, 999),
    st.booleans(),
    st.sampled_from(DASHES),
    st.sampled_from([" ", "-", "–", "", ": ", " No. ", "\u00a0"]),
    st.sampled_from(
        ["Transmittal No. {}", "({})", "(Transmittal No. {}), pursuant", "{}.", "Transmittal Number: {};"]
    ),
)
def test_the_part_of_three_digits_is_the_sequence(
    office: str, year: int, number: int, flipped: bool, dash: str, gap: str, around: str
) -> None:
    parts = [f"{year:02d}", f"{number}"]
    printed = f"{office}{gap}{dash.join(reversed(parts) if flipped else parts)}"
    (found,) = find_transmittals(around.format(printed))
    width = 3 if office == "DDTC" else 4
    assert found.raw == printed
    assert found.reference(None) == f"{office} {year:02d}-{number:0{width}d}"


@pytest.mark.parametrize(
    ("printed", "on", "reference"),
    [
        ("RSAT-01-05", date(2005, 7, 20), "RSAT 05-0001"),
        ("RSAT-05-01", date(2005, 7, 20), "RSAT 05-0001"),
        ("RSAT-04-05", date(2005, 7, 20), None),
        ("RSAT-01-05", date(2015, 7, 20), None),
        ("RSAT-01-05", None, None),
        ("RSAT-99-12", date(2001, 1, 1), "RSAT 99-0012"),
        ("RSAT 18-6042", None, "RSAT 18-6042"),
        ("DDTC 07-99", date(1999, 1, 1), "DDTC 99-007"),
        ("DDTC 2015-012", None, "DDTC 15-012"),
        ("DDTC 15-012A", None, None),
        ("DTC 28-99", date(1999, 1, 1), "DDTC 99-028"),  # the office became the Directorate and counted on
        ("DTC 023-06", None, "DDTC 06-023"),
        ("RSAT-2-98", None, "RSAT 98-0002"),
        ("RSAT 26-1C", date(2026, 5, 20), None),
    ],
)
def test_two_digits_and_two_digits_need_the_year_of_the_document(
    printed: str, on: date | None, reference: str | None
) -> None:
    (found,) = find_transmittals(f"(Transmittal No. {printed})")
    assert (found.raw, found.reference(on)) == (printed, reference)


@pytest.mark.parametrize(
    "text",
    [
        "Transmittal No. 21-69",
        "DDTC, telephone (202) 663-2861",
        "DDTC 202-663-2861",
        "Docket DDTC-2019-0012",
        "XDDTC 15-012",
        "22 U.S.C. 2776(c)",
        "DDTC 15",
        "DDTC 1-2",
        "",
    ],
)
def test_no_number_is_invented(text: str) -> None:
    assert find_transmittals(text) == []


def test_several_numbers_share_an_office() -> None:
    text = "Transmittal Nos. DDTC 14-033, 14-041 and RSAT 13-3590"
    assert [number.raw for number in find_transmittals(text)] == ["DDTC 14-033", "14-041", "RSAT 13-3590"]
    assert [number.prefix for number in find_transmittals(text)] == ["DDTC", "DDTC", "RSAT"]


@pytest.mark.parametrize(
    ("text", "own", "amended"),
    [
        (
            "amendment to Transmittal No. DDTC 15-012 (Transmittal No. DDTC 19-050)",
            ["DDTC 19-050"],
            ["DDTC 15-012"],
        ),
        ("(Transmittal No. DDTC 19-050), which amends DDTC 15-012", ["DDTC 19-050"], ["DDTC 15-012"]),
        ("a proposed amendment to a license (Transmittal No. DDTC 19-050)", ["DDTC 19-050"], []),
        ("an amendment to Transmittal No. DDTC 15-012", ["DDTC 15-012"], []),
        ("DDTC 19-050 and again DDTC-19-050", ["DDTC 19-050"], []),
    ],
)
def test_the_own_number_and_the_one_that_it_amends(text: str, own: list[str], amended: list[str]) -> None:
    found, earlier = own_and_amended(text)
    assert ([n.raw for n in found], [n.raw for n in earlier]) == (own, amended)


def test_a_number_without_office_or_with_a_misspelt_one_stays_raw() -> None:
    found = find_unnamed_numbers(
        "Transmittal No. 13-084; Transmittal No. DTCC 12-034; Transmittal No. DDTC 11-001"
    )
    assert [(n.raw, n.reference(date(2013, 1, 1))) for n in found] == [
        ("13-084", None),
        ("DTCC 12-034", None),
    ]

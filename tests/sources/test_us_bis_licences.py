"""BIS licences: approved, denied and returned are three things; layouts are known by their words or refused."""

from __future__ import annotations

from datetime import date

import pytest

from checks.reconcile import reconcile
from parsers.document import Document
from parsers.parsed import Parsed
from parsers.registry import ReportRef, load_source
from tests.generators import us655

SOURCE = load_source("us_bis_licences")
TITLES = (
    "ECCN",
    "Description",
    "Licenses Approved",
    "Approved Value (USD)",
    "Denied",
    "Returned Without Action",
)
WIDTHS = (60.0, 150.0, 90.0, 110.0, 60.0, 110.0)
ROW = ("0A501.a", "Firearms", "41", "$12,400,500", "2", "5")
TITLE = "U.S. Trade with Mexico, Calendar Year 2022: Export Licenses"


def pdf(
    *rows: tuple[str, ...], titles: tuple[str, ...] = TITLES, title: str = TITLE, ruled: bool = False
) -> Parsed:
    sheet = us655.Sheet(titles=titles, widths=WIDTHS[: len(titles)], title=title, ruled=ruled)
    content = us655.press(sheet, list(rows)).content
    return SOURCE.parse(Document(content=content, media_type="application/pdf", name="bis.pdf"))


def table(text: str) -> Parsed:
    return SOURCE.parse(Document(content=text.encode(), media_type="text/csv", name="bis.csv"))


@pytest.mark.parametrize("ruled", [True, False])
def test_a_row_is_a_record_for_each_outcome_and_the_value_is_a_ceiling(ruled: bool) -> None:
    parsed = pdf(ROW, ruled=ruled)
    assert [(r.stage.value, r.licence_count, r.value, r.value_basis) for r in parsed.records] == [
        ("licensed", 41, 12_400_500, "licensed_ceiling"),
        ("refused", 2, None, None),
        ("returned", 5, None, None),
    ]
    first = parsed.records[0]
    assert (first.control_list, first.control_code, first.destination_country) == ("ECCN", "0A501.a", "MX")
    assert (first.period_start, first.period_end) == (date(2022, 1, 1), date(2022, 12, 31))
    assert parsed.report_id == "us_bis_licences/mexico-CY2022"


def test_a_blank_outcome_gives_no_record_and_a_printed_zero_does() -> None:
    parsed = pdf((*ROW[:4], "0", ""))
    assert [(r.stage.value, r.licence_count) for r in parsed.records] == [("licensed", 41), ("refused", 0)]


def test_columns_in_another_order_are_read_by_their_titles() -> None:
    parsed = pdf(ROW[::-1], titles=TITLES[::-1], ruled=True)
    assert parsed.records[0].value == 12_400_500 and parsed.records[2].licence_count == 5


def test_fiscal_and_calendar_years_are_never_mixed_up() -> None:
    fiscal = pdf(ROW, title="Export Licenses to Mexico, FY 2022")
    assert (fiscal.records[0].period_start, fiscal.report_id) == (
        date(2021, 10, 1),
        "us_bis_licences/mexico-FY2022",
    )
    assert "names the country and the year" in str(
        table("Country,Year,ECCN,Approved\nMexico,2022,0A501,3\n").refused
    )


def test_a_printed_sum_is_checked_by_stage() -> None:
    parsed = pdf(
        ROW, ("0A502", "Shotguns", "7", "$655,000", "", "1"), ("Total", "", "48", "$13,055,501", "2", "6")
    )
    reconcile(parsed.records, parsed.totals, SOURCE.meta.totals)
    assert [(t.stage.value, t.measure.value, t.agrees) for t in parsed.totals] == [
        ("licensed", "count", True), ("licensed", "value", False), ("refused", "count", True), ("returned", "count", True)
    ]  # fmt: skip


def test_a_table_of_every_country_has_its_own_column_and_unknown_names_are_rejected() -> None:
    parsed = table(
        "Country,Calendar Year,ECCN,Approved,Approved Value,Denied,RWA\n"
        'Mexico,2022,0A501,3,"$1,000",1,2\nNew Mexico,2022,0A501,3,$5,,\nGuatemala,2021,EAR99,1,$7,,\n'
    )
    assert [(r.destination_country, r.stage.value, r.control_code) for r in parsed.records] == [
        ("MX", "licensed", "0A501"), ("MX", "refused", "0A501"), ("MX", "returned", "0A501"), ("GT", "licensed", None)
    ]  # fmt: skip
    assert [(reject.row, reject.reason) for reject in parsed.rejects] == [
        (3, "'New Mexico' is not a known country name")
    ]
    assert parsed.report_id == "us_bis_licences/all-countries-CY2021-CY2022"


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (("Small arms", *ROW[1:]), "'Small arms' is not a code of the control list ECCN"),
        ((*ROW[:2], "4.5", *ROW[3:]), "'4.5'"),
        ((*ROW[:3], "12,40", *ROW[4:]), "'12,40'"),
        (("0A501", "Firearms", "", "-", "", ""), "no figure stands in this row"),
    ],
)
def test_a_cell_that_cannot_be_read_rejects_its_row(cells: tuple[str, ...], says: str) -> None:
    parsed = pdf(ROW, cells, ruled=True)
    assert len(parsed.records) == 3
    assert [says in reject.reason for reject in parsed.rejects] == [True]


@pytest.mark.parametrize("ruled", [True, False])
def test_an_unknown_column_is_refused_by_name(ruled: bool) -> None:
    refused = pdf((*ROW[:5], "12"), titles=(*TITLES[:5], "Revoked"), ruled=ruled).refused
    assert "Revoked" in str(refused)
    assert "'Revoked'" in str(
        table("Country,Calendar Year,ECCN,Approved,Revoked\nMexico,2022,0A501,1,1\n").refused
    )


def test_values_in_thousands_or_millions_are_refused() -> None:
    assert pdf(ROW, titles=(*TITLES[:3], "Approved Value ($000)", *TITLES[4:])).refused
    assert table('Country,Calendar Year,ECCN,"Approved Value (USD millions)"\nMexico,2022,0A501,$1\n').refused


def test_a_ragged_line_is_rejected_with_both_widths() -> None:
    parsed = table("Country,Calendar Year,ECCN,Approved\nMexico,2022,0A501,1\nMexico,2022,0A501\n")
    assert [reject.reason for reject in parsed.rejects] == ["the row has 3 cells where the header has 4"]


def test_the_index_names_reports_by_the_key_that_their_text_has() -> None:
    text = '<a href="/d/1">U.S. Trade with Mexico, Calendar Year 2022</a><a href="/d/2">About us</a>'
    page = Document(content=text.encode(), media_type="text/html", name="i", url="https://www.bis.doc.gov/x")
    found = [(ref.url, ref.report_key) for ref in SOURCE.find_reports(page) if isinstance(ref, ReportRef)]
    assert found == [("https://www.bis.doc.gov/d/1", "mexico-CY2022")]


def test_a_value_without_an_outcome_is_the_approved_one_only_where_nothing_else_is_counted() -> None:
    alone = pdf(
        ("0A501.a", "Firearms", "41", "$12,400,500"), titles=("ECCN", "Description", "Approved", "Value")
    )
    assert [(r.stage.value, r.licence_count, r.value) for r in alone.records] == [
        ("licensed", 41, 12_400_500)
    ]
    beside = pdf(ROW, titles=(*TITLES[:3], "Value", *TITLES[4:]))
    assert "does not say which outcome it is of" in str(beside.refused)
    assert table("Country,Calendar Year,ECCN,Value,Denied\nMexico,2022,0A501,$5,1\n").refused

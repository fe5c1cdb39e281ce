"""Licensing figures by year and by outcome, and what the titles of several tables on a page say of each."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

from parsers.document import Document
from parsers.parsed import Parsed
from parsers.registry import load_source

SOURCE = load_source("us_bis_licences")
ECCNS = [["ECCN", "Licenses", "Value"], ["0A501", "31", "$900"], ["0A505", "7", "$5,000"]]
Rows = Sequence[Sequence[str]]


def words(text: str, size: float = 10) -> Paragraph:
    return Paragraph(text, ParagraphStyle("words", fontName="Helvetica", fontSize=size, leading=size + 2))


def table(rows: Rows, *, ruled: bool = True, groups: Sequence[int] = ()) -> Table:
    style = [("ALIGN", (1, 0), (-1, -1), "RIGHT"), ("TOPPADDING", (0, 0), (-1, -1), 1)]
    for at in groups:
        style += [("SPAN", (at, 0), (at + 1, 0)), ("ALIGN", (at, 0), (at + 1, 0), "CENTER")]
    style += [("GRID", (0, 0), (-1, -1), 0.5, colors.grey)] if ruled else []
    width = 470 / len(rows[0])
    return Table(rows, colWidths=[width] * len(rows[0]), style=[*style, ("FONTSIZE", (0, 0), (-1, -1), 8)])


def read(*parts: str | Flowable) -> Parsed:
    file = io.BytesIO()
    story: list[Flowable] = []
    for part in parts:
        story += [words(part) if isinstance(part, str) else part, Spacer(1, 8)]
    SimpleDocTemplate(file, invariant=1).build(story)
    content = file.getvalue()
    parsed = SOURCE.parse(Document(content=content, media_type="application/pdf", name="mexico.pdf"))
    parsed.row_counts()
    return parsed


def licences(parsed: Parsed) -> list[tuple[str | None, str, str | None, int | None]]:
    """Country, last day of the period, ECCN and number of licences of each record."""
    return [
        (r.destination_country, str(r.period_end), r.control_code, r.licence_count) for r in parsed.records
    ]


def all_licences(parsed: Parsed) -> set[tuple[str, str, str, str, int]]:
    return {
        (str(t.scope["destination_country"]), str(t.period_end), str(t.stage), str(t.measure), int(t.printed))
        for t in parsed.totals
        if t.scope.get("Section") == "all licences"
    }


GROUPED = [
    ["", "Approved", "", "Denied", "", "Returned Without Action", ""],
    ["Year", *("Number", "Value") * 3],
    ["2021", "876", "$264,511", "285", "$25,093", "818", "$681,705"],
]
FLAT = [
    ["Calendar Year", "Approved", "Approved Value", "Denied", "Value Denied", "RWA", "RWA Value"],
    ["2021", "876", "$264,511", "285", "$25,093", "818", "$681,705"],
]


@pytest.mark.parametrize("ruled", [True, False])
@pytest.mark.parametrize("rows", [GROUPED, FLAT], ids=["grouped", "flat"])
def test_a_table_of_years_gives_the_sums_of_all_licences_and_no_record(rows: Rows, ruled: bool) -> None:
    title = "License Applications for Mexico by Final Action, Calendar Years 2017-2021"
    groups = (1, 3, 5) if rows is GROUPED else ()
    top = "Top ECCNs of Approved Licenses for Mexico, 2021"
    parsed = read(
        "U.S. Trade with Mexico",
        title,
        table(rows, ruled=ruled, groups=groups),
        top,
        table(ECCNS, ruled=ruled),
    )
    assert (parsed.refused, parsed.rejects) == (None, [])
    assert parsed.report_id == "us_bis_licences/mexico-CY2021"
    assert licences(parsed) == [("MX", "2021-12-31", "0A501", 31), ("MX", "2021-12-31", "0A505", 7)]
    printed = {("licensed", 876, 264511), ("refused", 285, 25093), ("returned", 818, 681705)}
    assert all_licences(parsed) == {
        ("MX", "2021-12-31", stage, measure, amount)
        for stage, count, value in printed
        for measure, amount in (("count", count), ("value", value))
    }


def test_a_span_of_years_in_a_title_dates_no_row() -> None:
    title = "Approved Licenses for Mexico, CY 2018 - CY 2020"
    parsed = read(title, table(ECCNS))
    assert parsed.records == []
    assert parsed.refused or parsed.rejects


def test_running_text_names_no_country_and_no_year() -> None:
    prose = "In 2021, U.S. exports to Canada totaled more than in fiscal year 2019, and less than one percent was licensed."
    parsed = read(
        "U.S. Trade with Mexico, Calendar Year 2022", prose, "Approved Licenses by ECCN", table(ECCNS)
    )
    assert licences(parsed) == [("MX", "2022-12-31", "0A501", 31), ("MX", "2022-12-31", "0A505", 7)]


@pytest.mark.parametrize(
    "by", ["Approved Licenses by ECCN, Calendar Year 2022", "Table 2. Approved Licenses by ECCN"]
)
def test_by_eccn_is_of_all_countries_only_where_no_title_names_one(by: str) -> None:
    parsed = read("U.S. Trade with Mexico, Calendar Year 2022", by, table(ECCNS))
    assert {r.destination_country for r in parsed.records} == {"MX"}


def test_the_title_of_a_countrys_table_is_not_that_of_the_next_table() -> None:
    parsed = read("Annual Report to Congress, Fiscal Year 2021",
                  "Table 1. Approved Licenses for Mexico by ECCN, Fiscal Year 2021", table(ECCNS),
                  "Table 2. Approved Licenses by ECCN, Fiscal Year 2021", table([ECCNS[0], ["0A501", "555", "$900,000"]]))  # fmt: skip
    assert licences(parsed) == [
        ("MX", "2021-09-30", "0A501", 31),
        ("MX", "2021-09-30", "0A505", 7),
        (None, "2021-09-30", "0A501", 555),
    ]


def test_outcomes_line_by_line_may_print_how_long_they_took() -> None:
    rows = [["Final Action", "Number of Applications", "Dollar Value", "Average Days"],
            ["Approved", "145", "$485,590", "44"], ["Denied", "12", "$4,720", "13"], ["Total", "157", "$490,310", "27"]]  # fmt: skip
    parsed = read(
        "U.S. Trade with Mexico, Calendar Year 2022",
        table(rows),
        "Top Approved Licenses by ECCN",
        table(ECCNS),
    )
    assert (parsed.refused, parsed.rejects) == (None, [])
    assert all_licences(parsed) == {
        ("MX", "2022-12-31", "licensed", "count", 145),
        ("MX", "2022-12-31", "licensed", "value", 485590),
        ("MX", "2022-12-31", "refused", "count", 12),
        ("MX", "2022-12-31", "refused", "value", 4720),
    }


def test_a_row_of_figures_outside_of_known_tables_is_rejected_and_not_passed_over() -> None:
    rows = [["Outcome", "Dollar Value", "Number"], ["Approved", "$9,000", "45"]]
    other = [["ECCN", "Days", "Cases"], ["0A501", "31", "900"]]
    parsed = read(
        "U.S. Trade with Mexico, Calendar Year 2022",
        table(rows),
        "Approved Licenses by ECCN",
        table(ECCNS),
        table(other),
    )
    assert [reject.raw for reject in parsed.rejects] == [
        "Approved $9,000 45",
        "ECCN Days Cases",
        "0A501 31 900",
    ]


def test_a_list_by_destination_and_eccn_is_of_the_outcome_in_its_title() -> None:
    rows = [
        ["Country", "ECCN", "Licenses", "Value (USD)"],
        ["Canada", "0A502", "438", "20,339"],
        ["Mexico", "0A501", "8", "76,365"],
    ]
    parsed = read(
        "BIS Annual Report to Congress for Fiscal Year 2020",
        "Approved Licenses by Destination and ECCN, FY 2020",
        table(rows),
    )
    assert licences(parsed) == [("CA", "2020-09-30", "0A502", 438), ("MX", "2020-09-30", "0A501", 8)]


def test_a_country_on_a_line_of_its_own_is_that_of_the_tables_below_until_the_next() -> None:
    parsed = read("Commerce Department Licensing Data - Calendar Year 2021", "Canada", "Approved License Applications",
                  table([ECCNS[0], ["0A502", "4", "$77"]]), "Mexico", "Approved License Applications", table(ECCNS))  # fmt: skip
    assert licences(parsed) == [
        ("CA", "2021-12-31", "0A502", 4),
        ("MX", "2021-12-31", "0A501", 31),
        ("MX", "2021-12-31", "0A505", 7),
    ]


def test_applications_received_and_days_stand_beside_the_outcomes_of_a_year() -> None:
    rows = [["Fiscal Year", "Applications Received", "Approved", "Denied", "Returned", "Average Days"],
            ["2020", "1,803", "637", "323", "843", "36"]]  # fmt: skip
    parsed = read("License Applications for Mexico, FY 2016 through FY 2021", table(rows))
    assert (parsed.refused, parsed.rejects, parsed.records) == (None, [], [])
    assert all_licences(parsed) == {
        ("MX", "2020-09-30", "licensed", "count", 637),
        ("MX", "2020-09-30", "refused", "count", 323),
        ("MX", "2020-09-30", "returned", "count", 843),
    }

"""Section 655: every row and printed sum of three eras, whatever the order, the lines and the page breaks."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest

from checks.reconcile import reconcile
from parsers.document import Document
from parsers.parsed import Parsed
from parsers.record import Total
from parsers.registry import ReportRef, load_source
from tests.generators import pdf_reports, us655

SOURCE = load_source("us_ddtc_655")
ITEMS = us655.Sheet(titles=("Commodity", "Quantity", "Value"), widths=(240, 80, 110))
COUNTRIES = us655.Sheet(
    titles=("Country", "USML Category", "Description", "Quantity", "Value"), widths=(120, 80, 150, 70, 90)
)
BOTH = us655.Sheet(
    titles=("Country", "Category", "Licensed Value", "Shipped Value"), widths=(150, 100, 110, 110)
)


def read(content: bytes) -> Parsed:
    parsed = SOURCE.parse(Document(content=content, media_type="application/pdf", name="report.pdf"))
    reconcile(parsed.records, parsed.totals, SOURCE.meta.totals)
    return parsed


def report(sheet: us655.Sheet, *entries: str | tuple[str, ...]) -> Parsed:
    return read(us655.press(sheet, list(entries)).content)


def kind(total: Total) -> str:
    return "quantity" if total.measure == "quantity" else total.stage.value


def rows(parsed: Parsed) -> Counter[tuple[Any, ...]]:
    """Page, country, code, description, quantity, licensed and shipped dollars of each printed row."""
    found: dict[tuple[Any, Any], list[Any]] = {}
    for r in parsed.records:
        row = found.setdefault(
            (r.page, r.row),
            [
                r.page,
                r.destination_country_raw,
                r.control_code or "",
                r.item_description or "",
                None,
                None,
                None,
            ],
        )
        at = 5 if r.stage == "licensed" else 6
        row[at] = None if r.value is None else int(r.value)
        row[4] = row[4] if r.quantity is None else int(r.quantity)
    return Counter(map(tuple, found.values()))


@pytest.mark.parametrize("seed", range(24))
def test_other_column_orders_widths_rules_and_sums_read_cell_exact(seed: int) -> None:
    made = us655.variant(seed)
    parsed = read(made.content)
    assert (parsed.refused, [reject.reason for reject in parsed.rejects]) == (None, [])
    assert rows(parsed) == Counter(made.rows)
    printed = Counter(
        (
            t.page,
            t.scope.get("destination_country_raw", ""),
            t.scope.get("control_code", ""),
            kind(t),
            int(t.printed),
        )
        for t in parsed.totals
    )
    assert printed == Counter(made.sums)
    assert [t.raw for t in parsed.totals if t.agrees is False] == []


SPECS = [
    pdf_reports.ReportSpec(era=era, seed=seed, pages=2, rules=rules, align=align, shuffled=shuffled, header_lines=lines, cut_rows=cut)
    for seed, (era, rules, align, shuffled, lines, cut) in enumerate([
        ("item", "none", "top", False, 1, False), ("item", "lines", "middle", True, 1, False),
        ("item", "boxes", "bottom", False, 2, False), ("category", "none", "middle", True, 1, False),
        ("category", "lines", "top", False, 2, True), ("category", "bars", "bottom", True, 1, False),
        ("shipped", "none", "top", True, 2, False), ("shipped", "boxes", "middle", False, 1, False),
        ("shipped", "bars", "top", False, 1, True),
    ])
]  # fmt: skip


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.era}-{spec.rules}")
def test_each_era_drawn_by_another_hand_reads_cell_exact(spec: pdf_reports.ReportSpec) -> None:
    drawn = pdf_reports.report(spec)
    expected: Counter[tuple[Any, ...]] = Counter()
    country = ""
    for row in drawn.rows:
        cell = row.texts()
        country = row.text if row.kind == "heading" else cell.get("country", country)
        if row.kind == "row":
            figures = [
                cell.get(n, "").strip("$").replace(",", "")
                for n in ("quantity", "value", "licensed", "shipped")
            ]
            quantity, value, licensed, shipped = (int(figure) if figure else None for figure in figures)
            code = cell.get("category", "").removeprefix("Category ") + cell.get("subcategory", "")
            item = cell.get("description") or cell.get("commodity", "")
            expected[
                row.page, country, code, item, quantity, licensed if value is None else value, shipped
            ] += 1
    parsed = read(drawn.content)
    assert (parsed.refused, [reject.reason for reject in parsed.rejects]) == (None, [])
    assert rows(parsed) == expected


def test_an_item_line_is_an_aggregate_of_licences_of_the_true_fiscal_year() -> None:
    (record,) = report(ITEMS, "Mexico", ("Pistols", "1,200", "$300,000")).records
    assert (record.stage, record.grain, record.value_basis) == ("licensed", "aggregate", "licensed_ceiling")
    assert (record.destination_country, record.item_description, record.quantity) == ("MX", "Pistols", 1200)
    assert (record.period_start, record.period_end) == (date(2011, 10, 1), date(2012, 9, 30))
    assert (record.control_list, record.control_code, record.weapon_class) == (
        None,
        None,
        "pistols_revolvers",
    )
    assert record.bbox is not None and record.verbatim["Country"] == "Mexico"


def test_licensed_and_shipped_are_two_records_and_a_blank_stage_none() -> None:
    parsed = report(
        BOTH,
        ("Mexico", "Category I", "$5,000", "$0"),
        ("Mexico", "II", "$7", ""),
        ("Mexico", "III", "", "$8"),
    )
    assert [(r.stage.value, r.control_code, r.value) for r in parsed.records] == [
        ("licensed", "I", 5000), ("shipped", "I", 0), ("licensed", "II", 7), ("shipped", "III", 8)
    ]  # fmt: skip


def test_a_wrong_printed_sum_is_reported_with_page_and_figures_and_kills_nothing() -> None:
    parsed = report(ITEMS, "Mexico", ("Pistols", "10", "$300"), ("TOTAL", "10", "$999"))
    (wrong,) = [total for total in parsed.totals if not total.agrees]
    assert (wrong.page, wrong.printed, wrong.computed) == (1, 999, 300)
    assert len(parsed.records) == 1


@pytest.mark.parametrize(
    ("label", "scope"),
    [
        ("Mexico Total", {"destination_country": "MX", "destination_country_raw": "Mexico"}),
        ("Total Mexico", {"destination_country": "MX", "destination_country_raw": "Mexico"}),
        ("Total for Mexico:", {"destination_country": "MX", "destination_country_raw": "Mexico"}),
        ("Mex ico Total", {"destination_country": "MX", "destination_country_raw": "Mexico"}),  # over a line
        ("TOTAL", {"destination_country": "MX", "destination_country_raw": "Mexico"}),
        ("Subtotal", {"destination_country": "MX", "destination_country_raw": "Mexico"}),
        ("Grand Total", {}),
        ("Total, All Countries", {}),
        (
            "Category I Total",
            {"destination_country": "MX", "destination_country_raw": "Mexico", "control_code": "I"},
        ),
    ],
)
def test_a_sum_covers_what_its_words_say(label: str, scope: dict[str, str]) -> None:
    (total,) = report(COUNTRIES, ("Mexico", "I", "Pistols", "", "$300"), (label, "", "", "", "$300")).totals
    assert (dict(total.scope), total.agrees) == (scope, True)


def test_a_plain_total_after_several_countries_is_of_all() -> None:
    rows_of = [("Mexico", "I", "Pistols", "", "$300"), ("Spain", "I", "Pistols", "", "$30")]
    (total,) = report(COUNTRIES, *rows_of, ("TOTAL", "", "", "", "$330")).totals
    assert (total.scope, total.agrees) == ({}, True)


def test_a_sum_of_an_unknown_name_is_rejected_not_guessed() -> None:
    parsed = report(
        COUNTRIES, ("Mexico", "I", "Pistols", "", "$300"), ("Freedonia Total", "", "", "", "$300")
    )
    assert [reject.reason for reject in parsed.rejects] == [
        "a sum of 'Freedonia', which is no known country or category"
    ]


def test_rows_below_a_sum_and_no_new_country_are_rejected() -> None:
    parsed = report(ITEMS, "Mexico", ("Pistols", "1", "$3"), ("TOTAL", "1", "$3"), ("Rifles", "2", "$4"))
    assert [reject.reason for reject in parsed.rejects] == ["no country stands in this row or above it"]


def test_an_unknown_country_is_rejected_and_its_rows_go_to_nobody() -> None:
    parsed = report(
        ITEMS, "Mexico", ("Pistols", "1", "$3"), ("TOTAL", "1", "$3"), "Freedonia", ("Rifles", "2", "$4")
    )
    assert [record.item_description for record in parsed.records] == ["Pistols"]
    assert len(parsed.rejects) >= 1
    parsed = report(COUNTRIES, ("Mexico", "I", "Pistols", "", "$3"), ("New Mexico", "I", "Pistols", "", "$3"))
    assert [reject.reason for reject in parsed.rejects] == ["'New Mexico' is not a known country name"]


def test_a_country_goes_on_over_pages_with_or_without_its_name() -> None:
    lines = [
        (f"Rifles, model {letter}", "1", "$5")
        for letter in "ABCDEFGHJKLMNPQRSTUVWXYZABCDEFGHJKLMNPQRSTUVWXYZ"
    ]
    parsed = report(
        ITEMS, "Mexico", *lines, "Mexico (continued)", ("Pistols", "1", "$5"), ("TOTAL", "49", "$245")
    )
    assert len(parsed.records) == 49 and {r.destination_country for r in parsed.records} == {"MX"}
    assert {r.page for r in parsed.records} == {1, 2, 3}
    assert [total.agrees for total in parsed.totals] == [True, True]


def test_services_in_a_table_of_their_own_are_not_summed_with_articles() -> None:
    parsed = report(COUNTRIES, ("Mexico", "I", "Pistols", "", "$3"), ("Mexico Total", "", "", "", "$3"),
                    "Defense Services", ("Mexico", "I", "Training", "", "$900"), ("Mexico Total", "", "", "", "$900"))  # fmt: skip
    assert [(r.verbatim.get("Section"), r.value) for r in parsed.records] == [
        (None, 3),
        ("Defense Services", 900),
    ]
    assert parsed.totals[1].scope["Section"] == "Defense Services" and parsed.totals[1].agrees


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        (("Mexico", "Firearms", "Pistols", "1", "$3"), "'Firearms' is not a category"),
        (("Mexico", "XXV", "Pistols", "1", "$3"), "XXV"),
        (("Mexico", "I", "Pistols", "1.234,5", "$3"), "'1.234,5'"),
        (("Mexico", "I", "Pistols", "1", "-$3"), "-"),
        (("Mexico", "", "Pistols", "1", "$3"), "no category stands in this row"),
    ],
)
def test_a_cell_that_cannot_be_read_rejects_its_row(cell: tuple[str, ...], says: str) -> None:
    parsed = report(COUNTRIES, ("Spain", "I", "Rifles", "2", "$9"), cell)
    assert [record.destination_country for record in parsed.records] == ["ES"]
    assert len(parsed.rejects) == 1 and says in parsed.rejects[0].reason


@pytest.mark.parametrize("ruled", [True, False])
def test_an_unknown_column_is_refused_by_name(ruled: bool) -> None:
    sheet = us655.Sheet(
        titles=("Country", "Category", "Remarks", "Value"), widths=(150, 90, 120, 100), ruled=ruled
    )
    refused = str(report(sheet, ("Mexico", "I", "none", "$3")).refused)
    assert "Remarks" in refused and "unknown column title" in refused


@pytest.mark.parametrize("title", ["Value ($000)", "Value (in thousands)"])
def test_values_in_thousands_are_refused_not_read_as_dollars(title: str) -> None:
    sheet = us655.Sheet(titles=("Country", "Category", title), widths=(150, 90, 120))
    assert report(sheet, ("Mexico", "I", "$3")).refused


def test_a_report_without_a_fiscal_year_or_a_known_table_is_refused() -> None:
    titled = us655.Sheet(
        titles=("Country", "Category", "Value"), widths=(150, 90, 120), title="Exports of Defense Articles"
    )
    assert report(titled, ("Mexico", "I", "$3")).refused == "no title of the report names its fiscal year"
    other = us655.Sheet(titles=("Port", "Weight"), widths=(150, 90))
    assert "no page has a table with the known columns" in str(report(other, ("Laredo", "3")).refused)


@pytest.mark.parametrize(
    "title",
    [
        "Section 655, FY12",
        "Section 655 Report - FY 2012",
        "Report for Fiscal Year 2012",
        "655: October 1, 2011 through September 30, 2012",
    ],
)
def test_the_report_is_named_by_its_own_fiscal_year(title: str) -> None:
    sheet = us655.Sheet(titles=BOTH.titles, widths=BOTH.widths, title=title)
    assert report(sheet, ("Mexico", "I", "$3", "")).report_id == "us_ddtc_655/FY2012"


def test_a_title_that_runs_over_two_lines_names_its_fiscal_year() -> None:
    title = "Section 655 Annual Military Assistance Report, Fiscal Year\n2012"
    sheet = us655.Sheet(titles=BOTH.titles, widths=BOTH.widths, title=title)
    assert report(sheet, ("Mexico", "I", "$3", "")).report_id == "us_ddtc_655/FY2012"


def test_dropping_a_row_makes_its_sum_disagree() -> None:
    kept = [("Mexico", "I", "Pistols", "1", "$3"), ("Mexico", "I", "Rifles", "1", "$4")]
    full = report(COUNTRIES, *kept, ("Mexico Total", "", "", "2", "$7"))
    less = report(COUNTRIES, kept[0], ("Mexico Total", "", "", "2", "$7"))
    assert [t.agrees for t in full.totals] == [True, True]
    assert [t.agrees for t in less.totals] == [False, False]


def test_the_list_of_reports_gives_each_pdf_the_key_that_its_text_has() -> None:
    links = "".join(f'<a href="{href}">{text}</a>' for href, text in [
        ("rpt655_FY12-report.pdf", "Report"), ("/reports/1999_655.pdf", ""), ("2018%20Section%20655%20Report%20Data_0.pdf", "Data"),
        ("x.pdf", "Fiscal Year 2015"), ("about.html", "FY 2001"), ("120615_655_2011.pdf", ""),
    ])  # fmt: skip
    page = Document(
        content=links.encode(),
        media_type="text/html",
        name="i",
        url="https://www.pmddtc.state.gov/reports/655_intro.html",
    )
    found = {
        ref.url.rsplit("/", 1)[1]: ref.report_key
        for ref in SOURCE.find_reports(page)
        if isinstance(ref, ReportRef)
    }
    assert found == {
        "rpt655_FY12-report.pdf": "FY2012", "1999_655.pdf": "FY1999", "2018%20Section%20655%20Report%20Data_0.pdf": "FY2018",
        "x.pdf": "FY2015", "120615_655_2011.pdf": "FY2011",
    }  # fmt: skip


def test_titles_in_two_rows_are_read_together_and_never_by_half() -> None:
    """The drawn header ``Licensed | Shipped`` above ``Quantity | Value`` twice; without the upper row: refused."""
    titles = ("Country", "Category", "Quantity", "Value", "Quantity", "Value")
    sheet = us655.Sheet(titles=titles, widths=(120, 70, 60, 80, 60, 80), ruled=True)
    assert report(sheet, ("Mexico", "I", "10", "$100", "5", "$50")).refused
    upper = ("", "", "Licensed", "Licensed", "Shipped", "Shipped")
    sheet = us655.Sheet(titles=upper, widths=(120, 70, 60, 80, 60, 80), ruled=True)
    parsed = report(sheet, titles, ("Mexico", "I", "10", "$100", "5", "$50"))
    assert [(r.stage.value, r.quantity, r.value) for r in parsed.records] == [
        ("licensed", 10, 100),
        ("shipped", 5, 50),
    ]

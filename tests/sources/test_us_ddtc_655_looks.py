"""Section 655: what the eye sees and a text does not tell - merged cells, words over columns, labels over lines."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

from checks.reconcile import reconcile
from parsers.document import Document
from parsers.parsed import Parsed
from parsers.registry import load_source

SOURCE = load_source("us_ddtc_655")
GRID = ("GRID", (0, 0), (-1, -1), 0.5, colors.black)
HEADER = ["Country", "USML Category", "Quantity", "Value"]
WIDTHS = (110, 100, 80, 100)
CATEGORIES = ("I", "II", "III", "IV", "V", "VIII")


def words(text: str, size: float = 9) -> Paragraph:
    return Paragraph(text, ParagraphStyle("cell", fontName="Helvetica", fontSize=size, leading=size * 1.18))


def table(rows: Sequence[Sequence[Any]], widths: Sequence[float], *style: tuple[Any, ...]) -> Table:
    base = [("FONT", (0, 0), (-1, -1), "Helvetica", 9), ("TOPPADDING", (0, 0), (-1, -1), 2)]
    return Table(rows, colWidths=widths, style=[*base, ("BOTTOMPADDING", (0, 0), (-1, -1), 2), *style])


def read(*story: Flowable) -> Parsed:
    file = io.BytesIO()
    title = [words("Section 655 Report, Fiscal Year 2014", 13), Spacer(1, 8)]
    SimpleDocTemplate(file, pagesize=letter, invariant=1).build([*title, *story])
    content = file.getvalue()
    parsed = SOURCE.parse(Document(content=content, media_type="application/pdf", name="report.pdf"))
    parsed.row_counts()
    reconcile(parsed.records, parsed.totals, SOURCE.meta.totals)
    return parsed


def by_country(parsed: Parsed) -> Counter[str]:
    return Counter(record.destination_country or "" for record in parsed.records)


def whole(parsed: Parsed) -> None:
    assert (parsed.refused, parsed.rejects) == (None, [])
    assert [total.raw for total in parsed.totals if not total.agrees] == []


def merged(rows_of: dict[str, int], *style: tuple[Any, ...]) -> Table:
    """Countries in cells merged over their rows, each with its sum below; every second row on a band of grey."""
    rows, own = [HEADER], [*style]
    for name, number in rows_of.items():
        own.append(("SPAN", (0, len(rows)), (0, len(rows) + number - 1)))
        for at in range(number):
            rows.append([name if at == 0 else "", CATEGORIES[at], str(10 + at), f"${1000 * (at + 1):,}"])
        figures = sum(10 + at for at in range(number)), sum(1000 * (at + 1) for at in range(number))
        rows.append([f"Total {name}", "", str(figures[0]), f"${figures[1]:,}"])
    grey = colors.Color(0.92, 0.92, 0.92)
    bands = [("BACKGROUND", (0, at), (-1, at), grey) for at in range(2, len(rows), 2)]
    return table(rows, WIDTHS, GRID, *own, *bands)


@pytest.mark.parametrize("place", ["TOP", "MIDDLE", "BOTTOM"])
def test_a_merged_countrys_name_belongs_to_all_rows_between_its_lines_though_bands_cut_it(place: str) -> None:
    countries = {"Canada": 3, "Mexico": 6, "Norway": 1, "Panama": 4}
    parsed = read(merged(countries, ("VALIGN", (0, 0), (0, -1), place)))
    whole(parsed)
    assert by_country(parsed) == {"CA": 3, "MX": 6, "NO": 1, "PA": 4}


def test_bands_without_lines_between_countries_merge_nothing() -> None:
    rows = [HEADER, ["", "I", "10", "$900"], ["", "II", "5", "$90"], ["Norway", "I", "1", "$9"]]
    grey = ("BACKGROUND", (0, 2), (-1, 2), colors.lightgrey)
    parsed = read(table(rows, WIDTHS, ("BOX", (0, 0), (-1, -1), 0.5, colors.black), grey,
                        ("LINEBELOW", (0, 0), (-1, 0), 0.5, colors.black),
                        ("LINEBEFORE", (1, 0), (-1, -1), 0.5, colors.black)))  # fmt: skip
    assert by_country(parsed) == {"NO": 1}
    assert [reject.reason for reject in parsed.rejects] == ["no country stands in this row or above it"] * 2


@pytest.mark.parametrize("ruled", [False, True])
@pytest.mark.parametrize(
    "word", ["Denied", "Value returned", "Returned without any action", "Brokered", "Delivered"]
)
def test_a_word_above_columns_that_is_no_licence_refuses_the_report_and_is_named(
    word: str, ruled: bool
) -> None:
    rows = [
        ["", "", word, ""],
        HEADER,
        *([c, k, "15", "$900"] for c in ("Canada", "Mexico") for k in ("I", "II")),
    ]
    style = [("SPAN", (2, 0), (3, 0)), ("ALIGN", (2, 0), (3, 0), "CENTER"), *([GRID] if ruled else [])]
    parsed = read(table(rows, WIDTHS, *style))
    assert parsed.records == []
    assert parsed.refused is not None and repr(word) in parsed.refused


@pytest.mark.parametrize("ruled", [False, True])
@pytest.mark.parametrize("turned", [False, True])
def test_rows_below_a_heading_of_denials_are_no_licences(ruled: bool, turned: bool) -> None:
    rows = [[c, k, "15", "$900"] for c in ("Canada", "Mexico") for k in ("I", "II")]
    style = [GRID] if ruled else []
    between = PageBreak() if turned else Spacer(1, 10)
    denied = words("License Applications Denied", 10)
    parsed = read(table([HEADER, *rows], WIDTHS, *style), between, denied, table(rows, WIDTHS, *style))
    assert by_country(parsed) == {"CA": 2, "MX": 2}
    assert {r.reason for r in parsed.rejects} == {"a figure of no stage below 'License Applications Denied'"}


@pytest.mark.parametrize("label", ["Total for {}", "{} Total", "TOTAL, {}", "Sub-Total for {}:"])
@pytest.mark.parametrize("place", ["TOP", "MIDDLE", "BOTTOM"])
@pytest.mark.parametrize("width", [70, 90, 120])
def test_a_label_over_lines_is_one_wherever_its_figures_stand(label: str, place: str, width: int) -> None:
    names = ("Bosnia and Herzegovina", "Mexico", "Saint Vincent and the Grenadines", "Trinidad and Tobago")
    rows: list[list[Any]] = [["Commodity", "Quantity", "Value"]]
    for name in names:
        rows.append([words(name), "", ""])
        rows += [
            [words(item), "10", "$1,000"]
            for item in ("Rifles", "Pistols and revolvers", "Ammunition, small arms")
        ]
        rows.append([words(label.format(name)), "30", "$3,000"])
    rows.append([words("Grand Total, All Countries"), "120", "$12,000"])
    right = ("ALIGN", (1, 0), (-1, -1), "RIGHT")
    parsed = read(table(rows, (width, 80, 100), ("VALIGN", (0, 0), (-1, -1), place), right))
    whole(parsed)
    assert by_country(parsed) == {"BA": 3, "MX": 3, "VC": 3, "TT": 3}
    assert len(parsed.totals) == 10


@pytest.mark.parametrize("place", ["MIDDLE", "BOTTOM"])
def test_a_sum_of_a_name_that_is_not_known_is_no_row_of_the_country_above(place: str) -> None:
    rows = [["Commodity", "Quantity", "Value"], ["Mexico", "", ""], ["Rifles", "10", "$1,000"],
            [words("Sub-Total for Lower Freedonia and the Isles"), "10", "$1,000"]]  # fmt: skip
    right = ("ALIGN", (1, 0), (-1, -1), "RIGHT")
    parsed = read(table(rows, (70, 80, 100), ("VALIGN", (0, 0), (-1, -1), place), right))
    assert [(r.destination_country, r.item_description) for r in parsed.records] == [("MX", "Rifles")]
    assert parsed.rejects and parsed.totals == []


@pytest.mark.parametrize(
    "lines",
    [
        ["Direct Commercial Sales of Defense Articles Authorized"],
        ["Direct Commercial Sales Authorized to Foreign Countries", "Licensed Defense Articles: Commodity, Quantity and Value"],
    ],
)  # fmt: skip
def test_titles_on_a_page_before_the_first_header_are_no_header(lines: list[str]) -> None:
    rows = [
        ["Commodity", "Quantity", "Value"],
        ["Mexico", "", ""],
        ["Rifles", "15", "$900"],
        ["TOTAL", "", "$900"],
    ]
    right = ("ALIGN", (1, 0), (-1, -1), "RIGHT")
    parsed = read(*map(words, lines), PageBreak(), table(rows, (200, 80, 100), right))
    whole(parsed)
    assert [(r.page, r.destination_country, r.value) for r in parsed.records] == [(2, "MX", 900)]


@pytest.mark.parametrize("ruled", [False, True])
def test_a_raised_mark_alone_in_a_cell_is_no_figure_and_no_name(ruled: bool) -> None:
    mark = words("<super>1</super>")
    rows = [HEADER, ["Mexico", "I", "10", "$1,000"], ["", "II", mark, "$1,000"], [mark, "III", "10", "$1,000"],
            ["Total Mexico", "", "20", "$3,000"]]  # fmt: skip
    note = words("<super>1</super> Quantity withheld.", 7)
    parsed = read(table(rows, WIDTHS, *([GRID] if ruled else [])), Spacer(1, 6), note)
    whole(parsed)
    assert [(r.destination_country, r.control_code, r.quantity) for r in parsed.records] == [
        ("MX", "I", 10),
        ("MX", "II", None),
        ("MX", "III", 10),
    ]


def test_a_column_of_subcategories_alone_may_hold_the_whole_code() -> None:
    rows = [
        ["Country", "USML Subcategory", "Quantity", "Value"],
        ["Mexico", "I(a)", "15", "$900"],
        ["", "III(d)", "5", "$90"],
    ]
    parsed = read(table(rows, WIDTHS, GRID))
    whole(parsed)
    assert [r.control_code for r in parsed.records] == ["I(a)", "III(d)"]


def test_the_lower_line_of_a_header_that_is_printed_again_is_no_part_of_the_row_above() -> None:
    header = ["Commodity", words("Quantity<br/>Licensed"), words("Value<br/>(US Dollars)")]
    rows = [["Mexico", "", ""], *([f"Article {'ABCDEFGHIJ'[n % 10]}", "15", "$900"] for n in range(60))]
    parsed = read(
        Table(
            [header, *rows],
            colWidths=(150, 80, 110),
            repeatRows=1,
            style=[("VALIGN", (0, 0), (-1, 0), "TOP")],
        )
    )
    whole(parsed)
    assert len(parsed.records) == 60 and {r.quantity for r in parsed.records} == {15}


def test_services_in_a_table_of_their_own_are_never_added_to_articles() -> None:
    articles = [HEADER, ["Mexico", "I", "15", "$900"], ["Mexico Total", "", "15", "$900"]]
    services = [["Country", "Number of Agreements", "Authorized Value"], ["Mexico", "3", "$5,000"]]
    title = words("Defense Services (TAA/MLA), Fiscal Year 2014", 12)
    parsed = read(
        table(articles, WIDTHS, GRID),
        PageBreak(),
        title,
        Spacer(1, 8),
        table(services, (110, 120, 120), GRID),
    )
    whole(parsed)
    article, service = parsed.records
    assert (article.value, service.value, service.licence_count, service.quantity) == (900, 5000, 3, None)
    assert (service.item_description, service.verbatim["Section"]) == ("Defense Services", "Defense Services")


def test_a_table_of_countries_totals_is_held_against_their_rows_and_adds_none() -> None:
    totals = [["Country", "Authorized Value ($)"], ["Canada", "90"], ["Mexico", "909"]]
    rows = [["Country", "USML Category", "Authorized Value ($)"], ["Canada", "I", "90"], ["Mexico", "I", "900"],
            ["Mexico", "III", "10"]]  # fmt: skip
    parsed = read(words("Table 1. Totals by Country"), Spacer(1, 6), table(totals, (110, 120)), PageBreak(),
                  words("Table 2. Articles by Country and Category"), Spacer(1, 6), table(rows, (110, 100, 120)))  # fmt: skip
    assert (parsed.refused, parsed.rejects) == (None, [])
    assert by_country(parsed) == {"CA": 1, "MX": 2}
    assert [(t.scope["destination_country"], t.printed, t.computed, t.agrees) for t in parsed.totals] == [
        ("CA", 90, 90, True),
        ("MX", 909, 910, False),
    ]


def test_a_merged_cell_that_the_page_end_cuts_goes_on_from_the_first_row_of_the_next_page() -> None:
    parsed = read(
        Spacer(1, 560), merged({"Canada": 2, "Mexico": 6, "Panama": 2}, ("VALIGN", (0, 0), (0, -1), "MIDDLE"))
    )
    assert {page: {r.destination_country for r in parsed.records if r.page == page} for page in (1, 2)} == {
        1: {"CA"},
        2: {"MX", "PA"},
    }

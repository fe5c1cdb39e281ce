"""ATF exhibit 2 in other years' editions: since 1986, over several pages, with raised marks, beside other exhibits.

The documents are set by a generator that knows nothing of the parser; years and numbers are of ATF's own making.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping

import pytest
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

from checks.reconcile import reconcile
from parsers.document import Document
from parsers.parsed import Parsed
from parsers.registry import load_source
from tests.generators.sheets import Sheet, column

SOURCE = load_source("us_atf_commerce")
TITLES = ("Calendar|Year", "Pistols", "Revolvers", "Rifles", "Shotguns", "Misc.|Firearms", "Total|Firearms")
TYPES = ("Pistols", "Revolvers", "Rifles", "Shotguns", "Misc. Firearms")
EXPORTS = {
    1986: (16_511, 104_571, 37_224, 58_943, 199),
    1987: (24_941, 134_611, 42_161, 76_337, 9_995),
    1988: (32_570, 99_289, 53_896, 68_699, 2_728),
    1989: (41_970, 76_494, 73_247, 67_559, 2_012),
    2010: (80_041, 25_286, 76_518, 43_361, 16_771),
    2013: (167_653, 21_236, 131_718, 49_766, 22_748),
    2016: (172_408, 24_585, 147_044, 46_471, 26_557),
    2019: (194_101, 19_121, 97_500, 40_122, 3_330),
}
MADE = ("692,977", "761,414", "970,507", "641,482", "4,558", "3,070,938")
TITLE = "Exhibit 2. Firearms Manufacturers’ Exports (1986 – 2019)"
COVER = ("Firearms Commerce in the United States", "Annual Statistical Update", "2021")


def paper(
    *, cover: Iterable[str] = COVER, titles: tuple[str, ...] = TITLES, page: tuple[float, float] = (612, 792),
    ruled: bool = False, repeat: bool = True, running: str = "",
) -> Sheet:  # fmt: skip
    places = [(50 + 72 * n, 122 + 72 * n) for n in range(len(titles))]
    columns = [
        column(title, x0, x1, "right" if n else "centre")
        for n, (title, (x0, x1)) in enumerate(zip(titles, places, strict=True))
    ]
    sheet = Sheet(columns, page=page, ruled=ruled, repeat=repeat, running=running)
    for line in cover:
        sheet.title(line, size=18)
    if cover:
        sheet.turn()
    return sheet


def years(
    sheet: Sheet, wanted: Iterable[int] = EXPORTS, marks: Mapping[int, Mapping[int, str]] | None = None
) -> None:
    for year in wanted:
        row = EXPORTS[year]
        sheet.row([str(year), *(f"{n:,}" for n in row), f"{sum(row):,}"], marks=(marks or {}).get(year))


def read(sheet: Sheet) -> Parsed:
    document = Document(content=sheet.content(), media_type="application/pdf", name="report.pdf")
    parsed = SOURCE.parse(document)
    reconcile(parsed.records, parsed.totals, SOURCE.meta.totals)
    return parsed


def figures(parsed: Parsed) -> dict[int, tuple[int, ...]]:
    found: dict[int, dict[str, int]] = {}
    for record in parsed.records:
        assert record.period_start and record.quantity is not None
        found.setdefault(record.period_start.year, {})[str(record.item_description)] = int(record.quantity)
    return {year: tuple(row[name] for name in TYPES) for year, row in found.items()}


@pytest.mark.parametrize("ruled", [True, False], ids=["ruled", "unruled"])
@pytest.mark.parametrize("repeat", [True, False], ids=["titles repeated", "titles once"])
def test_a_table_that_goes_on_over_page_ends_is_read_to_its_end(ruled: bool, repeat: bool) -> None:
    sheet = paper(page=(612, 230), ruled=ruled, repeat=repeat)
    sheet.title(TITLE)
    sheet.header()
    years(sheet)
    parsed = read(sheet)
    assert sheet.pageno > 2
    assert (figures(parsed), parsed.rejects) == (EXPORTS, [])
    assert [total.agrees for total in parsed.totals] == [True] * len(EXPORTS)


def test_exhibit_1_on_the_same_page_and_exhibit_3_behind_are_not_exports() -> None:
    sheet = paper(repeat=False, running="Firearms Commerce in the United States 2021", cover=())
    sheet.title("Exhibit 1. Firearms Manufactured (1986 – 2019)")
    sheet.header()
    sheet.row(["1986", *MADE])
    sheet.row(["2019", *MADE])
    sheet.title(TITLE)
    sheet.header()
    years(sheet)
    sheet.note("Source: ATF’s Annual Firearms Manufacturing and Exportation Report (AFMER).")
    sheet.turn()
    sheet.title("Exhibit 3. Firearms Imports (1986 – 2020)")
    sheet.header()
    sheet.row(["1986", *MADE])
    parsed = read(sheet)
    assert (parsed.report_id, figures(parsed)) == ("us_atf_commerce/2021", EXPORTS)
    assert parsed.ignored_by_rule()["other_exhibit"] == 2


def test_raised_footnote_marks_are_no_digits() -> None:
    sheet = paper(titles=tuple(title.replace("|", " ") for title in TITLES))
    sheet.title(TITLE)
    sheet.header(marks={5: "1"})
    years(sheet, (2010, 2013, 2016), marks={2016: {0: "2"}, 2013: {3: "3"}})
    sheet.note(
        "1 Miscellaneous firearms are any firearms not specifically categorized in any of the other columns."
    )
    sheet.note("2 These figures are preliminary and can be changed by a later edition of this report.")
    sheet.note("3 These figures have been changed since the last edition of this report was published.")
    parsed = read(sheet)
    assert figures(parsed) == {year: EXPORTS[year] for year in (2010, 2013, 2016)}
    assert [total.agrees for total in parsed.totals] == [True] * 3


def test_a_sum_of_all_years_is_a_total_of_each_type() -> None:
    sheet = paper()
    sheet.title(TITLE)
    sheet.header()
    years(sheet, (2013, 2016))
    sums = [a + b for a, b in zip(EXPORTS[2013], EXPORTS[2016], strict=True)]
    sums[1] += 5
    sheet.row(["Total", *(f"{n:,}" for n in sums), f"{sum(sums) - 5:,}"], bold=True)
    parsed = read(sheet)
    bottom = [total for total in parsed.totals if total.period_start is None]
    assert [(t.scope.get("item_description"), t.printed, t.agrees) for t in bottom] == [
        *((name, amount, name != "Revolvers") for name, amount in zip(TYPES, sums, strict=True)),
        (None, sum(sums) - 5, True),
    ]


def test_an_unknown_column_is_refused_by_its_name() -> None:
    sheet = paper(titles=(*TITLES[:5], "Machineguns", *TITLES[5:]))
    sheet.title(TITLE)
    sheet.header()
    sheet.row(["2010", "80,041", "25,286", "76,518", "43,361", "100", "16,771", "242,077"])
    assert "Machineguns" in str(read(sheet).refused)


def test_a_word_in_place_of_a_year_rejects_its_row_alone() -> None:
    sheet = paper()
    sheet.title(TITLE)
    sheet.header()
    years(sheet, (2010,))
    sheet.row(["20l3", *(f"{n:,}" for n in EXPORTS[2013]), "393,121"])
    parsed = read(sheet)
    assert figures(parsed) == {2010: EXPORTS[2010]}
    assert ["20l3" in reject.reason for reject in parsed.rejects] == [True]


def test_a_year_that_stands_outside_of_the_drawn_table_is_rejected_and_not_passed_over() -> None:
    sheet = paper(ruled=True)
    sheet.title(TITLE)
    sheet.header()
    years(sheet, (2010,))
    sheet.title("2013 167,653 21,236 131,718 49,766 22,748 393,121", size=8)
    sheet.title("Exhibit 2a. Firearms Manufacturers’ Exports (2010 – 2013)")
    sheet.title("2010 2011 2012 2013 2014 2015 2016", size=7)
    parsed = read(sheet)
    assert figures(parsed) == {2010: EXPORTS[2010]}
    assert [r.reason for r in parsed.rejects] == ["a year and its figures stand outside of the table"]


@pytest.mark.parametrize(
    "title",
    [
        ("Exhibit 2. Firearms Manufacturers’", "Exports (1986 – 2019)"),
        ("EXHIBIT 2: FIREARMS MANUFACTURERS' EXPORTS (1986-2019)",),
        ("Table 2. Firearms Manufacturers’ Exports (1986 – 2019)",),
        ("Firearms Manufacturers’ Exports", "1986 – 2019"),
    ],
)
def test_the_title_may_be_over_two_lines_in_capitals_or_of_a_table(title: tuple[str, ...]) -> None:
    sheet = paper()
    for line in title:
        sheet.title(line)
    sheet.header()
    years(sheet)
    sheet.title("Exhibit 3. Firearms Imports")
    sheet.columns = [
        column(t, 50 + 100 * n, 150 + 100 * n) for n, t in enumerate(("Calendar Year", "Rifles", "Total"))
    ]
    sheet.header()
    sheet.row(["1986", "269,000", "701,000"])
    parsed = read(sheet)
    assert (figures(parsed), parsed.rejects) == (EXPORTS, [])


def test_two_tables_side_by_side_are_refused_and_not_half_read() -> None:
    sheet = paper(page=(1100, 600))
    sheet.title(TITLE)
    top = sheet.y
    for shift in (0, 520):
        sheet.y = top
        sheet.columns = [
            column(title, 40 + shift + 70 * n, 110 + shift + 70 * n, "right")
            for n, title in enumerate(TITLES)
        ]
        sheet.header()
        years(sheet, (1986, 1987) if not shift else (2010, 2013))
    assert "column" in str(read(sheet).refused)


def test_a_title_of_exports_without_a_row_below_it_refuses_the_report() -> None:
    sheet = paper()
    sheet.title(TITLE)
    sheet.title("Exhibit 1. Firearms Manufactured (1986 – 2019)")
    sheet.header()
    sheet.row(["1986", *MADE])
    assert "no row stands under the title" in str(read(sheet).refused)


def test_the_raised_mark_of_a_note_right_below_the_table_is_no_part_of_its_last_row() -> None:
    rows = [
        ["Calendar\nYear", "Pistols", "Revolvers", "Rifles", "Shotguns", "Misc.\nFirearms1", "Total\nFirearms"],
        ["2018", "333,266", "21,498", "165,573", "27,774", "6,126", "554,237"],
        ["2019", "155,645", "23,232", "112,331", "12,556", "4,800", "308,564"],
    ]  # fmt: skip
    title, small = (ParagraphStyle("p", fontName="Helvetica", fontSize=n, leading=n + 2) for n in (12, 7))
    buffer = io.BytesIO()
    SimpleDocTemplate(buffer).build(
        [
            Paragraph("Firearms Commerce in the United States - Annual Statistical Update 2021", title),
            Paragraph("Exhibit 2. Firearms Manufacturers' Exports (2018 - 2019)", title),
            Table(rows, style=[("ALIGN", (1, 0), (-1, -1), "RIGHT")]),
            Spacer(1, 5),
            Paragraph(
                "<super>1</super> Miscellaneous firearms are any firearms not in another class.", small
            ),
            Paragraph("Source: ATF's Annual Firearms Manufacturing and Export Report (AFMER).", small),
        ]
    )
    page = SOURCE.parse(
        Document(content=buffer.getvalue(), media_type="application/pdf", name="commerce.pdf")
    )
    assert (page.refused, page.rejects) == (None, [])
    assert [int(r.quantity or 0) for r in page.records if str(r.period_start) == "2019-01-01"] == [
        155_645, 23_232, 112_331, 12_556, 4_800,
    ]  # fmt: skip


def test_the_years_below_a_chart_are_no_row_though_each_stands_in_a_column() -> None:
    sheet = paper()
    sheet.title(TITLE)
    sheet.header()
    years(sheet)
    sheet.title("Exhibit 2a. Firearms Manufacturers’ Exports (1986 – 2019)")
    sheet.text(60, sheet.y, "100,000")
    sheet.y += 40
    for at, year in enumerate(["0", *map(str, EXPORTS)]):
        sheet.text(60 + 56 * at, sheet.y, year)
    sheet.y += 20
    parsed = read(sheet)
    assert (figures(parsed), parsed.rejects) == (EXPORTS, [])


def test_an_edition_may_title_its_columns_with_other_words_for_the_same() -> None:
    sheet = paper(titles=("Year", "Pistols", "Revolvers", "Rifles", "Shotguns", "Miscellaneous", "Total"))
    sheet.title("Exhibit 2: Firearms Manufacturers’ Exports (1986 to 2019)")
    sheet.header(marks={5: "1"})
    years(sheet)
    parsed = read(sheet)
    assert (figures(parsed), parsed.rejects) == (EXPORTS, [])

"""Section 655 reports as an outside judge printed them: what a first reading of 30 of them got wrong, one by one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from checks.reconcile import reconcile
from parsers.document import Document
from parsers.parsed import Parsed
from parsers.registry import load_source
from tests.generators.sheets import Sheet, column

SOURCE = load_source("us_ddtc_655")
TITLE = "Section 655 Report, Fiscal Year 2006"
ITEM_LINES = [
    column("Commodity", 50, 330), column("Quantity", 330, 420, "right"), column("Value", 420, 540, "right")
]  # fmt: skip
STAGES = [
    column("Country", 50, 200), column("USML|Category", 200, 290),
    column("Licensed|Value", 290, 420, "right"), column("Shipped|Value", 420, 550, "right"),
]  # fmt: skip
Cells = tuple[str | None, str | None, str | None, Decimal | None]


def item_lines(*, gap: float = 0) -> Sheet:
    """A report of item lines, begun: its title and the titles of its columns."""
    sheet = Sheet(ITEM_LINES, gap=gap)
    sheet.title(TITLE)
    sheet.header()
    return sheet


def stages(*titles: str) -> Sheet:
    """A report of licensed and shipped value, begun."""
    sheet = Sheet(STAGES)
    for title in titles or (TITLE,):
        sheet.title(title)
    sheet.header()
    return sheet


def read(sheet: Sheet) -> Parsed:
    content = sheet.content()
    parsed = SOURCE.parse(Document(content=content, media_type="application/pdf", name="report.pdf"))
    reconcile(parsed.records, parsed.totals, SOURCE.meta.totals)
    assert parsed.refused is None
    parsed.row_counts()
    return parsed


def whole(sheet: Sheet) -> Parsed:
    """What was read of a sheet of which every line is understood."""
    parsed = read(sheet)
    assert parsed.rejects == []
    return parsed


def cells(parsed: Parsed) -> list[Cells]:
    return [(r.destination_country, r.control_code, r.item_description, r.value) for r in parsed.records]


def sums(parsed: Parsed) -> list[tuple[str | None, Decimal, bool | None]]:
    return [
        (t.scope.get("destination_country"), t.printed, t.agrees)
        for t in parsed.totals
        if t.measure.value == "value"
    ]


def test_a_paragraph_above_the_table_is_no_header() -> None:
    sheet = Sheet(ITEM_LINES)
    sheet.title(TITLE)
    sheet.note(
        "The table lists, by country, each commodity that the Department licensed for export in the year,"
    )
    sheet.note("with its quantity and value. The total value authorized was $5,000 for all countries.")
    sheet.y += 8
    sheet.header()
    sheet.title("Mexico", 8, 50)
    sheet.row(["Rifles", "10", "$5,000"])
    assert cells(whole(sheet)) == [("MX", None, "Rifles", Decimal(5000))]


def test_a_page_of_prose_before_the_table_is_no_table() -> None:
    sheet = Sheet(ITEM_LINES)
    sheet.title(TITLE, 14)
    sheet.note(
        "This report covers defense articles and defense services licensed for export under section 38"
    )
    sheet.note("of the Arms Export Control Act. Each license is valid for 48 months from its date of issue.")
    sheet.note("The total value of licenses authorized was $5,000 for one of the countries.")
    sheet.turn()
    sheet.header()
    sheet.title("Mexico", 8, 50)
    sheet.row(["Rifles", "10", "$5,000"])
    assert cells(whole(sheet)) == [("MX", None, "Rifles", Decimal(5000))]


def test_a_commodity_whose_name_begins_with_total_is_no_sum() -> None:
    sheet = item_lines()
    sheet.title("Mexico", 8, 50)
    sheet.row(["Rifles", "10", "$5,000"])
    sheet.row(["Total Containment Vessels", "2", "$700"])
    sheet.row(["TOTAL", "12", "$5,700"])
    parsed = whole(sheet)
    assert [r.item_description for r in parsed.records] == ["Rifles", "Total Containment Vessels"]
    assert sums(parsed) == [("MX", Decimal(5700), True)]


def test_a_sum_of_something_unknown_is_rejected_and_no_commodity() -> None:
    sheet = item_lines()
    sheet.title("Mexico", 8, 50)
    sheet.row(["Rifles", "10", "$5,000"])
    sheet.row(["Total Mexcio", "10", "$5,000"])
    parsed = read(sheet)
    assert len(parsed.records) == 1
    (reject,) = parsed.rejects
    assert "a sum of 'Mexcio', which is no known country or category" in reject.reason


def test_an_unknown_country_line_takes_no_wrapped_line_of_another_row() -> None:
    """The line belongs to no row; the lines above end in a comma or an "and", and so go on below."""
    sheet = item_lines()
    sheet.title("Mexico", 8, 50)
    long = (
        "Barrels, Cylinders, Receivers (Frames), Breech Mechanisms and Complete Assemblies of them,"
        " Components, Parts and Accessories"
    )
    sheet.row([long, "10", "$5,000"])
    sheet.row(["Shotguns", "20", "$600"])
    sheet.row(["TOTAL", "30", "$5,600"])
    sheet.text(50, sheet.y, "Atlantis")
    sheet.y += 10
    sheet.row(["Machine Guns", "1", "$50"])
    sheet.row(["TOTAL", "1", "$50"])
    parsed = read(sheet)
    assert cells(parsed) == [("MX", None, long, Decimal(5000)), ("MX", None, "Shotguns", Decimal(600))]
    assert [r.raw for r in parsed.rejects] == [
        "TOTAL Atlantis 30 $5,600",
        "Machine Guns 1 $50",
        "TOTAL 1 $50",
    ]
    assert parsed.totals == []


def test_rows_below_an_unknown_country_line_are_not_the_country_s_above_it() -> None:
    sheet = item_lines()
    for name in ("Mexico", "Atlantis", "Panama"):
        sheet.title(name, 8, 50)
        sheet.row(["Rifles", "10", "$5,000"])
        sheet.row(["TOTAL", "10", "$5,000"])
        sheet.y += 20
    parsed = read(sheet)
    assert [r.destination_country for r in parsed.records] == ["MX", "PA"]
    assert sums(parsed) == [("MX", Decimal(5000), True), ("PA", Decimal(5000), True)]
    assert [r.raw for r in parsed.rejects] == ["Atlantis", "Rifles 10 $5,000", "TOTAL 10 $5,000"]


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("2017 Section 655 Report", 2017),
        ("2018 Annual Section 655 Report", 2018),
        ("Section 655 Report for 2016", 2016),
        ("Section 655 Report FY-15", 2015),
        ("Section 655 Report FY – 2014", 2014),
    ],
)
def test_the_year_of_a_title_is_a_fiscal_year(title: str, year: int) -> None:
    sheet = stages(title)
    sheet.row(["Mexico", "I", "$5,000", "$1,000"])
    (licensed, _shipped) = whole(sheet).records
    assert licensed.period_end is not None
    assert licensed.period_end.isoformat() == f"{year}-09-30"


@pytest.mark.parametrize("mark", ["1", "*", "1,2", " 1/", " a/", "†", "¹"])
def test_a_mark_of_a_note_is_no_part_of_a_name(mark: str) -> None:
    sheet = stages()
    sheet.row([f"Mexico{mark}", "I", "$5,000", "$1,000"])
    sheet.row([f"Mexico{mark} Total", "", "$5,000", "$1,000"])
    parsed = whole(sheet)
    assert {(r.destination_country, r.verbatim["Country"]) for r in parsed.records} == {
        ("MX", f"Mexico{mark}")
    }
    assert sums(parsed) == [("MX", Decimal(5000), True), ("MX", Decimal(1000), True)]


def test_letters_behind_a_name_are_no_mark() -> None:
    """ "Mexicoa" may be Mexico with a raised a; "Nigera" is not Niger."""
    sheet = stages()
    sheet.row(["Nigera", "I", "$5,000", "$1,000"])
    parsed = read(sheet)
    assert (parsed.records, len(parsed.rejects)) == ([], 1)


def test_rows_and_sums_of_dashes_say_that_there_was_nothing() -> None:
    sheet = stages()
    sheet.row(["Mexico", "I", "$5,000", "-"])
    sheet.row(["Mexico", "III", "-", "-"])
    sheet.row(["Total", "", "$5,000", "-"])
    sheet.row(["Panama", "I", "-", "-"])
    sheet.row(["Total", "", "-", "-"])
    sheet.row(["Peru", "I", "$20", "$10"])
    sheet.row(["Total", "", "$20", "$10"])
    parsed = whole(sheet)
    assert [(r.destination_country, r.stage.value) for r in parsed.records] == [
        ("MX", "licensed"), ("PE", "licensed"), ("PE", "shipped")
    ]  # fmt: skip
    assert parsed.ignored_by_rule()["nothing_stated"] == 3
    assert sums(parsed) == [("MX", Decimal(5000), True), ("PE", Decimal(20), True), ("PE", Decimal(10), True)]


def test_a_row_without_a_mark_or_a_figure_is_rejected() -> None:
    sheet = stages()
    sheet.row(["Mexico", "I", "$5,000", "-"])
    sheet.row(["Mexico", "III", "", ""])
    (reject,) = read(sheet).rejects
    assert reject.raw == "Mexico III"


def test_the_label_of_a_sum_may_run_on_below_its_figures() -> None:
    """ "Total for El" and "Total for Papua New" name no country; "Salvador" and "Guinea" would."""
    narrow = [column("Category", 50, 115), column("Licensed Value", 115, 300, "right"),
              column("Shipped Value", 300, 450, "right")]  # fmt: skip
    sheet = Sheet(narrow)
    sheet.title(TITLE)
    sheet.header()
    for name in ("Congo, Democratic Republic of the", "El Salvador", "Papua New Guinea"):
        sheet.title(name, 8, 50)
        sheet.row(["I", "$5,000", "$10"])
        sheet.row([f"Total for {name}", "$5,000", "$10"])
    parsed = whole(sheet)
    assert [place for place, _printed, agrees in sums(parsed) if agrees] == [
        "CD",
        "CD",
        "SV",
        "SV",
        "PG",
        "PG",
    ]


def test_lines_drawn_with_dashes_part_the_table_and_are_ignored() -> None:
    sheet = item_lines()
    sheet.row(["-" * 60, "-" * 20, "-" * 20])
    sheet.title("MEXICO", 8, 50)
    sheet.row(["Rifles", "10", "$5,000"])
    sheet.row(["", "=" * 12, "=" * 12])
    sheet.row(["TOTAL", "10", "$5,000"])
    parsed = whole(sheet)
    assert cells(parsed) == [("MX", None, "Rifles", Decimal(5000))]
    assert sums(parsed) == [("MX", Decimal(5000), True)]
    assert parsed.ignored_by_rule()["typed_rule"] == 2


def test_a_line_that_says_country_is_no_title_of_a_column() -> None:
    sheet = item_lines()
    for name in ("Mexico", "Panama"):
        sheet.title(f"Country: {name}", 8, 50)
        sheet.row(["Rifles", "10", "$5,000"])
        sheet.row(["Country Total", "10", "$5,000"])
    parsed = whole(sheet)
    assert [r.destination_country for r in parsed.records] == ["MX", "PA"]
    assert sums(parsed) == [("MX", Decimal(5000), True), ("PA", Decimal(5000), True)]


@pytest.mark.parametrize("foot", ["Report to Congress 1 / 5", "UNCLASSIFIED - Page 1", "FY 2006 Page 1 of 5"])
def test_a_foot_that_ends_with_the_page_is_no_row(foot: str) -> None:
    sheet = stages()
    sheet.number = ""
    sheet.row(["Mexico", "I", "$5,000", "$1,000"])
    words, number = foot.rsplit("1", 1)
    sheet.text(50, 760, words)
    sheet.text(548, 760, f"1{number}", align="right")
    assert len(whole(sheet).records) == 2


def test_more_titles_that_columns_carry() -> None:
    sheet = Sheet(
        [
            column("Country/Entity", 40, 150), column("Cat. No.", 150, 200), column("Title", 200, 330),
            column("Total|Quantity", 330, 390, "right"), column("Value of|Licenses Issued", 390, 480, "right"),
            column("Value of|Exports", 480, 570, "right"),
        ]
    )  # fmt: skip
    sheet.title(TITLE)
    sheet.header()
    sheet.row(["Mexico", "I", "Firearms", "12", "$5,000", "$1,000"])
    licensed, shipped = whole(sheet).records
    assert (licensed.quantity, licensed.value) == (Decimal(12), Decimal(5000))
    assert licensed.item_description == "Firearms"
    assert (shipped.stage.value, shipped.value) == ("shipped", Decimal(1000))

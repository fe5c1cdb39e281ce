"""Section 655 reports as other clerks would have set them: looks that a blind set of reports brought up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth

from checks.reconcile import reconcile
from parsers.document import Document
from parsers.parsed import Parsed
from parsers.registry import load_source
from tests.generators.sheets import Column, Sheet, column

SOURCE = load_source("us_ddtc_655")
BY_ITEM = (
    column("Country", 50, 150),
    column("Commodity", 150, 330),
    column("Quantity", 330, 420, "right"),
    column("Value", 420, 530, "right"),
)
BY_CATEGORY = (
    column("USML Category", 50, 130),
    column("Subcategory Description", 130, 330),
    column("Quantity", 330, 420, "right"),
    column("Value", 420, 530, "right"),
)
BY_STAGE = (
    column("Country", 50, 170),
    column("Category", 170, 260),
    column("Licensed Value", 260, 390, "right"),
    column("Shipped Value", 390, 530, "right"),
)


def sheet(columns: tuple[Column, ...], *titles: str, ruled: bool = False) -> Sheet:
    made = Sheet(columns, ruled=ruled)
    for title in ("Section 655 Report, Fiscal Year 2012", *titles):
        made.title(title)
    made.y += 6
    return made


def read(made: Sheet) -> Parsed:
    parsed = SOURCE.parse(Document(content=made.content(), media_type="application/pdf", name="report.pdf"))
    reconcile(parsed.records, parsed.totals, SOURCE.meta.totals)
    return parsed


def cells(parsed: Parsed) -> list[tuple[str | None, str | None, str | None, Decimal | None, Decimal | None]]:
    return [
        (r.destination_country, r.control_code, r.item_description, r.quantity, r.value)
        for r in parsed.records
    ]


@pytest.mark.parametrize("ruled", [True, False])
def test_a_raised_mark_is_no_digit_of_a_figure_and_no_letter_of_a_name(ruled: bool) -> None:
    made = sheet(BY_ITEM, ruled=ruled)
    made.header()
    made.row(["Mexico", "RIFLES", "12", "$500"], marks={0: "a", 2: "2", 3: "1"})
    made.row(["Mexico", "M4 CARBINES", "950", "$1,500"], marks={1: "12", 3: "b"})
    made.row(["Korea, Republic of", "PISTOLS", "5", "25"], marks={0: "b"})
    parsed = read(made)
    assert (parsed.refused, parsed.rejects) == (None, [])
    assert cells(parsed) == [
        ("MX", None, "RIFLES", 12, 500),
        ("MX", None, "M4 CARBINES", 950, 1500),
        ("KR", None, "PISTOLS", 5, 25),
    ]
    verbatim = parsed.records[0].verbatim
    assert (verbatim["Country"], verbatim["Quantity"], verbatim["Value"]) == ("Mexicoᵃ", "12²", "$500¹")


def test_a_letter_that_is_not_raised_belongs_to_the_name() -> None:
    made = sheet(BY_ITEM)
    made.header()
    made.row(["Mexicoa", "RIFLES", "12", "$500"])
    parsed = read(made)
    assert parsed.records == []
    assert [r.reason for r in parsed.rejects] == ["'Mexicoa' is not a known country name"]


@pytest.mark.parametrize(
    "said",
    [
        "($000)",
        "($ in thousands)",
        "(Dollars in Millions)",
        "Values in thousands of U.S. dollars",
        "Dollar figures in this report are shown in thousands.",
    ],
)
def test_values_said_to_be_thousands_beside_the_table_refuse_the_report(said: str) -> None:
    above = sheet(BY_STAGE, said)
    above.header()
    above.row(["Mexico", "I", "$5,000", "$1,000"])
    below = sheet(BY_STAGE)
    below.header()
    below.row(["Mexico", "I", "$5,000", "$1,000"])
    below.y += 20
    below.note(f"Note: {said}")
    before = Sheet(BY_STAGE)
    before.title("Section 655 Report, Fiscal Year 2012")
    before.note(said)
    before.turn()
    before.header()
    before.row(["Mexico", "I", "$5,000", "$1,000"])
    for made in (above, below, before):
        parsed = read(made)
        assert parsed.records == []
        assert parsed.refused is not None
        assert "in other units than dollars" in parsed.refused


def test_thousands_of_something_else_do_not() -> None:
    made = sheet(BY_STAGE)
    made.note(
        "The Department issued thousands of licenses, for exports of more than $63 million to Mexico alone."
    )
    made.y += 20
    made.header()
    made.row(["Mexico", "I", "$5,000", "$1,000"])
    assert [r.value for r in read(made).records] == [5000, 1000]


@pytest.mark.parametrize("title", ["Defense Articles Licensed and Shipped", "Values in U.S. Dollars"])
def test_a_title_in_words_of_the_header_right_above_it_is_no_part_of_it(title: str) -> None:
    made = Sheet(BY_STAGE)
    made.title("Section 655 Report, Fiscal Year 2012")
    made.title(title)
    made.header()
    made.row(["Mexico", "I", "$5,000", "$1,000"])
    parsed = read(made)
    assert (parsed.refused, parsed.rejects) == (None, [])
    assert cells(parsed) == [("MX", "I", None, None, 5000), ("MX", "I", None, None, 1000)]


def blocks(*, once: bool) -> Sheet:
    """A drawn table for each country, its name in a cell across above the titles."""
    made = sheet(BY_CATEGORY)
    for place in ("Mexico", "Panama"):
        made.ruled = False
        top = made.y
        made.text(53, top + 2, place, bold=True)
        made.y += 14
        made.ruled = True
        made.header()
        made.canvas.rect(50, made.page[1] - made._borders[0], 480, 16)
        made.row(["I", "Combat shotguns", "5", "$100"])
        made.row(["" if once else "I", "Barrels, cylinders and receivers", "6", "$200"])
        made.row(["III", "Ammunition", "", "$300"])
        made.row(["Country Total", "", "", "$600"], bold=True)
        made.rule_off()
        made.y += 20
    return made


@pytest.mark.parametrize("once", [True, False])
def test_a_name_across_above_the_titles_of_each_drawn_table_is_the_country_below(once: bool) -> None:
    parsed = read(blocks(once=once))
    assert (parsed.refused, parsed.rejects) == (None, [])
    assert cells(parsed) == [
        row
        for place in ("MX", "PA")
        for row in (
            (place, "I", "Combat shotguns", 5, 100),
            (place, "I", "Barrels, cylinders and receivers", 6, 200),
            (place, "III", "Ammunition", None, 300),
        )
    ]
    assert [(t.scope["destination_country"], t.printed, t.agrees) for t in parsed.totals] == [
        ("MX", 600, True),
        ("PA", 600, True),
    ]


def test_a_blank_category_is_a_gap_where_categories_are_printed_again() -> None:
    made = sheet(BY_CATEGORY)
    made.header()
    made.text(53, made.y, "Mexico")
    made.y += 14
    made.row(["I", "Combat shotguns", "5", "$100"])
    made.row(["I", "Barrels", "6", "$200"])
    made.row(["", "Ammunition", "7", "$300"])
    parsed = read(made)
    assert cells(parsed) == [("MX", "I", "Combat shotguns", 5, 100), ("MX", "I", "Barrels", 6, 200)]
    assert [r.reason for r in parsed.rejects] == ["no category stands in this row"]


ITEM_LINES = (
    column("Item", 50, 280, "centre"),
    column("Units", 280, 390, "centre"),
    column("Licensed Value", 390, 530, "centre"),
)


def test_centred_names_between_the_rows_hide_no_column_of_figures_set_to_the_left() -> None:
    """The names lie across the room between items and their units, and each title over its column's middle."""
    made = sheet(ITEM_LINES)
    made.header()
    made.columns = [column("", c.x0, c.x1) for c in ITEM_LINES]
    for place in ("Australia", "Papua New Guinea", "Mexico", "New Zealand"):
        made.text(290, made.y, place.upper(), align="centre", bold=True)
        made.y += 14
        made.row(["MACHINE GUNS WITH TRIPOD MOUNTS AND SPARE BARRELS", "13,754", "14,232,615"])
        made.row(["HELMETS", "892", "1,228"])
        made.row([f"Total {place.upper()}", "", "14,233,843"])
        made.y += 8
    parsed = read(made)
    assert (parsed.refused, parsed.rejects) == (None, [])
    assert cells(parsed) == [
        row
        for place in ("AU", "PG", "MX", "NZ")
        for row in (
            (place, None, "MACHINE GUNS WITH TRIPOD MOUNTS AND SPARE BARRELS", 13_754, 14_232_615),
            (place, None, "HELMETS", 892, 1_228),
        )
    ]
    assert all(t.agrees for t in parsed.totals)


@pytest.mark.parametrize("room", [4.5, 12])
def test_two_titles_side_by_side_that_also_make_one_are_two(room: float) -> None:
    wide = stringWidth("Subcategory", "Helvetica-Bold", 8)
    columns = (
        column("USML Category", 50, 130),
        column("Subcategory", 130, 133 + wide + room - 3),
        column("Description", 133 + wide + room - 3, 360),
        column("Quantity", 360, 430, "right"),
        column("Value", 430, 530, "right"),
    )
    made = sheet(columns)
    made.header()
    made.text(53, made.y, "Mexico")
    made.y += 14
    made.row(["I", "(b)", "Fully automatic firearms to .50 caliber inclusive", "5", "$100"])
    made.row(["II", "(j)", "Components and parts", "6", "$200"])
    parsed = read(made)
    assert (parsed.refused, parsed.rejects) == (None, [])
    assert cells(parsed) == [
        ("MX", "I(b)", "Fully automatic firearms to .50 caliber inclusive", 5, 100),
        ("MX", "II(j)", "Components and parts", 6, 200),
    ]


def test_a_subcategory_in_front_of_its_description_is_one() -> None:
    made = sheet(BY_CATEGORY)
    made.header()
    made.text(53, made.y, "Mexico")
    made.y += 14
    made.row(["I", "(b) Fully automatic firearms", "5", "$100"])
    parsed = read(made)
    assert cells(parsed) == [("MX", "I(b)", "Fully automatic firearms", 5, 100)]
    assert parsed.records[0].verbatim["Description"] == "(b) Fully automatic firearms"


def test_a_drawn_block_of_a_single_row_is_read_as_the_others_are() -> None:
    made = sheet(BY_CATEGORY[1:], ruled=True)
    made.header()
    for at, place in enumerate(("Chile", "Mexico", "Panama")):
        made.canvas.rect(130, made.page[1] - made.y - 12, 400, 14)
        made.text(133, made.y + 1, place, bold=True)
        made.y += 14
        for _ in range(1 if at else 4):
            made.row(["GUN MOUNTS", "922", "$646,180"])
        made.rule_off()
        made.y += 6
    parsed = read(made)
    assert (parsed.refused, parsed.rejects) == (None, [])
    assert [r.destination_country for r in parsed.records] == ["CL", "CL", "CL", "CL", "MX", "PA"]


def test_the_sum_of_a_block_at_the_head_of_the_next_page_stands_above_its_header() -> None:
    made = Sheet(ITEM_LINES, repeat=False)
    made.title("Section 655 Report, Fiscal Year 2009")
    for turned in (False, True):
        made.text(50, made.y, "Panama" if turned else "Mexico", bold=True)
        made.y += 14
        made.header()
        made.row(["HELMETS", "892", "$1,228"])
        if not turned:
            made.turn()
        made.row(["Total", "", "$1,228"])
        made.y += 20
    parsed = read(made)
    assert (parsed.refused, parsed.rejects) == (None, [])
    assert [(t.page, t.scope["destination_country"], t.printed, t.agrees) for t in parsed.totals] == [
        (2, "MX", 1_228, True),
        (2, "PA", 1_228, True),
    ]


def test_a_row_right_below_a_header_is_no_part_of_it() -> None:
    """The word Country would be a title that the header does not have."""
    columns = (column("Category", 50, 200), *BY_STAGE[2:])
    made = Sheet(columns, gap=0)
    made.title("Section 655 Report, Fiscal Year 2016")
    made.header()
    made.text(53, made.y, "Mexico")
    made.y += 14
    made.row(["Category II", "$399,000", "$2,276"])
    made.turn()
    made.row(["Country Total", "$399,000", "$2,276"])
    parsed = read(made)
    assert (parsed.refused, parsed.rejects) == (None, [])
    assert [(t.page, t.scope["destination_country"], t.agrees) for t in parsed.totals] == [
        (2, "MX", True)
    ] * 2


def test_a_lettered_note_at_a_page_s_foot_is_no_part_of_the_next_page_s_row() -> None:
    made = Sheet(BY_ITEM, repeat=False)
    made.title("Section 655 Report, Fiscal Year 2006")
    made.header()
    made.row(["Mexico", "HELMETS", "892", "$1,228"], marks={0: "a"})
    made.y += 10
    made.note("a Includes licenses issued to the Mexican Navy.")
    made.turn()
    made.row(["Venezuela", "CARBINES", "31", "$162,000"])
    parsed = read(made)
    assert (parsed.refused, parsed.rejects) == (None, [])
    assert [(r.page, r.destination_country) for r in parsed.records] == [(1, "MX"), (2, "VE")]
    assert parsed.ignored_by_rule()["footnote"] == 1


def test_figures_at_the_ends_of_all_descriptions_and_no_quantity_refuse_the_report() -> None:
    made = sheet(BY_ITEM)
    made.header()
    for item in ("HELMETS", "GUN MOUNTS", "CARBINES", "RIFLES", "ENGINES"):
        made.row(["Mexico", f"{item} 892", "", "$1,228"])
    parsed = read(made)
    assert parsed.refused == "descriptions end with figures, and the column of quantities is empty"


def test_titles_of_figures_side_by_side_are_one_title_however_the_figures_below_stand() -> None:
    """Quantities end below the second word of their title, which alone would be a title of values."""
    columns = (
        column("USML Category", 50, 300),
        column("Quantity Licensed", 300, 400, "right"),
        column("Value (US$)", 400, 530, "right"),
    )
    made = sheet(columns)
    made.header()
    made.text(53, made.y, "Mexico")
    made.y += 14
    for roman, amount in (("II", "8"), ("VI", "350"), ("VII", "21"), ("X", "5"), ("XI", "33")):
        made.row([f"Category {roman}", amount, "$ 1,481"])
    parsed = read(made)
    assert (parsed.refused, parsed.rejects) == (None, [])
    assert [(r.quantity, r.value) for r in parsed.records] == [(n, 1_481) for n in (8, 350, 21, 5, 33)]


def test_a_row_at_the_head_of_a_page_above_the_next_header_goes_on_with_the_block_before() -> None:
    made = Sheet(ITEM_LINES, repeat=False)
    made.title("Section 655 Report, Fiscal Year 2009")
    made.text(50, made.y, "Mexico", bold=True)
    made.y += 14
    made.header()
    made.row(["HELMETS", "892", "$1,228"])
    made.turn()
    made.row(["BODY ARMOR", "", "$500"])
    made.row(["Total", "", "$1,728"])
    made.y += 20
    made.text(50, made.y, "Panama", bold=True)
    made.y += 14
    made.header()
    made.row(["HELMETS", "1", "$7"])
    parsed = read(made)
    assert (parsed.refused, parsed.rejects) == (None, [])
    assert [(r.page, r.destination_country, r.value) for r in parsed.records] == [
        (1, "MX", 1_228), (2, "MX", 500), (2, "PA", 7)
    ]  # fmt: skip
    assert [(t.scope["destination_country"], t.agrees) for t in parsed.totals] == [("MX", True)]


@pytest.mark.parametrize("total", ["$500", "5x0"])
def test_a_refused_sum_ends_its_country_all_the_same(total: str) -> None:
    """Bands of grey cut the merged cell of a country in pieces, and its name stands in the second."""
    made = sheet(BY_ITEM)
    made.header()
    made.row(["", "M4 CARBINES", "225", "$100"])
    made.row(["Taiwan", "REVOLVERS AND PISTOLS", "25", "$400"])
    made.row(["TOTAL", "", "", total])
    made.row(["", "CARTRIDGES", "9", "$306"])
    made.row(["Mexico", "HELMETS", "590", "$119"])
    parsed = read(made)
    assert [(r.destination_country, r.item_description) for r in parsed.records] == [
        ("TW", "REVOLVERS AND PISTOLS"),
        ("MX", "HELMETS"),
    ]
    assert [r.raw.split(" ")[0] for r in parsed.rejects] == ["M4", "TOTAL", "CARTRIDGES"]

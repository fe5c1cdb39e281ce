"""Section 655 reports as other clerks would have set them: looks that a blind set of reports brought up."""

from __future__ import annotations

from decimal import Decimal

import pytest

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

"""Section 655 reports that leave unsaid what a reader must know: no row is lost or given a stage in silence."""

from __future__ import annotations

import pytest

from parsers.document import Document
from parsers.parsed import Parsed
from parsers.registry import load_source
from tests.generators.sheets import Sheet, column

SOURCE = load_source("us_ddtc_655")
ITEM_LINES = (
    column("Commodity", 50, 330),
    column("Quantity", 330, 420, "right"),
    column("Value", 420, 540, "right"),
)


def read(made: Sheet) -> Parsed:
    parsed = SOURCE.parse(Document(content=made.content(), media_type="application/pdf", name="report.pdf"))
    parsed.row_counts()
    return parsed


def test_rows_on_a_page_before_the_first_header_are_rejected_one_by_one() -> None:
    made = Sheet(ITEM_LINES, repeat=False)
    made.title("Section 655 Report, Fiscal Year 2003")
    made.note("In this year exports of more than $63 million were authorized.")
    made.y += 20
    made.row(["Mexico", "", ""])
    made.row(["RIFLES", "10", "$500"])
    made.row(["TOTAL", "", "$500"])
    made.turn()
    made.header()
    made.row(["Panama", "", ""])
    made.row(["RIFLES", "10", "$700"])
    parsed = read(made)
    assert [(r.page, r.destination_country, r.value) for r in parsed.records] == [(2, "PA", 700)]
    assert [(r.page, r.raw, r.reason) for r in parsed.rejects] == [
        (1, "RIFLES 10 $500", "a line of figures above the first header"),
        (1, "TOTAL $500", "a line of figures above the first header"),
    ]


@pytest.mark.parametrize(
    "title", ["Defense Articles Shipped", "Actual Shipments", "Deliveries of Defense Articles"]
)
def test_columns_without_a_stage_below_a_title_of_shipments_refuse_the_report(title: str) -> None:
    made = Sheet(ITEM_LINES)
    made.title("Section 655 Report, Fiscal Year 2009")
    made.title(title)
    made.y += 20
    made.header()
    made.row(["Mexico", "", ""])
    made.row(["RIFLES", "10", "$500"])
    parsed = read(made)
    assert parsed.records == []
    assert parsed.refused == f"columns of no stage below {title!r}"


@pytest.mark.parametrize("title", ["Defense Articles Licensed, Not Shipped", "Licenses Authorized"])
def test_below_a_title_of_licences_they_are_what_was_licensed(title: str) -> None:
    made = Sheet(ITEM_LINES)
    made.title("Section 655 Report, Fiscal Year 2009")
    made.title(title)
    made.note("Values are not those of actual deliveries.")
    made.y += 20
    made.header()
    made.row(["Mexico", "", ""])
    made.row(["RIFLES", "10", "$500"])
    parsed = read(made)
    assert (parsed.refused, parsed.rejects) == (None, [])
    assert [(str(r.stage), r.value) for r in parsed.records] == [("licensed", 500)]

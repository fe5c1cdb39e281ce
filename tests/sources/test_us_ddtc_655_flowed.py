"""Section 655 reports set by a program: heads on each page, merged country cells, units below titles.

Drawn and written down before the parser was run on them; every cell and every sum is compared, and the one sum
that is printed wrong in each report is told from the others.
"""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest

from checks.reconcile import reconcile
from parsers.document import Document
from parsers.parsed import Parsed
from parsers.registry import load_source
from tests.generators.flowed655 import Look, categories, item_lines, licensed_and_shipped
from tests.generators.sheets import Column, Sheet, column
from tests.sources.facts_655 import facts

SOURCE = load_source("us_ddtc_655")
ARTICLES = ("Country", "USML Category", "Subcategory", "Description", "Quantity", "Value")
OTHER_WORDS = ("Country", "Category", "Sub-Category", "Commodity Description", "Qty", "Dollar Value")
STAGES = ("Country", "USML Category", "Licensed Value", "Shipped Value")
WIDE, TALL, SHORT = (792, 612), (612, 792), (612, 500)
REPORTS = {
    "plain total": partial(item_lines, look=Look(TALL, (60, 400, 540), label="TOTAL", dollar="")),
    "continued": partial(
        item_lines, look=Look(TALL, (40, 420, 560), font="Courier", label="Total {}", continued="(cont'd)")
    ),
    "dollar on the first": partial(item_lines, look=Look(SHORT, (72, 360, 500), dollar="first")),
    "country goes on without its name": partial(item_lines, look=Look(WIDE, (90, 430, 700), size=11)),
    "grid": partial(categories, look=Look(TALL, (90, 55, 60, 190, 60, 80), ARTICLES, lines="grid", size=7)),
    "merged": partial(
        categories, look=Look(WIDE, (100, 60, 70, 240, 80, 110), ARTICLES, lines="grid", once=True, merged=True)
    ),
    "country once": partial(
        categories, look=Look(WIDE, (110, 60, 80, 240, 80, 110), OTHER_WORDS, label="TOTAL", once=True)
    ),
    "lines below": partial(
        categories, look=Look(WIDE, (110, 60, 80, 240, 80, 110), ARTICLES, lines="below", label="Total {}")
    ),
    "shaded": partial(categories, look=Look(WIDE, (110, 60, 80, 240, 80, 110), ARTICLES, lines="shade")),
    "stages": partial(licensed_and_shipped, look=Look(TALL, (110, 210, 100, 100), STAGES, label="Total {}")),
    "stages, country once": partial(
        licensed_and_shipped, look=Look(SHORT, (130, 190, 95, 95), STAGES, once=True, blank="-")
    ),
    "unit below the title": partial(
        licensed_and_shipped,
        look=Look(
            TALL, (95, 170, 80, 80),
            ("Destination", "Category Description", "Licensed Value ($)", "Shipped Value ($)"),
            font="Courier", size=7, once=True, blank="-",
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", REPORTS)
def test_every_cell_every_sum_and_the_one_that_is_wrong(kind: str, seed: int) -> None:
    made = REPORTS[kind](seed)
    parsed = SOURCE.parse(Document(content=made.content, media_type="application/pdf", name="655.pdf"))
    reconcile(parsed.records, parsed.totals, SOURCE.meta.totals)
    by_stage = any(fact[0] == "shipped" for fact in made.facts)
    assert (parsed.refused, parsed.rejects) == (None, [])
    assert facts(parsed.records, described=not by_stage) == Counter(made.facts)
    sums = Counter(
        (t.scope.get("destination_country"), str(t.stage), str(t.measure), int(t.printed), t.agrees)
        for t in parsed.totals
    )
    assert sums == Counter(made.sums)
    wrong = [total for total in parsed.totals if total.agrees is False]
    assert all(total.page and f"{int(total.printed):,}" in total.raw for total in wrong)


def second_page(columns: list[Column], above: str, rows: list[list[str]]) -> Parsed:
    """Two pages with their headers, the second with a line above it that the first has not."""
    sheet = Sheet(columns, page=(612, 400))
    sheet.title("Section 655 Report for Fiscal Year 2015")
    sheet.header()
    for row in rows[:-1]:
        sheet.row(row)
    sheet.turn()
    sheet.text(36, 40, above)
    sheet.row(rows[-1])
    return SOURCE.parse(Document(content=sheet.content(), media_type="application/pdf", name="655.pdf"))


def test_a_line_above_a_pages_header_takes_no_country_from_the_rows_that_print_theirs() -> None:
    columns = [column("Country", 36, 150), column("Category", 150, 250), column("Value", 450, 560, "right")]
    page = second_page(
        columns, "Detail of approvals by destination", [["Mexico", "I", "$10"], ["", "III", "$20"]]
    )
    assert page.rejects == [] and [(r.destination_country, r.value) for r in page.records] == [
        ("MX", 10),
        ("MX", 20),
    ]


def test_where_countries_have_no_column_an_unknown_name_above_a_header_gives_its_rows_to_nobody() -> None:
    columns = [
        column("Commodity", 36, 250),
        column("Quantity", 250, 350, "right"),
        column("Value", 450, 560, "right"),
    ]
    page = second_page(
        columns, "Freedonia", [["Mexico", "", ""], ["Rifles", "1", "$10"], ["Pistols", "2", "$20"]]
    )
    assert [(r.destination_country, r.value) for r in page.records] == [("MX", 10)]
    assert len(page.rejects) == 2

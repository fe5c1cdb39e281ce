"""A country's licensing figures as two tables on one page: all licences by outcome, approved ones by ECCN."""

from __future__ import annotations

import io

import pytest
from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

from checks.reconcile import reconcile
from parsers.document import Document
from parsers.parsed import Parsed
from parsers.registry import load_source

SOURCE = load_source("us_bis_licences")
BY_OUTCOME = [
    ["Outcome", "Number of Licenses", "Value (USD)"],
    ["Approved", "1,245", "$612,345,678"],
    ["Denied", "3", "$1,234,000"],
    ["Returned Without Action", "210", "$45,600,000"],
    ["Total", "1,458", "$659,179,678"],
]
BY_ECCN = [
    ["ECCN", "Description", "Licenses", "Value"],
    ["0A501", "Firearms and related commodities", "312", "$88,123,456"],
    ["0A505", "Ammunition and its parts", "96", "$22,000,001"],
    ["9A610", "Military aircraft", "75", "$106,129,748"],
    ["Total", "", "483", "$216,253,205"],
]


def words(text: str, size: float = 9) -> Paragraph:
    return Paragraph(text, ParagraphStyle("words", fontName="Helvetica", fontSize=size, leading=size + 2))


def report(caption: str, *, ruled: bool, first: str = "Table 1. BIS Export License Applications") -> Parsed:
    style = (
        [("GRID", (0, 0), (-1, -1), 0.4, colors.black)] if ruled else [("ALIGN", (-2, 0), (-1, -1), "RIGHT")]
    )
    buffer = io.BytesIO()
    SimpleDocTemplate(buffer).build(
        [
            words("U.S. Trade with Mexico - Calendar Year 2022", 14),
            Spacer(1, 8),
            words(first),
            Table(BY_OUTCOME, colWidths=(160, 120, 120), style=style),
            Spacer(1, 14),
            words(caption),
            Table(BY_ECCN, colWidths=(70, 200, 70, 110), style=style),
            words("Note: values are those authorized; a license is valid for four years.", 7),
        ]
    )
    page = SOURCE.parse(Document(content=buffer.getvalue(), media_type="application/pdf", name="mexico.pdf"))
    reconcile(page.records, page.totals, SOURCE.meta.totals)
    return page


@pytest.mark.parametrize("ruled", [True, False])
@pytest.mark.parametrize(
    "caption", ["Table 2. Approved Licenses by ECCN", "Top Approved Licenses by ECCN", "Table 2: Leading ECCNs (approved)"]
)  # fmt: skip
def test_the_title_of_a_table_is_no_part_of_its_header_and_tells_its_outcome(
    caption: str, ruled: bool
) -> None:
    page = report(caption, ruled=ruled)
    assert (page.refused, page.rejects) == (None, [])
    assert [(r.control_code, str(r.stage), r.licence_count, int(r.value or 0)) for r in page.records] == [
        ("0A501", "licensed", 312, 88_123_456),
        ("0A505", "licensed", 96, 22_000_001),
        ("9A610", "licensed", 75, 106_129_748),
    ]
    assert {r.destination_country for r in page.records} == {"MX"}
    listed = [t for t in page.totals if "Section" not in t.scope]
    assert [(str(t.measure), int(t.printed), t.agrees) for t in listed] == [
        ("count", 483, True),
        ("value", 216_253_205, True),
    ]


@pytest.mark.parametrize("ruled", [True, False])
def test_all_licences_of_an_outcome_are_printed_sums_held_against_no_list_of_some(ruled: bool) -> None:
    page = report("Table 2. Approved Licenses by ECCN", ruled=ruled)
    sums = [t for t in page.totals if t.scope.get("Section") == "all licences"]
    assert [(str(t.stage), str(t.measure), int(t.printed), t.agrees) for t in sums] == [
        ("licensed", "count", 1_245, None),
        ("licensed", "value", 612_345_678, None),
        ("refused", "count", 3, None),
        ("refused", "value", 1_234_000, None),
        ("returned", "count", 210, None),
        ("returned", "value", 45_600_000, None),
    ]
    assert {t.scope["destination_country"] for t in sums} == {"MX"}
    assert page.ignored_by_rule()["sum_of_outcomes"] == 1


def test_counts_whose_table_tells_no_outcome_are_refused() -> None:
    page = report("Table 2. Leading ECCNs", ruled=True)
    assert page.refused == "a column of counts does not say which outcome it is of"

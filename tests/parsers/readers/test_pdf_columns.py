"""Column tables: headers in any order, wrapped rows, page ends; cell-exact on generated and real reports."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from operator import attrgetter

import pytest
from reportlab.pdfgen.canvas import Canvas

from parsers.readers.pdf import (
    ColumnLayout,
    Page,
    TableRow,
    column_rows,
    columns_from_headers,
    declared_columns,
    open_pdf,
    read_pages,
    squeeze,
    stitch,
)
from parsers.readers.pdf_wrap import BOTH, DOWN, UP, split_column
from tests.generators.pdf_reports import COUNTRIES, ERAS, DrawnReport, ReportSpec, report
from tests.paths import SHARED, needs_shared

ALIASES = {
    "country": ["Country"],
    "category": ["USML Category", "Category"],
    "subcategory": ["Subcategory"],
    "description": ["Description"],
    "commodity": ["Commodity"],
    "quantity": ["Quantity", "Qty"],
    "value": ["Value"],
    "licensed": ["Licensed Value"],
    "shipped": ["Shipped Value"],
}
ANCHORS = ["quantity", "value", "licensed", "shipped"]


def is_country(text: str, _box: object) -> bool:
    return text in COUNTRIES


def rows_of(
    drawn: DrawnReport, layout: Callable[[Page], ColumnLayout | None] | ColumnLayout
) -> list[TableRow]:
    with open_pdf(drawn.content) as pdf:
        return list(stitch(pdf.pages(), layout))


def by_header(page: Page) -> ColumnLayout | None:
    layout = columns_from_headers(page, ALIASES, ANCHORS)
    block = layout is not None and "commodity" in layout.names
    return replace(layout, heading=is_country) if layout and block else layout


def as_drawn(drawn: DrawnReport) -> list[tuple[int, dict[str, str]]]:
    return [(r.page, r.texts()) for r in drawn.rows if r.kind in ("row", "total")]


def as_read(rows: list[TableRow]) -> list[tuple[int, dict[str, str]]]:
    return [(r.page, {name: cell.text for name, cell in r.cells.items()}) for r in rows if r.kind == "row"]


SPECS = [
    ReportSpec(
        era=era, rules=rules, align=align, seed=seed, pages=3, font=("Helvetica", "Times-Roman", "DejaVuSans")[seed % 3],
        size=(6.0, 9.0)[seed % 2], header_lines=1 + (seed // 2) % 2, shuffled=seed % 4 == 1, wide=seed % 5 == 0,
        letter=seed % 7 != 0, footnote_digit=seed % 3 == 0, repeat_header=seed % 6 != 0,
        cut_rows=align == "top" and rules == "none" and seed % 2 == 1,
    )
    for seed, (era, rules, align) in enumerate(
        product(ERAS, ("none", "lines", "boxes", "bars"), ("top", "middle", "bottom")), 1
    )
]  # fmt: skip


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: f"{s.era}-{s.rules}-{s.align}-{s.seed}")
def test_rows_come_back_as_drawn(spec: ReportSpec) -> None:
    drawn = report(spec)
    rows = rows_of(drawn, by_header)
    assert as_read(rows) == as_drawn(drawn)
    lines = [r.text for r in rows if r.kind in ("line", "footnote")]
    assert [r.text for r in drawn.rows if r.kind == "heading" and r.text not in lines] == []
    assert [r.text for r in drawn.rows if r.kind == "footnote"] == [
        r.text for r in rows if r.kind == "footnote"
    ]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 400))
def test_rows_come_back_as_drawn_in_many_more_layouts(seed: int) -> None:
    spec = replace(
        SPECS[seed % len(SPECS)], seed=seed, font="Helvetica", size=6.0 + seed % 5, shuffled=seed % 2 == 0
    )
    drawn = report(spec)
    assert as_read(rows_of(drawn, by_header)) == as_drawn(drawn)


@pytest.mark.parametrize("align", ["top", "middle", "bottom"])
def test_declared_columns_read_where_the_caller_names_the_header(align: str) -> None:
    drawn = report(ReportSpec(era="category", align=align, seed=5))
    edges = zip(drawn.columns, drawn.edges, drawn.edges[1:], strict=False)
    titles = squeeze("Country USML Category Subcategory Description Quantity Value")
    layout = ColumnLayout(declared_columns(edges), anchors=("quantity", "value"), header_texts=(titles,))
    assert as_read(rows_of(drawn, layout)) == as_drawn(drawn)


def test_every_upright_word_is_in_one_row() -> None:
    with open_pdf(report(ReportSpec(era="item", seed=3, pages=2, cut_rows=True)).content) as pdf:
        for page in pdf.pages():
            layout = by_header(page)
            assert layout is not None
            said = " ".join(row.text for row in column_rows(page, layout)).split()
            assert sorted(said) == sorted(w.text for w in page.words)


def test_boxes_of_cells_hold_their_words_and_nothing_else() -> None:
    with open_pdf(report(ReportSpec(era="category", align="middle", seed=8, pages=1)).content) as pdf:
        page = pdf.page(1)
        layout = by_header(page)
        assert layout is not None
        for row in column_rows(page, layout):
            for cell in row.cells.values():
                if cell.bbox is not None:
                    x0, top, x1, bottom = cell.bbox
                    inside = [
                        w
                        for w in page.words
                        if x0 <= w.x0 and w.x1 <= x1 and top <= w.top and w.bottom <= bottom
                    ]
                    assert sorted(w.text for w in inside) == sorted(cell.text.split())


def test_row_cut_by_the_page_end_keeps_the_page_of_its_anchor() -> None:
    drawn = report(ReportSpec(era="category", seed=21, pages=6, size=9, cut_rows=True))
    rows = as_read(rows_of(drawn, by_header))
    assert rows == as_drawn(drawn)
    with open_pdf(drawn.content) as pdf:
        alone = []
        for page in pdf.pages():
            layout = by_header(page)
            assert layout is not None
            alone += [r for r in column_rows(page, layout) if not r.complete]
    assert alone, "no row was cut: the case does not test what it says"


def painted(lines: list[tuple[float, float, str]], size: float = 9) -> Page:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(612, 792), invariant=True)
    canvas.setFont("Helvetica", size)
    for x, y, text in lines:
        canvas.drawString(x, y, text)
    canvas.showPage()
    canvas.save()
    with open_pdf(buffer.getvalue()) as pdf:
        return pdf.page(1)


def test_text_cut_from_another_table_goes_on_in_no_row() -> None:
    """Loose text ends one page and begins the next, whose table has other columns: each stays a line."""
    first = painted(
        [(50, 700, "Country"), (150, 700, "Description"), (350, 700, "Value"), (50, 680, "Mexico"),
         (150, 680, "Rifles"), (350, 680, "$5"), (150, 664, "and parts")]
    )  # fmt: skip
    other = painted(
        [(50, 700, "Category"), (350, 700, "Value"), (50, 684, "firearms"), (50, 668, "I"), (350, 668, "$7")]
    )
    pages = [replace(page, number=number) for number, page in enumerate((first, other, first), 1)]
    rows = list(stitch(pages, lambda page: columns_from_headers(page, ALIASES, ["value"])))
    found = [[cell.text for cell in row.cells.values()] for row in rows if row.kind == "row"]
    assert found == [["Mexico", "Rifles", "$5"], ["I", "$7"], ["Mexico", "Rifles", "$5"]]
    assert [row.text for row in rows if row.kind == "line"] == ["and parts", "firearms", "and parts"]


def test_header_words_wrap_over_three_lines_and_carry_footnote_digits() -> None:
    page = painted(
        [(50, 720, "Calendar"), (50, 709, "Year"), (150, 731, "Misc."), (150, 720, "Fire-"), (150, 709, "arms1"),
         (250, 709, "Total ($)"), (50, 690, "2013"), (150, 690, "22,748"), (250, 690, "393,121")]
    )  # fmt: skip
    aliases = {"total": ["Total"], "year": ["Calendar Year"], "misc": ["Misc. Firearms"]}
    layout = columns_from_headers(page, aliases, ["total"])
    assert layout is not None and layout.names == ("year", "misc", "total") and layout.unknown == ()
    rows = [r for r in column_rows(page, layout) if r.kind == "row"]
    assert [[r["year"], r["misc"], r["total"]] for r in rows] == [["2013", "22,748", "393,121"]]


def test_unknown_header_words_are_named() -> None:
    page = painted(
        [
            (50, 700, "Country"),
            (150, 700, "Warranty"),
            (250, 700, "Value"),
            (50, 680, "Mexico"),
            (250, 680, "$1"),
        ]
    )
    layout = columns_from_headers(page, ALIASES)
    assert layout is not None and layout.unknown == ("Warranty",)


def test_page_without_known_titles_has_no_layout() -> None:
    assert columns_from_headers(painted([(50, 700, "Nothing of note"), (50, 680, "here")]), ALIASES) is None
    assert columns_from_headers(painted([]), ALIASES) is None


def test_longer_title_wins() -> None:
    page = painted([(50, 700, "Total"), (150, 700, "Total Cost"), (50, 680, "5"), (150, 680, "$7")])
    layout = columns_from_headers(page, {"total": ["Total"], "cost": ["Total Cost"]})
    assert layout is not None and layout.names == ("total", "cost")


@pytest.mark.parametrize(
    ("columns", "anchors", "words"),
    [
        ([("a", 0, 10), ("a", 10, 20)], (), "must differ"),
        ([("a", 0, 15), ("b", 10, 20)], (), "overlap"),
        ([("a", 0, 10)], ("b",), "no columns"),
    ],
)
def test_layout_that_cannot_be_meant_is_refused(
    columns: list[tuple[str, float, float]], anchors: tuple[str, ...], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        ColumnLayout(declared_columns(columns), anchors)


@pytest.mark.parametrize(
    ("mode", "gaps", "counts"),
    [
        (DOWN, [[], [10.0, 20.0], []], ((0, 0), (2, 0), (0, 0))),
        (UP, [[], [10.0, 20.0], []], ((0, 0), (0, 2), (0, 0))),
        (BOTH, [[-10.0], [10.0, 20.0], [40.0]], ((0, 1), (1, 1), (1, 0))),
    ],
)
def test_fragments_go_where_the_alignment_puts_them(
    mode: str, gaps: list[list[float]], counts: tuple[tuple[int, int], ...]
) -> None:
    split = split_column([0.0, 30.0], [True, True], gaps, mode, (9.0, 10.0))
    assert split.counts == counts and split.cost == pytest.approx(0.0)


FMTR = {
    "course": ["Course Title"],
    "qty": ["Qty"],
    "location": ["Training Location"],
    "unit": ["Student's Unit"],
    "us_unit": ["US Unit"],
    "cost": ["Total Cost"],
    "start": ["Start Date"],
    "end": ["End Date"],
}
ATF = {
    "year": ["Calendar Year"],
    "pistols": ["Pistols"],
    "revolvers": ["Revolvers"],
    "rifles": ["Rifles"],
    "shotguns": ["Shotguns"],
    "misc": ["Misc. Firearms"],
    "total": ["Total Firearms"],
}


@needs_shared
def test_fmtr_cells_that_wrap_above_and_below_the_anchor_line() -> None:
    content = (SHARED / "data" / "us_fmtr" / "2019_2020_Western_Hemisphere_fmtrpt.pdf").read_bytes()
    with open_pdf(content) as pdf:
        pages = pdf.pages([65, 66, 67])
        rows = list(stitch(pages, lambda page: columns_from_headers(page, FMTR, ["qty", "start"])))
    found = {r["course"] + "|" + r["unit"]: r for r in rows if r.kind == "row"}
    row = found[
        "AFN-058-MTT-MEX; GEOINT MTT|SEM UIN, SED S-7, SED SIVA, F.A.M. 11, F.A.M. 3, F.A.M. 303, F.A.M. 1"
    ]
    assert (row["qty"], row["location"], row["cost"], row.page) == (
        "20", "Mexico City, Distrito Federal, Mexico", "$49,940", 66,
    )  # fmt: skip
    course = "NESA/U.S. State Department IVLP 02-19: Transnational Crime Threats Seminar"
    assert found[f"{course}|Procuraduría General"]["end"] == "4/17/2019"
    assert "Universidad Autónoma de Nuevo León" in {r["unit"] for r in found.values()}


@needs_shared
def test_atf_exhibit_2_without_its_chart() -> None:
    content = (SHARED / "data" / "us_atf_commerce" / "2024_firearms_commerce_report.pdf").read_bytes()
    with open_pdf(content) as pdf:
        page = pdf.page(3)
    layout = columns_from_headers(page, ATF, ["total"])
    assert layout is not None and layout.unknown == ()
    rows = [r for r in column_rows(page, layout) if r.kind == "row" and r["year"].isdecimal()]
    assert [c.text for c in rows[0].cells.values()] == [
        "2013", "167,653", "21,236", "131,718", "49,766", "22,748", "393,121",
    ]  # fmt: skip
    assert [r["year"] for r in rows] == [str(y) for y in range(2013, 2024)]
    assert rows[-1]["total"] == "479,033"


def test_pool_gives_the_pages_in_order() -> None:
    content = report(ReportSpec(pages=60, size=6)).content
    # sent by name to fresh processes, which could not import a function of this file
    number = attrgetter("number")
    assert list(read_pages(content, number, processes=1)) == list(range(1, 61))
    assert list(read_pages(content, number, processes=2, worth_a_pool=10)) == list(range(1, 61))

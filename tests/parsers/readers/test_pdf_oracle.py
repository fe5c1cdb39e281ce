"""Our words, cells and boxes against pdfplumber's, on generated reports always and on real ones where present.

Every difference that is allowed is named in DIFFERENCES with its reason, and counted: a new one, or one more of a
known one, fails the test.
"""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path
from typing import Any

import pdfplumber
import pytest

from parsers.readers.pdf import Page, open_pdf, ruled_tables
from tests.generators.pdf_reports import ReportSpec, report
from tests.paths import SHARED, needs_shared

BOX = 0.5
"""points; what is left after overhang is trimmed is float noise and the descent of unembedded fonts"""

DIFFERENCES = {
    "turned": "text that does not stand upright is kept out of words and cells (Page.rotated has it); pdfplumber "
    "mixes it in, often spelled backwards",
    "lost space": "pdfium drops a trailing space whose advance the next object overlaps; 0.16 em of room is left",
    "painted twice": "glyphs painted twice at one place (fake bold) are one glyph; pdfplumber doubles them",
}
KNOWN = {
    ("2024_firearms_commerce_report.pdf", 1): {"lost space": 1},
    ("2024_firearms_commerce_report.pdf", 17): {"lost space": 2},
    ("Guide_to_International_Trade_Datasets.pdf", 14): {"turned": 8},
    ("Guide_to_International_Trade_Datasets.pdf", 15): {"turned": 8},
    ("Guide_to_International_Trade_Datasets.pdf", 16): {"painted twice": 1},
}
"""(file, page) -> difference -> words of ours, or of Page.rotated, that it explains"""

# cells of real pages that differ, all by turned text: (file, page) -> number of cells
KNOWN_CELLS = {
    ("Guide_to_International_Trade_Datasets.pdf", 14): 6,
    ("Guide_to_International_Trade_Datasets.pdf", 15): 6,
}

GENERATED = [
    ReportSpec(
        era=era, rules=rules, align=align, font=font, size=size, wide=wide, letter=not wide, pages=1, seed=seed,
        header_lines=1 + seed % 2, footnote_digit=seed % 3 == 0,
    )
    for seed, (era, rules, align, font, size, wide) in enumerate(
        [
            ("item", "lines", "top", "Helvetica", 8.0, False),
            ("item", "none", "middle", "Times-Roman", 9.0, False),
            ("category", "boxes", "middle", "DejaVuSans", 6.0, True),
            ("category", "bars", "bottom", "Courier", 6.0, True),
            ("category", "none", "top", "Helvetica-Oblique", 7.0, False),
            ("shipped", "lines", "bottom", "Times-BoldItalic", 10.0, True),
            ("shipped", "bars", "top", "Helvetica-Bold", 7.5, False),
        ]
    )
]  # fmt: skip


def words_of(theirs: pdfplumber.page.Page) -> list[tuple[Any, ...]]:
    return [(w["text"], w["x0"], w["top"], w["x1"], w["bottom"]) for w in theirs.extract_words()]


def far_boxes(page: Page, theirs: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Pairs of words with equal text whose boxes lie further apart than BOX."""
    pairs = zip(page.words, theirs, strict=True)
    return [(a, b) for a, b in pairs if max(abs(p - q) for p, q in zip(a[1:], b[1:], strict=True)) > BOX]


def cells_that_differ(page: Page, theirs: pdfplumber.page.Page) -> list[tuple[Any, Any]]:
    ours = ruled_tables(page)
    found = theirs.find_tables()
    assert len(ours) == len(found), f"page {page.number}: {len(ours)} tables, pdfplumber finds {len(found)}"
    differing = []
    for table, twin in zip(ours, found, strict=True):
        boxes = [[None if c is None else c.bbox for c in row] for row in table.rows]
        for row, other in zip(boxes, twin.rows, strict=True):
            for box, cell in zip(row, other.cells, strict=True):
                assert (box is None) == (cell is None)
                assert (
                    box is None
                    or cell is None
                    or max(abs(a - b) for a, b in zip(box, cell, strict=True)) < 0.01
                )
        for mine, yours in zip(table.texts("\n"), twin.extract(), strict=True):
            differing += [(a, b) for a, b in zip(mine, yours, strict=True) if a != b]
    return differing


@pytest.mark.parametrize("spec", GENERATED, ids=lambda s: f"{s.era}-{s.rules}-{s.align}-{s.font}")
def test_generated_reports_agree_word_for_word_and_cell_for_cell(spec: ReportSpec) -> None:
    content = report(spec).content
    with open_pdf(content) as pdf, pdfplumber.open(io.BytesIO(content)) as other:
        for page, theirs in zip(pdf.pages(), other.pages, strict=True):
            words = words_of(theirs)
            assert [w.text for w in page.words] == [w[0] for w in words]
            assert far_boxes(page, words) == []
            assert cells_that_differ(page, theirs) == []
            assert (page.width, page.height) == pytest.approx(
                (float(theirs.width), float(theirs.height)), abs=0.01
            )
            if spec.rules != "none":
                assert ruled_tables(page)


REAL = [
    (SHARED / "data" / "us_atf_commerce" / "2024_firearms_commerce_report.pdf", range(1, 20)),
    (SHARED / "data" / "us_census_exports" / "Guide_to_International_Trade_Datasets.pdf", range(1, 29)),
    # 90 pages of one layout, a third of a second each in pdfplumber: every fifth, and Mexico's
    (SHARED / "data" / "us_fmtr" / "2019_2020_Western_Hemisphere_fmtrpt.pdf", [*range(1, 91, 5), 65, 67]),
]


@needs_shared
@pytest.mark.slow  # pdfplumber takes a third of a second for one of these pages
@pytest.mark.parametrize(("path", "numbers"), REAL, ids=lambda v: v.stem if isinstance(v, Path) else "")
def test_real_reports_differ_only_as_listed(path: Path, numbers: list[int]) -> None:
    with open_pdf(path.read_bytes()) as pdf, pdfplumber.open(path) as other:
        for page in pdf.pages(numbers):
            theirs = other.pages[page.number - 1]
            words = words_of(theirs)
            where = (path.name, page.number)
            if where in KNOWN:
                assert explained(page, words) == KNOWN[where], where
            else:
                assert [w.text for w in page.words] == [w[0] for w in words], where
                assert far_boxes(page, words) == [], where
            assert page.unreadable_glyphs == 0
            check_cells(page, theirs, where)
            theirs.close()


def check_cells(page: Page, theirs: pdfplumber.page.Page, where: tuple[str, int]) -> None:
    differing = cells_that_differ(page, theirs)
    if set(KNOWN.get(where, {})) & {"lost space", "painted twice"}:
        # the words have been explained already; here only that no cell has other letters
        differing = [(a, b) for a, b in differing if set(squeezed(a)) != set(squeezed(b))]
    assert len(differing) == KNOWN_CELLS.get(where, 0), (where, differing[:3])
    assert page.rotated or not differing


def squeezed(text: str | None) -> str:
    return "".join((text or "").split())


def explained(page: Page, theirs: list[tuple[Any, ...]]) -> Counter[str]:
    """Counts of the named differences; fails on a word that none of them explains."""
    ours, other = Counter(w.text for w in page.words), Counter(w[0] for w in theirs)
    mine, yours = list((ours - other).elements()), list((other - ours).elements())
    found: Counter[str] = Counter()
    turned = Counter("".join(sorted(w.text)) for w in page.rotated)
    for text in list(yours):
        if turned["".join(sorted(text))]:
            turned["".join(sorted(text))] -= 1
            found["turned"] += 1
            yours.remove(text)
    if mine and sorted("".join(mine)) == sorted("".join(yours)):
        found["lost space"] += len(mine)
    elif len(mine) == len(yours) and all(
        set(a) == set(b) and len(a) < len(b) for a, b in zip(mine, yours, strict=True)
    ):
        found["painted twice"] += len(mine)
    assert mine == [] or found["lost space"] or found["painted twice"], (page.number, mine, yours)
    return +found


def test_every_listed_difference_has_its_reason() -> None:
    assert {name for counts in KNOWN.values() for name in counts} == set(DIFFERENCES)

"""What real PDFs do to text and boxes: turned pages, crop boxes, ligatures, fake bold, undeclared fonts."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pdfplumber
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from parsers.readers.pdf import Page, PdfError, PdfLimits, open_pdf, ruled_tables
from tests.generators.pdf_reports import DEJAVU


def drawn(paint: Callable[[Canvas], None]) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(612, 792), invariant=True)
    if "DejaVuSans" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("DejaVuSans", str(DEJAVU)))
    paint(canvas)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def first_page(content: bytes, limits: PdfLimits = PdfLimits()) -> Page:  # noqa: B008  (frozen)
    with open_pdf(content, limits) as pdf:
        return pdf.page(1)


def text_of(paint: Callable[[Canvas], None]) -> list[str]:
    return [w.text for w in first_page(drawn(paint)).words]


def agrees_with_pdfplumber(content: bytes) -> Page:
    page = first_page(content)
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        theirs = pdf.pages[0]
        upright = [
            w for w in theirs.extract_words() if w["upright"] and w["text"] in {o.text for o in page.words}
        ]
        assert [w["text"] for w in upright] == [w.text for w in page.words]
        for word, twin in zip(page.words, upright, strict=True):
            assert word[1:] == pytest.approx([twin[k] for k in ("x0", "top", "x1", "bottom")], abs=0.5)
        edges = sorted((e["x0"], e["top"], e["x1"], e["bottom"]) for e in theirs.edges)
        ours = sorted(tuple(r[1:]) for r in page.rules)
        assert [pytest.approx(e, abs=0.01) for e in edges] == ours
        assert (page.width, page.height) == (theirs.width, theirs.height)
    return page


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_turned_pages_read_as_displayed(turn: int) -> None:
    def paint(c: Canvas) -> None:
        c.setPageRotation(turn)
        c.setFont("Helvetica", 10)
        c.translate(306, 396)
        c.rotate(turn)
        c.drawString(0, 0, "Licensed value 1,234")
        c.rect(-10, -5, 150, 20)

    page = agrees_with_pdfplumber(drawn(paint))
    assert [w.text for w in page.words] == ["Licensed", "value", "1,234"]
    assert page.rotated == []


def test_text_across_the_page_is_reported_and_kept_out_of_tables() -> None:
    def paint(c: Canvas) -> None:
        c.setFont("Helvetica", 10)
        c.grid([100, 200, 300], [500, 600, 700])
        c.drawString(110, 650, "cell")
        c.translate(150, 520)
        c.rotate(90)
        c.drawString(0, 0, "up the side")

    page = first_page(drawn(paint))
    assert [w.text for w in page.rotated] == ["up", "the", "side"]
    assert ruled_tables(page)[0].texts() == [["cell", ""], ["", ""]]


def test_crop_box_moves_nothing() -> None:
    def paint(c: Canvas) -> None:
        c.setCropBox((100, 50, 500, 700))
        c.setFont("Helvetica", 10)
        c.drawString(150, 100, "Cropped here")
        c.rect(120, 80, 100, 40)

    agrees_with_pdfplumber(drawn(paint))


def test_media_box_that_begins_elsewhere_agrees_with_pdfplumber() -> None:
    content = drawn(
        lambda c: (c.setFont("Helvetica", 10), c.drawString(150, 100, "Moved"), c.line(50, 60, 90, 60))
    )
    moved = content.replace(b"/MediaBox [ 0 0 612 792 ]", b"/MediaBox [ 10 20 612 792]")
    assert moved != content
    page = agrees_with_pdfplumber(moved)
    assert (page.width, page.height) == (602, 772)


def test_ligatures_are_spelled_out() -> None:
    assert text_of(
        lambda c: (c.setFont("DejaVuSans", 10), c.drawString(50, 700, "of\ufb01ce \ufb02eet"))
    ) == [
        "office",
        "fleet",
    ]


def test_doubled_letters_and_the_halves_of_a_ligature_are_not_fake_bold() -> None:
    assert text_of(
        lambda c: (c.setFont("DejaVuSans", 6), c.drawString(50, 700, "ill \ufb00 1,111 wwii"))
    ) == [
        "ill",
        "ff",
        "1,111",
        "wwii",
    ]


def test_zero_width_space_vanishes_and_a_painted_soft_hyphen_is_a_hyphen() -> None:
    painted = text_of(
        lambda c: (c.setFont("DejaVuSans", 10), c.drawString(50, 700, "SE\u200bDENA DDTC 15\u00ad123"))
    )
    assert painted == ["SEDENA", "DDTC", "15-123"]


@pytest.mark.parametrize("shift", [0.0, 0.2, 0.4])
def test_fake_bold_is_one_word(shift: float) -> None:
    def paint(c: Canvas) -> None:
        c.setFont("Helvetica", 10)
        c.drawString(50, 700, "TOTAL $1,100")
        c.drawString(50 + shift, 700, "TOTAL $1,100")

    assert text_of(paint) == ["TOTAL", "$1,100"]


def test_space_painted_by_an_object_of_its_own_parts_words() -> None:
    def paint(c: Canvas) -> None:
        c.setFont("Helvetica", 8)
        c.drawString(50, 700, "United")
        x = 50 + c.stringWidth("United", "Helvetica", 8)
        c.drawString(x, 700, " ")
        c.drawString(x + c.stringWidth(" ", "Helvetica", 8), 700, "Kingdom")

    agrees_with_pdfplumber(drawn(paint))
    assert text_of(paint) == ["United", "Kingdom"]


def test_superscript_stays_glued_as_in_pdfplumber() -> None:
    def paint(c: Canvas) -> None:
        c.setFont("Helvetica", 9)
        c.drawString(50, 700, "Firearms")
        x = 50 + c.stringWidth("Firearms", "Helvetica", 9)
        c.setFont("Helvetica", 5.5)
        c.drawString(x, 702, "1")

    assert text_of(paint) == ["Firearms1"]


def test_a_font_whose_box_is_lower_than_its_ascent_keeps_its_height() -> None:
    def paint(c: Canvas) -> None:
        c.setFont("DejaVuSans", 24)
        c.drawString(72, 600, "I(a) Firearms, 1,234 pieces")

    content = drawn(paint)
    told = re.search(rb"/FontBBox \[ [-. \d]+ \]", content)
    assert told
    low = b"/FontBBox [ -10 -150 1000 600 "
    content = content.replace(told[0], low.ljust(len(told[0]) - 1) + b"]")
    for word in agrees_with_pdfplumber(content).words:
        assert word.bottom - word.top == pytest.approx(24)


def test_slanted_glyphs_keep_their_advance() -> None:
    agrees_with_pdfplumber(
        drawn(lambda c: (c.setFont("Times-Italic", 14), c.drawString(50, 700, "of staff, for jeff")))
    )


def test_missing_unicode_map_is_refused_with_the_page() -> None:
    content = drawn(lambda c: (c.setFont("DejaVuSans", 10), c.drawString(50, 700, "Łódź ćwiczenia")))
    blind = re.sub(rb"/ToUnicode \d+ 0 R", lambda m: b" " * len(m.group()), content)
    with pytest.raises(PdfError, match=r"PDF page 1: \d+ of \d+ glyphs have no Unicode value") as caught:
        first_page(blind)
    assert caught.value.page == 1
    page = first_page(blind, PdfLimits(max_unreadable_share=1.0))
    assert page.unreadable_glyphs > 0 and "\ufffd" in page.words[0].text


def test_words_of_neighbouring_cells_do_not_join() -> None:
    def paint(c: Canvas) -> None:
        c.setFont("Helvetica", 8)
        c.grid([100, 140, 180], [680, 700])
        c.drawRightString(139.5, 686, "1,234")
        c.drawString(140.5, 686, "$5,678")

    page = first_page(drawn(paint))
    assert [w.text for w in page.words] == ["1,234$5,678"]
    assert ruled_tables(page)[0].texts() == [["1,234", "$5,678"]]


def test_box_drawn_over_another_shows_its_text_in_both() -> None:
    def paint(c: Canvas) -> None:
        c.setFont("Helvetica", 8)
        c.grid([100, 200, 300], [600, 640, 680])
        c.grid([120, 160, 190], [645, 655, 672])
        c.drawString(125, 660, "inner")

    content = drawn(paint)
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        assert [t.texts("\n") for t in ruled_tables(first_page(content))] == pdf.pages[0].extract_tables()

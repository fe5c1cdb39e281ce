"""A row of a PDF as a picture: its page rendered, cropped to the row, framed, under its column titles.

Run as a program (``python -m warehouse.evidence_page``) it reads a request from stdin (limits, what to draw,
the PDF's bytes) and writes the PNG to stdout: what pdfium does with a hostile file happens in a process that
can be ended. All lengths are PDF points from the top left corner of the displayed page, as in a record's
``bbox``.
"""

from __future__ import annotations

import ctypes
import io
import json
import resource
import sys
from collections.abc import Sequence

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFont

from parsers.readers.pdf import BBox, Page, PdfError, open_pdf
from parsers.readers.pdf_glyphs import page_frame
from warehouse.evidence_layout import (
    MAIL_WIDTH,
    MARGIN,
    RowOnPage,
    Strip,
    marked_words,
    panels_of,
    strips_of,
    words_between,
    words_in,
)

MAX_PNG_BYTES = 150_000

_SHARPNESS = (2.0, 1.5, 1.25, 1.0)
_FRAME = (190, 18, 60)
_MARKER = (255, 236, 130)
_PAPER = (255, 255, 255)
_INK = (55, 65, 81)
_RULE = (156, 163, 175)


def draw(content: bytes, row: RowOnPage) -> bytes:
    """The picture as PNG under 150 kB, 640 pixels wide or a multiple of it.

    Raises PdfError where the page cannot be read or drawn, or its picture cannot be made small enough.
    """
    with open_pdf(content) as pdf:
        pages = {row.page: pdf.page(row.page)}
        strips = [Strip(row.page, 0, pages[row.page].height)]
        if row.bbox is not None:
            strips = strips_of(pdf, pages, row, row.bbox)
        count = pdf.page_count
    panels = [(0.0, pages[row.page].width)]
    if row.bbox is not None:
        panels = panels_of(pages[row.page], row.bbox, [s for s in strips if not s.whole_width], pages)
    sheet = _Sheet(content, pages, row, count)
    for sharpness in _SHARPNESS:
        png = sheet.picture(strips, panels, sharpness)
        if len(png) <= MAX_PNG_BYTES:
            return png
    raise PdfError(
        f"the picture of the row has {len(png)} bytes; at most {MAX_PNG_BYTES} are allowed", row.page
    )


# -- drawing ---------------------------------------------------------------------------------------------


class _Sheet:
    """Composes the picture; each page is rendered once for a sharpness."""

    def __init__(self, content: bytes, pages: dict[int, Page], row: RowOnPage, page_count: int) -> None:
        self._content = content
        self._pages = pages
        self._row = row
        self._page_count = page_count

    def picture(
        self, strips: Sequence[Strip], panels: Sequence[tuple[float, float]], sharpness: float
    ) -> bytes:
        """All strips of all panels, one under the other, with the caption."""
        widest = max(right - left for left, right in panels)
        scale = min(MAIL_WIDTH / widest, 2.0) * sharpness
        width = round(MAIL_WIDTH * sharpness)
        parts: list[Image.Image] = []
        document = pypdfium2.PdfDocument(self._content)
        try:
            pictures = {
                number: self._rendered(document, number, scale) for number in {strip.page for strip in strips}
            }
        finally:
            document.close()
        for number, panel in enumerate(panels):
            if number:
                note = f"the same row, continued to the right ({number + 1} of {len(panels)})"
                parts.append(_text_image([note], width, sharpness, _RULE, size=10))
            for strip in strips:
                if strip.whole_width and number:
                    continue
                if strip.page != self._row.page:
                    note = f"from page {strip.page}"
                    parts.append(_text_image([note], width, sharpness, _RULE, size=10))
                parts.append(self._cut(pictures[strip.page], strip, panel, scale, width))
        return _png(_stacked([*parts, self._caption(width, sharpness)], width, round(4 * sharpness)))

    def _rendered(
        self, document: pypdfium2.PdfDocument, number: int, scale: float
    ) -> tuple[Image.Image, float, float]:
        """The page and where its left top corner lies in the record's coordinates (a crop box shifts it)."""
        page = document[number - 1]
        try:
            left, top = _corner(page)
            size = page.get_size()
            if size[0] * size[1] * scale * scale > 60e6:
                raise PdfError(
                    f"the page is too large to draw ({size[0]:.0f} x {size[1]:.0f} points)", number
                )
            picture = page.render(scale=scale).to_pil().convert("RGB")
        finally:
            page.close()
        if number == self._row.page and self._row.bbox is not None:
            self._mark(picture, left, top, scale)
        return picture, left, top

    def _mark(self, picture: Image.Image, left: float, top: float, scale: float) -> None:
        """Frame the row and colour the words that were recognised."""
        box = self._row.bbox or (0.0, 0.0, 0.0, 0.0)
        words = marked_words(words_in(self._pages[self._row.page].words, box), self._row.marked)
        for word in words:
            spot = _pixels(word.bbox, left, top, scale, 1.0)
            if spot[2] > spot[0] and spot[3] > spot[1]:
                cut = picture.crop(spot)
                picture.paste(ImageChops.multiply(cut, Image.new("RGB", cut.size, _MARKER)), spot)
        frame = _pixels(box, left, top, scale, 2.5)
        ImageDraw.Draw(picture).rectangle(frame, outline=_FRAME, width=max(2, round(1.3 * scale)))

    def _cut(
        self,
        rendered: tuple[Image.Image, float, float],
        strip: Strip,
        panel: tuple[float, float],
        scale: float,
        width: int,
    ) -> Image.Image:
        picture, left, top = rendered
        start = panel[0]
        if strip.whole_width:
            words = words_between(self._pages[strip.page].words, strip)
            start = max(0.0, min([word.x0 for word in words], default=start) - MARGIN)
        x = round((start - left) * scale)
        wide = width if strip.whole_width else min(width, round((panel[1] - panel[0]) * scale))
        y, bottom = round((strip.top - top) * scale), round((strip.bottom - top) * scale)
        cut = Image.new("RGB", (width, max(1, bottom - y)), _PAPER)
        cut.paste(picture.crop((x, y, min(x + wide, picture.width), bottom)), (0, 0))
        return _without_blank_edges(cut, round(3 * scale))

    def _caption(self, width: int, sharpness: float) -> Image.Image:
        place = f"Page {self._row.page} of {self._page_count}"
        first, *rest = self._row.caption or ("",)
        return _text_image([f"{place} · {first}" if first else place, *rest], width, sharpness, _INK, size=11)


def _corner(page: pypdfium2.PdfPage) -> tuple[float, float]:
    handle = ctypes.cast(page.raw, ctypes.c_void_p).value or 0
    frame = page_frame(handle)
    left, bottom, right, top = page.get_bbox()
    corners = [(x, y) for x in (left, right) for y in (bottom, top)]
    return (
        min(frame.a * x + frame.c * y + frame.e for x, y in corners),
        min(frame.b * x + frame.d * y + frame.f for x, y in corners),
    )


def _pixels(box: BBox, left: float, top: float, scale: float, more: float) -> tuple[int, int, int, int]:
    return (
        max(0, round((box[0] - more - left) * scale)),
        max(0, round((box[1] - more - top) * scale)),
        round((box[2] + more - left) * scale),
        round((box[3] + more - top) * scale),
    )


def _text_image(
    lines: Sequence[str], width: int, sharpness: float, ink: tuple[int, int, int], size: int
) -> Image.Image:
    font = ImageFont.load_default(round(size * sharpness))
    step = round((size + 4) * sharpness)
    picture = Image.new("RGB", (width, step * len(lines) + round(4 * sharpness)), _PAPER)
    pen = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        printable = line.encode("latin-1", "replace").decode("latin-1")
        while font.getlength(printable) > width - 12 and len(printable) > 8:
            printable = printable[:-5] + "..."
        pen.text((round(6 * sharpness), number * step + round(2 * sharpness)), printable, fill=ink, font=font)
    return picture


def _stacked(parts: Sequence[Image.Image], width: int, gap: int) -> Image.Image:
    """One under the other, a thin line between."""
    sheet = Image.new("RGB", (width, sum(part.height for part in parts) + gap * len(parts)), _PAPER)
    pen, y = ImageDraw.Draw(sheet), 0
    for part in parts:
        sheet.paste(part, (0, y))
        y += part.height + gap
        pen.line((0, y - gap // 2 - 1, width, y - gap // 2 - 1), fill=(209, 213, 219))
    return sheet


def _without_blank_edges(picture: Image.Image, margin: int) -> Image.Image:
    """Cut off blank space above and below, but for a margin."""
    print_box = ImageChops.difference(picture, Image.new("RGB", picture.size, _PAPER)).getbbox()
    if print_box is None:
        return picture
    bottom = min(picture.height, print_box[3] + margin)
    return picture.crop((0, max(0, print_box[1] - margin), picture.width, bottom))


def _png(picture: Image.Image) -> bytes:
    """Few colours are enough for print: a smaller file, the same for equal input."""
    buffer = io.BytesIO()
    picture.quantize(colors=32, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
        buffer, "PNG", optimize=True
    )
    return buffer.getvalue()


def main() -> int:
    """Answer one request on stdin; 3 with one sentence on stderr where the page cannot be drawn."""
    line = sys.stdin.buffer.readline().decode()
    limits: dict[str, int] = json.loads(line)
    memory, seconds = limits["memory_bytes"], limits["seconds"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    request = RowOnPage.from_json(sys.stdin.buffer.readline().decode())
    try:
        sys.stdout.buffer.write(draw(sys.stdin.buffer.read(), request))
    except (PdfError, pypdfium2.PdfiumError, MemoryError) as error:
        sys.stderr.write(str(error) or "the page needs too much memory")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())

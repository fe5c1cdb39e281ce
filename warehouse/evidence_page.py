"""A row of a PDF as a picture: its page rendered, cropped to the row, framed, under its column titles.

Run as a program (``python -m warehouse.evidence_page``) it reads a request from stdin (limits, what to draw,
the PDF's bytes) and writes the PNG to stdout: what pdfium does with a hostile file happens in a process that
can be ended. All lengths are PDF points from the top left corner of the displayed page, as in a record's
``bbox``.
"""

from __future__ import annotations

import ctypes
import io
import itertools
import json
import math
import re
import resource
import statistics
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFont

from parsers.readers.pdf import BBox, Page, PdfDocument, PdfError, Word, open_pdf
from parsers.readers.pdf_glyphs import page_frame

MAX_PNG_BYTES = 150_000
MAIL_WIDTH = 640
"""Width in pixels at which the picture must be readable; it is drawn finer and shown at this width."""

_SHARPNESS = (2.0, 1.5, 1.25, 1.0)
_TEXT_PIXELS = 10.5  # height of a printed line, at MAIL_WIDTH, below which a table is cut into panels
_MOST_PANELS = 3
_PAGES_BACK = 12
_MARGIN = 7.0
_FRAME = (190, 18, 60)
_MARKER = (255, 236, 130)
_PAPER = (255, 255, 255)
_INK = (55, 65, 81)
_RULE = (156, 163, 175)


@dataclass(frozen=True, slots=True)
class RowOnPage:
    """What to draw: the page from 1, the row's box (None: the whole page), and words to look for.

    ``titles`` are the names of the row's cells, of which the column titles are made; ``above`` are values of
    the row that stand in headings above it, such as the country; ``marked`` are words to mark in the row;
    ``caption`` are lines to print under the picture.
    """

    page: int
    bbox: tuple[float, float, float, float] | None
    titles: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    marked: tuple[str, ...] = ()
    caption: tuple[str, ...] = ()

    def to_json(self) -> str:
        """The request as one line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, line: str) -> RowOnPage:
        """Read a request."""
        raw: dict[str, Any] = json.loads(line)
        box = raw.pop("bbox")
        return cls(
            page=raw.pop("page"),
            bbox=None if box is None else (box[0], box[1], box[2], box[3]),
            **{name: tuple(texts) for name, texts in raw.items()},
        )


@dataclass(frozen=True, slots=True)
class _Line:
    """Words side by side."""

    words: tuple[Word, ...]

    @property
    def top(self) -> float:
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        return max(word.bottom for word in self.words)

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def has_titles(self) -> bool:
        """Three or more texts apart from each other, and no figure: most likely column titles."""
        gaps = sum(b.x0 - a.x1 > 8 for a, b in itertools.pairwise(self.words))
        return gaps >= 2 and not any(letter.isdigit() for letter in self.text)


@dataclass(frozen=True, slots=True)
class _Strip:
    """A horizontal cut of one page."""

    page: int
    top: float
    bottom: float
    whole_width: bool = False


def draw(content: bytes, row: RowOnPage) -> bytes:
    """The picture as PNG under 150 kB, 640 pixels wide or a multiple of it.

    Raises PdfError where the page cannot be read or drawn, or its picture cannot be made small enough.
    """
    with open_pdf(content) as pdf:
        pages = {row.page: pdf.page(row.page)}
        strips = [_Strip(row.page, 0, pages[row.page].height)]
        if row.bbox is not None:
            strips = _strips(pdf, pages, row, row.bbox)
        count = pdf.page_count
    panels = [(0.0, pages[row.page].width)]
    if row.bbox is not None:
        panels = _panels(pages[row.page], row.bbox, [s for s in strips if not s.whole_width], pages)
    sheet = _Sheet(content, pages, row, count)
    for sharpness in _SHARPNESS:
        png = sheet.picture(strips, panels, sharpness)
        if len(png) <= MAX_PNG_BYTES:
            return png
    raise PdfError(
        f"the picture of the row has {len(png)} bytes; at most {MAX_PNG_BYTES} are allowed", row.page
    )


# -- what to show --------------------------------------------------------------------------------------


def _strips(pdf: PdfDocument, pages: dict[int, Page], row: RowOnPage, bbox: BBox) -> list[_Strip]:
    """Headings and column titles above the row, nearest first found, then the row in its surroundings."""
    page = pages[row.page]
    band = _band(page, bbox)
    found: list[_Strip] = []
    inside = _inside(page.words, bbox)
    wanted = [text for text in row.above if _may_be_heading(text) and not _stands_in(text, inside)]
    titles = _tokens(" ".join(row.titles))
    for number in range(row.page, max(0, row.page - _PAGES_BACK), -1):
        if not titles and not wanted:
            break
        if number not in pages:
            pages[number] = pdf.page(number)
        lines = _lines(pages[number].words)
        above = [line for line in lines if number < row.page or line.bottom <= bbox[1] + 1.0]
        header = _header(above, titles) if titles else []
        if header:
            found.append(_strip_of(number, header, lines))
            titles = set()
        for text in list(wanted):
            if heading := _heading(above, text, before=header[0].top if header else 0.0):
                found.append(_strip_of(number, [heading], lines, whole_width=True))
                wanted.remove(text)
    if titles and (guess := next((line for line in _above(page, bbox) if line.has_titles), None)):
        found.append(_strip_of(row.page, [guess], _lines(page.words)))
    return _merged([*(strip for strip in found if not _is_within(strip, band)), band])


def _above(page: Page, bbox: BBox) -> list[_Line]:
    """Lines above the row, the nearest first."""
    return [line for line in reversed(_lines(page.words)) if line.bottom <= bbox[1] + 1.0]


def _band(page: Page, bbox: BBox) -> _Strip:
    """The row with about a row above and below; no line of print is cut through."""
    more = 1.6 * max(6.0, min(bbox[3] - bbox[1], 40.0))
    lines = _lines(page.words)
    shown = [line for line in lines if bbox[1] - more <= (line.top + line.bottom) / 2 <= bbox[3] + more]
    strip = _strip_of(page.number, shown, lines) if shown else _Strip(page.number, bbox[1], bbox[3])
    return _Strip(page.number, min(strip.top, bbox[1] - 4.0), max(strip.bottom, bbox[3] + 4.0))


def _strip_of(
    page: int, shown: Sequence[_Line], lines: Sequence[_Line], *, whole_width: bool = False
) -> _Strip:
    """A strip of these lines with a little space, but nothing of their neighbours."""
    top, bottom = min(line.top for line in shown), max(line.bottom for line in shown)
    over = max((line.bottom for line in lines if line.bottom <= top), default=top - 6.0)
    under = min((line.top for line in lines if line.top >= bottom), default=bottom + 6.0)
    return _Strip(
        page, max(top - 3.0, (top + over) / 2), min(bottom + 3.0, (bottom + under) / 2), whole_width
    )


def _header(lines: Sequence[_Line], titles: set[str]) -> list[_Line]:
    """The lines, at most four that follow each other, which hold most titles; the nearest of equals.

    A cell's name is not always what is printed above it, so lines of titles that go on below belong to them.
    """
    best: list[_Line] = []
    most = max(1, math.ceil(len(titles) * 0.4) - 1)
    for end in range(len(lines), 0, -1):
        for start in range(end - 1, max(-1, end - 5), -1):
            window = list(lines[start:end])
            if start < end - 1 and lines[start + 1].top - lines[start].bottom > 8:
                break
            told = _tokens(" ".join(line.text for line in window))
            hits = len(told & titles)
            if hits > most and hits * 2 >= len(told) and all(_tokens(w.text) & titles for w in window):
                best, most = window, hits
    if best:
        for line in lines[lines.index(best[-1]) + 1 :][:2]:
            if line.top - best[-1].bottom > 4 or any(letter.isdigit() for letter in line.text):
                break
            best.append(line)
    return best


def _heading(lines: Sequence[_Line], text: str, before: float) -> _Line | None:
    """The nearest line that is this text, or above the table (``before``) one that holds it."""
    heading = next((line for line in reversed(lines) if _is_heading(line, text)), None)
    title = next(
        (line for line in reversed(lines) if line.bottom <= before and _stands_in(text, line.words)), None
    )
    return heading or title


def _merged(strips: Iterable[_Strip]) -> list[_Strip]:
    """In reading order; what touches or overlaps becomes one."""
    ordered = sorted(strips, key=lambda strip: (strip.page, strip.top, strip.bottom))
    kept: list[_Strip] = []
    for strip in ordered:
        last = kept[-1] if kept else None
        if last and last.page == strip.page and strip.top <= last.bottom + 6:
            whole = last.whole_width and strip.whole_width
            kept[-1] = _Strip(strip.page, last.top, max(last.bottom, strip.bottom), whole)
        else:
            kept.append(strip)
    return kept


def _is_within(strip: _Strip, band: _Strip) -> bool:
    return strip.page == band.page and band.top <= strip.top and strip.bottom <= band.bottom


def _panels(
    page: Page, bbox: BBox, strips: Sequence[_Strip], pages: dict[int, Page]
) -> list[tuple[float, float]]:
    """The table's width, cut between columns where its print would be too small to read at mail width."""
    words = [word for strip in strips for word in _between(pages[strip.page].words, strip)]
    left = max(0.0, min([bbox[0], *(word.x0 for word in words)]) - _MARGIN)
    right = min(page.width, max([bbox[2], *(word.x1 for word in words)]) + _MARGIN)
    heights = [word.bottom - word.top for word in _inside(page.words, bbox)] or [8.0]
    fitting = MAIL_WIDTH * statistics.median(heights) / _TEXT_PIXELS
    count = min(_MOST_PANELS, max(1, math.ceil((right - left) / fitting - 0.15)))
    edges = [left]
    for number in range(1, count):
        ideal = left + (right - left) * number / count
        edges.append(_gap_near(ideal, words, (right - left) / count / 2))
    edges.append(right)
    return [(a, b) for a, b in itertools.pairwise(edges) if b - a > 1]


def _gap_near(ideal: float, words: Sequence[Word], reach: float) -> float:
    """The x nearest to ``ideal`` that cuts the fewest words."""
    candidates = [ideal + step * 2.0 for step in range(-int(reach // 2), int(reach // 2) + 1)]

    def cost(x: float) -> tuple[int, int, float]:
        cut = sum(word.x0 - 0.5 < x < word.x1 + 0.5 for word in words)
        near = sum(word.x0 - 4 < x < word.x1 + 4 for word in words)  # a blank within a title is no gap
        return cut, near, abs(x - ideal)

    return min(candidates, key=cost, default=ideal)


# -- words -----------------------------------------------------------------------------------------------


def _tokens(text: str) -> set[str]:
    return {token for token in re.findall(r"[^\W_]+", text.casefold()) if token}


def _squeezed(text: str) -> str:
    return "".join(re.findall(r"[^\W_]+", text.casefold()))


def _stands_in(text: str, words: Iterable[Word]) -> bool:
    wanted = _squeezed(text)
    return len(wanted) < 3 or wanted in _squeezed(" ".join(word.text for word in words))


def _may_be_heading(text: str) -> bool:
    return sum(letter.isalpha() for letter in text) >= 3


def _is_heading(line: _Line, text: str) -> bool:
    """True where the line holds the text and little else: a row that mentions a country is no heading."""
    printed, wanted = _squeezed(line.text), _squeezed(text)
    return wanted in printed and 2 * len(wanted) >= len(printed)


def _between(words: Iterable[Word], strip: _Strip) -> list[Word]:
    return [word for word in words if strip.top <= (word.top + word.bottom) / 2 <= strip.bottom]


def _inside(words: Iterable[Word], box: BBox) -> list[Word]:
    return [
        word
        for word in words
        if box[0] - 1 <= (word.x0 + word.x1) / 2 <= box[2] + 1
        and box[1] - 1 <= (word.top + word.bottom) / 2 <= box[3] + 1
    ]


def _lines(words: Iterable[Word]) -> list[_Line]:
    """Words that overlap in height by half, from top to bottom."""
    groups: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.top, w.x0)):
        middle = (word.top + word.bottom) / 2
        if groups and groups[-1][0].top <= middle <= groups[-1][0].bottom:
            groups[-1].append(word)
        else:
            groups.append([word])
    return [_Line(tuple(sorted(group, key=lambda w: w.x0))) for group in groups]


def _marked_words(words: Sequence[Word], marked: Sequence[str]) -> list[Word]:
    tokens = {token for text in marked for token in _tokens(text) if len(token) > 1}
    return [word for word in words if _tokens(word.text) & tokens]


# -- drawing ---------------------------------------------------------------------------------------------


class _Sheet:
    """Composes the picture; each page is rendered once for a sharpness."""

    def __init__(self, content: bytes, pages: dict[int, Page], row: RowOnPage, page_count: int) -> None:
        self._content = content
        self._pages = pages
        self._row = row
        self._page_count = page_count

    def picture(
        self, strips: Sequence[_Strip], panels: Sequence[tuple[float, float]], sharpness: float
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
        words = _marked_words(_inside(self._pages[self._row.page].words, box), self._row.marked)
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
        strip: _Strip,
        panel: tuple[float, float],
        scale: float,
        width: int,
    ) -> Image.Image:
        picture, left, top = rendered
        start = panel[0]
        if strip.whole_width:
            words = _between(self._pages[strip.page].words, strip)
            start = max(0.0, min([word.x0 for word in words], default=start) - _MARGIN)
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

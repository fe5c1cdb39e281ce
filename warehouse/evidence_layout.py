"""What of a page to show for a row: strips of headings, titles and the row, in panels that can be read.

All lengths are PDF points from the top left corner of the displayed page, as in a record's ``bbox``.
"""

from __future__ import annotations

import itertools
import json
import math
import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from parsers.readers.pdf import BBox, Page, PdfDocument, Word

MAIL_WIDTH = 640
"""Width in pixels at which the picture must be readable; it is drawn finer and shown at this width."""
MARGIN = 7.0

_TEXT_PIXELS = 10.5  # height of a printed line, at MAIL_WIDTH, below which a table is cut into panels
_MOST_PANELS = 3
_PAGES_BACK = 12


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
class Line:
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
class Strip:
    """A horizontal cut of one page."""

    page: int
    top: float
    bottom: float
    whole_width: bool = False


def strips_of(pdf: PdfDocument, pages: dict[int, Page], row: RowOnPage, bbox: BBox) -> list[Strip]:
    """Headings and column titles above the row, nearest first found, then the row in its surroundings."""
    page = pages[row.page]
    band = _band(page, bbox)
    found: list[Strip] = []
    inside = words_in(page.words, bbox)
    wanted = [text for text in dict.fromkeys(row.above) if _may_be_heading(text)]
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
        wanted = [text for text in wanted if not _stands_in(text, inside)]  # the row itself says it
    if titles and (guess := next((line for line in _above(page, bbox) if line.has_titles), None)):
        found.append(_strip_of(row.page, [guess], _lines(page.words)))
    return _merged([*(strip for strip in found if not _is_within(strip, band)), band])


def _above(page: Page, bbox: BBox) -> list[Line]:
    """Lines above the row, the nearest first."""
    return [line for line in reversed(_lines(page.words)) if line.bottom <= bbox[1] + 1.0]


def _band(page: Page, bbox: BBox) -> Strip:
    """The row with about a row above and below; no line of print is cut through."""
    more = 1.6 * max(6.0, min(bbox[3] - bbox[1], 40.0))
    lines = _lines(page.words)
    shown = [line for line in lines if bbox[1] - more <= (line.top + line.bottom) / 2 <= bbox[3] + more]
    strip = _strip_of(page.number, shown, lines) if shown else Strip(page.number, bbox[1], bbox[3])
    return Strip(page.number, min(strip.top, bbox[1] - 4.0), max(strip.bottom, bbox[3] + 4.0))


def _strip_of(page: int, shown: Sequence[Line], lines: Sequence[Line], *, whole_width: bool = False) -> Strip:
    """A strip of these lines with a little space, but nothing of their neighbours."""
    top, bottom = min(line.top for line in shown), max(line.bottom for line in shown)
    over = max((line.bottom for line in lines if line.bottom <= top), default=top - 6.0)
    under = min((line.top for line in lines if line.top >= bottom), default=bottom + 6.0)
    above = min(top - 2.0, max(top - 3.0, (top + over) / 2))  # ink reaches beyond a word's box
    below = max(bottom + 2.0, min(bottom + 3.0, (bottom + under) / 2))
    return Strip(page, above, below, whole_width)


def _header(lines: Sequence[Line], titles: set[str]) -> list[Line]:
    """The lines, at most four that follow each other, which hold most titles; the nearest of equals.

    A cell's name is not always what is printed above it, so lines of titles that go on below belong to them.
    """
    best: list[Line] = []
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


def _heading(lines: Sequence[Line], text: str, before: float) -> Line | None:
    """The nearest line that is this text, or above the table (``before``) one that holds it."""
    heading = next((line for line in reversed(lines) if _is_heading(line, text)), None)
    title = next(
        (line for line in reversed(lines) if line.bottom <= before and _stands_in(text, line.words)), None
    )
    return heading or title


def _merged(strips: Iterable[Strip]) -> list[Strip]:
    """In reading order; what touches or overlaps becomes one."""
    ordered = sorted(strips, key=lambda strip: (strip.page, strip.top, strip.bottom))
    kept: list[Strip] = []
    for strip in ordered:
        last = kept[-1] if kept else None
        if last and last.page == strip.page and strip.top <= last.bottom + 6:
            whole = last.whole_width and strip.whole_width
            kept[-1] = Strip(strip.page, last.top, max(last.bottom, strip.bottom), whole)
        else:
            kept.append(strip)
    return kept


def _is_within(strip: Strip, band: Strip) -> bool:
    return strip.page == band.page and band.top <= strip.top and strip.bottom <= band.bottom


def panels_of(
    page: Page, bbox: BBox, strips: Sequence[Strip], pages: dict[int, Page]
) -> list[tuple[float, float]]:
    """The table's width, cut between columns where its print would be too small to read at mail width."""
    words = [word for strip in strips for word in words_between(pages[strip.page].words, strip)]
    left = max(0.0, min([bbox[0], *(word.x0 for word in words)]) - MARGIN)
    right = min(page.width, max([bbox[2], *(word.x1 for word in words)]) + MARGIN)
    heights = [word.bottom - word.top for word in words_in(page.words, bbox)] or [8.0]
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


def _is_heading(line: Line, text: str) -> bool:
    """True where the line holds the text and little else: a row that mentions a country is no heading."""
    printed, wanted = _squeezed(line.text), _squeezed(text)
    return wanted in printed and 2 * len(wanted) >= len(printed)


def words_between(words: Iterable[Word], strip: Strip) -> list[Word]:
    return [word for word in words if strip.top <= (word.top + word.bottom) / 2 <= strip.bottom]


def words_in(words: Iterable[Word], box: BBox) -> list[Word]:
    return [
        word
        for word in words
        if box[0] - 1 <= (word.x0 + word.x1) / 2 <= box[2] + 1
        and box[1] - 1 <= (word.top + word.bottom) / 2 <= box[3] + 1
    ]


def _lines(words: Iterable[Word]) -> list[Line]:
    """Words that overlap in height by half, from top to bottom."""
    groups: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.top, w.x0)):
        middle = (word.top + word.bottom) / 2
        if groups and groups[-1][0].top <= middle <= groups[-1][0].bottom:
            groups[-1].append(word)
        else:
            groups.append([word])
    return [Line(tuple(sorted(group, key=lambda w: w.x0))) for group in groups]


def marked_words(words: Sequence[Word], marked: Sequence[str]) -> list[Word]:
    tokens = {token for text in marked for token in _tokens(text) if len(token) > 1}
    return [word for word in words if _tokens(word.text) & tokens]

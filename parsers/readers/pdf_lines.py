"""Text lines of a page cut at column edges: what finding headers and forming rows both start from."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from parsers.readers.pdf_glyphs import Floats, Ints
from parsers.readers.pdf_types import HAS_VALUE, BBox, ColumnLayout, Page, Word
from parsers.readers.pdf_words import Ordered, WordArrays, cut_words, in_order

# bottoms this near (share of the print's height) stand on one line: superscripts do, the half line
# steps of cells that are centred around their anchor do not
_SAME_LINE = 0.35
# a gap of at most this share of the height is a space inside running text
FLOW_GAP = 0.45
# a gap wider than this share of the height is no space between words; spaces differ by this much
_WIDEST_SPACE = 0.8
_LOOSE_SPACE = 1.15


PAGE_NUMBER = re.compile(r"^(page\s*)?[-–—(]?\s*\d{1,4}\s*[-–—)]?(\s*(of|/)\s*\d{1,4})?$", re.IGNORECASE)
# a line of signs that is drawn with letters, under a header or over a sum
TYPED_RULE = re.compile(r"(?:[-–—=_*]{3,}\s*)+")
# a drawn line this wide (share of the table) parts rows
_SEPARATOR = 0.6
# signs that a table may set apart from their figures, at the left of the column
CURRENCY_SIGNS = frozenset({"$", "US$", "€", "£"})
NO_BOX: BBox = (0.0, 0.0, 0.0, 0.0)
_MARK = re.compile(r"\d{1,2}|[*†‡§]{1,2}|[a-z]")
# a mark is set smaller than its line by this share
_SMALL = 0.87
_A_WORD = re.compile(r"[^\W\d_]{3}")


_Measure = tuple[float, list[Word], list[str], str, BBox, float]
"""what a line is whatever its columns: y, words, texts, text, bbox and widest_gap of `Line`"""


class Line:
    """Words of one printed line from left to right, each with the number of its column (-1: outside).

    y: bottom of the line's first word in order of height. texts: of each word. bbox: around all words.
    widest_gap: the most room between two neighbouring words, in points; 0 where there is but one.
    least_crossing: the least room between two neighbours in two columns; infinite where no two are.
    """

    __slots__ = ("bbox", "columns", "least_crossing", "text", "texts", "widest_gap", "words", "y")

    def __init__(self, y: float, words: list[Word], columns: list[int]) -> None:
        self.y = y
        self.set_words(words, columns)

    def set_words(self, words: list[Word], columns: list[int]) -> None:
        """Other words, from left to right, and the number of the column of each."""
        widest = max([b[1] - a[3] for a, b in pairwise(words)], default=0.0) if len(words) > 1 else 0.0
        texts = [word[0] for word in words]
        bbox = box_of(words) if words else NO_BOX
        self._lay((self.y, words, texts, " ".join(texts), bbox, widest), columns)
        crossings = self._crossings() if len(words) > 1 else ()
        self.least_crossing = min([gap for gap in crossings if gap >= 0], default=math.inf)

    def _lay(self, measure: _Measure, columns: list[int]) -> None:
        self.y, self.words, self.texts, self.text, self.bbox, self.widest_gap = measure
        self.columns = columns

    @classmethod
    def measured(cls, measure: _Measure, columns: list[int], least_crossing: float) -> Line:
        """A line of which all is known, as a page's are found at once; what they share is never changed in
        place.
        """
        line = cls.__new__(cls)
        line._lay(measure, columns)
        line.least_crossing = least_crossing
        return line

    @property
    def top(self) -> float:
        return self.bbox[1]

    def in_column(self, column: int) -> list[Word]:
        return [w for w, c in zip(self.words, self.columns, strict=True) if c == column]

    def flows(self, height: float) -> bool:
        """Whether running text crosses a column edge: a title, a heading, a footnote."""
        return self.least_crossing <= FLOW_GAP * height

    def is_prose(self, height: float, value: str) -> bool:
        """Whether the line is running text, no row, although an anchor column holds `value`.

        So it is where text flows over most of several edges, or over all edges and `value` has words in it.
        Figures alone are no text.
        """
        if not self.flows(height) or not _A_WORD.search(self.text):
            return False
        crossings = self._crossings()
        flowing = len([gap for gap in crossings if 0 <= gap <= FLOW_GAP * height])
        if flowing >= 2 and flowing > 0.6 * len(crossings):
            return True
        return flowing == len(crossings) and bool(_A_WORD.search(value))

    def _crossings(self) -> list[float]:
        """The room between each two neighbouring words in two columns."""
        pairs = zip(self.words, self.words[1:], self.columns, self.columns[1:], strict=False)
        return [b[1] - a[3] for a, b, ca, cb in pairs if ca != cb]


_NOT_LETTERS = {n: None for n in range(128) if not chr(n).isalpha()}
_NOT_ALPHANUMERIC = {n: None for n in range(128) if not chr(n).isalnum()}


@lru_cache(maxsize=1 << 16)
def squeeze(text: str, digits: bool = False) -> str:
    """Letters only (digits too on request), accents and case folded: what header words are compared by.

    Glued footnote digits, dots, dollar signs and brackets vanish: 'Misc. Firearms1' -> 'miscfirearms'.
    """
    if text.isascii():
        return text.lower().translate(_NOT_ALPHANUMERIC if digits else _NOT_LETTERS)
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(ch for ch in folded if ch.isalpha() or (digits and ch.isdecimal()))


def box_of(words: Sequence[Word]) -> BBox:
    """Box around words; at least one is needed."""
    _, left, upper, right, lower = words[0]
    # a loop by hand takes a third of the time of min() and max(): most boxes are around few words
    for _, x0, top, x1, bottom in words:
        if x0 < left:
            left = x0
        if top < upper:
            upper = top
        if x1 > right:
            right = x1
        if bottom > lower:
            lower = bottom
    return left, upper, right, lower


def around(one: BBox | None, other: BBox | None) -> BBox | None:
    """The box around two boxes, either of which may be none."""
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def print_height(page: Page) -> float:
    """Median height of the page's glyphs, in points: the size of its print. 0 on an empty page."""
    return page.print_height


@lru_cache(maxsize=2)
def space_width(page: Page) -> float:
    """The room between two words of running text on this page, in points: wide where letters have one width.

    It is the median of the gaps between letters that are narrower than a letter is high; 0 where there are
    none.
    """
    widest = _WIDEST_SPACE * print_height(page)
    narrow = sorted(
        b[1] - a[3]
        for line in uncut_lines(page)
        for a, b in pairwise(line.words)
        if 0 < b[1] - a[3] < widest and a[0][-1:].isalpha() and b[0][:1].isalpha()
    )
    return narrow[len(narrow) // 2] if narrow else 0.0


def flow_height(page: Page) -> float:
    """The print's height, or more where spaces are wide: what `Line.flows` and `Line.is_prose` measure by."""
    return max(print_height(page), _LOOSE_SPACE * space_width(page) / FLOW_GAP)


@lru_cache(maxsize=2)
def uncut_lines(page: Page) -> Sequence[Line]:
    """The page's lines, words parted where there is more room than inside a word; do not change them."""
    # narrower than the room between columns, wider than the space between two letters of one word
    return tuple(page_lines(page, [], max(0.6, 0.18 * print_height(page))))


def _line_tolerance(height: float) -> float:
    return min(3.0, 0.4 * height)


@lru_cache(maxsize=2)
def _ordered(page: Page) -> Ordered | None:
    """The page's glyphs in the order of reading: for lines that are cut twice, for header and rows."""
    return in_order(page.glyphs, _line_tolerance(print_height(page)))


def page_lines(page: Page, edges: list[float], x_tolerance: float = 3.0) -> list[Line]:
    """Lines from top to bottom; words are cut at `edges` where the print leaves room for it.

    `edges` are the n + 1 borders of n columns.
    """
    read = _ordered(page)
    if read is None:
        return []
    borders = np.array(edges)
    tolerance = _line_tolerance(print_height(page))
    starts = read.word_starts(x_tolerance, tolerance, borders if edges else None)
    placed = _placed(read, print_height(page), starts.tobytes())
    words = placed.words
    columns = np.zeros(len(words.text), np.int64)
    if edges:
        columns = np.searchsorted(borders, (words.x0 + words.x1) / 2, side="right") - 1
        columns[columns >= len(edges) - 1] = -1
        _signs_with_figures(words.text, columns, frozenset(placed.starts))
    return placed.in_columns(columns)


@dataclass(frozen=True)
class _Placed:
    """Words of a page in the order of its lines, and what is known of each line whatever its columns.

    starts: places at which a line begins. gaps: the room before each word, less than nothing before the first
    of a line. measures: of each line.
    """

    words: WordArrays
    starts: list[int]
    gaps: Floats
    measures: list[_Measure]

    def in_columns(self, columns: Ints) -> list[Line]:
        """The lines, with the number of the column of each word."""
        crosses = self.gaps >= 0
        crosses[1:] &= columns[1:] != columns[:-1]
        least = np.minimum.reduceat(np.where(crosses, self.gaps, np.inf), self.starts).tolist()
        numbers = columns.tolist()
        cuts = zip(self.starts, [*self.starts[1:], len(numbers)], self.measures, least, strict=True)
        return [Line.measured(measure, numbers[a:b], gap) for a, b, measure, gap in cuts]


@lru_cache(maxsize=2)
def _placed(read: Ordered, height: float, begins: bytes) -> _Placed:
    """Most pages have no word that only a column's edge cuts: then header and rows share their lines.

    `height` is the print's; `begins` says of each inked glyph whether a word begins with it.
    """
    words = cut_words(read, np.frombuffer(begins, np.bool_)).rounded()
    order = np.argsort(words.bottom, kind="stable")
    bottoms = words.bottom[order].tolist()
    starts = _without_raised_marks(_line_starts(bottoms, _SAME_LINE * height), words.take(order))
    number = np.repeat(np.arange(len(starts)), np.diff([*starts, len(order)]))
    placed = words.take(order[np.lexsort((words.x0[order], number))])
    return _measured(placed, starts, bottoms)


def _signs_with_figures(texts: list[str], columns: Ints, starts: frozenset[int]) -> None:
    """A currency sign that stands apart belongs to the column of the figure to its right."""
    for at, text in enumerate(texts[:-1]):
        if text in CURRENCY_SIGNS and at + 1 not in starts and HAS_VALUE.search(texts[at + 1]):
            columns[at] = columns[at + 1]


def _without_raised_marks(starts: list[int], words: WordArrays) -> list[int]:
    """Places at which a line begins; a small footnote mark alone, raised over the line below, begins none."""
    kept: list[int] = []
    raised = False
    for at, after in pairwise([*starts, len(words.text)]):
        if not raised:
            kept.append(at)
        raised = (
            after - at == 1
            and after < len(words.text)
            and bool(_MARK.fullmatch(words.text[at]))
            and words.bottom[at] > words.top[after]
            and words.bottom[at] - words.top[at] < _SMALL * (words.bottom[after] - words.top[after])
        )
    return kept


def _measured(words: WordArrays, starts: list[int], bottoms: list[float]) -> _Placed:
    """Words in order, whose lines begin at `starts`."""
    gaps = np.full(len(words.text), -np.inf)
    gaps[1:] = words.x0[1:] - words.x1[:-1]
    gaps[starts] = -np.inf
    widest = np.maximum.reduceat(gaps, starts)
    widest[np.isneginf(widest)] = 0.0
    sides = (
        np.minimum.reduceat(words.x0, starts),
        np.minimum.reduceat(words.top, starts),
        np.maximum.reduceat(words.x1, starts),
        np.maximum.reduceat(words.bottom, starts),
    )
    boxes = zip(*(side.tolist() for side in sides), strict=True)
    found, texts = words.words(), words.text
    cuts = zip(starts, [*starts[1:], len(found)], boxes, widest.tolist(), strict=True)
    measures = [
        (bottoms[a], found[a:b], texts[a:b], " ".join(texts[a:b]), box, gap) for a, b, box, gap in cuts
    ]
    return _Placed(words, starts, gaps, measures)


def _line_starts(bottoms: list[float], step: float) -> list[int]:
    """Places at which a line begins among bottoms in order: further than a step below the line's first."""
    starts = []
    base = -math.inf
    for n, bottom in enumerate(bottoms):
        if bottom - base > step:
            starts.append(n)
            base = bottom
    return starts


def separators(page: Page, lines: list[Line], layout: ColumnLayout) -> list[float]:
    """y of drawn lines that run across most of the table; pieces side by side count together."""
    if not lines:
        return []
    if len(page.across) == 0:
        return []
    left = max(layout.columns[0].x0, min(line.words[0].x0 for line in lines))
    right = min(layout.columns[-1].x1, max(word.x1 for line in lines for word in line.words))
    lengths: dict[int, float] = {}
    for y, x0, x1 in page.across.tolist():
        span = min(x1, right) - max(x0, left)
        if span > 0:
            lengths[round(y)] = lengths.get(round(y), 0.0) + span
    return sorted(float(y) for y, length in lengths.items() if length >= _SEPARATOR * (right - left))

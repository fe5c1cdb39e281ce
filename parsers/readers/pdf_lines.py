"""Text lines of a page cut at column edges: what finding headers and forming rows both start from."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np

from parsers.readers.pdf_glyphs import Ints
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
        self._lay(words, columns, [word[0] for word in words], box_of(words) if words else NO_BOX, widest)
        crossings = self._crossings() if len(words) > 1 else ()
        self.least_crossing = min([gap for gap in crossings if gap >= 0], default=math.inf)

    def _lay(
        self, words: list[Word], columns: list[int], texts: list[str], bbox: BBox, widest_gap: float
    ) -> None:
        self.words, self.columns, self.texts, self.bbox = words, columns, texts, bbox
        self.text = " ".join(texts)
        self.widest_gap = widest_gap

    @classmethod
    def measured(
        cls,
        y: float,
        words: list[Word],
        columns: list[int],
        texts: list[str],
        bbox: BBox,
        gaps: tuple[float, float],
    ) -> Line:
        """A line whose texts, box and gaps (widest, least crossing) are known: a page's are found at once."""
        line = cls.__new__(cls)
        line.y = y
        line._lay(words, columns, texts, bbox, gaps[0])
        line.least_crossing = gaps[1]
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
    if len(words) == 1:
        return words[0].bbox
    _, x0, top, x1, bottom = zip(*words, strict=True)
    return min(x0), min(top), max(x1), max(bottom)


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
    height = print_height(page)
    if height == 0.0:
        return []
    borders = np.array(edges)
    words = cut_words(_ordered(page), x_tolerance, _line_tolerance(height), borders if edges else None)
    if not words.text:
        return []
    words = words.rounded()
    order = np.argsort(words.bottom, kind="stable")
    bottoms = words.bottom[order].tolist()
    starts = _without_raised_marks(_line_starts(bottoms, _SAME_LINE * height), words.take(order))
    number = np.repeat(np.arange(len(starts)), np.diff([*starts, len(order)]))
    placed = words.take(order[np.lexsort((words.x0[order], number))])
    columns = np.zeros(len(order), np.int64)
    if edges:
        columns = np.searchsorted(borders, (placed.x0 + placed.x1) / 2, side="right") - 1
        columns[columns >= len(edges) - 1] = -1
        _signs_with_figures(placed.text, columns, frozenset(starts))
    return _measured_lines(placed, columns, starts, bottoms)


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


def _measured_lines(words: WordArrays, columns: Ints, starts: list[int], bottoms: list[float]) -> list[Line]:
    """Words in order cut into lines at `starts`."""
    gaps = np.full(len(words.text), -np.inf)
    gaps[1:] = words.x0[1:] - words.x1[:-1]
    gaps[starts] = -np.inf
    widest = np.maximum.reduceat(gaps, starts)
    widest[np.isneginf(widest)] = 0.0
    crosses = gaps >= 0
    crosses[1:] &= columns[1:] != columns[:-1]
    least = np.minimum.reduceat(np.where(crosses, gaps, np.inf), starts)
    sides = (
        np.minimum.reduceat(words.x0, starts),
        np.minimum.reduceat(words.top, starts),
        np.maximum.reduceat(words.x1, starts),
        np.maximum.reduceat(words.bottom, starts),
    )
    boxes = zip(*(side.tolist() for side in sides), strict=True)
    placed, texts, numbers = words.words(), words.text, columns.tolist()
    measured = zip(widest.tolist(), least.tolist(), strict=True)
    cuts = zip(starts, [*starts[1:], len(placed)], boxes, measured, strict=True)
    return [
        Line.measured(bottoms[a], placed[a:b], numbers[a:b], texts[a:b], box, gaps)
        for a, b, box, gaps in cuts
    ]


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

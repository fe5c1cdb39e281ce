"""Glyphs to words, as pdfplumber's extract_words does it by default, in numpy.

The rules (pdfplumber 0.11, utils/text.py): lines are chains of glyph tops at most 3 points apart; within a
line glyphs go by x0; a word ends at white space, at a gap of more than 3 points to the end of the glyph
before, or where the top jumps by more than 3 points. Tables need the same within each cell: `line_texts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import repeat

import numpy as np
import numpy.typing as npt

from parsers.readers.pdf_basics import Word
from parsers.readers.pdf_glyphs import Bools, Floats, Glyphs, Ints

X_TOLERANCE = 3.0
Y_TOLERANCE = 3.0
# a glyph painted again this near (share of its width, and points) is fake bold, not a second letter
_DUPLICATE_SHARE = 0.4
_DUPLICATE_POINTS = 1.0

# white space by code point; the last place stands for every code beyond
_SPACES = np.array([chr(code).isspace() for code in range(0x3001)] + [False])
# beyond this range of coordinates a page is broken, and two keys no longer fit into one number
_WIDEST = 1e7


@dataclass(frozen=True)
class WordArrays:
    """Words as arrays (boxes) and a list (texts), line by line, left to right."""

    text: list[str]
    x0: Floats
    top: Floats
    x1: Floats
    bottom: Floats

    def take(self, order: Ints) -> WordArrays:
        text = [self.text[n] for n in order.tolist()]
        return WordArrays(text, self.x0[order], self.top[order], self.x1[order], self.bottom[order])

    def rounded(self) -> WordArrays:
        """The same in thousandths of a point: float32 inside the PDF library, what lies behind is noise."""
        x0, top, x1, bottom = np.round((self.x0, self.top, self.x1, self.bottom), 3)
        return WordArrays(self.text, x0, top, x1, bottom)

    def words(self) -> list[Word]:
        """The words, their boxes as they are here: see `rounded`."""
        columns = (v.tolist() for v in (self.x0, self.top, self.x1, self.bottom))
        # by the tuple's own constructor: what a named tuple puts around it costs as much as the rest
        return list(map(tuple.__new__, repeat(Word), zip(self.text, *columns, strict=True)))


def is_space(code: npt.NDArray[np.uint32]) -> Bools:
    return np.asarray(_SPACES[np.minimum(code, len(_SPACES) - 1)], dtype=np.bool_)


def page_words(glyphs: Glyphs) -> list[Word]:
    """Upright words of the page, line by line, left to right."""
    return word_arrays(glyphs).rounded().words()


def word_arrays(glyphs: Glyphs) -> WordArrays:
    """Words of upright glyphs, as pdfplumber joins them."""
    read = in_order(glyphs, Y_TOLERANCE)
    if read is None:
        none = np.empty(0)
        return WordArrays([], none, none, none, none)
    return cut_words(read, read.word_starts(X_TOLERANCE, Y_TOLERANCE))


def cut_words(read: Ordered, starts: Bools) -> WordArrays:
    """Words of glyphs in order; `starts` says of each inked glyph whether it begins one."""
    glyphs = read.inked_glyphs
    first = np.flatnonzero(starts)
    text = _decoded(glyphs.code)
    begin = first.tolist()
    texts = [text[a:b] for a, b in zip(begin, [*begin[1:], len(text)], strict=True)]
    return WordArrays(
        texts,
        glyphs.x0[first],
        np.minimum.reduceat(glyphs.top, first),
        np.maximum.reduceat(glyphs.x1, first),
        np.maximum.reduceat(glyphs.bottom, first),
    )


def line_texts(glyphs: Glyphs, group: Ints) -> tuple[list[int], list[str]]:
    """Lines of each group of glyphs, words parted by one space: the groups in order, and their lines.

    `group` has one number a glyph; negative ones are left out.
    """
    read = in_order(glyphs, Y_TOLERANCE, group)
    if read is None:
        return [], []
    starts = read.word_starts(X_TOLERANCE, Y_TOLERANCE)
    line = read.line[read.inked]
    line_starts = np.empty(len(line), np.bool_)
    line_starts[0] = True
    line_starts[1:] = line[1:] != line[:-1]
    # a space before each word that does not begin its line
    inner = starts & ~line_starts
    shift = np.cumsum(inner)
    code = np.full(len(inner) + int(shift[-1]), 0x20, np.uint32)
    code[np.arange(len(inner)) + shift] = read.inked_glyphs.code
    begin = (np.flatnonzero(line_starts) + shift[line_starts]).tolist()
    text = _decoded(code)
    texts = [text[a:b] for a, b in zip(begin, [*begin[1:], len(text)], strict=True)]
    return read.group[read.inked][line_starts].tolist(), texts


@dataclass(frozen=True, eq=False)
class Ordered:
    """Glyphs in the order of reading, painted white space among them; at least one is inked."""

    glyphs: Glyphs
    group: Ints
    line: Ints
    inked: Bools
    inked_glyphs: Glyphs

    def word_starts(self, x_tolerance: float, y_tolerance: float, edges: Floats | None = None) -> Bools:
        """For each inked glyph whether it begins a word.

        Tolerances in points: small print needs less than pdfplumber's three. `edges`: x-edges of columns; a
        word is also cut where glyphs on both sides of an edge do not touch.
        """
        glyphs = self.glyphs
        starts = np.empty(len(glyphs), np.bool_)
        starts[0] = True
        gap = glyphs.x0[1:] - glyphs.x1[:-1]
        starts[1:] = (self.line[1:] != self.line[:-1]) | ~self.inked[:-1] | (gap > x_tolerance)
        starts[1:] |= np.abs(np.diff(glyphs.top)) > y_tolerance
        if edges is not None:
            side = np.searchsorted(edges, (glyphs.x0 + glyphs.x1) / 2, side="right")
            apart = gap > 0.08 * (glyphs.bottom - glyphs.top)[1:]
            starts[1:] |= (np.diff(side) != 0) & apart
        inked = starts[self.inked]
        # the first inked glyph after white space is a start; the very first one is a start anyway
        inked[0] = True
        return inked


def in_order(glyphs: Glyphs, y_tolerance: float, group: Ints | None = None) -> Ordered | None:
    """None where nothing is inked. `group` is never crossed, negative numbers are left out."""
    keep = glyphs.upright if group is None else glyphs.upright & (group >= 0)
    if not keep.all():
        glyphs, group = glyphs.take(keep), None if group is None else group[keep]
    if len(glyphs) == 0:
        return None
    order, line = _line_order(glyphs, group, y_tolerance)
    glyphs, line = glyphs.take(order), line[order]
    group = line if group is None else group[order]
    twice = _duplicates(glyphs, line)
    if twice is not None:
        glyphs, group, line = glyphs.take(~twice), group[~twice], line[~twice]
    inked = ~is_space(glyphs.code)
    if not inked.any():
        return None
    return Ordered(glyphs, group, line, inked, glyphs if inked.all() else glyphs.take(inked))


def _line_order(glyphs: Glyphs, group: Ints | None, y_tolerance: float) -> tuple[Ints, Ints]:
    """Order of reading, and for each glyph (in the old order) the number of its line."""
    by_top = _order(glyphs.top, group)
    new_line = np.empty(len(by_top), np.bool_)
    new_line[0] = False
    new_line[1:] = np.diff(glyphs.top[by_top]) > y_tolerance
    if group is not None:
        new_line[1:] |= np.diff(group[by_top]) != 0
    line = np.empty(len(by_top), np.int64)
    line[by_top] = np.cumsum(new_line)
    return _order(glyphs.x0, line), line


def _order(values: Floats, group: Ints | None) -> Ints:
    """Stable order by group, then value. One sort of a joint key is five times as fast as a sort by two."""
    if group is None:
        return np.argsort(values, kind="stable")
    span = float(values.max() - values.min()) + 1.0
    if not span < _WIDEST:
        return np.lexsort((values, group))
    return np.argsort(group * span + values, kind="stable")


def _duplicates(glyphs: Glyphs, line: Ints) -> Bools | None:
    """Glyphs painted twice at nearly one place; None where none is.

    The halves of a ligature also share a place: those stay.
    """
    shift = np.diff(glyphs.x0)
    near = shift <= np.minimum(_DUPLICATE_POINTS, _DUPLICATE_SHARE * (glyphs.x1 - glyphs.x0)[1:])
    near &= (glyphs.code[1:] == glyphs.code[:-1]) & (line[1:] == line[:-1])
    if not near.any():
        return None
    near &= np.abs(np.diff(glyphs.top)) <= _DUPLICATE_POINTS
    ligature = (np.diff(glyphs.index) == 1) & (shift == 0) & (np.diff(glyphs.x1) == 0)
    return np.concatenate(([False], near & ~ligature))


def _decoded(code: npt.NDArray[np.uint32]) -> str:
    return code.tobytes().decode("utf-32-le", "surrogatepass")


def rotated_words(glyphs: Glyphs) -> list[Word]:
    """Words that do not stand upright, in the order of the content stream: reported, kept out of tables."""
    if glyphs.upright.all():
        return []
    turned = glyphs.take(~glyphs.upright)
    space = is_space(turned.code)
    starts = np.ones(len(turned), np.bool_)
    starts[1:] = (np.diff(turned.index) > 1) | space[:-1]
    turned, starts = turned.take(~space), starts[~space]
    if len(turned) == 0:
        return []
    starts[0] = True
    first = np.flatnonzero(starts)
    text = _decoded(turned.code)
    begin = first.tolist()
    texts = [text[a:b] for a, b in zip(begin, [*begin[1:], len(text)], strict=True)]
    return (
        WordArrays(
            texts,
            np.minimum.reduceat(turned.x0, first),
            np.minimum.reduceat(turned.top, first),
            np.maximum.reduceat(turned.x1, first),
            np.maximum.reduceat(turned.bottom, first),
        )
        .rounded()
        .words()
    )

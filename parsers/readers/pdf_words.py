"""Glyphs to words, as pdfplumber's extract_words does it by default, in numpy.

The rules (pdfplumber 0.11, utils/text.py): lines are chains of glyph tops at most 3 points apart; within a
line glyphs go by x0; a word ends at white space, at a gap of more than 3 points to the end of the glyph
before, or where the top jumps by more than 3 points. Tables need the same within each cell, hence `group`.
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

_SPACES = np.zeros(0x3001, np.bool_)
for _code in range(0x3001):
    _SPACES[_code] = chr(_code).isspace()


@dataclass(frozen=True)
class WordArrays:
    """Words as arrays (boxes) and a list (texts); `group` and `line` say where each belongs."""

    text: list[str]
    x0: Floats
    top: Floats
    x1: Floats
    bottom: Floats
    group: Ints
    line: Ints

    def words(self) -> list[Word]:
        # float32 inside the PDF library: what lies behind the third decimal is noise
        columns = (np.round(v, 3).tolist() for v in (self.x0, self.top, self.x1, self.bottom))
        # by the tuple's own constructor: what a named tuple puts around it costs as much as the rest
        return list(map(tuple.__new__, repeat(Word), zip(self.text, *columns, strict=True)))


def is_space(code: npt.NDArray[np.uint32]) -> Bools:
    return np.asarray(_SPACES[np.minimum(code, 0x3000)] & (code <= 0x3000), dtype=np.bool_)


def page_words(glyphs: Glyphs) -> list[Word]:
    """Upright words of the page, line by line, left to right."""
    return word_arrays(glyphs).words()


def word_arrays(
    glyphs: Glyphs,
    group: Ints | None = None,
    edges: Floats | None = None,
    tolerance: tuple[float, float] = (X_TOLERANCE, Y_TOLERANCE),
) -> WordArrays:
    """Words of upright glyphs; `group` (one number a glyph) is never crossed, negative numbers are left out.

    `edges`: x-edges of columns; a word is also cut where glyphs on both sides of an edge do not touch.
    `tolerance`: across and down, in points; small print needs less than pdfplumber's three.
    """
    keep = glyphs.upright if group is None else glyphs.upright & (group >= 0)
    if not keep.all():
        glyphs, group = glyphs.take(keep), None if group is None else group[keep]
    if len(glyphs) == 0:
        none = np.empty(0)
        return WordArrays([], none, none, none, none, np.empty(0, np.int64), np.empty(0, np.int64))
    order, line = _line_order(glyphs, group, tolerance[1])
    sorted_glyphs = glyphs.take(order)
    group = np.zeros(len(order), np.int64) if group is None else group[order]
    line = line[order]
    unique = ~_duplicates(sorted_glyphs, line)
    if not unique.all():
        sorted_glyphs, group, line = sorted_glyphs.take(unique), group[unique], line[unique]
    return _cut(sorted_glyphs, group, line, edges, tolerance)


def _line_order(glyphs: Glyphs, group: Ints | None, y_tolerance: float) -> tuple[Ints, Ints]:
    """Order of reading, and for each glyph (in the old order) the number of its line."""
    by_top = np.argsort(glyphs.top, kind="stable") if group is None else np.lexsort((glyphs.top, group))
    new_line = np.empty(len(by_top), np.bool_)
    new_line[0] = False
    new_line[1:] = np.diff(glyphs.top[by_top]) > y_tolerance
    if group is not None:
        new_line[1:] |= np.diff(group[by_top]) != 0
    line = np.empty(len(by_top), np.int64)
    line[by_top] = np.cumsum(new_line)
    return np.lexsort((glyphs.x0, line)), line


def _duplicates(glyphs: Glyphs, line: Ints) -> Bools:
    """Glyphs painted twice at nearly one place. The halves of a ligature also share a place: those stay."""
    twice = np.zeros(len(glyphs), np.bool_)
    shift = np.diff(glyphs.x0)
    near = shift <= np.minimum(_DUPLICATE_POINTS, _DUPLICATE_SHARE * (glyphs.x1 - glyphs.x0)[1:])
    near &= np.abs(np.diff(glyphs.top)) <= _DUPLICATE_POINTS
    near &= (glyphs.code[1:] == glyphs.code[:-1]) & (line[1:] == line[:-1])
    ligature = (np.diff(glyphs.index) == 1) & (shift == 0) & (np.diff(glyphs.x1) == 0)
    twice[1:] = near & ~ligature
    return twice


def _cut(
    glyphs: Glyphs, group: Ints, line: Ints, edges: Floats | None, tolerance: tuple[float, float]
) -> WordArrays:
    space = is_space(glyphs.code)
    starts = np.empty(len(glyphs), np.bool_)
    starts[0] = True
    gap = glyphs.x0[1:] - glyphs.x1[:-1]
    starts[1:] = (line[1:] != line[:-1]) | space[:-1] | (gap > tolerance[0])
    starts[1:] |= np.abs(np.diff(glyphs.top)) > tolerance[1]
    if edges is not None:
        side = np.searchsorted(edges, (glyphs.x0 + glyphs.x1) / 2, side="right")
        apart = gap > 0.08 * (glyphs.bottom - glyphs.top)[1:]
        starts[1:] |= (np.diff(side) != 0) & apart
    inked = ~space
    if not inked.any():
        return word_arrays(glyphs.take(inked))
    glyphs, group, line, starts = glyphs.take(inked), group[inked], line[inked], starts[inked]
    # the first inked glyph after white space is a start; the very first is one even if it was no start before
    starts[0] = True
    first = np.flatnonzero(starts)
    text = glyphs.code.tobytes().decode("utf-32-le", "surrogatepass")
    begin = first.tolist()
    texts = [text[a:b] for a, b in zip(begin, [*begin[1:], len(text)], strict=True)]
    return WordArrays(
        texts,
        np.minimum.reduceat(glyphs.x0, first),
        np.minimum.reduceat(glyphs.top, first),
        np.maximum.reduceat(glyphs.x1, first),
        np.maximum.reduceat(glyphs.bottom, first),
        group[first],
        line[first],
    )


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
    text = turned.code.tobytes().decode("utf-32-le", "surrogatepass")
    begin = first.tolist()
    texts = [text[a:b] for a, b in zip(begin, [*begin[1:], len(text)], strict=True)]
    zero = np.zeros(len(first), np.int64)
    return WordArrays(
        texts,
        np.minimum.reduceat(turned.x0, first),
        np.minimum.reduceat(turned.top, first),
        np.maximum.reduceat(turned.x1, first),
        np.maximum.reduceat(turned.bottom, first),
        zero,
        zero,
    ).words()

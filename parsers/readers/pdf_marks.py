"""Raised marks of notes that touch a word: "12" with a small raised 2 is 12² and not 122."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from parsers.readers.pdf_glyphs import Bools, Floats, Glyphs
from parsers.readers.pdf_types import Page

# a mark is set smaller than what it stands at by this share, and higher by that share of its height
_SMALL, _RAISED = 0.87, 0.08
# how far from its word a mark may stand, as a share of the word's height
_NEAR = 0.3
_MOST_DIGITS = 2
_DIGITS = dict(zip(range(ord("0"), ord("9") + 1), map(ord, "⁰¹²³⁴⁵⁶⁷⁸⁹"), strict=True))
_LETTERS = dict(
    zip(map(ord, "abcdefghijklmnoprstuvwxyz"), map(ord, "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"), strict=True)
)
_SIGNS = "".join(map(chr, (*_DIGITS.values(), *_LETTERS.values())))
_AT_END = re.compile(rf"(?<=\S)[{_SIGNS}]+(?:,[{_SIGNS}]+)*(?!\S)")


def without_marks(text: str) -> str:
    """A text without the raised signs at the ends of its words."""
    return _AT_END.sub("", text)


def with_raised_marks(page: Page) -> Page:
    """The page with each raised figure (of one or two digits) or letter that touches a word as a raised sign.

    The page itself where it has none. Raised letters that make a word ("1st") stay as they are.
    """
    glyphs = page.glyphs
    height = glyphs.bottom - glyphs.top
    code = glyphs.code
    letters, digits = (code >= 97) & (code <= 122), (code >= 48) & (code <= 57)
    small = (letters | digits) & glyphs.upright & (height > 0) & (height < _SMALL * page.print_height)
    if not small.any():
        return page
    near = _near(glyphs, height)
    signs = code.copy()
    for first in np.flatnonzero(small & ~near).tolist():
        known, most = (_DIGITS, _MOST_DIGITS) if digits[first] else (_LETTERS, 1)
        after = first + 1
        while after <= first + most and after < len(code) and near[after]:
            after += 1
        # a longer run of small print is a word
        run = code[first:after].tolist()
        if len(run) <= most and all(one in known for one in run) and _is_raised(glyphs, height, first):
            signs[first:after] = [known[one] for one in run]
    return page if (signs == code).all() else replace(page, glyphs=replace(glyphs, code=signs))


def _near(glyphs: Glyphs, height: Floats) -> Bools:
    """Whether a glyph goes on with the one before it in drawing order: beside it, as high, on its line."""
    near = np.zeros(len(glyphs), np.bool_)
    fine = 0.05 * height[1:]
    near[1:] = (
        (np.abs(glyphs.x0[1:] - glyphs.x1[:-1]) <= _NEAR * height[1:])
        & (np.abs(glyphs.bottom[1:] - glyphs.bottom[:-1]) <= fine)
        & (np.abs(height[1:] - height[:-1]) <= fine)
    )
    return near


def _is_raised(glyphs: Glyphs, height: Floats, at: int) -> bool:
    """Whether a larger glyph ends where this one begins, and stands lower."""
    reach = _NEAR * height
    beside = (
        (np.abs(glyphs.x1 - glyphs.x0[at]) <= reach)
        & (height[at] < _SMALL * height)
        & (glyphs.bottom[at] < glyphs.bottom - _RAISED * height)
        & (glyphs.bottom[at] > glyphs.top)
        & glyphs.upright
        & (glyphs.code > 32)
    )
    return bool(beside.any())

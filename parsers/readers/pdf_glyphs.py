"""Glyphs of one page in bulk: code points and boxes as numpy arrays, in displayed coordinates.

pdfium gives per glyph a "loose" box (advance width, ascent to descent of the font). pdfminer's box, which
pdfplumber shows, has the same bottom (the font's descent) and is one font size high, so the top is computed
from the font's ascent and descent: one look-up for each run of glyphs that share top and bottom.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt

from parsers.readers import pdf_native as c
from parsers.readers.pdf_basics import BBox, PdfError, PdfLimits
from parsers.readers.pdf_fonts import (
    REPLACEMENT,
    FontBook,
    Prints,
    kinds_of,
    mark_unmapped,
    mend_letters,
    trim_overhang,
)

Codes = npt.NDArray[np.uint32]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
_Extent = tuple[Floats, Floats]
"""ascents and descents of runs, in sizes of their print"""

# a painted soft hyphen is a hyphen on paper
_SOFT_HYPHEN = 0xAD
# a box whose height is off the font's ascent and descent by more than this share of the size was fitted
_FITTED = 0.005
_INVISIBLE = (0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF)


@dataclass(frozen=True)
class Frame:
    """User space to displayed space: (x, y) -> (a x + c y + e, b x + d y + f), y downwards."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float
    width: float
    height: float


@dataclass
class Glyphs:
    """Parallel arrays, one item a glyph that is painted or a space; order is the content stream's."""

    code: Codes
    x0: Floats
    top: Floats
    x1: Floats
    bottom: Floats
    upright: Bools
    index: Ints
    """place in pdfium's own list, where what pdfium inserted itself (line ends) is counted too"""
    unreadable: int

    def __len__(self) -> int:
        return len(self.code)

    def take(self, keep: Bools | Ints) -> Glyphs:
        return Glyphs(
            self.code[keep],
            self.x0[keep],
            self.top[keep],
            self.x1[keep],
            self.bottom[keep],
            self.upright[keep],
            self.index[keep],
            self.unreadable,
        )


def page_frame(page: int) -> Frame:
    """How pdfplumber lays the page out: MediaBox, not CropBox, turned by /Rotate (its point2coord)."""
    x0, y0, x1, y1 = _media_box(page)
    turns = c.page_rotation(page) % 4
    width, height = (x1 - x0, y1 - y0) if turns % 2 == 0 else (y1 - y0, x1 - x0)
    # pdfminer first maps the page to a box at (0, 0), y upwards; pdfplumber then adds the corner it kept
    matrices = (
        (1.0, 0.0, 0.0, 1.0, -x0, -y0),
        (0.0, -1.0, 1.0, 0.0, -y0, x1),
        (-1.0, 0.0, 0.0, -1.0, x1, y1),
        (0.0, 1.0, -1.0, 0.0, y1, -x0),
    )
    a, b, cc, d, e, f = matrices[turns]
    left, upper = (x0, y1) if turns % 2 == 0 else (y0, x1)
    corner_y = height - upper
    return Frame(a, -b, cc, -d, e + left, corner_y + height - f, width, height)


def _media_box(page: int) -> tuple[float, float, float, float]:
    box = (ctypes.c_float * 4)()
    at = ctypes.addressof(box)
    if not c.page_media_box(page, at, at + 4, at + 8, at + 12):
        # inherited from the page tree: pdfium shows it as the page's bounding box (left, top, right, bottom)
        c.page_bounding_box(page, at)
    x0, x1 = sorted((box[0], box[2]))
    y0, y1 = sorted((box[1], box[3]))
    return x0, y0, x1, y1


def read_glyphs(
    text_page: int, frame: Frame, number: int, limits: PdfLimits, book: FontBook
) -> tuple[Glyphs, set[int]]:
    """All glyphs of the page, and the text objects known to have painted some of them.

    PdfError when there are too many or too many without a Unicode value.
    """
    count = c.count_chars(text_page)
    if count > limits.max_chars_per_page:
        raise PdfError(f"{count} characters, at most {limits.max_chars_per_page} are allowed", number)
    if count <= 0:
        return _empty(), set()
    boxes = c.BOXES.ask(c.char_loose_box, c.pointer(text_page), range(count))
    loose = np.ascontiguousarray(boxes.T, dtype=np.float64)
    code = _codes(text_page, count)
    real = _real(text_page, loose, code)
    unreadable = _mark_unreadable(text_page, code, real)
    index = np.flatnonzero(real)
    if len(index) == 0:
        return _empty(), set()
    loose, code = loose[:, index], code[index]
    mend_letters(text_page, code, index, book)
    runs = _runs(text_page, loose, index, frame)
    glyphs = _framed(text_page, loose, code, runs, frame)
    glyphs.unreadable += unreadable
    return glyphs, set(runs.objects)


def with_spaces(glyphs: Glyphs, spaces: list[BBox]) -> Glyphs:
    """The glyphs and those spaces (boxes without width) that pdfium's text leaves out."""
    if not spaces or len(glyphs) == 0:
        return glyphs
    x0, top, x1, bottom = np.array(spaces).T
    n = len(spaces)
    return Glyphs(
        np.concatenate((glyphs.code, np.full(n, 0x20, np.uint32))),
        np.concatenate((glyphs.x0, x0)),
        np.concatenate((glyphs.top, top)),
        np.concatenate((glyphs.x1, x1)),
        np.concatenate((glyphs.bottom, bottom)),
        np.concatenate((glyphs.upright, np.ones(n, np.bool_))),
        np.concatenate((glyphs.index, np.full(n, -1, np.int64))),
        glyphs.unreadable,
    )


def _empty() -> Glyphs:
    none = np.empty(0)
    return Glyphs(
        np.empty(0, np.uint32), none, none, none, none, np.empty(0, np.bool_), np.empty(0, np.int64), 0
    )


def _codes(text_page: int, count: int) -> Codes:
    """Code point of each glyph; in one call where pdfium's text has one UTF-16 unit a glyph."""
    units = (ctypes.c_ushort * (2 * count + 2))()
    written = c.text_utf16(text_page, 0, count, ctypes.addressof(units))
    found = np.frombuffer(memoryview(units), dtype=np.uint16, count=count)
    if written == count + 1 and not ((found >= 0xD800) & (found < 0xE000)).any():
        return found.astype(np.uint32)
    return np.fromiter(map(c.char_unicode, repeat(text_page), range(count)), np.uint32, count)


def _real(text_page: int, loose: Floats, code: Codes) -> Bools:
    """Without what pdfium inserted: line ends, and spaces that it guessed from gaps (pdfminer does not)."""
    real = (loose[0] != loose[2]) | (loose[1] != loose[3])
    for i in np.flatnonzero(~real & (code > 32)).tolist():
        real[i] = c.char_object(text_page, i) is not None
    return np.asarray(real & (code != 10) & (code != 13), dtype=np.bool_)


def _mark_unreadable(text_page: int, code: Codes, real: Bools) -> int:
    """Glyphs without a Unicode value become U+FFFD; returns how many."""
    odd = (code < 32) | (code == 0x7F) | ((code >= 0xFFFC) & (code <= 0xFFFF))
    count = 0
    for i in np.flatnonzero(odd & real).tolist():
        if code[i] in _INVISIBLE or code[i] == 9:
            continue
        if c.char_is_hyphen(text_page, i):
            code[i] = 0x2D
            continue
        code[i] = REPLACEMENT
        count += 1
    return count


@dataclass(frozen=True)
class _Runs:
    """Neighbouring glyphs of one top and bottom, and what is asked of pdfium once for all of them."""

    of: Ints
    """for each glyph the number of its run"""
    index: Ints
    """for each glyph its place in pdfium's list"""
    objects: list[int]
    fonts: list[int | None]
    scale: Floats
    """font size over (ascent - descent)"""
    upright: Bools
    kind: Ints
    """a number for font and size; negative and of its own where the run is turned"""
    size: Floats
    """points across for one unit of the font"""


def _runs(text_page: int, loose: Floats, index: Ints, frame: Frame) -> _Runs:
    _, upper, _, lower = loose
    starts = np.empty(len(index), np.bool_)
    starts[0] = True
    starts[1:] = (np.abs(np.diff(lower)) > 1e-3) | (np.abs(np.diff(upper)) > 1e-3) | (np.diff(index) > 1)
    firsts = index[starts].tolist()
    page = c.pointer(text_page)
    objects = list(map(c.text_objects, repeat(page), firsts))
    fonts = list(map(c.object_font, objects))
    sizes = list(map(c.char_font_size, repeat(page), firsts))
    matrices = c.MATRICES.ask(c.char_matrix, page, firsts).astype(np.float64)
    across = matrices[:, 0]
    extents = {font: _font_extent(font) for font in set(fonts)}
    ascent, descent = np.array([extents[font] for font in fonts]).T
    of = np.cumsum(starts) - 1
    _told_heights(page, loose, of, firsts, matrices, np.array(sizes), (ascent, descent))
    kinds: dict[tuple[int | None, float, float], int] = {}
    keys = zip(fonts, across.tolist(), sizes, strict=True)
    kind = np.array([kinds.setdefault(key, len(kinds)) for key in keys])
    upright = _upright(matrices, frame)
    return _Runs(
        of=of,
        index=index,
        objects=objects,
        fonts=fonts,
        scale=1.0 / (ascent - descent),
        upright=upright,
        kind=np.where(upright, kind, -1 - np.arange(len(kind))),
        size=np.array(sizes) * np.abs(across),
    )


def _framed(text_page: int, loose: Floats, code: Codes, runs: _Runs, frame: Frame) -> Glyphs:
    left, upper, right, lower = loose
    kinds = kinds_of(code, runs.kind[runs.of])
    unmapped = mark_unmapped(text_page, code, runs.index, kinds)
    if frame.b == 0:
        of = runs.of[kinds.first]
        prints = Prints([runs.fonts[n] for n in of.tolist()], runs.size[of])
        trim_overhang(text_page, code, runs.index, kinds, prints, left, right)
        xs = (frame.a * left + frame.e, frame.a * right + frame.e)
        ys = (frame.d * lower + frame.f, frame.d * upper + frame.f)
    else:
        xs = (frame.c * lower + frame.e, frame.c * upper + frame.e)
        ys = (frame.b * left + frame.f, frame.b * right + frame.f)
    x0, x1 = np.minimum(*xs), np.maximum(*xs)
    top, bottom = np.minimum(*ys), np.maximum(*ys)
    top = bottom - (bottom - top) * runs.scale[runs.of]
    code[code == _SOFT_HYPHEN] = 0x2D
    glyphs = Glyphs(code, x0, top, x1, bottom, runs.upright[runs.of], runs.index, unmapped)
    if code.max() < _INVISIBLE[0]:
        return glyphs
    hidden = np.isin(code, _INVISIBLE)
    return glyphs.take(~hidden) if hidden.any() else glyphs


def _font_extent(font: int | None) -> tuple[float, float]:
    """Ascent and descent of a font of size one; a height of one where the font does not say."""
    ascent, descent = ctypes.c_float(), ctypes.c_float()
    known = (
        font is not None
        and c.font_ascent(font, 1.0, ctypes.addressof(ascent))
        and c.font_descent(font, 1.0, ctypes.addressof(descent))
        and ascent.value > descent.value
    )
    return (ascent.value, descent.value) if known else (1.0, 0.0)


def _told_heights(
    page: Any, loose: Floats, of: Ints, firsts: list[int], matrices: Floats, sizes: Floats, extent: _Extent
) -> None:
    """The font's ascent and descent as heights of runs whose boxes pdfium has fitted to drawn glyphs.

    It cuts boxes to the box of the font's glyphs, low where few are embedded, and lets brackets reach out;
    pdfminer does neither. Turned runs stay as they are.
    """
    _, upper, _, lower = loose
    ascent, descent = extent
    height = sizes * matrices[:, 3]
    at = np.searchsorted(of, np.arange(len(firsts)))
    fitted = np.abs((upper - lower)[at] - (ascent - descent) * height) > _FITTED * height
    fitted &= (matrices[:, 1] == 0) & (matrices[:, 2] == 0) & (height > 0)
    if not fitted.any():
        return
    base = np.zeros(len(firsts))
    base[fitted] = c.POINTS.ask(c.char_origin, page, np.array(firsts)[fitted].tolist())[:, 1]
    inside = fitted[of]
    lower[inside] = (base + descent * height)[of][inside]
    upper[inside] = (base + ascent * height)[of][inside]


def _upright(matrices: Floats, frame: Frame) -> Bools:
    """Whether each matrix sets text from left to right on the displayed page (y downwards)."""
    a, b, cc, d, _, _ = matrices.T
    right_x, right_y = frame.a * a + frame.c * b, frame.b * a + frame.d * b
    up_x, up_y = frame.a * cc + frame.c * d, frame.b * cc + frame.d * d
    level = np.abs(right_y) <= 0.05 * right_x
    return np.asarray((right_x > 0) & (up_y < 0) & level & (np.abs(up_x) <= 0.6 * -up_y), dtype=np.bool_)

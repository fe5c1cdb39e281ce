"""Glyphs of one page in bulk: code points and boxes as numpy arrays, in displayed coordinates.

pdfium gives per glyph a "loose" box (advance width, ascent to descent of the font). pdfminer's box, which
pdfplumber shows, has the same bottom (the font's descent) and is one font size high, so the top is computed
from the font's ascent and descent: one look-up for each run of glyphs that share top and bottom.
"""

from __future__ import annotations

import ctypes
from collections import deque
from dataclasses import dataclass
from itertools import repeat

import numpy as np
import numpy.typing as npt

from parsers.readers import pdf_native as c
from parsers.readers.pdf_types import PdfError, PdfLimits

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

REPLACEMENT = 0xFFFD
# drawn hyphens that pdfium marks with code 2, and soft hyphens: a glyph of either is a hyphen on paper
_HYPHENS = (0x02, 0xAD)
_INVISIBLE = (0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF)
_PRIVATE = (0xE000, 0xF8FF)


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

    code: npt.NDArray[np.uint32]
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


def read_glyphs(text_page: int, frame: Frame, number: int, limits: PdfLimits) -> Glyphs:
    """All glyphs of the page; PdfError when there are too many or too many without a Unicode value."""
    count = c.count_chars(text_page)
    if count > limits.max_chars_per_page:
        raise PdfError(f"{count} characters, at most {limits.max_chars_per_page} are allowed", number)
    if count <= 0:
        return _empty()
    boxes = (ctypes.c_float * (4 * count))()
    at = ctypes.addressof(boxes)
    deque(map(c.char_loose_box, repeat(text_page), range(count), range(at, at + 16 * count, 16)), maxlen=0)
    loose = np.frombuffer(boxes, dtype=np.float32).reshape(-1, 4).astype(np.float64)
    code = _codes(text_page, count)
    real = _real(text_page, loose, code)
    unreadable = _mark_unreadable(text_page, code, real)
    index = np.flatnonzero(real)
    if len(index) == 0:
        return _empty()
    glyphs = _framed(text_page, loose[index], code[index], index, frame)
    glyphs.unreadable = unreadable
    return glyphs


def _empty() -> Glyphs:
    none = np.empty(0)
    return Glyphs(
        np.empty(0, np.uint32), none, none, none, none, np.empty(0, np.bool_), np.empty(0, np.int64), 0
    )


def _codes(text_page: int, count: int) -> npt.NDArray[np.uint32]:
    """Code point of each glyph; in one call where pdfium's text has one UTF-16 unit a glyph."""
    units = (ctypes.c_ushort * (2 * count + 2))()
    written = c.text_utf16(text_page, 0, count, ctypes.addressof(units))
    found = np.frombuffer(memoryview(units), dtype=np.uint16, count=count)
    if written == count + 1 and not ((found >= 0xD800) & (found < 0xE000)).any():
        return found.astype(np.uint32)
    return np.fromiter(map(c.char_unicode, repeat(text_page), range(count)), np.uint32, count)


def _real(text_page: int, loose: Floats, code: npt.NDArray[np.uint32]) -> Bools:
    """Without what pdfium inserted: line ends, and spaces that it guessed from gaps (pdfminer does not)."""
    real = (loose[:, 0] != loose[:, 2]) | (loose[:, 1] != loose[:, 3])
    for i in np.flatnonzero(~real & (code > 32)).tolist():
        real[i] = c.char_object(text_page, i) is not None
    return np.asarray(real & (code != 10) & (code != 13), dtype=np.bool_)


def _mark_unreadable(text_page: int, code: npt.NDArray[np.uint32], real: Bools) -> int:
    """Glyphs without a Unicode value become U+FFFD; returns how many."""
    odd = (code < 32) | ((code >= _PRIVATE[0]) & (code <= _PRIVATE[1])) | (code >= 0xFFFC) | (code == 0x7F)
    count = 0
    for i in np.flatnonzero(odd & real).tolist():
        if code[i] in _HYPHENS or code[i] in _INVISIBLE or code[i] == 9:
            continue
        code[i] = REPLACEMENT
        count += 1
    return count


def _framed(text_page: int, loose: Floats, code: npt.NDArray[np.uint32], index: Ints, frame: Frame) -> Glyphs:
    left, upper, right, lower = loose.T
    xs = np.stack((frame.a * left + frame.c * lower, frame.a * right + frame.c * upper)) + frame.e
    ys = np.stack((frame.b * left + frame.d * lower, frame.b * right + frame.d * upper)) + frame.f
    x0, x1, top, bottom = xs.min(0), xs.max(0), ys.min(0), ys.max(0)
    starts = np.empty(len(index), np.bool_)
    starts[0] = True
    starts[1:] = (np.abs(np.diff(bottom)) > 1e-3) | (np.abs(np.diff(top)) > 1e-3) | (np.diff(index) > 1)
    first = np.flatnonzero(starts)
    scale, upright = _run_facts(text_page, index[first], frame)
    run = np.cumsum(starts) - 1
    top = bottom - (bottom - top) * scale[run]
    for hyphen in _HYPHENS:
        code[code == hyphen] = 0x2D
    glyphs = Glyphs(code, x0, top, x1, bottom, upright[run], index, 0)
    hidden = np.isin(code, _INVISIBLE)
    return glyphs.take(~hidden) if hidden.any() else glyphs


def _run_facts(text_page: int, firsts: Ints, frame: Frame) -> tuple[Floats, Bools]:
    """For each run: font size over (ascent - descent), and whether it stands upright on the page."""
    matrix = (ctypes.c_float * 6)()
    at = ctypes.addressof(matrix)
    fonts: dict[int, float] = {}
    scale = np.ones(len(firsts))
    upright = np.ones(len(firsts), np.bool_)
    for n, i in enumerate(firsts.tolist()):
        painted = c.char_object(text_page, i)
        font = c.object_font(painted) if painted is not None else None
        if font is not None:
            if font not in fonts:
                fonts[font] = _font_scale(font)
            scale[n] = fonts[font]
        if c.char_matrix(text_page, i, at):
            upright[n] = _is_upright(matrix[0], matrix[1], matrix[2], matrix[3], frame)
    return scale, upright


def _font_scale(font: int) -> float:
    value = ctypes.c_float()
    at = ctypes.addressof(value)
    if not c.font_ascent(font, 1000.0, at):
        return 1.0
    ascent = value.value
    if not c.font_descent(font, 1000.0, at) or ascent <= value.value:
        return 1.0
    return 1000.0 / (ascent - value.value)


def _is_upright(a: float, b: float, cc: float, d: float, frame: Frame) -> bool:
    # the glyph's baseline and its upward direction, on the displayed page (y downwards)
    right_x, right_y = frame.a * a + frame.c * b, frame.b * a + frame.d * b
    up_x, up_y = frame.a * cc + frame.c * d, frame.b * cc + frame.d * d
    return right_x > 0 and up_y < 0 and abs(right_y) <= 0.05 * right_x and abs(up_x) <= 0.6 * -up_y

"""Where pdfium and the PDF standard part over fonts: widths of slanted glyphs, and letters of undeclared
fonts.
"""

from __future__ import annotations

import ctypes
import re
import zlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from parsers.readers import pdf_native as c
from parsers.readers.pdf_guard import streams

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint32]

REPLACEMENT = 0xFFFD
_SYMBOLIC = 4
_MAX_OBJECT_STREAM = 20_000_000


class FontBook:
    """What the file's font dictionaries say, looked up only when a page has a letter that needs it."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._texts: list[bytes] | None = None
        self._undeclared: dict[bytes, bool] = {}

    def is_undeclared(self, font: int) -> bool:
        """Whether a symbolic TrueType font says neither /Encoding nor /ToUnicode.

        For such a font pdfium reads the Macintosh table of the embedded file ("Procuradur" + I grave), where
        the producers at hand (Ghostscript, in the FMTR reports) and pdfminer mean Windows-1252 (i acute).
        """
        if not c.font_flags(font) & _SYMBOLIC:
            return False
        name = _font_name(font)
        if name not in self._undeclared:
            self._undeclared[name] = self._look_up(name)
        return self._undeclared[name]

    def _look_up(self, name: bytes) -> bool:
        if not name:
            return False
        if self._texts is None:
            self._texts = [self._content, *_object_streams(self._content)]
        pattern = re.compile(rb"/BaseFont\s*/(?:[A-Z]{6}\+)?" + re.escape(name) + rb"(?![\w+,.-])")
        found = [_dictionary(t, m.start()) for t in self._texts for m in pattern.finditer(t)]
        fonts = [d for d in found if re.search(rb"/Subtype\s*/TrueType\b", d)]
        return bool(fonts) and not any(b"/Encoding" in d or b"/ToUnicode" in d for d in fonts)


def _font_name(font: int) -> bytes:
    buffer = ctypes.create_string_buffer(256)
    size = c.font_name(font, ctypes.addressof(buffer), 256)
    # the file writes characters outside the regular ones as #xx: such names are not looked for
    return buffer.value if 1 < size <= 256 else b""


def _object_streams(content: bytes) -> list[bytes]:
    found = []
    for stream in streams(content):
        if b"/ObjStm" in stream.dictionary and stream.filters == (b"FlateDecode",):
            machine = zlib.decompressobj()
            try:
                found.append(machine.decompress(stream.packed, _MAX_OBJECT_STREAM))
            except zlib.error:
                continue
    return found


def _dictionary(text: bytes, at: int) -> bytes:
    """The << >> around a place: back to the << that is not closed before it, on to the matching >>."""
    marks = [(m.start(), m.group() == b"<<") for m in re.finditer(rb"<<|>>", text[max(0, at - 4000) : at])]
    depth, begin = 0, max(0, at - 4000)
    for place, opens in reversed(marks):
        depth += 1 if opens else -1
        if depth == 1:
            begin += place
            break
    depth = 0
    for mark in re.finditer(rb"<<|>>", text[begin : at + 4000]):
        depth += 1 if mark.group() == b"<<" else -1
        if depth == 0:
            return text[begin : begin + mark.end()]
    return text[begin : at + 4000]


def mend_letters(text_page: int, code: Codes, index: Ints, book: FontBook) -> None:
    """In place: letters of undeclared fonts from Macintosh Roman to Windows-1252, byte for byte."""
    for n in np.flatnonzero(code >= 0x80).tolist():
        painted = c.char_object(text_page, int(index[n]))
        font = c.object_font(painted) if painted is not None else None
        if font is None or not book.is_undeclared(font):
            continue
        try:
            mended = chr(code[n]).encode("mac_roman").decode("cp1252")
        except UnicodeError:
            continue  # no Macintosh letter, or a byte that Windows leaves open: what pdfium read stands
        code[n] = ord(mended)


@dataclass(frozen=True)
class Kinds:
    """Glyphs by kind (one font, size and code): one look at a kind's first glyph serves all of it."""

    first: list[int]
    """place of each kind's first glyph"""
    back: Ints
    """for each glyph the number of its kind"""


def kinds_of(code: Codes, prints: Ints) -> Kinds:
    """`prints` numbers the font and size of each glyph."""
    _, first, back = np.unique(prints * 0x200000 + code, return_index=True, return_inverse=True)
    return Kinds(first.tolist(), back)


def mark_unmapped(text_page: int, code: Codes, index: Ints, kinds: Kinds) -> int:
    """In place: glyphs whose font maps them to no Unicode value become U+FFFD; returns how many.

    pdfium shows the bare glyph number for them (missing ToUnicode), pdfminer writes (cid:43).
    """
    codes = code[kinds.first].tolist()
    unmapped = np.array(
        [
            value not in (0x2D, REPLACEMENT) and c.char_map_error(text_page, int(index[place])) == 1
            for place, value in zip(kinds.first, codes, strict=True)
        ]
    )
    if not unmapped.any():
        return 0
    hit = unmapped[kinds.back]
    code[hit] = REPLACEMENT
    return int(hit.sum())


def trim_overhang(
    text_page: int, code: Codes, index: Ints, kinds: Kinds, left: Floats, right: Floats
) -> None:
    """In place: where ink hangs over the advance (a slanted f), x edges go back to origin and advance."""
    first = kinds.first
    shift_left, shift_right = np.zeros(len(first)), np.zeros(len(first))
    box = (ctypes.c_double * 6)()
    at = ctypes.addressof(box)
    width = ctypes.c_float()
    at_width = ctypes.addressof(width)
    for n, place in enumerate(first):
        i = int(index[place])
        c.char_box(text_page, i, at, at + 8, at + 16, at + 24)
        over_left = abs(box[0] - left[place]) < 1e-3
        over_right = abs(box[1] - right[place]) < 1e-3
        if not (over_left or over_right) or code[place] <= 0x20:
            continue
        c.char_origin(text_page, i, at + 32, at + 40)
        origin = box[4]
        if over_left and origin > left[place]:
            shift_left[n] = origin - left[place]
        painted = c.char_object(text_page, i)
        font = c.object_font(painted) if painted is not None else None
        if over_right and font is not None and c.font_glyph_width(font, int(code[place]), 1000.0, at_width):
            advance = width.value / 1000.0 * _scale(text_page, i)
            if 0 < advance < right[place] - origin:
                shift_right[n] = right[place] - origin - advance
    left += shift_left[kinds.back]
    right -= shift_right[kinds.back]


def _scale(text_page: int, i: int) -> float:
    matrix = (ctypes.c_float * 6)()
    c.char_matrix(text_page, i, ctypes.addressof(matrix))
    return float(c.char_font_size(text_page, i)) * abs(matrix[0])

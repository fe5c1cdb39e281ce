"""Where pdfium and the PDF standard part over fonts: widths of slanted glyphs, and letters of undeclared
fonts.
"""

from __future__ import annotations

import ctypes
import re
import zlib
from dataclasses import dataclass
from itertools import repeat

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

    first: Ints
    """place of each kind's first glyph"""
    back: Ints
    """for each glyph the number of its kind"""


# room for a table of all kinds that could be: a few fonts, each with the letters of most scripts
_MAX_TABLE = 1 << 19


def kinds_of(code: Codes, prints: Ints) -> Kinds:
    """`prints` numbers the font and size of each glyph."""
    least, width = int(prints.min()), int(code.max()) + 1
    if (int(prints.max()) - least + 1) * width > _MAX_TABLE:
        _, firsts, back = np.unique(prints * 0x200000 + code, return_index=True, return_inverse=True)
        return Kinds(firsts, back)
    key = (prints - least) * width + code.astype(np.int64)
    places = np.arange(len(key))
    table = np.empty(int(key.max()) + 1, np.int64)
    table[key[::-1]] = places[::-1]  # of several, the last that is written stays: the first glyph
    first_of = table[key]
    is_first = first_of == places
    return Kinds(np.flatnonzero(is_first), (np.cumsum(is_first) - 1)[first_of])


def mark_unmapped(text_page: int, code: Codes, index: Ints, kinds: Kinds) -> int:
    """In place: glyphs whose font maps them to no Unicode value become U+FFFD; returns how many.

    pdfium shows the bare glyph number for them (missing ToUnicode), pdfminer writes (cid:43).
    """
    asked = index[kinds.first].tolist()
    unmapped = np.array(list(map(c.char_map_error, repeat(c.pointer(text_page)), asked))) == 1
    if not unmapped.any():
        return 0
    codes = code[kinds.first]
    hit = (unmapped & (codes != 0x2D) & (codes != REPLACEMENT))[kinds.back]
    code[hit] = REPLACEMENT
    return int(hit.sum())


@dataclass(frozen=True)
class Prints:
    """What the first glyph of each kind is printed in: its font, and points across for one unit of it."""

    fonts: list[int | None]
    size: Floats


def trim_overhang(
    text_page: int, code: Codes, index: Ints, kinds: Kinds, prints: Prints, left: Floats, right: Floats
) -> None:
    """In place: where ink hangs over the advance (a slanted f), x edges go back to origin and advance."""
    first = kinds.first
    page = c.pointer(text_page)
    asked = index[first]
    ink = c.EXTENTS.ask(c.char_box, page, asked.tolist())
    over_left = np.abs(ink[:, 0] - left[first]) < 1e-3
    over_right = np.abs(ink[:, 1] - right[first]) < 1e-3
    over = np.flatnonzero((over_left | over_right) & (code[first] > 0x20))
    if len(over) == 0:
        return
    origin = np.zeros(len(first))
    origin[over] = c.POINTS.ask(c.char_origin, page, asked[over].tolist())[:, 0]
    shift_left, shift_right = np.zeros(len(first)), np.zeros(len(first))
    width = ctypes.c_float()
    at_width = ctypes.addressof(width)
    for n in over.tolist():
        place, font = first[n], prints.fonts[n]
        if over_left[n] and origin[n] > left[place]:
            shift_left[n] = origin[n] - left[place]
        if not over_right[n] or font is None:
            continue
        if c.font_glyph_width(font, int(code[place]), 1000.0, at_width):
            advance = width.value / 1000.0 * prints.size[n]
            if 0 < advance < right[place] - origin[n]:
                shift_right[n] = right[place] - origin[n] - advance
    left += shift_left[kinds.back]
    right -= shift_right[kinds.back]

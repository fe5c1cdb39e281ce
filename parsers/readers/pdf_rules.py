"""Painted objects of a page: every straight horizontal or vertical edge, and text that is only a space.

Rectangles give four edges, a filled rectangle a fraction of a point thick two long and two short ones: the
same edges from which pdfplumber's table finder starts. Edges shorter than one point are left out, as it
does.
"""

from __future__ import annotations

import ctypes
from collections.abc import Container
from dataclasses import dataclass, field
from itertools import repeat

import numpy as np

from parsers.readers import pdf_native as c
from parsers.readers.pdf_basics import BBox, PdfError, PdfLimits
from parsers.readers.pdf_glyphs import Bools, Floats, Frame

MIN_LENGTH = 1.0
# lines that should be straight and are off by float noise
_STRAIGHT = 0.002
_MAX_SEGMENTS = 200_000  # a path of more segments is a picture, not a table's line

_TURN = 50_000  # segments that are looked at in one go

Matrix = tuple[float, float, float, float, float, float]
_UNMOVED: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass
class Painted:
    """What a walk over the page's objects finds, in displayed coordinates and drawing order."""

    across: list[Floats] = field(default_factory=list)
    """horizontal edges: y, x0, x1, one a row"""
    down: list[Floats] = field(default_factory=list)
    """vertical edges: x, top, bottom"""
    spaces: list[BBox] = field(default_factory=list)
    """boxes, without width, of text objects that paint only white space: pdfium's text leaves them out"""


def read_objects(page: int, frame: Frame, number: int, limits: PdfLimits, inked: Container[int]) -> Painted:
    """One walk over all objects, forms included; PdfError when there are more than allowed.

    `inked`: text objects known to paint glyphs, which need no look.
    """
    reader = _ObjectReader(number, limits, inked)
    count = c.count_objects(page)
    reader.count_objects(count)
    objects = list(map(c.page_objects, repeat(c.pointer(page)), range(count)))
    reader.read(objects, (frame.a, frame.b, frame.c, frame.d, frame.e, frame.f), 0)
    reader.read_edges()
    return reader.found


def _times(m: Matrix, n: Matrix) -> Matrix:
    """m, then n."""
    if m == _UNMOVED:
        return n
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


class _ObjectReader:
    """Walks page objects."""

    # C buffers that every call fills anew, and their addresses; one page is read at a time, under LOCK
    _floats = (ctypes.c_float * 6)()
    _ints = (ctypes.c_int * 2)()
    _at = ctypes.addressof(_floats)
    _first = ctypes.byref(_floats)
    _modes = (ctypes.byref(_ints), ctypes.byref(_ints, 4))

    def __init__(self, number: int, limits: PdfLimits, inked: Container[int]) -> None:
        self.found = Painted()
        self._inked = inked
        self._number = number
        self._limits = limits
        self._objects = 0
        self._rules = 0
        # of paths whose edges are not read yet: all segments, how many each path has, its matrix
        self._segments: list[int] = []
        self._counts: list[int] = []
        self._matrices: list[Matrix] = []

    def count_objects(self, more: int) -> None:
        self._objects += more
        if self._objects > self._limits.max_objects_per_page:
            raise PdfError(
                f"more than {self._limits.max_objects_per_page} drawn objects are not allowed", self._number
            )

    def read(self, objects: list[int], outer: Matrix, depth: int) -> None:
        """`outer`: from the objects' own space to the displayed page."""
        kinds = list(map(c.object_type, objects))
        for painted, kind in zip(objects, kinds, strict=True):
            if kind == c.OBJECT_TEXT:
                if painted not in self._inked:
                    self._text(painted, outer)
            elif kind == c.OBJECT_PATH:
                self._path(painted, outer)
            elif kind == c.OBJECT_FORM:
                self._form(painted, outer, depth)

    def _form(self, form: int, outer: Matrix, depth: int) -> None:
        if depth >= self._limits.max_form_depth:
            raise PdfError(f"forms nested more than {self._limits.max_form_depth} deep", self._number)
        count = max(0, c.form_count(form))
        self.count_objects(count)
        inner = self._matrix(form, outer)
        self.read(list(map(c.form_object, repeat(form), range(count))), inner, depth + 1)

    def _matrix(self, painted: int, outer: Matrix) -> Matrix:
        if not c.object_matrix(painted, self._first):
            return outer
        return _times(tuple(self._floats[:6]), outer)  # type: ignore[arg-type]  # six, says the slice

    def _text(self, text: int, outer: Matrix) -> None:
        """Note a text object without height: nothing in it but spaces."""
        at, floats = self._at, self._floats
        if not c.object_bounds(text, at, at + 4, at + 8, at + 12) or floats[1] != floats[3]:
            return
        x, y = floats[0], floats[1]
        if not c.object_font_size(text, at):
            return
        size = floats[0]
        font = c.object_font(text)
        descent = floats[0] if font is not None and c.font_descent(font, size, at) else 0.0
        m = self._matrix(text, outer)
        if m[0] <= 0 or m[3] >= 0:
            return  # turned text takes no part in words
        x, y = outer[0] * x + outer[2] * y + outer[4], outer[1] * x + outer[3] * y + outer[5]
        bottom = y + m[3] * descent
        self.found.spaces.append((x, bottom + m[3] * size, x, bottom))

    def _path(self, path: int, outer: Matrix) -> None:
        """Note the segments of a path that is painted; `read_edges` reads those of many paths at once."""
        if not c.path_draw_mode(path, *self._modes):
            return
        fill, stroke = self._ints
        count = c.path_count(path)
        if not (fill or stroke) or count < 2 or count > _MAX_SEGMENTS:
            return
        self._segments += map(c.path_segment, repeat(path), range(count))
        self._counts.append(count)
        self._matrices.append(self._matrix(path, outer))
        if len(self._segments) > _TURN:
            self.read_edges()

    def read_edges(self) -> None:
        """Add the straight pieces of the noted paths; a curve's chord is no edge.

        pdfium closes a path by a segment of its own, so nothing is to be added for that.
        """
        segments, counts = self._segments, self._counts
        if not segments:
            return
        kind = np.fromiter(map(c.segment_type, segments), np.int64, len(segments))
        x, y = c.SEGMENTS.ask(c.segment_point, None, segments).astype(np.float64).T
        m = np.repeat(np.array(self._matrices), counts, axis=0).T
        x, y = m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]
        drawn = kind == c.SEGMENT_LINE
        drawn[np.cumsum([0, *counts[:-1]])] = False  # a path begins where no other has ended
        last = np.flatnonzero(drawn)
        xa, xb, ya, yb = x[last - 1], x[last], y[last - 1], y[last]
        wide, high = np.abs(xa - xb), np.abs(ya - yb)
        level = high <= _STRAIGHT
        across, down = level & (wide >= MIN_LENGTH), ~level & (wide <= _STRAIGHT) & (high >= MIN_LENGTH)
        self.found.across.append(_edge_rows(ya, yb, xa, xb, across))
        self.found.down.append(_edge_rows(xa, xb, ya, yb, down))
        self._rules += int(across.sum()) + int(down.sum())
        if self._rules > self._limits.max_rules_per_page:
            raise PdfError(
                f"more than {self._limits.max_rules_per_page} drawn lines are not allowed", self._number
            )
        self._segments, self._counts, self._matrices = [], [], []


def _edge_rows(at_a: Floats, at_b: Floats, a: Floats, b: Floats, keep: Bools) -> Floats:
    at = (at_a[keep] + at_b[keep]) / 2
    return np.stack((at, np.minimum(a, b)[keep], np.maximum(a, b)[keep]), axis=1)

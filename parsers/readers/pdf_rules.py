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

from parsers.readers import pdf_native as c
from parsers.readers.pdf_basics import BBox, PdfError, PdfLimits
from parsers.readers.pdf_glyphs import Frame

MIN_LENGTH = 1.0
# lines that should be straight and are off by float noise
_STRAIGHT = 0.002
_RECTANGLE = 5  # segments: to a corner, and from each corner to the next
_MAX_SEGMENTS = 200_000  # a path of more segments is a picture, not a table's line

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]


@dataclass
class Painted:
    """What a walk over the page's objects finds, in displayed coordinates and drawing order."""

    across: list[float] = field(default_factory=list)
    """horizontal edges, flat: y, x0, x1, y, x0, x1, ..."""
    down: list[float] = field(default_factory=list)
    """vertical edges, flat: x, top, bottom, ..."""
    spaces: list[BBox] = field(default_factory=list)
    """boxes, without width, of text objects that paint only white space: pdfium's text leaves them out"""


def read_objects(page: int, frame: Frame, number: int, limits: PdfLimits, inked: Container[int]) -> Painted:
    """One walk over all objects, forms included; PdfError when there are more than allowed.

    `inked`: text objects known to paint glyphs, which need no look.
    """
    reader = _ObjectReader(frame, number, limits, inked)
    count = c.count_objects(page)
    reader.count_objects(count)
    reader.read(list(map(c.page_objects, repeat(c.pointer(page)), range(count))), None, 0)
    return reader.found


def _times(m: Matrix, n: Matrix) -> Matrix:
    """m, then n."""
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


class _ObjectReader:
    """Walks page objects; holds the C buffers that every call fills anew."""

    def __init__(self, frame: Frame, number: int, limits: PdfLimits, inked: Container[int]) -> None:
        self.found = Painted()
        self._inked = inked
        self._frame: Matrix = (frame.a, frame.b, frame.c, frame.d, frame.e, frame.f)
        self._number = number
        self._limits = limits
        self._objects = 0
        self._floats = (ctypes.c_float * 6)()
        self._ints = (ctypes.c_int * 2)()
        self._at = ctypes.addressof(self._floats)
        self._at_ints = ctypes.addressof(self._ints)

    def count_objects(self, more: int) -> None:
        self._objects += more
        if self._objects > self._limits.max_objects_per_page:
            raise PdfError(
                f"more than {self._limits.max_objects_per_page} drawn objects are not allowed", self._number
            )

    def read(self, objects: list[int], outer: Matrix | None, depth: int) -> None:
        kinds = list(map(c.object_type, objects))
        for painted, kind in zip(objects, kinds, strict=True):
            if kind == c.OBJECT_TEXT:
                if painted not in self._inked:
                    self._text(painted, outer)
            elif kind == c.OBJECT_PATH:
                self._path(painted, outer)
            elif kind == c.OBJECT_FORM:
                self._form(painted, outer, depth)
        if len(self.found.across) + len(self.found.down) > 3 * self._limits.max_rules_per_page:
            raise PdfError(
                f"more than {self._limits.max_rules_per_page} drawn lines are not allowed", self._number
            )

    def _form(self, form: int, outer: Matrix | None, depth: int) -> None:
        if depth >= self._limits.max_form_depth:
            raise PdfError(f"forms nested more than {self._limits.max_form_depth} deep", self._number)
        count = max(0, c.form_count(form))
        self.count_objects(count)
        inner = self._matrix(form, outer)
        self.read(list(map(c.form_object, repeat(form), range(count))), inner, depth + 1)

    def _matrix(self, painted: int, outer: Matrix | None) -> Matrix:
        own: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
        if c.object_matrix(painted, self._at):
            m = self._floats
            own = (m[0], m[1], m[2], m[3], m[4], m[5])
        return own if outer is None else _times(own, outer)

    def _text(self, text: int, outer: Matrix | None) -> None:
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
        m = _times(self._matrix(text, outer), self._frame)
        if m[0] <= 0 or m[3] >= 0:
            return  # turned text takes no part in words
        o = self._frame if outer is None else _times(outer, self._frame)
        x, y = o[0] * x + o[2] * y + o[4], o[1] * x + o[3] * y + o[5]
        bottom = y + m[3] * descent
        self.found.spaces.append((x, bottom + m[3] * size, x, bottom))

    def _path(self, path: int, outer: Matrix | None) -> None:
        if not c.path_draw_mode(path, self._at_ints, self._at_ints + 4):
            return
        fill, stroke = self._ints
        segments = c.path_count(path)
        if not (fill or stroke) or segments < 2 or segments > _MAX_SEGMENTS:
            return
        matrix = _times(self._matrix(path, outer), self._frame)
        if segments == _RECTANGLE and self._rectangle(path, matrix):
            return
        self._subpaths(path, segments, matrix)

    def _rectangle(self, path: int, m: Matrix) -> bool:
        """Add the edges of an upright rectangle; False for any other shape, one with an open side too."""
        at, floats = self._at, self._floats
        segments = [c.path_segment(path, i) for i in range(_RECTANGLE)]
        if None in segments or any(c.segment_type(s) != c.SEGMENT_LINE for s in segments[1:]):
            return False
        corners = []
        # pdfium closes a path with a segment of its own: where the last is closing, it ends where it began
        for segment in segments[: 4 if c.segment_close(segments[4]) else 5]:
            if not c.segment_point(segment, at, at + 4):
                return False
            corners.append((floats[0], floats[1]))
        (xa, ya), (xb, yb), (xc, yc), corner = corners[:4]
        turned = xa == xb and yb == yc
        if not (turned or (ya == yb and xb == xc)) or corner != ((xc, ya) if turned else (xa, yc)):
            return False
        if corners[4:] not in ([], corners[:1]):
            return False
        x0, y0 = m[0] * xa + m[2] * ya + m[4], m[1] * xa + m[3] * ya + m[5]
        x1, y1 = m[0] * xc + m[2] * yc + m[4], m[1] * xc + m[3] * yc + m[5]
        x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
        if x1 - x0 >= MIN_LENGTH:
            self.found.across.extend((y0, x0, x1, y1, x0, x1))
        if y1 - y0 >= MIN_LENGTH:
            self.found.down.extend((x0, y0, y1, x1, y0, y1))
        return True

    def _subpaths(self, path: int, segments: int, m: Matrix) -> None:
        """Add the straight pieces of each subpath; a curve's chord is no edge."""
        at, floats = self._at, self._floats
        start: Point | None = None
        before: Point | None = None
        for segment in map(c.path_segment, repeat(path), range(segments)):
            if segment is None or not c.segment_point(segment, at, at + 4):
                continue
            x, y = floats[0], floats[1]
            here = (m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5])
            kind = c.segment_type(segment)
            if kind == c.SEGMENT_MOVE or start is None or before is None:
                start = here
            elif kind == c.SEGMENT_LINE:
                self._edge(before, here)
            before = here
            if c.segment_close(segment):
                self._edge(here, start)
                before = start

    def _edge(self, p: Point, q: Point) -> None:
        (xa, ya), (xb, yb) = p, q
        if abs(ya - yb) <= _STRAIGHT:
            if abs(xa - xb) >= MIN_LENGTH:
                self.found.across.extend(((ya + yb) / 2, min(xa, xb), max(xa, xb)))
        elif abs(xa - xb) <= _STRAIGHT and abs(ya - yb) >= MIN_LENGTH:
            self.found.down.extend(((xa + xb) / 2, min(ya, yb), max(ya, yb)))

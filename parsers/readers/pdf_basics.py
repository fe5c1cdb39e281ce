"""The simplest shapes of the PDF reader: limits, the one error, words and drawn edges.

All lengths are PDF points (1/72 inch). The origin is the top left corner of the page as displayed, x grows to
the right, y ("top", "bottom") grows downwards: pdfplumber's coordinates, MediaBox based, rotation applied.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

BBox = tuple[float, float, float, float]
"""(x0, top, x1, bottom) in points."""


class PdfError(ValueError):
    """A document or page that cannot be read, in one sentence.

    `reason` says what was found and what was expected; `page` counts from 1, None when the whole file is
    meant.
    """

    def __init__(self, reason: str, page: int | None = None) -> None:
        super().__init__(f"PDF page {page}: {reason}" if page is not None else f"PDF: {reason}")
        self.reason = reason
        self.page = page

    def __reduce__(self) -> tuple[type[PdfError], tuple[str, int | None]]:
        # the default would hand the composed sentence to `reason` after a trip through a process pool
        return PdfError, (self.reason, self.page)


@dataclass(frozen=True)
class PdfLimits:
    """What one document may cost; passing one of them is a PdfError, never a cut result."""

    max_bytes: int = 200_000_000
    max_pages: int = 5_000
    max_chars_per_page: int = 200_000
    max_objects_per_page: int = 200_000
    max_rules_per_page: int = 50_000
    max_cells_per_page: int = 50_000
    max_stream_bytes: int = 64_000_000
    """decompressed size of any one stream that is not a picture"""
    max_inflated_bytes: int = 1_000_000_000
    """decompressed size of all such streams together"""
    max_stream_filters: int = 3
    max_form_depth: int = 8
    max_page_seconds: float = math.inf
    """for a caller that has no watcher; a run holds its own limit from outside, see parsers.progress"""
    max_unreadable_share: float = 0.02
    """share of a page's glyphs that may lack a Unicode value before the page is refused"""


DEFAULT_LIMITS = PdfLimits()


class Word(NamedTuple):
    """Glyphs without a gap, as pdfplumber's extract_words joins them (x_tolerance 3, y_tolerance 3)."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def bbox(self) -> BBox:
        return self[1:5]


class Rule(NamedTuple):
    """A straight edge: orientation 'h' (top == bottom) or 'v' (x0 == x1); a rectangle gives four."""

    orientation: str
    x0: float
    top: float
    x1: float
    bottom: float

"""What the pages of one table have shown so far; the next page is read in its light."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from parsers.readers.pdf_glyphs import Floats
from parsers.readers.pdf_lines import Line, squeeze
from parsers.readers.pdf_wrap import MODES

# words remembered for fitting columns: enough for some thirty pages, whatever the document's length
_MOST_WORDS = 20_000
_SAME_SPAN = 2.0


def margin_key(line: Line) -> tuple[str, int]:
    """Letters and height of a line: what a running title keeps from page to page."""
    return squeeze(line.text), round(line.bbox[3])


class TableMemory:
    """Three things: where words stood across the page, how wrapped cells were aligned, which lines run along.

    costs: alignment -> sum of misfits in points; running: (letters, y) of the previous page's lines beside
    rows.
    """

    def __init__(self) -> None:
        self.costs = dict.fromkeys(MODES, 0.0)
        self.running: set[tuple[str, int]] = set()
        self._spans: tuple[tuple[float, float], ...] = ()
        self._starts: Floats = np.empty(0)
        self._ends: Floats = np.empty(0)

    def ran(self, line: Line) -> bool:
        """Whether the page before had the same line, digits aside, at the same height beside its rows."""
        return margin_key(line) in self.running

    def add_runs(
        self, spans: Sequence[tuple[float, float]], runs: Sequence[tuple[float, float]]
    ) -> tuple[Floats, Floats]:
        """Sorted starts and ends of these runs of text and those before, while titles stay in place."""
        spans = tuple(spans)
        same = len(spans) == len(self._spans) and all(
            abs(a[0] - b[0]) <= _SAME_SPAN and abs(a[1] - b[1]) <= _SAME_SPAN
            for a, b in zip(spans, self._spans, strict=True)
        )
        if not same:
            self._starts = self._ends = np.empty(0)
        self._spans = spans
        starts = np.concatenate((self._starts, [r[0] for r in runs]))
        ends = np.concatenate((self._ends, [r[1] for r in runs]))
        if len(starts) <= _MOST_WORDS:
            self._starts, self._ends = starts, ends
        return np.sort(starts), np.sort(ends)

"""What the pages of one table have shown so far; the next page is read in its light."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from parsers.readers.pdf_lines import Line, squeeze
from parsers.readers.pdf_wrap import MODES

BINS: Final = 4
"""bins of ink for each point across the page"""
_SAME_SPAN = 2.0
_LATEST = 300
_MAX_WIDTH = 20_000.0


def margin_key(line: Line) -> tuple[str, int]:
    """Letters and height of a line: what a running title keeps from page to page."""
    return squeeze(line.text), round(line.y)


class TableMemory:
    """Three things: where text stood across the page, how wrapped cells were aligned, which lines run along.

    costs: alignment -> sum of misfits in points. has_rows: whether a page before had a row.
    """

    def __init__(self) -> None:
        self.has_rows = False
        self.costs = dict.fromkeys(MODES, 0.0)
        self._running: set[tuple[str, int]] = set()
        self._heights: set[int] = set()
        self.lines: deque[list[tuple[float, float]]] = deque(maxlen=_LATEST)
        self._spans: tuple[tuple[float, float], ...] = ()
        self._turns = np.zeros(0, np.int64)

    def ran(self, line: Line) -> bool:
        """Whether the page before had the same line, digits aside, at the same height beside its rows."""
        # most lines stand at a height where none did: the look at their letters is saved
        return round(line.y) in self._heights and margin_key(line) in self._running

    def stood_beside_rows(self, lines: Iterable[Line]) -> None:
        """Keep these lines of the page just read, in place of those of the page before."""
        self._running = {margin_key(line) for line in lines}
        self._heights = {y for _, y in self._running}

    def add_lines(
        self, spans: Sequence[tuple[float, float]], lines: Sequence[list[tuple[float, float]]], width: float
    ) -> npt.NDArray[np.int64]:
        """Ink: how many runs of text of these and earlier lines stand over each bin across the page.

        Lines before count only while the titles (`spans`) stay in place; the latest are kept in `lines`.
        """
        size = int(min(width, _MAX_WIDTH) * BINS) + 2
        if not self._same(spans) or len(self._turns) != size:
            self._turns = np.zeros(size, np.int64)
            self.lines.clear()
        self._spans = tuple(spans)
        self.lines.extend(lines)
        runs = [run for line in lines for run in line]
        if runs:
            sides = np.clip(np.array(runs) * BINS, 0, size - 1)
            np.add.at(self._turns, np.floor(sides[:, 0]).astype(np.int64), 1)
            np.add.at(self._turns, np.ceil(sides[:, 1]).astype(np.int64), -1)
        return np.cumsum(self._turns)

    def _same(self, spans: Sequence[tuple[float, float]]) -> bool:
        return len(spans) == len(self._spans) and all(
            abs(a[0] - b[0]) <= _SAME_SPAN and abs(a[1] - b[1]) <= _SAME_SPAN
            for a, b in zip(spans, self._spans, strict=True)
        )

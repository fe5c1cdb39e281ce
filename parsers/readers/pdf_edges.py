"""Borders of the columns of unruled tables, fitted to the white space of a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from parsers.readers.pdf_glyphs import Ints
from parsers.readers.pdf_lines import (
    CURRENCY_SIGNS,
    FLOW_GAP,
    PAGE_NUMBER,
    Line,
    flow_height,
    print_height,
    space_width,
    uncut_lines,
)
from parsers.readers.pdf_memory import BINS, TableMemory
from parsers.readers.pdf_types import BBox, Page, Word

# a space is narrower than this share of the print height, the room between columns wider
_SPACE = 0.33
# places looked at for one border, and what a narrower one costs: less than any line that breaks
_MOST_PLACES = 5
_NEAR_PLACES = 2
_LATER = 0.01
_LONGEST_PAGE_NUMBER = 30
_TOTAL = re.compile(r"(?:sub-?)?totals?:?", re.IGNORECASE)
_FIGURE = re.compile(r"[(–-]*\$?[(–-]*\d|\$$")


def fit_edges(
    page: Page,
    spans: Sequence[tuple[float, float]],
    below: float,
    memory: TableMemory | None = None,
    heading: Callable[[str, BBox], bool] | None = None,
) -> list[float]:
    """Borders of the columns whose titles span `spans`: where the fewest words below y = `below` are cut.

    Between two titles the widest run of least ink is taken, and its middle. Where every place between them is
    inked by more lines than prose explains, the search goes on to the middles of both titles. Where figures
    stand to the right below a title to the left, two places are free of ink; the better keeps cells whole.
    `heading` says which lines stand between rows, and may lie across a border.
    """
    memory = memory or TableMemory()
    cells = [
        runs
        for line, runs in _cells(page, tuple(spans))
        if line.y > below
        and not memory.ran(line)
        and not (heading and len(runs) == 1 and heading(line.text, line.bbox))
    ]
    ink = memory.add_lines(spans, cells, page.width)
    prose = max(1.0, 0.02 * len(uncut_lines(page)))
    found: list[list[_Place]] = []
    for left, right in pairwise(spans):
        guess = (left[1] + right[0]) / 2
        wide = _between((left[0] + left[1]) / 2, (right[0] + right[1]) / 2, ink)
        near = _between(left[1], right[0], ink) if left[1] < right[0] else wide
        if near.least <= wide.least + prose:
            found.append(_least_ink(near, guess, prose))
        else:
            # a few long cells may close the room between the titles, and leave all others whole
            far = _least_ink(wide, guess, prose)[: _MOST_PLACES - _NEAR_PLACES]
            found.append([*far, *_least_ink(near, guess, prose)[:_NEAR_PLACES]])
    last = max(page.width, spans[-1][1]) + 1.0
    return [0.0, *_whole_cells(found, memory.lines, last), last]


_Run = tuple[float, float]


@lru_cache(maxsize=2)
def _cells(page: Page, spans: tuple[_Run, ...]) -> Sequence[tuple[Line, list[_Run]]]:
    """Lines that help with columns, each with its runs of words; asked twice of every page."""
    space, flow = max(_SPACE * print_height(page), 1.15 * space_width(page)), flow_height(page)
    lines = (line for line in uncut_lines(page) if not _is_running_text(line, spans, flow))
    # the words of a line of sums may run over several columns
    figures = ((line, line.words[sum_label(line) :]) for line in lines)
    return [(line, _runs(words, space)) for line, words in figures if words]


def sum_label(line: Line) -> int:
    """How many words stand before the first figure of a line of sums; 0 for any other line.

    A line of sums says "total" before its figures, and nothing but figures and signs after them begin.
    """
    if "total" not in line.text.lower():
        return 0
    first = next((n for n, text in enumerate(line.texts) if _FIGURE.match(text)), len(line.texts))
    says_so = any(map(_TOTAL.fullmatch, line.texts[:first]))
    figures = not any(map(str.isalpha, "".join(line.texts[first:])))
    return first if says_so and figures else 0


def _runs(words: Sequence[Word], space: float) -> list[_Run]:
    """x0 and x1 of words with no more than a space between them: no column ends inside."""
    runs = []
    _, x0, _, x1, _ = words[0]
    signed = False
    for text, left, _, right, _ in words:
        # a currency sign may stand apart, at the left of its column: no column ends between it and its
        # figure, and it never stands behind another cell's text
        sign = text in CURRENCY_SIGNS
        if left - x1 > (0.0 if sign else space) and not signed:
            runs.append((x0, x1))
            x0 = left
        if right > x1:
            x1 = right
        signed = sign
    runs.append((x0, x1))
    return runs


def _is_running_text(line: Line, spans: Sequence[tuple[float, float]], height: float) -> bool:
    """A page number, title or sentence (one run of words under several titles): no help with columns."""
    if len(line.text) <= _LONGEST_PAGE_NUMBER and PAGE_NUMBER.match(line.text):
        return True
    if line.widest_gap > FLOW_GAP * height:
        return False
    x0, _, x1, _ = line.bbox
    return sum(x0 < span[1] and x1 > span[0] for span in spans) > 1


class _Place(NamedTuple):
    """A place for a border between two columns, and how many runs of text it would cut."""

    x: float
    cut: float


class _Between(NamedTuple):
    """The ink between two places: number of the first bin, runs over each bin, the least of these."""

    first: int
    part: Ints
    least: float


def _between(low: float, high: float, ink: Ints) -> _Between:
    first = max(0, int(low * BINS) + 1)
    part = ink[first : int(high * BINS)]
    return _Between(first, part, float(part.min()) if len(part) else 0.0)


def _least_ink(between: _Between, guess: float, prose: float) -> list[_Place]:
    """Middles of the places that cut the fewest runs, the widest first; `guess` where there is no room.

    After them come places that cut `prose` runs more, as a note below the table may lie across a border.
    """
    first, part, least = between
    if len(part) == 0:
        return [_Place(guess, 0.0)]
    found: list[_Place] = []
    for most in (least, least + prose):
        inside = part <= most
        turns = np.flatnonzero(inside[1:] != inside[:-1]) + 1
        borders = [0] * bool(inside[0]) + turns.tolist() + [len(part)] * bool(inside[-1])
        stretches = zip(borders[::2], borders[1::2], strict=True)
        for begin, stop in sorted(stretches, key=lambda stretch: stretch[0] - stretch[1]):
            stretch = part[begin:stop]
            lowest = float(stretch.min())
            if most == least or lowest > least:
                here = np.flatnonzero(stretch == lowest)
                middle = begin + float(here[0] + here[-1] + 1) / 2
                found.append(_Place((first + middle) / BINS, lowest))
    return found


def _whole_cells(
    places: Sequence[Sequence[_Place]], lines: Collection[list[tuple[float, float]]], last: float
) -> list[float]:
    """Of several places for each border, those that cut the fewest runs and leave the fewest in one column.

    Figures may stand to the right below a title to the left, so borders are settled together, by dynamic
    programming; where nothing else decides, the first (widest) place is taken. ``last`` is the right edge.
    """
    if all(len(options) == 1 for options in places):
        return [options[0].x for options in places]
    numbers = np.array([n for n, runs in enumerate(lines) for _ in runs], np.int64)
    middles = np.array([(x0 + x1) / 2 for runs in lines for x0, x1 in runs])

    def broken(left: float, right: float) -> float:
        counts = np.bincount(numbers[(middles > left) & (middles < right)])
        return float(np.maximum(counts - 1, 0).sum())

    states: list[tuple[float, list[float]]] = [(0.0, [0.0])]
    for options in (*places, (_Place(last, 0.0),)):
        states = [
            min(
                ((cost + broken(chosen[-1], x) + cut + at * _LATER, [*chosen, x]) for cost, chosen in states),
                key=lambda state: state[0],
            )
            for at, (x, cut) in enumerate(options[:_MOST_PLACES])
        ]
    return min(states, key=lambda state: state[0])[1][1:-1]

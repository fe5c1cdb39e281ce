"""Columns of unruled tables: from header words, and fitted to the white space of a page."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from parsers.readers.pdf_glyphs import Ints
from parsers.readers.pdf_groups import Groups, grouped_titles
from parsers.readers.pdf_lines import (
    CURRENCY_SIGNS,
    FLOW_GAP,
    PAGE_NUMBER,
    Line,
    box_of,
    flow_height,
    print_height,
    space_width,
    uncut_lines,
)
from parsers.readers.pdf_lines import squeeze as squeeze
from parsers.readers.pdf_memory import BINS, TableMemory
from parsers.readers.pdf_types import BBox, Column, ColumnLayout, Page, Word

_MAX_HEADER_LINES = 5
# lines of one header stand at most this many print heights apart
_HEADER_STEP = 2.2
# words of one title on one line stand at most this many print heights apart
_TITLE_GAP = 1.0
# a space is narrower than this share of the print height, the room between columns wider
_SPACE = 0.33
# places looked at for one border, and what a narrower one costs: less than any line that breaks
_MOST_PLACES = 5
_LATER = 0.01
_TOTAL = re.compile(r"(?:sub-?)?totals?:?", re.IGNORECASE)
_FIGURE = re.compile(r"[(–-]*\$?[(–-]*\d|\$$")


@dataclass(frozen=True)
class _Title:
    """One column title that was found: its canonical name and the words that spell it."""

    name: str
    words: tuple[Word, ...]

    @property
    def box(self) -> BBox:
        return box_of(list(self.words))


@dataclass(frozen=True)
class _Header:
    titles: tuple[_Title, ...]
    lines: tuple[Line, ...]
    unknown: tuple[str, ...]


def columns_from_headers(
    page: Page,
    aliases: Mapping[str, Sequence[str]],
    anchors: Sequence[str] = (),
    minimum: int = 2,
    groups: Mapping[str, Sequence[str]] | None = None,
    parts: Mapping[str, Sequence[str]] | None = None,
) -> ColumnLayout | None:
    """Columns of the first best header on the page; None when fewer than `minimum` titles are found together.

    aliases: canonical column name -> the header texts it may carry, e.g. {"value": ["Value", "Value (US$)"]}.
    Titles may come in any order and be wrapped over several lines; footnote digits may be glued to them.
    Where two titles fit, the longer wins ('Total Cost' before 'Total'). anchors: names among those found
    that make a line a row; default: all that are found. The layout's `unknown` holds header words that
    belong to no alias: a caller that accepts only known columns rejects on them. Edges are fitted to the
    page's white space between neighbouring titles. groups: words that may stand above several titles, and
    parts: those titles; columns are then named "<group> <part>" ("Licensed" above "Quantity" and "Value").
    """
    height = print_height(page)
    if height == 0.0:
        return None
    lines = uncut_lines(page)
    grouped = grouped_titles(lines, groups, parts, height) if groups and parts else None
    header = _best_header(lines, _spellings(aliases), height, grouped)
    if header is None or len(header.titles) < minimum:
        return None
    titles = sorted(header.titles, key=lambda t: t.box[0] + t.box[2])
    spans = tuple((t.box[0], t.box[2]) for t in titles)
    bottom = max(t.box[3] for t in titles)
    edges = fit_edges(page, spans, bottom)
    found = [t.name for t in titles]
    columns = tuple(Column(n, a, b) for n, a, b in zip(found, edges, edges[1:], strict=False))
    return ColumnLayout(
        columns=columns,
        anchors=tuple(a for a in anchors if a in found) or tuple(found),
        header_page=page.number,
        header_top=min([*(t.box[1] for t in titles), *(w.top for w in (grouped.heads if grouped else ()))]),
        header_bottom=bottom,
        header_texts=tuple(squeeze(line.text) for line in header.lines),
        title_spans=spans,
        unknown=header.unknown,
    )


_Spelling = tuple[str, str, bool]
"""squeezed text of a title, its column's name, whether digits count"""


def _spellings(aliases: Mapping[str, Sequence[str]]) -> tuple[_Spelling, ...]:
    """All known titles, the longest first."""
    found = []
    for name, texts in aliases.items():
        for text in texts:
            digits = any(ch.isdecimal() for ch in text)
            if key := squeeze(text, digits):
                found.append((key, name, digits))
    return tuple(sorted(found, key=lambda s: (-len(s[0]), s[0])))


def _best_header(
    lines: Sequence[Line],
    spellings: tuple[_Spelling, ...],
    height: float,
    grouped: Groups | None = None,
) -> _Header | None:
    best: _Header | None = None
    best_score = (0, 0, 0, 0)
    given = grouped.words if grouped else frozenset()
    pieces = [_title_pieces(line, spellings) for line in lines]
    for first, opening in enumerate(pieces):
        if not opening.begins:
            continue
        names, strangers = {title.name for title in grouped.titles} if grouped else set[str](), 0
        for last in range(first, min(first + _MAX_HEADER_LINES, len(lines))):
            step = lines[last].y - lines[max(first, last - 1)].y
            if step > _HEADER_STEP * height:
                break
            names |= pieces[last].begins
            strangers += pieces[last].strangers
            if not pieces[last].within:
                continue  # no header ends with a line that has no piece of a title
            if (len(names), -strangers) < best_score[:2]:
                continue  # it cannot be better: no title but these begins here, and these words spell none
            window = lines[first : last + 1]
            if given and not given <= {word for line in window for word in line.words}:
                continue  # a header of two levels is one header
            header = _match(window, spellings, height, grouped)
            if _reaches_into_rows(header):
                continue
            # of two windows with the same titles, the one that spells them out in full
            spelled = sum(len(title.words) for title in header.titles)
            score = (len(header.titles), -len(header.unknown), spelled, first - last)
            if score > best_score:
                best, best_score = header, score
    return best


def _reaches_into_rows(header: _Header) -> bool:
    """Whether a line below the header's fullest one holds more words that spell nothing than words of titles.

    A word of a title may stand in a cell too ("not elsewhere classified in the USML").
    """
    used = {word for title in header.titles for word in title.words}
    spelled = [sum(word in used for word in line.words) for line in header.lines]
    fullest = spelled.index(max(spelled))
    return any(
        sum(bool(squeeze(word.text)) for word in line.words) > 2 * known
        for line, known in zip(header.lines[fullest + 1 :], spelled[fullest + 1 :], strict=True)
    )


class _Pieces(NamedTuple):
    """What a line's words may be in a header."""

    begins: frozenset[str]
    """names of the titles that a word may begin"""
    within: bool
    """whether a word is a piece of a title at all, or no word but a footnote digit or a unit"""
    strangers: int
    """how many words are a piece of no title"""


def _title_pieces(line: Line, spellings: tuple[_Spelling, ...]) -> _Pieces:
    known = _known_words(spellings)
    found = [known[text] if text in known else _learn(text, spellings, known) for text in line.texts]
    return _Pieces(
        frozenset().union(*(begins for begins, _ in found)),
        any(within for _, within in found),
        sum(not within for _, within in found),
    )


_Known = dict[str, tuple[frozenset[str], bool]]
_MOST_KNOWN = 20_000


@lru_cache(maxsize=8)
def _known_words(_spellings: tuple[_Spelling, ...]) -> _Known:
    """For words seen with these spellings, over all pages: the titles that each begins, and whether it is a
    piece of one.
    """
    return {}


def _learn(text: str, spellings: tuple[_Spelling, ...], known: _Known) -> tuple[frozenset[str], bool]:
    piece, letters = squeeze(text, True), squeeze(text)
    parts = [(key, name, piece if digits else letters) for key, name, digits in spellings]
    begins = frozenset(name for key, name, part in parts if part and key.startswith(part))
    # a footnote digit or a unit on a line of its own belongs to the header
    within = not piece or any(part in key for key, _, part in parts if part)
    if len(known) >= _MOST_KNOWN:
        known.clear()
    known[text] = begins, within
    return known[text]


def _match(
    lines: Sequence[Line],
    spellings: tuple[_Spelling, ...],
    height: float,
    grouped: Groups | None = None,
) -> _Header:
    """Titles spelled by the words of these lines, longest spellings first, no word used twice."""
    titles = [_Title(title.name, title.words) for title in grouped.titles] if grouped else []
    used: set[Word] = set(grouped.words) if grouped else set()
    taken: set[str] = {title.name for title in titles}
    starts: dict[str, list[tuple[int, int]]] = {}
    for row, line in enumerate(lines):
        for at, word in enumerate(line.words):
            starts.setdefault(squeeze(word.text, True)[:1], []).append((row, at))
            starts.setdefault(squeeze(word.text)[:1], []).append((row, at))
    for key, name, digits in spellings:
        if name in taken or key[0] not in starts:
            continue
        for words in _Speller(lines, digits, height).spell(key, starts[key[0]]):
            if not used.intersection(words):
                titles.append(_Title(name, words))
                used.update(words)
                taken.add(name)
                break
    # words that spell nothing (footnote digits, dollar signs) are no unknown titles
    unknown = tuple(w.text for line in lines for w in line.words if w not in used and squeeze(w.text))
    return _Header(tuple(titles), tuple(lines), unknown)


@dataclass(frozen=True)
class _Speller:
    """Spells one title with words to the right on one line, or below and overlapping."""

    lines: Sequence[Line]
    digits: bool
    height: float

    def spell(self, key: str, starts: Iterable[tuple[int, int]]) -> Iterator[tuple[Word, ...]]:
        """Ways to spell `key` from words at these places (line, place in it)."""
        for row, at in starts:
            yield from self._step(row, at, (), key)

    def _step(self, row: int, at: int, words: tuple[Word, ...], rest: str) -> Iterator[tuple[Word, ...]]:
        word = self.lines[row].words[at]
        piece = squeeze(word.text, self.digits)
        if piece and rest.startswith(piece):
            yield from self._grow(row, at, (*words, word), rest[len(piece) :])
        elif not piece and words:
            yield from self._grow(row, at, words, rest)

    def _grow(self, row: int, at: int, words: tuple[Word, ...], rest: str) -> Iterator[tuple[Word, ...]]:
        if not rest:
            yield words
            return
        here = self.lines[row].words
        if at + 1 < len(here) and here[at + 1].x0 - here[at].x1 <= _TITLE_GAP * self.height:
            yield from self._step(row, at + 1, words, rest)
        x0, _, x1, _ = box_of(list(words))
        for below in range(row + 1, len(self.lines)):
            hits = [i for i, w in enumerate(self.lines[below].words) if w.x0 < x1 and w.x1 > x0]
            for i in hits:
                yield from self._step(below, i, words, rest)
            if hits:
                break  # what stands directly below decides; a title does not jump over other words


def fit_edges(
    page: Page,
    spans: Sequence[tuple[float, float]],
    below: float,
    memory: TableMemory | None = None,
) -> list[float]:
    """Borders of the columns whose titles span `spans`: where the fewest words below y = `below` are cut.

    Between two titles the widest run of least ink is taken, and its middle. Where every place between them is
    inked by more lines than prose explains, the search goes on to the middles of both titles. Where figures
    stand to the right below a title to the left, two places are free of ink; the better keeps cells whole.
    """
    height = print_height(page)
    lines = uncut_lines(page)
    memory = memory or TableMemory()
    space = max(_SPACE * height, 1.15 * space_width(page))
    table = [
        line
        for line in lines
        if line.y > below and not _is_running_text(line, spans, flow_height(page)) and not memory.ran(line)
    ]
    cells = [list(_runs(line, space)) for line in map(_without_label, table) if line.words]
    ink = memory.add_lines(spans, cells, page.width)
    prose = max(1.0, 0.02 * len(lines))
    found: list[list[_Place]] = []
    for left, right in pairwise(spans):
        guess = (left[1] + right[0]) / 2
        wide = _between((left[0] + left[1]) / 2, (right[0] + right[1]) / 2, ink)
        near = _between(left[1], right[0], ink) if left[1] < right[0] else wide
        taken = near if near.least <= wide.least + prose else wide
        found.append(_least_ink(taken, guess, prose))
    last = max(page.width, spans[-1][1]) + 1.0
    return [0.0, *_whole_cells(found, memory.lines, last), last]


def sum_label(line: Line) -> int:
    """How many words stand before the first figure of a line of sums; 0 for any other line.

    A line of sums says "total" before its figures, and nothing but figures and signs after them begin.
    """
    if "total" not in line.text.lower():
        return 0
    first = next((n for n, word in enumerate(line.words) if _FIGURE.match(word.text)), len(line.words))
    says_so = any(_TOTAL.fullmatch(word.text) for word in line.words[:first])
    figures = not any(ch.isalpha() for word in line.words[first:] for ch in word.text)
    return first if says_so and figures else 0


def _without_label(line: Line) -> Line:
    """A line of sums without its words, which may run over several columns."""
    first = sum_label(line)
    return Line(line.y, line.words[first:], line.columns[first:]) if first else line


def _runs(line: Line, space: float) -> Iterator[tuple[float, float]]:
    """x0 and x1 of words with no more than a space between them: no column ends inside."""
    x0, x1, signed = line.words[0].x0, line.words[0].x1, line.words[0].text in CURRENCY_SIGNS
    for word in line.words[1:]:
        # a currency sign may stand apart, at the left of its column: no column ends between it and its
        # figure, and it never stands behind another cell's text
        apart = word.x0 - x1 > space or (word.text in CURRENCY_SIGNS and word.x0 > x1)
        if apart and not signed:
            yield x0, x1
            x0 = word.x0
        x1, signed = max(x1, word.x1), word.text in CURRENCY_SIGNS
    yield x0, x1


def _is_running_text(line: Line, spans: Sequence[tuple[float, float]], height: float) -> bool:
    """A page number, title or sentence (one run of words under several titles): no help with columns."""
    if PAGE_NUMBER.match(line.text):
        return True
    if any(b.x0 - a.x1 > FLOW_GAP * height for a, b in pairwise(line.words)):
        return False
    x0, _, x1, _ = line.bbox
    return sum(x0 < span[1] and x1 > span[0] for span in spans) > 1


class _Place(NamedTuple):
    """A place for a border between two columns, and how many runs of text it would cut."""

    x: float
    cut: float


class _Between(NamedTuple):
    """The ink between two places: number of the first bin, number of runs over each bin, the least of them."""

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

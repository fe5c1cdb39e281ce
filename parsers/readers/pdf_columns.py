"""Columns of unruled tables, found by the words of their header."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from parsers.readers.pdf_groups import Groups, grouped_titles
from parsers.readers.pdf_lines import FLOW_GAP, Line, box_of, flow_height, print_height, squeeze, uncut_lines
from parsers.readers.pdf_types import BBox, Column, ColumnLayout, Page, Word

_MAX_HEADER_LINES = 5
# so many cells on either side tell two columns from one
_FEW_CELLS = 3
# lines of one header stand at most this many print heights apart
_HEADER_STEP = 2.2
# words of one title on one line stand at most this many print heights apart
_TITLE_GAP = 1.0
# what rows print and headers do not
_AMOUNT = re.compile(r"[$(]*\d{1,3}(?:,\d{3})+(?:\.\d\d)?\)?|\$\d+")


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
    belong to no alias: a caller that accepts only known columns rejects on them. Columns meet half way
    between their titles; `column_rows` fits them to the white space of the page it reads. groups: words that
    may stand above several titles, and parts: those titles; columns are then named "<group> <part>"
    ("Licensed" above "Quantity" and "Value").
    """
    height = print_height(page)
    if height == 0.0:
        return None
    lines = uncut_lines(page)
    grouped = grouped_titles(lines, groups, parts, height) if groups and parts else None
    spellings = _spellings(aliases)
    words = frozenset(key for key, name, _ in spellings if anchors and name not in anchors)
    header = _best_header(lines, spellings, height, _Body(words, FLOW_GAP * flow_height(page)), grouped)
    if header is None or len(header.titles) < minimum:
        return None
    titles = sorted(header.titles, key=lambda t: t.box[0] + t.box[2])
    spans = tuple((t.box[0], t.box[2]) for t in titles)
    bottom = max(t.box[3] for t in titles)
    middles = accumulate(((left[1] + right[0]) / 2 for left, right in pairwise(spans)), max)
    edges = [0.0, *middles, max(page.width, spans[-1][1]) + 1.0]
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
    body: _Body,
    grouped: Groups | None = None,
) -> _Header | None:
    best: _Header | None = None
    best_score = (0, 0, 0, 0)
    given = grouped.words if grouped else frozenset()
    known = _known_words(spellings)
    pieces = [_title_pieces(line, spellings, known) for line in lines]
    for first, opening in enumerate(pieces):
        if not opening.begins or _holds_amount(lines[first]):
            continue
        names, strangers = {title.name for title in grouped.titles} if grouped else set[str](), 0
        for last in range(first, min(first + _MAX_HEADER_LINES, len(lines))):
            step = lines[last].y - lines[max(first, last - 1)].y
            if step > _HEADER_STEP * height or (last > first and _holds_amount(lines[last])):
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
            header = _match(window, spellings, height, replace(body, lines=lines[last + 1 :]), grouped)
            if _reaches_into_rows(header):
                continue
            # of two windows with the same titles, the one that spells them out in full
            spelled = sum(len(title.words) for title in header.titles)
            score = (len(header.titles), -len(header.unknown), spelled, first - last)
            if score > best_score:
                best, best_score = header, score
    return best


def _holds_amount(line: Line) -> bool:
    return any(map(_AMOUNT.fullmatch, line.texts))


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


def _title_pieces(line: Line, spellings: tuple[_Spelling, ...], known: _Known) -> _Pieces:
    found = [known[text] if text in known else _learn(text, spellings, known) for text in line.texts]
    begins = [names for names, _ in found if names]
    strangers = [within for _, within in found].count(False)
    return _Pieces(frozenset().union(*begins) if begins else _NONE, strangers < len(found), strangers)


_Known = dict[str, tuple[frozenset[str], bool]]
_MOST_KNOWN = 20_000
_NONE: frozenset[str] = frozenset()


@lru_cache(maxsize=8)
def _known_words(_spellings: tuple[_Spelling, ...]) -> _Known:
    """For words seen with these spellings, over all pages: the titles that each begins, and whether it is a
    piece of one.
    """
    return {}


def _learn(text: str, spellings: tuple[_Spelling, ...], known: _Known) -> tuple[frozenset[str], bool]:
    piece, letters = squeeze(text, True), squeeze(text)
    # a figure, as most words of a table are, spells no title but one that has digits
    parts = [
        (key, name, piece if digits else letters) for key, name, digits in spellings if letters or digits
    ]
    begins = frozenset([name for key, name, part in parts if part and key.startswith(part)])
    # a footnote digit or a unit on a line of its own belongs to the header
    within = not piece or any([part in key for key, _, part in parts if part])
    if len(known) >= _MOST_KNOWN:
        known.clear()
    known[text] = begins, within
    return known[text]


def _match(
    lines: Sequence[Line],
    spellings: tuple[_Spelling, ...],
    height: float,
    body: _Body,
    grouped: Groups | None = None,
) -> _Header:
    """The titles of these lines; two side by side that also make one are two, unless words are left over."""
    parted = _spelled(lines, spellings, height, body, grouped)
    if not parted.unknown or not body.keys:
        return parted
    whole = _spelled(lines, spellings, height, replace(body, keys=frozenset()), grouped)
    return whole if len(whole.unknown) < len(parted.unknown) else parted


def _spelled(
    lines: Sequence[Line],
    spellings: tuple[_Spelling, ...],
    height: float,
    body: _Body,
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
            if not used.intersection(words) and not body.parts(words):
                titles.append(_Title(name, words))
                used.update(words)
                taken.add(name)
                break
    # words that spell nothing (footnote digits, dollar signs) are no unknown titles
    unknown = tuple(w.text for line in lines for w in line.words if w not in used and squeeze(w.text))
    return _Header(tuple(titles), tuple(lines), unknown)


@dataclass(frozen=True)
class _Body:
    """What tells two titles from one.

    keys: squeezed titles of columns of words. space: the widest room inside running text, in points. lines:
    those below the header.
    """

    keys: frozenset[str]
    space: float
    lines: Sequence[Line] = ()

    def parts(self, words: Sequence[Word]) -> bool:
        """Whether words spell a title on both sides of a gap that is no space, or parts the lines below."""
        return bool(self.keys) and any(
            abs(right.bottom - left.bottom) < self.space
            and squeeze("".join(word.text for word in words[:at])) in self.keys
            and squeeze("".join(word.text for word in words[at:])) in self.keys
            and (right.x0 - left.x1 > self.space or self._is_parted(left, right))
            for at, (left, right) in enumerate(pairwise(words), start=1)
        )

    def _is_parted(self, left: Word, right: Word) -> bool:
        """Whether cells below end and begin between two words of the header, and none lies across."""
        middle = (left.x1 + right.x0) / 2
        ends = begins = runs_on = 0
        for line in self.lines:
            before = max((word.x1 for word in line.words if word.x0 < middle), default=-math.inf)
            after = min((word.x0 for word in line.words if word.x0 >= middle), default=math.inf)
            runs_on += before > middle or after - before <= self.space
            ends += left.x0 - self.space < before <= middle
            begins += middle <= after < right.x1
        return runs_on <= len(self.lines) / 10 and min(ends, begins) >= _FEW_CELLS


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

"""Rows of unruled tables: anchor lines, the wrapped lines around them, and tables that go on over pages."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from operator import itemgetter

from parsers.readers.pdf_edges import fit_edges, sum_label
from parsers.readers.pdf_lines import (
    PAGE_NUMBER,
    TYPED_RULE,
    Line,
    box_of,
    flow_height,
    page_lines,
    print_height,
    separators,
    squeeze,
)
from parsers.readers.pdf_memory import TableMemory
from parsers.readers.pdf_types import EMPTY_CELL, Cell, Column, ColumnLayout, Page, TableRow, Word
from parsers.readers.pdf_wrap import MODES, Split, split_column, torn_phrases

ROW, LINE, HEADER, FOOTNOTE, WRAP = "row", "line", "header", "footnote", "wrap"
# below the last row, a line of running text that begins like this is a footnote even if none is declared
_FOOTNOTE_START = re.compile(r"^\s*(\*|†|‡|notes?\b|sources?\b|\(?\d{1,2}[).]?\s*[A-Za-z])", re.IGNORECASE)
# the same where the line keeps to one column, as a wrapped cell's last line may
_FOOTNOTE_MARK = re.compile(r"^\s*([*†‡]|notes?:|sources?:)", re.IGNORECASE)
# words of a running title or foot that end with the page's number, said to be one
_PAGE_OF = re.compile(
    r"(?:\bpage\W*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?|\s\d{1,4}\s*(?:of|/)\s*\d{1,4})$", re.IGNORECASE
)
# cutting a cell in two there costs this many print heights
_TORN = 1.0
_VISUAL_LINE = 0.5
_CUT_REACH = 2.2
# an alignment that has fitted this many print heights better than the next is the table's ...
_SETTLED = 40
# ... or this many, where it has fitted without any misfit
_FLAWLESS = 12


@dataclass
class _Item:
    """One line with its kind; rows also hold the fragments of other lines that belong to them."""

    kind: str
    line: Line
    segment: int
    parts: list[tuple[int, list[Word]]]
    """(column, words) taken from lines around a row's anchor"""
    cut: bool = False


def column_rows(page: Page, columns: ColumnLayout, memory: TableMemory | None = None) -> list[TableRow]:
    """Rows of one page, with headings, headers and footnotes between them, from top to bottom.

    Every upright word of the page is in exactly one TableRow. Text cut off by the page's ends comes as kind
    "line" with complete False; `stitch` joins it to its row. With wrap "auto" the alignment that fits the
    page best is taken; `memory`, kept by the caller over the pages of one table, lets the pages before count.
    """
    height = print_height(page)
    if height == 0.0:
        return []
    memory = memory or TableMemory()
    edges = _edges(page, columns, memory)
    lines = page_lines(page, edges)
    items = _classified(page, lines, columns, height, memory)
    memory.has_rows |= any(item.kind == ROW for item in items)
    splits = _best_splits(items, columns, height, memory)
    _attach(items, splits, height)
    shown = [i for i in items if i.kind != WRAP or i.line.words]
    return [_table_row(i, n, page, columns, height) for n, i in enumerate(shown, 1)]


def _edges(page: Page, layout: ColumnLayout, memory: TableMemory) -> list[float]:
    if layout.title_spans:
        below = layout.header_bottom if page.number == layout.header_page else 0.0
        return fit_edges(page, layout.title_spans, below, memory, layout.heading)
    return [c.x0 for c in layout.columns] + [layout.columns[-1].x1]


def _classified(
    page: Page, lines: list[Line], layout: ColumnLayout, height: float, memory: TableMemory
) -> list[_Item]:
    anchors = frozenset(i for i, c in enumerate(layout.columns) if c.name in layout.anchors)
    drawn = separators(page, lines, layout)
    flow = flow_height(page)
    items = []
    footnotes = False
    for line in lines:
        footnotes = footnotes or bool(layout.footnote and layout.footnote.search(line.text))
        kind = FOOTNOTE if footnotes else _kind(page, line, layout, anchors, flow)
        if kind in (ROW, WRAP) and memory.ran(line):
            # what stood beside the rows at this height on the page before: a title, a page number
            kind = LINE
        items.append(_Item(kind, line, bisect_left(drawn, line.y - height / 2), []))
    _lines_above_header(page, items, layout, anchors, memory)
    _page_numbers(items, height)
    _footnotes_below(items)
    memory.stood_beside_rows(item.line for item in items if item.kind == LINE)
    return items


def _kind(page: Page, line: Line, layout: ColumnLayout, anchors: frozenset[int], height: float) -> str:
    text = line.text
    if TYPED_RULE.fullmatch(text):
        return LINE
    if page.number == layout.header_page and layout.header_top - 1 <= line.top <= layout.header_bottom:
        return HEADER
    if layout.header_texts and squeeze(text) in layout.header_texts:
        return HEADER
    if layout.heading(text, line.bbox):
        return LINE
    values = _anchor_values(line, layout, anchors)
    if values and (sum_label(line) or not line.is_prose(height, " ".join(values))):
        return ROW
    return LINE if line.flows(height) or max(line.columns) < 0 else WRAP


def _anchor_values(line: Line, layout: ColumnLayout, anchors: frozenset[int]) -> list[str]:
    """Texts of the anchor columns that hold a value."""
    if anchors.isdisjoint(line.columns):
        return []
    texts: dict[int, str] = {}
    for column, text in zip(line.columns, line.texts, strict=True):
        if column in anchors:
            texts[column] = f"{texts[column]} {text}" if column in texts else text
    return [text for text in texts.values() if layout.anchor_pattern.search(text)]


def _page_numbers(items: list[_Item], height: float) -> None:
    """A page number that stands under (or over) an anchor column, apart from the table, is no row."""
    for item, neighbour in ((items[0], items[1]), (items[-1], items[-2])) if len(items) > 1 else ():
        apart = abs(item.line.y - neighbour.line.y) > _CUT_REACH * height
        text = item.line.text
        if item.kind in (ROW, WRAP) and apart and (PAGE_NUMBER.match(text) or _PAGE_OF.search(text)):
            item.kind = LINE


def _lines_above_header(
    page: Page, items: list[_Item], layout: ColumnLayout, anchors: frozenset[int], memory: TableMemory
) -> None:
    """Titles above a page's first header are no rows, even with a year or number in an anchor column.

    A sum or row at the head of the page belongs to a block on the page before.
    """
    first = next((n for n, i in enumerate(items) if i.kind == HEADER), 0)
    at_head, flow = memory.has_rows, flow_height(page)
    for item in items[:first]:
        many = len(anchors) > 1 and len(_anchor_values(item.line, layout, anchors)) > 1
        if at_head and item.kind == ROW and (sum_label(item.line) or not item.line.flows(flow)):
            continue
        at_head = at_head and (item.kind == ROW or memory.ran(item.line))
        if item.kind == WRAP or (item.kind == ROW and (page.number == layout.header_page or not many)):
            item.kind = LINE


def _footnotes_below(items: list[_Item]) -> None:
    last = max((n for n, i in enumerate(items) if i.kind == ROW), default=len(items))
    seen = False
    for item in items[last + 1 :]:
        start = _FOOTNOTE_START if item.kind == LINE else _FOOTNOTE_MARK
        seen = seen or bool(start.match(item.line.text))
        if seen and item.kind in (LINE, WRAP) and not PAGE_NUMBER.match(item.line.text):
            item.kind = FOOTNOTE


@dataclass(frozen=True)
class _Stretch:
    """Neighbouring items between separators, headers and headings; indices into the page's items."""

    anchors: tuple[int, ...]
    gaps: tuple[tuple[int, ...], ...]


def _stretches(items: list[_Item]) -> Iterator[_Stretch]:
    start = 0
    for n in range(len(items) + 1):
        ends = n == len(items) or items[n].kind not in (ROW, WRAP)
        moved = not ends and n > start and items[n].segment != items[n - 1].segment
        if not (ends or moved):
            continue
        yield from _stretch(items, range(start, n))
        start = n if moved else n + 1


def _stretch(items: list[_Item], numbers: range) -> Iterator[_Stretch]:
    anchors = tuple(n for n in numbers if items[n].kind == ROW)
    if not anchors:
        return
    borders = (numbers.start - 1, *anchors, numbers.stop)
    gaps = tuple(tuple(range(a + 1, b)) for a, b in pairwise(borders))
    yield _Stretch(anchors, gaps)


@dataclass(frozen=True)
class _Strand:
    """One column of a stretch that has wrapped lines: what `split_column` needs, and the items behind it."""

    stretch: _Stretch
    column: int
    gaps: list[list[int]]
    ys: list[float]
    own: list[bool]
    heights: list[list[float]]


_Splits = list[tuple[_Strand, Split]]


def _best_splits(items: list[_Item], layout: ColumnLayout, height: float, memory: TableMemory) -> _Splits:
    """Splits of all stretches and columns in the alignment that fits this page and those before it best."""
    columns = len(layout.columns)
    strands = [s for stretch in _stretches(items) for s in _strands(items, stretch, columns)]
    scale = (height, _lead(items, height))
    found: dict[str, _Splits] = {}
    modes = _modes(layout, memory, height)
    for mode in modes:
        found[mode] = [(s, split_column(s.ys, s.own, s.heights, mode, scale)) for s in strands]
        # phrases only weigh one alignment against another
        torn = sum(_torn(items, strand, split) for strand, split in found[mode]) if len(modes) > 1 else 0
        memory.costs[mode] += sum(split.cost for _, split in found[mode]) + _TORN * height * torn
    return found[min(found, key=lambda mode: round(memory.costs[mode], 3))]


def _torn(items: list[_Item], strand: _Strand, split: Split) -> int:
    """How many cells of the column the split cuts in the midst of a phrase."""
    column, anchors = strand.column, (-1, *strand.stretch.anchors, -1)
    torn = 0
    for g, (gap, counts) in enumerate(zip(strand.gaps, split.counts, strict=True)):
        if gap:
            lines = [
                items[n].line.in_column(column) if n >= 0 else [] for n in (anchors[g], *gap, anchors[g + 1])
            ]
            torn += torn_phrases([" ".join(word.text for word in words) for words in lines], counts)
    return torn


def _modes(layout: ColumnLayout, memory: TableMemory, height: float) -> tuple[str, ...]:
    """Alignments to try: all, until the pages before have settled it."""
    if layout.wrap != "auto":
        return (layout.wrap,)
    best, second = sorted(MODES, key=lambda mode: memory.costs[mode])[:2]
    enough = _SETTLED if memory.costs[best] else _FLAWLESS
    settled = memory.costs[second] - memory.costs[best] > enough * height
    return (best,) if settled else MODES


def _strands(items: list[_Item], stretch: _Stretch, columns: int) -> Iterator[_Strand]:
    filled = [g for g, gap in enumerate(stretch.gaps) if gap]
    ys = [items[n].line.y for n in stretch.anchors]
    wrapped = {c for g in filled for n in stretch.gaps[g] for c in items[n].line.columns}
    for column in sorted(wrapped.intersection(range(columns))):
        gaps: list[list[int]] = [[] for _ in stretch.gaps]
        for g in filled:
            gaps[g] = [n for n in stretch.gaps[g] if column in items[n].line.columns]
        if any(gaps):
            own = [column in items[n].line.columns for n in stretch.anchors]
            heights = [[items[n].line.y for n in gap] if gap else [] for gap in gaps]
            yield _Strand(stretch, column, gaps, ys, own, heights)


def _lead(items: list[_Item], height: float) -> float:
    """Distance of two lines in one cell: the smallest that lines of one column commonly keep, in points."""
    steps = []
    above: dict[int, tuple[str, float]] = {}
    for item in items:
        if item.kind not in (ROW, WRAP):
            continue
        for column in set(item.line.columns):
            kind, y = above.get(column, (ROW, 0.0))
            if column >= 0 and WRAP in (kind, item.kind) and column in above:
                steps.append(item.line.y - y)
            above[column] = item.kind, item.line.y
    return min((s for s in steps if s > 0.7 * height), default=height)


def _attach(items: list[_Item], splits: _Splits, height: float) -> None:
    """Move fragments to their rows; what stays behind becomes a line of its own."""
    for strand, split in splits:
        anchors, column = strand.stretch.anchors, strand.column
        for g, (gap, (above, below)) in enumerate(zip(strand.gaps, split.counts, strict=True)):
            # counts[0] is (0, taken by the first anchor); counts[i] belongs to the gap below anchor i
            for n in gap[:above]:
                _move(items[n], items[anchors[g - 1]], column)
            for n in gap[len(gap) - below :] if below else ():
                _move(items[n], items[anchors[g]], column)
    _mark_cut(items, height)


def _move(source: _Item, row: _Item, column: int) -> None:
    line = source.line
    row.parts.append((column, line.in_column(column)))
    kept = [(w, c) for w, c in zip(line.words, line.columns, strict=True) if c != column]
    line.set_words([w for w, _ in kept], [c for _, c in kept])


def _mark_cut(items: list[_Item], height: float) -> None:
    """Fragments next to the page's first or last row, no heading between, may be the other page's.

    So may fragments below the first row, where the row's upper part stands on the page before.
    """
    rows = [n for n, i in enumerate(items) if i.kind == ROW]
    if not rows:
        return
    for numbers, reach, below in (
        (range(rows[0] - 1, -1, -1), rows[0], False),
        (range(rows[0] + 1, len(items)), rows[0], True),
        (range(rows[-1] + 1, len(items)), rows[-1], True),
    ):
        row = items[reach]
        ends = [row.line.y, *(word.bottom for _, words in row.parts for word in words)]
        near = max(ends) if below else min(ends)
        for n in numbers:
            item = items[n]
            if item.kind != WRAP:
                break
            if not item.line.words:
                continue
            if abs(item.line.y - near) > _CUT_REACH * height:
                break
            item.cut, near = True, item.line.y


_LEFT_TO_RIGHT, _BOTTOM = itemgetter(1, 4), itemgetter(4)


def _cell(words: list[Word], height: float) -> Cell:
    """Words of one cell in lines; raised and lowered print stays on its line."""
    if len(words) == 1:
        word = words[0]
        return Cell((word[0],), word[1:5])
    box = box_of(words)
    words = sorted(words, key=_LEFT_TO_RIGHT)
    if box[3] - min([word[4] for word in words]) <= _VISUAL_LINE * height:
        return Cell((" ".join([word[0] for word in words]),), box)
    lines: list[list[Word]] = []
    base = -math.inf
    for word in sorted(words, key=_BOTTOM):
        if word[4] - base > _VISUAL_LINE * height:
            lines.append([])
            base = word[4]
        lines[-1].append(word)
    for line in lines:
        line.sort(key=_LEFT_TO_RIGHT)
    return Cell(tuple([" ".join([w[0] for w in line]) for line in lines]), box)


def _table_row(item: _Item, number: int, page: Page, layout: ColumnLayout, height: float) -> TableRow:
    line = item.line
    by_column: dict[int, list[Word]] = {}
    for word, column in zip(line.words, line.columns, strict=True):
        if column in by_column:
            by_column[column].append(word)
        else:
            by_column[column] = [word]
    for column, words in item.parts:
        by_column.setdefault(column, []).extend(words)
    cells = {
        name: _cell(by_column[n], height) if n in by_column else EMPTY_CELL
        for n, name in enumerate(layout.names)
    }
    kind = LINE if item.kind == WRAP else item.kind
    text = " ".join([" ".join(c[0]) for c in cells.values() if c[0]]) if kind == ROW else line.text
    bbox = box_of([*line.words, *chain(*(words for _, words in item.parts))]) if item.parts else line.bbox
    return TableRow(kind, cells, text, page.number, number, bbox, not item.cut)


def declared_columns(edges: Iterable[tuple[str, float, float]]) -> tuple[Column, ...]:
    """Columns from (name, x0, x1) triples, as source.yml writes them."""
    return tuple(Column(name, float(x0), float(x1)) for name, x0, x1 in edges)

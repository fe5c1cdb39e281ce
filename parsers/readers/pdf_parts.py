"""Parts of pages: tables side by side or one above the other, titles left out, titles that are signs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from parsers.readers.pdf_lines import Line, page_lines, print_height, uncut_lines
from parsers.readers.pdf_types import BBox, Column, ColumnLayout, Page, TableRow

_SIGNS = re.compile(r"\([^\w\s()-]\)(?:\s+\([^\w\s()-]\))*")  # "($) ($)": no letter, no figure, no blank mark
# words of a line of running text, those of them without a capital, and the room between lines of a paragraph
# as a share of the print's height
_PROSE_WORDS, _PROSE_SMALL, _PARAGRAPH = 8, 3, 0.8
_TITLE_WORDS = 3


def page_part(page: Page, box: BBox) -> Page:
    """What stands in a box of the page, as a page of the same number and size."""
    x0, top, x1, bottom = box
    glyphs = page.glyphs
    across, down = (glyphs.x0 + glyphs.x1) / 2, (glyphs.top + glyphs.bottom) / 2
    kept = (across >= x0) & (across < x1) & (down >= top) & (down < bottom)
    return replace(
        page,
        glyphs=glyphs.take(kept),
        across=page.across[(page.across[:, 0] >= top) & (page.across[:, 0] < bottom)],
        down=page.down[(page.down[:, 0] >= x0) & (page.down[:, 0] < x1)],
    )


def without_lines(page: Page, pattern: re.Pattern[str]) -> Page:
    """The page without the lines in which the pattern is found."""
    return _without(page, [line.bbox for line in page_lines(page, []) if pattern.search(line.text)])


def without_prose(page: Page) -> Page:
    """The page without its paragraphs of running text, which may use the words of a header.

    A line of prose has many words, some of them without a capital, and no room for a column between them; the
    lines close below it without such room go on with it.
    """
    height = print_height(page)
    boxes: list[BBox] = []
    for line in sorted(uncut_lines(page), key=lambda line: line.top):
        goes_on = bool(boxes) and line.top - boxes[-1][3] <= _PARAGRAPH * height
        if _in_one_piece(line, height) and (goes_on or _is_prose(line)):
            boxes.append(line.bbox)
    return _without(page, boxes)


def without_titles(page: Page, header: ColumnLayout) -> Page:
    """The page without the titles that were taken for lines of a header, which hold words it does not know.

    A title is running text of several words over more than one column, set in the middle of the table or the
    page, or at the table's left edge. The page itself where no line is such.
    """
    height = print_height(page)
    left, right = header.title_spans[0][0], header.title_spans[-1][1]
    boxes: list[BBox] = []
    for line in uncut_lines(page):
        x0, top, x1, _ = line.bbox
        if not header.header_top - 1 <= top <= header.header_bottom or len(line.words) < _TITLE_WORDS:
            continue
        middle = (x0 + x1) / 2
        placed = (
            min(abs(middle - (left + right) / 2), abs(middle - page.width / 2), abs(x0 - left)) <= 2 * height
        )
        over = sum(a < x1 and b > x0 for a, b in header.title_spans)
        strange = not set(line.texts).isdisjoint(header.unknown)
        if strange and placed and over > 1 and _in_one_piece(line, height):
            boxes.append(line.bbox)
    return _without(page, boxes) if boxes else page


def _in_one_piece(line: Line, height: float) -> bool:
    return all(right.x0 - left.x1 <= height for left, right in pairwise(line.words))


def _is_prose(line: Line) -> bool:
    small = sum(text[0].islower() for text in line.texts)
    return len(line.texts) >= _PROSE_WORDS and small >= _PROSE_SMALL


def _without(page: Page, boxes: Sequence[BBox]) -> Page:
    if not boxes:
        return page
    middle = (page.glyphs.top + page.glyphs.bottom) / 2
    kept = ~np.any([(middle >= top) & (middle <= bottom) for _, top, _, bottom in boxes], axis=0)
    return replace(page, glyphs=page.glyphs.take(kept))


def figure_lines(page: Page, figure: re.Pattern[str]) -> list[TableRow]:
    """Lines of a page without a header that set a figure apart as a row does, as rows of kind "early"."""
    apart = 2 * print_height(page)
    return [
        TableRow("early", {}, line.text, page.number, at, line.bbox)
        for at, line in enumerate(uncut_lines(page), start=1)
        if line.widest_gap > apart and figure.search(line.text)
    ]


def numbered(rows: Iterable[TableRow]) -> Iterator[TableRow]:
    """The rows of a page's parts numbered on, so that each place on the page is one row's."""
    page = last = before = 0
    for row in rows:
        if row.page != page:
            page, last, before = row.page, 0, 0
        elif row.row <= last:
            before += last
        last = row.row
        yield replace(row, row=before + row.row) if before else row


def with_signs(
    found: ColumnLayout, page: Page, signs: Mapping[str, str], anchors: Sequence[str]
) -> ColumnLayout:
    """The columns with those whose title is a sign ("#"), where the header has that sign once."""
    titles = list(zip(found.title_spans, found.names, strict=True))
    for name, sign in signs.items():
        places = [
            (word.x0, word.x1)
            for word in page.words
            if word.text == sign and found.header_top - 1 <= word.top <= found.header_bottom
        ]
        if name not in found.names and len(places) == 1:
            titles.append((places[0], name))
    if len(titles) == len(found.names):
        return found
    titles.sort()
    spans, names = tuple(span for span, _ in titles), [name for _, name in titles]
    middles = [(left[1] + right[0]) / 2 for left, right in pairwise(spans)]
    edges = [found.columns[0].x0, *middles, found.columns[-1].x1]
    columns = tuple(Column(n, a, b) for n, a, b in zip(names, edges, edges[1:], strict=False))
    return replace(
        found,
        columns=columns,
        anchors=tuple(name for name in anchors if name in names),
        title_spans=spans,
    )


def with_unit_line(found: ColumnLayout, page: Page) -> ColumnLayout:
    """The columns with the line of signs right below their titles: ``Licensed Value`` above ``($)``."""
    bottom = found.header_bottom
    for line in sorted(page_lines(page, []), key=lambda line: line.top):
        height = line.bbox[3] - line.bbox[1]
        if bottom - height / 2 <= line.top <= bottom + height and _SIGNS.fullmatch(line.text):
            bottom = line.bbox[3]
    return replace(found, header_bottom=bottom)

"""What the words above columns of no stage say of it: licensed, shipped, or something that is neither.

A column titled "Value" alone holds what was licensed, unless a title or a word above several columns tells
otherwise. Such a word with no known meaning refuses the report: its figures could be of denials.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from parsers.readers.pdf import ColumnLayout, Page, Word, squeeze
from parsers.readers.pdf_lines import Line, page_lines
from parsers.record import DocumentError
from parsers.sources.us_ddtc_655 import layout

_OTHER = re.compile(layout.SETTINGS["other_outcomes"])
_SHIPPED = re.compile(r"(?i)\bshipped\b|\bshipments?\b|\bdeliver(?:ed|ies)\b|\bactual exports\b")
_LICENSED = re.compile(r"(?i)\blicen[sc]|\bauthori[sz]|\bapprov")
PLAIN = frozenset(layout.SETTINGS["measures"])
_MEASURE = re.compile(r"(?i)\b(?:quantity|value|qty|amount|units)\b")
_TITLE_WORDS = 10
# how far above its titles a group's word stands, and the least room between two of them, in heights of print
_GROUP_STEP, _GROUP_GAP = 2.2, 1.0


def says_other(text: str) -> bool | None:
    """Whether a title tells of something else than licences; None where it is no title or tells nothing."""
    if len(text.split()) > _TITLE_WORDS or text.endswith("."):
        return None
    if _OTHER.search(text):
        return True
    if _LICENSED.search(text):
        return False
    return True if _SHIPPED.search(text) else None


def is_other_heading(text: str, columns: ColumnLayout) -> bool:
    """Whether a line heads rows of something else than licences, in columns that do not say so themselves."""
    of_no_stage = not PLAIN.isdisjoint(columns.names)
    return of_no_stage and not any(ch.isdecimal() for ch in text) and bool(says_other(text))


def check_stage(page: Page, columns: ColumnLayout) -> None:
    """Raises DocumentError where columns name no stage and the words above them tell of no licences."""
    if not PLAIN & set(columns.names):
        return
    lines = page_lines(page, [])
    header = _header(page, columns, lines)
    if header is None:
        return
    top, bottom = header
    told = [line.text for line in lines if line.bbox[3] <= bottom and says_other(line.text) is not None]
    if told and says_other(told[-1]):
        raise DocumentError(f"columns of no stage below {told[-1]!r}", page=page.number)
    for words in _groups(page, columns, [line for line in lines if line.bbox[3] <= top + 1], top):
        text = " ".join(word.text for word in words)
        if not _is_known(text):
            raise DocumentError(
                f"columns of figures stand below {text!r}, a word with no known meaning", page=page.number
            )


def _header(page: Page, columns: ColumnLayout, lines: list[Line]) -> tuple[float, float] | None:
    """Where the page's header begins and ends; of drawn cells the first line of titles tells it."""
    if columns.header_page:
        own = columns.header_page == page.number
        return (columns.header_top, columns.header_bottom) if own else None
    for line in lines:
        if layout.line_kind(line.text) == "column_titles" and _MEASURE.search(line.text):
            return line.top, line.bbox[3]
    return None


def _groups(page: Page, columns: ColumnLayout, above: list[Line], top: float) -> Iterator[list[Word]]:
    """The pieces of the line next above the header that stand over columns of figures alone."""
    height = page.print_height
    for piece in (piece for line in above[-1:] for piece in _pieces(line, _GROUP_GAP * height)):
        left, right = piece[0].x0, piece[-1].x1
        if piece[0].top < top - _GROUP_STEP * height:
            continue
        over = [column for column in columns.columns if column.x0 < right and column.x1 > left]
        if over and all(column.name in layout.FIGURES for column in over):
            yield piece


def _pieces(line: Line, gap: float) -> Iterator[list[Word]]:
    piece = list(line.words[:1])
    for left, right in pairwise(line.words):
        if right.x0 - left.x1 > gap:
            yield piece
            piece = []
        piece.append(right)
    yield piece


def _is_known(text: str) -> bool:
    """Whether a piece above columns of figures is a stage, a currency, a title, a place or a page number."""
    words = [word for words in layout.SETTINGS["stages"].values() for word in words]
    known = {squeeze(word) for word in [*words, *layout.SETTINGS["currencies"]]}
    return bool(
        squeeze(text) in known
        or layout.line_kind(text)
        or layout.is_place(layout.country_line(text))
        or layout.fiscal_year_of(text)
    )

"""The cells of one row: its words, and its figures by stage and measure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from parsers.readers.pdf import BBox, Cell, Page, TableRow
from parsers.readers.pdf_marks import without_marks
from parsers.record import Measure, Stage
from parsers.sources.us_ddtc_655 import layout
from parsers.values.money import money, number

_BLANKS = frozenset(layout.SETTINGS["blank_marks"])
_STAGES = {"": Stage.LICENSED, "Licensed": Stage.LICENSED, "Shipped": Stage.SHIPPED}
_MEASURES = {"Quantity": Measure.QUANTITY, "Value": Measure.VALUE, "Count": Measure.COUNT}
_COLUMNS = {
    f"{stage_word} {measure_word}".strip(): (stage, measure)
    for stage_word, stage in _STAGES.items()
    for measure_word, measure in _MEASURES.items()
}
_MARK = re.compile(r"\d{1,2}|[a-z]")
# a mark is set smaller than the page's print by this share, and ends higher by that share of its height
_SMALL, _RAISED = 0.87, 0.08
_SIGN = "¹"  # stands for a mark that stands alone; it was no figure

Figures = dict[tuple[Stage, Measure], Decimal]


def says_nothing(cells: dict[str, str]) -> bool:
    """Whether all figures of a row are marks for nothing, at least one of them printed."""
    printed = [text.strip(" $") for name in _COLUMNS if (text := cells.get(name, ""))]
    return bool(printed) and all(text in _BLANKS for text in printed)


def label_of(cells: dict[str, str]) -> str:
    """The words of a row: all of its cells but the figures."""
    words = [text for name, text in cells.items() if name not in _COLUMNS and text]
    strays = [text for name, text in cells.items() if name in _COLUMNS and any(ch.isalpha() for ch in text)]
    return " ".join([*words, *(" ".join(w for w in text.split() if w[0].isalpha()) for text in strays)])


def figures_of(cells: dict[str, str], *, is_sum: bool) -> Figures:
    """The figures that a row prints, by stage and measure; blank cells give none.

    In a line of sums the word for it may stand in a column of figures.
    """
    figures: Figures = {}
    for name, (stage, measure) in _COLUMNS.items():
        text = cells.get(name, "").strip()
        if is_sum:
            text = " ".join(word for word in text.split() if not word[0].isalpha()).strip(": ")
        if not text or text in _BLANKS:
            continue
        amount = money(text, "us") if measure is Measure.VALUE else number(text, "us")
        if amount is not None:
            figures[stage, measure] = amount
    return figures


def lone_marks(page: Page) -> list[BBox]:
    """Where a small raised figure or letter stands that touches no word: the mark of a note in a blank cell.

    It stands beside print of the page's size that ends lower, as figures of small print do not.
    """
    most = _SMALL * page.print_height
    small = [w for w in page.words if _MARK.fullmatch(w.text) and w.bottom - w.top < most]
    large = [w for w in page.words if w.bottom - w.top >= most] if small else []
    return [mark.bbox for mark in small if any(_is_raised(mark.bbox, word.bbox) for word in large)]


def _is_raised(mark: BBox, word: BBox) -> bool:
    height = word[3] - word[1]
    return word[1] - _RAISED * height < mark[3] < word[3] - _RAISED * height


def texts_of(row: TableRow, marks: Iterable[BBox]) -> dict[str, str]:
    """The cells of a row as printed; a mark that stands alone in its cell is a raised sign, and no figure."""
    near = [mark for mark in marks if _is_within(mark, row.bbox)]

    def text_of(cell: Cell) -> str:
        alone = _MARK.fullmatch(cell.text) and any(_is_within(mark, cell.bbox) for mark in near)
        return _SIGN if alone else cell.text

    return {name: text_of(cell) for name, cell in row.cells.items()}


def _is_within(mark: BBox, box: BBox | None) -> bool:
    across, down = (mark[0] + mark[2]) / 2, (mark[1] + mark[3]) / 2
    return box is not None and box[0] <= across <= box[2] and box[1] <= down <= box[3]


def without_any_mark(text: str) -> str:
    """A text without the raised marks at the ends of its words, and without one that stands alone."""
    return "" if text == _SIGN else without_marks(text)

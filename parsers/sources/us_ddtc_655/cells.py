"""The cells of one row: its words, and its figures by stage and measure."""

from __future__ import annotations

from decimal import Decimal

from parsers.record import Measure, Stage
from parsers.sources.us_ddtc_655 import layout
from parsers.values.money import money, number

_BLANKS = frozenset(layout.SETTINGS["blank_marks"])
_COLUMNS = {
    "Quantity": (Stage.LICENSED, Measure.QUANTITY),
    "Value": (Stage.LICENSED, Measure.VALUE),
    "Licensed Quantity": (Stage.LICENSED, Measure.QUANTITY),
    "Licensed Value": (Stage.LICENSED, Measure.VALUE),
    "Shipped Quantity": (Stage.SHIPPED, Measure.QUANTITY),
    "Shipped Value": (Stage.SHIPPED, Measure.VALUE),
}

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

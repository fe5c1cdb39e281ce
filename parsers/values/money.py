"""Printed numbers to exact decimals, by the publisher's own style; anything else is refused, never repaired.

Knowledge: sources.md section E.1. ``386 000``, ``7 56000`` and, in US style, ``131.354.000`` are not numbers
of their style, and no rule here guesses what was meant.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from parsers.record import CellError

Style = Literal["plain", "us", "eu"]

_MAX_DIGITS = 18
_MAX_DECIMALS = 6  # what a column of the warehouse keeps

# A thousands group never begins with 0 ("0,123"), and a point or comma always has digits on both sides.
_SHAPES: dict[str, re.Pattern[str]] = {
    "plain": re.compile(r"[0-9]+(?:\.[0-9]+)?"),
    "us": re.compile(r"(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.[0-9]+)?"),
    "eu": re.compile(r"(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,[0-9]+)?"),
}
_SHAPE_WORDS = {
    "plain": "digits with at most one decimal point (1234.56)",
    "us": "a US number (1,234.56)",
    "eu": "a continental number (1.234,56)",
}
_SEPARATORS = {"plain": ("", "."), "us": (",", "."), "eu": (".", ",")}

IN_THOUSANDS = re.compile(
    r"""(?ix) \b(?:dollars?|values?|amounts?|figures|usd|us\$|\$) [^.;]{0,60}?
      \bin\s+(?:us\s+|u\.s\.\s+)?(?:thousands|millions)\b
    | \bin\s+(?:thousands|millions)\s+of\s+(?:u\.?s\.?\s+|current\s+)?(?:dollars|\$|usd)
    | ^\W*(?:thousands|millions)\s+of\s+(?:u\.?s\.?\s+)?dollars
    | \((?:[^()]{0,30}[\s$])?(?:thousands?|millions?)\b[^()]{0,30}\)
    | \(\s*(?:us)?\$?\s*['’]?0{3}['’]?s?\s*\) | \$\s?0{3}s?\b | \b0{3}['’]?s?\s+omitted"""
)
"""What a title, a note or an introduction of a table says of values that are no dollars."""


def number(text: str, style: Style, *, allow_negative: bool = False) -> Decimal | None:
    """The number that a cell prints, exactly; None for a blank cell.

    ``style`` is ``plain`` (``1234.56``), ``us`` (``1,234.56``) or ``eu`` (``1.234,56``); blanks around the
    number are no part of it. ``allow_negative`` admits one leading ``-``, for sources whose ``source.yml``
    says so. Raises CellError for everything else: wrong separators, blanks inside, exponents, hexadecimal,
    underscores, NaN, infinity, digits of other scripts, more than 18 digits, or
    more than 6 of them behind the point.
    """
    stripped = text.strip()
    if not stripped:
        return None
    negative = stripped.startswith("-")
    if negative and not allow_negative:
        raise CellError(f"{text!r} is negative, which this report does not print")
    digits = stripped[1:] if negative else stripped
    if not _SHAPES[style].fullmatch(digits):
        raise CellError(f"{text!r} is not {_SHAPE_WORDS[style]}")
    thousands, point = _SEPARATORS[style]
    if thousands:
        digits = digits.replace(thousands, "")
    digits = digits.replace(point, ".")
    if len(digits.replace(".", "")) > _MAX_DIGITS:
        raise CellError(f"{text!r} has more than {_MAX_DIGITS} digits")
    if len(digits.partition(".")[2]) > _MAX_DECIMALS:
        raise CellError(f"{text!r} has more than {_MAX_DECIMALS} digits behind its point")
    return -Decimal(digits) if negative else Decimal(digits)


def money(text: str, style: Style, symbol: str = "$", *, allow_negative: bool = False) -> Decimal | None:
    """The amount that a cell prints, with or without ``symbol`` before it; None for a blank cell.

    A symbol without a number is a CellError, for it is neither an amount nor a blank.
    """
    stripped = text.strip()
    if not stripped.startswith(symbol):
        return number(text, style, allow_negative=allow_negative)
    amount = number(stripped.removeprefix(symbol), style, allow_negative=allow_negative)
    if amount is None:
        raise CellError(f"{text!r} has a currency sign but no amount")
    return amount


def integer(text: str) -> int | None:
    """The whole number that a cell prints in digits alone; None for a blank cell. CellError otherwise."""
    stripped = text.strip()
    if not stripped:
        return None
    if not re.fullmatch(r"[0-9]+", stripped):
        raise CellError(f"{text!r} is not a whole number in digits alone")
    if len(stripped) > _MAX_DIGITS:
        raise CellError(f"{text!r} has more than {_MAX_DIGITS} digits")
    return int(stripped)

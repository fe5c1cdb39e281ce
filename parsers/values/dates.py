"""Printed dates to dates, by explicit formats, and the periods that reports cover. No clock, no locale.

Knowledge: sources.md section E.2 (six formats and more, mixed in one file; lost leading zeros).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

from parsers.record import CellError

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_DIRECTIVES = {
    "%Y": r"(?P<year>[0-9]{4})",
    "%m": r"(?P<month>[0-9]{2})",
    "%d": r"(?P<day>[0-9]{2})",
    "%-m": r"(?P<month>[0-9])",
    "%-d": r"(?P<day>[0-9])",
    "%B": rf"(?P<name>{'|'.join(_MONTHS)})",
    "%b": rf"(?P<name>{'|'.join(m[:3] for m in _MONTHS)}|sept)\.?",
}
_EARLIEST, _LATEST = 1900, 2100


@cache
def _pattern(date_format: str) -> re.Pattern[str]:
    pieces = re.findall(r"%-?[A-Za-z]|.", date_format, flags=re.DOTALL)
    pattern = ""
    for index, piece in enumerate(pieces):
        if not piece.startswith("%"):
            pattern += r"\s+" if piece.isspace() else re.escape(piece)
            continue
        if piece not in _DIRECTIVES:
            raise ValueError(f"unknown directive {piece!r} in date format {date_format!r}")
        neighbours = pieces[max(index - 1, 0) : index] + pieces[index + 1 : index + 2]
        packed = any(neighbour.startswith("%") for neighbour in neighbours)
        directive = _DIRECTIVES[piece]
        # Between separators a missing leading zero is unambiguous; in a packed date every digit counts.
        pattern += directive if packed else directive.replace("[0-9]{2}", "[0-9]{1,2}")
    return re.compile(pattern, flags=re.IGNORECASE)


def _read(text: str, date_format: str) -> date | None:
    found = _pattern(date_format).fullmatch(text)
    if not found:
        return None
    parts = found.groupdict()
    if "name" in parts:
        month_number = [m[:3] for m in _MONTHS].index(parts["name"][:3].lower()) + 1
    else:
        month_number = int(parts["month"])
    try:
        read = date(int(parts["year"]), month_number, int(parts["day"]))
    except ValueError:
        return None
    return read if _EARLIEST <= read.year <= _LATEST else None


def date_of(text: str, formats: Sequence[str]) -> date:
    """The date that a cell prints in one of ``formats``; blanks around it are no part of it.

    Directives: ``%Y`` four digits; ``%m`` ``%d`` two digits, or one where a separator stands on each side;
    ``%-m`` ``%-d`` exactly one digit, for packed dates that lost a leading zero (``3122003`` is
    ``%-d%m%Y``); ``%B`` ``%b`` English month names. A blank in a format stands for any run of blanks.
    Raises CellError when no format fits, when the calendar has no such day, for years outside 1900-2100, and
    when two formats fit and give different days: then the cell is ambiguous and is not guessed.
    """
    stripped = text.strip()
    readings = {read for f in formats if (read := _read(stripped, f)) is not None}
    if not readings:
        raise CellError(f"{text!r} is not a date in any of the known forms {', '.join(formats)}")
    if len(readings) > 1:
        days = " or ".join(sorted(day.isoformat() for day in readings))
        raise CellError(f"{text!r} can be read as {days}")
    return readings.pop()


def _year(year: int | str) -> int:
    text = str(year).strip()
    if not re.fullmatch(r"[0-9]{4}", text) or not _EARLIEST <= int(text) <= _LATEST:
        raise CellError(f"{year!r} is not a year between {_EARLIEST} and {_LATEST}")
    return int(text)


def us_fiscal_year(year: int | str) -> tuple[date, date]:
    """First and last day of a US fiscal year: FY2008 is 2007-10-01 to 2008-09-30. CellError for no year."""
    number = _year(year)
    return date(number - 1, 10, 1), date(number, 9, 30)


def calendar_year(year: int | str) -> tuple[date, date]:
    """First and last day of a calendar year. CellError for no year."""
    number = _year(year)
    return date(number, 1, 1), date(number, 12, 31)


def month(year: int | str, month_number: int | str) -> tuple[date, date]:
    """First and last day of a month. CellError for no year or a month outside 1-12."""
    number, text = _year(year), str(month_number).strip()
    if not re.fullmatch(r"[0-9]{1,2}", text) or not 1 <= int(text) <= 12:
        raise CellError(f"{month_number!r} is not a month")
    return date(number, int(text), 1), date(number, int(text), monthrange(number, int(text))[1])


def quarter(year: int | str, quarter_number: int | str) -> tuple[date, date]:
    """First and last day of a calendar quarter. CellError for no year or a quarter outside 1-4."""
    number, text = _year(year), str(quarter_number).strip()
    if text not in {"1", "2", "3", "4"}:
        raise CellError(f"{quarter_number!r} is not a quarter")
    first = date(number, 3 * int(text) - 2, 1)
    after = date(number + 1, 1, 1) if text == "4" else date(number, 3 * int(text) + 1, 1)
    return first, after - timedelta(days=1)

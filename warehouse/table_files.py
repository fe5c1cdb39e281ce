"""Answers of a query as files for people: CSV that a spreadsheet may open without running anything."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def safe_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula.

    A leading ' stands before = @ TAB CR, and before + or - that does not begin a number.
    """
    if text[:1] in ("=", "@", "\t", "\r") or (text[:1] in ("+", "-") and not _NUMBER.fullmatch(text)):
        return "'" + text
    return text


def plain_text(value: object) -> str:
    """A database value as a cell: exact decimals without idle zeros, dates as ISO text, empty for NULL."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value.normalize(), "f") if value else "0"
        case datetime() | date():
            return value.isoformat()
        case list():
            return "|".join(plain_text(entry) for entry in value)
        case _:
            return str(value)


def plain_json(value: Any) -> Any:
    """A value as JSON: exact whole numbers, other decimals as numbers where a float holds them exactly."""
    match value:
        case Decimal():
            if value == value.to_integral_value():
                return int(value)
            number = float(value)
            return number if Decimal(repr(number)) == value.normalize() else format(value, "f")
        case datetime() | date():
            return value.isoformat()
        case _:
            raise TypeError(f"{type(value).__name__} has no JSON form")


def csv_lines(columns: list[str], rows: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    """Lines of a CSV, header first, every cell safe against formulas."""
    for row in itertools.chain([columns], rows):
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\n").writerow([safe_cell(plain_text(cell)) for cell in row])
        yield buffer.getvalue()


def fetched(answer: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    """Rows of an answer, fetched in portions."""
    while rows := answer.fetchmany(10_000):
        yield from rows


def write_csv(path: Path, answer: duckdb.DuckDBPyConnection) -> None:
    """Write an executed query as CSV in UTF-8."""
    columns = [column[0] for column in answer.description or []]
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(csv_lines(columns, fetched(answer)))

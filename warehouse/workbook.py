"""Answers as a workbook: one sheet of the answer, one that says where it comes from.

Every text is written as text, never as a formula, link or number; one that a spreadsheet could take for a
formula when it is edited also carries the quote prefix that keeps it text. Numbers of more than 15 digits,
which a spreadsheet would round, are written as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse.table_files import plain_text, safe_cell

if TYPE_CHECKING:
    import duckdb
    import xlsxwriter.format
    import xlsxwriter.worksheet

MAX_ROWS = 1_048_575
_MAX_TEXT = 32_767
_DIGITS = 15
_FIRST_DAY = date(1900, 3, 1)  # before it, spreadsheets disagree about the calendar
_WIDEST = 60


class WorkbookError(RuntimeError):
    """The answer does not fit into a workbook; one sentence says why and what to use instead."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an answer comes from: facts of the build, and a table of the documents that it rests on."""

    facts: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    documents: tuple[tuple[Any, ...], ...]


def write_workbook(
    path: Path, columns: Sequence[str], rows: Sequence[tuple[Any, ...]], provenance: Provenance
) -> None:
    """Write an answer with its provenance as XLSX. Equal input gives an equal file.

    Raises WorkbookError for more rows than a sheet holds.
    """
    import xlsxwriter

    if len(rows) > MAX_ROWS:
        raise WorkbookError(f"{len(rows)} rows: a sheet holds {MAX_ROWS}; use --format csv or parquet")
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": "armswatch", "created": datetime(2000, 1, 1, tzinfo=UTC)})
        styles = _Styles(
            book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            book.add_format({"quote_prefix": True}),
            book.add_format({"num_format": "yyyy-mm-dd"}),
            book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        )
        answer = book.add_worksheet("answer")
        _fill(answer, 0, columns, rows, styles)
        answer.freeze_panes(1, 0)
        if rows:
            answer.autofilter(0, 0, len(rows), len(columns) - 1)
        sheet = book.add_worksheet("provenance")
        _fill(sheet, 0, ("about this file", ""), provenance.facts, styles)
        _fill(sheet, len(provenance.facts) + 2, provenance.columns, provenance.documents, styles)


@dataclass(frozen=True, slots=True)
class _Styles:
    header: xlsxwriter.format.Format
    quoted: xlsxwriter.format.Format
    day: xlsxwriter.format.Format
    moment: xlsxwriter.format.Format


def _fill(
    sheet: xlsxwriter.worksheet.Worksheet,
    top: int,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    styles: _Styles,
) -> None:
    widths = [len(name) for name in columns]
    for column, name in enumerate(columns):
        sheet.write_string(top, column, name, styles.header)
    for number, row in enumerate(rows, top + 1):
        for column, value in enumerate(row):
            _write(sheet, number, column, value, styles)
            if number < top + 200:
                widths[column] = max(widths[column], len(plain_text(value)))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width + 2, _WIDEST))


def _write(
    sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: object, styles: _Styles
) -> None:
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(row, column, value)
        case int() | float() | Decimal() if _is_exact(value):
            sheet.write_number(row, column, float(value))
        case datetime() if value.date() >= _FIRST_DAY:
            naive = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
            sheet.write_datetime(row, column, naive, styles.moment)
        case date() if not isinstance(value, datetime) and value >= _FIRST_DAY:
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), styles.day)
        case _:
            text = plain_text(value)
            if len(text) > _MAX_TEXT:
                text = text[: _MAX_TEXT - 20] + " … (cut: too long)"
            is_safe = safe_cell(text) == text
            sheet.write_string(row, column, text, None if is_safe else styles.quoted)


def _is_exact(value: float | Decimal) -> bool:
    """True for a number that a spreadsheet keeps digit by digit."""
    number = Decimal(str(value))
    return (
        number.is_finite() and len(number.normalize().as_tuple().digits) <= _DIGITS and abs(number) < 10**15
    )


# -- where it comes from -------------------------------------------------------------------------------------


def provenance_of(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    *,
    published_at: datetime,
    is_discreet: bool,
) -> Provenance:
    """What the answer rests on: the documents that it names, else all current ones of the sources it names,
    else all current ones.
    """
    hashes = _values(columns, rows, lambda name: name.endswith("sha256"))
    sources = _values(columns, rows, lambda name: name == "source_id")
    build = connection.execute("SELECT build_id, code_version, registry_version FROM meta.build").fetchone()
    build_id, code_version, registry_version = build or ("", "", "")
    documents = connection.execute(
        """SELECT d.source_id, s.title, s.publisher, s.licence_terms, d.report_id, d.document_name,
            d.document_url, d.document_sha256, d.retrieved_at, d.archived_at, d.is_current
        FROM core.documents d JOIN meta.sources s ON s.source_id = d.source_id
        WHERE CASE WHEN $by_hash THEN list_contains($hashes, d.document_sha256)
            WHEN $by_source THEN d.is_current AND list_contains($sources, d.source_id)
            ELSE d.is_current END
        ORDER BY d.source_id, d.report_id, d.document_sha256""",
        {"by_hash": bool(hashes), "hashes": hashes, "by_source": bool(sources), "sources": sources},
    )
    names = tuple(column[0] for column in documents.description or ())
    scope = "that the answer names"
    if not hashes:
        scope = "current, of the sources that the answer names" if sources else "current, of all sources"
    facts = [
        ("query", query),
        ("rows", str(len(rows))),
        ("published", published_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")),
        ("build_id", build_id),
        ("code_version", code_version),
        ("registry_version", registry_version),
        ("documents below", scope),
        ("times", "UTC"),
        (
            "stages",
            "Never add them: a notification is an intention, a licence a ceiling, a shipment a fact.",
        ),
    ]
    if is_discreet:
        facts.append(
            ("municipal forces", "Drawn up to their state; the setting show_municipal_detail lifts this.")
        )
    return Provenance(tuple(facts), names, tuple(documents.fetchall()))


def _values(columns: Sequence[str], rows: Iterable[tuple[Any, ...]], wanted: Any) -> list[str]:
    at = [index for index, name in enumerate(columns) if wanted(name)]
    return sorted({str(row[index]) for row in rows for index in at if row[index] is not None}) if at else []

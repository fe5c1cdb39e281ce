"""Sheets of an XLSX, XLSM or XLS file as text cells.

Values only: a formula gives the value that the publisher saved, a macro is never looked at. Everything that a
workbook can do to its reader is bounded before it is opened.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum, ZipError

from parsers.document import Document
from parsers.progress import counted, tick
from parsers.record import DocumentError, Reject, Row

_HEADER_WITHIN = 40
_LARGEST_EXACT = 2**53
_REFERENCE = re.compile(rb"\br\s*=\s*[\"']([A-Z]{0,3})([0-9]{1,7})[\"']")
_UNSAVED = re.compile(rb"(?:</f>|<f[^<>]{0,200}/>)\s{0,20}(?:<v>\s{0,20}</v>|<v/>)?\s{0,20}</c>")
_CHUNK = 1_000_000
_MAX_COLUMNS = 16_384
_OVERLAP = 300


@dataclass(frozen=True, slots=True)
class SpreadsheetLimits:
    """What one workbook may cost; passing one of them refuses the document."""

    max_inflated_bytes: int = 300_000_000
    max_parts: int = 5_000
    max_cells: int = 3_000_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """One visible sheet: its name and its rows of text cells, the first row of the file's grid first.

    ``rows[n]`` is row n + 1 of the sheet as a person sees it; a blank cell is ``""``.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]


def read_sheets(document: Document, limits: SpreadsheetLimits | None = None) -> list[Sheet]:
    """All visible sheets of cells. Hidden sheets and chart sheets are left out.

    A whole number is written without a point, a date as YYYY-MM-DD, TRUE and FALSE as such. Raises
    DocumentError when the file is no workbook, needs a password or passes a limit.
    """
    limits = limits or SpreadsheetLimits()
    _check_container(document.content, limits)
    sheets: list[Sheet] = []
    cells = 0
    try:
        with CalamineWorkbook.from_filelike(BytesIO(document.content)) as book:
            for number, facts in enumerate(book.sheets_metadata):
                if facts.visible != SheetVisibleEnum.Visible or facts.typ != SheetTypeEnum.WorkSheet:
                    continue
                sheet = book.get_sheet_by_index(number)
                cells += sheet.total_height * sheet.total_width
                if cells > limits.max_cells:
                    raise DocumentError(f"the workbook spans more than {limits.max_cells} cells")
                # skip_empty_area would drop leading blank rows and so shift every row number
                grid = sheet.to_python(skip_empty_area=False)
                sheets.append(Sheet(facts.name, tuple(tuple(map(text_of_cell, row)) for row in grid)))
    except (CalamineError, ZipError, OSError) as error:
        raise DocumentError(f"not a readable workbook: {' '.join(str(error).split())}") from None
    return sheets


def table_rows(sheet: Sheet, *, required: Collection[str], known: Collection[str]) -> Iterator[Row | Reject]:
    """Rows below the header, which is the first row that holds all ``required`` names, in any order.

    Blank rows are passed over, and so are title rows above the header. Raises DocumentError when no header is
    found, when it names a column twice or when it holds a column that is not ``known``. A row with text under
    no title is a Reject.
    """
    at = _header_row(sheet, required)
    header = [" ".join(name.split()) for name in sheet.rows[at]]
    named = [name for name in header if name]
    if twice := sorted({name for name in named if named.count(name) > 1}):
        raise DocumentError(f"sheet {sheet.name!r}: column {', '.join(twice)} stands twice", row=at + 1)
    if unknown := sorted(set(named) - set(known)):
        raise DocumentError(f"sheet {sheet.name!r}: unknown column {', '.join(unknown)}", row=at + 1)
    for number, cells in enumerate(counted(sheet.rows[at + 1 :]), start=at + 2):
        if any(cells):
            yield _row(header, cells, number)


def _row(header: Sequence[str], cells: Sequence[str], number: int) -> Row | Reject:
    raw = " | ".join(cells)
    if any(cell and not name for name, cell in zip(header, cells, strict=True)):
        return Reject(raw=raw, reason="text stands in a column without a title", row=number)
    named = {name: cell for name, cell in zip(header, cells, strict=True) if name}
    return Row(cells=named, row=number, text=raw)


def _header_row(sheet: Sheet, required: Collection[str]) -> int:
    for at, cells in enumerate(sheet.rows[:_HEADER_WITHIN]):
        if set(required) <= {" ".join(cell.split()) for cell in cells}:
            return at
    wanted = ", ".join(sorted(required))
    raise DocumentError(f"sheet {sheet.name!r}: no row within the first {_HEADER_WITHIN} holds {wanted}")


def text_of_cell(value: Any) -> str:
    """A cell's value as text, without a guess: numbers in full, dates in ISO form.

    Raises DocumentError for a whole number so large that the file no longer holds it exactly.
    """
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer():
            if abs(value) > _LARGEST_EXACT:
                raise DocumentError(f"the number {value!r} is too large to be exact")
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case str() | int() | float() | timedelta():
            return str(value)
    raise DocumentError(f"a cell holds {type(value).__name__}, which is no known kind of value")


def _check_container(content: bytes, limits: SpreadsheetLimits) -> None:
    """Refuse what would not fit before calamine opens it, which lays a sheet out up to its last cell.

    A zip container tells the size of its parts; reading each part through zipfile proves that it is no larger
    than it says. The old XLS form is no zip and cannot name more than 65,536 rows of 256 columns.
    """
    if not content.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(BytesIO(content)) as container:
            parts = container.infolist()
            if len(parts) > limits.max_parts:
                raise DocumentError(f"the workbook has more than {limits.max_parts} parts")
            if strange := [part.filename for part in parts if _leads_away(part.filename)]:
                raise DocumentError(f"the workbook names a part {strange[0]!r}, which is outside of it")
            size = sum(part.file_size for part in parts)
            if size > limits.max_inflated_bytes:
                raise DocumentError(
                    f"the workbook unpacks to {size} bytes, more than {limits.max_inflated_bytes}"
                )
            texts = {part.filename: _extent(container, part) for part in parts if _is_xml(part)}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise DocumentError(f"not a readable workbook: {error}") from None
    sheets = {name: extent for name, extent in texts.items() if name.startswith("xl/worksheets/")}
    if not sheets:
        raise DocumentError("not a readable workbook: no sheet of an XLSX file in it")
    if sum(height * width for height, width in sheets.values()) > limits.max_cells:
        raise DocumentError(f"the workbook spans more than {limits.max_cells} cells")


def _leads_away(name: str) -> bool:
    return name.startswith(("/", "\\")) or ":" in name or ".." in re.split(r"[/\\]", name)


def _is_xml(part: zipfile.ZipInfo) -> bool:
    return part.filename.lower().endswith((".xml", ".rels"))


def _extent(container: zipfile.ZipFile, part: zipfile.ZipInfo) -> tuple[int, int]:
    """The rows and columns up to the last that a sheet names; where it names none, elements are counted."""
    last_row, last_column, rows, cells = 0, 0, 0, 0
    rest = b""
    with container.open(part) as text:
        while chunk := text.read(_CHUNK):
            tick()
            block = rest + chunk
            if _UNSAVED.search(block):
                raise DocumentError(f"{part.filename}: a formula without its saved value")
            rest = block[-_OVERLAP:]
            rows += chunk.count(b"<row")
            cells += chunk.count(b"<c ") + chunk.count(b"<c>")
            for column, row in _REFERENCE.findall(block):
                last_row = max(last_row, int(row))
                last_column = max(last_column, _column_number(column))
    return max(last_row, rows), last_column or min(cells, _MAX_COLUMNS)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number

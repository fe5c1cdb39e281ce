"""The dated reference tables, ``reference/*.csv``, as tables of core: typed and commented by the catalog."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import warehouse.arrow as arrow
from warehouse.catalog import Table, tables

if TYPE_CHECKING:
    import duckdb

FOLDER = Path(__file__).parent / "reference"

_FILES = {
    "core.control_list_crosswalk": "control_list_crosswalk.csv",
    "core.legal_thresholds": "legal_thresholds.csv",
    "core.structural_breaks": "structural_breaks.csv",
    "core.control_totals": "control_totals.csv",
}
_NAMES = {
    "list": "control_list",
    "code": "control_code",
    "category": "control_code",
    "valid_from": "certain_from",
    "valid_to": "certain_to",
    "confidence": "crosswalk_confidence",
    "source": "citation",
    "mark": "is_from_memory",
    "note": "notes",
}
"""Columns of the files that go by another name in the catalog, where a name means one thing everywhere."""


def fill(connection: duckdb.DuckDBPyConnection, folder: Path = FOLDER) -> None:
    """Load every reference table. Raises ValueError with file and line for a cell that is not as known."""
    for table, name in _FILES.items():
        arrow.insert(connection, table, _rows(folder / name, tables()[table]))


def _rows(path: Path, table: Table) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file, strict=True))
    types = {column.name: column.field.type for column in table.columns}
    rows = []
    for number, line in enumerate(lines, 2):
        try:
            rows.append(
                {
                    _NAMES.get(name, name): _cell(_NAMES.get(name, name), text, types)
                    for name, text in line.items()
                }
            )
        except (KeyError, ValueError, ArithmeticError) as error:
            raise ValueError(f"{path.name}, line {number}: {error}") from None
    return rows


def _cell(name: str, text: str, types: dict[str, str]) -> Any:
    if name == "is_from_memory":
        if text not in {"verified", "from_memory"}:
            raise ValueError(f"mark {text!r} is neither verified nor from_memory")
        return text == "from_memory"
    if types[name] == "VARCHAR[]":
        return [part for part in text.split("|") if part]
    if not text:
        return None
    match types[name]:
        case "DATE":
            return date.fromisoformat(text)
        case "DECIMAL(24,6)":
            return Decimal(text)
        case "INTEGER":
            return int(text)
        case _:
            return text

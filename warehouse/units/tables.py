"""Reads the registry's CSV files as a spreadsheet may have saved them, and says where a row is wrong."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from warehouse.units import fields


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of the registry: file, row (1 is the header line; 0 the whole file), what, and what to do."""

    file: str
    row: int
    what: str
    to_do: str

    def __str__(self) -> str:
        return f"{self.file} row {self.row}: {self.what}; {self.to_do}"


class RegistryError(ValueError):
    """The registry cannot be used; `problems` lists every fault that was found."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its number and its cells, stripped."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


def read_text(path: Path) -> str:
    """The file as text: UTF-8 with or without BOM. Raises UnicodeDecodeError for anything else."""
    return path.read_bytes().decode("utf-8-sig")


def read_table(path: Path, columns: list[str], problems: list[Problem]) -> list[Row]:
    """Rows of one CSV. Comma, semicolon or tab is recognised from the header line, because spreadsheets of
    many locales save with semicolons. Faults are added to `problems`; faulty rows are left out."""
    name = path.name
    try:
        text = read_text(path)
    except FileNotFoundError:
        problems.append(Problem(name, 0, "the file is missing", f"restore {name} from version control"))
        return []
    except UnicodeDecodeError as error:
        problems.append(Problem(name, 0, f"not UTF-8 ({error.reason})", "save it as CSV UTF-8"))
        return []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        lines = list(reader)
    except csv.Error as error:
        problems.append(Problem(name, reader.line_num, f"broken quoting ({error})", "close the quotes"))
        return []
    if not lines or [cell.strip() for cell in lines[0]] != columns:
        printed = ",".join(lines[0]) if lines else "nothing"
        to_do = f"the columns are: {','.join(columns)}"
        problems.append(Problem(name, 1, f"the header reads {printed}", to_do))
        return []
    return list(_rows(name, lines, columns, problems))


def _delimiter(text: str) -> str:
    header = text.splitlines()[0] if text else ""
    return max(",;\t", key=header.count)


def _rows(name: str, lines: list[list[str]], columns: list[str], problems: list[Problem]) -> Iterator[Row]:
    for number, line in enumerate(lines[1:], start=2):
        cells = [cell.strip() for cell in line]
        if not any(cells):
            continue
        if len(cells) != len(columns):
            what = f"{len(cells)} cells where the header has {len(columns)}"
            problems.append(Problem(name, number, what, "look for a comma that needs quotes around its cell"))
            continue
        yield Row(number, dict(zip(columns, cells, strict=True)))


def read_data(folder: Path, name: str) -> list[dict[str, str]]:
    """Rows of a word list beside the registry (places, words ...), any columns; raises RegistryError."""
    problems: list[Problem] = []
    columns = DATA_COLUMNS[name]
    rows = read_table(folder / name, columns, problems)
    if problems:
        raise RegistryError(problems)
    return [row.cells for row in rows]


DATA_COLUMNS: dict[str, list[str]] = {
    "words.csv": ["word", "spelling", "concept"],
    "places.csv": ["name", "kind", "place", "state_iso", "shared_abroad", "note"],
    "foreign_places.csv": ["name", "kind", "note"],
    "other_bodies.csv": ["name", "kind", "note"],
    "slot_rules.csv": ["slot", "all_of", "any_of", "none_of", "level", "fallback_unit_id", "note"],
    "acronym_slots.csv": ["acronym", "slot", "note"],
    "role_phrases.csv": ["phrase", "role", "note"],
    "generic_end_users.csv": ["phrase", "kind", "note"],
    "ordinals.csv": ["word", "value"],
    "address_words.csv": ["word", "note"],
    "translations.csv": ["phrase", "language", "words"],
    "federal_marks.csv": ["phrase", "note"],
}

__all__ = ["DATA_COLUMNS", "Problem", "RegistryError", "Row", "fields", "read_data", "read_table"]

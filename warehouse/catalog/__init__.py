"""The catalog: table and column facts, once. DDL, comments, suites and the dictionary come from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from warehouse.sql import quoted

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Field:
    """A column's definition: DuckDB type, description, unit, closed list, pattern, example, compression."""

    name: str
    type: str
    description: str
    unit: str = ""
    enum: tuple[str, ...] = ()
    pattern: str = ""
    example: str = ""
    compression: str = ""

    @property
    def comment(self) -> str:
        """The comment that the database carries: description, unit, closed list and example."""
        parts = [self.description]
        if self.unit:
            parts.append(f"Unit: {self.unit}.")
        if self.enum:
            parts.append(f"One of: {', '.join(self.enum)}.")
        if self.example:
            parts.append(f"Example: {self.example}.")
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Column:
    """A field in a table; ``required`` columns may not be empty."""

    field: Field
    required: bool

    @property
    def name(self) -> str:
        """The column's name."""
        return self.field.name

    @property
    def definition(self) -> str:
        """The column as ``CREATE TABLE`` writes it."""
        parts = [f'"{self.name}" {self.field.type}']
        if self.field.compression:
            parts.append(f"USING COMPRESSION {self.field.compression}")
        return " ".join((*parts, "NOT NULL") if self.required else parts)


@dataclass(frozen=True, slots=True)
class Table:
    """A table, view or table macro: what one row is, its key or order, its columns."""

    name: str
    description: str
    columns: tuple[Column, ...]
    kind: Literal["table", "view", "macro"] = "table"
    key: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    checked: bool = False
    exported: bool = False
    parameters: tuple[str, ...] = ()

    @property
    def schema(self) -> str:
        """The schema part of the name."""
        return self.name.partition(".")[0]

    @property
    def column_names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.columns)

    def create_statement(self) -> str:
        """``CREATE TABLE`` with types and NOT NULL, for tables; the key is checked, not indexed."""
        return f"CREATE TABLE {self.name} (\n  " + ",\n  ".join(c.definition for c in self.columns) + "\n)"

    def comment_statements(self) -> list[str]:
        """``COMMENT ON`` the table or view and each of its columns."""
        noun = {"table": "TABLE", "view": "VIEW", "macro": "MACRO TABLE"}[self.kind]
        statements = [f"COMMENT ON {noun} {self.name} IS {quoted(self.description)}"]
        for column in self.columns:
            statements.append(
                f'COMMENT ON COLUMN {self.name}."{column.name}" IS {quoted(column.field.comment)}'
            )
        return statements


@cache
def fields() -> dict[str, Field]:
    """All fields by name. Raises TypeError on a key that a field does not have."""
    raw: dict[str, dict[str, Any]] = yaml.safe_load((_FOLDER / "fields.yml").read_text("utf-8"))
    return {name: Field(name=name, **_with_tuple(facts, "enum")) for name, facts in raw.items()}


@cache
def tables() -> dict[str, Table]:
    """All tables, views and macros by name, in the order in which they are made.

    Raises KeyError for a column that fields.yml does not define.
    """
    raw: dict[str, dict[str, Any]] = yaml.safe_load((_FOLDER / "tables.yml").read_text("utf-8"))
    return {name: _table(name, facts) for name, facts in raw.items()}


def _table(name: str, facts: dict[str, Any]) -> Table:
    columns = tuple(
        Column(field=fields()[column.rstrip("!")], required=column.endswith("!"))
        for column in facts.pop("columns")
    )
    for key in ("key", "order", "parameters"):
        facts = _with_tuple(facts, key)
    return Table(name=name, columns=columns, **facts)


def _with_tuple(facts: dict[str, Any], key: str) -> dict[str, Any]:
    return {**facts, key: tuple(str(v) for v in facts[key])} if key in facts else facts

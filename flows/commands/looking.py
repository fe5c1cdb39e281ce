"""``armswatch tables, changes, rules``: looking at what is there."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING, Any

from flows.commands.printing import print_table, published
from flows.ingest import UsageError
from warehouse.sql import sql_beside

if TYPE_CHECKING:
    import duckdb

_sql = sql_beside(__file__, "../queries")


def _rows(answer: duckdb.DuckDBPyConnection) -> tuple[list[str], list[tuple[Any, ...]]]:
    columns = [column[0] for column in answer.description or []]
    return columns, answer.fetchall()


def _since(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise UsageError(f"--since: {text!r} is not a date such as 2026-01-31") from None


def changes(arguments: argparse.Namespace) -> int:
    """Figures that changed between two versions of a report."""
    with published(arguments.home) as connection:
        answer = connection.execute(_sql("changes"), {"since": _since(arguments.since)})
        print_table(*_rows(answer), as_json=arguments.json)
    return 0


def tables(arguments: argparse.Namespace) -> int:
    """Tables and views with what one row of each is."""
    from warehouse import catalog

    rows = [(t.name, t.kind, len(t.columns), t.description) for t in catalog.tables().values()]
    if arguments.json:
        print_table(["name", "kind", "columns", "description"], rows, as_json=True)
        return 0
    for name, kind, _, description in rows:
        print(f"{name} ({kind})\n    {description}")
    return 0


def rules(arguments: argparse.Namespace) -> int:
    """The flag rules: severity, title, when they fire and what they say."""
    from warehouse.flagging import load_rules

    rows = [(r.rule_id, r.severity, r.title, r.reason) for r in load_rules()]
    print_table(["rule_id", "severity", "title", "reason"], rows, as_json=arguments.json)
    return 0

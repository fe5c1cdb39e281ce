"""``armswatch flags, show, tables, changes, rules``: looking at what is there."""

from __future__ import annotations

import argparse
import re
from datetime import date
from typing import TYPE_CHECKING, Any

from flows.commands.printing import print_card, print_table, published
from flows.ingest import UsageError
from warehouse.sql import sql_beside

if TYPE_CHECKING:
    import duckdb

_sql = sql_beside(__file__, "../queries")

_KINDS = {
    "flag": ("out.flags", "flag_id"),
    "transfer": ("out.transfers", "transfer_id"),
    "unit": ("out.units", "unit_id"),
    "document": ("out.documents", "document_sha256"),
}
_ID = re.compile(r"[0-9a-z][0-9a-z._-]{0,79}")


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


def flags(arguments: argparse.Namespace) -> int:
    """Flags by severity, newest first; open ones unless all are asked for."""
    asked = {"severity": arguments.severity, "since": _since(arguments.since), "everything": arguments.all}
    with published(arguments.home) as connection:
        print_table(*_rows(connection.execute(_sql("flags"), asked)), as_json=arguments.json)
    return 0


def changes(arguments: argparse.Namespace) -> int:
    """Figures that changed between two versions of a report."""
    with published(arguments.home) as connection:
        answer = connection.execute(_sql("changes"), {"since": _since(arguments.since)})
        print_table(*_rows(answer), as_json=arguments.json)
    return 0


def show(arguments: argparse.Namespace) -> int:
    """One thing by its id, with what it rests on. Raises UsageError where nothing has the id."""
    if not _ID.fullmatch(arguments.id):
        raise UsageError(f"{arguments.id!r} is not an id of a flag, transfer, unit or document")
    with published(arguments.home) as connection:
        for kind, (view, column) in _KINDS.items():
            columns, rows = _rows(connection.execute(f"FROM {view} WHERE {column} = ?", [arguments.id]))
            if rows:
                card = {"kind": kind, **dict(zip(columns, rows[0], strict=True))}
                card |= _beside(connection, kind, card)
                print_card(card, as_json=arguments.json)
                return 0
    raise UsageError(f"nothing published has the id {arguments.id}")


def _beside(connection: duckdb.DuckDBPyConnection, kind: str, card: dict[str, Any]) -> dict[str, Any]:
    """What stands beside a thing: the words marked, findings, sightings, flags."""
    more: dict[str, Any] = {}
    if kind in {"flag", "unit"} and card.get("unit_id"):
        more["findings"] = _sentences(connection, _sql("findings_of_unit"), card["unit_id"])
    if kind == "flag" and card.get("party_raw"):
        text, start, end = card["party_raw"], card["span_start"], card["span_end"]
        more["words"] = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    if kind in {"flag", "transfer"}:
        more["sightings"] = _sentences(connection, _sql("sightings_of_transfer"), card["transfer_id"])
    if kind == "transfer":
        more["flags"] = _sentences(connection, _sql("flags_of_transfer"), card["transfer_id"])
    return {name: "\n".join(lines) for name, lines in more.items() if lines} if kind else more


def _sentences(connection: duckdb.DuckDBPyConnection, sql: str, key: str) -> list[str] | str:
    return [line for (line,) in connection.execute(sql, [key]).fetchall()]


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

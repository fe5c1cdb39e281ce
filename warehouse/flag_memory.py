"""What was ever flagged: a ledger in ``state.sqlite`` that only grows, so that no published flag disappears.

A flag whose cause an edit of the registry took away is not given by any rule any more. The ledger remembers
it, and the build shows it closed, with the reason. The rows that a build was given are those that earlier
builds had published; so a build stays a function of its inputs, and what it publishes itself is no new input.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import warehouse.arrow as arrow

if TYPE_CHECKING:
    import duckdb

_SCHEMA = """
CREATE TABLE IF NOT EXISTS flag_ledger (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, flag_id TEXT NOT NULL, build_id TEXT NOT NULL,
    noted_at TEXT NOT NULL, facts TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS flag_acknowledgements (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, flag_id TEXT NOT NULL, acknowledged_at TEXT NOT NULL,
    acknowledged_by TEXT NOT NULL, acknowledged_note TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS causes_seen (
    version TEXT PRIMARY KEY, first_used_at TEXT NOT NULL
);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFlag:
    """A flag as it was last published. Moments are ISO text in UTC."""

    flag_id: str
    rule_id: str
    rule_title: str
    severity: str
    subject_key: str
    transfer_id: str
    unit_id: str | None
    relation: str
    evidence: str | None
    reason: str
    status: str
    first_seen_at: str
    first_run_id: str
    closed_at: str | None
    closed_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """One person's note on a flag: what was looked at, and with what outcome."""

    flag_id: str
    acknowledged_at: str
    acknowledged_by: str
    acknowledged_note: str


_COLUMNS = tuple(KnownFlag.__annotations__)
_TELLING = ("status", "subject_key", "closed_at", "closed_reason")


def digest(known: Sequence[KnownFlag], acknowledgements: Sequence[Acknowledgement]) -> str:
    """A short hash of what a build is told of earlier flags and of what people noted."""
    told = [[asdict(flag) for flag in known], [asdict(note) for note in acknowledgements]]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def remember(
    state: sqlite3.Connection, published: duckdb.DuckDBPyConnection, build_id: str, now: datetime
) -> int:
    """Note every flag of the published file that is new or stands otherwise than noted; answers how many.

    May be called again for the same file: it then adds nothing.
    """
    _prepare(state)
    known = {flag.flag_id: flag for flag in known_flags(state)}
    rows = published.execute(f"SELECT {', '.join(_COLUMNS)} FROM core.flags ORDER BY flag_id").fetchall()
    flags = [KnownFlag(**dict(zip(_COLUMNS, map(_plain, row), strict=True))) for row in rows]
    news = [f for f in flags if f.flag_id not in known or _differs(f, known[f.flag_id])]
    with state:
        state.executemany(
            "INSERT INTO flag_ledger (flag_id, build_id, noted_at, facts) VALUES (?, ?, ?, ?)",
            [(f.flag_id, build_id, now.isoformat(), json.dumps(asdict(f), ensure_ascii=False)) for f in news],
        )
    return len(news)


def _differs(flag: KnownFlag, noted: KnownFlag) -> bool:
    return any(getattr(flag, name) != getattr(noted, name) for name in _TELLING)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def known_flags(state: sqlite3.Connection, *, but_of_build: str | None = None) -> list[KnownFlag]:
    """Every flag as last noted, by flag_id. ``but_of_build`` leaves out what that build itself brought."""
    _prepare(state)
    rows = state.execute(
        "SELECT facts FROM flag_ledger WHERE seq IN (SELECT max(seq) FROM flag_ledger WHERE build_id <> ?"
        " GROUP BY flag_id) ORDER BY flag_id",
        (but_of_build or "",),
    )
    return [KnownFlag(**json.loads(facts)) for (facts,) in rows]


def acknowledge(state: sqlite3.Connection, note: Acknowledgement) -> None:
    """Add one acknowledgement; earlier ones stay."""
    _prepare(state)
    with state:
        state.execute(
            "INSERT INTO flag_acknowledgements (flag_id, acknowledged_at, acknowledged_by, acknowledged_note)"
            " VALUES (:flag_id, :acknowledged_at, :acknowledged_by, :acknowledged_note)",
            asdict(note),
        )


def acknowledgements(state: sqlite3.Connection) -> list[Acknowledgement]:
    """All acknowledgements in the order in which they were made."""
    _prepare(state)
    names = tuple(Acknowledgement.__annotations__)
    rows = state.execute(f"SELECT {', '.join(names)} FROM flag_acknowledgements ORDER BY seq")
    return [Acknowledgement(**dict(zip(names, row, strict=True))) for row in rows]


def take_acknowledgements(state: sqlite3.Connection, published: duckdb.DuckDBPyConnection) -> int:
    """Take the acknowledgements of a published file into a state that has none; answers how many."""
    names = tuple(Acknowledgement.__annotations__)
    rows = published.execute(
        f"SELECT {', '.join(names)} FROM core.flag_acknowledgements ORDER BY acknowledged_at, flag_id"
    ).fetchall()
    for row in rows:
        acknowledge(state, Acknowledgement(**dict(zip(names, map(_plain, row), strict=True))))
    return len(rows)


def causes_since(state: sqlite3.Connection, version: str, now: datetime) -> datetime:
    """When this version of registry and rules was first used here; now, where it is new."""
    _prepare(state)
    with state:
        state.execute("INSERT OR IGNORE INTO causes_seen VALUES (?, ?)", (version, now.isoformat()))
    (since,) = state.execute("SELECT first_used_at FROM causes_seen WHERE version = ?", (version,)).fetchone()
    return datetime.fromisoformat(since)


def _prepare(state: sqlite3.Connection) -> None:
    state.executescript(_SCHEMA)


def offer(connection: duckdb.DuckDBPyConnection, known: Iterable[KnownFlag]) -> None:
    """Make the remembered flags readable as ``known_flags`` with the types of ``core.flags``."""
    rows = [asdict(flag) for flag in known]
    for row in rows:
        for name in ("first_seen_at", "closed_at"):
            row[name] = datetime.fromisoformat(row[name]) if row[name] else None
    connection.register("told_flags", arrow.arrow_table(_COLUMNS, rows, lambda name, row, _: row[name]))
    connection.execute("CREATE TEMP TABLE known_flags AS FROM told_flags")
    connection.unregister("told_flags")


def fill_acknowledgements(connection: duckdb.DuckDBPyConnection, notes: Iterable[Acknowledgement]) -> None:
    """Write ``core.flag_acknowledgements``; a note on a flag that is not here stays in the state alone."""
    flags = {flag_id for (flag_id,) in connection.execute("SELECT flag_id FROM core.flags").fetchall()}
    rows = [asdict(note) for note in notes if note.flag_id in flags]
    for row in rows:
        row["acknowledged_at"] = datetime.fromisoformat(row["acknowledged_at"])
    arrow.insert(connection, "core.flag_acknowledgements", rows)

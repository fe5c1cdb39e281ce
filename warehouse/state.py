"""``state.sqlite``: what is not derived from the archive.

Runs, files seen and spells of failure are made here; the fetcher, the outbox and the memory of flags each
make their own tables in it.
"""

from __future__ import annotations

import sqlite3
from datetime import date, datetime
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    run_id TEXT NOT NULL, started_at TEXT NOT NULL, ended_at TEXT, outcome TEXT,
    PRIMARY KEY (run_id, started_at)
);
CREATE TABLE IF NOT EXISTS file_seen (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, sha256 TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS failing (
    key TEXT PRIMARY KEY, since TEXT NOT NULL
);
"""


def open_state(path: Path) -> sqlite3.Connection:
    """Open or make the state file, readable by its owner only.

    Writers wait up to 30 seconds for one another; every change is on disk when it is committed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    connection = sqlite3.connect(path, timeout=30)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.executescript(_SCHEMA)
    return connection


def start_run(state: sqlite3.Connection, run_id: str, now: datetime) -> None:
    """Note that a run began. A run that was killed keeps an empty end."""
    with state:
        state.execute(
            "INSERT OR IGNORE INTO runs (run_id, started_at) VALUES (?, ?)", (run_id, now.isoformat())
        )


def end_run(state: sqlite3.Connection, run_id: str, started: datetime, now: datetime, outcome: str) -> None:
    """Note how a run ended."""
    with state:
        state.execute(
            "UPDATE runs SET ended_at = ?, outcome = ? WHERE run_id = ? AND started_at = ?",
            (now.isoformat(), outcome, run_id, started.isoformat()),
        )


def runs(state: sqlite3.Connection) -> list[tuple[str, str, str | None, str | None]]:
    """All runs in order: run_id, started_at, ended_at, outcome."""
    return state.execute("SELECT run_id, started_at, ended_at, outcome FROM runs ORDER BY 2, 1").fetchall()


def failing_since(state: sqlite3.Connection, kind: str, keys: list[str], today: date) -> dict[str, date]:
    """Since which day each of these fails without a break. What is no longer named has recovered.

    ``kind`` is the prefix of the keys that this call speaks for, such as ``source:``.
    """
    with state:
        state.executemany(
            "INSERT OR IGNORE INTO failing (key, since) VALUES (?, ?)",
            [(kind + key, today.isoformat()) for key in keys],
        )
        known = dict(
            state.execute("SELECT key, since FROM failing WHERE substr(key, 1, ?) = ?", (len(kind), kind))
        )
        recovered = known.keys() - {kind + key for key in keys}
        state.executemany("DELETE FROM failing WHERE key = ?", [(key,) for key in recovered])
    return {key: date.fromisoformat(known[kind + key]) for key in keys}

"""``state.sqlite``: what is not derived from the archive.

Runs, files seen and spells of failure are made here; the fetcher, the outbox and the memory of flags each
make their own tables in it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
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
CREATE TABLE IF NOT EXISTS read_untold (
    source_id TEXT NOT NULL, sha256 TEXT NOT NULL, parser_version TEXT NOT NULL,
    PRIMARY KEY (source_id, sha256, parser_version)
);
CREATE TABLE IF NOT EXISTS damaged (
    sha256 TEXT PRIMARY KEY, found_at TEXT NOT NULL
);
"""

WAIT_SECONDS = 30.0
"""How long a writer waits for another one."""


class StateError(RuntimeError):
    """The state file cannot be used; one sentence that names it and says what to do."""

    @classmethod
    def of(cls, path: Path, error: sqlite3.Error) -> StateError:
        """What an error of SQLite means for the file."""
        code = getattr(error, "sqlite_errorcode", None)
        primary = code & 0xFF if code is not None else None
        if primary in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            return cls(
                f"{path}: another program held it for more than {WAIT_SECONDS:.0f} s;"
                " nothing is lost, run again when it is done"
            )
        if primary == sqlite3.SQLITE_FULL:
            return cls(f"{path}: no space left on the device")
        if primary in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            return cls(
                f"{path}: is damaged ({error}); restore it from a backup. Without one, move it away: the next"
                " run then makes it anew, takes the acknowledgements from the published file, and tells each"
                " recipient once in a summary what is on record"
            )
        return cls(f"{path}: {error}")


def open_state(path: Path) -> sqlite3.Connection:
    """Open or make the state file, readable by its owner only.

    Writers wait up to 30 seconds for one another; every change is on disk when it is committed. Raises
    StateError where the file cannot be used.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    try:
        connection = sqlite3.connect(path, timeout=WAIT_SECONDS)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.executescript(_SCHEMA)
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise StateError.of(path, error) from error
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


def begin_reading(state: sqlite3.Connection, source_id: str, readings: Sequence[tuple[str, str]]) -> None:
    """Note which documents, as (sha256, parser version), are about to be read and have not been told of."""
    with state:
        state.executemany(
            "INSERT OR IGNORE INTO read_untold VALUES (?, ?, ?)",
            [(source_id, sha256, parser_version) for sha256, parser_version in readings],
        )


def untold(state: sqlite3.Connection, source_id: str) -> set[tuple[str, str]]:
    """Documents, as (sha256, parser version), that a run read which did not come to say how it went."""
    rows = state.execute("SELECT sha256, parser_version FROM read_untold WHERE source_id = ?", (source_id,))
    return set(rows.fetchall())


def all_told(state: sqlite3.Connection) -> None:
    """What was read has been said to everybody who is to hear it."""
    with state:
        state.execute("DELETE FROM read_untold")


def note_damaged(state: sqlite3.Connection, hashes: Collection[str], now: datetime) -> None:
    """Note documents whose bytes were found changed, for the next run; these are all that are now."""
    with state:
        state.execute("DELETE FROM damaged")
        state.executemany("INSERT INTO damaged VALUES (?, ?)", [(h, now.isoformat()) for h in sorted(hashes)])


def damaged(state: sqlite3.Connection) -> set[str]:
    """Hashes of documents whose bytes were found changed."""
    return {sha256 for (sha256,) in state.execute("SELECT sha256 FROM damaged")}


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

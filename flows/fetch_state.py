"""What the fetcher remembers: what each address last answered, and when each host may be asked again."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock


@dataclass(frozen=True)
class Validators:
    """What an address answered last; ``sha256`` is that of the bytes as archived."""

    etag: str | None
    last_modified: str | None
    sha256: str
    media_type: str


class FetchCache:
    """What each address last answered: its ETag, Last-Modified and the hash of the bytes, in ``http_cache``.

    Uses, and commits on, the connection that the caller gives. It holds no bytes: those are the archive's.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        with connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS http_cache (url TEXT PRIMARY KEY, etag TEXT, last_modified TEXT,"
                " sha256 TEXT NOT NULL, media_type TEXT NOT NULL, checked_at TEXT NOT NULL) STRICT"
            )

    def get(self, url: str) -> Validators | None:
        """What the address answered last, or None."""
        row = self._connection.execute(
            "SELECT etag, last_modified, sha256, media_type FROM http_cache WHERE url = ?", (url,)
        ).fetchone()
        return Validators(*row) if row else None

    def put(self, url: str, seen: Validators, checked_at: datetime) -> None:
        """Keep what the address answered."""
        with self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO http_cache VALUES (?, ?, ?, ?, ?, ?)",
                (url, seen.etag, seen.last_modified, seen.sha256, seen.media_type, checked_at.isoformat()),
            )


class Pace:
    """The pause between two requests to one host; share one among all fetchers of a run (it is locked)."""

    def __init__(
        self, sleep: Callable[[float], None] = time.sleep, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._sleep = sleep
        self._monotonic = monotonic
        self._next: dict[str, float] = {}
        self._lock = Lock()

    def wait(self, host: str, delay_seconds: float) -> None:
        """Return when the host may be asked; the next caller waits ``delay_seconds`` longer."""
        with self._lock:
            now = self._monotonic()
            turn = max(now, self._next.get(host, now))
            self._next[host] = turn + delay_seconds
        if turn > now:
            self._sleep(turn - now)

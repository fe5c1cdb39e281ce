"""One run at a time: the second leaves at once and says who holds the lock."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path


class RunLockedError(RuntimeError):
    """Another run is at work in this home."""


@contextmanager
def run_lock(home: Path, now: datetime) -> Iterator[None]:
    """Hold the lock of a home for the length of a run; the system frees it when the process ends.

    Raises RunLockedError naming the process that holds it.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / "run.lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "a process that did not say who it is"
            raise RunLockedError(f"another run is at work in {home}: {holder}") from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}, since {now.isoformat(timespec='seconds')}")
        lock.flush()
        yield

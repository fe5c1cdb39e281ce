"""One run at a time: the second leaves at once and says who holds the lock."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TextIO

from warehouse.home import Home, naming


class RunLockedError(RuntimeError):
    """Another run is at work in this home."""


def refuse_second(home: Path) -> None:
    """Leave at once where a run is at work. Raises RunLockedError naming the process; takes no lock."""
    path = home / "run.lock"
    if path.exists():
        with path.open("r", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                raise _locked(home, lock) from None


def _locked(home: Path, lock: TextIO) -> RunLockedError:
    lock.seek(0)
    holder = lock.read().strip() or "a process that did not say who it is"
    return RunLockedError(f"another run is at work in {home}: {holder}")


@contextmanager
def run_lock(home: Path, now: datetime) -> Iterator[None]:
    """Hold the lock of a home for the length of a run; the system frees it when the process ends.

    Raises RunLockedError naming the process that holds it.
    """
    Home(home).create()
    with (home / "run.lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _locked(home, lock) from None
        with naming(home / "run.lock"):
            lock.truncate(0)
            holder = f"process {os.getpid()}, since {now.isoformat(timespec='seconds')}"
            os.write(lock.fileno(), holder.encode())
        yield

"""A process with all that it started: how much memory they hold, and how they are ended to the last one.

Read from Linux's ``/proc``. Elsewhere memory is told as 0, and the limit that the process sets itself
remains.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_SESSION_FIELD = 3
"""Of ``/proc/<pid>/stat``, counted behind the name in brackets: state, ppid, pgrp, session."""


def resident_bytes(pid: int) -> int:
    """Memory of a process and of all that it started, in bytes. Pages that they share count in each."""
    return sum(map(_resident, _family(pid)))


def _family(pid: int) -> Iterator[int]:
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        yield one
        # a thread may start processes too, and only its own list names them
        with suppress(OSError):
            for thread in Path(f"/proc/{one}/task").iterdir():
                with suppress(OSError):
                    waiting += map(int, (thread / "children").read_bytes().split())


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * _PAGE_BYTES
    except OSError:  # it has just ended
        return 0


def end_session(leader: int) -> None:
    """End the leader of a session, its group, and whatever else belongs to the session. Nobody is asked."""
    for pid in {leader, *_session(leader)}:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _session(leader: int) -> Iterator[int]:
    if not _PROC.is_dir():
        return
    for process in _PROC.iterdir():
        if process.name.isdecimal():
            with suppress(OSError):  # it has just ended
                fields = (process / "stat").read_bytes().rpartition(b")")[2].split()
                if int(fields[_SESSION_FIELD]) == leader:
                    yield int(process.name)

"""One reading process as its parent sees it: started, given a document, watched, ended."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
import time
import weakref
from contextlib import suppress
from dataclasses import asdict
from multiprocessing import Pipe
from pathlib import Path
from typing import Protocol

from flows.process_tree import end_session, resident_bytes
from flows.reading_board import Board
from flows.reading_limits import Limits
from flows.reading_worker import READY, Answer, Request

logger = logging.getLogger(__name__)

LOADER = "parsers.registry:load_source"
LOOK_SECONDS = 0.05
"""How often a process at work is looked at: how late a limit may be noticed."""
_START_SECONDS = 120.0
_ASLEEP_SECONDS = 2.0
"""A watcher that was itself held up for longer than this has seen nothing and judges nothing."""
_DYING_SECONDS = 2.0
_MOST_STDERR = 4000


class Closable(Protocol):
    """Anything that is open and can be closed."""

    def close(self) -> None: ...


class ReadingError(RuntimeError):
    """No document can be read at all: the reading process does not start. One sentence."""


class ReadingProcess:
    """A child in a session of its own. ``ask`` gives it a document, ``look`` says what became of it.

    ``ended_because`` is set where ``look`` had to end it, or found it dead: the sentence and the page.
    """

    def __init__(self, limits: Limits, loader: str = LOADER) -> None:
        self.limits = limits
        self.ended_because: tuple[str, int | None] | None = None
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - both are open as long as the process
        self._board_file = tempfile.TemporaryFile()  # noqa: SIM115
        Board.make_room(self._board_file.fileno())
        self._board = Board(self._board_file.fileno())
        self.connection, theirs = Pipe()
        their_end, lifeline = os.pipe()
        facts = {
            "connection": theirs.fileno(),
            "board": self._board_file.fileno(),
            "lifeline": their_end,
            "loader": loader,
            "memory_bytes": 2_000_000 * limits.memory_mb,
        }
        try:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "flows.reading_worker", json.dumps(facts)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                pass_fds=(theirs.fileno(), self._board_file.fileno(), their_end),
                start_new_session=True,
                cwd=Path(__file__).parents[1],
                env=_environment(),
            )
        finally:
            theirs.close()
            os.close(their_end)
        self._finish = weakref.finalize(
            self, _finish, self._child, lifeline, self.connection, self._board, self._board_file
        )
        self._is_ready = False
        self._began = self._looked = self._moved = self._weighed = time.monotonic()
        self._ticks = self._asked_at = 0

    @property
    def pid(self) -> int:
        """The process id, which is also that of its session and group."""
        return self._child.pid

    def ask(self, request: Request) -> None:
        """Give it one document; it must be idle. Raises ReadingError where it does not start."""
        self._wait_until_ready()
        self._board.clear()
        self._ticks = self._asked_at = self._board.read().ticks
        self._began = self._looked = self._moved = self._weighed = time.monotonic()
        with suppress(BrokenPipeError, ConnectionResetError):  # dead: look will say so
            self.connection.send_bytes(json.dumps(asdict(request)).encode())

    def _wait_until_ready(self) -> None:
        if self._is_ready:
            return
        try:
            self._is_ready = self.connection.poll(_START_SECONDS) and self.connection.recv_bytes() == READY
        except (EOFError, ConnectionResetError):
            self._is_ready = False
        if not self._is_ready:
            self.end()
            raise ReadingError(f"the process that reads documents does not start: {self._last_words()}")

    def look(self) -> Answer | None:
        """Its answer; None while it is at work, and where it was ended (see ``ended_because``)."""
        try:
            if self.connection.poll():
                return Answer(**json.loads(self.connection.recv_bytes()))
        except (EOFError, ConnectionResetError):
            page = self._board.read().page
            code = self._own_end()
            logger.error("a reading process ended with code %s: %s", code, self._last_words())
            self.ended_because = self.limits.died(code), page
            return None
        reason = self._passed_limit(time.monotonic())
        if reason is not None:
            self.ended_because = reason, self._board.read().page
            self.end()
        return None

    def _own_end(self) -> int:
        """The code with which it ended by itself; its connection closes a moment before it is gone."""
        ends = time.monotonic() + _DYING_SECONDS
        how = os.WEXITED | os.WNOWAIT | os.WNOHANG  # left as it is, so that its id stays its own
        while os.waitid(os.P_PID, self.pid, how) is None and time.monotonic() < ends:
            time.sleep(0.005)
        return self.end()

    def _passed_limit(self, now: float) -> str | None:
        asleep = now - self._looked
        self._looked = now
        if asleep > _ASLEEP_SECONDS:
            self._began, self._moved = self._began + asleep, self._moved + asleep
        progress = self._board.read()
        if progress.ticks == self._asked_at:  # it still imports the parser
            return self.limits.standstill() if now - self._began > _START_SECONDS else None
        if self._ticks == self._asked_at:
            self._began = now
        if progress.ticks != self._ticks:
            self._ticks, self._moved = progress.ticks, now
        limits = self.limits
        if now - self._moved > limits.page_seconds:
            return limits.standstill()
        if not progress.rows and now - self._began > limits.rowless_seconds:
            return limits.rowless()
        if now - self._began > limits.document_seconds:
            return limits.endless()
        if now - self._weighed >= LOOK_SECONDS:
            self._weighed = now
            if resident_bytes(self.pid) > limits.memory_mb * 1_000_000:
                return limits.memory()
        return None

    def end(self) -> int:
        """End it with all that it started; answers the code with which it ended."""
        self._finish()
        return self._child.wait()

    def _last_words(self) -> str:
        self._errors.seek(max(0, os.fstat(self._errors.fileno()).st_size - _MOST_STDERR))
        return self._errors.read().decode(errors="replace").strip() or "it said nothing"


def _finish(child: subprocess.Popen[bytes], lifeline: int, *open_things: Closable) -> None:
    """Also done when nobody holds the process any more, and when the program ends."""
    end_session(child.pid)
    child.wait()
    os.close(lifeline)
    for thing in open_things:
        thing.close()


def _environment() -> dict[str, str]:
    """The parent's, without any setting or secret; one thread for each library, no memory held in reserve."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("ARMSWATCH_")}
    lean = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
    return {**kept, **lean, "ARROW_DEFAULT_MEMORY_POOL": "system"}

"""The reading process: takes one document after another, reads it into a folder, and says so.

Started by ``reading_process`` as ``python -m flows.reading_worker``, in a session of its own, with no setting
and no secret in its environment. It ends with its parent: the kernel kills it when the parent's end of a pipe
closes, whatever it is doing.
"""

from __future__ import annotations

import fcntl
import json
import os
import pickle
import resource
import select
import signal
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from flows.log import log_to
from flows.reading import read_document, read_into
from flows.reading_board import Board
from flows.reading_limits import MEMORY_CODE, PAGES_CODE
from parsers.document import Document
from parsers.parsed import Parsed
from parsers.progress import tick, watched
from parsers.registry import Source
from warehouse.archive import ArchiveError, read_checked
from warehouse.parsed_store import write_parsed

READY = b"ready"
PICKLE = "parsed.pickle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One document to read, as it travels to the reading process.

    ``path`` holds its bytes. With ``keep`` the answer is written as the parsed store keeps it, else pickled.
    """

    source_id: str
    parser_version: str
    path: str
    sha256: str
    media_type: str
    name: str
    url: str | None
    report_key: str | None
    retrieved_at: str | None
    published_on: str | None
    folder: str
    logs: str | None
    keep: bool

    @property
    def key(self) -> str:
        """Which document it is, and as which parser version it is read."""
        return f"{self.source_id} {self.sha256} {self.parser_version}"

    def document(self) -> Document:
        """The document with its bytes. Raises ArchiveError where they are not those that are meant."""
        return Document(
            content=read_checked(Path(self.path), self.sha256),
            media_type=self.media_type,
            name=self.name,
            url=self.url,
            report_key=self.report_key,
            retrieved_at=None if self.retrieved_at is None else datetime.fromisoformat(self.retrieved_at),
            published_on=None if self.published_on is None else date.fromisoformat(self.published_on),
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What the reading process says of a request: nothing, where all went well.

    ``damaged`` is a sentence for bytes that are not the archived ones; ``os_error`` number, text and place of
    an error of the disk.
    """

    damaged: str | None = None
    os_error: tuple[int, str, str] | None = None


def main(arguments: list[str]) -> int:
    """Serve requests until the parent closes the connection."""
    facts: dict[str, Any] = json.loads(arguments[0])
    _end_with_parent(facts["lifeline"])
    module, _, function = facts["loader"].partition(":")
    load: Callable[[str], Source] = getattr(import_module(module), function)
    board = Board(facts["board"])
    _bound_memory(facts["memory_bytes"])
    connection = Connection(facts["connection"])
    connection.send_bytes(READY)
    logs: str | None = ""
    while True:
        try:
            request = Request(**json.loads(connection.recv_bytes()))
        except EOFError:
            return 0
        if request.logs != logs:
            logs = request.logs
            log_to(None if logs is None else Path(logs))
        try:
            with watched(board):
                answer = Answer(damaged=_read(load(request.source_id), request))
        except MemoryError:
            return MEMORY_CODE
        except BrokenExecutor:
            return PAGES_CODE
        except OSError as error:  # what was read cannot be written: the run's trouble, not the document's
            answer = Answer(os_error=(error.errno or 0, error.strerror or str(error), request.folder))
        connection.send_bytes(json.dumps(asdict(answer)).encode())


def _read(source: Source, request: Request) -> str | None:
    """Read one document into its folder; answers a sentence where its bytes are damaged."""
    source.__dict__["parser_version"] = request.parser_version  # as the parent computed it, once
    source.prepare()
    if request.keep:
        _prepare_to_write()
    tick()  # only now the document's time begins
    try:
        document = request.document()
    except ArchiveError as error:
        return str(error)
    if request.keep:
        read_into(Path(request.folder), source, document)
    else:
        with (Path(request.folder) / PICKLE).open("wb") as file:
            pickle.dump(read_document(source, document), file, protocol=5)
    return None


@cache
def _prepare_to_write() -> None:
    """Import and read all that writing needs, once, so that no document is charged with it."""
    with tempfile.TemporaryDirectory(prefix="armswatch-") as folder:
        write_parsed(Path(folder), Parsed())


def _end_with_parent(lifeline: int) -> None:
    """Have this process and its group killed by the kernel when the other end of a pipe is closed.

    A thread that waits for it would not be enough: a parser can hold the interpreter for ever.
    """
    if not hasattr(fcntl, "F_SETSIG"):  # not Linux: the process ends when it asks for its next document
        return
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(lifeline, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)
    closed = select.poll()
    closed.register(lifeline, select.POLLHUP)
    if closed.poll(0):  # the parent was gone before the line stood
        os._exit(1)


def _bound_memory(room: int) -> None:
    """A wall behind the watcher, for what grows faster than it looks; no core file of a hostile document."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    held = 0
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        held = int(lines["VmData"].split()[0]) * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (held + room, held + room))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

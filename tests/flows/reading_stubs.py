"""A source whose parser does what the document says: hangs, grows, dies. Loaded by the reading process."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import re
import signal
import time
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal

from parsers.document import Document
from parsers.parsed import Parsed
from parsers.progress import tick
from parsers.record import Measure, Stage, Total
from parsers.registry import Source, load_source

LOADER = "tests.flows.reading_stubs:load"
MARK = b"STUB "


def stub(*words: str) -> bytes:
    """A document that makes the parser do this."""
    return MARK + " ".join(words).encode()


def load(source_id: str) -> Source:
    """The source itself, but for documents that begin with the mark."""
    known = load_source(source_id)
    return _Stub(known.source_id, known.folder)


class _Stub(Source):
    def parse(self, document: Document) -> Parsed:
        if not document.content.startswith(MARK):
            return super().parse(document)
        what, *values = document.content.removeprefix(MARK).decode().split()
        _DEEDS[what](*values)
        return Parsed(report_id=f"{self.source_id}/{what}", totals=[_TOO_FINE] if what == "too_fine" else [])


def _hang(page: str) -> None:
    tick(page=int(page), rows=1)
    re.match(r"(a+)+$", "a" * 60 + "b")  # never ends, and never lets another thread run


def _pages(seconds: str) -> None:
    for page in range(1, 10_000):
        tick(page=page)
        time.sleep(float(seconds))


def _rows(seconds: str, count: str) -> None:
    for _ in range(int(count)):
        tick(rows=1)
        time.sleep(float(seconds))


def _grow(megabytes: str) -> None:
    held = []
    for page in range(1, int(megabytes)):
        tick(page=page, rows=1)
        held.append(b"x" * 1_000_000)
        time.sleep(0.001)


def _grow_at_once(megabytes: str) -> None:
    bytearray(int(megabytes) * 1_000_000)


def _grow_together(megabytes: str) -> None:
    """Two processes that read pages hold half each: neither is above the limit."""
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        tick(rows=1)
        list(pool.map(_hold, [int(megabytes) // 2] * 2))


def _hold(megabytes: int) -> int:
    held = b"x" * (megabytes * 1_000_000)
    time.sleep(30)
    return len(held)


def _lose_a_page_process() -> None:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        pool.submit(os._exit, 1).result()


_TOO_FINE = Total(
    scope={}, measure=Measure.VALUE, stage=Stage.LICENSED, printed=Decimal("0.1234567"), raw="", row=1
)
"""A figure with more decimals than the warehouse keeps, which no reader of values would give."""


def _divide() -> None:
    _ = 1 // 0


def _segfault() -> None:
    ctypes.string_at(0)


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _environment() -> None:
    raise ValueError(f"settings here: {sorted(name for name in os.environ if name.startswith('ARMSWATCH'))}")


_DEEDS = {
    "hang": _hang,
    "pages": _pages,
    "rows": _rows,
    "grow": _grow,
    "grow_at_once": _grow_at_once,
    "grow_together": _grow_together,
    "lose_a_page_process": _lose_a_page_process,
    "divide": _divide,
    "too_fine": lambda: None,
    "segfault": _segfault,
    "exit": lambda code: os._exit(int(code)),
    "kill": _kill,
    "environment": _environment,
}

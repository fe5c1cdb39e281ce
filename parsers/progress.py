"""How far the reading of one document has come, for whoever watches over it from outside.

Readers say ``tick()`` once a page or block of rows; ``counted`` does so for a stream of rows. As long as
nobody watches, both do nothing: a parser stays a pure function of its document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol, TypeVar

BLOCK = 500
"""Rows between two ticks of ``counted``."""

Row = TypeVar("Row")


class Watcher(Protocol):
    """Is told of the page that is begun (None: not known) and of the rows found since it was last told.

    One that pages are read with in several processes can be pickled.
    """

    def __call__(self, page: int | None, rows: int) -> None: ...


_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


def tick(*, page: int | None = None, rows: int = 0) -> None:
    """The reading goes on: with this page, or after these rows."""
    watcher = _watcher.get()
    if watcher is not None:
        watcher(page, rows)


def counted(rows: Iterable[Row]) -> Iterator[Row]:
    """The same rows; the watcher is told at the first one and after each block."""
    for number, row in enumerate(rows):
        if number % BLOCK == 0:
            tick(rows=BLOCK if number else 1)
        yield row


def current() -> Watcher | None:
    """Whoever watches, to be handed to another process that reads a part of the document."""
    return _watcher.get()


def watch(watcher: Watcher | None) -> None:
    """Let this one watch from now on, in a process that does nothing but read."""
    _watcher.set(watcher)


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Let this one watch while the block runs."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)

"""The board on which a reading process writes how far it is, and which its watcher reads without asking."""

from __future__ import annotations

import mmap
import os
import struct
from typing import NamedTuple

_FORMAT = struct.Struct("<qqq")


class Progress(NamedTuple):
    """Ticks and rows since the document was begun; the page that is being read, None where unknown."""

    ticks: int
    rows: int
    page: int | None


class Board:
    """Three numbers in a file that is mapped into every process that reads the document.

    It is the ``parsers.progress.Watcher`` of those processes. Ticks that two of them make at once may count
    as one: it is their change that matters.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._numbers = mmap.mmap(descriptor, _FORMAT.size)

    @staticmethod
    def make_room(descriptor: int) -> None:
        """Give a new file the size of a board."""
        os.ftruncate(descriptor, _FORMAT.size)

    def __call__(self, page: int | None, rows: int) -> None:
        """A page is begun (0: the pages are done), or rows were found."""
        ticks, found, at = _FORMAT.unpack_from(self._numbers)
        _FORMAT.pack_into(self._numbers, 0, ticks + 1, found + rows, at if page is None else page)

    def read(self) -> Progress:
        """What the board says now."""
        ticks, rows, page = _FORMAT.unpack_from(self._numbers)
        return Progress(ticks, rows, page or None)

    def clear(self) -> None:
        """Begin a document: no row, no page; the ticks go on."""
        ticks, _, _ = _FORMAT.unpack_from(self._numbers)
        _FORMAT.pack_into(self._numbers, 0, ticks + 1, 0, 0)

    def close(self) -> None:
        """Let go of the file."""
        self._numbers.close()

    def __reduce__(self) -> tuple[object, ...]:
        # to a process that reads pages: the same file, opened through its owner
        return _board_of, (f"/proc/{os.getpid()}/fd/{self._descriptor}",)


def _board_of(path: str) -> Board:
    return Board(os.open(path, os.O_RDWR))

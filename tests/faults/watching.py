"""What a run writes, as it happens: inotify on a home and all its folders, so that a kill can be aimed."""

from __future__ import annotations

import ctypes
import os
import select
import struct
import time
from pathlib import Path

_LIBC = ctypes.CDLL(None, use_errno=True)
_MODIFY, _CLOSE_WRITE, _MOVED_TO, _CREATE, _DELETE = 0x2, 0x8, 0x80, 0x100, 0x200
_MASK = _MODIFY | _CLOSE_WRITE | _MOVED_TO | _CREATE | _DELETE
_IS_FOLDER = 0x40000000
_HEAD = struct.Struct("iIII")


class Watch:
    """Events below a folder: a file made, written to, closed, moved in, deleted. Close it after use."""

    def __init__(self, root: Path) -> None:
        self._handle = _LIBC.inotify_init1(os.O_CLOEXEC)
        if self._handle < 0:
            raise OSError(ctypes.get_errno(), "inotify_init1")
        self._folders: dict[int, Path] = {}
        self._add(root)

    def _add(self, folder: Path) -> None:
        number = _LIBC.inotify_add_watch(self._handle, os.fsencode(folder), _MASK)
        if number < 0:
            return  # it has gone again, or is a file
        self._folders[number] = folder
        for entry in os.scandir(folder):
            if entry.is_dir(follow_symlinks=False):
                self._add(Path(entry.path))

    def events(self, seconds: float) -> list[Path]:
        """The paths of what happens within the time; answers as soon as anything did."""
        ready, _, _ = select.select([self._handle], [], [], max(0.0, seconds))
        if not ready:
            return []
        content, found = os.read(self._handle, 65536), []
        while content:
            number, mask, _, length = _HEAD.unpack_from(content)
            name = content[_HEAD.size : _HEAD.size + length].rstrip(b"\0")
            content = content[_HEAD.size + length :]
            if number not in self._folders or not name:
                continue
            path = self._folders[number] / os.fsdecode(name)
            if mask & _CREATE and mask & _IS_FOLDER:
                self._add(path)
            found.append(path)
        return found

    def until(self, count: int, seconds: float) -> int:
        """Wait for so many events, or so long; answers how many there were."""
        ends, seen = time.monotonic() + seconds, 0
        while seen < count and (left := ends - time.monotonic()) > 0:
            seen += len(self.events(left))
        return seen

    def close(self) -> None:
        os.close(self._handle)

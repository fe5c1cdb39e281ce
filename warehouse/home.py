"""The one directory where everything lives, and how files get into it whole."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Home:
    """``ARMSWATCH_HOME``: raw/, parsed/, build/, published/, outbox/, logs/ and state.sqlite."""

    root: Path

    @property
    def raw(self) -> Path:
        """The archive. The only folder that must never be lost."""
        return self.root / "raw"

    @property
    def parsed(self) -> Path:
        """Parsed records by document and parser version; can be made anew."""
        return self.root / "parsed"

    @property
    def build(self) -> Path:
        """Where the warehouse is built before it is published; can be made anew."""
        return self.root / "build"

    @property
    def published(self) -> Path:
        """What analysts open, read-only."""
        return self.root / "published"

    @property
    def database(self) -> Path:
        """The analysts' file."""
        return self.published / "armswatch.duckdb"

    @property
    def outbox(self) -> Path:
        """Mails written as files when no mail server is set."""
        return self.root / "outbox"

    @property
    def logs(self) -> Path:
        """Logs and the heartbeat."""
        return self.root / "logs"

    @property
    def state(self) -> Path:
        """What cannot be derived: what was mailed to whom, what was acknowledged, runs."""
        return self.root / "state.sqlite"

    def create(self) -> Home:
        """Make the folders that do not exist yet; mails are for their owner only."""
        for folder in (self.root, self.raw, self.parsed, self.build, self.published, self.logs):
            folder.mkdir(parents=True, exist_ok=True)
        self.outbox.mkdir(mode=0o700, exist_ok=True)
        return self


@contextmanager
def written_whole(path: Path, mode: int = 0o644) -> Iterator[Path]:
    """Give a temporary path beside ``path``; on success sync it and move it in place, on failure remove it.

    A reader sees the old file or the new one, never a part; a crash leaves only a ``.tmp-`` file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".tmp-", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(mode)
        sync(temporary)
        temporary.replace(path)
        sync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Force a file or folder to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

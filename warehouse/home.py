"""The one directory where everything lives, and how files get into it whole."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
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
    def prefect(self) -> Path:
        """Prefect's own files: what it remembers of runs."""
        return self.root / "prefect"

    @property
    def state(self) -> Path:
        """What cannot be derived: what was mailed to whom, what was acknowledged, runs."""
        return self.root / "state.sqlite"

    def create(self) -> Home:
        """Make the folders that do not exist yet; mails, logs and Prefect's files are for their owner only.

        From here on nothing that this process makes can be changed by others, whatever its umask was: who
        could write into the home could make it accuse anybody.
        """
        os.umask(os.umask(0o077) | 0o022)
        for folder in (self.root, self.raw, self.parsed, self.build, self.published):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.outbox, self.logs, self.prefect):
            folder.mkdir(mode=0o700, exist_ok=True)
        return self

    def sweep(self) -> None:
        """Remove what killed runs left half written; call it where no other run can be at work."""
        left = [self.raw.glob("*/.tmp-*"), self.parsed.glob("*/.tmp-*")]
        left += [folder.glob(".tmp-*") for folder in (self.raw, self.published, self.logs)]
        for path in chain.from_iterable(left):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


class HomeError(RuntimeError):
    """Something in the home cannot be written or read; one sentence that names the place."""


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let an error of reading or writing say where: those of an open file do not know its name."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


@contextmanager
def usable(place: Path) -> Iterator[None]:
    """Let what fails at a place of the home, such as for want of room, be one sentence with the place.

    Raises HomeError for what DuckDB, SQLite's cache of matches or Parquet's writer could not read or write.
    """
    import duckdb

    try:
        with naming(place):
            yield
    except duckdb.OperationalError as error:  # cannot read, write, commit, or find the memory
        raise HomeError(f"{place}: {_first_line(error)}") from error
    except (duckdb.FatalException, duckdb.InternalException) as error:
        raise HomeError(f"{place}: cannot be read or written ({_first_line(error)})") from error
    except sqlite3.Error as error:
        raise HomeError(f"{place}: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


@contextmanager
def written_whole(path: Path, mode: int = 0o644) -> Iterator[Path]:
    """Give a temporary path beside ``path``; on success sync it and move it in place, on failure remove it.

    A reader sees the old file or the new one, never a part; a crash leaves only a ``.tmp-`` file.
    """
    with naming(path):
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

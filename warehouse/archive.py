"""The raw archive: every document's bytes under their hash, and a ledger of what came from where.

``raw/<first two digits>/<sha256>`` holds the bytes; ``raw/ledger.jsonl`` has one line an arrival, in order,
and only grows. Bytes are on disk before their line, so a crash loses at most a line that was not yet
acknowledged, and the next run fetches again. This folder is the only thing that must never be lost.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from parsers.document import Document
from warehouse.home import naming, written_whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One arrival: which source received which bytes, as which report, from where, when.

    ``seq`` counts from 1 and orders the arrivals; ``archived_at`` always grows, whatever the clock does.
    """

    seq: int
    source_id: str
    sha256: str
    report_key: str | None
    name: str
    url: str | None
    media_type: str
    size_bytes: int
    retrieved_at: datetime | None
    archived_at: datetime
    run_id: str
    published_on: date | None

    def to_line(self) -> str:
        """The entry as one line of JSON."""
        return json.dumps(asdict(self), default=lambda moment: moment.isoformat(), ensure_ascii=False)

    @classmethod
    def from_line(cls, line: str) -> Entry:
        """Read a line of the ledger. Raises ValueError or TypeError when it is not one."""
        raw: dict[str, Any] = json.loads(line)
        for name in ("retrieved_at", "archived_at"):
            if raw[name] is not None:
                raw[name] = datetime.fromisoformat(raw[name])
        if raw["published_on"] is not None:
            raw["published_on"] = date.fromisoformat(raw["published_on"])
        return cls(**{f.name: raw[f.name] for f in fields(cls)})


class ArchiveError(RuntimeError):
    """The archive on disk is not as it was written; the message names the file and what to do."""


def read_checked(path: Path, sha256: str) -> bytes:
    """The bytes of a file. Raises ArchiveError where they are gone or are not those with this hash."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be read ({error.strerror}); restore it from a backup") from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ArchiveError(f"{path}: its bytes have changed on disk; restore it from a backup")
    return content


class Archive:
    """Append-only store of documents. One writer at a time (the run's lock sees to it).

    ``suspects`` are hashes whose bytes were found changed; they are hashed again before they are trusted.
    """

    def __init__(self, folder: Path, suspects: Collection[str] = ()) -> None:
        self.folder = folder
        self._suspects = frozenset(suspects)
        self._ledger = folder / "ledger.jsonl"

    @cached_property
    def entries(self) -> list[Entry]:
        """All arrivals in order. A torn last line, left by a crash, is not one.

        Raises ArchiveError for a broken line anywhere else.
        """
        if not self._ledger.exists():
            return []
        lines = self._ledger.read_bytes().split(b"\n")
        torn = lines.pop()
        if torn:
            self._cut_torn_line(len(torn))
        return [self._read_line(number, line) for number, line in enumerate(lines, 1)]

    def _read_line(self, number: int, line: bytes) -> Entry:
        try:
            return Entry.from_line(line.decode())
        except (ValueError, KeyError, TypeError) as error:
            raise ArchiveError(
                f"{self._ledger}, line {number}: not a ledger line ({error}); restore it from a backup"
            ) from None

    def _cut_torn_line(self, length: int) -> None:
        with self._ledger.open("r+b") as ledger:
            ledger.truncate(self._ledger.stat().st_size - length)

    @cached_property
    def _known(self) -> set[tuple[str, str, str | None]]:
        """(source, sha256, report_key) of every arrival that its report ended on, newest only."""
        newest = {(e.source_id, e.report_key, None if e.report_key else e.sha256): e for e in self.entries}
        return {(e.source_id, e.sha256, e.report_key) for e in newest.values()}

    def holds(self, source_id: str, document: Document) -> bool:
        """True where these bytes are what this report last said, so that nothing new has arrived."""
        return (source_id, document.sha256, document.report_key) in self._known

    def add(self, source_id: str, document: Document, *, run_id: str, now: datetime) -> Entry | None:
        """Keep a document; answers None when the report's newest document already has these bytes.

        ``now`` is UTC; when the clock stands still or was set back, the last arrival's time goes on instead.
        """
        if self.holds(source_id, document):
            self.mend(document.sha256, document.content)
            return None
        path = self.path_of(document.sha256)
        if not path.exists() or not self.mend(document.sha256, document.content):
            self._write(path, document.content)
        entry = Entry(
            seq=len(self.entries) + 1,
            source_id=source_id,
            sha256=document.sha256,
            report_key=document.report_key,
            name=document.name,
            url=document.url,
            media_type=document.media_type,
            size_bytes=len(document.content),
            retrieved_at=document.retrieved_at,
            archived_at=self._after_last(now),
            run_id=run_id,
            published_on=document.published_on,
        )
        self._append(entry)
        return entry

    def _write(self, path: Path, content: bytes) -> None:
        with written_whole(path, mode=0o444) as temporary:
            temporary.write_bytes(content)

    # -- damage ------------------------------------------------------------------------------------

    @cached_property
    def amiss(self) -> set[str]:
        """Hashes of arrivals whose bytes are gone, of another size, or were found changed and still are.

        One look at each file's size: only ``damaged`` reads them all.
        """
        return {
            sha256
            for sha256, size in {entry.sha256: entry.size_bytes for entry in self.entries}.items()
            if self._size(sha256) != size or (sha256 in self._suspects and not self.is_intact(sha256))
        }

    def _size(self, sha256: str) -> int | None:
        path = self.path_of(sha256)
        return path.stat().st_size if path.is_file() else None

    def is_intact(self, sha256: str) -> bool:
        """True where the bytes with this hash are there, unchanged."""
        try:
            self.read(sha256)
        except ArchiveError:
            return False
        return True

    def mend(self, sha256: str, content: bytes) -> bool:
        """Write bytes that are amiss again where ``content`` is they; True if they are whole now."""
        if hashlib.sha256(content).hexdigest() != sha256:
            return False
        if sha256 in self.amiss:
            self._write(self.path_of(sha256), content)
            self.amiss.discard(sha256)
        return sha256 in self._hashes

    @cached_property
    def _hashes(self) -> set[str]:
        return {entry.sha256 for entry in self.entries}

    def has_arrived(self, sha256: str, url: str | None = None) -> bool:
        """True where the ledger has these bytes, from this address where one is given, and they are whole.

        Bytes without their line in the ledger, which a killed run may leave, have not arrived.
        """
        if sha256 in self.amiss:
            return False
        return sha256 in self._hashes if url is None else (url, sha256) in self._addresses

    @cached_property
    def _addresses(self) -> set[tuple[str | None, str]]:
        return {(entry.url, entry.sha256) for entry in self.entries}

    # -- the ledger --------------------------------------------------------------------------------

    def _after_last(self, now: datetime) -> datetime:
        if not self.entries:
            return now
        return max(now, self.entries[-1].archived_at + timedelta(microseconds=1))

    def _append(self, entry: Entry) -> None:
        self._ledger.parent.mkdir(parents=True, exist_ok=True)
        line = entry.to_line().encode() + b"\n"
        with naming(self._ledger), self._ledger.open("ab", buffering=0) as ledger:
            before = ledger.seek(0, os.SEEK_END)
            try:
                if ledger.write(line) != len(line):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(ledger.fileno())
            except OSError:
                ledger.truncate(before)  # half a line would spoil the next one
                raise
        self.entries.append(entry)
        for name in ("_known", "_hashes", "_addresses"):
            self.__dict__.pop(name, None)

    def path_of(self, sha256: str) -> Path:
        """Where the bytes with this hash are."""
        return self.folder / sha256[:2] / sha256

    def document(self, entry: Entry) -> Document:
        """The document of an arrival. Raises ArchiveError when its bytes are gone or changed on disk."""
        return Document(
            content=self.read(entry.sha256),
            media_type=entry.media_type,
            name=entry.name,
            url=entry.url,
            retrieved_at=entry.retrieved_at,
            report_key=entry.report_key,
            published_on=entry.published_on,
        )

    def read(self, sha256: str) -> bytes:
        """The bytes with this hash. Raises ArchiveError when they are gone or changed on disk."""
        return read_checked(self.path_of(sha256), sha256)

    def damaged(self) -> dict[str, str]:
        """One sentence for each document, by its hash, whose bytes are gone or changed on disk."""
        found = {}
        for sha256 in sorted({entry.sha256 for entry in self.entries}):
            try:
                self.read(sha256)
            except ArchiveError as error:
                found[sha256] = str(error)
        return found

"""A document: the bytes of one report, and where and when they came from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

_MEDIA_TYPES = {
    ".csv": "text/csv",
    ".htm": "text/html",
    ".html": "text/html",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".txt": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
}


@dataclass(frozen=True)
class Document:
    """The bytes of one report as they were received.

    ``url`` is the publisher's address without any key; a file that was dropped in has a ``name`` and no
    address. ``report_key`` is the period, edition or address that ``find_reports`` named, or None for a
    dropped file, whose own text then tells. ``retrieved_at`` is UTC.
    """

    content: bytes
    media_type: str
    name: str
    url: str | None = None
    retrieved_at: datetime | None = None
    report_key: str | None = None
    published_on: date | None = None

    @cached_property
    def sha256(self) -> str:
        """The hash of the bytes, in lower-case hexadecimal: the document's identity in the archive."""
        return hashlib.sha256(self.content).hexdigest()

    @classmethod
    def from_file(cls, path: str | Path) -> Document:
        """Read a file from disk; ``retrieved_at`` is the file's own time stamp.

        Raises OSError when the file cannot be read.
        """
        path = Path(path)
        return cls(
            content=path.read_bytes(),
            media_type=media_type_of(path.name),
            name=one_line(path.name),
            retrieved_at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        )


def one_line(text: str, most: int = 255) -> str:
    """A text that somebody else wrote, fit for a sentence: one printable line of so many characters."""
    printable = "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text[: 4 * most])
    line = " ".join(printable.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def media_type_of(name: str) -> str:
    """The media type that a file name promises; unknown endings are ``application/octet-stream``."""
    return _MEDIA_TYPES.get(Path(name).suffix.lower(), "application/octet-stream")

"""A flag, transfer or document back to where it stands: a PDF's page cropped, or the lines in their context.

Only the archive is read, whatever became of the publisher's site; its bytes are hashed again before they are
shown. Every form of the evidence says publisher, title, address, when retrieved, SHA-256 and page.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from warehouse.archive import Archive, ArchiveError
from warehouse.evidence_lines import Excerpt, Segment, excerpt_of
from warehouse.home import Home
from warehouse.sql import sql_beside

if TYPE_CHECKING:
    import duckdb

logger = logging.getLogger(__name__)
_sql = sql_beside(__file__, "places")

_TEMPLATE = Path(__file__).with_name("evidence.html.j2")
_PICTURE_SECONDS = 20
_LIBRARIES_BYTES = 700_000_000
"""Address space of the interpreter and its libraries, before a document is opened."""


class EvidenceError(RuntimeError):
    """The evidence cannot be shown in the form asked for; one sentence says why and what can be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a fact stands. ``words`` are pairs of a party's text and the words recognised in it."""

    kind: str
    id: str
    source_id: str
    source_title: str
    publisher: str
    licence_terms: str
    report_id: str
    document_name: str
    document_url: str | None
    document_sha256: str
    media_type: str
    retrieved_at: datetime | None
    archived_at: datetime
    is_current: bool
    page: int | None = None
    row: int | None = None
    bbox: tuple[float, float, float, float] | None = None
    next_row: int | None = None
    verbatim: dict[str, str] | None = None
    parties: tuple[str, ...] = ()
    words: tuple[tuple[str, str], ...] = ()

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What is always said of the document: label and text."""
        facts = [
            ("Publisher", self.publisher),
            ("Title", self.source_title),
            ("Report", self.report_id),
            ("Document", self.document_name),
            ("Address", self.document_url or "none: the file was dropped in"),
            ("Retrieved", _moment(self.retrieved_at) if self.retrieved_at else "not known"),
            ("Archived", _moment(self.archived_at)),
            ("SHA-256", self.document_sha256),
            ("Page", str(self.page) if self.page is not None else "the format has no pages"),
            ("Terms", self.licence_terms),
        ]
        if self.row is not None:
            facts.insert(9, ("Row" if self.page is not None else "Line", str(self.row)))
        if not self.is_current:
            facts.append(("Note", "A newer document of this report no longer says this."))
        return facts


def find_place(connection: duckdb.DuckDBPyConnection, key: str) -> Place | None:
    """The place of a flag, transfer or document, from a published file; None where nothing has the id."""
    for name in ("fact", "document"):
        answer = connection.execute(_sql(name), {"id": key})
        columns = [column[0] for column in answer.description or []]
        if (row := answer.fetchone()) is not None:
            return _place(dict(zip(columns, row, strict=True)))
    return None


def _place(row: dict[str, Any]) -> Place:
    box, verbatim = row.pop("bbox"), row.pop("verbatim")
    parties, words = row.pop("parties"), row.pop("words")
    return Place(
        **row,
        bbox=None if box is None else (box[0], box[1], box[2], box[3]),
        verbatim=None if verbatim is None else {k: _cell(v) for k, v in json.loads(verbatim).items()},
        parties=tuple(party for party in parties if party),
        words=tuple((party, words) for party, words in words or ()),
    )


def _cell(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


# -- forms -------------------------------------------------------------------------------------------------


def is_pdf(content: bytes) -> bool:
    """True where the bytes are a PDF, whatever its name or media type says."""
    return b"%PDF-" in content[:1024]


def picture_of(
    place: Place, content: bytes, *, seconds: int = _PICTURE_SECONDS, max_memory_mb: int = 600
) -> bytes:
    """The page around the row as PNG, under 150 kB, drawn in a process of its own with these limits.

    A document as a whole shows its first page. Raises EvidenceError where the document is no PDF or its page
    cannot be drawn.
    """
    from warehouse.evidence_layout import RowOnPage

    if not is_pdf(content):
        raise EvidenceError(f"{place.document_name} is no PDF and has no page to draw: ask for .html instead")
    verbatim = place.verbatim or {}
    request = RowOnPage(
        page=place.page or 1,
        bbox=place.bbox,
        titles=tuple(verbatim),
        above=(*verbatim.values(), *place.parties),
        marked=tuple(words for _, words in place.words),
        caption=(
            f"{place.document_name} · row {place.row}" if place.row else place.document_name,
            f"{place.publisher} · retrieved {_moment(place.retrieved_at or place.archived_at)}",
            f"sha256 {place.document_sha256}",
        ),
    )
    limits = {"memory_bytes": max_memory_mb * 1_000_000 + _LIBRARIES_BYTES, "seconds": seconds}
    head = f"{json.dumps(limits)}\n{request.to_json()}\n".encode()
    return _drawn(head + content, place, seconds)


def _drawn(request: bytes, place: Place, seconds: float) -> bytes:
    where = f"{place.document_name}, page {place.page or 1}"
    try:
        done = subprocess.run(
            [sys.executable, "-m", "warehouse.evidence_page"],
            input=request,
            capture_output=True,
            timeout=seconds,
            check=False,
            cwd=Path(__file__).parents[1],
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
    except subprocess.TimeoutExpired:
        raise EvidenceError(f"{where}: drawing it took more than {seconds:.0f} s") from None
    if done.returncode == 3:
        raise EvidenceError(f"{where}: {done.stderr.decode(errors='replace')}")
    if done.returncode != 0:
        logger.error("drawing %s failed: %s", where, done.stderr.decode(errors="replace")[-2000:])
        raise EvidenceError(f"{where}: drawing it was ended (code {done.returncode})")
    return done.stdout


def html_of(place: Place, content: bytes, *, max_memory_mb: int = 600) -> str:
    """One offline page: what the document is, and its page as a picture or its lines, words marked."""
    import jinja2

    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    picture = ""
    excerpt = Excerpt((), "")
    if is_pdf(content):
        png = picture_of(place, content, max_memory_mb=max_memory_mb)
        picture = "data:image/png;base64," + base64.b64encode(png).decode()
    else:
        excerpt = excerpt_of(place, content)
    return environment.from_string(_TEMPLATE.read_text("utf-8")).render(
        place=place, picture=picture, excerpt=excerpt, is_web=_is_web(place.document_url)
    )


def _is_web(address: str | None) -> bool:
    return (address or "").startswith(("https://", "http://"))


def text_of(place: Place, content: bytes) -> str:
    """The same in plain text: lines of the row begin with >, recognised words stand in «these marks»."""
    facts = [*((f"{place.kind.capitalize()}", place.id), *place.facts)]
    width = max(len(label) for label, _ in facts)
    lines = [f"{label.ljust(width)}  {text}" for label, text in facts]
    if is_pdf(content):
        cells = place.verbatim or {}
        lines += [
            "",
            "The row as printed (--out FILE.png shows its page):" if cells else "--out FILE.png shows it",
        ]
        lines += [f"  {name}: {cell}" for name, cell in cells.items()]
    else:
        excerpt = excerpt_of(place, content)
        lines += ["", excerpt.note] if excerpt.note else [""]
        for line in excerpt.lines:
            number = "" if line.number is None else str(line.number)
            said = "".join(_plain(segment) for segment in line.segments)
            lines.append(f"{'>' if line.is_row else ' '} {number:>6}  {said}".rstrip())
    return "\n".join(lines) + "\n"


def _plain(segment: Segment) -> str:
    return f"«{segment.text}»" if segment.kind == "words" else segment.text


# -- crops of the mail -------------------------------------------------------------------------------------


class _Flag(Protocol):
    @property
    def flag_id(self) -> str: ...


class Crops:
    """Pictures for one night's mails: made once a flag, within a time for all; a failing one is left out."""

    def __init__(
        self, home: Home, *, seconds: int = 10, all_seconds: float = 90.0, max_memory_mb: int = 600
    ) -> None:
        self._home = home
        self._seconds = seconds
        self._ends = all_seconds
        self._max_memory_mb = max_memory_mb
        self._made: dict[str, bytes | None] = {}

    def __call__(self, flag: _Flag) -> bytes | None:
        """The picture of the page around the flag's row; None where there is no page, or none in time."""
        if flag.flag_id not in self._made:
            began = time.monotonic()
            self._made[flag.flag_id] = self._crop(flag.flag_id) if self._ends > 0 else None
            self._ends -= time.monotonic() - began
        return self._made[flag.flag_id]

    def _crop(self, flag_id: str) -> bytes | None:
        import duckdb

        try:
            connection = duckdb.connect(str(self._home.database), read_only=True)
            try:
                place = find_place(connection, flag_id)
            finally:
                connection.close()
            if place is None or place.page is None or place.bbox is None:
                return None
            content = Archive(self._home.raw).read(place.document_sha256)
            return picture_of(place, content, seconds=self._seconds, max_memory_mb=self._max_memory_mb)
        except (EvidenceError, ArchiveError, OSError, duckdb.Error) as error:
            logger.warning("no picture for flag %s: %s", flag_id, error)
            return None

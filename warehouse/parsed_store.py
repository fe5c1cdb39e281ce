"""What was read from each document, kept as Parquet so that a document is parsed once in its life.

``parsed/<source_id>/<sha256>.<parser_version>/`` holds ``records``, ``totals`` and ``rejects`` as Parquet and
``summary.json``. The folder appears whole or not at all.

A document whose reading was ended for what it cost is kept as refused, with a mark beside its folder
(``<sha256>.<parser_version>.ended``). That a machine gave up says nothing final about the bytes: it is read
again by the next runs, a few times, and whenever a limit is changed. A rebuild takes such a refusal over as
it is kept, so it is equal on a faster machine too.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from parsers.parsed import Parsed
from parsers.progress import counted
from parsers.record import PUBLISHED_FIELDS, Record, Reject, Total
from warehouse.arrow import arrow_table
from warehouse.home import written_whole

_NOT_SAID = {"transfer_id", "source_id", "report_id", "document_sha256", "page", "row", "bbox"}
_SAID = tuple(
    name
    for name in PUBLISHED_FIELDS
    if name not in {*_NOT_SAID, "parser_version", "published_on", "verbatim"}
)
"""The fields that make two records equal: what they say, not where or in which edition they stand."""

RECORD_COLUMNS = (*PUBLISHED_FIELDS, "record_hash")
TOTAL_COLUMNS = (
    "page", "row", "bbox", "scope", "measure", "stage", "unit", "printed", "computed", "agrees",
    "explanation", "period_start", "period_end", "raw_text",
)  # fmt: skip
REJECT_COLUMNS = ("page", "row", "raw_text", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How a document was read: its report, whether it was refused, and what became of its rows."""

    report_id: str
    refused: str | None
    seen: int
    records: int
    rejects: int
    totals: int
    ignored: int
    records_count: int
    totals_count: int
    totals_disagree_count: int
    ignored_by_rule: dict[str, int]
    period_start: str | None
    period_end: str | None
    says: str
    """Hash of all that the document says: equal in two documents with equal records and totals."""
    refused_page: int | None = None
    refused_row: int | None = None

    @property
    def refused_where(self) -> str:
        """``page 3, row 7: `` of a refusal, as far as it is known."""
        places = (("page", self.refused_page), ("row", self.refused_row))
        said = ", ".join(f"{name} {number}" for name, number in places if number)
        return f"{said}: " if said else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """Why the reading of a document was ended, under which limits, and how often it was tried under them."""

    reason: str
    limits: dict[str, float]
    tries: int


MOST_TRIES = 3
"""Runs that read a document under the same limits before it is left as refused."""
_MARK = ".ended"
_TEMPORARY = ".tmp-"


class ParsedStore:
    """The parse cache. ``folder`` is ``ARMSWATCH_HOME/parsed``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path_of(self, source_id: str, sha256: str, parser_version: str) -> Path:
        """The folder that holds, or will hold, this document as this parser version reads it."""
        return self.folder / source_id / f"{sha256}.{parser_version}"

    def holds(self, source_id: str, sha256: str, parser_version: str) -> bool:
        """True where the document was already parsed by this parser version."""
        return self.path_of(source_id, sha256, parser_version).is_dir()

    def summary(self, source_id: str, sha256: str, parser_version: str) -> Summary:
        """How the document was read. Raises FileNotFoundError where it was not parsed yet."""
        path = self.path_of(source_id, sha256, parser_version) / "summary.json"
        return Summary(**json.loads(path.read_text("utf-8")))

    def put(self, source_id: str, sha256: str, parser_version: str, parsed: Parsed) -> Summary:
        """Keep what was parsed; does nothing where it is there already."""
        if self.holds(source_id, sha256, parser_version):
            return self.summary(source_id, sha256, parser_version)
        folder = self.stage(source_id)
        try:
            write_parsed(folder, parsed)
            return self.adopt(folder, source_id, sha256, parser_version)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def stage(self, source_id: str) -> Path:
        """A new empty folder, on the same disk, to write what is read into (``write_parsed``)."""
        (self.folder / source_id).mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=self.folder / source_id))

    def adopt(self, folder: Path, source_id: str, sha256: str, parser_version: str) -> Summary:
        """Keep what was written into a folder of ``stage``; what was read to its end before stays."""
        target = self.path_of(source_id, sha256, parser_version)
        if target.is_dir() and self.ended(source_id, sha256, parser_version) is None:
            shutil.rmtree(folder)
        else:
            _swap(folder, target)
            _mark_of(target).unlink(missing_ok=True)
        return self.summary(source_id, sha256, parser_version)

    # -- documents whose reading was ended ---------------------------------------------------------

    def put_ended(
        self, source_id: str, sha256: str, parser_version: str, parsed: Parsed, limits: dict[str, float]
    ) -> Ended:
        """Keep the refusal of a document whose reading was ended under these limits; answers its mark."""
        target = self.path_of(source_id, sha256, parser_version)
        before = self.ended(source_id, sha256, parser_version)
        tries = before.tries + 1 if before is not None and before.limits == limits else 1
        mark = Ended(reason=parsed.refused or "", limits=limits, tries=tries)
        target.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(_mark_of(target)) as temporary:
            temporary.write_text(json.dumps(asdict(mark), sort_keys=True), "utf-8")
        if before is None or before.reason != mark.reason:
            folder = self.stage(source_id)
            write_parsed(folder, parsed)
            _swap(folder, target)
        return mark

    def ended(self, source_id: str, sha256: str, parser_version: str) -> Ended | None:
        """The mark of a document whose reading was ended; None where it was read to its end, or never."""
        target = self.path_of(source_id, sha256, parser_version)
        if not _mark_of(target).exists() or not target.is_dir():
            return None
        mark = Ended(**json.loads(_mark_of(target).read_text("utf-8")))
        # a run that was killed before it took the mark away had read the document to its end
        return None if self.summary(source_id, sha256, parser_version).refused is None else mark

    def is_due(self, source_id: str, sha256: str, parser_version: str, limits: dict[str, float]) -> bool:
        """True for a document that is to be read: never read so far, or ended and worth another try."""
        if not self.holds(source_id, sha256, parser_version):
            return True
        mark = self.ended(source_id, sha256, parser_version)
        return mark is not None and (mark.limits != limits or mark.tries < MOST_TRIES)

    def all_ended(self, source_id: str) -> dict[str, str]:
        """The reasons of all ended documents of a source, by ``<sha256>.<parser_version>``."""
        reasons = {}
        for path in sorted((self.folder / source_id).glob(f"*{_MARK}")):
            sha256, _, parser_version = path.name.removesuffix(_MARK).partition(".")
            if mark := self.ended(source_id, sha256, parser_version):
                reasons[f"{sha256}.{parser_version}"] = mark.reason
        return reasons

    def take_over(self, other: ParsedStore, source_id: str, sha256: str, parser_version: str) -> None:
        """Take what another store keeps of a document as it is, with its mark."""
        origin = other.path_of(source_id, sha256, parser_version)
        target = self.path_of(source_id, sha256, parser_version)
        if not target.is_dir():
            shutil.copytree(origin, target)
            shutil.copy(_mark_of(origin), _mark_of(target))


def _mark_of(target: Path) -> Path:
    return target.with_name(target.name + _MARK)


def _swap(folder: Path, target: Path) -> None:
    """Put a written folder in the place of another. A kill between leaves neither: it is read again."""
    if target.is_dir():
        old = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=target.parent))
        target.replace(old)
        folder.replace(target)
        shutil.rmtree(old)
    else:
        folder.replace(target)


def write_parsed(folder: Path, parsed: Parsed) -> Summary:
    """Write what was parsed into a folder, as Parquet with its summary.

    Raises ArrowInvalid or OverflowError where a figure does not fit its column.
    """
    hashes = [record_hash(record) for record in counted(parsed.records)]
    _write_table(folder / "records.parquet", RECORD_COLUMNS, parsed.records, _record_cell(hashes))
    _write_table(folder / "totals.parquet", TOTAL_COLUMNS, parsed.totals, _total_cell)
    _write_table(folder / "rejects.parquet", REJECT_COLUMNS, parsed.rejects, _reject_cell)
    summary = _summarise(parsed, hashes)
    (folder / "summary.json").write_text(json.dumps(asdict(summary), indent=1, sort_keys=True), "utf-8")
    return summary


def record_hash(record: Record) -> str:
    """Hash of what a record says, whatever its place, edition and verbatim cells."""
    said = "\x1f".join("" if (value := getattr(record, name)) is None else _said(value) for name in _SAID)
    return hashlib.sha256(said.encode()).hexdigest()[:24]


def _said(value: object) -> str:
    # 5 and 5.00 are the same figure
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


def _summarise(parsed: Parsed, hashes: list[str]) -> Summary:
    rows = parsed.row_counts()
    starts = [d for r in parsed.records if (d := r.period_start or r.event_date)]
    ends = [d for r in parsed.records if (d := r.period_end or r.event_date)]
    said = sorted(f"{r.transfer_id}{h}" for r, h in zip(parsed.records, hashes, strict=True))
    said += sorted(f"{t.stage}{t.measure}{_json(t.scope)}{_said(t.printed)}" for t in parsed.totals)
    return Summary(
        report_id=parsed.report_id,
        refused=parsed.refused,
        **rows,
        records_count=len(parsed.records),
        totals_count=len(parsed.totals),
        totals_disagree_count=sum(total.agrees is False for total in parsed.totals),
        ignored_by_rule=parsed.ignored_by_rule(),
        period_start=min(starts).isoformat() if starts else None,
        period_end=max(ends).isoformat() if ends else None,
        says=hashlib.sha256("\n".join(said).encode()).hexdigest(),
        refused_page=parsed.rejects[0].page if parsed.refused is not None else None,
        refused_row=parsed.rejects[0].row if parsed.refused is not None else None,
    )


def _write_table(
    path: Path, columns: tuple[str, ...], rows: Iterable[Any], cell: Callable[[str, Any, int], Any]
) -> None:
    import pyarrow.parquet as pq

    pq.write_table(arrow_table(columns, rows, cell), path, compression="zstd")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _record_cell(hashes: list[str]) -> Callable[[str, Record, int], Any]:
    def cell(name: str, record: Record, index: int) -> Any:
        if name == "record_hash":
            return hashes[index]
        if name == "verbatim":
            return json.dumps(dict(record.verbatim), ensure_ascii=False)
        return _plain(getattr(record, name))

    return cell


def _total_cell(name: str, total: Total, index: int) -> Any:
    if name == "scope":
        return _json(dict(total.scope))
    return _plain(total.raw if name == "raw_text" else getattr(total, name))


def _reject_cell(name: str, reject: Reject, index: int) -> Any:
    return _plain(reject.raw if name == "raw_text" else getattr(reject, name))


def _plain(value: object) -> object:
    if isinstance(value, str | int | date | Decimal) or value is None:
        return value
    if isinstance(value, tuple):
        return [float(v) for v in value]
    raise TypeError(f"{type(value).__name__} {value!r} has no place in Parquet")

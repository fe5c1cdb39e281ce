"""What was read from each document, kept as Parquet so that a document is parsed once in its life.

``parsed/<source_id>/<sha256>.<parser_version>/`` holds ``records``, ``totals`` and ``rejects`` as Parquet and
``summary.json``. The folder appears whole or not at all.
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
from parsers.record import PUBLISHED_FIELDS, Record, Reject, Total
from warehouse.arrow import arrow_table

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
        target = self.path_of(source_id, sha256, parser_version)
        if target.is_dir():
            return self.summary(source_id, sha256, parser_version)
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=".tmp-", dir=target.parent))
        try:
            summary = _write(temporary, parsed)
            temporary.replace(target)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        return summary


def _write(folder: Path, parsed: Parsed) -> Summary:
    hashes = [record_hash(record) for record in parsed.records]
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

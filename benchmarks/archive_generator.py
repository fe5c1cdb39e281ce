"""Makes an archive of N documents and M transfers for measuring: seven sources, two decades, some revisions.

The parsed store's Parquet files are written directly, in the shape in which parsers leave them, so the
documents' bytes are stand-ins: what is measured from here on begins where parsing ends. (``scale.py`` times
parsing by itself, on real reports, for it costs the same for each row.) Equal settings give equal files.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from parsers.document import Document
from parsers.registry import load_source
from warehouse.archive import Archive, Entry
from warehouse.arrow import arrow_table
from warehouse.home import Home
from warehouse.parsed_store import RECORD_COLUMNS, REJECT_COLUMNS, TOTAL_COLUMNS, ParsedStore, Summary
from warehouse.units.registry import load_registry

_SQL = (Path(__file__).parent / "archive_rows.sql").read_text("utf-8")
FIRST_YEAR, YEARS = 2005, 20


@dataclass(frozen=True, slots=True)
class Shape:
    """How one source's reports look: share of documents and of rows, list, stage, what names an end user."""

    source_id: str
    documents: float
    rows: float
    exporters: str
    stage: str
    control_list: str
    value_basis: str
    currency: str
    has_licence: bool = False
    has_end_user: bool = False


CEILING = "licensed_ceiling"
SHAPES = (
    Shape("us_census_exports", 0.45, 0.45, "US", "shipped", "HS", "customs_fas", "USD"),
    Shape("gb_ecju_licences", 0.12, 0.15, "GB", "licensed", "ML", CEILING, "GBP", has_licence=True),
    Shape("eu_eeas_coarm", 0.08, 0.12, "DE IT ES FR AT BE CZ SE", "licensed", "ML", CEILING, "EUR"),
    Shape("nl_bz_licences", 0.08, 0.05, "NL", "licensed", "ML", CEILING, "EUR", has_licence=True),
    Shape("us_state_fmtr", 0.20, 0.15, "US", "trained", "", "training_cost", "USD", has_end_user=True),
    Shape("us_ddtc_655", 0.05, 0.075, "US", "licensed", "USML", CEILING, "USD"),
    Shape("us_ddtc_notices", 0.02, 0.005, "US", "notified", "USML", "threshold_minimum", "USD",
          has_licence=True, has_end_user=True),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What to make. ``mexico_share`` is the part of the rows that goes to Mexico: it sets the flags."""

    documents: int = 2_000
    transfers: int = 10_000_000
    distinct_end_users: int = 50_000
    mexico_share: float = 0.002
    revised_share: float = 0.05


@dataclass(frozen=True, slots=True)
class Planned:
    """One document to make: the report it is a version of, and its rows."""

    shape: Shape
    report: int
    version: int
    rows: int


def generate(home: Home, size: Size, reports: Path) -> None:
    """Fill an empty home with ledger and parsed store, and ``reports`` with the stand-in files."""
    home.create()
    archive, store = Archive(home.raw), ParsedStore(home.parsed)
    connection = _connection(size)
    entries: list[Entry] = []
    for number, planned in enumerate(_plan(size), 1):
        document = _stand_in(planned, reports)
        entries.append(_arrival(number, planned, document, archive))
        _parse(connection, store, planned, document.sha256)
    connection.close()
    lines = "".join(f"{entry.to_line()}\n" for entry in entries)
    (home.raw / "ledger.jsonl").write_text(lines, "utf-8")


def adopt(home: Home) -> None:
    """Let today's parsers own what an earlier ``generate`` wrote; folders' names hold their versions."""
    for shape in SHAPES:
        version = load_source(shape.source_id).parser_version
        for folder in (home.parsed / shape.source_id).glob("*.*"):
            folder.rename(folder.with_name(f"{folder.name.partition('.')[0]}.{version}"))


def _connection(size: Size) -> duckdb.DuckDBPyConnection:
    """A database that holds the words of which rows are made."""
    connection = duckdb.connect()
    registry = load_registry()
    names = sorted({alias.alias for alias in registry.aliases if len(alias.alias) > 6})
    connection.execute("SET preserve_insertion_order = true")
    connection.execute("CREATE TABLE mexican (n INTEGER, words VARCHAR)")
    connection.executemany("INSERT INTO mexican VALUES (?, ?)", list(enumerate(names)))
    connection.execute(
        "CREATE TABLE constants AS SELECT ? AS mexican_count, ?::INTEGER AS user_count, ? AS mexico_share",
        [len(names), size.distinct_end_users, size.mexico_share],
    )
    return connection


def _plan(size: Size) -> Iterator[Planned]:
    """Documents in the order of arrival: every twentieth is a second version of the report before it."""
    for shape in SHAPES:
        count = max(2, round(size.documents * shape.documents))
        rows = max(1, round(size.transfers * shape.rows / count))
        every = round(1 / size.revised_share)
        report = version = 0
        for number in range(1, count + 1):
            is_revision = number % every == 0
            report, version = (report, version + 1) if is_revision else (report + 1, 1)
            yield Planned(shape, report, version, rows)


def _stand_in(planned: Planned, reports: Path) -> Document:
    name = f"report-{planned.report:04d}-v{planned.version}.txt"
    path = reports / planned.shape.source_id / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"stand-in of {planned.shape.source_id}/{name}\n", "utf-8")
    return Document.from_file(path)


def _arrival(number: int, planned: Planned, document: Document, archive: Archive) -> Entry:
    path = archive.path_of(document.sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(document.content)
    at = datetime(2026, 1, 1, 3, 0, tzinfo=UTC) + timedelta(minutes=number)
    return Entry(
        seq=number, source_id=planned.shape.source_id, sha256=document.sha256, report_key=None,
        name=document.name, url=None, media_type=document.media_type, size_bytes=len(document.content),
        retrieved_at=at, archived_at=at, run_id=at.date().isoformat(), published_on=None,
    )  # fmt: skip


def _period(planned: Planned) -> tuple[date, date]:
    month = (planned.report - 1) % (YEARS * 12)
    start = date(FIRST_YEAR + month // 12, month % 12 + 1, 1)
    return start, (start + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _parse(connection: duckdb.DuckDBPyConnection, store: ParsedStore, planned: Planned, sha256: str) -> None:
    shape, source = planned.shape, load_source(planned.shape.source_id)
    start, end = _period(planned)
    report_id = f"{shape.source_id}/{start:%Y-%m}-{planned.report:04d}"
    answer = connection.execute(
        _SQL,
        {
            "source_id": shape.source_id, "report_id": report_id, "report": planned.report,
            "version": planned.version, "rows": planned.rows, "sha256": sha256,
            "parser_version": source.parser_version, "exporters": shape.exporters.split(),
            "stage": shape.stage, "control_list": shape.control_list or None,
            "value_basis": shape.value_basis,
            "currency": shape.currency, "has_licence": shape.has_licence, "has_end_user": shape.has_end_user,
            "start": start, "end": end,
        },
    )  # fmt: skip
    empty = arrow_table(RECORD_COLUMNS, [], lambda *_: None)
    table = answer.to_arrow_table().select(list(RECORD_COLUMNS)).cast(empty.schema)
    folder = store.path_of(shape.source_id, sha256, source.parser_version)
    folder.mkdir(parents=True)
    pq.write_table(table, folder / "records.parquet", compression="zstd")
    for name, columns in (("totals", TOTAL_COLUMNS), ("rejects", REJECT_COLUMNS)):
        pq.write_table(
            arrow_table(columns, [], lambda *_: None), folder / f"{name}.parquet", compression="zstd"
        )
    summary = _summary(report_id, planned, start, end, sha256)
    (folder / "summary.json").write_text(json.dumps(summary, indent=1, sort_keys=True), "utf-8")


def _summary(report_id: str, planned: Planned, start: date, end: date, sha256: str) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(
        Summary(
            report_id=report_id, refused=None, seen=planned.rows, records=planned.rows, rejects=0, totals=0,
            ignored=0, records_count=planned.rows, totals_count=0, totals_disagree_count=0,
            ignored_by_rule={},
            period_start=start.isoformat(), period_end=end.isoformat(),
            says=hashlib.sha256(f"{report_id} {sha256}".encode()).hexdigest(),
        )
    )  # fmt: skip

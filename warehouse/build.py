"""Parsed records to a warehouse: raw, core, meta and out. A pure function of archive, registries and code.

The database is built aside, in a file of its own, in a storage version that DuckDB 1.4 reads. Equal inputs
give equal tables, whatever the order in which documents are handed over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import warehouse.arrow as arrow
from parsers.record import PUBLISHED_FIELDS
from parsers.registry import Source
from warehouse import facts, flag_memory, flagging, matching, reference_tables, registry_tables
from warehouse.archive import Entry
from warehouse.catalog import Table, tables
from warehouse.parsed_store import ParsedStore, Summary
from warehouse.sql import bounded, quoted, sql_beside

if TYPE_CHECKING:
    import duckdb

    from warehouse.units.registry import Registry

_sql = sql_beside(__file__, "steps")

STORAGE_VERSION = "v1.4.0"
"""Oldest DuckDB that must open the published file."""

_ROOT = Path(__file__).parent
_ENTRY_COLUMNS = (
    "seq", "source_id", "document_sha256", "report_id", "document_name", "document_url", "media_type",
    "size_bytes", "retrieved_at", "archived_at", "run_id", "published_on", "parser_version", "period_start",
    "period_end", "is_refused", "refused_reason",
)  # fmt: skip
_REVISED_FIELDS = tuple(
    name
    for name in PUBLISHED_FIELDS
    if name
    not in {
        "transfer_id", "source_id", "report_id", "document_sha256", "page", "row", "bbox", "parser_version",
        "published_on", "verbatim",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """All that a build depends on: the ledger's entries in order, the sources, the units, the rules.

    ``known_flags`` are those that earlier builds published, ``causes_since`` is when this registry and these
    rules were first used: a flag that nothing gives any more is closed, not lost. ``runs`` and ``threads``
    change no table of core or out.
    """

    entries: Sequence[Entry]
    sources: dict[str, Source]
    store: ParsedStore
    registry: Registry
    match_cache: Path
    rules_folder: Path = flagging.RULES_FOLDER
    known_flags: Sequence[flag_memory.KnownFlag] = field(default=())
    acknowledgements: Sequence[flag_memory.Acknowledgement] = field(default=())
    causes_since: datetime | None = None
    runs: Sequence[tuple[str, str, str | None, str | None]] = field(default=())
    threads: int | None = None

    @property
    def build_id(self) -> str:
        """Digest of all inputs: equal inputs need no second build."""
        digest = hashlib.sha256()
        for entry in self.entries:
            digest.update(f"{entry.to_line()}{self.sources[entry.source_id].parser_version}\n".encode())
        for source_id in sorted(self.sources):
            digest.update(f"{source_id} {self.sources[source_id].parser_version}\n".encode())
            # a machine's refusal is no function of the bytes: it is an input of its own
            digest.update(f"{self.store.all_ended(source_id)}\n".encode())
        digest.update(f"{self.registry.version}\n{code_version(self.rules_folder)}\n".encode())
        told = flag_memory.digest(self.known_flags, self.acknowledgements)
        digest.update(f"{told} {self.causes_since}".encode())
        return digest.hexdigest()[:16]


def code_version(rules_folder: Path = flagging.RULES_FOLDER) -> str:
    """Digest of the code, SQL and settings that make tables, and of the DuckDB that runs them."""
    digest = hashlib.sha256(version("duckdb").encode())
    files = [p for p in _ROOT.rglob("*") if p.suffix in {".py", ".sql", ".yml"}]
    files += [p for p in rules_folder.glob("*.sql") if p not in files]
    files += reference_tables.FOLDER.glob("*.csv")
    for path in sorted(files):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def build(inputs: Inputs, target: Path) -> None:
    """Build the warehouse into ``target``, which must not exist.

    Raises FileNotFoundError where an entry was not parsed yet, RuleError for a flag rule that cannot be used.
    """
    connection = open_for_building(target, inputs.threads)
    try:
        for table in tables().values():
            if table.kind == "table":
                connection.execute(table.create_statement())
        _load(connection, inputs)
        connection.execute("CHECKPOINT warehouse")  # rules read it often, and faster so
        registry_tables.fill(connection, inputs.registry)
        reference_tables.fill(connection)
        matching.match_parties(connection, inputs.registry, inputs.match_cache)
        rules = flagging.load_rules(inputs.rules_folder)
        flagging.raise_flags(connection, rules, inputs.known_flags, inputs.causes_since)
        flag_memory.fill_acknowledgements(connection, inputs.acknowledgements)
        _describe(connection, inputs)
        connection.execute("CHECKPOINT warehouse")
    finally:
        connection.close()


def open_for_building(target: Path, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """A connection whose default database is the new file ``target``, in the published storage version."""
    import duckdb

    connection = duckdb.connect()
    if threads is not None:
        connection.execute(f"SET threads = {int(threads)}")
    bounded(connection, target.with_suffix(".spill"))
    connection.execute(f"ATTACH {quoted(target)} AS warehouse (STORAGE_VERSION '{STORAGE_VERSION}')")
    # Views and macros must not carry the attached name: readers attach the file under another one.
    connection.execute("USE warehouse")
    for schema in ("raw", "core", "meta", "out"):
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    return connection


def _load(connection: duckdb.DuckDBPyConnection, inputs: Inputs) -> None:
    read = [(entry, _summary(inputs, entry)) for entry in inputs.entries]
    arrow.insert(connection, "meta.sources", [_source_row(s) for _, s in sorted(inputs.sources.items())])
    _offer(connection, "arrivals", (*_ENTRY_COLUMNS, "says"), [_arrival(inputs, e, s) for e, s in read])
    once = {(entry.source_id, entry.sha256): (entry, summary) for entry, summary in read}
    _offer(
        connection, "accounts", tables()["meta.documents"].column_names, [_account(*x) for x in once.values()]
    )
    _offer(connection, "ignored", tables()["meta.ignored"].column_names, _ignored(inputs, once.values()))
    folders = {key: inputs.store.path_of(*key, inputs.sources[key[0]].parser_version) for key in sorted(once)}
    for name in ("records", "totals", "rejects"):
        # most documents have no totals and no rejects: their files need not be opened
        filled = [
            folder / f"{name}.parquet" for key, folder in folders.items() if _may_hold(once[key][1], name)
        ]
        _offer_parquet(connection, name, filled)
    connection.execute(_sql("documents"))
    facts.write_transfers(
        connection,
        [
            facts.ParsedDocument(*key, folder / "records.parquet", once[key][1].records_count)
            for key, folder in folders.items()
        ],
    )
    connection.execute(_sql("accounts"))
    connection.execute(_sql("revisions").replace("$FIELD_PAIRS$", _field_pairs()))


def _may_hold(summary: Summary, name: str) -> bool:
    """False where a document has nothing of this kind."""
    if name == "rejects":
        return summary.rejects > 0 or summary.refused is not None
    return (summary.records_count if name == "records" else summary.totals_count) > 0


def _summary(inputs: Inputs, entry: Entry) -> Summary:
    return inputs.store.summary(entry.source_id, entry.sha256, inputs.sources[entry.source_id].parser_version)


def _offer(
    connection: duckdb.DuckDBPyConnection, name: str, columns: Iterable[str], rows: Iterable[dict[str, Any]]
) -> None:
    """Make rows readable under a name; ``says`` is the one column that the catalog does not know."""
    import pyarrow as pa

    rows = list(rows)
    known = [column for column in columns if column != "says"]
    table = arrow.arrow_table(known, rows, lambda column, row, _: row[column])
    if "says" in columns:
        table = table.append_column("says", pa.array([row["says"] for row in rows], pa.string()))
    connection.register(name, table)


def _offer_parquet(connection: duckdb.DuckDBPyConnection, name: str, paths: list[Path]) -> None:
    from warehouse import parsed_store

    if not paths:
        columns = {
            "records": parsed_store.RECORD_COLUMNS,
            "totals": parsed_store.TOTAL_COLUMNS,
            "rejects": parsed_store.REJECT_COLUMNS,
        }[name]
        identity = () if name == "records" else ("source_id", "document_sha256")
        _offer(connection, f"no_{name}", (*identity, *columns), [])
        row = ", 0::BIGINT AS file_row_number" if name == "records" else ""
        connection.execute(f"CREATE TEMP VIEW {name} AS SELECT *{row} FROM no_{name}")
        return
    if name == "records":
        facts.offer_records(connection, name, paths)
        return
    listed = ", ".join(map(quoted, paths))
    # totals and rejects do not say whose they are: their folder does
    owner = ", parse_path(filename)[-3] AS source_id"
    owner += ", split_part(parse_path(filename)[-2], '.', 1) AS document_sha256"
    connection.execute(
        f"CREATE TEMP VIEW {name} AS SELECT * EXCLUDE (filename){owner}"
        f" FROM read_parquet([{listed}], filename = true)"
    )


def _arrival(inputs: Inputs, entry: Entry, summary: Summary) -> dict[str, Any]:
    from datetime import date

    return {
        "seq": entry.seq,
        "source_id": entry.source_id,
        "document_sha256": entry.sha256,
        "report_id": summary.report_id,
        "document_name": entry.name,
        "document_url": entry.url,
        "media_type": entry.media_type,
        "size_bytes": entry.size_bytes,
        "retrieved_at": entry.retrieved_at,
        "archived_at": entry.archived_at,
        "run_id": entry.run_id,
        "published_on": entry.published_on,
        "parser_version": inputs.sources[entry.source_id].parser_version,
        "period_start": date.fromisoformat(summary.period_start) if summary.period_start else None,
        "period_end": date.fromisoformat(summary.period_end) if summary.period_end else None,
        "is_refused": summary.refused is not None,
        "refused_reason": summary.refused,
        "says": summary.says,
    }


def _account(entry: Entry, summary: Summary) -> dict[str, Any]:
    return {
        "source_id": entry.source_id,
        "document_sha256": entry.sha256,
        "report_id": summary.report_id,
        "rows_seen_count": summary.seen,
        "record_rows_count": summary.records,
        "reject_rows_count": summary.rejects,
        "total_rows_count": summary.totals,
        "ignored_rows_count": summary.ignored,
        "records_count": summary.records_count,
        "totals_count": summary.totals_count,
        "totals_disagree_count": summary.totals_disagree_count,
        "is_refused": summary.refused is not None,
        "refused_reason": summary.refused,
    }


def _ignored(inputs: Inputs, read: Iterable[tuple[Entry, Summary]]) -> list[dict[str, Any]]:
    return [
        {
            "source_id": entry.source_id,
            "document_sha256": entry.sha256,
            "rule": rule,
            "rule_description": inputs.sources[entry.source_id].meta.ignore[rule],
            "row_count": count,
        }
        for entry, summary in read
        for rule, count in summary.ignored_by_rule.items()
    ]


def _source_row(source: Source) -> dict[str, Any]:
    meta = source.meta
    return {
        "source_id": source.source_id,
        "title": meta.title,
        "publisher": meta.publisher.name,
        "publisher_country": meta.publisher.country,
        "source_url": str(meta.url),
        "layout": meta.layout,
        "licence_terms": meta.licence,
        "frequency": meta.frequency,
        "expected_lag_days": meta.expected_lag_days,
        "coverage_start": meta.coverage_start,
    }


def _field_pairs() -> str:
    return ", ".join(
        f"{{'field': '{name}', 'old_value': old_row.{name}::VARCHAR, 'new_value': new_row.{name}::VARCHAR}}"
        for name in _REVISED_FIELDS
    )


def _describe(connection: duckdb.DuckDBPyConnection, inputs: Inputs) -> None:
    """Views, the raw face of each source, comments, and the record of what this was built from."""
    for table in _in_order_of_use(tables().values()):
        connection.execute((_ROOT / "views" / f"{table.name.partition('.')[2]}.sql").read_text("utf-8"))
    raw = _sql("raw_view")
    for source_id in sorted(inputs.sources):
        connection.execute(raw.replace("$SOURCE$", source_id))
    comments = [comment for table in tables().values() for comment in table.comment_statements()]
    # in one transaction: each would be written to disk by itself
    connection.execute(";\n".join(("BEGIN", *comments, "COMMIT")))
    built = {
        "build_id": inputs.build_id,
        "code_version": code_version(inputs.rules_folder),
        "registry_version": inputs.registry.version,
    }
    arrow.insert(connection, "meta.build", [built])
    arrow.insert(connection, "meta.runs", [registry_tables.run_row(run) for run in inputs.runs])


def _in_order_of_use(all_tables: Iterable[Table]) -> list[Table]:
    """Views and macros, those that others read first."""
    first = {"out.transfers": 0, "out.units": 0, "out.unit_training": 0}
    return sorted((t for t in all_tables if t.kind != "table"), key=lambda t: first.get(t.name, 1))

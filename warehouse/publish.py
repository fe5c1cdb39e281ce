"""Publishing: the checked build becomes the analysts' file in one move, with Parquet and CSV beside it.

``published/armswatch.duckdb`` is swapped with a rename, so a reader holds the old file or opens the new one
and never meets a lock or a half. Exports of one build stand in a folder of their own; ``published/exports``
points to the newest. Parquet is written from totally ordered queries, or in the order of a table that was
written in a total order (``out.transfers``, see facts.py): equal content gives equal bytes, which
``manifest.json`` and ``armswatch verify`` compare (DuckDB files themselves are not reproducible).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.catalog import Table, tables
from warehouse.discretion import discreet_connection
from warehouse.home import Home, written_whole
from warehouse.sql import bounded, quoted
from warehouse.table_files import write_csv

if TYPE_CHECKING:
    import duckdb

READ_ONLY = 0o444
"""Mode of the published file: tools that open files for writing by default would lock everyone out."""

_PARQUET = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1"
"""The lowest level of zstd: on rows like these it costs less, and the files are no larger."""

_AT_ONCE = 2
"""Tables that are written at once: the writing of one leaves half a core idle."""

_CSV_VIEWS = ("out.flags", "out.mexico_transfers", "out.revisions")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is published: the build and the SHA-256 of each Parquet file by table name."""

    build_id: str
    parquet: dict[str, str]

    @classmethod
    def read(cls, home: Home) -> Manifest | None:
        """The manifest of the published file, or None before the first publish."""
        path = home.published / "manifest.json"
        if not path.exists() or not home.database.exists():
            return None
        return cls(**json.loads(path.read_text("utf-8")))


def publish(built: Path, home: Home, build_id: str, *, show_municipal_detail: bool = False) -> Manifest:
    """Export and swap; ``built`` is consumed. A crash leaves the old file or the new one, whole."""
    exports = home.published / f".exports-{build_id}"
    shutil.rmtree(exports, ignore_errors=True)
    hashes = export(built, exports, show_municipal_detail=show_municipal_detail)
    built.chmod(READ_ONLY)
    with built.open("rb") as file:
        os.fsync(file.fileno())
    built.replace(home.database)
    _point(home.published / "exports", exports)
    manifest = Manifest(build_id=build_id, parquet=hashes)
    with written_whole(home.published / "manifest.json") as temporary:
        temporary.write_text(json.dumps({"build_id": build_id, "parquet": hashes}, indent=1), "utf-8")
    for old in home.published.glob(".exports-*"):
        if old != exports:
            shutil.rmtree(old, ignore_errors=True)
    return manifest


def _point(link: Path, target: Path) -> None:
    """Make a symbolic link point to ``target`` in one move."""
    temporary = link.with_name(".tmp-exports")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target.name)
    temporary.replace(link)


def export(built: Path, folder: Path, *, show_municipal_detail: bool = False) -> dict[str, str]:
    """Write Parquet of the exported tables and CSV of the most wanted views; answers hashes by table.

    The CSV files, which people pass on, have municipal detail drawn up to the state unless it is to be shown.
    """
    import duckdb

    folder.mkdir(parents=True)
    connection = duckdb.connect(str(built), read_only=True)
    bounded(connection, folder / ".spill")
    exported = [table for table in tables().values() if table.exported]
    try:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            hashes = pool.map(lambda table: _write_parquet(_cursor(connection), table, folder), exported)
            if show_municipal_detail:
                _write_csv_views(_cursor(connection), folder)
            else:
                with discreet_connection(built) as discreet:
                    bounded(discreet, folder / ".spill-discreet")
                    _write_csv_views(discreet, folder)
            parquet = {table.name: digest for table, digest in zip(exported, hashes, strict=True)}
    finally:
        connection.close()
    for spill in folder.glob(".spill*"):
        shutil.rmtree(spill, ignore_errors=True)
    return parquet


def _cursor(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """A second way into the same database, for another thread; it does not take over the time zone."""
    return connection.cursor().execute("SET TimeZone = 'UTC'")


def _write_csv_views(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    for name in _CSV_VIEWS:
        answer = connection.execute(f"FROM {name} ORDER BY {_order(tables()[name], tables()[name].order)}")
        write_csv(folder / f"{name.partition('.')[2]}.csv", answer)


def _write_parquet(connection: duckdb.DuckDBPyConnection, table: Table, folder: Path) -> str:
    path = folder / f"{table.name}.parquet"
    rows = f"FROM {table.name}"
    if first := table.order or table.key:
        rows += f" ORDER BY {_order(table, first)}"
    # without an order of its own a view keeps that of its table: selecting and filtering preserve it
    connection.execute(f"COPY ({rows}) TO {quoted(path)} ({_PARQUET})")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _order(table: Table, first: tuple[str, ...]) -> str:
    """Key or order first, then every other plain column: no ties, so one order. A view's key has no ties."""
    if table.kind == "view" and table.key:
        return ", ".join(f'"{name}"' for name in first)
    return ", ".join(f'"{name}"' for name in (*first, *(n for n in table.column_names if n not in first)))

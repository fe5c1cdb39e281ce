"""Publishing: readers meet the old file or the new one, whole, and files that older DuckDB opens."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from parsers.registry import source_ids
from tests.workshop import Workshop, moment, uk
from warehouse.catalog import tables
from warehouse.home import Home
from warehouse.publish import Manifest, publish

LINES = ("10,2010-04-07,ML1,1,185500,Mexico,0", "11,2010-05-01,ML3,1,500,Chile,0")

READER = """
import duckdb, sys, pathlib
path, stop = sys.argv[1], pathlib.Path(sys.argv[2])
reads = 0
while not stop.exists():
    connection = duckdb.connect(path, read_only=True)
    builds = connection.execute("SELECT count(*) FROM meta.build").fetchone()[0]
    rows = connection.execute("SELECT count(*) FROM out.transfers").fetchone()[0]
    connection.close()
    assert (builds, rows) == (1, 2), (builds, rows)
    reads += 1
print(reads)
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shop = Workshop(tmp_path_factory.mktemp("built"))
    shop.arrives("gb_ecju_licences", "v1.csv", uk(*LINES), moment(1))
    return shop.build()


def published(built: Path, home: Home, build_id: str = "b1") -> Manifest:
    copy = home.build / f"{build_id}.duckdb"
    shutil.copy(built, copy)
    return publish(copy, home, build_id)


@pytest.mark.parametrize("publishes", [6, pytest.param(100, marks=pytest.mark.slow)])
def test_a_reader_through_many_publishes_sees_no_error_and_only_whole_files(
    built: Path, tmp_path: Path, publishes: int
) -> None:
    home = Home(tmp_path / "home").create()
    published(built, home)
    stop = tmp_path / "stop"
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(home.database), str(stop)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    for number in range(publishes):
        published(built, home, f"b{number}")
    stop.touch()
    out, err = reader.communicate(timeout=60)
    assert reader.returncode == 0, err.decode()
    assert int(out) > 10, "the reader read while files were swapped"


def test_the_published_file_is_read_only_and_the_exports_are_those_of_the_build(
    built: Path, tmp_path: Path
) -> None:
    home = Home(tmp_path).create()
    manifest = published(built, home)
    assert stat.S_IMODE(home.database.stat().st_mode) == 0o444
    assert Manifest.read(home) == manifest
    exported = {path.stem for path in (home.published / "exports").glob("*.parquet")}
    assert exported == {table.name for table in tables().values() if table.exported}
    published(built, home, "b2")
    assert [path.name for path in home.published.glob(".exports-*")] == [".exports-b2"], (
        "old exports are cleared"
    )


def test_equal_content_gives_equal_parquet(built: Path, tmp_path: Path) -> None:
    one, two = (published(built, Home(tmp_path / name).create()) for name in ("one", "two"))
    assert one.parquet == two.parquet


def test_the_file_opens_under_any_name_and_its_views_and_macro_still_answer(built: Path) -> None:
    connection = duckdb.connect()
    connection.execute(f"ATTACH '{built}' AS another_name (READ_ONLY); USE another_name")
    for table in tables().values():
        if table.kind == "view":
            columns = [c[0] for c in connection.execute(f"FROM {table.name} LIMIT 1").description or []]
            assert columns == list(table.column_names), table.name
    assert connection.execute("SELECT count(*) FROM out.transfers_as_of(now())").fetchall() == [(2,)]
    connection.close()


@pytest.mark.skipif(
    tuple(map(int, duckdb.__version__.split(".")[:2])) < (2, 0),
    reason="DuckDB 1.5 passes over zstd in files of its default storage version",
)
def test_a_column_is_stored_as_the_catalog_says(tmp_path: Path) -> None:
    connection = duckdb.connect(str(tmp_path / "one.duckdb"))
    connection.execute("CREATE SCHEMA core")
    connection.execute(tables()["core.transfers"].create_statement())
    required = {c.name: c.field.type for c in tables()["core.transfers"].columns if c.required}
    samples = {
        "VARCHAR": "'text ' || i",
        "JSON": "'{\"row\": ' || i || '}'",
        "BOOLEAN": "TRUE",
        "TIMESTAMPTZ": "now()",
    }
    cells = ", ".join(f'{samples[kind]} AS "{name}"' for name, kind in required.items())
    connection.execute(f"INSERT INTO core.transfers BY NAME SELECT {cells} FROM range(100000) r(i)")
    connection.execute("CHECKPOINT")
    stored = connection.execute(
        "SELECT DISTINCT column_name, compression FROM pragma_storage_info('core.transfers')"
        " WHERE column_name IN ('verbatim', 'stage') AND segment_type <> 'VALIDITY' ORDER BY ALL"
    ).fetchall()
    connection.close()
    assert ("verbatim", "ZSTD") in stored, stored
    assert ("stage", "ZSTD") not in stored, "where the catalog says nothing DuckDB chooses"


def test_every_column_of_every_table_and_view_has_a_comment(built: Path) -> None:
    connection = duckdb.connect(str(built), read_only=True)
    silent = connection.execute(
        "SELECT schema_name || '.' || table_name || '.' || column_name FROM duckdb_columns()"
        " WHERE schema_name IN ('core', 'meta', 'out') AND comment IS NULL"
    ).fetchall()
    unsaid = connection.execute(
        "SELECT view_name FROM duckdb_views() WHERE schema_name IN ('raw', 'out') AND comment IS NULL"
    ).fetchall()
    connection.close()
    assert (silent, unsaid) == ([], [])


def test_the_raw_face_of_a_source_shows_its_rows_as_printed(built: Path) -> None:
    connection = duckdb.connect(str(built), read_only=True)
    rows = connection.execute(
        "SELECT kind, raw_text::JSON->>'value' FROM raw.gb_ecju_licences ORDER BY row"
    ).fetchall()
    for source_id in source_ids():  # totals and rejects stand there as text, beside records as JSON
        connection.execute(f"FROM raw.{source_id}").fetchall()
    connection.close()
    assert rows == [("record", "185500"), ("record", "500")]

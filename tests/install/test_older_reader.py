"""An analyst's DuckDB 1.4 opens the published file and every view of it answers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.workshop import Workshop, moment, uk
from warehouse.catalog import tables

READ_ALL = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
rows = [connection.execute(f"FROM {name}").fetchall() for name in sys.argv[2:]]
comments = connection.execute("SELECT count(*) FROM duckdb_columns() WHERE comment IS NOT NULL").fetchall()
print(duckdb.__version__, len(connection.execute("FROM out.transfers_as_of(now())").fetchall()), comments[0][0] > 100)
"""


@pytest.mark.install
@pytest.mark.timeout(300)
def test_a_client_of_duckdb_1_4_reads_every_table_and_view(tmp_path: Path) -> None:
    shop = Workshop(tmp_path / "home")
    shop.arrives("gb_ecju_licences", "v1.csv", uk("10,2010-04-07,ML1,1,185500,Mexico,0"), moment(1))
    older = tmp_path / "older"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*pip, "--target", str(older), "duckdb==1.4.4"], check=True)
    names = [table.name for table in tables().values() if table.kind != "macro"]
    told = subprocess.run(
        [sys.executable, "-c", READ_ALL, str(shop.build()), *names],
        env={"PYTHONPATH": str(older), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert told.stdout.split() == ["1.4.4", "1", "True"]

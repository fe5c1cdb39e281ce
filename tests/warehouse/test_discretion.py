"""What leaves as a file says the state of a municipal force, not its name; figures and places stay."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from tests.workshop import Workshop, moment
from warehouse.discretion import discreet_connection
from warehouse.publish import export

LETTERS = Path(__file__).parents[2] / "parsers/sources/us_ddtc_notices/sample/2021-99901.txt"
NAMED = "Iguala"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shop = Workshop(tmp_path_factory.mktemp("discretion"))
    text = LETTERS.read_text("utf-8").replace(
        "for end use by the Mexi-\n\n[[Page 9902]]\n\ncan Navy (SEMAR).",
        "for end use by the Municipal\nPolice of Iguala, Guerrero.",
    )
    shop.arrives("us_ddtc_notices", LETTERS.name, text.encode(), moment(4))
    return shop.build()


def everything(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Every table but the registry's, as text."""
    tables = connection.execute(
        "SELECT DISTINCT schema_name || '.' || table_name FROM duckdb_columns() WHERE database_name = 'memory'"
        " AND schema_name IN ('raw', 'core', 'meta', 'out') ORDER BY 1"
    ).fetchall()
    registry = (
        "core.unit_findings",
        "core.units",
        "core.unit_aliases",
        "core.unit_rel",
        "out.units",
        "out.findings",
    )
    told = {}
    for (name,) in tables:
        if not name.startswith(registry):
            told[name] = json.dumps(
                connection.execute(f"FROM {name}").fetchall(), default=str, ensure_ascii=False
            )
    return told


def test_the_published_file_itself_names_the_force(built: Path) -> None:
    with duckdb.connect(str(built), read_only=True) as connection:
        ((unit_id, party),) = connection.execute(
            "SELECT DISTINCT unit_id, end_user_raw FROM out.flags WHERE unit_id IS NOT NULL"
        ).fetchall()
    assert unit_id == "mun-iguala" and NAMED in party


def test_no_table_that_leaves_names_it(built: Path) -> None:
    connection = discreet_connection(built)
    told = everything(connection)
    assert {"out.flags", "out.mexico_transfers", "core.transfers", "raw.us_ddtc_notices"} <= set(told)
    assert not [name for name, text in told.items() if NAMED.lower() in text.lower()]
    as_of = connection.execute("FROM out.transfers_as_of(TIMESTAMPTZ '2030-01-01')").fetchall()
    assert as_of and NAMED not in str(as_of)
    counts = connection.execute("SELECT open_flag_count FROM out.units WHERE level = 'municipal'").fetchall()
    assert set(counts) == {(None,)}
    connection.close()


def test_state_figures_and_places_stay(built: Path) -> None:
    connection = discreet_connection(built)
    ((party, unit, ref, row),) = connection.execute(
        "SELECT DISTINCT end_user_raw, unit_id, licence_ref, row FROM out.flags WHERE unit_id IS NOT NULL"
    ).fetchall()
    others = connection.execute(
        "SELECT end_user_raw FROM out.transfers WHERE destination_country = 'IL'"
    ).fetchall()
    connection.close()
    assert party == "(a municipal force in MX-GRO)" and unit == "a municipal force in MX-GRO"
    assert (ref, row) == ("DDTC 19-039", 38)
    assert others == [("Israel National Police",)], "other rows are as they are"


def test_the_csv_files_of_the_night_are_drawn_up_and_the_setting_lifts_it(
    built: Path, tmp_path: Path
) -> None:
    export(built, tmp_path / "discreet")
    export(built, tmp_path / "open", show_municipal_detail=True)
    for name in ("flags.csv", "mexico_transfers.csv"):
        assert NAMED not in (tmp_path / "discreet" / name).read_text("utf-8")
        assert NAMED in (tmp_path / "open" / name).read_text("utf-8")

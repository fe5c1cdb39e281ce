"""Flag rules as files: what a rule must be, and that one which cannot be used stops with its file and line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.workshop import registry
from warehouse import reference_tables, registry_tables
from warehouse.catalog import tables
from warehouse.flagging import COLUMNS, RuleError, load_rules, raise_flags

HEADER = "-- id: probe\n-- title: A probe\n-- severity: low\n-- reason: {unit_name} in {licence}.\n-- Any comment.\n"
ANSWER = "SELECT transfer_id, NULL AS unit_id, 'none' AS relation, NULL AS evidence\nFROM transfers"


@pytest.fixture(scope="module")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """The tables of a warehouse with the registry and one transfer."""
    connection = duckdb.connect()
    for schema in ("raw", "core", "meta", "out"):
        connection.execute(f"CREATE SCHEMA {schema}")
    for table in tables().values():
        if table.kind == "table":
            connection.execute(table.create_statement())
    registry_tables.fill(connection, registry())
    reference_tables.fill(connection)
    connection.execute(
        "INSERT INTO core.transfers (transfer_id, source_id, report_id, document_sha256, parser_version, stage, grain,"
        " weapon_class, verbatim, record_hash, first_seen_at, last_seen_at, is_current, destination_country)"
        " VALUES (repeat('0', 24), 's', 's/1', repeat('0', 64), '1', 'notified', 'licence', 'unknown', '{}', 'h',"
        " TIMESTAMPTZ '2026-01-01', TIMESTAMPTZ '2026-01-01', TRUE, 'MX')"
    )
    yield connection
    connection.close()


def rule(folder: Path, text: str) -> Path:
    (folder / "probe.sql").write_text(text, "utf-8")
    return folder


def test_the_projects_rules_are_those_of_the_architecture() -> None:
    assert {rule.rule_id: rule.severity for rule in load_rules()} == {
        "unit_with_findings": "high",
        "relative_with_findings": "medium",
        "unit_named": "medium",
        "end_user_undisclosed": "medium",
        "unit_out_of_time": "medium",
        "unattributed_firearms": "low",
        "possible_unit": "review",
    }


END_OF_QUERY = 7 if duckdb.__version__ >= "2" else 6
"""Where DuckDB sees a query break off: 2.0 names its last line, 1.5 its first."""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SELECT 1", "probe.sql, line 1: the header lacks id, title, severity, reason; write -- id: "),
        (HEADER.replace("-- title: A probe\n", "") + ANSWER, "line 1: the header lacks title"),
        (HEADER.replace("probe", "other", 1) + ANSWER, "line 1: id is 'other'; it must be the file's name"),
        (
            HEADER.replace("low", "grave") + ANSWER,
            "line 3: severity 'grave' is none of high, medium, low, review",
        ),
        (HEADER.replace("{licence}", "{nobody}") + ANSWER, "line 4: the reason names ['nobody']"),
        (HEADER.replace("A probe", "{unit_name}") + ANSWER, "line 2: the title names ['unit_name']"),
        (
            HEADER.replace("-- reason", "-- severity: high\n-- reason") + ANSWER,
            "line 4: severity stands twice",
        ),
        (HEADER + "DROP TABLE core.flags", "line 6: a rule is one SELECT and nothing else"),
        (HEADER + ANSWER + "; SELECT 1", "line 6: a rule is one SELECT and nothing else"),
        (HEADER + "SELECT a FROM\n  t WHERE ((", f"line {END_OF_QUERY}: Parser Error"),
    ],
)
def test_a_file_that_is_no_rule_stops_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(RuleError) as error:
        load_rules(rule(tmp_path, text))
    assert told in str(error.value) and str(error.value).startswith("probe.sql, line ")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT transfer_id,\n  nothing AS unit_id,\n 'none' AS relation, '' AS evidence FROM transfers", "line 7: Binder Error"),
        ("SELECT *\n\nFROM nowhere", "line 8: Catalog Error"),
        ("\nSELECT transfer_id, 1 AS score FROM transfers", f"line 7: selects transfer_id, score; it must select {', '.join(COLUMNS)}"),
        (ANSWER.replace("'none'", "'cousin'"), "line 6: answers the relation 'cousin'; it must be one of direct"),
        (ANSWER.replace("'none'", "NULL"), "line 6: answers the relation None"),
        (ANSWER.replace("NULL AS unit_id", "'nobody' AS unit_id"), "line 6: answers the unit_id 'nobody'"),
        (ANSWER.replace("transfer_id", "'x' AS transfer_id", 1), "line 6: answers the transfer_id 'x'"),
        (ANSWER.replace("NULL AS evidence", "stage::INT AS evidence"), "line 6: Conversion Error"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_run_or_answers_otherwise_stops_the_build(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path, query: str, told: str
) -> None:
    rules = load_rules(rule(tmp_path, HEADER + query))
    with pytest.raises(RuleError) as error:
        raise_flags(warehouse, rules)
    warehouse.execute("DROP TABLE IF EXISTS rule_answers; DELETE FROM core.end_users")
    assert str(error.value).startswith(f"probe.sql, {told}")

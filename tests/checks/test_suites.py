"""Suites from the catalog: what must not be empty, closed lists, patterns, keys; failures named by row."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import duckdb
import pytest

from checks import gate, suites
from checks.results import Result
from parsers.registry import load_source, source_ids
from tests.workshop import Workshop, moment, uk

SOURCES = {name: load_source(name) for name in source_ids()}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shop = Workshop(tmp_path_factory.mktemp("sound"))
    shop.arrives(
        "gb_ecju_licences",
        "v1.csv",
        uk("10,2010-04-07,ML1,1,185500,Mexico,0", "11,2010-05-01,ML3,1,500,Chile,0"),
        moment(1),
    )
    return shop.build()


@pytest.fixture
def built(sound: Path, tmp_path: Path) -> Path:
    """A copy, to be spoilt."""
    return shutil.copy(sound, tmp_path / "built.duckdb")


def spoil(database: Path, *statements: str) -> list[Result]:
    connection = duckdb.connect(str(database))
    for statement in statements:
        connection.execute(statement)
    try:
        return [result for result in suites.check_tables(connection) if not result.is_passed]
    finally:
        connection.close()


def test_a_sound_warehouse_passes_every_check_without_opening_a_socket(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(*_: object, **__: object) -> None:
        raise AssertionError("a check tried to reach the network")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    verdict = gate.run_checks(built, SOURCES)
    assert [result.message for result in verdict.failed] == []
    assert verdict.is_publishable
    assert {result.category for result in verdict.results} >= {"table", "document", "bounds"}


def test_a_value_outside_its_closed_list_is_named_by_transfer_id(built: Path) -> None:
    connection = duckdb.connect(str(built))
    (wanted,) = connection.execute("SELECT transfer_id FROM core.transfers WHERE value = 500").fetchall()
    connection.close()
    (result,) = spoil(built, "UPDATE core.transfers SET stage = 'sold' WHERE value = 500")
    assert (result.check_id, result.subject, result.is_fatal) == ("known(stage)", "core.transfers", True)
    assert len(result.failures) == 1
    assert result.failures[0].failed_key is not None
    assert result.failures[0].failed_key.startswith(wanted[0])
    assert result.failures[0].failed_value == "sold"


def test_a_country_that_is_no_code_fails_its_pattern(built: Path) -> None:
    (result,) = spoil(built, "UPDATE core.transfers SET destination_country = 'Mexico' WHERE value = 500")
    assert result.check_id == "formed(destination_country)"
    assert [failure.failed_value for failure in result.failures] == ["Mexico"]


def test_a_malformed_id_fails_its_pattern_in_the_key_and_beside_it(built: Path) -> None:
    failed = spoil(
        built,
        "UPDATE core.transfers SET transfer_id = 'no hash', document_sha256 = upper(document_sha256)"
        " WHERE value = 500",
    )
    assert {(result.check_id, result.found) for result in failed} == {
        ("formed(transfer_id)", "1"),
        ("formed(document_sha256)", "1"),
    }


def test_a_key_that_stands_twice_is_named(built: Path) -> None:
    failed = spoil(built, "INSERT INTO core.transfers SELECT * FROM core.transfers WHERE value = 500")
    assert [result.check_id for result in failed] == ["unique(transfer_id, report_id, first_seen_at)"]
    assert failed[0].failures[0].failed_value == "2 copies"


def test_an_expectation_that_cannot_run_counts_as_failed_with_its_exception(built: Path) -> None:
    failed = spoil(
        built,
        "ALTER TABLE core.documents ALTER COLUMN document_sha256 DROP NOT NULL",
        "ALTER TABLE core.documents ALTER COLUMN document_sha256 SET DATA TYPE INTEGER USING 7",
    )
    assert "formed(document_sha256)" in {result.check_id for result in failed}


def test_frames_of_a_large_table_are_checked_in_portions_and_their_failures_joined(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suites, "ROWS_AT_ONCE", 2048)
    failed = spoil(
        built,
        "INSERT INTO core.transfers BY NAME SELECT t.* REPLACE (md5(i::VARCHAR)[:24] AS transfer_id,"
        " CASE WHEN i % 2000 = 0 THEN 'sold' ELSE stage END AS stage)"
        " FROM core.transfers t, range(6000) n(i) WHERE value = 500",
    )
    assert [(result.check_id, result.found) for result in failed] == [("known(stage)", "3")]


def test_results_and_the_rows_that_failed_are_kept_in_the_build(built: Path) -> None:
    connection = duckdb.connect(str(built))
    connection.execute("UPDATE core.transfers SET stage = 'sold' WHERE value = 500")
    connection.close()
    verdict = gate.run_checks(built, SOURCES)
    assert not verdict.is_publishable
    connection = duckdb.connect(str(built), read_only=True)
    kept = connection.execute(
        "SELECT check_id, failed_value FROM meta.check_results JOIN meta.check_failures USING (check_id, subject)"
        " WHERE NOT is_passed"
    ).fetchall()
    connection.close()
    assert kept == [("known(stage)", "sold")]

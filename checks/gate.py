"""Runs all checks on a built warehouse, writes their results into it, and decides: publish or keep."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import warehouse.arrow as arrow
from checks.bounds import check_bounds
from checks.results import Result
from parsers.registry import Source
from warehouse.sql import bounded, sql_beside

if TYPE_CHECKING:
    import duckdb

_sql = sql_beside(__file__, "queries")


@dataclass(frozen=True, slots=True)
class Verdict:
    """All results, and whether the build may be published."""

    results: list[Result]

    @property
    def is_publishable(self) -> bool:
        """False where a fatal check failed."""
        return all(result.is_passed or not result.is_fatal for result in self.results)

    @property
    def failed(self) -> list[Result]:
        """The checks that did not hold, fatal ones first."""
        return sorted((r for r in self.results if not r.is_passed), key=lambda r: not r.is_fatal)


def run_checks(database: Path, sources: dict[str, Source]) -> Verdict:
    """Check the built file and write results into ``meta.check_results`` and ``meta.check_failures``."""
    import duckdb

    from checks.suites import check_tables

    connection = duckdb.connect(str(database))
    try:
        bounded(connection, database.with_suffix(".spill"))
        results = check_bounds(connection, {name: source.meta.bounds for name, source in sources.items()})
        results += check_totals(connection)
        results += check_control_totals(connection)
        results += check_tables(connection)
        _keep(connection, results)
        connection.execute("CHECKPOINT")
    finally:
        connection.close()
    return Verdict(results)


def kept_failures(connection: duckdb.DuckDBPyConnection) -> list[Result]:
    """The checks that did not hold when this file was built, as it remembers them; fatal ones first."""
    names = ("check_id", "category", "subject", "is_fatal", "is_passed", "expected", "found", "message")
    rows = connection.execute(
        f"SELECT {', '.join(names)} FROM meta.check_results WHERE NOT is_passed"
        " ORDER BY is_fatal DESC, check_id, subject"
    ).fetchall()
    return [Result(**dict(zip(names, row, strict=True))) for row in rows]


def check_totals(connection: duckdb.DuckDBPyConnection) -> list[Result]:
    """One result a document with printed totals. A difference warns: the figures stand in meta.totals."""
    return [
        Result(
            check_id="totals_reproduced",
            category="totals",
            subject=f"{source_id}/{name} ({sha256[:12]})",
            is_fatal=False,
            is_passed=differing == 0,
            expected="every printed total equals its rows",
            found=f"{proven} agree, {differing} differ, {alone} stand without rows",
            message=f"{proven} printed totals reproduced, {differing} differ"
            f"{f' (first: {first})' if first else ''}, {alone} stand without rows.",
        )
        for source_id, name, sha256, proven, differing, alone, first in connection.execute(
            _sql("totals_of_documents")
        ).fetchall()
    ]


def check_control_totals(connection: duckdb.DuckDBPyConnection) -> list[Result]:
    """One result a year that an independent compilation also gives; a difference warns: either may err."""
    return [
        Result(
            check_id="control_total",
            category="totals",
            subject=f"{source_id}/{stage}/{country}/{year}",
            is_fatal=False,
            is_passed=ours == compiled,
            expected=f"{compiled:f} {currency} ({citation})",
            found=f"{ours:f} {currency}",
            message=f"{source_id}, {stage} to {country} in {year}: the rows give {ours:,.0f} {currency},"
            f" {citation} gives {compiled:,.0f}.",
        )
        for source_id, stage, country, year, compiled, ours, currency, citation in connection.execute(
            _sql("control_totals")
        ).fetchall()
    ]


def _keep(connection: duckdb.DuckDBPyConnection, results: list[Result]) -> None:
    arrow.insert(connection, "meta.check_results", [asdict(result) for result in results])
    arrow.insert(
        connection,
        "meta.check_failures",
        [
            {"check_id": result.check_id, "subject": result.subject, **asdict(failure)}
            for result in results
            for failure in result.failures
        ],
    )

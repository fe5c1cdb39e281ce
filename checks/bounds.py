"""Per document: fewer rows than source.yml's minimum is fatal, more than its maximum warns.

A violated bound is a signal to explain the report, not an instruction to fit the bound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.results import Result
from parsers.facts import Bounds
from warehouse.sql import sql_beside

if TYPE_CHECKING:
    import duckdb

_sql = sql_beside(__file__, "queries")


def check_bounds(connection: duckdb.DuckDBPyConnection, bounds: dict[str, Bounds]) -> list[Result]:
    """Check every current document's row count, and that every row is accounted for."""
    results: list[Result] = []
    for source_id, sha256, name, seen, unaccounted in connection.execute(
        _sql("rows_of_documents")
    ).fetchall():
        results += _of_document(bounds[source_id], source_id, f"{name} ({sha256[:12]})", seen, unaccounted)
    for source_id, sha256, name, reason in connection.execute(_sql("refused_documents")).fetchall():
        results.append(
            Result(
                check_id="document_readable",
                category="document",
                subject=f"{source_id}/{name} ({sha256[:12]})",
                is_fatal=False,
                is_passed=False,
                expected="a layout that is known",
                found=reason,
                message=f"{name} was refused whole; its last good version stays: {reason}",
            )
        )
    return results


def _of_document(bounds: Bounds, source_id: str, document: str, seen: int, unaccounted: int) -> list[Result]:
    subject = f"{source_id}/{document}"
    return [
        Result(
            check_id="rows_accounted_for",
            category="document",
            subject=subject,
            is_fatal=True,
            is_passed=unaccounted == 0,
            expected="0 rows unaccounted for",
            found=str(unaccounted),
            message=f"{seen} rows seen, {unaccounted} of them neither kept, rejected, summed nor ignored.",
        ),
        Result(
            check_id="rows_minimum",
            category="bounds",
            subject=subject,
            is_fatal=True,
            is_passed=seen >= bounds.min_rows,
            expected=f"at least {bounds.min_rows}",
            found=str(seen),
            message=f"{seen} rows; at least {bounds.min_rows} are expected.",
        ),
        Result(
            check_id="rows_maximum",
            category="bounds",
            subject=subject,
            is_fatal=False,
            is_passed=seen <= bounds.max_rows,
            expected=f"at most {bounds.max_rows}",
            found=str(seen),
            message=f"{seen} rows; more than {bounds.max_rows} would be unusual.",
        ),
    ]

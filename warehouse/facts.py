"""Writes ``core.transfers`` and ``core.sightings``: histories on keys alone, then whole rows in portions.

Memory is bounded by the portion, whatever the size of the archive. The rows are written in one total order
(those that concern Mexico, then the rest; each by source, document and row of the document), which does not
depend on the order of arrival: a file that is exported in the order of the table is equal, byte for byte, for
equal content.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.sql import quoted, sql_beside

if TYPE_CHECKING:
    import duckdb

_sql = sql_beside(__file__, "steps")

ROWS_AT_ONCE = 614_400
"""Rows of a portion: five row groups, as many as DuckDB gathers before it compresses and writes them.

Fewer are kept open, taken apart by the next portion and compressed again; more take more memory to sort.
"""

CONCERNS_MEXICO = "r.destination_country = 'MX' OR r.destination_country IS NULL"
_SHARES = (CONCERNS_MEXICO, f"({CONCERNS_MEXICO}) IS NOT TRUE")


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """One document's parsed records: its identity, the Parquet file that holds them, how many there are."""

    source_id: str
    sha256: str
    records: Path
    records_count: int


def write_transfers(connection: duckdb.DuckDBPyConnection, documents: Sequence[ParsedDocument]) -> None:
    """Fill ``core.transfers`` and ``core.sightings`` from the view ``records`` and these files.

    ``core.documents``, ``meta.sources`` and ``arrivals`` must be filled.
    """
    connection.execute(_sql("spans"))
    placed = {
        (source_id, sha256): number
        for source_id, sha256, number in connection.execute(
            "SELECT source_id, document_sha256, document_no FROM places"
        ).fetchall()
    }
    good = [d for d in documents if d.records_count and (d.source_id, d.sha256) in placed]
    good.sort(key=lambda d: placed[d.source_id, d.sha256])
    # one transaction: row groups of neighbouring portions are filled together
    connection.execute("BEGIN")
    for step in (*(_sql("transfers").replace("$SHARE$", share) for share in _SHARES), _sql("sightings")):
        for portion in _portions(good):
            numbers = [placed[d.source_id, d.sha256] for d in portion]
            offer_records(connection, "batch", [document.records for document in portion])
            connection.execute(step, {"first": numbers[0], "last": numbers[-1]})
    connection.execute("COMMIT")


def offer_records(connection: duckdb.DuckDBPyConnection, name: str, paths: Sequence[Path]) -> None:
    """Make records readable under a name, each with the number of its row in its file."""
    listed = ", ".join(map(quoted, paths))
    files = f"read_parquet([{listed}], file_row_number = true)"
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM {files}")


def _portions(documents: Sequence[ParsedDocument]) -> Iterator[list[ParsedDocument]]:
    """Documents in their order, so many at once that a portion has about ROWS_AT_ONCE rows."""
    portion: list[ParsedDocument] = []
    rows = 0
    for document in documents:
        portion.append(document)
        rows += document.records_count
        if rows >= ROWS_AT_ONCE:
            yield portion
            portion, rows = [], 0
    if portion:
        yield portion

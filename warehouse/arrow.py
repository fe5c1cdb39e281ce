"""Rows to Arrow tables, typed by the catalog, on their way into Parquet and DuckDB."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from parsers.progress import tick
from warehouse.catalog import fields, tables

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


def arrow_type(duckdb_type: str) -> pa.DataType:
    """The Arrow type of a catalog type. Raises KeyError for a type that the catalog does not use."""
    import pyarrow as pa

    return {
        "VARCHAR": pa.string(),
        "VARCHAR[]": pa.list_(pa.string()),
        "JSON": pa.string(),
        "INTEGER": pa.int32(),
        "BIGINT": pa.int64(),
        "BOOLEAN": pa.bool_(),
        "DATE": pa.date32(),
        "TIMESTAMPTZ": pa.timestamp("us", tz="UTC"),
        "DOUBLE": pa.float64(),
        "DOUBLE[]": pa.list_(pa.float64()),
        "DECIMAL(24,6)": pa.decimal128(24, 6),
        "DECIMAL(38,6)": pa.decimal128(38, 6),
    }[duckdb_type]


def arrow_table(
    columns: Sequence[str], rows: Iterable[Any], cell: Callable[[str, Any, int], Any]
) -> pa.Table:
    """A table of the named catalog fields; ``cell(column, row, index)`` gives each value.

    Raises ArrowInvalid where a value does not fit the column's type without loss.
    """
    import pyarrow as pa

    rows = list(rows)
    schema = pa.schema([(name, arrow_type(fields()[name].type)) for name in columns])
    arrays = []
    for name in columns:
        tick()
        cells = [cell(name, row, index) for index, row in enumerate(rows)]
        arrays.append(pa.array(cells, type=schema.field(name).type))
    return pa.Table.from_arrays(arrays, schema=schema)


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows, given as dicts of all columns, into a catalog table.

    Raises KeyError for a missing column.
    """
    columns = tables()[table].column_names
    arrow = arrow_table(columns, rows, lambda name, row, _: row[name])
    connection.register("incoming_rows", arrow)
    try:
        connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM incoming_rows")
    finally:
        connection.unregister("incoming_rows")

"""Per table: Great Expectations suites made from the catalog, run on pandas frames read from DuckDB.

DuckDB first leaves out the rows that hold beyond doubt, in one pass over the table: a frame holds only rows
that may fail, so that a sound table of any size costs one scan and no memory. What it doubts, it hands over.
An expectation that could not run counts as failed, with its exception: it proves nothing. Great
Expectations and pandas take seconds to import, so this module imports them where they are used.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from checks.results import Failure, Result
from warehouse.catalog import Column, Table, tables
from warehouse.sql import quoted

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow as pa

ROWS_AT_ONCE = 500_000
"""Rows of one frame: bounds the memory that a check needs whatever the size of the table."""

MOST_FAILURES = 1_000
"""Rows that one check names; more are counted only."""

_COPIES = "copies"


def check_tables(connection: duckdb.DuckDBPyConnection) -> list[Result]:
    """Check every table that the catalog marks as checked: keys, required cells, closed lists, patterns."""
    # one definition for the frames of all tables: each costs the context as much as a suite on few rows
    frames = _context().data_sources.add_pandas("warehouse").add_dataframe_asset("frame")
    batches = frames.add_batch_definition_whole_dataframe("all")
    return [
        result
        for table in tables().values()
        if table.checked
        for result in _check_table(connection, table, batches)
    ]


def _context() -> Any:
    """A context in memory: no files, no temporary folders left behind, no progress bars."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    stores = InMemoryStoreBackendDefaults(init_temp_docs_sites=False)
    context = gx.get_context(project_config=DataContextConfig(store_backend_defaults=stores))
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context


def _check_table(connection: duckdb.DuckDBPyConnection, table: Table, batches: Any) -> list[Result]:
    # as one suite: an expectation by itself costs more than all of them on a frame of few rows
    expectations = list(_expectations(table))
    merged: dict[str, Result] = {}
    for frame in _frames(connection, table):
        answers = _answers(table, expectations, batches.get_batch(batch_parameters={"dataframe": frame}))
        for expectation in expectations:
            check_id = expectation.meta["check_id"]
            result = _answered(table, check_id, expectation.column, answers[check_id])
            merged[check_id] = _worse(merged.get(check_id), result)
    return list(merged.values())


def _answers(table: Table, expectations: list[Any], batch: Any) -> dict[str, Any]:
    """What each check came to on one frame. Only those that fail are asked which rows do: it costs twice."""
    answers = _validated(table, expectations, batch, "BOOLEAN_ONLY")
    failed = [one for one in expectations if not answers[one.meta["check_id"]].success]
    if failed:
        whole = {"result_format": "COMPLETE", "unexpected_index_column_names": ["row_key"]}
        answers |= _validated(table, failed, batch, whole)
    return answers


def _validated(table: Table, expectations: list[Any], batch: Any, result_format: Any) -> dict[str, Any]:
    import great_expectations as gx

    suite = gx.ExpectationSuite(name=table.name, expectations=expectations)
    answer = batch.validate(suite, result_format=result_format)
    return {one.expectation_config.meta["check_id"]: one for one in answer.results}


def _expectations(table: Table) -> Iterator[Any]:
    """The expectations that the catalog implies, each with the name of its check in its meta."""
    import great_expectations.expectations as gxe

    unique = {"check_id": f"unique({', '.join(table.key)})"}
    yield gxe.ExpectColumnValuesToBeInSet(column=_COPIES, value_set=[1], meta=unique)
    for column in table.columns:
        name, field = column.name, column.field
        if column.required:
            yield gxe.ExpectColumnValuesToNotBeNull(column=name, meta={"check_id": f"not_empty({name})"})
        if field.enum:
            known = {"check_id": f"known({name})"}
            yield gxe.ExpectColumnValuesToBeInSet(column=name, value_set=list(field.enum), meta=known)
        if field.pattern:
            formed = {"check_id": f"formed({name})"}
            yield gxe.ExpectColumnValuesToMatchRegex(column=name, regex=field.pattern, meta=formed)


def _frames(connection: duckdb.DuckDBPyConnection, table: Table) -> Iterator[pd.DataFrame]:
    """Rows that may fail a check, at most ROWS_AT_ONCE a frame; where there are none, an empty frame."""
    key = ", ".join(f'"{name}"' for name in table.key)
    columns = ", ".join(_as_checked(column) for column in table.columns if _is_checked(column))
    doubts = " OR ".join(f"({_doubt(column)})" for column in table.columns if _is_checked(column))
    # Keys that stand twice are among those whose hash does: only these are compared whole. The first row of
    # such a key says how often it stands.
    answer = connection.sql(
        f"WITH twice AS (SELECT min(rowid) AS first_row, count(*)::BIGINT AS {_COPIES} FROM {table.name}"
        f" WHERE hash({key}) IN (SELECT h FROM (SELECT hash({key}) AS h FROM {table.name}) GROUP BY h"
        f" HAVING count(*) > 1) GROUP BY {key} HAVING count(*) > 1)"
        f" SELECT concat_ws(' | ', {key}) AS row_key, coalesce(twice.{_COPIES}, 1) AS {_COPIES}, {columns}"
        f" FROM {table.name} AS checked LEFT JOIN twice ON checked.rowid = first_row"
        f" WHERE twice.{_COPIES} > 1 OR {doubts}"
    )
    reader: pa.RecordBatchReader = answer.to_arrow_reader(ROWS_AT_ONCE)
    is_empty = True
    for batch in reader:
        if batch.num_rows:
            is_empty = False
            yield batch.to_pandas()
    if is_empty:
        yield reader.schema.empty_table().to_pandas()


def _is_checked(column: Column) -> bool:
    return column.required or bool(column.field.enum or column.field.pattern)


def _doubt(column: Column) -> str:
    """A condition, never NULL, that holds for every cell which may fail one of the column's checks.

    DuckDB's regular expressions are RE2: on the catalog's patterns as strict as Python's, or stricter.
    """
    cell = f'"{column.name}"'
    doubts = [f"{cell} IS NULL"] if column.required else []
    if column.field.enum:
        known = ", ".join(quoted(value) for value in column.field.enum)
        doubts.append(f"({cell}::VARCHAR NOT IN ({known})) IS TRUE")
    if column.field.pattern:
        doubts.append(f"(NOT regexp_matches({cell}::VARCHAR, {quoted(column.field.pattern)})) IS TRUE")
    return " OR ".join(doubts)


def _as_checked(column: Column) -> str:
    """A column of which only its presence is checked travels as 1 or NULL, however large its cells are."""
    if column.field.enum or column.field.pattern:
        return f'"{column.name}"'
    return f'CASE WHEN "{column.name}" IS NOT NULL THEN 1 END AS "{column.name}"'


def _answered(table: Table, check_id: str, column: str, answer: Any) -> Result:
    details = answer.result or {}
    unexpected = details.get("unexpected_index_list") or []
    if column == _COPIES:
        unexpected = sorted(unexpected, key=lambda entry: str(entry["row_key"]))
    failures = tuple(_failure(table, column, entry) for entry in unexpected[:MOST_FAILURES])
    count = int(details.get("unexpected_count") or 0)
    return _result(
        table, check_id, passed=bool(answer.success), error=_exception(answer), failures=failures, count=count
    )


def _failure(table: Table, column: str, entry: dict[str, Any]) -> Failure:
    key = str(entry.get("row_key"))
    if column == _COPIES:
        copies = f"{entry.get(column)} copies"
        return Failure(failed_key=key, failed_column=", ".join(table.key), failed_value=copies)
    return Failure(failed_key=key, failed_column=column, failed_value=_text(entry.get(column)))


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _exception(answer: Any) -> str | None:
    """What an expectation raised: its information is one entry, or one entry a metric."""
    information = answer.exception_info or {}
    entries = [information] if "raised_exception" in information else list(information.values())
    raised = [str(e.get("exception_message")) for e in entries if e and e.get("raised_exception")]
    return "; ".join(raised) or None


def _result(
    table: Table, check_id: str, *, passed: bool, error: str | None, failures: tuple[Failure, ...], count: int
) -> Result:
    if error:
        message = f"{table.name}: {check_id} could not be checked: {error}"
    elif passed:
        message = f"{table.name}: {check_id} holds."
    else:
        first = failures[0] if failures else None
        example = f", first {first.failed_key}: {first.failed_value}" if first else ""
        message = f"{table.name}: {check_id} fails for {count} rows{example}."
    return Result(
        check_id=check_id,
        category="table",
        subject=table.name,
        is_fatal=True,
        is_passed=passed and error is None,
        expected="0 rows that fail",
        found=error or str(count),
        message=message,
        failures=failures,
    )


def _worse(one: Result | None, other: Result) -> Result:
    """Two frames' answers to one check as one: it holds where both hold, and names the rows of both."""
    if one is None or (one.is_passed and not other.is_passed):
        return other
    if other.is_passed or one.is_passed:
        return one
    return Result(
        check_id=one.check_id,
        category=one.category,
        subject=one.subject,
        is_fatal=one.is_fatal,
        is_passed=False,
        expected=one.expected,
        found=_sum_found(one.found, other.found),
        message=one.message,
        failures=(one.failures + other.failures)[:MOST_FAILURES],
    )


def _sum_found(one: str | None, other: str | None) -> str | None:
    if one and other and one.isdigit() and other.isdigit():
        return str(int(one) + int(other))
    return one or other

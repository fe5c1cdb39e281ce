"""``armswatch evidence, query, dictionary, charts``: what leaves the warehouse for a person's desk."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.commands.printing import print_table, published
from flows.ingest import UsageError
from warehouse.table_files import csv_lines, fetched, plain_json

if TYPE_CHECKING:
    import duckdb

    from flows.examples import Example
    from flows.settings import Settings
    from warehouse.home import Home

_SUFFIXES = {".csv": "csv", ".json": "json", ".parquet": "parquet", ".xlsx": "xlsx"}


def _settings(arguments: argparse.Namespace) -> Settings:
    from flows.settings import load_settings

    return load_settings(home=Path(arguments.home) if arguments.home else None)


# -- evidence --------------------------------------------------------------------------------------------


def evidence(arguments: argparse.Namespace) -> int:
    """Where a flag, transfer or document stands: as text, as one HTML page, or a PDF's page as a picture."""
    from warehouse.archive import Archive
    from warehouse.evidence import find_place, html_of, picture_of, text_of
    from warehouse.home import Home, written_whole

    settings = _settings(arguments)
    with published(arguments.home) as connection:
        place = find_place(connection, arguments.id)
    if place is None:
        raise UsageError(f"nothing published has the id {arguments.id}: give a flag, transfer or document")
    content = Archive(Home(settings.home).raw).read(place.document_sha256)
    if arguments.out is None:
        print(text_of(place, content), end="")
        return 0
    out = Path(arguments.out)
    match out.suffix.lower():
        case ".png":
            shown = picture_of(place, content, max_memory_mb=settings.max_memory_mb)
        case ".html" | ".htm":
            shown = html_of(place, content, max_memory_mb=settings.max_memory_mb).encode()
        case ".txt":
            shown = text_of(place, content).encode()
        case _:
            raise UsageError(f"--out {out}: name a file that ends in .png, .html or .txt")
    with written_whole(out) as temporary:
        temporary.write_bytes(shown)
    page = f", page {place.page}" if place.page else ""
    print(f"{out}: {place.document_name}{page} ({place.publisher})", file=sys.stderr)
    return 0


# -- query -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query, the format of its answer, the file that it goes to, whether municipal detail is drawn up."""

    sql: str
    form: str
    out: str | None
    is_discreet: bool


def query(arguments: argparse.Namespace) -> int:
    """One query, or a worked question, on the published file, which is open read-only.

    What leaves as a file or pipe has municipal detail drawn up to the state, unless the settings show it; the
    table on the terminal is the file's own. DuckDB's own error is the sentence.
    """
    if arguments.examples:
        return _list_examples()
    example = _example(arguments)
    sql = example.sql if example else arguments.sql
    form = _form(arguments)
    settings = _settings(arguments)
    is_discreet = form != "table" and not settings.show_municipal_detail
    with _opened(arguments.home, is_discreet=is_discreet) as (connection, home):
        for name, value in _chosen(arguments.set or [], example).items():
            connection.execute(f"SET VARIABLE {name} = ?", [value])
        if example and form == "table":
            print(f"{example.title}. {example.question}\nWhat it does not mean: {example.not_meant}\n")
        return _answer(connection, home, _Asked(sql, form, arguments.out, is_discreet))


def _example(arguments: argparse.Namespace) -> Example | None:
    from flows.examples import ExampleError, example

    if (arguments.sql is None) == (arguments.example is None):
        raise UsageError("give one SELECT, or --example NAME (--examples lists them)")
    if arguments.example is None:
        return None
    try:
        return example(arguments.example)
    except ExampleError as error:
        raise UsageError(f"{error}") from None


def _list_examples() -> int:
    from flows.examples import examples

    for each in examples():
        print(f"{each.name}\n    {each.question}\n    What it does not mean: {each.not_meant}")
        for name, meaning in each.settings.items():
            print(f"    --set {name}=...   default {meaning}")
    return 0


def _chosen(given: list[str], example: Example | None) -> dict[str, str]:
    """Values for the example's settings. Raises UsageError for one that it does not have."""
    known = example.settings if example else {}
    chosen = {}
    for text in given:
        name, equals, value = text.partition("=")
        if name not in known or not equals:
            have = ", ".join(f"{each}=..." for each in known) or "none"
            raise UsageError(f"--set {text}: the settings of this query are: {have}")
        chosen[name] = value
    return chosen


def _form(arguments: argparse.Namespace) -> str:
    """The format asked for, else that of the file's ending, else a table."""
    ending = _SUFFIXES.get(Path(arguments.out).suffix.lower()) if arguments.out else None
    form: str = arguments.format or ending or "table"
    if arguments.out and form == "table":
        raise UsageError(f"--out {arguments.out}: name a file that ends in {', '.join(_SUFFIXES)}")
    if ending and ending != form:
        raise UsageError(f"--out {arguments.out} does not fit --format {form}")
    if form == "xlsx" and not arguments.out:
        raise UsageError("a workbook is a file: add --out FILE.xlsx")
    if form == "parquet" and not arguments.out and sys.stdout.isatty():
        raise UsageError("parquet is not for a terminal: send it to a file, as in > answer.parquet")
    return form


@contextmanager
def _opened(given: str | None, *, is_discreet: bool) -> Iterator[tuple[duckdb.DuckDBPyConnection, Home]]:
    from flows.commands.printing import home_of
    from warehouse.discretion import discreet_connection

    home = home_of(given)
    with published(given) as connection:
        if not is_discreet:
            yield connection, home
            return
    discreet = discreet_connection(home.database)
    try:
        yield discreet, home
    finally:
        discreet.close()


def _answer(connection: duckdb.DuckDBPyConnection, home: Home, asked: _Asked) -> int:
    if asked.form == "parquet":
        _write_parquet(connection, asked)
        return 0
    answer = connection.execute(asked.sql)
    columns = [column[0] for column in answer.description or []]
    if asked.form == "xlsx":
        _write_xlsx(connection, home, asked, columns, answer.fetchall())
    elif asked.form == "csv":
        _write_lines(csv_lines(columns, fetched(answer)), asked.out)
    elif asked.out:
        entries = [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]
        _write_lines([json.dumps(entries, default=plain_json, ensure_ascii=False, indent=1), "\n"], asked.out)
    else:
        print_table(columns, answer.fetchall(), as_json=asked.form == "json")
    return 0


def _write_lines(lines: Any, out: str | None) -> None:
    from warehouse.home import written_whole

    if out is None:
        sys.stdout.writelines(lines)
        return
    with written_whole(Path(out)) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        file.writelines(lines)


def _write_parquet(connection: duckdb.DuckDBPyConnection, asked: _Asked) -> None:
    import pyarrow.parquet as pq

    from warehouse.home import written_whole

    table = connection.sql(asked.sql).to_arrow_table()
    if asked.out is None:
        pq.write_table(table, sys.stdout.buffer)
        return
    with written_whole(Path(asked.out)) as temporary:
        pq.write_table(table, temporary)


def _write_xlsx(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    asked: _Asked,
    columns: list[str],
    rows: list[tuple[Any, ...]],
) -> None:
    from warehouse.home import written_whole
    from warehouse.workbook import provenance_of, write_workbook

    provenance = provenance_of(
        connection,
        asked.sql.strip(),
        columns,
        rows,
        published_at=published_at(home),
        is_discreet=asked.is_discreet,
    )
    with written_whole(Path(asked.out or "")) as temporary:
        write_workbook(temporary, columns, rows, provenance)
    print(f"{asked.out}: {len(rows)} rows, {len(provenance.documents)} documents", file=sys.stderr)


def published_at(home: Home) -> datetime:
    """When the published file was put in place."""
    return datetime.fromtimestamp(home.database.stat().st_mtime, UTC)


# -- pages -----------------------------------------------------------------------------------------------


def dictionary(arguments: argparse.Namespace) -> int:
    """Every column of every table: type, unit, meaning; as one offline page with --html."""
    from warehouse import catalog

    if arguments.html:
        from flows.dictionary_page import dictionary_page
        from warehouse.home import written_whole

        with written_whole(Path(arguments.html)) as temporary:
            temporary.write_text(dictionary_page(catalog.tables().values()), "utf-8")
        print(f"{arguments.html}: {len(catalog.tables())} tables and views", file=sys.stderr)
        return 0
    entries = [
        {
            "table": table.name,
            "column": column.name,
            "type": column.field.type,
            "unit": column.field.unit,
            "meaning": column.field.description,
            "values": list(column.field.enum),
            "example": column.field.example,
        }
        for table in catalog.tables().values()
        for column in table.columns
    ]
    if arguments.json:
        print(json.dumps(entries, ensure_ascii=False, indent=1, default=plain_json))
        return 0
    for table in catalog.tables().values():
        print(f"\n{table.name}: {table.description}")
        for column in table.columns:
            print(f"    {column.name} {column.field.type}: {column.field.comment}")
    return 0


def charts(arguments: argparse.Namespace) -> int:
    """The charts as one offline page."""
    from flows.charts import charts_page
    from warehouse.home import written_whole

    out = Path(arguments.out)
    if out.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"--out {out}: name a file that ends in .html")
    settings = _settings(arguments)
    with _opened(arguments.home, is_discreet=not settings.show_municipal_detail) as (connection, home):
        page = charts_page(connection, published_at(home))
    with written_whole(out) as temporary:
        temporary.write_text(page, "utf-8")
    print(f"{out}: open it in a browser; it needs no network", file=sys.stderr)
    return 0

"""Tables on the terminal, and the published file opened for reading."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.ingest import UsageError
from warehouse.table_files import plain_json, plain_text

if TYPE_CHECKING:
    import duckdb

    from warehouse.home import Home

_WIDEST_CELL = 60


def home_of(given: str | None) -> Home:
    """The home that the command or the environment names. Raises ConfigurationError for wrong settings."""
    from flows.settings import load_settings
    from warehouse.home import Home

    return Home(load_settings(home=Path(given) if given else None).home)


@contextmanager
def published(given: str | None, *, missing_ok: bool = False) -> Iterator[duckdb.DuckDBPyConnection | Any]:
    """The published file, read-only; None where there is none yet and that is fine.

    Raises UsageError where nothing was published yet.
    """
    import duckdb

    home = home_of(given)
    if not home.database.exists():
        if missing_ok:
            yield None
            return
        raise UsageError(f"{home.database} does not exist yet: run 'armswatch nightly' first")
    connection = duckdb.connect(str(home.database), read_only=True)
    try:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection
    finally:
        connection.close()


def print_table(columns: Sequence[str], rows: Sequence[tuple[Any, ...]], *, as_json: bool) -> None:
    """Rows as one JSON document, or as a table fit for the terminal's width."""
    if as_json:
        entries = [dict(zip(columns, map(_json_cell, row), strict=True)) for row in rows]
        print(json.dumps(entries, default=plain_json, ensure_ascii=False, indent=1))
        return
    texts = [[_fitted(plain_text(cell)) for cell in row] for row in rows]
    widths = [max([len(name), *(len(row[i]) for row in texts)]) for i, name in enumerate(columns)]
    for line in (list(columns), ["-" * width for width in widths], *texts):
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    print(f"({len(rows)} rows)", file=sys.stderr)


def print_card(entry: dict[str, Any], *, as_json: bool) -> None:
    """One thing, a line a field; empty fields are left out."""
    if as_json:
        print(
            json.dumps(
                {k: _json_cell(v) for k, v in entry.items()}, default=plain_json, ensure_ascii=False, indent=1
            )
        )
        return
    shown = {name: plain_text(value) for name, value in entry.items() if value not in (None, "", [])}
    width = max(map(len, shown), default=0)
    room = max(40, shutil.get_terminal_size((120, 24)).columns - width - 2)
    for name, text in shown.items():
        lines = [part for line in text.splitlines() or [""] for part in _wrapped(line, room)]
        print(f"{name.ljust(width)}  {lines[0]}")
        for line in lines[1:]:
            print(f"{' ' * width}  {line}")


def _json_cell(value: Any) -> Any:
    """Columns of type JSON come as text; show them as what they are."""
    if isinstance(value, str) and value[:1] == "{":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _fitted(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WIDEST_CELL else line[: _WIDEST_CELL - 1] + "…"


def _wrapped(line: str, room: int) -> list[str]:
    """Break between words only, so that a hash or an address can be copied."""
    return textwrap.wrap(line, room, break_long_words=False, break_on_hyphens=False) or [""]

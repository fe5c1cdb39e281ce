"""SQL lives in files of its own, in a folder beside the module that runs it."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


def sql_beside(module_file: str, folder: str) -> Callable[[str], str]:
    """A reader of that folder's files: ``_sql = sql_beside(__file__, "queries")``, then ``_sql("flags")``."""
    queries = (Path(module_file).parent / folder).resolve()

    @cache
    def read(name: str) -> str:
        return (queries / f"{name}.sql").read_text("utf-8")

    return read


def quoted(text: object) -> str:
    """A text or path as SQL writes it, for statements that take no parameters."""
    return "'" + str(text).replace("'", "''") + "'"


def bounded(connection: duckdb.DuckDBPyConnection, spill: Path) -> None:
    """Let a connection of the nightly run speak UTC and hold at most ``memory_limit_mb``; the rest spills."""
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"SET memory_limit = '{memory_limit_mb()}MB'")
    connection.execute(f"SET temp_directory = {quoted(spill)}")


def memory_limit_mb() -> int:
    """What DuckDB may hold in memory before it spills to disk: 2,000 MB, or half of a smaller machine.

    Python, Arrow and the allocator come on top: a run stays under 4 GB whatever the archive's size.
    """
    half = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2_000_000
    return min(2_000, half)

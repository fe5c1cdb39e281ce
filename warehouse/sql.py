"""SQL lives in files of its own, in a folder beside the module that runs it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path


def sql_beside(module_file: str, folder: str) -> Callable[[str], str]:
    """A reader of that folder's files: ``_sql = sql_beside(__file__, "queries")``, then ``_sql("flags")``."""
    queries = (Path(module_file).parent / folder).resolve()

    @cache
    def read(name: str) -> str:
        return (queries / f"{name}.sql").read_text("utf-8")

    return read

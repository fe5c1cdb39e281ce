"""The data dictionary as one offline page: every table, view and column, with search."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from pathlib import Path

from warehouse.catalog import Table

_TEMPLATES = Path(__file__).with_name("templates")
_SCHEMAS = {
    "out": "Views for analysts: wide, documented, stable. Start here.",
    "core": "Normalised tables that the views are made of; every version of every fact.",
    "meta": "How the warehouse came about: documents, rejects, printed sums, checks, runs.",
}


def dictionary_page(tables: Iterable[Table]) -> str:
    """The page as HTML. It loads nothing, and its own script is the only one that a browser may run in it."""
    import jinja2

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    script = (_TEMPLATES / "dictionary.js").read_text("utf-8")
    known = list(tables)
    return environment.from_string((_TEMPLATES / "dictionary.html.j2").read_text("utf-8")).render(
        schemas=[
            (schema, meaning, [table for table in known if table.schema == schema])
            for schema, meaning in _SCHEMAS.items()
        ],
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        column_count=sum(len(table.columns) for table in known),
        table_count=len(known),
    )

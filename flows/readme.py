"""The tables of README.md, made from source.yml, rules and catalog: ``python -m flows.readme``."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from flows.examples import examples
from parsers.registry import load_source, source_ids
from warehouse.catalog import tables
from warehouse.flagging import load_rules

_BLOCK = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def with_tables(text: str) -> str:
    """The text with every marked table made anew. Raises KeyError for a marker that names no table."""
    made = {"sources": _sources(), "rules": _rules(), "views": _views(), "examples": _examples()}
    return _BLOCK.sub(lambda block: block[1] + made[block[2]] + block[3], text)


def _sources() -> str:
    rows = []
    for source_id in source_ids():
        meta = load_source(source_id).meta
        rows.append((f"`{source_id}`", meta.title, ", ".join(meta.stages), meta.frequency, meta.layout))
    return _table(("source", "report", "stages", "comes", "layout"), rows)


def _rules() -> str:
    return _table(
        ("rule", "severity", "fires when"), [(f"`{r.rule_id}`", r.severity, r.title) for r in load_rules()]
    )


def _examples() -> str:
    return _table(("name", "question"), [(f"`{each.name}`", each.question) for each in examples()])


def _views() -> str:
    views = [table for table in tables().values() if table.schema == "out"]
    return _table(("view", "one row is"), [(f"`{view.name}`", view.description) for view in views])


def _table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |\n" for line in lines)


if __name__ == "__main__":
    readme = Path(sys.argv[1] if len(sys.argv) > 1 else "README.md")
    readme.write_text(with_tables(readme.read_text("utf-8")), "utf-8")

"""A home of its own for a test: documents in, warehouse out, with a clock that the test sets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from flows.reading import parse_entry
from parsers.document import Document, media_type_of
from parsers.registry import load_source, source_ids
from warehouse.archive import Archive, Entry
from warehouse.build import Inputs, build
from warehouse.home import Home
from warehouse.parsed_store import ParsedStore, Summary
from warehouse.units.matcher import Matcher
from warehouse.units.registry import load_registry

registry = cache(load_registry)
"""The project's own units, read once."""


@cache
def matcher() -> Matcher:
    """The matcher of the project's own units, made once."""
    return Matcher(registry())


UK_HEADER = "licence_group,date,rating,count,value,country,refused"


def uk(*lines: str) -> bytes:
    """A UK licence list with these lines."""
    return "\r\n".join([UK_HEADER, *lines, ""]).encode()


def moment(day: int, month: int = 1) -> datetime:
    """A moment in 2026."""
    return datetime(2026, month, day, 3, 0, tzinfo=UTC)


class Workshop:
    """Archive, parse cache and build in one folder."""

    def __init__(self, root: Path) -> None:
        self.home = Home(root).create()
        self.archive = Archive(self.home.raw)
        self.store = ParsedStore(self.home.parsed)
        self.built = 0

    def arrives(
        self,
        source_id: str,
        name: str,
        content: bytes,
        at: datetime,
        key: str | None = None,
        run_id: str | None = None,
    ) -> Entry | None:
        """A document arrives and is parsed; None where it brings nothing new."""
        document = Document(
            content=content,
            media_type=media_type_of(name),
            name=name,
            url=f"https://example.org/{name}",
            retrieved_at=at,
            report_key=key,
        )
        entry = self.archive.add(source_id, document, run_id=run_id or at.date().isoformat(), now=at)
        if entry is not None:
            assert isinstance(parse_entry(self.archive.folder, self.store.folder, entry), Summary)
        return entry

    def inputs(self, entries: Sequence[Entry] | None = None) -> Inputs:
        """The inputs of a build, with the arrivals in the given order."""
        return Inputs(
            entries=self.archive.entries if entries is None else entries,
            sources={name: load_source(name) for name in source_ids()},
            store=self.store,
            registry=registry(),
            match_cache=self.home.build / "matches.sqlite",
        )

    def build(self, entries: Sequence[Entry] | None = None) -> Path:
        """Build the warehouse; answers the file."""
        self.built += 1
        target = self.home.build / f"test-{self.built}.duckdb"
        build(self.inputs(entries), target)
        return target


def ask(database: Path, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    """The answer of one query on a built file."""
    connection = duckdb.connect(str(database), read_only=True)
    try:
        connection.execute("SET TimeZone = 'UTC'")
        return connection.execute(sql, list(parameters)).fetchall()
    finally:
        connection.close()

"""Proof that the published file follows from the archive: everything is hashed, read and built anew."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from flows.ingest import UsageError, parse_entry
from flows.lock import run_lock
from flows.run import Run
from warehouse.archive import Entry
from warehouse.parsed_store import ParsedStore, Summary

if TYPE_CHECKING:
    from flows.settings import Settings
    from warehouse.build import Inputs


def verify_home(settings: Settings, say: Callable[[str], None]) -> list[str]:
    """Re-hash the archive, parse and build from nothing but it, and compare Parquet hashes; a sentence each.

    Nothing of the home is changed. Raises UsageError where nothing was published yet.
    """
    from warehouse.publish import Manifest

    with run_lock(settings.home, settings.clock()()):
        run = Run(settings, say)
        try:
            manifest = Manifest.read(run.home)
            if manifest is None:
                raise UsageError(
                    f"{run.home.published}: nothing is published yet; run 'armswatch nightly' first"
                )
            problems = list(run.archive.damaged())
            say(f"archive: {len(run.archive.entries)} arrivals hashed, {len(problems)} damaged")
            if problems:
                return problems
            inputs = run.inputs()
            if inputs.build_id != manifest.build_id:
                say("note: archive, registry or code changed since the last publish; run 'armswatch nightly'")
            return problems + _compare(run, inputs, manifest.parquet, say)
        finally:
            run.close()


def _compare(run: Run, inputs: Inputs, published: dict[str, str], say: Callable[[str], None]) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="verify-", dir=run.home.build) as name:
        folder = Path(name)
        rebuilt = rebuild(run, inputs, list(reversed(inputs.entries)), folder)
        changed = sorted(
            table for table in published.keys() | rebuilt.keys() if published.get(table) != rebuilt.get(table)
        )
        say(f"rebuilt: {len(rebuilt) - len(changed)} of {len(published)} Parquet files equal, byte by byte")
        return [f"{table}: the rebuilt table is not the published one" for table in changed]


def rebuild(run: Run, inputs: Inputs, entries: Sequence[Entry], folder: Path) -> dict[str, str]:
    """Parse and build in an empty folder, with the documents in the given order; answers Parquet hashes."""
    from warehouse.build import build
    from warehouse.publish import export

    store = ParsedStore(folder / "parsed")
    for entry in entries:
        summary = parse_entry(run.archive.folder, store.folder, entry)
        if not isinstance(summary, Summary):
            raise RuntimeError(summary)
    anew = replace(inputs, entries=entries, store=store, match_cache=folder / "matches.sqlite")
    build(anew, folder / "armswatch.duckdb")
    return export(folder / "armswatch.duckdb", folder / "exports")

"""Proof that the published file follows from the archive: everything is hashed, read and built anew."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from flows.ingest import UsageError
from flows.lock import run_lock
from flows.run import Run
from warehouse import state as state_file
from warehouse.archive import Entry
from warehouse.parsed_store import ParsedStore

if TYPE_CHECKING:
    from flows.settings import Settings
    from warehouse.build import Inputs


def verify_home(settings: Settings, say: Callable[[str], None]) -> list[str]:
    """Re-hash the archive, parse and build from nothing but it, and compare Parquet hashes; a sentence each.

    Nothing of the home is changed, but that damaged documents are noted: the next run fetches them anew where
    it can. Raises UsageError where nothing was published yet.
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
            damaged = run.archive.damaged()
            state_file.note_damaged(run.state, damaged.keys(), run.clock())
            problems = list(damaged.values())
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
        try:
            rebuilt = rebuild(run, inputs, list(reversed(inputs.entries)), folder)
        except UnreadError as error:
            return [str(error)]
        changed = sorted(
            table for table in published.keys() | rebuilt.keys() if published.get(table) != rebuilt.get(table)
        )
        say(f"rebuilt: {len(rebuilt) - len(changed)} of {len(published)} Parquet files equal, byte by byte")
        return [f"{table}: the rebuilt table is not the published one" for table in changed]


class UnreadError(RuntimeError):
    """A document that was read once cannot be read again; one sentence."""


def _read_anew(run: Run, inputs: Inputs, entries: Sequence[Entry], store: ParsedStore) -> None:
    """Read all documents once more, but those whose reading this machine had ended: they stay refused."""
    once = {(entry.source_id, entry.sha256): entry for entry in entries}
    waiting = []
    for (source_id, sha256), entry in once.items():
        key = (source_id, sha256, inputs.sources[source_id].parser_version)
        if run.store.ended(*key) is None:
            waiting.append(entry)
        else:
            store.take_over(run.store, *key)
    if taken := len(once) - len(waiting):
        run.say(f"note: {taken} documents that cost too much to read are taken as refused")
    for entry, kept in zip(waiting, run.reader.keep(run.archive, store, waiting), strict=True):
        if isinstance(kept, str):
            raise UnreadError(kept)
        if kept.ended is not None:
            raise UnreadError(f"{entry.name}: was read before and cannot be read now: {kept.summary.refused}")


def rebuild(run: Run, inputs: Inputs, entries: Sequence[Entry], folder: Path) -> dict[str, str]:
    """Parse and build in an empty folder, with the documents in the given order; answers Parquet hashes.

    Raises UnreadError for a document that cannot be read again.
    """
    from warehouse.build import build
    from warehouse.publish import export

    store = ParsedStore(folder / "parsed")
    _read_anew(run, inputs, entries, store)
    anew = replace(inputs, entries=entries, store=store, match_cache=folder / "matches.sqlite")
    build(anew, folder / "armswatch.duckdb")
    return export(folder / "armswatch.duckdb", folder / "exports")

"""What a broken disk or a killed run left behind, made good where that can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsers.registry import Source
from warehouse import state as state_file
from warehouse.archive import Entry
from warehouse.home import HomeError

if TYPE_CHECKING:
    from flows.ingest import Ingest, SourceOutcome
    from flows.run import Run
    from warehouse.build import Inputs


def find_amiss(ingest: Ingest, source: Source) -> list[Entry]:
    """Documents whose bytes are gone or changed: told by size, and by hash before they are read."""
    for entry in ingest.waiting(source):
        if not ingest.archive.is_intact(entry.sha256):
            ingest.archive.amiss.add(entry.sha256)
    newest = {e.sha256: e for e in ingest.archive.entries if e.source_id == source.source_id}
    return [entry for sha256, entry in newest.items() if sha256 in ingest.archive.amiss]


def mend(ingest: Ingest, source: Source, amiss: list[Entry], outcome: SourceOutcome) -> None:
    """Fetch damaged documents anew where no arrival of tonight brought their bytes, or say what to do."""
    for entry in amiss:
        why = _fetch_anew(ingest, source, entry) if entry.sha256 in ingest.archive.amiss else None
        if why is None:
            outcome.mended.append(entry.name)
            continue
        outcome.failures.append(
            f"{ingest.archive.path_of(entry.sha256)}: the bytes of {entry.name} are gone or have changed on"
            f" disk, and {why}; restore the file from a backup"
        )


def _fetch_anew(ingest: Ingest, source: Source, entry: Entry) -> str | None:
    """Ask the document's own address for its bytes; answers why that did not help, or None."""
    from flows.fetch import FetchError

    if ingest.reports != "live" or entry.url is None:
        return "no report that was read tonight holds them"
    try:
        got = ingest.fetcher().get(entry.url, source.meta.fetch)
    except FetchError as error:
        return f"its publisher could not give them ({error})"
    if not ingest.archive.mend(entry.sha256, got.content):
        return f"{entry.url} now serves other bytes"
    return None


def tell_refused(ingest: Ingest, source: Source, outcome: SourceOutcome) -> None:
    """Say what an earlier run refused that was killed before it could say so."""
    left = state_file.untold(ingest.state, source.source_id)
    entries = {e.sha256: e for e in ingest.archive.entries if e.source_id == source.source_id}
    for entry in entries.values():
        key = (entry.sha256, source.parser_version)
        if key in left and ingest.store.holds(source.source_id, *key):
            summary = ingest.store.summary(source.source_id, *key)
            if summary.refused:
                outcome.failures.append(f"{entry.name}: refused: {summary.refused_where}{summary.refused}")


def fill_new_state(run: Run) -> None:
    """Take into a state that was made anew what the published file knows of the lost one, and say so."""
    from warehouse.flag_memory import take_acknowledgements

    with run.published_file() as connection:
        count = take_acknowledgements(run.state, connection)
    run.night.problems.append(
        f"{run.home.state}: was gone and has been made anew; {count} acknowledgements were taken from the"
        " published file, and each recipient is told once, in a summary, what is on record"
    )


def mend_home(run: Run) -> None:
    """Remove half-written files, set a published file that cannot be read aside; call it under the lock."""
    run.home.sweep()
    if not run.home.database.exists():
        return
    try:
        run.published_id()
    except HomeError as error:
        run.home.database.replace(run.home.database.with_name(".tmp-damaged.duckdb"))
        run.night.problems.append(f"{error}; it is made anew")


def published_but_unread(run: Run, inputs: Inputs) -> str | None:
    """A sentence where a build would drop what is published, since a document's bytes are gone; else None.

    A new parser version reads every document again. Rows of one that cannot be read must not look withdrawn.
    """
    given = {(entry.source_id, entry.sha256) for entry in inputs.entries}
    unread = {
        (entry.source_id, entry.sha256): entry.name
        for entry in run.archive.entries
        if entry.source_id in inputs.sources and (entry.source_id, entry.sha256) not in given
    }
    if not unread or not run.home.database.exists():
        return None
    with run.published_file() as connection:
        held = connection.execute("SELECT source_id, document_sha256 FROM meta.documents").fetchall()
    names = sorted(unread[key] for key in held if key in unread)
    if not names:
        return None
    return (
        f"the last good published file is kept: {len(names)} documents that it holds cannot be read anew"
        f" (first: {names[0]}); restore them from a backup"
    )

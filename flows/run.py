"""The nightly run without Prefect: ingest every source, build, check, publish, alert.

``nightly.py`` hands in how a step is run (as a Prefect task); here a step is a plain call. A run that is
killed anywhere loses nothing: the archive is written first, everything after it is made again from it.
"""

from __future__ import annotations

import json
import logging
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from flows import mending
from flows.ingest import Ingest, SourceOutcome, check_reports
from flows.lock import run_lock
from flows.log import log_to
from flows.reading_limits import Limits
from flows.reading_pool import Reader
from flows.summary import source_line, summary_lines
from parsers.registry import load_source, source_ids
from warehouse import state as state_file
from warehouse.archive import Archive
from warehouse.home import Home, usable, written_whole
from warehouse.parsed_store import ParsedStore
from warehouse.sql import sql_beside

if TYPE_CHECKING:
    import duckdb

    from checks.gate import Verdict
    from checks.results import Result
    from flows.fetch import Fetcher
    from flows.settings import Settings
    from warehouse.build import Inputs

logger = logging.getLogger(__name__)

_sql = sql_beside(__file__, "queries")

T = TypeVar("T")

BROKEN = "broken off"
"""Outcome of a run that an error ended; a run that was killed has none."""


class Step(Protocol):
    """Runs one step of the night under a name and gives its answer.

    ``again`` says of an answer that it may be better later, such as that of a publisher that is down.
    """

    def __call__(self, name: str, work: Callable[[], T], again: Callable[[T], bool] | None = None) -> T: ...


def plain_step(name: str, work: Callable[[], T], again: Callable[[T], bool] | None = None) -> T:
    """A step is a call, and what it answers is final."""
    return work()


@dataclass(slots=True)
class Night:
    """What one run did: per source, the build's verdict, what was mailed, and what went wrong."""

    run_id: str
    home: Home
    outcomes: list[SourceOutcome] = field(default_factory=list)
    is_new_build: bool = False
    is_published: bool = False
    build_id: str = ""
    verdict: Verdict | None = None
    new_flags: list[dict[str, Any]] = field(default_factory=list)
    open_flag_counts: dict[str, int] = field(default_factory=dict)
    mails: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 done, 1 where a source, a fatal check or a delivery failed; what was kept is kept."""
        failed = any(outcome.failures for outcome in self.outcomes)
        withheld = self.verdict is not None and not self.verdict.is_publishable
        return 1 if failed or withheld or self.problems else 0


class Run:
    """One run in one home. Its steps are methods, so that each can be run, and killed, alone."""

    def __init__(self, settings: Settings, say: Callable[[str], None]) -> None:
        self.settings = settings
        self.say = say
        self.home = Home(settings.home).create()
        log_to(self.home.logs)
        self.clock = settings.clock()
        self.started = self.clock()
        is_new_state = not self.home.state.exists()
        self.run_id = self.started.astimezone(UTC).date().isoformat()
        self.state = state_file.open_state(self.home.state)
        self.archive = Archive(self.home.raw, state_file.damaged(self.state))
        self.store = ParsedStore(self.home.parsed)
        self.reader = Reader(Limits.of(settings), self.home.logs)
        self.night = Night(run_id=self.run_id, home=self.home)
        if is_new_state and self.home.database.exists():
            mending.fill_new_state(self)

    def close(self) -> None:
        """End the reading processes and close the state file."""
        self.reader.close()
        self.state.close()

    # -- ingest ------------------------------------------------------------------------------------

    def ingest(self, source_id: str) -> SourceOutcome:
        """Bring one source up to date."""
        ingest = Ingest(
            archive=self.archive,
            store=self.store,
            reader=self.reader,
            state=self.state,
            clock=self.clock,
            run_id=self.run_id,
            reports=self.settings.reports,
            fetcher=self._fetcher,
            secret=self.settings.secret,
        )
        return ingest.run(source_id)

    def ingest_source(self, source_id: str, step: Step) -> None:
        """Bring one source up to date, again where its publisher may yet answer, and say what it brought."""
        tries: list[SourceOutcome] = []

        def attempt() -> SourceOutcome:
            tries.append(self.ingest(source_id))
            return tries[-1]

        step(f"ingest {source_id}", attempt, lambda outcome: outcome.is_retryable)
        outcome = SourceOutcome.of_tries(tries)
        self.night.outcomes.append(outcome)
        self.say(source_line(outcome))

    def _fetcher(self) -> Fetcher:
        from flows.fetch import FetchCache, Fetcher, FetchPolicy

        return Fetcher(
            FetchPolicy.of(self.settings),
            FetchCache(self.state),
            holds=lambda url, sha256: self.archive.has_arrived(sha256, url),
            clock=self.clock,
        )

    # -- build, check, publish ---------------------------------------------------------------------

    def inputs(self) -> Inputs:
        """All that the warehouse is built from. Entries that no parser has read are left to the next run.

        Flags that the published build was the first to bring are no input of that build: where nothing else
        is new, these are the very inputs of the published file.
        """
        from warehouse import flag_memory

        published_id = self.published_id()
        as_published = self._inputs(but_of_build=published_id)
        if as_published.build_id == published_id:
            return as_published
        return replace(as_published, known_flags=flag_memory.known_flags(self.state))

    def _inputs(self, but_of_build: str | None) -> Inputs:
        from warehouse import flag_memory
        from warehouse.build import Inputs, code_version
        from warehouse.review_file import with_home_decisions
        from warehouse.units.registry import load_registry

        sources = {source_id: load_source(source_id) for source_id in source_ids()}
        entries = [
            entry
            for entry in self.archive.entries
            if entry.source_id in sources
            and self.store.holds(entry.source_id, entry.sha256, sources[entry.source_id].parser_version)
        ]
        registry = with_home_decisions(load_registry(), self.home.root)
        causes = f"{registry.version} {code_version()}"
        return Inputs(
            entries=entries,
            sources=sources,
            store=self.store,
            registry=registry,
            match_cache=self.home.build / "matches.sqlite",
            known_flags=flag_memory.known_flags(self.state, but_of_build=but_of_build),
            acknowledgements=flag_memory.acknowledgements(self.state),
            causes_since=flag_memory.causes_since(self.state, causes, self.clock()),
            runs=state_file.runs(self.state),
        )

    def published_id(self) -> str | None:
        """The build that the analysts' file says it is."""
        if not self.home.database.exists():
            return None
        with self.published_file() as connection:
            ((build_id,),) = connection.execute("SELECT build_id FROM meta.build").fetchall()
        return str(build_id)

    def is_published(self, build_id: str) -> bool:
        """True where file, exports and manifest are all of these very inputs: a quiet night."""
        from warehouse.publish import Manifest

        manifest = Manifest.read(self.home)
        return manifest is not None and manifest.build_id == build_id == self.published_id()

    def remember_flags(self) -> None:
        """Note the published flags in the state, so that no edit of the registry can make one disappear.

        Done before a build as well: a run that was killed after it published is made good.
        """
        from warehouse.flag_memory import remember

        build_id = self.published_id()
        if build_id is not None:
            with self.published_file() as connection:
                remember(self.state, connection, build_id, self.clock())

    @contextmanager
    def published_file(self) -> Iterator[duckdb.DuckDBPyConnection]:
        import duckdb

        with usable(self.home.database):
            connection = duckdb.connect(str(self.home.database), read_only=True)
            try:
                connection.execute("SET TimeZone = 'UTC'")
                yield connection
            finally:
                connection.close()

    def build(self, inputs: Inputs) -> Path:
        """Build the warehouse aside; answers the file."""
        from warehouse.build import build

        folder = self.home.build / inputs.build_id
        shutil.rmtree(folder, ignore_errors=True)
        with usable(folder):
            folder.mkdir()
            build(inputs, folder / "armswatch.duckdb")
        return folder / "armswatch.duckdb"

    def check(self, built: Path, inputs: Inputs) -> Verdict:
        """Run all checks on the build and write the page of their results."""
        from checks.gate import run_checks
        from checks.page import write_page

        with usable(built):
            verdict = run_checks(built, inputs.sources)
        with written_whole(self.home.published / "checks.html") as temporary:
            temporary.write_text(write_page(verdict, self.run_id, inputs.build_id), "utf-8")
        return verdict

    def publish(self, built: Path, build_id: str) -> None:
        """Swap the analysts' file and leave nothing of the build behind."""
        from warehouse.publish import publish

        with usable(self.home.published):
            publish(built, self.home, build_id, show_municipal_detail=self.settings.show_municipal_detail)
        for folder in self.home.build.iterdir():
            if folder.is_dir():
                shutil.rmtree(folder)

    def open_flags(self) -> dict[str, dict[str, Any]]:
        """Open flags of the published file by flag_id; none before the first publish."""
        if not self.home.database.exists():
            return {}
        with self.published_file() as connection:
            answer = connection.execute(_sql("open_flags"))
            columns = [column[0] for column in answer.description or []]
            return {row[0]: dict(zip(columns, row, strict=True)) for row in answer.fetchall()}

    def failed_checks(self) -> list[Result]:
        """What does not hold of tonight's build, else of the published file; fatal ones first."""
        if self.night.verdict is not None:
            return self.night.verdict.failed
        if not self.home.database.exists():
            return []
        from checks.gate import kept_failures

        with self.published_file() as connection:
            return kept_failures(connection)

    # -- the whole ---------------------------------------------------------------------------------

    def build_and_publish(self, step: Step) -> None:
        """Build, check and publish, unless the published file already says all that there is to say."""
        self.remember_flags()
        inputs = self.inputs()
        self.night.build_id = inputs.build_id
        if self.is_published(inputs.build_id):
            self.say("nothing new: the published file stands as it is")
            return
        if unread := mending.published_but_unread(self, inputs):
            self.night.problems.append(unread)
            return
        self.night.is_new_build = True
        built = step("build", lambda: self.build(inputs))
        verdict = step("check", lambda: self.check(built, inputs))
        self.night.verdict = verdict
        if verdict.is_publishable:
            known = self.open_flags()
            step("publish", lambda: self.publish(built, inputs.build_id))
            self.remember_flags()
            self.night.is_published = True
            self.night.new_flags = [f for key, f in self.open_flags().items() if key not in known]
        else:
            self.say("a fatal check failed: the last good published file is kept")

    def end(self, outcome: str) -> None:
        """Note how the run ended. What a full disk or a held state forbids here hides no other error."""
        for note in (self.heartbeat, self._note_end):
            try:
                note(outcome)
            except (OSError, sqlite3.Error) as error:
                if outcome != BROKEN:
                    raise
                logger.warning("the end of the run could not be noted: %s", error)

    def _note_end(self, outcome: str) -> None:
        state_file.end_run(self.state, self.run_id, self.started, self.clock(), outcome)

    def heartbeat(self, outcome: str) -> None:
        """Write ``logs/heartbeat.json`` for a watchdog outside: when the last run ended, and how."""
        with written_whole(self.home.logs / "heartbeat.json") as temporary:
            temporary.write_text(
                json.dumps(
                    {
                        "run_id": self.run_id,
                        "started_at": self.started.isoformat(),
                        "ended_at": self.clock().isoformat(),
                        "outcome": outcome,
                        "exit_code": 1 if outcome == BROKEN else self.night.exit_code,
                        "build_id": self.night.build_id,
                    }
                ),
                "utf-8",
            )


def run_nightly(settings: Settings, say: Callable[[str], None] = print, step: Step = plain_step) -> Night:
    """The whole run. ``say`` receives one plain line for each thing done.

    Raises UsageError for a ``reports`` that names nothing, RunLockedError where another run is at work.
    """
    unread = check_reports(settings.reports)
    with run_lock(settings.home, settings.clock()()):
        run = Run(settings, say)
        try:
            run.night.problems += unread
            _run(run, step)
        except sqlite3.Error as error:
            raise state_file.StateError.of(run.home.state, error) from error
        finally:
            run.close()
    return run.night


def _run(run: Run, step: Step) -> None:
    from flows.alerting import alert, tell_operator

    outcome = BROKEN
    try:
        state_file.start_run(run.state, run.run_id, run.started)
        mending.mend_home(run)
        for source_id in source_ids():
            run.ingest_source(source_id, step)
        run.build_and_publish(step)
        step("alert", lambda: alert(run))
        for line in summary_lines(run.night):
            run.say(line)
        outcome = "done" if run.night.exit_code == 0 else "done with failures"
    except Exception as error:
        if not isinstance(error, sqlite3.Error):  # the outbox is in the state
            tell_operator(run, error)
        raise
    finally:
        run.end(outcome)

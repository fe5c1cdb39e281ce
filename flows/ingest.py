"""One source: find reports, fetch what is new, archive it, parse what was not parsed yet."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote_plus, urlsplit

from flows import inbox, mending
from flows.reading_pool import Reader
from parsers.document import Document, one_line
from parsers.record import DocumentError
from parsers.registry import IndexRef, OddEntry, ReportRef, Source, load_source, source_ids
from warehouse import state as state_file
from warehouse.archive import Archive, Entry
from warehouse.parsed_store import ParsedStore, Summary

if TYPE_CHECKING:
    from flows.fetch import Fetcher

logger = logging.getLogger(__name__)

SAMPLE_RUN = "sample"
"""Run id of bundled samples: they are small on purpose, so bounds do not hold for them."""

_MONTHS_ASKED_AGAIN = 15
"""Monthly figures are restated for about a year, so the newest months are asked for every night."""


class UsageError(ValueError):
    """What was asked for cannot be done as asked; the sentence says why and what is possible."""


@dataclass(slots=True)
class SourceOutcome:
    """What one source brought tonight. ``failures`` are sentences; what was already kept stays."""

    source_id: str
    archived: list[str] = field(default_factory=list)
    unchanged: int = 0
    read: list[Summary] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)
    is_retryable: bool = False

    @classmethod
    def of_tries(cls, tries: list[SourceOutcome]) -> SourceOutcome:
        """Several tries as one: all that they brought, and what still failed in the last."""
        last = tries[-1]
        return cls(
            source_id=last.source_id,
            archived=[name for outcome in tries for name in outcome.archived],
            unchanged=last.unchanged - sum(len(outcome.archived) for outcome in tries[:-1]),
            read=[summary for outcome in tries for summary in outcome.read],
            failures=last.failures,
            mended=[name for outcome in tries for name in outcome.mended],
            is_retryable=last.is_retryable,
        )

    def total(self, name: str) -> int:
        """Sum of one count over the documents that were read."""
        return sum(getattr(summary, name) for summary in self.read)


@dataclass(frozen=True, slots=True)
class Ingest:
    """What every source needs. ``fetcher`` is made only when reports are live."""

    archive: Archive
    store: ParsedStore
    reader: Reader
    state: sqlite3.Connection
    clock: Callable[[], datetime]
    run_id: str
    reports: str
    fetcher: Callable[[], Fetcher]
    secret: Callable[[str], str | None]

    def run(self, source_id: str) -> SourceOutcome:
        """Bring one source up to date. Failures of the publisher are in the outcome, not raised."""
        source = load_source(source_id)
        outcome = SourceOutcome(source_id)
        amiss = mending.find_amiss(self, source)
        for document in self._arriving(source, outcome):
            self._keep(source, document, outcome)
        mending.mend(self, source, amiss, outcome)
        self._parse(source, outcome)
        outcome.failures = [self._without_keys(source, sentence) for sentence in outcome.failures]
        return outcome

    def _arriving(self, source: Source, outcome: SourceOutcome) -> Iterator[Document]:
        if self.reports == "sample":
            yield from _samples(source)
        elif self.reports == "live":
            yield from self._live(source, outcome)
        else:
            yield from self._dropped(Path(self.reports) / source.source_id, outcome)

    def _keep(self, source: Source, document: Document, outcome: SourceOutcome) -> None:
        is_sample = self.reports == "sample"
        now = source.meta.sample_retrieved_at.astimezone(UTC) if is_sample else self.clock()
        run_id = SAMPLE_RUN if is_sample else self.run_id
        if self.archive.add(source.source_id, document, run_id=run_id, now=now) is None:
            outcome.unchanged += 1
        else:
            outcome.archived.append(document.name)

    # -- files that someone already has ------------------------------------------------------------

    def _dropped(self, folder: Path, outcome: SourceOutcome) -> Iterator[Document]:
        """Files of DIR/<source_id>, oldest first; names that begin with a dot are not reports."""
        if not folder.is_dir():
            return
        for path in inbox.in_order(folder):
            shown = one_line(str(path), 1000)
            try:
                fault = inbox.fault_of(path, self.reader.limits.document_bytes)
                if fault is not None:
                    outcome.failures.append(f"{shown}: {fault}")
                    continue
                if self._seen_before(path):
                    outcome.unchanged += 1
                    continue
                document = Document.from_file(path)
            except (OSError, ValueError, OverflowError) as error:  # no right, gone, no such date
                outcome.failures.append(f"{shown}: cannot be read ({one_line(str(error))})")
                continue
            yield document
            self._remember(path, document.sha256)

    def _seen_before(self, path: Path) -> bool:
        """True where the file has the size and time stamp with which its bytes were archived."""
        stat = path.stat()
        row = self.state.execute(
            "SELECT sha256 FROM file_seen WHERE path = ? AND size = ? AND mtime_ns = ?",
            (str(path.resolve()), stat.st_size, stat.st_mtime_ns),
        ).fetchone()
        return row is not None and self.archive.has_arrived(row[0])

    def _remember(self, path: Path, sha256: str) -> None:
        stat = path.stat()
        with self.state:
            self.state.execute(
                "INSERT OR REPLACE INTO file_seen VALUES (?, ?, ?, ?)",
                (str(path.resolve()), stat.st_size, stat.st_mtime_ns, sha256),
            )

    # -- publishers --------------------------------------------------------------------------------

    def _live(self, source: Source, outcome: SourceOutcome) -> Iterator[Document]:
        from flows.fetch import FetchError

        fetcher = self.fetcher()
        for report in self._wanted(source, fetcher, outcome):
            try:
                got = fetcher.get(report.url, source.meta.fetch)
            except FetchError as error:
                outcome.failures.append(str(error))
                outcome.is_retryable |= error.retryable
                continue
            if got.not_modified:
                outcome.unchanged += 1
                continue
            yield Document(
                content=got.content,
                media_type=got.media_type,
                name=PurePosixPath(urlsplit(got.url).path).name or source.source_id,
                url=got.url,
                retrieved_at=got.retrieved_at,
                report_key=report.report_key,
                published_on=report.published_on,
            )

    def _wanted(self, source: Source, fetcher: Fetcher, outcome: SourceOutcome) -> Iterator[ReportRef]:
        facts = source.meta.fetch
        yield from (ReportRef(url=known.url, report_key=known.key) for known in facts.reports)
        if facts.months is not None:
            held = {e.report_key for e in self.archive.entries if e.source_id == source.source_id}
            yield from _monthly(facts.months.url, facts.months.key, facts.months.since, self.clock(), held)
        listed = self._indexed(source, fetcher, outcome)
        if not facts.asked_once:
            yield from listed
            return
        held = {e.report_key for e in self.archive.entries if e.source_id == source.source_id}
        yield from (report for report in listed if report.report_key not in held)

    def _indexed(self, source: Source, fetcher: Fetcher, outcome: SourceOutcome) -> Iterator[ReportRef]:
        """Read index pages, the next ones included, each address once, as many as source.yml allows."""
        waiting, seen = list(source.meta.fetch.index), set[str]()
        while waiting and len(seen) < source.meta.fetch.max_index_pages:
            url = waiting.pop(0)
            if url in seen:
                continue
            seen.add(url)
            found = self._listed(source, fetcher, url, outcome)
            waiting += [entry.url for entry in found if isinstance(entry, IndexRef)]
            yield from (entry for entry in found if isinstance(entry, ReportRef))
        if left := [url for url in waiting if url not in seen]:
            outcome.failures.append(
                f"{left[0]}: not read: source.yml allows {source.meta.fetch.max_index_pages} index pages"
            )

    def _listed(
        self, source: Source, fetcher: Fetcher, url: str, outcome: SourceOutcome
    ) -> list[ReportRef | IndexRef]:
        """What one index page names. A page that cannot be read, or names no address, fails alone."""
        from flows.fetch import FetchError

        try:
            got = fetcher.get(url, source.meta.fetch)
            index = Document(content=got.content, media_type=got.media_type, name=url, url=got.url)
            listed = source.find_reports(index)
        except FetchError as error:
            outcome.failures.append(str(error))
            outcome.is_retryable |= error.retryable
            return []
        except DocumentError as error:
            reason = self._without_keys(source, error.reason)
            outcome.failures.append(f"{url}: the list of reports is not as known: {reason}")
            return []
        except Exception as error:  # the list is hostile until read: it may break only this source
            logger.exception("defect while reading the list %s", url)
            outcome.failures.append(f"{url}: the list of reports could not be read ({type(error).__name__})")
            return []
        for entry in (entry for entry in listed if isinstance(entry, OddEntry)):
            reason = self._without_keys(source, entry.reason)
            outcome.failures.append(f"{url}: an entry of the list is not as known: {reason}")
        found = [entry for entry in listed if not isinstance(entry, OddEntry)]
        odd = [entry for entry in found if not _is_address(entry.url)]
        if odd:
            outcome.failures.append(f"{url}: names {len(odd)} reports or pages without a web address")
        return [entry for entry in found if _is_address(entry.url)]

    def _without_keys(self, source: Source, sentence: str) -> str:
        """The sentence without any key of the source: an answer may repeat what it was asked with."""
        for setting in source.meta.fetch.secrets.values():
            if value := self.secret(setting):
                sentence = sentence.replace(value, "(key)").replace(quote_plus(value), "(key)")
        return sentence

    # -- parsing -----------------------------------------------------------------------------------

    def _parse(self, source: Source, outcome: SourceOutcome) -> None:
        """Parse every archived document of the source that this parser version has not read yet."""
        waiting = [entry for entry in self.waiting(source) if entry.sha256 not in self.archive.amiss]
        mending.tell_refused(self, source, outcome)
        state_file.begin_reading(
            self.state, source.source_id, [(entry.sha256, source.parser_version) for entry in waiting]
        )
        for entry, kept in zip(waiting, self.reader.keep(self.archive, self.store, waiting), strict=True):
            if isinstance(kept, str):
                outcome.failures.append(kept)
                continue
            outcome.read.append(kept.summary)
            if kept.sentence is not None:
                outcome.failures.append(f"{entry.name}: refused: {kept.sentence}")

    def waiting(self, source: Source) -> list[Entry]:
        """Archived documents of the source that are to be read: for the first time, or once more."""
        limits = self.reader.limits.as_dict()
        entries = {e.sha256: e for e in self.archive.entries if e.source_id == source.source_id}
        return [
            entry
            for entry in entries.values()
            if self.store.is_due(source.source_id, entry.sha256, source.parser_version, limits)
        ]


def _is_address(url: object) -> bool:
    """True for a text that is a whole http or https address."""
    try:
        return (
            isinstance(url, str)
            and urlsplit(url).scheme in {"http", "https"}
            and bool(urlsplit(url).hostname)
        )
    except ValueError:
        return False


def _samples(source: Source) -> Iterator[Document]:
    for path in source.samples:
        yield replace(Document.from_file(path), retrieved_at=source.meta.sample_retrieved_at.astimezone(UTC))


def _monthly(url: str, key: str, since: str, now: datetime, held: set[str | None]) -> Iterator[ReportRef]:
    """Months from ``since`` to the last full one: those not held, and the newest, which may be restated."""
    year, month = map(int, since.split("-"))
    months = []
    while (year, month) < (now.year, now.month):
        months.append((year, month))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    for index, (year, month) in enumerate(months):
        named = {"{YYYY}": f"{year:04d}", "{MM}": f"{month:02d}", "{M}": str(month)}
        report_key, address = key, url
        for token, text in named.items():
            report_key, address = report_key.replace(token, text), address.replace(token, text)
        if report_key not in held or index >= len(months) - _MONTHS_ASKED_AGAIN:
            yield ReportRef(url=address, report_key=report_key)


def check_reports(reports: str) -> list[str]:
    """Refuse a ``--reports`` that names nothing to read; answers a sentence for each folder left unread.

    Raises UsageError where no folder is named after a source.
    """
    if reports in {"sample", "live"}:
        return []
    folder = Path(reports)
    if not folder.is_dir():
        raise UsageError(f"--reports {reports}: is neither 'sample', 'live' nor a folder")
    named = {p.name for p in folder.iterdir() if p.is_dir() and not p.name.startswith(".")}
    known = set(source_ids())
    if not named & known:
        raise UsageError(
            f"--reports {reports}: holds no folder named after a source; known are {', '.join(source_ids())}"
        )
    return [
        f"{folder / name}: no source has this name; nothing in it was read" for name in sorted(named - known)
    ]

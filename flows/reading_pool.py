"""Reading documents in processes that can be ended: one document fails alone, with one sentence.

A process is started for the first document of a run and used again for the next ones; a night without new
documents starts none. One that stands still, takes too much memory or dies is replaced.
"""

from __future__ import annotations

import pickle
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any, NamedTuple

from flows.reading import report_id_of
from flows.reading_limits import Limits, refusal
from flows.reading_process import LOADER, LOOK_SECONDS, ReadingProcess
from flows.reading_worker import PICKLE, Answer, Request
from parsers.document import Document
from parsers.parsed import Parsed
from parsers.record import Grain, Ignored, Measure, Record, Reject, Stage, Total, ValueBasis, WeaponClass
from parsers.registry import Source, load_source
from warehouse.archive import Archive, ArchiveError, Entry
from warehouse.parsed_store import MOST_TRIES, Ended, ParsedStore, Summary

_SECOND_FROM = 8
"""Documents from which a second process pays for its start."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of one archived document: its summary, and the mark where its reading was ended."""

    summary: Summary
    ended: Ended | None = None

    @property
    def sentence(self) -> str | None:
        """Why it was refused, where, and whether it is tried again; None where it was read."""
        if self.summary.refused is None:
            return None
        again = ""
        if self.ended is not None:
            left = MOST_TRIES - self.ended.tries
            again = "; the next run tries again" if left else "; not tried again under these limits"
        return f"{self.summary.refused_where}{self.summary.refused}{again}"


class Reader:
    """Reads documents one by one or many; owns its processes. Close it, or use it as a context manager."""

    def __init__(self, limits: Limits, logs: Path | None = None, loader: str = LOADER) -> None:
        self.limits = limits
        self._logs = logs
        self._loader = loader
        self._idle: list[ReadingProcess] = []

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all processes."""
        while self._idle:
            self._idle.pop().end()

    def read(self, source: Source, document: Document) -> Parsed:
        """One document, without keeping it. Raises ReadingError where no process can be started."""
        with tempfile.TemporaryDirectory(prefix="armswatch-") as name:
            folder = Path(name)
            path = folder / "document"
            path.write_bytes(document.content)
            request = self._request(source, document, document.sha256, path, folder, keep=False)
            ((_, outcome),) = self._run(iter([request]), processes=1)
            if isinstance(outcome, _Stopped):
                report_id = report_id_of(source.source_id, document.report_key, document.sha256)
                return refusal(report_id, outcome.reason, outcome.page)
            if outcome:
                raise ArchiveError(outcome)
            with (folder / PICKLE).open("rb") as file:
                parsed = _Unpickler(file).load()
        if not isinstance(parsed, Parsed):
            raise TypeError(f"the reading process answered with {type(parsed).__name__}")
        return parsed

    def keep(self, archive: Archive, store: ParsedStore, entries: Sequence[Entry]) -> list[Kept | str]:
        """Read archived documents, no two of them the same, into the store; answers in their order.

        A document whose bytes are damaged gives a sentence. Raises ReadingError where no process starts,
        OSError where what was read cannot be written.
        """
        versions = [load_source(entry.source_id).parser_version for entry in entries]
        requests = (
            self._request(
                load_source(entry.source_id),
                entry,
                entry.sha256,
                archive.path_of(entry.sha256),
                store.stage(entry.source_id),
                keep=True,
            )
            for entry in entries
        )
        answers: dict[str, Kept | str] = {}
        for request, outcome in self._run(requests, processes=2 if len(entries) >= _SECOND_FROM else 1):
            answers[request.key] = self._kept(store, request, outcome)
        return [
            answers[f"{entry.source_id} {entry.sha256} {version}"]
            for entry, version in zip(entries, versions, strict=True)
        ]

    def _kept(self, store: ParsedStore, request: Request, outcome: _Stopped | str | None) -> Kept | str:
        key, folder = (request.source_id, request.sha256, request.parser_version), Path(request.folder)
        if outcome is None:
            return Kept(store.adopt(folder, *key))
        shutil.rmtree(folder)
        if isinstance(outcome, str):
            return outcome
        report_id = report_id_of(request.source_id, request.report_key, request.sha256)
        parsed = refusal(report_id, outcome.reason, outcome.page)
        mark = store.put_ended(*key, parsed, self.limits.as_dict())
        return Kept(store.summary(*key), mark)

    def _request(
        self, source: Source, facts: Document | Entry, sha256: str, path: Path, folder: Path, *, keep: bool
    ) -> Request:
        return Request(
            source_id=source.source_id,
            parser_version=source.parser_version,
            path=str(path.resolve()),
            sha256=sha256,
            media_type=facts.media_type,
            name=facts.name,
            url=facts.url,
            report_key=facts.report_key,
            retrieved_at=_text(facts.retrieved_at),
            published_on=_text(facts.published_on),
            folder=str(folder.resolve()),
            logs=None if self._logs is None else str(self._logs.resolve()),
            keep=keep,
        )

    def _run(
        self, requests: Iterator[Request], processes: int
    ) -> Iterator[tuple[Request, _Stopped | str | None]]:
        """Each request as it is done: None, a sentence for damaged bytes, or why its reading was ended."""
        busy: dict[ReadingProcess, Request] = {}
        try:
            while True:
                while len(busy) < processes and (request := next(requests, None)) is not None:
                    process = self._idle.pop() if self._idle else ReadingProcess(self.limits, self._loader)
                    busy[process] = request
                    process.ask(request)
                if not busy:
                    return
                wait([process.connection for process in busy], timeout=LOOK_SECONDS)
                for process in list(busy):
                    answer = process.look()
                    if answer is not None:
                        self._idle.append(process)
                        yield busy.pop(process), _outcome(answer)
                    elif process.ended_because is not None:
                        yield busy.pop(process), _Stopped(*process.ended_because)
        finally:
            for process in busy:
                process.end()


class _Stopped(NamedTuple):
    """Why the reading of a document was ended, and at which page."""

    reason: str
    page: int | None


def _outcome(answer: Answer) -> str | None:
    if answer.os_error is not None:
        raise OSError(*answer.os_error)
    return answer.damaged


def _text(moment: date | datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


_ANSWERS: dict[tuple[str, str], Any] = {
    ("parsers.parsed", "Parsed"): Parsed,
    ("decimal", "Decimal"): Decimal,
    ("datetime", "date"): date,
    **{
        ("parsers.record", shape.__name__): shape
        for shape in (Record, Reject, Total, Ignored, Stage, Grain, WeaponClass, ValueBasis, Measure)
    },
}


class _Unpickler(pickle.Unpickler):
    """Takes nothing but the shapes of a parse from a process that has read a hostile document."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ANSWERS:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a parse")
        return _ANSWERS[module, name]

"""Reads damaged copies as a run does, and says which of them a reader did not bear."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from flows.reading_limits import Limits
from flows.reading_pool import Kept, Reader
from parsers.document import Document, media_type_of
from parsers.registry import load_source, source_ids
from tests.fuzz.mutations import damaged
from warehouse.archive import Archive
from warehouse.parsed_store import ParsedStore

_COPIES = 40
"""Copies of each sample in a round."""
_WHEN = datetime(2026, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Finding:
    """A damaged copy that made a reader throw, hang or die."""

    source_id: str
    name: str
    sha256: str
    content: bytes
    why: str


class Bench:
    """Rounds of damaged copies, each from its own seed; a context manager, for its reading processes."""

    def __init__(self, seed: int, sources: Sequence[str] | None = None, copies: int = _COPIES) -> None:
        self._random = Random(seed)
        self._copies = copies
        self._samples = [
            (source_id, path.name, path.read_bytes())
            for source_id in sources or source_ids()
            for path in load_source(source_id).samples
        ]
        self._reader = Reader(Limits())
        self.findings: list[Finding] = []
        self.outcomes: Counter[str] = Counter()

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.close()

    def round(self) -> Iterator[Finding]:
        """Some copies of every sample; gives those that a reader did not bear."""
        with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
            folder = Path(name)
            archive, store = Archive(folder / "raw"), ParsedStore(folder / "parsed")
            copies: dict[tuple[str, str], tuple[str, bytes]] = {}
            entries = []
            for source_id, sample, content in self._samples:
                for _ in range(self._copies):
                    copy = damaged(sample, content, self._random)
                    document = Document(content=copy, media_type=media_type_of(sample), name=sample)
                    # a key of its own, so that the same report is never restated
                    entry = archive.add(source_id, document, run_id="fuzz", now=_WHEN)
                    if entry is not None and (source_id, entry.sha256) not in copies:
                        copies[source_id, entry.sha256] = sample, copy
                        entries.append(entry)
            for entry, kept in zip(entries, self._reader.keep(archive, store, entries), strict=True):
                why = self._judge(kept)
                if why is not None:
                    finding = Finding(
                        entry.source_id,
                        entry.name,
                        entry.sha256,
                        copies[entry.source_id, entry.sha256][1],
                        why,
                    )
                    self.findings.append(finding)
                    yield finding

    def _judge(self, kept: Kept | str) -> str | None:
        if isinstance(kept, str):
            self.outcomes["damaged"] += 1
            return kept
        summary = kept.summary
        if kept.ended is not None:
            self.outcomes["hangs"] += 1
            return kept.sentence
        if summary.refused is not None and "the parser failed" in summary.refused:
            self.outcomes["tracebacks"] += 1
            return summary.refused
        if summary.seen != summary.records + summary.rejects + summary.totals + summary.ignored:
            self.outcomes["unaccounted"] += 1
            return "rows seen are not records + rejects + totals + ignored"
        self.outcomes["refused" if summary.refused is not None else "read"] += 1
        return None

    def line(self) -> str:
        """What came of all of them."""
        count = self.outcomes
        return (
            f"fuzz: {count.total():,} documents ({count['read']:,} read, {count['refused']:,} refused), "
            f"{count['tracebacks']} tracebacks, {count['hangs']} hangs or limits, "
            f"{count['unaccounted'] + count['damaged']} unaccounted"
        )

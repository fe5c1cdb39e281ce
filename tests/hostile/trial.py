"""Drops hostile files into a mirror beside a good one and ingests them as any night would.

``python -m tests.hostile.trial [SOURCE ...]`` runs the whole corpus and prints what ``make hostile`` promises.
"""

from __future__ import annotations

import signal
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from flows.run import Run
from flows.settings import load_settings
from parsers.document import one_line
from parsers.registry import load_source, source_ids
from tests.hostile.corpus import Hostile, corpus
from warehouse.archive import Entry

SECONDS_EACH = 30
"""More than any limit allows one document to take, with the start of another process."""
GOOD = "the_good_one"


class HangError(Exception):
    """The ingest did not come back in time."""


@dataclass
class Result:
    """What became of the files: each fault is a sentence."""

    documents: int = 0
    tracebacks: list[str] = field(default_factory=list)
    hangs: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        return [*self.tracebacks, *self.hangs, *self.lost, *self.wrong]

    def add(self, other: Result) -> None:
        self.documents += other.documents
        for name in ("tracebacks", "hangs", "lost", "wrong"):
            getattr(self, name).extend(getattr(other, name))

    def __str__(self) -> str:
        return (
            f"hostile: {self.documents} documents, {len(self.tracebacks)} tracebacks, {len(self.hangs)} hangs,"
            f" {len(self.lost)} lost"
        )


def trial(source_id: str, files: Sequence[Hostile], root: Path) -> Result:
    """Ingest the files of one source together with its good sample."""
    result = Result(documents=len(files))
    folder = root / "mirror" / source_id
    folder.mkdir(parents=True)
    good = load_source(source_id).samples[0]
    (folder / f"{GOOD}{good.suffix}").write_bytes(good.read_bytes())
    for one in files:
        (folder / one.name).write_bytes(one.make())
    run = Run(load_settings(home=root / "home", reports=str(root / "mirror")), lambda _: None)
    before = signal.signal(signal.SIGALRM, _hang)
    signal.alarm(SECONDS_EACH * (len(files) + 1))
    try:
        failures = run.ingest(source_id).failures
    except HangError:
        result.hangs.append(f"{source_id}: not done within {SECONDS_EACH} s a document")
        return result
    except Exception as error:  # noqa: BLE001 - what is looked for
        result.tracebacks.append(f"{source_id}: {type(error).__name__}: {error}")
        return result
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
        run.close()
    _judge(run, source_id, files, failures, result)
    return result


def _hang(*_: object) -> None:
    raise HangError


def _judge(run: Run, source_id: str, files: Sequence[Hostile], failures: list[str], result: Result) -> None:
    version = load_source(source_id).parser_version
    archived = {entry.name: entry for entry in run.archive.entries}
    if good := [sentence for sentence in failures if sentence.startswith(GOOD)]:
        result.lost.append(f"{source_id}: the good document: {good}")
    for one in files:
        shown = one_line(one.name)
        where = f"{source_id}, {shown!r}"
        entry = archived.get(shown) or _same_bytes(run, one)
        if entry is None or not run.store.holds(source_id, entry.sha256, version):
            result.lost.append(f"{where}: is not in the archive or was not read")
            continue
        said = [s for s in failures if s.startswith(f"{entry.name}: refused: ")]
        if any("the parser failed" in sentence for sentence in said):
            result.tracebacks.append(f"{where}: {said}")
        elif one.says is None:
            _judge_rows(run, source_id, entry.sha256, where, result)
        elif len(said) != 1 or one.says not in said[0] or not _is_sentence(said[0]):
            result.wrong.append(f"{where}: expected one refusal with {one.says!r}: {said}")
    log = run.home.logs / "armswatch.log"
    if log.exists() and "Traceback" in log.read_text():
        result.tracebacks.append(f"{source_id}: {log.read_text()[-600:]}")


def _same_bytes(run: Run, one: Hostile) -> Entry | None:
    """Two files of the same bytes are one arrival, under the name of the first."""
    digest = sha256(one.make()).hexdigest()
    return next((entry for entry in run.archive.entries if entry.sha256 == digest), None)


def _is_sentence(text: str) -> bool:
    return text.isprintable() and len(text) < 1500


def _judge_rows(run: Run, source_id: str, sha256: str, where: str, result: Result) -> None:
    summary = run.store.summary(source_id, sha256, load_source(source_id).parser_version)
    rows = summary.records + summary.rejects + summary.totals + summary.ignored
    if summary.seen != rows:
        result.wrong.append(f"{where}: {summary.seen} rows seen, {rows} accounted for")


def whole(sources: Iterable[str]) -> Result:
    """The whole corpus of these sources."""
    total = Result()
    for source_id in sources:
        began = time.monotonic()
        files = [one for one in corpus() if one.source_id == source_id]
        with tempfile.TemporaryDirectory(prefix="hostile-") as name:
            result = trial(source_id, files, Path(name))
        total.add(result)
        print(f"{source_id}: {len(files)} documents in {time.monotonic() - began:.0f} s", flush=True)
        for fault in result.faults:
            print(f"  {fault}", flush=True)
    return total


if __name__ == "__main__":
    outcome = whole(sys.argv[1:] or source_ids())
    print(outcome)
    sys.exit(1 if outcome.faults else 0)

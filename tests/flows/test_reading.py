"""Reading in processes that can be ended: real hangs, real memory, real kills; one document fails alone."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.process_tree import resident_bytes
from flows.reading import read_document
from flows.reading_limits import Limits
from flows.reading_pool import Kept, Reader
from flows.reading_process import ReadingProcess
from flows.run import Run
from flows.settings import load_settings
from flows.verify import verify_home
from parsers.document import Document
from parsers.registry import load_source, source_ids
from tests.flows.reading_stubs import LOADER, stub
from tests.workshop import ask, uk
from warehouse.archive import Archive, Entry
from warehouse.parsed_store import MOST_TRIES, ParsedStore

UK = load_source("gb_ecju_licences")
GOOD = uk("10,2010-04-07,ML1,1,185500,Mexico,0")
SHORT = Limits(page_seconds=1.0, rowless_seconds=60.0, memory_mb=250)


def document(content: bytes, name: str = "v.csv") -> Document:
    return Document(content=content, media_type="text/csv", name=name)


@pytest.fixture
def reader() -> Iterator[Reader]:
    with Reader(SHORT, loader=LOADER) as reader:
        yield reader


def processes_of(reader: Reader) -> list[int]:
    return [process.pid for process in reader._idle]


def is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def is_gone(pid: int, within: float = 5.0) -> bool:
    ends = time.monotonic() + within
    while is_alive(pid) and time.monotonic() < ends:
        time.sleep(0.02)
    return not is_alive(pid)


# -- the same answer ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("source_id", source_ids())
def test_a_document_read_elsewhere_reads_as_it_does_here(source_id: str, whole: Reader) -> None:
    source = load_source(source_id)
    for path in source.samples:
        sample = Document.from_file(path)
        assert whole.read(source, sample) == read_document(source, sample), path.name


@pytest.fixture(scope="module")
def whole() -> Iterator[Reader]:
    with Reader(Limits()) as reader:
        yield reader


def test_one_process_reads_one_document_after_another_and_no_document_starts_none(reader: Reader) -> None:
    assert processes_of(reader) == []
    for _ in range(3):
        assert len(reader.read(UK, document(GOOD)).records) == 1
    (pid,) = processes_of(reader)
    reader.close()
    assert is_gone(pid)


# -- limits ------------------------------------------------------------------------------------------------

DEFECT = "please report it"
ENDED = {
    "a page that never ends": (
        stub("hang", "7"),
        7,
        "was not read within 1 s, the most for one page or block of rows; "
        "raise max_page_seconds if the report is sound",
    ),
    "pages without a row": (
        stub("pages", "0.1"),
        None,
        "no row was found within 1 s; raise max_rowless_seconds if the report is sound",
    ),
    "rows without an end": (
        stub("rows", "0.1", "10000"),
        None,
        "was not read to its end within 1 s; raise max_document_seconds if the report is sound",
    ),
    "memory, bit by bit": (
        stub("grow", "2000"),
        None,
        "took more than 250 MB of memory to read; raise max_memory_mb if the report is sound",
    ),
    "memory, at one stroke": (
        stub("grow_at_once", "20000"),
        None,
        "took more than 250 MB of memory to read; raise max_memory_mb if the report is sound",
    ),
    "a crash": (
        stub("segfault"),
        None,
        "the process that read it was ended by SIGSEGV; please report it with the document",
    ),
    "an exit": (
        stub("exit", "0"),
        None,
        "the process that read it was ended with code 0; please report it with the document",
    ),
    "a kill": (
        stub("kill"),
        None,
        "the process that read it was ended by SIGKILL; please report it with the document",
    ),
}


LIMITS = {
    "pages without a row": Limits(page_seconds=60.0, rowless_seconds=1.0),
    "rows without an end": Limits(page_seconds=60.0, document_seconds=1.0),
}


@pytest.mark.parametrize("name", ENDED)
def test_a_document_that_costs_too_much_is_refused_alone_in_one_sentence(name: str) -> None:
    content, page, sentence = ENDED[name]
    with Reader(LIMITS.get(name, SHORT), loader=LOADER) as reader:
        reader.read(UK, document(GOOD))
        (before,) = processes_of(reader)
        parsed = reader.read(UK, document(content))
        (reject,) = parsed.rejects
        assert (parsed.refused, reject.reason) == (sentence, sentence)
        assert page is None or reject.page == page
        assert is_gone(before)
        assert len(reader.read(UK, document(GOOD)).records) == 1, "the next one is read, by another process"
        assert processes_of(reader) != [before]


def test_memory_is_that_of_all_processes_that_read_the_document() -> None:
    limits = Limits(memory_mb=400)
    with Reader(limits, loader=LOADER) as reader:
        assert reader.read(UK, document(stub("grow_together", "420"))).refused == limits.memory()


def test_a_lost_page_process_is_said_and_says_nothing_of_the_document() -> None:
    with Reader(Limits(page_seconds=60.0), loader=LOADER) as patient:
        refused = patient.read(UK, document(stub("lose_a_page_process"))).refused
    assert refused == "a process that read its pages broke down; please report it with the document"


def test_a_defect_costs_no_process(reader: Reader) -> None:
    refused = reader.read(UK, document(stub("divide"))).refused
    assert refused == (
        "the parser failed on this document (ZeroDivisionError: integer division or modulo by zero);"
        " please report it"
    )
    assert len(processes_of(reader)) == 1


def test_the_reading_process_is_given_no_setting_and_no_secret(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARMSWATCH_SMTP_PASSWORD", "s3cret")
    assert "settings here: []" in str(reader.read(UK, document(stub("environment"))).refused)


# -- parent and child --------------------------------------------------------------------------------------

PARENT = """
import sys
from flows.reading_limits import Limits
from flows.reading_pool import Reader
from parsers.document import Document
from parsers.registry import load_source
from tests.flows.reading_stubs import LOADER, stub
reader = Reader(Limits(page_seconds=600.0), loader=LOADER)
source = load_source("gb_ecju_licences")
good = Document(content=b"x", media_type="text/csv", name="a")
reader.read(source, good)
print(reader._idle[0].pid, flush=True)
reader.read(source, Document(content=stub("hang", "1"), media_type="text/csv", name="b"))
"""


def test_a_parent_that_is_killed_leaves_no_process_at_work() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    time.sleep(0.3)
    assert is_alive(pid), "it hangs in a parser that lets no other thread run"
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert is_gone(pid)


def test_a_reader_that_is_forgotten_leaves_no_process() -> None:
    process = ReadingProcess(Limits())
    pid = process.pid
    assert resident_bytes(pid) > 0
    del process
    assert is_gone(pid)


# -- documents of the archive ------------------------------------------------------------------------------


class Bench:
    """An archive with documents, and a store to read them into."""

    def __init__(self, root: Path) -> None:
        self.archive, self.store = Archive(root / "raw"), ParsedStore(root / "parsed")

    def arrives(self, content: bytes, name: str = "v.csv") -> Entry:
        entry = self.archive.add(
            UK.source_id, document(content, name), run_id="r", now=datetime(2026, 1, 1, tzinfo=UTC)
        )
        assert entry is not None
        return entry

    def keep(self, reader: Reader, *entries: Entry) -> list[Kept]:
        kept = reader.keep(self.archive, self.store, entries)
        assert all(isinstance(one, Kept) for one in kept), kept
        return [one for one in kept if isinstance(one, Kept)]

    def is_due(self, entry: Entry, limits: Limits = SHORT) -> bool:
        return self.store.is_due(UK.source_id, entry.sha256, UK.parser_version, limits.as_dict())

    @property
    def left_over(self) -> list[str]:
        return [path.name for path in self.store.folder.rglob(".tmp-*")]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_bad_documents_among_good_ones_fail_alone_and_in_order(bench: Bench) -> None:
    # seconds enough to start a process on a loaded machine: those of the sound documents are bounded too
    contents = [
        GOOD,
        stub("hang", "3"),
        uk("11,2011-01-01,ML1,1,5,Peru,0"),
        stub("kill"),
        b"\0",
        stub("divide"),
    ]
    contents += [uk(f"{n},2011-01-01,ML1,1,{n},Peru,0") for n in range(20, 26)]
    with Reader(Limits(page_seconds=4.0, memory_mb=250), loader=LOADER) as reader:
        kept = bench.keep(reader, *(bench.arrives(content) for content in contents))
    assert [one.summary.records for one in kept] == [1, 0, 1, 0, 0, 0, *[1] * 6]
    assert [(one.sentence or "").partition(", the most")[0][:60] for one in kept[:6]] == [
        "",
        "page 3: was not read within 4 s",
        "",
        "the process that read it was ended by SIGKILL; please report",
        "the file holds NUL characters: it is not delimited text",
        "the parser failed on this document (ZeroDivisionError: integ",
    ]
    assert bench.left_over == []


def test_what_a_machine_gave_up_is_tried_again_a_few_times_and_under_other_limits(bench: Bench) -> None:
    entry = bench.arrives(stub("rows", "0.02", "50"))
    said = []
    for _ in range(MOST_TRIES):
        assert bench.is_due(entry)
        with Reader(Limits(document_seconds=0.3), loader=LOADER) as reader:
            (kept,) = bench.keep(reader, entry)
        said.append(str(kept.sentence).rpartition("; ")[2])
    assert said == ["the next run tries again"] * (MOST_TRIES - 1) + ["not tried again under these limits"]
    assert not bench.is_due(entry, Limits(document_seconds=0.3))
    assert bench.is_due(entry, Limits(document_seconds=99))
    before = bench.store.all_ended(UK.source_id)
    assert list(before.values()) == [Limits(document_seconds=0.3).endless()]
    with Reader(Limits(document_seconds=99), loader=LOADER) as reader:
        (kept,) = bench.keep(reader, entry)
    assert (kept.summary.refused, kept.summary.report_id) == (None, "gb_ecju_licences/rows")
    assert not bench.is_due(entry)
    assert bench.store.all_ended(UK.source_id) == {}
    assert bench.left_over == []


def test_a_run_killed_while_it_notes_a_refusal_reads_the_document_again(bench: Bench, reader: Reader) -> None:
    entry = bench.arrives(stub("kill"))
    bench.keep(reader, entry)
    folder = bench.store.path_of(UK.source_id, entry.sha256, UK.parser_version)
    folder.rename(folder.with_name(".tmp-as-if-killed"))
    assert bench.is_due(entry)
    assert bench.store.all_ended(UK.source_id) == {}


def test_a_figure_that_the_warehouse_cannot_hold_refuses_one_document(bench: Bench, reader: Reader) -> None:
    (kept, good) = bench.keep(
        reader,
        bench.arrives(stub("too_fine")),
        bench.arrives(GOOD),
    )
    assert good.summary.records == 1
    assert DEFECT in str(kept.sentence)


def test_bytes_that_changed_on_disk_are_named(bench: Bench, reader: Reader) -> None:
    entry = bench.arrives(GOOD)
    path = bench.archive.path_of(entry.sha256)
    path.chmod(0o644)
    path.write_bytes(b"other")
    (sentence,) = reader.keep(bench.archive, bench.store, [entry])
    assert sentence == f"{path}: its bytes have changed on disk; restore it from a backup"


def test_a_disk_that_is_full_is_the_run_s_trouble_and_not_the_document_s(
    bench: Bench, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = bench.arrives(GOOD)
    stage = bench.store.stage

    def gone(source_id: str) -> Path:
        folder = stage(source_id)
        folder.rmdir()
        return folder

    monkeypatch.setattr(bench.store, "stage", gone)
    with pytest.raises(OSError, match="No such file"):
        reader.keep(bench.archive, bench.store, [entry])
    assert bench.is_due(entry)


# -- whole runs --------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_refusal_of_this_machine_is_published_taken_over_by_verify_and_read_when_limits_allow(
    tmp_path: Path,
) -> None:
    from flows.run import run_nightly

    home, folder = tmp_path / "home", tmp_path / "mirror" / "gb_ecju_licences"
    folder.mkdir(parents=True)
    (folder / "good.csv").write_bytes(GOOD)
    # so long that no machine reads it within the limit, which is ample for the good one on a busy machine
    lines = [f"{n},2010-04-07,ML1,1,{n},Peru,0" for n in range(1000, 81000)]
    (folder / "large.csv").write_bytes(uk(*lines))

    def night(**limits: Any) -> tuple[int, list[str]]:
        said: list[str] = []
        settings = load_settings(home=home, reports=str(tmp_path / "mirror"), **limits)
        return run_nightly(settings, said.append).exit_code, said

    code, said = night(max_document_seconds=2.0)
    assert code == 1
    assert any("large.csv: refused: was not read to its end within 2 s" in line for line in said)
    assert verify_home(load_settings(home=home), said.append) == []
    assert "note: 1 documents that cost too much to read are taken as refused" in said
    code, said = night()
    assert code == 0, f"with the usual limits it is read, and published at once: {said}"
    assert verify_home(load_settings(home=home), lambda _: None) == []
    built = home / "published" / "armswatch.duckdb"
    assert ask(built, "SELECT count(*) FROM out.transfers") == [(80000,)]
    assert ask(built, "SELECT count(*) FROM out.documents WHERE is_refused") == [(0,)]


def test_a_quiet_night_starts_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "mirror" / "gb_ecju_licences"
    folder.mkdir(parents=True)
    (folder / "good.csv").write_bytes(GOOD)
    settings = load_settings(home=tmp_path / "home", reports=str(tmp_path / "mirror"))
    first = Run(settings, lambda _: None)
    assert len(first.ingest("gb_ecju_licences").read) == 1
    first.close()

    def none(*_: object, **__: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr("flows.reading_pool.ReadingProcess", none)
    second = Run(settings, lambda _: None)
    assert second.ingest("gb_ecju_licences").read == []
    second.close()

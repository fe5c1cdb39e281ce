"""Ingest of one source: samples, dropped files, and publishers on a real local server."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.ingest import SourceOutcome, UsageError, check_reports
from flows.reading_limits import Limits
from flows.reading_pool import Reader
from flows.run import Run
from flows.settings import load_settings
from parsers.facts import Fetch, KnownReport, MonthlyReports
from parsers.record import DocumentError
from parsers.registry import IndexRef, ReportRef, load_source
from tests.flows.publisher import Publisher, Request, answer
from tests.flows.reading_stubs import LOADER, stub
from tests.workshop import uk

pytestmark = pytest.mark.usefixtures("shared_readers")

V1 = uk("10,2010-04-07,ML1,1,185500,Mexico,0")
V2 = uk("10,2010-04-07,ML1,1,185999,Mexico,0")


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    server = Publisher()
    yield server
    server.close()


def run_of(home: Path, reports: str, server: Publisher | None = None, **settings: Any) -> Run:
    allowed = (server.host,) if server else ()
    return Run(
        load_settings(
            home=home, reports=reports, allow_private_hosts=allowed, max_fetch_attempts=1, **settings
        ),
        lambda _line: None,
    )


def ingested(source_id: str, *of: Any, **settings: Any) -> SourceOutcome:
    """One night of one source."""
    run = run_of(*of, **settings)
    try:
        return run.ingest(source_id)
    finally:
        run.close()


@pytest.fixture
def uk_at(monkeypatch: pytest.MonkeyPatch, publisher: Publisher) -> Any:
    """Let the UK source live on the local server, with these parts of ``fetch``."""

    def point(**fetch: Any) -> None:
        source = load_source("gb_ecju_licences")
        facts = Fetch(
            hosts=[publisher.host], accept=["text/csv", "application/json"], delay_seconds=0, **fetch
        )
        monkeypatch.setitem(source.__dict__, "meta", source.meta.model_copy(update={"fetch": facts}))

    return point


def test_a_published_report_is_fetched_once_and_asked_for_again_with_its_etag(
    tmp_path: Path, publisher: Publisher, uk_at: Any
) -> None:
    base = publisher.url("")
    uk_at(reports=[KnownReport(url=f"{base}/values.csv", key="2008-01")])

    def conditional(request: Request) -> None:
        if request.headers.get("If-None-Match") == '"v1"':
            request.send(304, b"")
        else:
            request.send(200, V1, "text/csv", ETag='"v1"')

    publisher.script["/values.csv"] = [conditional]
    first = ingested("gb_ecju_licences", tmp_path, "live", publisher)
    assert (first.archived, first.total("records"), first.failures) == (["values.csv"], 1, [])
    second = ingested("gb_ecju_licences", tmp_path, "live", publisher)
    assert (second.archived, second.unchanged, second.read) == ([], 1, [])


def test_a_publisher_that_is_down_fails_alone_and_may_be_asked_again(
    tmp_path: Path, publisher: Publisher, uk_at: Any
) -> None:
    base = publisher.url("")
    uk_at(
        reports=[
            KnownReport(url=f"{base}/down.csv", key="a"),
            KnownReport(url=f"{base}/values.csv", key="2008-01"),
        ]
    )
    publisher.script["/down.csv"] = [answer(503, b"sorry")]
    publisher.script["/values.csv"] = [answer(200, V1, "text/csv")]
    outcome = ingested("gb_ecju_licences", tmp_path, "live", publisher)
    assert outcome.archived == ["values.csv"], "the other report is kept"
    assert len(outcome.failures) == 1
    assert "503" in outcome.failures[0]
    assert outcome.is_retryable


def test_a_page_of_html_in_place_of_a_report_is_a_failure_and_is_not_kept(
    tmp_path: Path, publisher: Publisher, uk_at: Any
) -> None:
    uk_at(reports=[KnownReport(url=publisher.url("/values.csv"), key="2008-01")])
    publisher.script["/values.csv"] = [answer(200, b"<!doctype html><html>maintenance</html>", "text/csv")]
    outcome = ingested("gb_ecju_licences", tmp_path, "live", publisher)
    assert (outcome.archived, len(outcome.failures)) == ([], 1)


def test_months_are_asked_up_to_the_last_full_one_and_old_ones_only_once(
    tmp_path: Path, publisher: Publisher, uk_at: Any
) -> None:
    base = publisher.url("")
    uk_at(months=MonthlyReports(url=f"{base}/m/{{YYYY}}-{{MM}}.csv", since="2020-01"))
    for month in [f"{y}-{m:02d}" for y in (2020, 2021) for m in range(1, 13)]:
        publisher.script[f"/m/{month}.csv"] = [answer(200, uk(f"10,{month}-07,ML1,1,5,Mexico,0"), "text/csv")]
    now = datetime(2021, 7, 2, tzinfo=UTC)
    first = ingested("gb_ecju_licences", tmp_path, "live", publisher, now=now)
    assert (len(first.archived), first.failures) == (18, [])
    publisher.asked.clear()
    ingested("gb_ecju_licences", tmp_path, "live", publisher, now=now)
    assert [path for path, _ in publisher.asked] == [
        f"/m/{y}-{m:02d}.csv" for y, m in [(2020, m) for m in range(4, 13)] + [(2021, m) for m in range(1, 7)]
    ], "figures older than 15 months are no longer restated"


def test_notices_are_found_through_all_pages_of_the_register_s_list(
    tmp_path: Path, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = publisher.url("")
    source = load_source("us_ddtc_notices")
    facts = source.meta.fetch.model_copy(
        update={
            "hosts": [publisher.host],
            "index": [f"{base}/list?page=1"],
            "reports": [],
            "delay_seconds": 0,
        }
    )
    monkeypatch.setitem(source.__dict__, "meta", source.meta.model_copy(update={"fetch": facts}))
    text = source.samples[0].read_bytes()

    def page(number: int, following: str | None) -> bytes:
        entry = {
            "document_number": f"2021-0312{number}",
            "publication_date": "2021-02-17",
            "title": "Bureau of Political-Military Affairs, Directorate of Defense Trade Controls: "
            "Notifications to the Congress of Proposed Commercial Export Licenses",
            "type": "Notice",
            "raw_text_url": f"{base}/text/{number}.txt",
        }
        return json.dumps(
            {"count": 2, "total_pages": 2, "next_page_url": following, "results": [entry]}
        ).encode()

    publisher.script["/list"] = [
        answer(200, page(1, f"{base}/list?page=2"), "application/json"),
        answer(200, page(2, None), "application/json"),
    ]
    publisher.script["/text/1.txt"] = [answer(200, text, "text/plain")]
    publisher.script["/text/2.txt"] = [answer(200, text + b"\n", "text/plain")]
    outcome = ingested("us_ddtc_notices", tmp_path, "live", publisher)
    assert outcome.failures == []
    assert outcome.archived == ["1.txt", "2.txt"]


def test_a_list_of_another_shape_fails_with_a_sentence(
    tmp_path: Path, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = publisher.url("")
    source = load_source("us_ddtc_notices")
    facts = source.meta.fetch.model_copy(
        update={"hosts": [publisher.host], "index": [f"{base}/list"], "reports": [], "delay_seconds": 0}
    )
    monkeypatch.setitem(source.__dict__, "meta", source.meta.model_copy(update={"fetch": facts}))
    publisher.script["/list"] = [answer(200, b'{"documents": []}', "application/json")]
    (sentence,) = ingested("us_ddtc_notices", tmp_path, "live", publisher).failures
    assert sentence.startswith(f"{base}/list: the list of reports is not as known")


# -- files that someone already has -------------------------------------------------------------------


def dropped(tmp_path: Path, name: str, content: bytes, age: int = 0) -> Path:
    path = tmp_path / "mirror" / "gb_ecju_licences" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (1_700_000_000 - age, 1_700_000_000 - age))
    return path


def ingest_dropped(tmp_path: Path) -> SourceOutcome:
    return ingested("gb_ecju_licences", tmp_path / "home", str(tmp_path / "mirror"))


def test_dropped_files_are_read_oldest_first_and_never_again(tmp_path: Path) -> None:
    dropped(tmp_path, "a_newer.csv", V2)
    dropped(tmp_path, "b_older.csv", V1, age=60)
    dropped(tmp_path, ".DS_Store", b"\0")
    assert ingest_dropped(tmp_path).archived == ["b_older.csv", "a_newer.csv"]
    again = ingest_dropped(tmp_path)
    assert (again.archived, again.unchanged, again.read) == ([], 2, [])


def test_a_copy_of_a_known_file_is_no_arrival(tmp_path: Path) -> None:
    dropped(tmp_path, "one.csv", V1)
    ingest_dropped(tmp_path)
    dropped(tmp_path, "copy.csv", V1, age=5)
    assert ingest_dropped(tmp_path).archived == []


def test_a_folder_among_the_files_is_said(tmp_path: Path) -> None:
    dropped(tmp_path, "one.csv", V1)
    (tmp_path / "mirror" / "gb_ecju_licences" / "2019").mkdir()
    outcome = ingest_dropped(tmp_path)
    assert outcome.archived == ["one.csv"]
    assert outcome.failures[0].endswith(
        "put reports directly into " + str(tmp_path / "mirror" / "gb_ecju_licences")
    )


def test_a_document_that_is_refused_is_kept_and_said(tmp_path: Path) -> None:
    dropped(tmp_path, "wrong.csv", b"licence;country\n1;Mexico\n")
    outcome = ingest_dropped(tmp_path)
    assert outcome.archived == ["wrong.csv"]
    assert outcome.failures[0].startswith("wrong.csv: refused: ")


def test_many_documents_are_parsed_by_a_pool_to_the_same_result(tmp_path: Path) -> None:
    for number in range(9):
        dropped(tmp_path, f"{number}.csv", uk(f"{number},2010-04-07,ML1,1,{number},Mexico,0"), age=number)
    outcome = ingest_dropped(tmp_path)
    assert (len(outcome.read), outcome.total("records"), outcome.failures) == (9, 9, [])


def test_a_defect_of_a_parser_refuses_one_document_with_a_sentence(tmp_path: Path) -> None:
    dropped(tmp_path, "one.csv", stub("divide"))
    run = run_of(tmp_path / "home", str(tmp_path / "mirror"))
    run.reader = Reader(Limits(), run.home.logs, loader=LOADER)
    (sentence,) = run.ingest("gb_ecju_licences").failures
    assert "the parser failed on this document (ZeroDivisionError: " in sentence
    run.close()
    log = (tmp_path / "home" / "logs" / "armswatch.log").read_text()
    assert "Traceback" in log, "the trace is kept for whoever mends the parser"


@pytest.mark.parametrize("is_still_there", [False, True])
def test_damaged_bytes_are_taken_anew_or_named_and_the_rest_is_read(
    tmp_path: Path, is_still_there: bool
) -> None:
    dropped(tmp_path, "one.csv", V1)
    dropped(tmp_path, "two.csv", V2, age=1)
    run = run_of(tmp_path / "home", str(tmp_path / "mirror"))
    run.ingest("gb_ecju_licences")
    run.close()
    path = run.archive.path_of(run.archive.entries[0].sha256)
    path.chmod(0o644)
    path.write_bytes(b"damaged")
    for folder in (run.home.parsed / "gb_ecju_licences").iterdir():
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
    if not is_still_there:
        (tmp_path / "mirror" / "gb_ecju_licences" / run.archive.entries[0].name).unlink()
    outcome = ingested("gb_ecju_licences", tmp_path / "home", str(tmp_path / "mirror"))
    if is_still_there:
        assert (len(outcome.read), outcome.failures) == (2, [])
        assert outcome.mended == [run.archive.entries[0].name]
        return
    assert len(outcome.read) == 1
    (sentence,) = outcome.failures
    assert sentence.startswith(str(path))
    assert "have changed on disk, and no report that was read tonight holds them; restore" in sentence


def test_reports_that_name_nothing_are_bad_usage_and_strangers_are_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="neither 'sample', 'live' nor a folder"):
        check_reports(str(tmp_path / "nowhere"))
    with pytest.raises(UsageError, match="holds no folder named after a source"):
        check_reports(str(tmp_path))
    (tmp_path / "gb_ecju_licences").mkdir()
    (tmp_path / "holiday_photos").mkdir()
    (sentence,) = check_reports(str(tmp_path))
    assert sentence.endswith("holiday_photos: no source has this name; nothing in it was read")


# -- lists that are hostile --------------------------------------------------------------------------


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch, publisher: Publisher, tmp_path: Path) -> Any:
    """Ingest a source whose list of reports is read by the given function, with a key."""

    def ingest(find_reports: Any, **fetch: Any) -> SourceOutcome:
        source = load_source("gb_ecju_licences")
        facts = Fetch(
            hosts=[publisher.host],
            accept=["application/json", "text/csv"],
            index=[publisher.url("/list")],
            delay_seconds=0,
            secrets={"key": "congress_api_key"},
            **fetch,
        )
        monkeypatch.setitem(source.__dict__, "meta", source.meta.model_copy(update={"fetch": facts}))
        monkeypatch.setattr(source, "find_reports", find_reports)
        publisher.script["/list"] = [answer(200, b"{}", "application/json")]
        publisher.script["/values.csv"] = [answer(200, V1, "text/csv")]
        return ingested("gb_ecju_licences", tmp_path, "live", publisher, congress_api_key="s3cret key")

    return ingest


def test_a_list_that_breaks_its_reader_fails_that_source_alone_with_a_sentence(listed: Any) -> None:
    def breaking(_index: object) -> object:
        raise AttributeError("'str' object has no attribute 'get'")

    (sentence,) = listed(breaking).failures
    assert sentence.endswith("/list: the list of reports could not be read (AttributeError)")


def test_a_key_that_an_answer_repeats_is_in_no_sentence(listed: Any) -> None:
    def repeating(_index: object) -> object:
        raise DocumentError("unknown answer: next=https://x/?key=s3cret+key, s3cret key")

    (sentence,) = listed(repeating).failures
    assert sentence.endswith("unknown answer: next=https://x/?key=(key), (key)")


def test_entries_without_a_web_address_are_said_and_the_others_are_fetched(
    listed: Any, publisher: Publisher
) -> None:
    good = ReportRef(url=publisher.url("/values.csv"), report_key="a")
    odd: list[Any] = [
        ReportRef(url="http://[x", report_key="b"),
        IndexRef(url="mailto:a@b.c"),
        IndexRef(url=7),
    ]  # type: ignore[arg-type]  # as an answer may have it
    outcome = listed(lambda _index: [good, *odd])
    assert outcome.archived == ["values.csv"]
    assert [s.partition(": ")[2] for s in outcome.failures] == [
        "names 3 reports or pages without a web address"
    ]


def test_pages_beyond_the_limit_are_said(listed: Any, publisher: Publisher) -> None:
    outcome = listed(lambda _index: [IndexRef(url=publisher.url("/list?page=2"))], max_index_pages=1)
    (sentence,) = outcome.failures
    assert sentence.endswith("/list?page=2: not read: source.yml allows 1 index pages")


def test_keys_go_to_the_host_of_the_list_and_a_report_that_never_changes_is_asked_once(
    listed: Any, publisher: Publisher
) -> None:
    report = ReportRef(url=publisher.url("/values.csv"), report_key="a")
    for _ in range(2):
        listed(lambda _index: [report], asked_once=True)
    asked = [path for path, _ in publisher.asked]
    assert [path.partition("?")[0] for path in asked] == ["/list", "/values.csv", "/list"]
    assert all("key=s3cret" in path for path in asked)

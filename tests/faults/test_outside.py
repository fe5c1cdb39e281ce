"""What fails outside: the mail server at each stage, the publisher for a week. Nothing lost, nothing told twice."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from flows.run import run_nightly
from flows.settings import load_settings
from parsers.facts import KnownReport
from parsers.registry import load_source, source_ids
from tests.faults.reports import drop, notice, uk_list
from tests.faults.rig import check_whole, documents, mail, parquet
from tests.faults.test_disk import spoil
from tests.flows.publisher import Publisher, answer
from tests.workshop import moment

ANNA = "anna@example.org"


def night(root: Path, port: int, day: int, **more: Any) -> Any:
    settings = {
        "home": root / "home", "reports": str(root / "m"), "now": moment(day), "smtp_host": "127.0.0.1",
        "smtp_port": port, "smtp_security": "none", "from_address": "armswatch@example.org",
        "recipients": [{"address": ANNA}], "smtp_timeout": 1.0, **more,
    }  # fmt: skip
    return run_nightly(load_settings(**settings), lambda _line: None)


def closed_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def silent() -> Iterator[int]:
    """A server that takes connections and never says a word."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


STAGES = ["refused connection", "silence", "454 at MAIL", "554 at MAIL", "450 at RCPT", "451 at DATA", "gone after DATA"]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
def test_a_mail_server_that_fails_at_any_stage_costs_no_alert(
    tmp_path: Path, mailbox: Any, silent: int, stage: str
) -> None:
    drop(tmp_path / "m", "us_ddtc_notices", "one.txt", notice(1), 1)
    port = {"refused connection": closed_port(), "silence": silent}.get(stage, mailbox.port)
    if stage.endswith("at MAIL"):
        mailbox.at_mail = [f"{stage[:3]} not now"] * 3
    if stage.endswith("at RCPT"):
        mailbox.at_rcpt = {ANNA: ["450 not now"]}
    if stage.endswith("DATA"):
        mailbox.at_data = {ANNA: ["drop" if "gone" in stage else "451 not now"]}
    first = night(tmp_path, port, 1)
    assert first.exit_code == 1
    (problem,) = first.problems
    assert problem.startswith(f"mail pending to {ANNA} <20260101-")
    assert mailbox.mails == []
    check_whole(tmp_path / "home")
    mailbox.at_mail = []
    drop(tmp_path / "m", "us_ddtc_notices", "two.txt", notice(2), 2)
    assert night(tmp_path, mailbox.port, 2).exit_code == 0
    assert night(tmp_path, mailbox.port, 3).exit_code == 0
    assert [name[:10] for name in mailbox.ids()] == ["<20260101-", "<20260102-"], (
        "the first as it was, the second once"
    )


@pytest.mark.slow
def test_a_recipient_that_is_refused_for_good_is_said_and_stays_on_record(
    tmp_path: Path, mailbox: Any
) -> None:
    drop(tmp_path / "m", "us_ddtc_notices", "one.txt", notice(1), 1)
    mailbox.at_rcpt = {ANNA: ["550 no such user"]}
    first = night(tmp_path, mailbox.port, 1)
    assert first.exit_code == 1
    assert "recipient refused: 550 no such user" in first.problems[0]
    assert night(tmp_path, mailbox.port, 2).exit_code == 0
    assert mailbox.mails == []


# -- the publisher -------------------------------------------------------------------------------------------


class Web:
    """A publisher of the UK list and of nothing else, on loopback."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server = Publisher()
        self.monkeypatch = monkeypatch
        self.serve(self.server.host)

    def serve(self, host: str) -> None:
        for source_id in source_ids():
            source = load_source(source_id)
            reports = (
                [KnownReport(url=f"http://{host}/v.csv", key="all")]
                if source_id == "gb_ecju_licences"
                else []
            )
            facts = source.meta.fetch.model_copy(
                update={"hosts": [host], "index": [], "months": None, "reports": reports, "delay_seconds": 0}
            )
            meta = source.meta.model_copy(update={"fetch": facts})
            self.monkeypatch.setitem(source.__dict__, "meta", meta)

    def night(self, root: Path, port: int, day: int) -> Any:
        return night(
            root, port, day, reports="live", max_fetch_attempts=1, max_fetch_seconds=2.0,
            allow_private_hosts=(self.server.host,),
        )  # fmt: skip


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    made = Web(monkeypatch)
    yield made
    made.server.close()


@pytest.mark.slow
@pytest.mark.parametrize("how", ["500", "refused connection", "no answer"])
def test_a_publisher_that_is_gone_for_a_week_is_mentioned_once_and_then_read(
    tmp_path: Path, web: Web, mailbox: Any, how: str
) -> None:
    web.server.script["/v.csv"] = [answer(200, uk_list(1), "text/csv")]
    assert web.night(tmp_path, mailbox.port, 1).exit_code == 0
    before, held = parquet(tmp_path / "home"), documents(tmp_path / "home")
    told = len(mailbox.mails)
    stop = threading.Event()
    web.server.script["/v.csv"] = [answer(500) if how == "500" else (lambda _request: stop.wait(4) and None)]
    if how == "refused connection":
        web.serve(f"127.0.0.1:{closed_port()}")
    for day in range(2, 9):
        away = web.night(tmp_path, mailbox.port, day)
        assert away.exit_code == 1
        assert (parquet(tmp_path / "home"), documents(tmp_path / "home")) == (before, held)
    assert len(mailbox.mails) == told + 1, "one mention in the week"
    stop.set()
    web.serve(web.server.host)
    web.server.script["/v.csv"] = [answer(200, uk_list(2), "text/csv")]
    assert web.night(tmp_path, mailbox.port, 9).exit_code == 0
    assert len(documents(tmp_path / "home")) == 2
    assert len(mailbox.mails) == told + 2
    assert len({mail(content)[0] for _, content in mailbox.mails}) == len(mailbox.mails)


@pytest.mark.slow
def test_bytes_without_a_line_in_the_ledger_have_not_arrived_and_are_asked_for_again(
    tmp_path: Path, web: Web, mailbox: Any
) -> None:
    """A run killed between the bytes and their line: "not modified" would lose the document for good."""
    page = answer(200, uk_list(1), "text/csv", ETag='"1"')

    def conditional(request: Any) -> None:
        if request.headers.get("If-None-Match"):
            request.send(304, b"")
        else:
            page(request)

    web.server.script["/v.csv"] = [conditional]
    web.night(tmp_path, mailbox.port, 1)
    ledger = tmp_path / "home" / "raw" / "ledger.jsonl"
    ledger.write_bytes(b"")
    web.night(tmp_path, mailbox.port, 2)
    assert [source_id for source_id, _ in documents(tmp_path / "home")] == ["gb_ecju_licences"]
    web.night(tmp_path, mailbox.port, 3)
    assert len(documents(tmp_path / "home")) == 1


@pytest.mark.slow
@pytest.mark.parametrize("now_served", ["the same", "another version", "nothing"])
def test_a_document_that_is_gone_from_the_disk_is_fetched_anew_from_its_publisher(
    tmp_path: Path, web: Web, mailbox: Any, now_served: str
) -> None:
    web.server.script["/v.csv"] = [answer(200, uk_list(1), "text/csv", ETag='"1"')]
    web.night(tmp_path, mailbox.port, 1)
    before = parquet(tmp_path / "home")
    ((_, sha256),) = documents(tmp_path / "home")
    spoil(tmp_path / "home" / "raw" / sha256[:2] / sha256, "cut short")
    match now_served:
        case "another version":
            web.server.script["/v.csv"] = [answer(200, uk_list(2), "text/csv")]
        case "nothing":
            web.server.script["/v.csv"] = [answer(404)]
    result = web.night(tmp_path, mailbox.port, 2)
    failures = [sentence for outcome in result.outcomes for sentence in outcome.failures]
    if now_served == "the same":
        assert (result.exit_code, failures) == (0, [])
        check_whole(tmp_path / "home")
        assert parquet(tmp_path / "home") == before
    else:
        assert result.exit_code == 1
        why = {"another version": "now serves other bytes", "nothing": "could not give them"}[now_served]
        assert any(why in sentence and "from a backup" in sentence for sentence in failures), failures

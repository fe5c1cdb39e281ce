"""The outbox: who is told what, once; what a kill at any moment leaves behind."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
from nights import NOW, Reader, connect, flag, night, now, plain

from flows.alerts.mail import FolderTransport
from flows.alerts.news import FailedCheck, FailedSource, LateReport, RevisionView
from flows.alerts.outbox import Outbox, OutboxBusyError, Outcome

ANNA = Reader("anna@example.org")
BRUNO = Reader("bruno@example.org", min_severity="high")


class Scripted:
    """A transport that answers from a list, then accepts."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.sent: list[tuple[str, str, bytes]] = []
        self.closed = 0

    def send(self, content: bytes, message_id: str, recipient: str) -> Outcome:
        self.sent.append((message_id, recipient, content))
        return self.outcomes.pop(0) if self.outcomes else Outcome("accepted")

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    connection = connect(tmp_path / "state.sqlite")
    yield Outbox(connection, domain="example.org")
    connection.close()


def texts(outbox: Outbox) -> list[str]:
    stored = (outbox.message(mail.message_id) for mail in outbox.mails())
    return [str(message.get_content()).replace("\r\n", "\n") for message in stored]


def test_a_flag_is_queued_once_for_each_recipient(outbox: Outbox) -> None:
    first = outbox.queue(night(flag(1), flag(2)), ANNA, plain, NOW)
    assert first is not None
    assert outbox.queue(night(flag(1), flag(2)), ANNA, plain, NOW) is None
    assert outbox.queue(night(flag(1), flag(2)), BRUNO, plain, NOW) not in {None, first}
    assert outbox.queue(night(flag(1), flag(2), flag(3)), ANNA, plain, NOW) is not None
    assert texts(outbox) == ["flag:f1\nflag:f2\n", "flag:f1\nflag:f2\n", "flag:f3\n"]


def test_the_message_id_depends_on_the_news_and_the_recipient_only(outbox: Outbox, tmp_path: Path) -> None:
    other = Outbox(sqlite3.connect(":memory:"), domain="example.org")
    one = outbox.queue(night(flag(1), flag(2)), ANNA, plain, NOW)
    two = other.queue(night(flag(2), flag(1)), ANNA, plain, NOW + timedelta(hours=3))
    assert one == two
    assert str(one).startswith("<20261124-")
    assert str(one).endswith("@example.org>")


def test_less_severe_flags_and_unwanted_topics_are_passed_over_for_good(outbox: Outbox) -> None:
    news = night(flag(1, "low"), flag(2, "high"), late_reports=(late(),))
    only_flags = Reader("bruno@example.org", min_severity="high", topics=("flags",))
    outbox.queue(news, only_flags, plain, NOW)
    assert texts(outbox) == ["flag:f2\n"]
    assert outbox.queue(news, Reader("bruno@example.org"), plain, NOW) is None


def test_what_is_only_to_review_is_mailed_to_those_who_ask_for_it(outbox: Outbox) -> None:
    news = night(flag(1, "review"))
    assert outbox.queue(news, ANNA, plain, NOW) is None
    assert outbox.queue(news, Reader("rita@example.org", min_severity="review"), plain, NOW)


def late(period: str = "2025") -> LateReport:
    return LateReport(
        source_id="us_655", source_title="655", period=period, due_on=date(2026, 6, 1), late_days=176
    )


def test_every_kind_of_news_is_told_once(outbox: Outbox) -> None:
    revision = RevisionView(
        source_id="nl", source_title="NL", publisher="BZ", report_id="nl/2024", transfer_id="t", change="changed",
        new_document_sha256="ab", field="value",
    )  # fmt: skip
    failed = FailedSource(
        source_id="gb", source_title="GB", sentence="answered 500", since=date(2026, 11, 24)
    )
    check = FailedCheck(
        check_id="min_rows", subject="gb", message="0 rows", is_fatal=True, since=date(2026, 11, 24)
    )
    news = night(
        revisions=(revision,), late_reports=(late(),), failed_sources=(failed,), failed_checks=(check,)
    )
    assert outbox.queue(news, ANNA, plain, NOW)
    assert outbox.queue(news, ANNA, plain, NOW) is None
    assert texts(outbox) == [
        "revision:nl/2024:t:ab:value\nlate:us_655:2025\nsource:gb:2026-11-24\ncheck:min_rows:gb:2026-11-24\n"
    ]
    flags_only = Reader("carla@example.org", topics=("flags",))
    assert outbox.queue(news, flags_only, plain, NOW) is None


def test_the_first_load_of_a_source_is_one_mail_and_later_flags_are_news(outbox: Outbox) -> None:
    many = [flag(n) for n in range(1000)]
    outbox.queue(night(*many, loaded_sources=("us_notices",)), ANNA, plain, NOW)
    assert outbox.queue(night(*many, loaded_sources=("us_notices",)), ANNA, plain, NOW) is None
    outbox.queue(night(*many, flag(1000), loaded_sources=("us_notices",)), ANNA, plain, NOW)
    assert len(outbox.mails()) == 2
    assert "us_notices" in texts(outbox)[0]
    assert texts(outbox)[1] == "flag:f1000\n"


def test_a_recipient_who_joins_later_gets_a_first_load_too(outbox: Outbox) -> None:
    outbox.queue(night(flag(1), loaded_sources=("us_notices",)), ANNA, plain, NOW)
    outbox.queue(night(flag(1), loaded_sources=("us_notices",)), BRUNO, plain, NOW)
    assert texts(outbox)[1] == "flag:f1\nus_notices\n"


def test_a_recipient_without_the_topic_flags_gets_no_first_load(outbox: Outbox) -> None:
    reader = Reader("carla@example.org", topics=("failures",))
    assert outbox.queue(night(flag(1), loaded_sources=("us_notices",)), reader, plain, NOW) is None


def test_nothing_new_is_mailed_only_when_asked_for_and_once_a_day(outbox: Outbox) -> None:
    assert outbox.queue(night(), ANNA, plain, NOW) is None
    assert outbox.queue(night(), ANNA, plain, NOW, when_empty=True)
    assert outbox.queue(night(), ANNA, plain, NOW, when_empty=True) is None
    assert texts(outbox) == ["\n"]


def test_a_rendering_that_fails_queues_nothing(outbox: Outbox) -> None:
    def broken(*_: Any) -> EmailMessage:
        raise RuntimeError("template")

    with pytest.raises(RuntimeError):
        outbox.queue(night(flag(1)), ANNA, broken, NOW)
    assert outbox.mails() == []
    assert outbox.queue(night(flag(1)), ANNA, plain, NOW)


def test_a_preview_is_the_very_mail_and_writes_nothing(outbox: Outbox) -> None:
    shown = outbox.preview(night(flag(1)), ANNA, plain)
    assert outbox.mails() == []
    message_id = outbox.queue(night(flag(1)), ANNA, plain, NOW)
    assert shown["Message-ID"] == message_id
    assert shown.as_bytes(policy=SMTP) == outbox.message(str(message_id)).as_bytes(policy=SMTP)
    with pytest.raises(KeyError):
        outbox.message("<unknown@example.org>")


def test_sent_only_after_acceptance_and_resent_byte_for_byte(outbox: Outbox) -> None:
    outbox.queue(night(flag(1)), ANNA, plain, NOW)
    transport = Scripted(Outcome("later", "451 greylisted"))
    assert [(r.status, r.reason) for r in outbox.deliver(transport, now)] == [("pending", "451 greylisted")]
    assert [(m.status, m.attempts, m.reason) for m in outbox.pending()] == [("pending", 1, "451 greylisted")]
    assert [r.status for r in outbox.deliver(transport, now)] == ["sent"]
    assert outbox.deliver(transport, now) == []
    assert transport.sent[0] == transport.sent[1]
    assert transport.closed == 3
    assert [(m.status, m.attempts, m.reason) for m in outbox.mails()] == [("sent", 2, None)]


def test_a_refusal_is_final_until_the_operator_tries_again(outbox: Outbox) -> None:
    for reader in (ANNA, BRUNO):
        outbox.queue(night(flag(1)), reader, plain, NOW)
    results = outbox.deliver(Scripted(Outcome("refused", "550 no such user")), now)
    assert [(r.recipient, r.status) for r in results] == [
        ("anna@example.org", "failed"),
        ("bruno@example.org", "sent"),
    ]
    assert outbox.pending() == []
    assert [m.reason for m in outbox.mails("failed")] == ["550 no such user"]
    assert outbox.retry_failed(NOW) == 1
    assert [r.status for r in outbox.deliver(Scripted(), now)] == ["sent"]


def test_a_server_that_cannot_be_used_keeps_all_mails_and_is_asked_once(outbox: Outbox) -> None:
    for reader in (ANNA, BRUNO):
        outbox.queue(night(flag(1)), reader, plain, NOW)
    transport = Scripted(Outcome("later", "no connection", stop=True))
    assert [(r.status, r.reason) for r in outbox.deliver(transport, now)] == [
        ("pending", "no connection")
    ] * 2
    assert len(transport.sent) == 1
    assert [m.attempts for m in outbox.pending()] == [1, 0]


def test_two_processes_never_deliver_at_the_same_time(outbox: Outbox, tmp_path: Path) -> None:
    outbox.queue(night(flag(1)), ANNA, plain, NOW)
    second = Outbox(connect(tmp_path / "state.sqlite"), domain="example.org")

    class Meanwhile(Scripted):
        def send(self, content: bytes, message_id: str, recipient: str) -> Outcome:
            with pytest.raises(OutboxBusyError):
                second.deliver(Scripted(), now)
            return super().send(content, message_id, recipient)

    assert [r.status for r in outbox.deliver(Meanwhile(), now)] == ["sent"]
    assert second.deliver(Scripted(), now) == []


def test_an_outbox_in_memory_delivers_too() -> None:
    outbox = Outbox(sqlite3.connect(":memory:"))
    outbox.queue(night(flag(1)), ANNA, plain, NOW)
    assert [r.status for r in outbox.deliver(Scripted(), now)] == ["sent"]


def test_an_operator_notice_is_queued_once(outbox: Outbox) -> None:
    def notice() -> EmailMessage:
        return plain(night(), Reader("op@example.org"), "<draft@example.org>")

    first = outbox.queue_notice("run:r1", "op@example.org", notice(), NOW)
    assert first
    assert outbox.queue_notice("run:r1", "op@example.org", notice(), NOW) is None
    assert outbox.message(first)["Message-ID"] == first


def test_the_folder_holds_private_files_named_by_message_id(outbox: Outbox, tmp_path: Path) -> None:
    message_id = str(outbox.queue(night(flag(1)), ANNA, plain, NOW))
    folder = tmp_path / "home" / "outbox"
    assert [r.status for r in outbox.deliver(FolderTransport(folder), now)] == ["sent"]
    (file,) = folder.iterdir()
    assert file.name == f"{message_id.strip('<>')}.eml"
    assert (file.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
    assert message_from_bytes(file.read_bytes(), policy=SMTP)["To"] == "anna@example.org"


def test_a_folder_that_cannot_be_written_keeps_the_mail(outbox: Outbox, tmp_path: Path) -> None:
    outbox.queue(night(flag(1)), ANNA, plain, NOW)
    (tmp_path / "outbox").write_text("a file stands here")
    results = outbox.deliver(FolderTransport(tmp_path / "outbox"), now)
    assert [r.status for r in results] == ["pending"]
    assert str(results[0].reason).startswith("outbox folder: ")


# -- kills: a night's queueing and delivery runs as a process of its own and is killed at a random moment


class Nights:
    """Runs ``nights.py`` against a port or folder and kills it after a random share of a usual night."""

    def __init__(self, state: Path, target: str, recipients: int, seed: int) -> None:
        self.state, self.target, self.recipients = state, target, recipients
        self.random = random.Random(seed)
        self.kills = self.finished = 0
        self.flags = 0
        self.usual = 0.05

    def run(self, *, kill: bool) -> None:
        self.flags += kill
        script = str(Path(__file__).with_name("nights.py"))
        arguments = [str(self.state), self.target, str(self.flags), str(self.recipients)]
        with subprocess.Popen([sys.executable, script, *arguments], stdout=subprocess.PIPE) as child:
            assert child.stdout
            assert child.stdout.readline() == b"ready\n"
            began = time.monotonic()
            if kill:
                time.sleep(self.random.uniform(0, self.usual))
                child.kill()
            rest = child.stdout.read()
            if rest == b"done\n":
                self.finished += 1
                self.usual = max(0.02, time.monotonic() - began)
            elif kill:
                self.kills += 1
            else:
                raise AssertionError(f"the undisturbed run failed: {rest!r}")

    def until_killed(self, times: int) -> None:
        self.run(kill=False)
        while self.kills < times:
            self.run(kill=True)
        self.run(kill=False)

    def mails(self) -> dict[str, str]:
        connection = connect(self.state)
        try:
            found = connection.execute("SELECT message_id, status FROM outbox_mails").fetchall()
        finally:
            connection.close()
        return dict(found)


def check_kills(nights: Nights, received: list[tuple[str, bytes]], what: str) -> str:
    """Nothing is lost or told twice; answers the figures."""
    parsed = [(recipient, message_from_bytes(content, policy=SMTP)) for recipient, content in received]
    copies = Counter(str(message["Message-ID"]) for _, message in parsed)
    told = Counter(
        (recipient, line)
        for recipient, message in {str(m["Message-ID"]): (r, m) for r, m in parsed}.values()
        for line in message.get_content().split()
    )
    expected = {
        (f"r{r}@example.org", f"flag:f{f}") for r in range(nights.recipients) for f in range(nights.flags)
    }
    lost, twice = expected - set(told), [key for key, count in told.items() if count > 1]
    second_copies = sum(copies.values()) - len(copies)
    figures = (
        f"{what}: {nights.kills} kills, {nights.finished} nights that finished before the kill; {len(expected)} alerts in"
        f" {len(copies)} mails; lost {len(lost)}, alerts under two Message-IDs {len(twice)},"
        f" second copies with the same Message-ID {second_copies}"
    )
    assert (lost, twice) == (set(), [])
    assert set(told) == expected
    assert nights.mails() == dict.fromkeys(copies, "sent")
    assert len({(str(m["Message-ID"]), m.as_bytes()) for _, m in parsed}) == len(copies)
    return figures


@pytest.mark.parametrize("kills", [12, pytest.param(200, marks=pytest.mark.slow)])
def test_no_alert_is_lost_or_told_twice_over_kills_with_smtp(
    kills: int, mailbox: Any, tmp_path: Path, figures: Callable[[str], None]
) -> None:
    nights = Nights(tmp_path / "state.sqlite", str(mailbox.port), recipients=3, seed=kills)
    nights.until_killed(kills)
    figures(check_kills(nights, mailbox.mails, "SMTP"))


@pytest.mark.parametrize("kills", [6, pytest.param(200, marks=pytest.mark.slow)])
def test_no_alert_is_lost_or_told_twice_over_kills_with_a_folder(
    kills: int, tmp_path: Path, figures: Callable[[str], None]
) -> None:
    folder = tmp_path / "outbox"
    nights = Nights(tmp_path / "state.sqlite", str(folder), recipients=3, seed=kills)
    nights.until_killed(kills)
    received = [
        (message_from_bytes(p.read_bytes(), policy=SMTP)["To"], p.read_bytes())
        for p in sorted(folder.glob("*.eml"))
    ]
    figures(check_kills(nights, received, "folder"))
    assert len(received) == len({content for _, content in received})

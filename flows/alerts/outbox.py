"""The outbox: every alert is mailed once to every recipient, whatever dies in between.

How it holds:

* Queueing is one transaction: it takes the news that this recipient has not been told, renders one mail,
  stores its bytes and binds each piece of news to it, keyed by (key, recipient). A run that is killed before
  the commit has queued nothing and queues the same next time; after the commit the mail is kept until sent.
* The Message-ID is a hash of the recipient and of the news in the mail, so the same news always has the same
  Message-ID, and a resend is the stored mail, byte for byte.
* A mail is marked sent only after the server has accepted it, in a commit of its own, at once.
* One process delivers at a time (a lock on a file beside the state, which the kernel drops with the process).

What no client can do over SMTP: if the process or the line dies between the server's acceptance and our
commit, nobody can know whether the mail was taken (RFC 1047). The mail is then sent again with the same
Message-ID; servers and mail programs that compare Message-IDs show it once. So: never lost, exactly once by
Message-ID; a second copy with the same Message-ID may arrive after a kill in that moment. Into a folder it is
exactly once without that remark, since the Message-ID is the file's name.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING, Protocol

from flows.alerts.news import DigestData, FlagView, Item, RevisionView, severity_rank

if TYPE_CHECKING:
    from flows.settings import Recipient

_SCHEMA = """
CREATE TABLE IF NOT EXISTS outbox_mails (
    message_id TEXT PRIMARY KEY,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'sending', 'sent', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    queued_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    content BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS outbox (
    key TEXT NOT NULL,
    recipient TEXT NOT NULL,
    message_id TEXT REFERENCES outbox_mails,
    PRIMARY KEY (key, recipient)
) STRICT;
CREATE TABLE IF NOT EXISTS outbox_sources (
    recipient TEXT NOT NULL,
    source_id TEXT NOT NULL,
    told_at TEXT NOT NULL,
    PRIMARY KEY (recipient, source_id)
) STRICT;
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt went: ``accepted`` (the server has it), ``later`` (next run) or ``refused`` for good.

    ``stop`` says that the server as a whole cannot be used now, so no further mail is tried in this run.
    """

    status: str
    reason: str | None = None
    stop: bool = False


class Transport(Protocol):
    """Takes a whole mail to one recipient; never raises for what a server does."""

    def send(self, content: bytes, message_id: str, recipient: str) -> Outcome:
        """Hand over one mail and say how it went."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...


@dataclass(frozen=True, slots=True)
class QueuedMail:
    """One mail of the outbox and where it stands."""

    message_id: str
    recipient: str
    subject: str
    status: str
    attempts: int
    reason: str | None
    queued_at: str
    changed_at: str


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """What one delivery did with one mail."""

    message_id: str
    recipient: str
    status: str
    reason: str | None


class OutboxBusyError(Exception):
    """Another process is delivering at this moment; it will send what is queued."""


Render = Callable[[DigestData, "Recipient", str], EmailMessage]
_ALL = ("pending", "sending", "sent", "failed")


class Outbox:
    """The outbox on ``state.sqlite``. Uses, and commits on, the connection that the caller gives."""

    def __init__(self, connection: sqlite3.Connection, *, domain: str = "armswatch.invalid") -> None:
        """``domain`` is the right side of Message-IDs: that of the sender's address."""
        self._connection = connection
        self._domain = domain
        connection.executescript(_SCHEMA)

    # -- queueing

    def queue(
        self,
        data: DigestData,
        recipient: Recipient,
        render: Render,
        now: datetime,
        *,
        when_empty: bool = False,
    ) -> str | None:
        """Queue one digest with what this recipient has not been told yet; its Message-ID, or None.

        News below the recipient's severity or outside their topics are noted as passed over, so that a later
        change of settings does not mail the past. ``when_empty`` asks for a digest that says 'nothing new'.
        """
        address = recipient.address
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            fresh, shown = self._news_for(data, recipient)
            message_id: str | None = None
            if shown.items() or shown.first_load or when_empty:
                message_id = self._message_id(shown, address)
                if self._known(message_id):  # the 'nothing new' digest of a run that was started again
                    message_id = None
                else:
                    self._store(message_id, address, render(shown, recipient, message_id), now)
            told = {item.key for item in shown.items()}
            self._connection.executemany(
                "INSERT INTO outbox VALUES (?, ?, ?)",
                [(item.key, address, message_id if item.key in told else None) for item in fresh],
            )
            self._connection.executemany(
                "INSERT OR IGNORE INTO outbox_sources VALUES (?, ?, ?)",
                [(address, source_id, now.isoformat()) for source_id in data.loaded_sources],
            )
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.commit()
        return message_id

    def preview(self, data: DigestData, recipient: Recipient, render: Render) -> EmailMessage:
        """The very mail that ``queue`` would store now; nothing is written."""
        _, shown = self._news_for(data, recipient)
        return render(shown, recipient, self._message_id(shown, recipient.address))

    def queue_notice(self, key: str, address: str, message: EmailMessage, now: datetime) -> str | None:
        """Queue a single mail, such as an operator's alert, once for each (key, address)."""
        message_id = message_id_of(self._domain, now.strftime("%Y%m%d"), [address, key])
        with self._connection:
            bound = self._connection.execute(
                "INSERT OR IGNORE INTO outbox VALUES (?, ?, NULL)", (key, address)
            ).rowcount
            if not bound:
                return None
            del message["Message-ID"]
            message["Message-ID"] = message_id
            self._store(message_id, address, message, now)
            self._connection.execute(
                "UPDATE outbox SET message_id = ? WHERE key = ? AND recipient = ?", (message_id, key, address)
            )
        return message_id

    def _news_for(self, data: DigestData, recipient: Recipient) -> tuple[list[Item], DigestData]:
        """The news not yet bound to this recipient, and the digest of those that are for them."""
        address = recipient.address
        bound = {
            key
            for (key,) in self._connection.execute("SELECT key FROM outbox WHERE recipient = ?", (address,))
        }
        met = {
            source_id
            for (source_id,) in self._connection.execute(
                "SELECT source_id FROM outbox_sources WHERE recipient = ?", (address,)
            )
        }
        fresh = list({item.key: item for item in data.items() if item.key not in bound}.values())
        shown = data.only(item.key for item in fresh if _wanted(item, recipient))
        first_load = tuple(source_id for source_id in data.loaded_sources if source_id not in met)
        return fresh, replace(shown, first_load=first_load if "flags" in recipient.topics else ())

    def _message_id(self, shown: DigestData, address: str) -> str:
        keys = sorted(item.key for item in shown.items())
        run = [] if keys or shown.first_load else [shown.run_date.isoformat()]
        return message_id_of(
            self._domain, shown.run_date.strftime("%Y%m%d"), [address, *run, *shown.first_load, *keys]
        )

    def _known(self, message_id: str) -> bool:
        found = self._connection.execute("SELECT 1 FROM outbox_mails WHERE message_id = ?", (message_id,))
        return found.fetchone() is not None

    def _store(self, message_id: str, address: str, message: EmailMessage, now: datetime) -> None:
        at = now.isoformat()
        content = message.as_bytes(policy=SMTP)
        self._connection.execute(
            "INSERT INTO outbox_mails VALUES (?, ?, ?, 'pending', 0, NULL, ?, ?, ?)",
            (message_id, address, str(message["Subject"]), at, at, content),
        )

    # -- delivery

    def deliver(self, transport: Transport, now: Callable[[], datetime]) -> list[DeliveryResult]:
        """Hand every waiting mail to the transport, oldest first, and note what became of each.

        Raises OutboxBusyError when another process is delivering.
        """
        results = []
        with self._only_one():
            waiting = [mail.message_id for mail in self.mails("pending", "sending")]
            stopped: str | None = None
            try:
                for message_id in waiting:
                    if stopped is None:
                        result, stopped = self._deliver_one(transport, message_id, now)
                    else:
                        result = self._note(message_id, "pending", stopped, now)
                    results.append(result)
            finally:
                transport.close()
        return results

    def _deliver_one(
        self, transport: Transport, message_id: str, now: Callable[[], datetime]
    ) -> tuple[DeliveryResult, str | None]:
        with self._connection:
            self._connection.execute(
                "UPDATE outbox_mails SET status = 'sending', attempts = attempts + 1 WHERE message_id = ?",
                (message_id,),
            )
        content, recipient = self._connection.execute(
            "SELECT content, recipient FROM outbox_mails WHERE message_id = ?", (message_id,)
        ).fetchone()
        outcome = transport.send(content, message_id, recipient)
        status = {"accepted": "sent", "later": "pending", "refused": "failed"}[outcome.status]
        return self._note(message_id, status, outcome.reason, now), outcome.reason if outcome.stop else None

    def _note(
        self, message_id: str, status: str, reason: str | None, now: Callable[[], datetime]
    ) -> DeliveryResult:
        with self._connection:
            self._connection.execute(
                "UPDATE outbox_mails SET status = ?, reason = ?, changed_at = ? WHERE message_id = ?",
                (status, reason, now().isoformat(), message_id),
            )
        (recipient,) = self._connection.execute(
            "SELECT recipient FROM outbox_mails WHERE message_id = ?", (message_id,)
        ).fetchone()
        return DeliveryResult(message_id, recipient, status, reason)

    @contextmanager
    def _only_one(self) -> Iterator[None]:
        path = next(
            (file for _, name, file in self._connection.execute("PRAGMA database_list") if name == "main"), ""
        )
        if not path:  # in memory: no other process can see it
            yield
            return
        handle = os.open(f"{path}.delivery", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise OutboxBusyError("another process is delivering the outbox at this moment") from None
            yield
        finally:
            os.close(handle)

    # -- looking

    def mails(self, *statuses: str) -> list[QueuedMail]:
        """The mails of these statuses (all when none is named), oldest first."""
        rows = self._connection.execute(
            "SELECT message_id, recipient, subject, status, attempts, reason, queued_at, changed_at"
            " FROM outbox_mails WHERE status IN (SELECT value FROM json_each(?)) ORDER BY queued_at, rowid",
            (json.dumps(statuses or _ALL),),
        )
        return [QueuedMail(*row) for row in rows]

    def pending(self) -> list[QueuedMail]:
        """What has not been accepted yet and will be tried in the next run, with the reason."""
        return self.mails("pending", "sending")

    def message(self, message_id: str) -> EmailMessage:
        """A stored mail. Raises KeyError for an unknown Message-ID."""
        row = self._connection.execute(
            "SELECT content FROM outbox_mails WHERE message_id = ?", (message_id,)
        ).fetchone()
        if row is None:
            raise KeyError(message_id)
        parsed = message_from_bytes(row[0], policy=SMTP)
        if not isinstance(parsed, EmailMessage):
            raise TypeError("the policy gave another class")
        return parsed

    def retry_failed(self, now: datetime) -> int:
        """Put mails that were refused for good back in the queue, once their cause is mended; how many."""
        with self._connection:
            return self._connection.execute(
                "UPDATE outbox_mails SET status = 'pending', changed_at = ? WHERE status = 'failed'",
                (now.isoformat(),),
            ).rowcount


def message_id_of(domain: str, day: str, parts: Iterable[str]) -> str:
    """``<day-hash@domain>``: the same parts give the same Message-ID, also as a file name."""
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
    return f"<{day}-{digest}@{domain}>"


def _wanted(item: Item, recipient: Recipient) -> bool:
    """Whether a piece of news is for this recipient, by severity and topic."""
    if isinstance(item, FlagView):
        is_severe = severity_rank(item.severity) <= severity_rank(recipient.min_severity)
        return "flags" in recipient.topics and is_severe
    if isinstance(item, RevisionView):
        return "revisions" in recipient.topics
    if item.key.startswith("late:"):
        return "late_reports" in recipient.topics
    return "failures" in recipient.topics

"""News for tests, a plain rendering of it, and a night's delivery that a test can kill: run as a script."""

from __future__ import annotations

import sqlite3
import sys
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from flows.alerts.mail import FolderTransport, SmtpAccess, SmtpTransport
from flows.alerts.news import DigestData, FlagView
from flows.alerts.outbox import Outbox, Transport

NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


class Reader:
    """What the outbox reads of a recipient."""

    def __init__(self, address: str, min_severity: str = "low", topics: tuple[str, ...] = ()) -> None:
        self.address = address
        self.min_severity = min_severity
        self.language = "en"
        self.topics = topics or ("flags", "revisions", "late_reports", "failures")


def now() -> datetime:
    return NOW


def flag(number: int, severity: str = "high", **more: Any) -> FlagView:
    """A small flag."""
    return FlagView(
        flag_id=f"f{number}",
        rule_id="unit_named",
        rule_title="A Mexican security unit is named",
        severity=severity,
        reason="named",
        transfer_id=f"t{number}",
        **{
            "source_id": "us_notices",
            "source_title": "Notices",
            "publisher": "DDTC",
            "stage": "notified",
            **more,
        },
    )


def night(*flags: FlagView, **more: Any) -> DigestData:
    return DigestData(run_id="r1", run_date=date(2026, 11, 24), flags=flags, **more)


def plain(data: DigestData, recipient: Any, message_id: str) -> EmailMessage:
    """A mail whose text lists the keys of its news."""
    message = EmailMessage()
    message["From"] = "armswatch@example.org"
    message["To"] = recipient.address
    message["Subject"] = f"{len(data.items())} news"
    message["Message-ID"] = message_id
    message.set_content("\n".join([*(item.key for item in data.items()), *data.first_load]) + "\n")
    return message


def connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def main() -> None:
    """``nights.py STATE TARGET FLAGS RECIPIENTS``: queue flags 0..FLAGS for all, deliver to a port or folder."""
    state, target, flags, recipients = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    print("ready", flush=True)
    outbox = Outbox(connect(state), domain="example.org")
    data = night(*(flag(n) for n in range(flags)))
    for number in range(recipients):
        outbox.queue(data, Reader(f"r{number}@example.org"), plain, NOW)
    transport: Transport = FolderTransport(Path(target))
    if target.isdigit():
        access = SmtpAccess("127.0.0.1", "armswatch@example.org", int(target), "none", timeout=10)
        transport = SmtpTransport(access)
    outbox.deliver(transport, now)
    print("done", flush=True)


if __name__ == "__main__":
    main()

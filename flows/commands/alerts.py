"""``armswatch alerts preview | send | status``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from flows.alerting import outbox_of
from flows.commands.printing import print_table
from flows.ingest import UsageError

if TYPE_CHECKING:
    from email.message import EmailMessage

    from flows.run import Run


def alerts(arguments: argparse.Namespace) -> int:
    """Show the mail that is next, send what waits, or say what waits and why."""
    from flows.lock import run_lock
    from flows.run import Run
    from flows.settings import load_settings

    settings = load_settings(home=Path(arguments.home) if arguments.home else None)
    run = Run(settings, print)
    try:
        if arguments.action == "status":
            return _status(run)
        with run_lock(settings.home, settings.clock()()):
            return _preview(run, arguments.out) if arguments.action == "preview" else _send(run)
    finally:
        run.close()


def _status(run: Run) -> int:
    mails = outbox_of(run).mails()
    rows = [
        (m.status, m.recipient, m.subject, m.attempts, m.reason, m.changed_at, m.message_id) for m in mails
    ]
    print_table(
        ["status", "recipient", "subject", "attempts", "reason", "changed_at", "message_id"],
        rows,
        as_json=False,
    )
    return 0


def _send(run: Run) -> int:
    from flows.alerting import deliver

    deliver(run, outbox_of(run))
    for line in (*run.night.mails, *run.night.problems):
        print(line)
    return 1 if run.night.problems else 0


def _preview(run: Run, out: str | None) -> int:
    """The mail that waits, else the last one sent, else the one that the first recipient would get now."""
    from flows.alerting import collect, recipients_of, renderer

    outbox = outbox_of(run)
    mails = outbox.mails()
    waiting = [mail for mail in mails if mail.status != "sent"] or mails[-1:]
    if waiting:
        message = outbox.message(waiting[-1].message_id)
    else:
        message = outbox.preview(collect(run), recipients_of(run.settings)[0], renderer(run.settings))
    if out is None:
        body = message.get_body(("plain",))
        print(f"Subject: {message['Subject']}\n\n{body.get_content() if body else ''}")
        return 0
    path = Path(out)
    part = {".html": "html", ".txt": "plain"}.get(path.suffix)
    if part is None and path.suffix != ".eml":
        raise UsageError(f"--out {out}: name a file that ends in .html, .txt or .eml")
    path.write_bytes(message.as_bytes() if part is None else _body(message, part))
    print(f"{path}: {message['Subject']}", file=sys.stderr)
    return 0


def _body(message: EmailMessage, kind: str) -> bytes:
    """The HTML or text of a mail; inline pictures are put into the HTML so that it opens anywhere."""
    import base64

    part = message.get_body((kind,))
    text = str(part.get_content()) if part else ""
    for inline in message.walk():
        if inline.get_content_type() == "image/png" and (cid := inline["Content-ID"]):
            content = inline.get_payload(decode=True)
            encoded = base64.b64encode(content if isinstance(content, bytes) else b"").decode()
            text = text.replace(f"cid:{cid.strip('<>')}", f"data:image/png;base64,{encoded}")
    return text.encode()

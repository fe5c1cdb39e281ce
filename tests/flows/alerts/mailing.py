"""Digests rendered for a reader, and what stands in them."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

from examples import FINDINGS
from nights import night

from flows.alerts import digest as digest_module
from flows.alerts.digest import Digest
from flows.alerts.news import DigestData, FindingView, FlagView
from flows.settings import Recipient

ALERTS = Path(digest_module.__file__).parent
DIGEST = Digest("armswatch@example.org", operator_address="desk@example.org")


def reader(language: str = "en") -> Recipient:
    return Recipient(address="anna@example.org", language=language)  # type: ignore[arg-type] # from a parameter


def mail(data: DigestData, language: str = "en", digest: Digest = DIGEST) -> EmailMessage:
    ordered = data.only(item.key for item in data.items())
    rendered = digest(ordered, reader(language), "<20261124-ab@example.org>")
    parsed = message_from_bytes(rendered.as_bytes(policy=SMTP), policy=SMTP)
    assert isinstance(parsed, EmailMessage)
    return parsed


def text(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def source(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def words(markup: str) -> str:
    """What a reader of the HTML sees."""
    body = markup.partition("<body")[2]
    return " ".join(
        html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"<br>|</t[dr]>|</h\d>|</p>", " ", body))).split()
    )


def one(flag: FlagView, **more: Any) -> DigestData:
    return night(flag, **more)


def finding(**more: Any) -> FindingView:
    return replace(FINDINGS[0], **more)

"""A real SMTP server on loopback that keeps what it accepts and can be told to misbehave."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

Trouble = Callable[["Mailbox", Any, str, str], Any]


class Mailbox:
    """Accepted mails in ``mails`` as (recipient, bytes). ``at_rcpt`` and ``at_data`` answer per recipient."""

    def __init__(self, **smtp: Any) -> None:
        self.mails: list[tuple[str, bytes]] = []
        self.at_rcpt: dict[str, list[str]] = {}
        self.at_data: dict[str, list[str]] = {}
        self.at_mail: list[str] = []
        self.connections = 0
        self.users: list[str] = []
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **smtp)
        self._controller.start()

    def close(self) -> None:
        self._controller.stop()

    async def handle_EHLO(  # noqa: N802 - a hook of aiosmtpd, as are the next
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.at_mail:
            return self.at_mail.pop(0)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        answer = _next(self.at_rcpt, address)
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        (recipient,) = envelope.rcpt_tos
        answer = _next(self.at_data, recipient)
        if answer in {None, "keep and drop", "keep and hang"}:
            self.mails.append((recipient, envelope.content))
        if answer in {"drop", "keep and drop"}:
            server.transport.abort()
            return "250 never sent"
        if answer in {"hang", "keep and hang"}:
            await asyncio.sleep(30)
        return answer or "250 OK"

    def ids(self) -> list[str]:
        """The Message-IDs of everything accepted, in order."""
        return [str(self.message(i)["Message-ID"]) for i in range(len(self.mails))]

    def message(self, number: int) -> EmailMessage:
        parsed = message_from_bytes(self.mails[number][1], policy=POLICY)
        assert isinstance(parsed, EmailMessage)
        return parsed


def _next(script: dict[str, list[str]], address: str) -> str | None:
    answers = script.get(address)
    return answers.pop(0) if answers else None


def authenticator(user: str, password: str) -> Callable[..., AuthResult]:
    """Accepts one login."""

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        good = data.login == user.encode() and data.password == password.encode()
        return AuthResult(success=good, handled=False)

    return check


def tls_context(certificate: str, key: str) -> ssl.SSLContext:
    """A server's context."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context

"""The two ways out of the outbox: an SMTP server, or ``.eml`` files in a folder."""

from __future__ import annotations

import base64
import os
import smtplib
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from flows.alerts.outbox import Outcome, Transport

if TYPE_CHECKING:
    from flows.settings import Settings

_DEFAULT_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_BROKEN_IN_A_ROW = 2  # after that many broken connections the server is left alone until the next run


@dataclass(frozen=True)
class SmtpAccess:
    """How to reach the mail server. The password is never shown by ``repr``."""

    host: str
    sender: str
    port: int | None = None
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: str | None = None
    timeout: float = 30.0
    ca_file: Path | None = None

    def without_password(self, sentence: str) -> str:
        """The sentence without the password in any form that was sent: servers may repeat what they hear."""
        if not self.password:
            return sentence
        user, password = (self.user or "").encode(), self.password.encode()
        said = [password, base64.b64encode(password), base64.b64encode(b"\0" + user + b"\0" + password)]
        for form in said:
            sentence = sentence.replace(form.decode(), "(password)")
        return sentence

    def __repr__(self) -> str:
        return f"SmtpAccess({self.host}:{self.port or _DEFAULT_PORTS[self.security]}, {self.security})"


class SmtpTransport:
    """Hands mails to an SMTP server, one recipient each, over one connection that is opened when needed.

    A refusal of one recipient touches no other mail. 4xx answers (greylisting, full mailbox) and broken
    connections are tried again in the next run; a 5xx answer to the recipient or the mail itself is final.
    What concerns the server as a whole (no connection, no TLS, wrong password, sender not allowed) keeps all
    mails waiting.
    """

    def __init__(self, access: SmtpAccess) -> None:
        self._access = access
        self._smtp: smtplib.SMTP | None = None
        self._broken = 0

    def send(self, content: bytes, message_id: str, recipient: str) -> Outcome:
        """Hand over one mail; ``accepted`` only after the server's positive answer to the whole mail."""
        try:
            smtp = self._connected()
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self.close()
            reason = f"mail server {self._access.host}: {_text(error)}"
            return Outcome("later", self._access.without_password(reason), stop=True)
        try:
            smtp.sendmail(self._access.sender, [recipient], content)
        except smtplib.SMTPRecipientsRefused as error:
            return self._refused("recipient", *error.recipients[recipient])
        except smtplib.SMTPSenderRefused as error:
            self.close()
            return Outcome(
                "later", f"sender refused: {_answer(error.smtp_code, error.smtp_error)}", stop=True
            )
        except smtplib.SMTPDataError as error:
            return self._refused("mail", error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            self._broken += 1
            reason = (
                f"the connection broke, the mail may have arrived ({_text(error)}); same Message-ID next time"
            )
            return Outcome("later", reason, stop=self._broken >= _BROKEN_IN_A_ROW)
        self._broken = 0
        return Outcome("accepted")

    def close(self) -> None:
        """Say goodbye, if there is anybody left to say it to."""
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        try:
            if smtp.sock is not None:
                smtp.quit()
        except (smtplib.SMTPException, OSError):
            smtp.close()

    def _refused(self, what: str, code: int, text: bytes | str) -> Outcome:
        self._broken = 0
        reason = f"{what} refused: {_answer(code, text)}"
        return Outcome("refused" if 500 <= code < 600 else "later", reason)

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is not None and self._smtp.sock is not None:
            return self._smtp
        access = self._access
        port = access.port or _DEFAULT_PORTS[access.security]
        smtp: smtplib.SMTP
        if access.security == "tls":
            smtp = smtplib.SMTP_SSL(access.host, port, timeout=access.timeout, context=self._context())
        else:
            smtp = smtplib.SMTP(access.host, port, timeout=access.timeout)
        self._smtp = smtp
        smtp.ehlo_or_helo_if_needed()
        if access.security == "starttls":
            smtp.starttls(context=self._context())  # raises when the server does not offer it: never in clear
            smtp.ehlo_or_helo_if_needed()
        if access.user is not None and access.password is not None:
            smtp.login(access.user, access.password)
        return smtp

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self._access.ca_file is not None:
            context.load_verify_locations(self._access.ca_file)
        return context


class FolderTransport:
    """Writes each mail as ``<Message-ID>.eml``, whole or not at all; readable by the owner only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, content: bytes, message_id: str, recipient: str) -> Outcome:
        """Write the file; a file of that name is the same mail, so writing it again changes nothing."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_private(self._folder / f"{message_id.strip('<>')}.eml", content)
        except OSError as error:
            return Outcome("later", f"outbox folder: {error.strerror}", stop=True)
        return Outcome("accepted")

    def close(self) -> None:
        """Nothing is held open."""


def write_private(path: Path, content: bytes) -> None:
    """Write a file of mode 0600 atomically and durably. Raises OSError."""
    aside = path.with_name(f".{path.name}.tmp")  # one writer at a time: the lock of the outbox
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def transport_for(settings: Settings) -> Transport:
    """The SMTP server of the settings, or the outbox folder while none is set."""
    if settings.smtp_host is None:
        return FolderTransport(settings.outbox)
    return SmtpTransport(
        SmtpAccess(
            host=settings.smtp_host,
            port=settings.smtp_port,
            security=settings.smtp_security,
            user=settings.smtp_user,
            password=settings.secret("smtp_password"),
            timeout=settings.smtp_timeout,
            ca_file=settings.smtp_ca_file,
            sender=settings.from_address,
        )
    )


def _answer(code: int, text: bytes | str) -> str:
    """A server's answer as one short printable line; it is foreign text."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    shown = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return f"{code} {shown[:200]}".strip()


def _text(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return _answer(0, str(error)).removeprefix("0 ") or type(error).__name__

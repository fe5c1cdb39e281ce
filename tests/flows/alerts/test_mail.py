"""Delivery to a real SMTP server that refuses, times out, drops the connection and greylists."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mailbox_server import Mailbox, authenticator, tls_context
from nights import NOW, Reader, connect, flag, night, now, plain

from flows.alerts.mail import FolderTransport, SmtpAccess, SmtpTransport, transport_for
from flows.alerts.outbox import Outbox
from flows.settings import load_settings

ANNA, BRUNO, CARLA = (Reader(f"{name}@example.org") for name in ("anna", "bruno", "carla"))
PASSWORD = "s3cret-of-the-mail-server"


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    connection = connect(tmp_path / "state.sqlite")
    made = Outbox(connection, domain="example.org")
    for reader in (ANNA, BRUNO, CARLA):
        made.queue(night(flag(1)), reader, plain, NOW)
    yield made
    connection.close()


def access(port: int, **more: Any) -> SmtpAccess:
    given = {"security": "none", "timeout": 5.0, **more}
    return SmtpAccess("127.0.0.1", "armswatch@example.org", port, **given)


def deliver(outbox: Outbox, mailbox: Any, **more: Any) -> list[tuple[str, str, str | None]]:
    results = outbox.deliver(SmtpTransport(access(mailbox.port, **more)), now)
    return [(r.recipient.partition("@")[0], r.status, r.reason) for r in results]


def all_once(mailbox: Any, outbox: Outbox) -> bool:
    """Every mail is there by its Message-ID, and the outbox says so."""
    return (
        set(mailbox.ids()) == {m.message_id for m in outbox.mails("sent")} and len(outbox.mails("sent")) == 3
    )


def test_each_recipient_gets_an_own_mail_over_one_connection(outbox: Outbox, mailbox: Any) -> None:
    assert deliver(outbox, mailbox) == [
        ("anna", "sent", None),
        ("bruno", "sent", None),
        ("carla", "sent", None),
    ]
    assert [recipient for recipient, _ in mailbox.mails] == [r.address for r in (ANNA, BRUNO, CARLA)]
    assert mailbox.connections == 1
    assert len(mailbox.ids()) == 3
    assert all_once(mailbox, outbox)


def test_the_refusal_of_one_recipient_stops_no_other(outbox: Outbox, mailbox: Any) -> None:
    mailbox.at_rcpt[BRUNO.address] = ["550 5.1.1 no such user"]
    assert deliver(outbox, mailbox) == [
        ("anna", "sent", None),
        ("bruno", "failed", "recipient refused: 550 5.1.1 no such user"),
        ("carla", "sent", None),
    ]
    assert deliver(outbox, mailbox) == []


def test_greylisting_is_tried_again_in_the_next_run(outbox: Outbox, mailbox: Any) -> None:
    mailbox.at_rcpt[ANNA.address] = ["451 4.7.1 greylisted, come back"]
    mailbox.at_data[CARLA.address] = ["452 4.3.1 out of space"]
    assert deliver(outbox, mailbox) == [
        ("anna", "pending", "recipient refused: 451 4.7.1 greylisted, come back"),
        ("bruno", "sent", None),
        ("carla", "pending", "mail refused: 452 4.3.1 out of space"),
    ]
    assert [(m.recipient, m.attempts) for m in outbox.pending()] == [(ANNA.address, 1), (CARLA.address, 1)]
    assert [status for _, status, _ in deliver(outbox, mailbox)] == ["sent", "sent"]
    assert all_once(mailbox, outbox)
    assert len(mailbox.mails) == 3


def test_a_mail_that_the_server_refuses_for_good_is_shown_as_failed(outbox: Outbox, mailbox: Any) -> None:
    mailbox.at_data[ANNA.address] = ["554 5.6.0 looks like\tspam"]
    assert deliver(outbox, mailbox)[0] == ("anna", "failed", "mail refused: 554 5.6.0 looks like spam")
    assert len(mailbox.mails) == 2


def test_a_connection_dropped_after_data_is_tried_again_with_the_same_message_id(
    outbox: Outbox, mailbox: Any
) -> None:
    mailbox.at_data[ANNA.address] = ["drop"]
    mailbox.at_data[CARLA.address] = ["keep and drop"]
    first = deliver(outbox, mailbox)
    assert [status for _, status, _ in first] == ["pending", "sent", "pending"]
    assert "may have arrived" in str(first[0][2])
    assert [status for _, status, _ in deliver(outbox, mailbox)] == ["sent", "sent"]
    assert all_once(mailbox, outbox)
    assert [recipient for recipient, _ in mailbox.mails].count(CARLA.address) == 2
    copies = [content for recipient, content in mailbox.mails if recipient == CARLA.address]
    assert copies[0] == copies[1]


def test_a_server_that_hangs_is_left_alone_after_two_breaks(outbox: Outbox, mailbox: Any) -> None:
    mailbox.at_data[ANNA.address] = ["hang"]
    mailbox.at_data[BRUNO.address] = ["keep and hang"]
    first = deliver(outbox, mailbox, timeout=0.2)
    assert [status for _, status, _ in first] == ["pending"] * 3
    assert [m.attempts for m in outbox.pending()] == [1, 1, 0]
    assert [status for _, status, _ in deliver(outbox, mailbox)] == ["sent"] * 3
    assert all_once(mailbox, outbox)


def test_a_server_that_says_goodbye_is_connected_to_again(outbox: Outbox, mailbox: Any) -> None:
    mailbox.at_rcpt[ANNA.address] = ["421 4.3.2 shutting down"]
    assert [status for _, status, _ in deliver(outbox, mailbox)] == ["pending", "sent", "sent"]
    assert mailbox.connections == 2


def test_a_sender_who_is_not_allowed_keeps_all_mails(outbox: Outbox, mailbox: Any) -> None:
    mailbox.at_mail = ["550 5.7.1 sender not allowed"]
    results = deliver(outbox, mailbox)
    assert [status for _, status, _ in results] == ["pending"] * 3
    assert results[0][2] == "sender refused: 550 5.7.1 sender not allowed"
    assert [status for _, status, _ in deliver(outbox, mailbox)] == ["sent"] * 3


def test_no_server_keeps_all_mails(outbox: Outbox) -> None:
    results = outbox.deliver(SmtpTransport(access(1)), now)
    assert {(r.status, r.reason) for r in results} == {
        ("pending", "mail server 127.0.0.1: Connection refused")
    }


# -- TLS and login


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed; it makes the certificate for this test")
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = str(folder / "cert.pem"), str(folder / "key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate,
         "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key


@pytest.fixture
def starttls_mailbox(certificate: tuple[str, str]) -> Iterator[Any]:
    box = Mailbox(
        tls_context=tls_context(*certificate),
        require_starttls=True,
        authenticator=authenticator("watch", PASSWORD),
        auth_required=True,
    )
    yield box
    box.close()


def test_starttls_and_login(outbox: Outbox, starttls_mailbox: Any, certificate: tuple[str, str]) -> None:
    tls = {"security": "starttls", "ca_file": certificate[0], "user": "watch", "password": PASSWORD}
    assert [status for _, status, _ in deliver(outbox, starttls_mailbox, **tls)] == ["sent"] * 3
    assert all_once(starttls_mailbox, outbox)


def test_tls_from_the_first_byte(outbox: Outbox, certificate: tuple[str, str]) -> None:
    box = Mailbox(ssl_context=tls_context(*certificate))
    try:
        assert [s for _, s, _ in deliver(outbox, box, security="tls", ca_file=certificate[0])] == ["sent"] * 3
    finally:
        box.close()


def test_a_wrong_password_keeps_all_mails_and_is_not_shown(
    outbox: Outbox, starttls_mailbox: Any, certificate: tuple[str, str]
) -> None:
    wrong = access(
        starttls_mailbox.port,
        security="starttls",
        ca_file=certificate[0],
        user="watch",
        password="wr0ng-word",
    )
    results = outbox.deliver(SmtpTransport(wrong), now)
    assert {r.status for r in results} == {"pending"}
    assert "535" in str(results[0].reason)
    assert "wr0ng-word" not in repr(wrong) + repr(results)
    assert starttls_mailbox.mails == []


def test_a_server_without_tls_or_with_a_strange_certificate_gets_nothing(
    outbox: Outbox, mailbox: Any, starttls_mailbox: Any
) -> None:
    without = deliver(outbox, mailbox, security="starttls")
    assert without[0][1:] == ("pending", "mail server 127.0.0.1: STARTTLS extension not supported by server.")
    strange = deliver(outbox, starttls_mailbox, security="starttls")
    assert strange[0][1] == "pending"
    assert "certificate" in str(strange[0][2])
    assert mailbox.mails == starttls_mailbox.mails == []


def test_the_settings_choose_the_way_out(tmp_path: Path) -> None:
    assert isinstance(transport_for(load_settings(home=tmp_path)), FolderTransport)
    with_server = load_settings(
        home=tmp_path, smtp_host="mail.example.org", smtp_user="watch", smtp_password=PASSWORD
    )
    transport = transport_for(with_server)
    assert isinstance(transport, SmtpTransport)
    assert PASSWORD not in repr(vars(transport))

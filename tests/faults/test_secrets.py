"""No key and no password is kept or said anywhere, whatever a server repeats; what is private has its modes."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult

from flows.settings import load_settings
from parsers.registry import load_source, source_ids
from tests.faults.reports import drop, notice
from tests.faults.rig import ROOT
from tests.flows.publisher import Publisher, Request
from tests.workshop import moment

KEY, PASSWORD = "K3yOfTheCongress", "Passw0rdOfTheMail"
FORMS = [
    KEY.encode(), PASSWORD.encode(), base64.b64encode(PASSWORD.encode()),
    base64.b64encode(f"\0anna\0{PASSWORD}".encode()),
]  # fmt: skip


def repeating(request: Request) -> None:
    """Refuses, and repeats all that it was asked with: in the reason, a header and the page."""
    request.send_response(403, f"Forbidden for {request.path}")
    body = f"<p>you asked {request.path}</p>".encode()
    request.send_header("Content-Type", f"text/html; asked={request.path}")
    request.send_header("ETag", f'"{request.path}"')
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


def echoing(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    said = f"535 5.7.8 no: {data.password.decode()} {base64.b64encode(data.password).decode()}"
    return AuthResult(success=False, handled=False, message=said)


def files_with_a_secret(home: Path) -> list[Path]:
    return [p for p in home.rglob("*") if p.is_file() and any(form in p.read_bytes() for form in FORMS)]


@pytest.mark.slow
def test_servers_that_repeat_keys_and_passwords_do_not_get_them_into_any_file_or_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mailbox_server import Mailbox

    from flows.run import run_nightly
    from flows.summary import new_flag_rows, summary_lines, summary_markdown

    web = Publisher()
    box = Mailbox(authenticator=echoing, auth_require_tls=False)
    for source_id in source_ids():
        source = load_source(source_id)
        index = [web.url(f"/{source_id}")] if source.meta.fetch.secrets else []
        facts = source.meta.fetch.model_copy(
            update={"hosts": [web.host], "index": index, "months": None, "reports": [], "delay_seconds": 0}
        )
        meta = source.meta.model_copy(update={"fetch": facts})
        monkeypatch.setitem(source.__dict__, "meta", meta)
        web.script[f"/{source_id}"] = [repeating]
    settings = load_settings(
        home=tmp_path, reports="live", now=moment(1), congress_api_key=KEY, census_api_key=KEY,
        smtp_host="127.0.0.1", smtp_port=box.port, smtp_security="none", smtp_user="anna",
        smtp_password=PASSWORD, digest_when_empty=True, max_fetch_attempts=1,
        allow_private_hosts=(web.host,), operator_address="op@example.org",
    )  # fmt: skip
    said: list[str] = []
    try:
        night = run_nightly(settings, said.append)
    finally:
        web.close()
        box.close()
    assert any(KEY in path for path, _ in web.asked), "the key was sent, so that it could be repeated"
    assert any("535" in problem for problem in night.problems), night.problems
    words = "\n".join([*said, *summary_lines(night), summary_markdown(night), str(new_flag_rows(night)), repr(settings), repr(night)])  # fmt: skip
    assert not [form for form in FORMS if form.decode() in words]
    assert files_with_a_secret(tmp_path) == []


PROGRAM = """
import os, sys
os.umask(int(sys.argv[3], 8))
from flows.run import run_nightly
from flows.settings import load_settings
run_nightly(load_settings(home=sys.argv[1], reports=sys.argv[2]), lambda line: None)
"""


@pytest.mark.slow
@pytest.mark.parametrize("umask", ["000", "022", "077"])
def test_state_mails_and_logs_are_their_owner_s_alone_and_nothing_can_be_changed_by_others(
    tmp_path: Path, umask: str
) -> None:
    drop(tmp_path / "m", "us_ddtc_notices", "notice.txt", notice(1), 1)
    home = tmp_path / "home"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "ARMSWATCH_NOW": moment(1).isoformat()}
    subprocess.run(
        [sys.executable, "-c", PROGRAM, str(home), str(tmp_path / "m"), umask], env=environment, check=True
    )
    modes = {p: p.stat().st_mode & 0o777 for p in [home, *home.rglob("*")] if not p.is_symlink()}
    private = [
        p for p in modes if p.name.startswith("state.sqlite") or "outbox" in p.parts or p == home / "logs"
    ]
    assert len(private) >= 4
    assert [p for p in private if modes[p] & 0o077] == []
    assert [p for p, mode in modes.items() if mode & 0o022] == []

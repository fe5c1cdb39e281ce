"""``armswatch nightly``, the Prefect flow, killed while it reads, builds and mails: the next one heals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.faults.reports import drop, notice, uk_list
from tests.faults.rig import ROOT, alerts_told, check_whole, documents
from tests.workshop import moment

ANNA = "anna@example.org"


def start(home: Path, reports: Path, port: int) -> subprocess.Popen[str]:
    own = {
        "NOW": moment(1).isoformat(), "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(port), "SMTP_SECURITY": "none",
        "FROM_ADDRESS": "armswatch@example.org", "RECIPIENTS": json.dumps([{"address": ANNA}]),
    }  # fmt: skip
    environment = {**os.environ, **{f"ARMSWATCH_{name}": value for name, value in own.items()}}
    return subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "nightly", "--reports", str(reports), "--home", str(home)],
        cwd=ROOT, env=environment, start_new_session=True, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def kill_when(process: subprocess.Popen[str], is_due: Callable[[], bool]) -> None:
    ends = time.monotonic() + 200
    while not is_due():
        assert process.poll() is None, f"it ended before: {process.communicate()}"
        assert time.monotonic() < ends, "the moment did not come"
        time.sleep(0.01)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("step", ["fetch", "build", "alert"])
def test_a_flow_that_was_killed_is_healed_by_the_next(tmp_path: Path, mailbox: Any, step: str) -> None:
    home, reports = tmp_path / "home", tmp_path / "m"
    drop(reports, "gb_ecju_licences", "v1.csv", uk_list(1), 0)
    drop(reports, "us_ddtc_notices", "notice.txt", notice(1), 1)
    moments: dict[str, Callable[[], bool]] = {
        "fetch": lambda: (home / "raw" / "ledger.jsonl").exists(),
        "build": lambda: any((home / "build").glob("*/armswatch.duckdb")),
        "alert": lambda: bool(mailbox.mails),
    }
    if step == "alert":
        mailbox.at_data = {ANNA: ["keep and hang"]}
    kill_when(start(home, reports, mailbox.port), moments[step])
    check_whole(home)
    mailbox.at_data = {}
    healing = start(home, reports, mailbox.port)
    said, wrong = healing.communicate(timeout=400)
    assert healing.returncode == 0, wrong
    assert "Traceback" not in said + wrong
    check_whole(home)
    assert len(documents(home)) == 2
    told = alerts_told(home, [content for _, content in mailbox.mails])
    assert len(set(mailbox.ids())) == 1, "one digest; a kill in its delivery may bring a second copy of it"
    assert [ids for ids in told.values() if len(ids) > 1] == []

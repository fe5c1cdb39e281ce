"""Runs that can be killed, and what must hold of a home whatever happened to it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import select
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import duckdb

from tests.faults.watching import Watch
from warehouse.archive import Archive
from warehouse.catalog import tables
from warehouse.home import Home
from warehouse.publish import Manifest

ROOT = Path(__file__).parents[2]
LONGEST = 240.0
"""Seconds after which a run counts as hanging."""


class HangError(AssertionError):
    """A run that did not end."""


@dataclass(frozen=True)
class Ended:
    """How a run ended: its exit code (minus the signal), its length, what it said, events that were seen."""

    code: int
    seconds: float
    said: str
    events: int

    @property
    def was_killed(self) -> bool:
        return self.code == -signal.SIGKILL


class Rig:
    """A launcher process; each run is forked off it. Close it after use."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._log = folder / "said.txt"
        environment = {k: v for k, v in os.environ.items() if not k.startswith("ARMSWATCH_")}
        environment["PYTHONPATH"] = str(ROOT)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.launcher"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()

    def _answer(self, seconds: float) -> str | None:
        assert self._process.stdout
        ready, _, _ = select.select([self._process.stdout], [], [], max(0.0, seconds))
        return self._process.stdout.readline().strip() if ready else None

    def run(
        self,
        home: Path,
        reports: Path | str,
        now: datetime,
        *,
        after_seconds: float | None = None,
        after_events: int | None = None,
        whole_group: bool = True,
        file_limit: int | None = None,
        **settings: Any,
    ) -> Ended:
        """One run, killed with SIGKILL after so many seconds or file events, or left to its end.

        ``whole_group`` kills its children too; else they are left to notice.
        """
        assert self._process.stdin
        self._log.write_text("")
        Home(home).create()
        watch = Watch(home)
        given = {"home": str(home), "reports": str(reports), "now": now.isoformat(), **settings}
        self._process.stdin.write(
            json.dumps({"log": str(self._log), "settings": given, "file_limit": file_limit}) + "\n"
        )
        self._process.stdin.flush()
        pid = int((self._answer(LONGEST) or "").removeprefix("started "))
        began, ended, events = time.monotonic(), None, 0
        try:
            while ended is None:
                passed = time.monotonic() - began
                if after_seconds is not None:
                    ended = self._answer(max(0.0, after_seconds - passed))
                    due = ended is None
                else:
                    events += len(watch.events(0.05))
                    due = after_events is not None and events >= after_events
                    ended = None if due else self._answer(0)
                if due or passed > LONGEST:
                    _kill(pid, whole_group)
                    ended = self._answer(30)
                if passed > LONGEST:
                    raise HangError(f"a run was at work for {passed:.0f} s")
            events += len(watch.events(0))
        finally:
            watch.close()
        if whole_group:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
        code = int(ended.removeprefix("ended "))
        return Ended(code, time.monotonic() - began, self._log.read_text("utf-8", "replace"), events)


def _kill(pid: int, whole_group: bool) -> None:
    with suppress(ProcessLookupError):
        (os.killpg if whole_group else os.kill)(pid, signal.SIGKILL)


# -- what must hold ----------------------------------------------------------------------------------------


def check_whole(home: Path) -> None:
    """What a person or the next run finds is whole: published file, exports, ledger, archive, state."""
    _check_published(Home(home))
    check_archive(home)
    _check_parsed(Home(home))
    _check_state(Home(home).state)
    heartbeat = home / "logs" / "heartbeat.json"
    if heartbeat.exists():
        assert json.loads(heartbeat.read_text())["outcome"]


def _check_published(home: Home) -> None:
    """The file opens and each table and view of it reads; Parquet is what the manifest says."""
    build_id = None
    if home.database.exists():
        with closing(duckdb.connect(str(home.database), read_only=True)) as connection:
            ((build_id,),) = connection.execute("SELECT build_id FROM meta.build").fetchall()
            for name, table in tables().items():
                if table.kind != "macro":
                    connection.execute(f"SELECT count(*) FROM {name}").fetchall()
    manifest = Manifest.read(home)
    if manifest is None or manifest.build_id != build_id:
        return  # the next run publishes anew
    exports = home.published / "exports"
    found = {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in exports.glob("*.parquet")}
    assert found == manifest.parquet


def check_archive(home: Path) -> None:
    """Each whole line of the ledger is an arrival in order whose bytes are there; each file is whole."""
    raw = home / "raw"
    ledger = raw / "ledger.jsonl"
    lines = ledger.read_bytes().split(b"\n")[:-1] if ledger.exists() else []
    arrivals = [json.loads(line) for line in lines]
    assert [entry["seq"] for entry in arrivals] == list(range(1, len(arrivals) + 1))
    assert len({(e["source_id"], e["sha256"], e["name"]) for e in arrivals}) == len(arrivals), "kept twice"
    held = {path.name for path in raw.glob("*/*") if not path.name.startswith(".tmp-")}
    for name in held:
        assert hashlib.sha256((raw / name[:2] / name).read_bytes()).hexdigest() == name
    assert {entry["sha256"] for entry in arrivals} <= held


def _check_parsed(home: Home) -> None:
    for folder in home.parsed.glob("*/*"):
        if not folder.name.startswith(".tmp-"):
            json.loads((folder / "summary.json").read_text())


def _check_state(state: Path) -> None:
    if not state.exists() or not state.stat().st_size:
        return
    with closing(sqlite3.connect(state, timeout=30)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


# -- what can be compared ----------------------------------------------------------------------------------


def documents(home: Path) -> list[tuple[str, str]]:
    """Source and hash of every arrival."""
    return [(entry.source_id, entry.sha256) for entry in Archive(home / "raw").entries]


def parquet(home: Path) -> dict[str, str]:
    """Hash of each exported table."""
    manifest = Manifest.read(Home(home))
    return manifest.parquet if manifest else {}


def mail(content: bytes) -> tuple[str, str, str, tuple[tuple[str, str], ...]]:
    """Message-ID, recipient, subject and each part's type with the hash of its content: no boundaries."""
    message = message_from_bytes(content, policy=SMTP)
    assert isinstance(message, EmailMessage)
    parts = tuple(
        (part.get_content_type(), hashlib.sha256(part.get_payload(decode=True) or b"").hexdigest())
        for part in message.walk()
        if not part.is_multipart()
    )
    return str(message["Message-ID"]), str(message["To"]), str(message["Subject"]), parts


def alerts_told(home: Path, contents: list[bytes]) -> dict[tuple[str, str], set[str]]:
    """For each (recipient, flag) the Message-IDs of the mails that tell it by its id."""
    with closing(duckdb.connect(str(Home(home).database), read_only=True)) as connection:
        flags = {flag_id for (flag_id,) in connection.execute("SELECT flag_id FROM core.flags").fetchall()}
    told: dict[tuple[str, str], set[str]] = {}
    for content in contents:
        message = message_from_bytes(content, policy=SMTP)
        assert isinstance(message, EmailMessage)
        body = message.get_body(("plain",))
        words = set(re.findall(r"[0-9a-z]+", body.get_content())) if body else set()
        for flag_id in flags & words:
            told.setdefault((str(message["To"]), flag_id), set()).add(str(message["Message-ID"]))
    return told

"""state.sqlite held by another program, damaged, gone; two runs at once."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from flows.lock import run_lock
from flows.run import run_nightly
from flows.settings import Settings, load_settings
from tests.faults.kills import Place
from tests.faults.reports import drop, notice
from tests.faults.rig import ROOT, check_whole, documents, parquet
from tests.workshop import ask, moment
from warehouse import state as state_file
from warehouse.state import StateError

pytestmark = pytest.mark.slow  # whole runs, several each


@pytest.fixture
def place(tmp_path: Path) -> Settings:
    """A home with one notice in it, mailed."""
    drop(tmp_path / "m", "us_ddtc_notices", "notice.txt", notice(1), 1)
    settings = load_settings(home=tmp_path / "home", reports=str(tmp_path / "m"), now=moment(1))
    assert run_nightly(settings, lambda _line: None).exit_code == 0
    return settings


def mails(settings: Settings) -> list[str]:
    return sorted(path.name for path in settings.outbox.glob("*.eml"))


def test_a_state_that_another_program_holds_is_waited_for_and_then_said(
    place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_file, "WAIT_SECONDS", 0.2)
    drop(Path(place.reports), "us_ddtc_notices", "second.txt", notice(2), 2)
    with closing(sqlite3.connect(place.home / "state.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StateError, match=r"state\.sqlite: another program held it for more than 0 s"):
            run_nightly(place, lambda _line: None)
    heartbeat = json.loads((place.home / "logs" / "heartbeat.json").read_text())
    assert (heartbeat["outcome"], heartbeat["exit_code"]) == ("broken off", 1)
    check_whole(place.home)
    assert run_nightly(place, lambda _line: None).exit_code == 0
    assert (len(documents(place.home)), len(mails(place))) == (2, 2)


def test_a_damaged_state_stops_the_run_with_what_to_do(place: Settings) -> None:
    path = place.home / "state.sqlite"
    before = parquet(place.home)
    for aside in place.home.glob("state.sqlite-*"):
        aside.unlink()
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(StateError, match=r"state\.sqlite: is damaged .* restore it from a backup"):
        run_nightly(place, lambda _line: None)
    assert path.read_bytes() == b"no database" * 1000, "it is left for whoever mends it"
    assert parquet(place.home) == before


def test_a_state_that_is_gone_is_made_anew_with_the_acknowledgements_and_tells_a_summary(
    tmp_path: Path, mailbox: object
) -> None:
    place = Place(tmp_path)
    given = {**place.settings, "home": place.home, "reports": str(place.reports)}
    try:
        for night in range(2):
            place.arrive(night)
            run_nightly(load_settings(**given, now=moment(1 + night)), lambda _line: None)
        place._acknowledge(1)
        run_nightly(load_settings(**given, now=moment(3)), lambda _line: None)
        noted = "SELECT flag_id, acknowledged_note FROM core.flag_acknowledgements ORDER BY 1"
        before = ask(place.home / "published" / "armswatch.duckdb", noted)
        assert len(before) == 1
        told = len(place.mails())
        for file in place.home.glob("state.sqlite*"):
            file.unlink()
        result = run_nightly(load_settings(**given, now=moment(4)), lambda _line: None)
        (problem,) = result.problems
        assert "was gone and has been made anew; 1 acknowledgements were taken" in problem
        assert ask(place.home / "published" / "armswatch.duckdb", noted) == before
        subjects = [place.mailbox.message(i)["Subject"] for i in range(told, len(place.mails()))]
        assert len(subjects) == 2
        assert all("first load" in s or "primera carga" in s for s in subjects), subjects
        assert run_nightly(load_settings(**given, now=moment(5)), lambda _line: None).problems == []
    finally:
        place.mailbox.close()


def test_the_cache_of_matches_may_be_damaged(place: Settings) -> None:
    (place.home / "build" / "matches.sqlite").write_bytes(b"no database" * 1000)
    drop(Path(place.reports), "us_ddtc_notices", "second.txt", notice(2), 2)
    assert run_nightly(place, lambda _line: None).exit_code == 0
    assert len(mails(place)) == 2


def test_half_written_files_of_killed_runs_are_swept_away(place: Settings) -> None:
    left = [place.home / "raw" / "ab" / ".tmp-1", place.home / "parsed" / "x" / ".tmp-2" / "records.parquet"]
    for path in left:
        path.parent.mkdir(parents=True)
        path.write_bytes(b"half")
    run_nightly(place, lambda _line: None)
    assert not any(path.exists() for path in left)


def test_the_command_leaves_at_once_where_a_run_is_at_work_saying_who_and_since_when(tmp_path: Path) -> None:
    with run_lock(tmp_path, moment(1)):
        told = subprocess.run(
            [sys.executable, "-m", "flows.cli", "nightly", "--reports", "sample", "--home", str(tmp_path)],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert told.returncode == 1
    (line,) = told.stderr.splitlines()
    assert f"another run is at work in {tmp_path}: process " in line
    assert "since 2026-01-01T03:00:00" in line
    assert not (tmp_path / "prefect" / "prefect.db").exists(), "before Prefect is started"
    shutil.rmtree(tmp_path / "prefect", ignore_errors=True)

"""The whole run without Prefect: what it leaves, a quiet night, a failed check, two at once, and kills."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import duckdb
import pytest

from checks.results import Result
from flows import run as run_module
from flows.lock import RunLockedError, run_lock
from flows.run import Night, Run, run_nightly
from flows.settings import load_settings
from flows.verify import verify_home
from tests.flows.sampled import Sampled
from tests.workshop import moment, uk
from warehouse.home import Home
from warehouse.publish import Manifest

pytestmark = pytest.mark.usefixtures("shared_readers")

HEAD = "10,2010-04-07,ML1,1,185500,Mexico,0"


def mirror(root: Path, name: str, *lines: str) -> Path:
    """A folder of reports with one more UK list in it."""
    path = root / "gb_ecju_licences" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(uk(*lines))
    return root


def night(home: Path, reports: str | Path) -> tuple[Night, list[str]]:
    said: list[str] = []
    return run_nightly(load_settings(home=home, reports=str(reports), now=moment(1)), said.append), said


def mails(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "outbox").glob("*.eml"))


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a home after its first night, and the reports that it read."""
    root = tmp_path_factory.mktemp("first")
    assert night(root / "home", mirror(root / "m", "v1.csv", HEAD))[0].exit_code == 0
    return root


@pytest.fixture
def after_one_night(first: Path, tmp_path: Path) -> Path:
    return shutil.copytree(first, tmp_path / "copy", symlinks=True)


def test_the_sample_run_says_what_it_read_kept_rejected_flagged_and_where_the_file_is(
    sampled: Sampled,
) -> None:
    home, result, said = sampled
    assert (result.exit_code, result.problems) == (0, [])
    words = "\n".join(said)
    assert " rows = " in words
    assert "open flags: " in words
    assert str(home / "published" / "armswatch.duckdb") in words


def test_every_row_of_every_document_is_accounted_for(sampled: Sampled) -> None:
    with duckdb.connect(str(sampled.home / "published" / "armswatch.duckdb"), read_only=True) as connection:
        (documents, unbalanced) = connection.execute(
            "SELECT count(*), count(*) FILTER (rows_seen_count <> record_rows_count + reject_rows_count"
            " + total_rows_count + ignored_rows_count) FROM meta.documents"
        ).fetchall()[0]
        read = connection.execute("SELECT count(DISTINCT source_id) FROM core.documents").fetchall()
    assert documents >= 12
    assert unbalanced == 0
    assert read == [(len(run_module.source_ids()),)], "every source has a sample that is read"


def test_the_mail_is_written_and_names_the_flagged_unit(sampled: Sampled) -> None:
    home = sampled.home
    (name,) = mails(home)
    message = message_from_bytes((home / "outbox" / name).read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    assert "armswatch" in message["Subject"]
    assert message.get_body(("html",)) is not None


def test_a_second_run_reads_nothing_again_changes_no_row_and_mails_nothing(
    sampled: Sampled,
) -> None:
    home = sampled.home
    before = (Manifest.read(Home(home)), mails(home), (home / "published" / "armswatch.duckdb").stat().st_ino)
    result, said = night(home, "sample")
    assert sum(len(outcome.read) + len(outcome.archived) for outcome in result.outcomes) == 0
    assert not result.is_new_build
    assert "nothing new: the published file stands as it is" in said
    after = (Manifest.read(Home(home)), mails(home), (home / "published" / "armswatch.duckdb").stat().st_ino)
    assert before == after


def test_what_is_published_follows_from_the_archive(sampled: Sampled) -> None:
    said: list[str] = []
    assert verify_home(load_settings(home=sampled.home), said.append) == []
    assert any("equal, byte by byte" in line for line in said)


def test_a_heartbeat_tells_a_watchdog_when_the_last_run_ended_and_how(
    sampled: Sampled,
) -> None:
    heartbeat = json.loads((sampled.home / "logs" / "heartbeat.json").read_text())
    assert heartbeat["exit_code"] == 0
    assert heartbeat["ended_at"] >= heartbeat["started_at"]


def test_a_fatal_check_keeps_yesterday_s_file_and_is_said_in_the_mail(
    after_one_night: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, reports = after_one_night / "home", after_one_night / "m"
    published, sent = Manifest.read(Home(home)), mails(home)
    real = Run.check

    def failing(self: Run, *arguments: object) -> object:
        verdict = real(self, *arguments)  # type: ignore[arg-type]
        bad = Result(
            check_id="made_up",
            category="table",
            subject="core.x",
            is_fatal=True,
            is_passed=False,
            message="It broke.",
        )
        return replace(verdict, results=[*verdict.results, bad])

    monkeypatch.setattr(Run, "check", failing)
    result, said = night(home, mirror(reports, "v2.csv", HEAD, "11,2011-01-01,ML1,1,5,Peru,0"))
    assert result.exit_code == 1
    assert Manifest.read(Home(home)) == published
    assert "check FAILED: It broke." in said
    (new,) = set(mails(home)) - set(sent)
    assert "It broke." in (home / "outbox" / new).read_text()
    monkeypatch.undo()
    assert night(home, reports)[0].exit_code == 0, "the next run heals"
    assert Manifest.read(Home(home)) != published


def test_a_source_that_fails_leaves_the_others_and_its_last_good_rows(after_one_night: Path) -> None:
    home, reports = after_one_night / "home", after_one_night / "m"
    (reports / "gb_ecju_licences" / "v2.csv").write_bytes(b"<html>sorry</html>")
    result, _ = night(home, reports)
    assert result.exit_code == 1
    with duckdb.connect(str(home / "published" / "armswatch.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT value::INT FROM out.transfers").fetchall() == [(185500,)]


def test_the_second_of_two_runs_leaves_at_once_and_says_who_holds_the_lock(tmp_path: Path) -> None:
    with (
        run_lock(tmp_path, moment(1)),
        pytest.raises(RunLockedError, match=f"process {os.getpid()}, since 2026"),
    ):
        night(tmp_path, "sample")


# -- kills ---------------------------------------------------------------------------------------------

CHILD = """
import sys
from flows.run import run_nightly
from flows.settings import load_settings
run_nightly(load_settings(home=sys.argv[1], reports=sys.argv[2]), lambda line: None)
"""


def start(home: Path, reports: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "ARMSWATCH_NOW": moment(1).isoformat()}
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(home), str(reports)], env=environment, start_new_session=True
    )


def killed_then_healed(home: Path, reports: Path, after: float) -> tuple[Manifest | None, list[str]]:
    """Kill a run after some seconds, start it again to its end, and see what is there."""
    process = start(home, reports)
    time.sleep(after)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if (home / "published" / "armswatch.duckdb").exists():
        with duckdb.connect(str(home / "published" / "armswatch.duckdb"), read_only=True) as connection:
            connection.execute("FROM out.transfers").fetchall()
    result, _ = night(home, reports)
    assert result.exit_code == 0
    return Manifest.read(Home(home)), mails(home)


def kill_many(tmp_path: Path, kills: int) -> None:
    reports = mirror(tmp_path / "m", "v1.csv", HEAD)
    mirror(reports, "v2.csv", HEAD.replace("185500", "185999"), "11,2011-01-01,ML1,1,5,Peru,0")
    os.utime(reports / "gb_ecju_licences" / "v1.csv", (1_700_000_000, 1_700_000_000))
    undisturbed = tmp_path / "undisturbed"
    began = time.monotonic()
    start(undisturbed, reports).wait()
    length = time.monotonic() - began
    expected = (Manifest.read(Home(undisturbed)), mails(undisturbed))
    assert expected[0] is not None
    chance = random.Random(20261124)
    for number in range(kills):
        home = tmp_path / f"home-{number}"
        after = chance.uniform(0.2, length)
        assert killed_then_healed(home, reports, after) == expected, f"killed after {after:.2f} s"
        shutil.rmtree(home)


@pytest.mark.slow
def test_a_run_killed_anywhere_is_finished_by_the_next_to_the_same_result(tmp_path: Path) -> None:
    kill_many(tmp_path, 1)  # tests/faults kills more often, and a richer run


def test_a_run_that_an_error_ends_tells_the_operator_and_the_watchdog(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Run, *_: object) -> None:
        raise OSError(28, "No space left on device", "build/armswatch.duckdb")

    monkeypatch.setattr(Run, "build", full)
    settings = load_settings(
        home=tmp_path / "home",
        reports=str(mirror(tmp_path / "m", "v1.csv", HEAD)),
        operator_address="operator@example.org",
        now=moment(1),
    )
    for _ in range(2):
        with pytest.raises(OSError, match="No space left"):
            run_nightly(settings, lambda _line: None)
    (name,) = mails(tmp_path / "home")
    assert "No space left on device" in (tmp_path / "home" / "outbox" / name).read_text()
    heartbeat = json.loads((tmp_path / "home" / "logs" / "heartbeat.json").read_text())
    assert (heartbeat["outcome"], heartbeat["exit_code"]) == ("broken off", 1)
    monkeypatch.undo()
    assert run_nightly(settings, lambda _line: None).exit_code == 0, "the next run heals"

"""Full disks, read-only folders, a damaged archive: one sentence with the place, nothing lost, the next run heals."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.run import run_nightly
from flows.settings import load_settings
from flows.verify import verify_home
from parsers.registry import load_source
from tests.faults.reports import drop, notice, uk_list
from tests.faults.rig import Rig, check_whole, documents, parquet
from tests.workshop import moment

NOW = moment(1)
Mount = Callable[..., None]


def small(root: Path) -> Path:
    """Reports of two sources, one document each."""
    drop(root, "gb_ecju_licences", "v1.csv", uk_list(1), 0)
    drop(root, "us_ddtc_notices", "notice.txt", notice(1), 1)
    return root


def expected(rig: Rig, root: Path, reports: Path) -> tuple[dict[str, str], list[Any]]:
    assert rig.run(root / "undisturbed", reports, NOW).code == 0
    return parquet(root / "undisturbed"), documents(root / "undisturbed")


def sentence_of(said: str) -> str:
    """The last words of a run that failed: one sentence, no trace."""
    assert "Traceback" not in said, said
    return said.rstrip().splitlines()[-1]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_limit_on_the_size_of_files_ends_the_run_with_the_place_and_the_next_run_heals(
    rig: Rig, tmp_path: Path
) -> None:
    reports = small(tmp_path / "m")
    wanted = expected(rig, tmp_path, reports)
    for limit in (200, 5_000, 60_000, 300_000, 1_000_000):
        home = tmp_path / f"home-{limit}"
        ended = rig.run(home, reports, NOW, file_limit=limit)
        assert ended.code == 1, ended.said
        assert str(home) in sentence_of(ended.said), ended.said
        check_whole(home)
        healed = rig.run(home, reports, NOW)
        assert healed.code == 0, healed.said
        assert (parquet(home), documents(home)) == wanted, limit
        assert len(list((home / "outbox").glob("*.eml"))) == 1


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("size", ["300k", "1m", "3m"])
def test_a_full_disk_ends_the_run_with_the_place_and_room_heals(
    rig: Rig, tmp_path: Path, mount: Mount, size: str
) -> None:
    reports, home = small(tmp_path / "m"), tmp_path / "home"
    wanted = expected(rig, tmp_path, reports)
    home.mkdir()
    mount("-t", "tmpfs", "-o", f"size={size}", "none", home)
    ended = rig.run(home, reports, NOW)
    assert ended.code == 1, ended.said
    assert str(home) in sentence_of(ended.said), ended.said
    check_whole(home)
    subprocess.run(["mount", "-o", "remount,size=200m", str(home)], check=True)
    healed = rig.run(home, reports, NOW)
    assert healed.code == 0, healed.said
    assert (parquet(home), documents(home)) == wanted


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_published_folder_that_is_read_only_keeps_yesterday_s_file(
    rig: Rig, tmp_path: Path, mount: Mount
) -> None:
    reports, home = small(tmp_path / "m"), tmp_path / "home"
    assert rig.run(home, reports, NOW).code == 0
    before = parquet(home)
    drop(reports, "us_ddtc_notices", "second.txt", notice(2), 2)
    mount("--bind", home / "published", home / "published")
    subprocess.run(["mount", "-o", "remount,ro,bind", str(home / "published")], check=True)
    ended = rig.run(home, reports, NOW + timedelta(days=1))
    assert ended.code == 1
    assert f"{home}/published" in sentence_of(ended.said)
    check_whole(home)
    assert parquet(home) == before
    subprocess.run(["umount", str(home / "published")], check=True)
    assert rig.run(home, reports, NOW + timedelta(days=1)).code == 0
    assert parquet(home) != before
    assert len(list((home / "outbox").glob("*.eml"))) == 2


@pytest.mark.slow
def test_a_published_file_that_cannot_be_read_is_made_anew(tmp_path: Path) -> None:
    reports, home = small(tmp_path / "m"), tmp_path / "home"
    settings = load_settings(home=home, reports=str(reports), now=NOW)
    run_nightly(settings, lambda _line: None)
    before = parquet(home)
    file = home / "published" / "armswatch.duckdb"
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:5000])
    night = run_nightly(settings, lambda _line: None)
    (problem,) = night.problems
    assert problem.startswith(str(file))
    assert problem.endswith("it is made anew")
    check_whole(home)
    assert parquet(home) == before
    assert run_nightly(settings, lambda _line: None).exit_code == 0
    assert len(list((home / "outbox").glob("*.eml"))) == 1, "nobody is told again"


def spoil(path: Path, how: str) -> None:
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    match how:
        case "a bit":
            path.write_bytes(content)
        case "cut short":
            path.write_bytes(content[:-7])
        case _:
            path.unlink()


@pytest.mark.slow
@pytest.mark.parametrize("how", ["a bit", "cut short", "gone"])
@pytest.mark.parametrize("is_still_there", [True, False])
def test_verify_names_a_damaged_document_and_the_next_run_takes_it_anew_or_says_what_to_do(
    tmp_path: Path, how: str, is_still_there: bool
) -> None:
    reports, home = small(tmp_path / "m"), tmp_path / "home"
    settings = load_settings(home=home, reports=str(reports), now=NOW)
    run_nightly(settings, lambda _line: None)
    before = parquet(home)
    source_id, sha256 = documents(home)[0]
    path = home / "raw" / sha256[:2] / sha256
    spoil(path, how)
    (problem,) = verify_home(settings, lambda _line: None)
    assert str(path) in problem
    if not is_still_there:
        (reports / source_id / "v1.csv").unlink()
    said: list[str] = []
    night = run_nightly(settings, said.append)
    assert parquet(home) == before
    if is_still_there:
        assert night.exit_code == 0
        assert any("damaged in the archive and whole again: v1.csv" in line for line in said)
        assert verify_home(settings, lambda _line: None) == []
        check_whole(home)
    else:
        assert night.exit_code == 1
        assert any(
            f"{path}: the bytes of v1.csv are gone" in line and "from a backup" in line for line in said
        )


@pytest.mark.slow
def test_the_clock_set_back_loses_nothing_and_tells_nothing_twice(tmp_path: Path) -> None:
    home, reports = tmp_path / "home", tmp_path / "m"
    for number, now in enumerate([moment(20), moment(3), moment(3), moment(21)]):
        drop(reports, "us_ddtc_notices", f"notice-{number}.txt", notice(number + 1), number)
        settings = load_settings(home=home, reports=str(reports), now=now)
        assert run_nightly(settings, lambda _line: None).exit_code == 0
        check_whole(home)
    assert len(documents(home)) == 4
    assert len(list((home / "outbox").glob("*.eml"))) == 4


@pytest.mark.slow
def test_what_is_published_is_not_dropped_when_its_damaged_document_is_to_be_read_by_a_new_parser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports, home = small(tmp_path / "m"), tmp_path / "home"
    settings = load_settings(home=home, reports=str(reports), now=NOW)
    run_nightly(settings, lambda _line: None)
    before = parquet(home)
    source_id, sha256 = documents(home)[0]
    path, content = home / "raw" / sha256[:2] / sha256, (reports / source_id / "v1.csv").read_bytes()
    spoil(path, "a bit")
    (reports / source_id / "v1.csv").unlink()
    drop(reports, "us_ddtc_notices", "second.txt", notice(2), 2)
    monkeypatch.setitem(load_source(source_id).__dict__, "parser_version", "another")
    night = run_nightly(settings, lambda _line: None)
    assert night.exit_code == 1
    (problem,) = night.problems
    assert "1 documents that it holds cannot be read anew (first: v1.csv)" in problem
    assert parquet(home) == before
    drop(reports, source_id, "v1.csv", content, 3)
    assert run_nightly(settings, lambda _line: None).exit_code == 0
    assert parquet(home) != before

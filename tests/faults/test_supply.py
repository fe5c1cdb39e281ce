"""What is installed is what was locked: each line pinned with hashes, no address, no index."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest

from tests.faults.audit import ROOT, changed_files, locked, unlocked

LOCKS = sorted(ROOT.glob("requirements*.lock"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_each_locked_package_is_pinned_with_hashes_and_comes_from_no_address(lock: Path) -> None:
    entries = re.split(r"\n(?=\S)", lock.read_text("utf-8").strip())
    assert entries
    for entry in entries:
        first, *hashes = [line.strip(" \\") for line in entry.splitlines()]
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[^\s;]+(?: ?; .+)?", first), first
        assert hashes, first
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", one) for one in hashes), entry
    text = lock.read_text("utf-8")
    assert not re.search(r"://|--(?:extra-)?index|--find-links|--trusted| @ ", text)


def test_both_ends_of_the_lock_are_read_and_a_difference_is_named() -> None:
    assert len(locked()) > 50
    pins = {"duckdb": "1.5.5", "httpx": "0.28.1"}
    found = {"duckdb": "1.5.4", "httpx": "0.28.1", "left-pad": "1.0", "pip": "24.0"}
    assert list(unlocked(found, pins)) == [
        "duckdb 1.5.4: 1.5.5 is locked",
        "left-pad 1.0: is installed and not locked",
    ]


def test_an_installed_file_that_was_changed_or_taken_away_is_named(tmp_path: Path) -> None:
    info = tmp_path / "thing-1.dist-info"
    info.mkdir()
    digest = base64.urlsafe_b64encode(hashlib.sha256(b"good").digest()).rstrip(b"=").decode()
    names = ("same.py", "changed.py", "gone.py")
    (info / "RECORD").write_text("".join(f"{name},sha256={digest},4\n" for name in names))
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: thing\nVersion: 1\n")
    (tmp_path / "same.py").write_text("good")
    (tmp_path / "changed.py").write_text("evil")
    assert [sentence.rsplit("/", 1)[1] for sentence in changed_files(PathDistribution(info))] == [
        "changed.py: is not what was installed",
        "gone.py: is gone",
    ]

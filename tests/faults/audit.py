"""Is what is installed what was locked, file by file? ``python -m tests.faults.audit``; exit code 1 where not.

Three parts work without a network: versions against ``requirements.lock``, each installed file against the
hash in its package's RECORD, and ``pip check``. The fourth asks a vulnerability service through pip-audit
where that is installed and the service answers; where it cannot ask, it says so, and that part alone passes.
"""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements.lock"
OURS = {"armswatch", "pip", "setuptools", "wheel"}
"""Ourselves, and what an environment brings along."""


def locked(lock: Path = LOCK) -> dict[str, str]:
    """Version of each locked package by its normalised name."""
    pins = re.findall(r"(?m)^([A-Za-z0-9._-]+)==([^\s;\\]+)", lock.read_text("utf-8"))
    return {_normal(name): version for name, version in pins}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def unlocked(found: dict[str, str], pins: dict[str, str]) -> Iterator[str]:
    """A sentence for each installed package that was not locked, or not in this version."""
    for name, version in sorted(found.items()):
        if name in OURS:
            continue
        if name not in pins:
            yield f"{name} {version}: is installed and not locked"
        elif pins[name] != version:
            yield f"{name} {version}: {pins[name]} is locked"


def changed_files(distribution: Distribution) -> Iterator[str]:
    """A sentence for each installed file that is not what its package's RECORD says."""
    for file in distribution.files or []:
        if file.hash is None or file.suffix == ".pyc":
            continue
        path = Path(str(file.locate()))
        if not path.is_file():
            yield f"{path}: is gone"
            continue
        digest = hashlib.new(file.hash.mode, path.read_bytes()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != file.hash.value:
            yield f"{path}: is not what was installed"


def _vulnerabilities() -> list[str]:
    program = shutil.which("pip-audit")
    if program is None:
        print("pip-audit is not installed: vulnerabilities were not looked up")
        return []
    asked = [program, "--require-hashes", "--disable-pip", "--progress-spinner", "off", "-r", str(LOCK)]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode == 0:
        print("vulnerability service: nothing is known against what is locked")
        return []
    if "GHSA-" in done.stdout or "PYSEC-" in done.stdout or "CVE-" in done.stdout:
        return [line for line in done.stdout.splitlines() if line.strip()]
    print("vulnerability service not reachable: vulnerabilities were not looked up")
    return []


def main() -> int:
    packages = list(distributions())
    found = {_normal(package.metadata["Name"]): package.version for package in packages}
    problems = list(unlocked(found, locked()))
    print(f"{len(found)} packages installed, {len(locked())} locked; {len(problems)} differ")
    changed = [
        sentence
        for package in packages
        if _normal(package.metadata["Name"]) not in OURS
        for sentence in changed_files(package)
    ]
    print(f"{len(changed)} installed files are not what their package says")
    checked = subprocess.run(
        [sys.executable, "-m", "pip", "check", "--disable-pip-version-check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    print(f"pip check: {(checked.stdout or checked.stderr).strip().splitlines()[-1]}")
    problems += changed + (checked.stdout.splitlines() if checked.returncode else []) + _vulnerabilities()
    for problem in problems:
        print(f"PROBLEM: {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

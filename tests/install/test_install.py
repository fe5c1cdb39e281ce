"""A clean environment from pyproject.toml alone: an upstream release that breaks a flow is seen here first."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "ARMSWATCH_"))
    }
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**kept, **environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout + done.stderr


@pytest.mark.install
@pytest.mark.timeout(1500)
def test_what_pyproject_allows_today_installs_and_runs_the_nightly_flow(tmp_path: Path) -> None:
    checkout, environment = tmp_path / "checkout", tmp_path / "environment"
    checkout.mkdir()
    for part in ("flows", "parsers", "warehouse", "checks", "pyproject.toml", "README.md", "LICENSE"):
        source = ROOT / part
        (shutil.copytree if source.is_dir() else shutil.copy)(source, checkout / part)
    run(sys.executable, "-m", "venv", environment, cwd=tmp_path)
    python = environment / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", checkout, cwd=tmp_path)
    said = run(
        environment / "bin" / "armswatch",
        "nightly",
        "--reports",
        "sample",
        cwd=tmp_path,
        ARMSWATCH_HOME=str(tmp_path / "home"),
    )
    assert "warehouse: " in said
    assert (tmp_path / "home" / "published" / "armswatch.duckdb").is_file()
    assert not (tmp_path / "parsers").exists(), "it ran from the installed package, with its data"

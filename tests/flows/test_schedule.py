"""The schedule really fires: a server, a worker, a deployment from the checkout, a finished run, an orderly end."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("flows", "parsers", "warehouse", "checks", "pyproject.toml")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children_of(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split()
    return [int(child) for child in found]


@pytest.mark.slow
@pytest.mark.timeout(420)
def test_a_scheduled_run_fires_finishes_and_the_service_stops_when_told(tmp_path: Path) -> None:
    checkout, home, log = tmp_path / "checkout", tmp_path / "home", tmp_path / "serve.log"
    checkout.mkdir()
    for part in PARTS:
        source = ROOT / part
        (shutil.copytree if source.is_dir() else shutil.copy)(source, checkout / part)
    schedule = (ROOT / "prefect.yaml").read_text("utf-8")
    assert schedule.count('"30 5 * * *"') == 1
    (checkout / "prefect.yaml").write_text(schedule.replace('"30 5 * * *"', '"* * * * *"'), "utf-8")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")},
        "ARMSWATCH_HOME": str(home),
        "ARMSWATCH_REPORTS": "sample",
        "PREFECT_SERVER_API_PORT": str(free_port()),
    }
    with log.open("wb") as out:
        service = subprocess.Popen(
            [sys.executable, "-m", "flows.serve"], cwd=checkout, env=environment, stdout=out, stderr=out
        )
        try:
            deadline = time.monotonic() + 300
            while not (home / "logs" / "heartbeat.json").exists():
                assert service.poll() is None, log.read_text()[-3000:]
                assert time.monotonic() < deadline, log.read_text()[-3000:]
                time.sleep(1)
            started = children_of(service.pid)
        finally:
            service.send_signal(signal.SIGTERM)
            service.wait(90)
    assert service.returncode == 0
    assert (home / "published" / "armswatch.duckdb").is_file()
    assert len(started) == 2, "a server and a worker"
    for pid in started:
        assert not Path(f"/proc/{pid}").exists(), f"process {pid} outlived the service"

"""``make serve``: Prefect's server and one worker on this machine, with the nightly schedule deployed.

The worker is stopped before the server: told together to stop, a worker that has lost its server goes on.
Everything Prefect keeps lies in ``ARMSWATCH_HOME/prefect``.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

import httpx

from flows.commands.nightly import prepare_prefect
from flows.settings import load_settings
from warehouse.home import Home

POOL = "armswatch"
_STOP_SECONDS = 15.0
_START_SECONDS = 90.0


def main() -> int:
    """Serve until told to stop; answers 0 after an orderly stop, 1 when the server or the worker ended."""
    checkout = Path.cwd()
    if not (checkout / "prefect.yaml").is_file():
        print("serve: run this in the checkout, where prefect.yaml is", file=sys.stderr)
        return 2
    home = Home(load_settings().home).create()
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "INFO")  # a service says what it does
    prepare_prefect(home.root)
    os.environ["CHECKOUT"] = str(checkout)
    port = os.environ.setdefault("PREFECT_SERVER_API_PORT", "4200")
    os.environ.setdefault("PREFECT_API_URL", f"http://127.0.0.1:{port}/api")
    signal.signal(signal.SIGTERM, _stop)
    started: list[subprocess.Popen[bytes]] = []
    try:
        started.append(_prefect("server", "start", "--host", "127.0.0.1", "--port", port))
        _wait_for_server(os.environ["PREFECT_API_URL"], started[0])
        _deploy()
        started.append(_prefect("worker", "start", "--pool", POOL, "--type", "process"))
        print(f"serve: the nightly run is scheduled; see http://127.0.0.1:{port}", flush=True)
        while all(process.poll() is None for process in started):
            time.sleep(0.5)
        print("serve: the server or the worker has ended", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        for process in reversed(started):
            _end(process)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _prefect(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "prefect", *arguments], start_new_session=True)


def _wait_for_server(api: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if httpx.get(f"{api}/health", timeout=2).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.5)
    raise SystemExit(f"serve: Prefect's server did not answer on {api} within {_START_SECONDS:.0f} seconds")


def _deploy() -> None:
    pool = [sys.executable, "-m", "prefect", "work-pool", "create", POOL, "--type", "process", "--overwrite"]
    subprocess.run(pool, check=True)
    subprocess.run([sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"], check=True)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to stop, once and then again, and end it when it does not."""
    for ask in (process.terminate, process.terminate, process.kill):
        if process.poll() is not None:
            return
        ask()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue


if __name__ == "__main__":
    sys.exit(main())

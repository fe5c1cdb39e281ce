"""``armswatch nightly``: the whole run, as a Prefect flow."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from flows.ingest import check_reports
from flows.lock import refuse_second
from warehouse.home import Home


def nightly(arguments: argparse.Namespace) -> int:
    """Run the flow and answer its exit code. Bad usage, or a run that is at work already, is said before
    Prefect's seconds of start-up."""
    from flows.settings import load_settings

    home = Path(arguments.home) if arguments.home else None
    settings = load_settings(home=home, reports=arguments.reports)
    check_reports(settings.reports)
    Home(settings.home).create()
    refuse_second(settings.home)
    prepare_prefect(settings.home)
    if sys.stderr.isatty():
        print(f"armswatch: reading {settings.reports} reports into {settings.home} ...", file=sys.stderr)
    from flows.nightly import nightly as flow

    state = flow(reports=settings.reports, home=str(settings.home), return_state=True)
    if state.is_completed():
        return 0
    answer = state.result(raise_on_failure=False)
    if isinstance(answer, Exception) and not type(answer).__module__.startswith("prefect"):
        raise answer
    return 1


def prepare_prefect(home: Path) -> None:
    """Prefect's settings for a run without a server: its files in our home, quiet, no telemetry.

    What the environment already says is kept.
    """
    os.environ.setdefault("PREFECT_HOME", str((home / "prefect").resolve()))
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")
    # the temporary server takes 10 seconds to start, more than the default allows on a busy machine
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "180")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")

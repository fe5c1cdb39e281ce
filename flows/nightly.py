"""The scheduled flow: ``flows.nightly:nightly``. All logic is in ``run.py``; Prefect appears only here.

Steps are tasks without parameters, so no frame, record or secret ever travels through Prefect.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

# Before Prefect is imported: nothing leaves this machine.
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.run import run_nightly
from flows.settings import load_settings
from flows.summary import new_flag_rows, summary_markdown

T = TypeVar("T")


_RETRY_SECONDS = [60.0, 300.0]
"""Pauses before a publisher that is down is asked again; short failures were retried by the HTTP client."""


class _MayBeBetterLaterError(Exception):
    """Tells Prefect to run the task again, or to show it as failed in the end."""


def prefect_step(name: str, work: Callable[[], T], again: Callable[[T], bool] | None = None) -> T:
    """Run one step of the night as a Prefect task of that name. Only fetching is retried."""
    answers: list[T] = []

    def attempt() -> None:
        answers.append(work())
        if again is not None and again(answers[-1]):
            raise _MayBeBetterLaterError(name)

    pauses = _RETRY_SECONDS if again else []
    as_task = task(
        name=name,
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=len(pauses),
        retry_delay_seconds=pauses or None,
    )(attempt)
    state = as_task(return_state=True)
    if not answers:
        state.result()  # raises what the step raised
    return answers[-1]


@flow(name="nightly", persist_result=False, validate_parameters=False)
def nightly(reports: str | None = None, home: str | None = None) -> State[None]:
    """Ingest every source, build, check, publish, alert; then leave a summary and the new flags as artifacts.

    Both parameters default to the settings (``ARMSWATCH_REPORTS``, ``ARMSWATCH_HOME``). A source that fails
    fails alone; the flow then ends as Failed, with what was kept published all the same.
    """
    settings = load_settings(home=Path(home) if home else None, reports=reports)
    night = run_nightly(settings, step=prefect_step)
    create_markdown_artifact(summary_markdown(night), key="nightly-summary", description="What the run did")
    create_table_artifact(new_flag_rows(night), key="new-flags", description="Flags raised by this run")
    if night.exit_code:
        return Failed(message="a source, a fatal check or a delivery failed; see the summary")
    return Completed(message="done")

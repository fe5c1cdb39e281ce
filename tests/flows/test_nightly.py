"""The Prefect flow, in one harness: states, artifacts, retries of fetching only, and no telemetry."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.workshop import uk

GOOD = "10,2010-04-07,ML1,1,185500,Mexico,0"


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One temporary Prefect server for the module, without the second that each flow's heartbeat costs."""
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.testing.utilities import prefect_test_harness

    with (
        prefect_test_harness(server_startup_timeout=120),
        temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
    ):
        yield


def reports(root: Path, *contents: bytes) -> Path:
    folder = root / "mirror" / "gb_ecju_licences"
    folder.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(contents):
        (folder / f"v{number}.csv").write_bytes(content)
    return root / "mirror"


@pytest.mark.slow  # the server takes half a minute to start
@pytest.mark.usefixtures("prefect")
def test_the_flow_ends_completed_with_a_summary_and_the_new_flags_as_artifacts(tmp_path: Path) -> None:
    from prefect.artifacts import Artifact

    from flows.nightly import nightly

    state = nightly(reports=str(reports(tmp_path, uk(GOOD))), home=str(tmp_path / "home"), return_state=True)
    assert state.is_completed()
    with duckdb.connect(
        str(tmp_path / "home" / "published" / "armswatch.duckdb"), read_only=True
    ) as connection:
        (flag,) = connection.execute("SELECT flag_id FROM out.flags").fetchall()
    summary = Artifact.get("nightly-summary")
    flags = Artifact.get("new-flags")
    assert summary is not None
    assert "1 kept" in str(summary.data)
    assert flags is not None
    assert flag[0] in str(flags.data)


@pytest.mark.slow  # the server takes half a minute to start
@pytest.mark.usefixtures("prefect")
def test_a_failed_source_ends_the_flow_as_failed_with_the_rest_published(tmp_path: Path) -> None:
    from flows.nightly import nightly

    mirror = reports(tmp_path, uk(GOOD), b"<html>sorry</html>")
    state = nightly(reports=str(mirror), home=str(tmp_path / "home"), return_state=True)
    assert state.is_failed()
    assert (tmp_path / "home" / "published" / "armswatch.duckdb").is_file()


@pytest.mark.slow  # the server takes half a minute to start
@pytest.mark.usefixtures("prefect")
def test_only_an_answer_that_may_be_better_later_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from prefect import flow

    from flows import nightly as module

    monkeypatch.setattr(module, "_RETRY_SECONDS", [0.0, 0.0])
    asked: list[str] = []

    def work() -> str:
        asked.append("asked")
        return "down" if len(asked) < 3 else "up"

    @flow
    def asking() -> tuple[str, str]:
        return (
            module.prefect_step("fetch", work, lambda answer: answer == "down"),
            module.prefect_step("build", lambda: asked.append("built") or "once"),
        )

    assert asking() == ("up", "once")
    assert asked == ["asked", "asked", "asked", "built"]


@pytest.mark.slow  # the server takes half a minute to start
@pytest.mark.usefixtures("prefect")
def test_what_a_step_raises_is_raised(tmp_path: Path) -> None:
    from prefect import flow

    from flows.nightly import prefect_step

    def full() -> None:
        raise OSError(28, "No space left on device")

    @flow
    def failing() -> None:
        prefect_step("publish", full)

    with pytest.raises(OSError, match="No space left"):
        failing()


def test_importing_the_flow_switches_telemetry_off() -> None:
    environment = {k: v for k, v in os.environ.items() if k not in {"DO_NOT_TRACK", "CI"}}
    program = (
        "import os, flows.nightly\n"
        "print(os.environ['DO_NOT_TRACK'], os.environ['PREFECT_SERVER_ANALYTICS_ENABLED'],"
        " os.environ['GX_ANALYTICS_ENABLED'])"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["1", "false", "false"]


def test_the_entrypoint_of_prefect_yaml_loads_without_prefect_s_placeholder() -> None:
    import yaml
    from prefect.flows import load_flow_from_entrypoint

    config = yaml.safe_load((Path(__file__).parents[2] / "prefect.yaml").read_text("utf-8"))
    (deployment,) = config["deployments"]
    flow = load_flow_from_entrypoint(deployment["entrypoint"], use_placeholder_flow=False)
    assert flow.name == "nightly"
    assert deployment["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}

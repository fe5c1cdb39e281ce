"""A home with the bundled samples, built once for all tests that only look at it; a fetcher over a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.run import run_nightly
from flows.settings import load_settings
from tests.flows.fetch_bench import Bench
from tests.flows.publisher import Publisher


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("sample") / "home"
    night = run_nightly(load_settings(home=home, reports="sample"), lambda _line: None)
    assert night.is_published, night.problems
    return home


@pytest.fixture
def bench() -> Iterator[Bench]:
    server = Publisher()
    made = Bench(server)
    yield made
    made.connection.close()
    server.close()

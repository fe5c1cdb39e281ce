"""A home with the bundled samples, built once for all tests that only look at it; a fetcher over a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.fetch_bench import Bench
from tests.flows.publisher import Publisher
from tests.flows.sampled import Sampled, first_night


@pytest.fixture(scope="session")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Sampled:
    return first_night(tmp_path_factory.mktemp("sample") / "home")


@pytest.fixture(scope="session")
def sample_home(sampled: Sampled) -> Path:
    """To look at; who writes takes a copy."""
    return sampled.home


@pytest.fixture
def bench() -> Iterator[Bench]:
    server = Publisher()
    made = Bench(server)
    yield made
    made.connection.close()
    server.close()

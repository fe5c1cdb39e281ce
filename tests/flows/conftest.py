"""A home with the bundled samples, built once for all tests that only look at it; a fetcher over a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows import reading_pool
from flows.reading_limits import Limits
from flows.reading_process import LOADER, ReadingProcess
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


@pytest.fixture(scope="session")
def readers() -> Iterator[list[ReadingProcess]]:
    """Reading processes that wait between the tests."""
    waiting: list[ReadingProcess] = []
    yield waiting
    for process in waiting:
        process.end()


@pytest.fixture
def shared_readers(readers: list[ReadingProcess], monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs leave their reading processes to the next run, of another test: to start one costs a second.

    For tests that are not about these processes. Those of a run with limits or a loader of its own end with it.
    """

    def started(limits: Limits, loader: str = LOADER) -> ReadingProcess:
        is_usual = (limits, loader) == (Limits(), LOADER)
        return readers.pop() if is_usual and readers else ReadingProcess(limits, loader)

    def close(reader: reading_pool.Reader) -> None:
        if (reader.limits, reader._loader) == (Limits(), LOADER):
            readers.extend(reader._idle)
            reader._idle.clear()
        while reader._idle:
            reader._idle.pop().end()

    monkeypatch.setattr(reading_pool, "ReadingProcess", started)
    monkeypatch.setattr(reading_pool.Reader, "close", close)


@pytest.fixture
def bench() -> Iterator[Bench]:
    server = Publisher()
    made = Bench(server)
    yield made
    made.connection.close()
    server.close()

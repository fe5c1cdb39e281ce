"""Reading processes that the runs of many tests use one after another."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flows import reading_pool
from flows.reading_limits import Limits
from flows.reading_process import LOADER, ReadingProcess


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

"""For all tests: reading processes that many runs use one after another, and figures told at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

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


@pytest.fixture
def figures(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Tells a line of figures at the end of the tests, whichever process the test ran in."""
    return lambda line: record_property("figures", line)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    for report in reports:
        for name, line in report.user_properties if report.when == "call" else ():
            if name == "figures":
                terminalreporter.write_line(str(line))

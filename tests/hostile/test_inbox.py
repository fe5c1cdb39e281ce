"""What lies in a folder of reports and is no report: links, pipes, giants, names made to mislead."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flows.ingest import SourceOutcome
from flows.run import Run
from flows.settings import load_settings
from parsers.document import one_line
from tests.workshop import uk

pytestmark = pytest.mark.usefixtures("shared_readers")

GOOD = uk("10,2010-04-07,ML1,1,185500,Mexico,0")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "mirror" / "gb_ecju_licences"
    folder.mkdir(parents=True)
    (folder / "good.csv").write_bytes(GOOD)
    return folder


def ingest(folder: Path, **settings: int) -> SourceOutcome:
    home = folder.parents[1] / "home"
    run = Run(load_settings(home=home, reports=str(folder.parent), **settings), lambda _: None)
    try:
        return run.ingest("gb_ecju_licences")
    finally:
        run.close()


def refused(folder: Path, **settings: int) -> str:
    outcome = ingest(folder, **settings)
    assert outcome.archived == ["good.csv"]
    assert outcome.total("records") == 1
    (sentence,) = outcome.failures
    return sentence


@pytest.mark.parametrize("target", ["/etc/passwd", "/nowhere", "good.csv", "."])
def test_a_link_is_not_followed_wherever_it_leads(folder: Path, target: str) -> None:
    (folder / "link.csv").symlink_to(target)
    assert refused(folder) == f"{folder}/link.csv: is a link; put the report itself into {folder}"


def test_a_pipe_does_not_hold_the_run(folder: Path) -> None:
    os.mkfifo(folder / "pipe.csv")
    assert refused(folder) == f"{folder}/pipe.csv: is not a file; put reports directly into {folder}"


def test_a_giant_is_not_taken_into_memory(folder: Path) -> None:
    with (folder / "giant.csv").open("wb") as file:
        file.truncate(50_000_000_000)
    assert refused(folder) == (
        f"{folder}/giant.csv: has 50000000000 bytes; at most 200000000 are read; "
        "raise max_fetch_bytes if the report is sound"
    )


def test_a_name_that_is_no_text_and_a_date_of_no_calendar_fail_alone(folder: Path) -> None:
    (folder / os.fsdecode(b"caf\xe9.csv")).write_bytes(GOOD + b" ")
    outcome = ingest(folder)
    assert (outcome.archived, len(outcome.failures)) == (["good.csv"], 1)
    assert outcome.failures[0].isprintable()


def test_a_name_cannot_write_to_the_terminal_or_begin_a_line(folder: Path) -> None:
    (folder / "x\x1b[31m\n2026 ERROR all is lost.csv").write_bytes(b"nothing")
    (sentence,) = ingest(folder).failures
    assert sentence.isprintable()
    assert sentence.startswith("x\ufffd[31m 2026 ERROR all is lost.csv: refused: ")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("values.csv", "values.csv"),
        ("a\r\nb\tc", "a b c"),
        ("\x1b]0;title\x07", "\ufffd]0;title\ufffd"),
        ("\u202egpj.exe", "\ufffdgpj.exe"),
        ("x" * 300, "x" * 254 + "…"),
    ],
)
def test_one_line(text: str, shown: str) -> None:
    assert one_line(text) == shown

"""Hostile files of every format, through the ingest of every source: refused alone, the good one is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.registry import source_ids
from tests.hostile.corpus import Hostile, corpus
from tests.hostile.trial import Result, trial

FAST = ["gb_ecju_licences", "us_census_exports", "us_congress_resolutions"]
"""One source for each family of formats, every day; all of them, and all PDFs, are slow."""


def files_of(source_id: str) -> list[Hostile]:
    return [one for one in corpus() if one.source_id == source_id]


@pytest.mark.parametrize("source_id", FAST)
def test_small_hostile_files_are_refused_alone_with_one_sentence(source_id: str, tmp_path: Path) -> None:
    small = [one for one in files_of(source_id) if not one.slow and len(one.make()) < 100_000]
    result = trial(source_id, small, tmp_path)
    assert (result.documents > 12, result.faults) == (True, [])


@pytest.mark.slow
@pytest.mark.parametrize("source_id", source_ids())
def test_all_hostile_files_are_refused_alone_with_one_sentence(source_id: str, tmp_path: Path) -> None:
    assert trial(source_id, files_of(source_id), tmp_path).faults == []


def test_the_corpus_has_every_source_and_every_kind_of_hostility() -> None:
    names = {
        source_id: {one.name.partition(".")[0] for one in files_of(source_id)} for source_id in source_ids()
    }
    for found in names.values():
        assert {"picture", "bomb", "packed"} <= found
        assert "truncated" in found
    assert all(
        len(set(names)) == len(names) for names in ([one.name for one in files_of(s)] for s in source_ids())
    )


def test_a_fault_is_seen(tmp_path: Path) -> None:
    """The judge itself: a file that is read well is no refusal, and is said."""
    source_id = "gb_ecju_licences"
    good = Hostile(source_id, "good.csv", lambda: _other_rows(), "expected to be refused")
    result = trial(source_id, [good], tmp_path)
    assert isinstance(result, Result)
    assert [fault.partition(": expected")[0] for fault in result.faults] == [f"{source_id}, 'good.csv'"]
    assert str(result) == "hostile: 1 documents, 0 tracebacks, 0 hangs, 0 lost"


def _other_rows() -> bytes:
    from tests.workshop import uk

    return uk("77,2010-04-07,ML1,1,5,Peru,0")

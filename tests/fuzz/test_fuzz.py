"""Damaged copies of every sample are read or refused with a sentence: none is thrown, none hangs."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from tests.fuzz.bench import Bench
from tests.fuzz.mutations import damaged, mutations_for


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_no_damaged_copy_makes_a_reader_throw_or_hang(seed: int, figures: Callable[[str], None]) -> None:
    with Bench(seed, copies=25) as bench:
        found = [f"{finding.source_id}: {finding.why}" for finding in bench.round()]
        figures(bench.line())
    assert found == []
    assert bench.outcomes["read"] > 50
    assert bench.outcomes["refused"] > 50


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.pdf", "a.xlsx"])
def test_a_seed_gives_the_same_copies(name: str) -> None:
    content = b'{"a": [1, 2, 3]}\nstream\nabc\nendstream'
    one = [damaged(name, content, Random(n)) for n in range(50)]
    assert one == [damaged(name, content, Random(n)) for n in range(50)]
    assert sum(copy != content for copy in one) > 35
    assert mutations_for(name)

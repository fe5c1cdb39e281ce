"""Matches many texts: each distinct one once, on two processes when there are enough of them."""

from __future__ import annotations

import multiprocessing
import pickle
import tempfile
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from warehouse.units.matcher import Matcher
    from warehouse.units.registry import Registry
    from warehouse.units.result import MatchResult

Item = tuple[str, str | None, date | None]
POOL_FROM: Final = 8_000  # below this many distinct texts, starting processes costs more than it saves
CHUNK: Final = 1_000
DEFAULT_WORKERS: Final = 2

_matcher: Matcher | None = None


def match_distinct(matcher: Matcher, items: list[Item], workers: int | None) -> list[MatchResult]:
    """Results in the order of the items; equal items share one result object."""
    distinct = list(dict.fromkeys(items))
    if workers is None:
        workers = DEFAULT_WORKERS if len(distinct) >= POOL_FROM else 1
    if workers <= 1:
        found = [matcher.match(*item) for item in distinct]
    else:
        found = _in_pool(matcher.registry, distinct, workers)
    by_item = dict(zip(distinct, found, strict=True))
    return [by_item[item] for item in items]


def _in_pool(registry: Registry, distinct: list[Item], workers: int) -> list[MatchResult]:
    # spawn works alike on every system and copies no threads of the caller
    context = multiprocessing.get_context("spawn")
    # The registry travels by a file: a child that dies before it has read a pipe so full blocks the parent.
    chunks = [distinct[start : start + CHUNK] for start in range(0, len(distinct), CHUNK)]
    with tempfile.TemporaryDirectory(prefix="armswatch-match-") as folder:
        kept = Path(folder) / "registry.pickle"
        kept.write_bytes(pickle.dumps(registry))
        with ProcessPoolExecutor(workers, context, initializer=_prepare, initargs=(kept,)) as pool:
            return [result for part in pool.map(_match_chunk, chunks) for result in part]


def _prepare(kept: Path) -> None:
    global _matcher
    from warehouse.units.matcher import Matcher

    _matcher = Matcher(pickle.loads(kept.read_bytes()))  # noqa: S301 - written by the parent, in its own folder


def _match_chunk(items: list[Item]) -> list[MatchResult]:
    if _matcher is None:
        raise RuntimeError("the worker process was not prepared")
    return [_matcher.match(*item) for item in items]

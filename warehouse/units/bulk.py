"""Matches many texts: each distinct one once, on two processes when there are enough of them."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from datetime import date
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
    chunks = [distinct[start : start + CHUNK] for start in range(0, len(distinct), CHUNK)]
    with ProcessPoolExecutor(workers, context, initializer=_prepare, initargs=(registry,)) as pool:
        return [result for part in pool.map(_match_chunk, chunks) for result in part]


def _prepare(registry: Registry) -> None:
    global _matcher
    from warehouse.units.matcher import Matcher

    _matcher = Matcher(registry)


def _match_chunk(items: list[Item]) -> list[MatchResult]:
    if _matcher is None:
        raise RuntimeError("the worker process was not prepared")
    return [_matcher.match(*item) for item in items]

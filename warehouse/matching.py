"""Recognises units in the parties of all transfers; every distinct text is matched once and remembered."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import warehouse.arrow as arrow
from warehouse.sql import sql_beside

if TYPE_CHECKING:
    import duckdb

    from warehouse.units.registry import Registry
    from warehouse.units.result import MatchResult

_sql = sql_beside(__file__, "steps")

Text = tuple[str, str | None, date | None]
"""A party's text, the country of destination, and the date of the event."""


def match_parties(connection: duckdb.DuckDBPyConnection, registry: Registry, cache: Path) -> None:
    """Fill ``core.unit_matches`` from the parties of every transfer to Mexico, or to a place not stated.

    ``cache`` is a file that may be deleted at any time; results are remembered by text, country, date and
    registry version, so a night matches only what is new and an edit of the registry matches all anew.
    """
    parties = connection.execute(_sql("parties")).fetchall()
    results = _results({(text, country, on) for _, _, text, country, on, _ in parties}, registry, cache)
    rows: list[dict[str, Any]] = []
    for transfer_id, role, text, country, on, is_current in parties:
        for unit in results[text, country, on].units:
            rows.append(
                {
                    "transfer_id": transfer_id,
                    # a text may itself say who is what: "to X for end use by Y"
                    "role": unit.role or role,
                    "party_raw": text,
                    "unit_id": unit.unit_id,
                    "band": unit.band,
                    "matched_text": unit.matched_text,
                    "span_start": unit.span[0],
                    "span_end": unit.span[1],
                    "alias": unit.alias,
                    "match_rule": unit.rule,
                    "score": unit.score,
                    "rivals": list(unit.rivals),
                    "is_out_of_time": unit.out_of_time,
                    "is_current": is_current,
                    "registry_version": registry.version,
                }
            )
    arrow.insert(connection, "core.unit_matches", rows)


def _results(texts: set[Text], registry: Registry, cache: Path) -> dict[Text, MatchResult]:
    from warehouse.units.result import MatchResult

    known = _MatchCache(cache, registry.version)
    try:
        results = {text: MatchResult.from_json(found) for text, found in known.all().items() if text in texts}
        new = sorted(texts - results.keys(), key=lambda t: (t[0], t[1] or "", t[2] or date.min))
        if new:
            from warehouse.units.matcher import Matcher

            matched = Matcher(registry).match_many(new)
            results.update(zip(new, matched, strict=True))
            known.add((text, results[text].to_json()) for text in new)
        return results
    finally:
        known.close()


class _MatchCache:
    """Match results of one registry version in a small sqlite file; older versions are dropped."""

    def __init__(self, path: Path, registry_version: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, timeout=30)
        self._version = registry_version
        with self._db:
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS matches (version TEXT, text TEXT, country TEXT, event_date TEXT,"
                " result TEXT NOT NULL, PRIMARY KEY (version, text, country, event_date))"
            )
            self._db.execute("DELETE FROM matches WHERE version <> ?", (registry_version,))

    def all(self) -> dict[Text, str]:
        rows = self._db.execute("SELECT text, country, event_date, result FROM matches")
        return {
            (text, country or None, date.fromisoformat(on) if on else None): result
            for text, country, on, result in rows
        }

    def add(self, results: Iterable[tuple[Text, str]]) -> None:
        with self._db:
            self._db.executemany(
                "INSERT OR REPLACE INTO matches VALUES (?, ?, ?, ?, ?)",
                (
                    (self._version, text, country or "", on.isoformat() if on else "", result)
                    for (text, country, on), result in results
                ),
            )

    def close(self) -> None:
        self._db.close()

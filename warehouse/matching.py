"""Recognises units in the parties of all transfers; every distinct text is matched once and remembered."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import warehouse.arrow as arrow
from warehouse.sql import sql_beside

if TYPE_CHECKING:
    import duckdb

    from warehouse.units.records import Period
    from warehouse.units.registry import Registry
    from warehouse.units.result import MatchResult

_sql = sql_beside(__file__, "steps")

Text = tuple[str, str | None, date | None]
"""A party's text, the country of destination, and the date of the event."""


def match_parties(connection: duckdb.DuckDBPyConnection, registry: Registry, cache_file: Path) -> None:
    """Fill ``core.unit_matches`` and ``core.party_readings`` from the parties of transfers to Mexico, or to a
    place not stated.

    ``cache_file`` may be deleted at any time; results are remembered by text, country, date, matcher and
    registry version, so a night matches only what is new and an edit of the registry matches all anew.
    """
    parties = [Party(*row) for row in connection.execute(_sql("parties")).fetchall()]
    results = _results({party.asked for party in parties}, registry, cache_file)
    read = [(party, results[party.asked]) for party in parties]
    readings = (_reading(party, result, registry) for party, result in read)
    arrow.insert(connection, "core.party_readings", _unique(readings, _READING_KEY))
    matches = (row for party, result in read for row in _matches(party, result, registry))
    arrow.insert(connection, "core.unit_matches", _unique(matches, _MATCH_KEY))


@dataclass(frozen=True, slots=True)
class Party:
    """One text of a party in one transfer: its role, where the goods go, the days that the row speaks of."""

    transfer_id: str
    role: str
    text: str
    country: str | None
    first_day: date | None
    last_day: date | None
    is_current: bool

    @property
    def asked(self) -> Text:
        """What the matcher is asked."""
        return self.text, self.country, self.first_day


def _reading(party: Party, result: MatchResult, registry: Registry) -> dict[str, Any]:
    return {
        "transfer_id": party.transfer_id,
        "role": party.role,
        "party_raw": party.text,
        "reading_band": result.band,
        "undisclosed_kinds": list(result.undisclosed),
        "doubts": list(result.reasons),
        "set_aside_unit_ids": [unit.unit_id for unit in result.set_aside],
        "is_current": party.is_current,
        "registry_version": registry.version,
    }


def _matches(party: Party, result: MatchResult, registry: Registry) -> Iterator[dict[str, Any]]:
    # A text may itself say who is what. Where it names its end user, "to X for end use by Y", whoever stands
    # in it without a role is not the end user.
    says_end_user = any(unit.role == "end_user" for unit in result.units)
    silent_role = "consignee" if says_end_user and party.role == "end_user" else party.role
    for unit in result.units:
        yield {
            "transfer_id": party.transfer_id,
            "role": unit.role or silent_role,
            "party_raw": party.text,
            "unit_id": unit.unit_id,
            "band": unit.band,
            "matched_text": unit.matched_text,
            "span_start": unit.span[0],
            "span_end": unit.span[1],
            "alias": unit.alias,
            "match_rule": unit.rule,
            "score": unit.score,
            "rivals": list(unit.rivals),
            "is_out_of_time": _is_out_of_time(registry.units[unit.unit_id].active, party),
            "is_current": party.is_current,
            "registry_version": registry.version,
        }


def _is_out_of_time(active: Period, party: Party) -> bool:
    """True where no day of the row lies within the unit's life; bounds that are not known exclude nothing."""
    if party.first_day is None or party.last_day is None:
        return False
    ended = active.end is not None and not active.end_approximate and party.first_day > active.end
    not_begun = active.start is not None and not active.start_approximate and party.last_day < active.start
    return ended or not_begun


def _unique(rows: Iterable[dict[str, Any]], key: tuple[str, ...]) -> list[dict[str, Any]]:
    """One row a key: versions of a transfer may give the same text with other days."""
    kept: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        mine = tuple(row[name] for name in key)
        if mine not in kept or (row["is_current"] and not kept[mine]["is_current"]):
            kept[mine] = row
    return list(kept.values())


_READING_KEY = ("transfer_id", "role", "party_raw")
_MATCH_KEY = ("transfer_id", "role", "party_raw", "unit_id", "span_start")


def _results(texts: set[Text], registry: Registry, cache_file: Path) -> dict[Text, MatchResult]:
    from warehouse.units.result import MatchResult

    known = _MatchCache(cache_file, f"{registry.version} {_matcher_version()}")
    try:
        results = {text: MatchResult.from_json(found) for text, found in known.all().items() if text in texts}
        new = sorted(texts - results.keys(), key=lambda t: (t[0], t[1] or "", t[2] or date.min))
        if new:
            from warehouse.units.matcher import Matcher

            results.update(zip(new, Matcher(registry).match_many(new), strict=True))
            known.add((text, results[text].to_json()) for text in new)
        return results
    finally:
        known.close()


@cache
def _matcher_version() -> str:
    """Digest of the code that matches: what an older matcher answered is not to be remembered."""
    digest = hashlib.sha256()
    for path in sorted((Path(__file__).parent / "units").glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


class _MatchCache:
    """Match results of one matcher and registry version in a small sqlite file; older ones are dropped."""

    def __init__(self, path: Path, version: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, timeout=30)
        self._version = version
        with self._db:
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS matches (version TEXT, text TEXT, country TEXT, event_date TEXT,"
                " result TEXT NOT NULL, PRIMARY KEY (version, text, country, event_date))"
            )
            self._db.execute("DELETE FROM matches WHERE version <> ?", (version,))

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

"""Recognises units in the parties of all transfers; every distinct text is matched once and remembered."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import warehouse.arrow as arrow
from warehouse.catalog import fields
from warehouse.sql import sql_beside

if TYPE_CHECKING:
    import duckdb

    from warehouse.units.registry import Registry
    from warehouse.units.result import MatchResult

_sql = sql_beside(__file__, "steps")

Text = tuple[str, str | None, date | None]
"""A party's text, the country of destination, and the date of the event, or None for any date."""

_ALWAYS = (date.min, date.max)
_NEVER = (date.max, date.min)


def match_parties(connection: duckdb.DuckDBPyConnection, registry: Registry, cache_file: Path) -> None:
    """Fill ``core.unit_matches`` and ``core.party_readings`` from the parties of transfers to Mexico, or to a
    place not stated.

    ``cache_file`` may be deleted at any time; results are remembered by text, country, date, matcher and
    registry version, so a night matches only what is new and an edit of the registry matches all anew.

    A date only tells whether a name or unit of a text existed then. So each text is first read without a
    date; only dates on which one of its candidates did not exist are asked for by themselves.
    """
    connection.execute(f"CREATE OR REPLACE TEMP TABLE parties AS {_sql('parties')}")
    memory = _Memory(registry, cache_file)
    try:
        _offer_asked(connection, registry, memory)
        for step in ("party_readings", "unit_matches"):
            connection.execute(_sql(step), {"registry_version": registry.version})
    finally:
        memory.close()
    connection.execute(_sql("forget_parties"))


def _offer_asked(connection: duckdb.DuckDBPyConnection, registry: Registry, memory: _Memory) -> None:
    """Ask for every text, first without a date, and offer the answers under the number of the text."""
    texts: list[Text] = [(text, country, None) for text, country in connection.execute(_TEXTS).fetchall()]
    undated = memory.results(texts)
    spans = [_same_answer(text, result, registry) for text, result in zip(texts, undated, strict=True)]
    _offer(
        connection,
        "asked_texts",
        {
            "text_no": list(range(len(texts))),
            "party_raw": [text for text, _, _ in texts],
            "destination_country": [country for _, country, _ in texts],
            "same_from": [span[0] for span in spans],
            "same_to": [span[1] for span in spans],
        },
    )
    dated: list[Text] = connection.execute(_DATED_TEXTS).fetchall()
    answers = memory.results(dated)
    first = len(texts)
    _offer(
        connection,
        "asked_dates",
        {
            "text_no": list(range(first, first + len(dated))),
            "party_raw": [text for text, _, _ in dated],
            "destination_country": [country for _, country, _ in dated],
            "first_day": [day for _, _, day in dated],
        },
    )
    results = list(enumerate([*undated, *answers]))
    _offer_rows(connection, "text_readings", _READING, (_reading(*one) for one in results))
    _offer_rows(connection, "text_units", _UNIT, (row for one in results for row in _units(*one, registry)))


_TEXTS = """
SELECT DISTINCT party_raw, destination_country FROM parties ORDER BY ALL
"""
_DATED_TEXTS = """
SELECT DISTINCT p.party_raw, p.destination_country, p.first_day
FROM parties p JOIN asked_texts a
    ON a.party_raw = p.party_raw AND a.destination_country IS NOT DISTINCT FROM p.destination_country
WHERE p.first_day < a.same_from OR p.first_day > a.same_to ORDER BY ALL
"""


def _same_answer(text: Text, result: MatchResult, registry: Registry) -> tuple[date, date]:
    """The days on which the text has the answer that it has without a date.

    These are the days that no bound of a candidate's life or of one of its names excludes. A text without
    candidates has the same answer on every day; one that is read in windows is asked for each day.
    """
    from warehouse.units.normalise import MAX_LENGTH

    if len(text[0]) > MAX_LENGTH:
        return _NEVER
    start, end = _ALWAYS
    for unit in (*result.units, *result.set_aside):
        for unit_id in (unit.unit_id, *unit.rivals):
            first, last = _undoubted(registry)[unit_id]
            start, end = max(start, first), min(end, last)
    return start, end


_undoubted_days: dict[str, dict[str, tuple[date, date]]] = {}


def _undoubted(registry: Registry) -> dict[str, tuple[date, date]]:
    """For each unit the days that neither its own period nor that of any of its names excludes."""
    if registry.version not in _undoubted_days:
        _undoubted_days.clear()
        periods = {unit_id: [unit.active] for unit_id, unit in registry.units.items()}
        for alias in registry.aliases:
            periods[alias.unit_id].append(alias.valid)
        _undoubted_days[registry.version] = {
            unit_id: (
                max((p.start for p in known if p.start and not p.start_approximate), default=date.min),
                min((p.end for p in known if p.end and not p.end_approximate), default=date.max),
            )
            for unit_id, known in periods.items()
        }
    return _undoubted_days[registry.version]


def _reading(number: int, result: MatchResult) -> dict[str, Any]:
    return {
        "text_no": number,
        "reading_band": result.band,
        "undisclosed_kinds": list(result.undisclosed),
        "doubts": list(result.reasons),
        "set_aside_unit_ids": [unit.unit_id for unit in result.set_aside],
        # A text may itself say who is what. Where it names its end user, "to X for end use by Y", whoever
        # stands in it without a role is not the end user.
        "says_end_user": any(unit.role == "end_user" for unit in result.units),
    }


def _units(number: int, result: MatchResult, registry: Registry) -> Iterator[dict[str, Any]]:
    for position, unit in enumerate(result.units):
        active = registry.units[unit.unit_id].active
        yield {
            "text_no": number,
            "position": position,
            "said_role": unit.role or None,
            "unit_id": unit.unit_id,
            "band": unit.band,
            "matched_text": unit.matched_text,
            "span_start": unit.span[0],
            "span_end": unit.span[1],
            "alias": unit.alias,
            "match_rule": unit.rule,
            "score": unit.score,
            "rivals": list(unit.rivals),
            # bounds that are not known for certain exclude nothing
            "began": None if active.start_approximate else active.start,
            "ended": None if active.end_approximate else active.end,
        }


_READING = ("text_no", "reading_band", "undisclosed_kinds", "doubts", "set_aside_unit_ids", "says_end_user")
_UNIT = (
    "text_no", "position", "said_role", "unit_id", "band", "matched_text", "span_start", "span_end", "alias",
    "match_rule", "score", "rivals", "began", "ended",
)  # fmt: skip


def _offer_rows(
    connection: duckdb.DuckDBPyConnection, name: str, columns: tuple[str, ...], rows: Iterable[dict[str, Any]]
) -> None:
    cells: dict[str, list[Any]] = {column: [] for column in columns}
    for row in rows:
        for column in columns:
            cells[column].append(row[column])
    _offer(connection, name, cells)


def _offer(connection: duckdb.DuckDBPyConnection, name: str, cells: dict[str, list[Any]]) -> None:
    """Make columns readable as a table of this name, typed by the catalog or as the texts' own."""
    import pyarrow as pa

    own = {
        "text_no": pa.int32(), "position": pa.int32(), "says_end_user": pa.bool_(), "said_role": pa.string(),
        "same_from": pa.date32(), "same_to": pa.date32(), "first_day": pa.date32(), "began": pa.date32(),
        "ended": pa.date32(),
    }  # fmt: skip
    arrays = {
        column: pa.array(values, own.get(column) or arrow.arrow_type(fields()[column].type))
        for column, values in cells.items()
    }
    connection.register("offered", pa.table(arrays))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM offered")
    connection.unregister("offered")


class _Memory:
    """What the matcher answers, each text, country and date once for this matcher and registry version."""

    def __init__(self, registry: Registry, cache_file: Path) -> None:
        self._registry = registry
        self._cache = _MatchCache(cache_file, f"{registry.version} {_matcher_version()}")
        self._known = self._cache.all()

    def results(self, texts: list[Text]) -> list[MatchResult]:
        """One result a text, in order; what is not known yet is matched and remembered."""
        from warehouse.units.result import MatchResult

        new = [text for text in texts if text not in self._known]
        if new:
            from warehouse.units.matcher import Matcher

            answers = [result.to_json() for result in Matcher(self._registry).match_many(new)]
            fresh = dict(zip(new, answers, strict=True))
            self._cache.add(fresh.items())
            self._known.update(fresh)
        return [MatchResult.from_json(self._known[text]) for text in texts]

    def close(self) -> None:
        """Close the cache file."""
        self._cache.close()


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
        self._version = version
        self._db = sqlite3.connect(path, timeout=30)
        try:
            self._prepare()
        except sqlite3.OperationalError:  # held, or no room: not damaged
            self._db.close()
            raise
        except sqlite3.DatabaseError:  # damaged, and all of it can be matched anew
            self._db.close()
            path.unlink()
            self._db = sqlite3.connect(path, timeout=30)
            self._prepare()

    def _prepare(self) -> None:
        with self._db:
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS matches (version TEXT, text TEXT, country TEXT, event_date TEXT,"
                " result TEXT NOT NULL, PRIMARY KEY (version, text, country, event_date))"
            )
            self._db.execute("DELETE FROM matches WHERE version <> ?", (self._version,))

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

"""One frozen record per row of the registry's files, and the period of time that a row holds for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_DATE: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(\?)?")


@dataclass(frozen=True, slots=True)
class Period:
    """From and to, both inclusive; None is unknown, not 'always'. `*_approximate` marks a '?' in the file."""

    start: date | None = None
    end: date | None = None
    start_approximate: bool = False
    end_approximate: bool = False

    def excludes(self, day: date | None) -> bool:
        """True when the day lies outside for certain: an unknown or approximate bound excludes nothing."""
        if day is None:
            return False
        before = self.start is not None and not self.start_approximate and day < self.start
        after = self.end is not None and not self.end_approximate and day > self.end
        return before or after

    def overlaps(self, other: Period) -> bool:
        """True when the two can hold on one day; a blank bound is open."""
        starts_in_time = self.start is None or other.end is None or self.start <= other.end
        ends_in_time = self.end is None or other.start is None or other.start <= self.end
        return starts_in_time and ends_in_time


def parse_day(text: str, *, last: bool = False) -> tuple[date | None, bool]:
    """Read YYYY, YYYY-MM or YYYY-MM-DD with an optional '?'; gives (date or None for blank, approximate).

    A year or month means its first day, or its last with `last`. Raises ValueError with the text.
    """
    text = text.strip()
    if not text:
        return None, False
    found = _DATE.fullmatch(text)
    if found is None:
        raise ValueError(f"'{text}' is not YYYY, YYYY-MM or YYYY-MM-DD (a '?' may follow)")
    year, month, day = (int(part) if part else None for part in found.groups()[:3])
    if year is None or year == 0:
        raise ValueError(f"'{text}' has no year")
    try:
        if day is not None and month is not None:
            value = date(year, month, day)
        elif not last:
            value = date(year, month or 1, 1)
        elif month is None or month == 12:
            value = date(year, 12, 31)
        else:
            value = date(year, month + 1, 1) - timedelta(days=1)
    except ValueError as error:
        raise ValueError(f"'{text}' is not a date: {error}") from error
    return value, found.group(4) is not None


def parse_period(start: str, end: str) -> Period:
    """Read two cells as a Period; ValueError when one is unreadable or they stand in the wrong order."""
    first, first_approximate = parse_day(start)
    final, final_approximate = parse_day(end, last=True)
    if first is not None and final is not None and first > final:
        raise ValueError(f"'{start}' is after '{end}'")
    return Period(first, final, first_approximate, final_approximate)


@dataclass(frozen=True, slots=True)
class Unit:
    """A public body. `may_carry_flag` is False for bodies kept only to be recognised (customs, migration,
    finance). `intermediary` marks a body that buys for others: named alone as end user, it leaves the real
    end user undisclosed (docs/units.md 1.1)."""

    unit_id: str
    name_es: str
    name_en: str
    level: str
    branch: str
    state_iso: str
    active: Period
    may_carry_flag: bool
    intermediary: bool
    source_url: str
    from_memory: bool
    notes: str


@dataclass(frozen=True, slots=True)
class Alias:
    """A name of a unit as seen in documents; `needs` says what must support it (fields.NEEDS)."""

    unit_id: str
    alias: str
    strength: str
    needs: str
    valid: Period
    citation: str
    note: str


@dataclass(frozen=True, slots=True)
class Relation:
    """unit_id has other_unit_id as its parent, or as its successor, for a period."""

    unit_id: str
    relation: str
    other_unit_id: str
    valid: Period
    kind: str
    citation: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One unit, one event, one source. Dates stay as printed, because an event may be an interval.

    `from_memory` rows have no source: they are kept for the researcher and never shown as fact.
    """

    finding_id: str
    unit_id: str
    category: str
    event: str
    event_date: str
    finding_date: str
    place: str
    body: str
    canonical_number: str
    status: str
    confidence: str
    attribution: str
    source_url: str
    source_title: str
    retrieved_on: str
    right_of_reply: str
    reviewer: str
    recheck_on: str
    from_memory: bool
    notes: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A reviewer's answer for one text, made once: match with these units, or none."""

    text: str
    country: str
    decision: str
    unit_ids: tuple[str, ...]
    reviewer: str
    decided_on: str
    note: str


@dataclass(frozen=True, slots=True)
class Slot:
    """The kind of body a unit is, so that 'State Police of <any state>' and '27th Infantry Battalion' are
    found by kind + place or number instead of one alias for each wording."""

    unit_id: str
    slot: str
    number: str
    place: str

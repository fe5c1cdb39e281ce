"""The registry's rules, row by row: each fault names file, row, what is wrong and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final

from warehouse.units import fields
from warehouse.units.normalise import normalise
from warehouse.units.records import Period, parse_day, parse_period
from warehouse.units.tables import Problem, Row

Tables = dict[str, list[Row]]
_UNIT_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_STATE: Final = re.compile(r"(MX-[A-Z]{3})?")
_COUNTRY: Final = re.compile(r"([A-Z]{2})?")


def check_rows(tables: Tables) -> list[Problem]:
    """All faults of the six registry tables; the tables' own structure was checked when they were read."""
    problems: list[Problem] = []
    checks: tuple[Callable[[Tables], Iterable[Problem]], ...] = (
        _check_units,
        _check_aliases,
        _check_claims,
        _check_relations,
        _check_overlaps,
        _check_cycles,
        _check_findings,
        _check_decisions,
        _check_slots,
    )
    for check in checks:
        problems.extend(check(tables))
    return problems


def _word(file: str, row: Row, column: str, words: Iterable[str]) -> Iterator[Problem]:
    allowed = sorted(words)
    if row[column] not in allowed:
        shown = ", ".join(word or "(blank)" for word in allowed)
        yield Problem(file, row.number, f"{column} '{row[column]}' is not in use", f"write one of: {shown}")


def _unit_ids(tables: Tables) -> frozenset[str]:
    return frozenset(unit["unit_id"] for unit in tables["units.csv"])


def _known(file: str, row: Row, column: str, known: Collection[str]) -> Iterator[Problem]:
    if row[column] not in known:
        what = f"{column} '{row[column]}' is an unknown unit"
        yield Problem(file, row.number, what, "add it to units.csv or correct the id")


def _required(file: str, row: Row, columns: Iterable[str]) -> Iterator[Problem]:
    for column in columns:
        if not row[column]:
            yield Problem(file, row.number, f"{column} is blank", "fill it in; it is required")


def _period(file: str, row: Row, start: str, end: str) -> Iterator[Problem]:
    try:
        parse_period(row[start], row[end])
    except ValueError as error:
        yield Problem(
            file, row.number, f"{start}/{end}: {error}", "write YYYY, YYYY-MM or YYYY-MM-DD, from first"
        )


def _duplicates(file: str, rows: list[Row], column: str) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for row in rows:
        if row[column] in first:
            what = f"{column} '{row[column]}' stands already in row {first[row[column]]}"
            yield Problem(file, row.number, what, "give the new row its own id; ids are never reused")
        first.setdefault(row[column], row.number)


def _check_units(tables: Tables) -> Iterator[Problem]:
    file = "units.csv"
    yield from _duplicates(file, tables[file], "unit_id")
    for row in tables[file]:
        if not _UNIT_ID.fullmatch(row["unit_id"]):
            what = f"unit_id '{row['unit_id']}' is not lower-case words joined by hyphens"
            yield Problem(file, row.number, what, "write it like gro-ssp or army-bi-27")
        if not _STATE.fullmatch(row["state_iso"]):
            yield Problem(file, row.number, f"state_iso '{row['state_iso']}'", "write ISO 3166-2 like MX-GRO")
        yield from _required(file, row, ("name_es", "name_en"))
        yield from _word(file, row, "level", fields.LEVELS)
        yield from _word(file, row, "branch", fields.BRANCHES)
        for column in ("may_carry_flag", "intermediary", "from_memory"):
            yield from _word(file, row, column, fields.BOOLEANS)
        yield from _period(file, row, "active_from", "active_to")


def _check_aliases(tables: Tables) -> Iterator[Problem]:
    file = "unit_aliases.csv"
    known = _unit_ids(tables)
    for row in tables[file]:
        yield from _known(file, row, "unit_id", known)
        if not normalise(row["alias"]):
            yield Problem(
                file, row.number, "alias has no letter or digit", "write the name or delete the row"
            )
        yield from _word(file, row, "strength", fields.STRENGTHS)
        if row["strength"] in fields.NEEDS:
            yield from _word(file, row, "needs", fields.NEEDS[row["strength"]])
        yield from _period(file, row, "valid_from", "valid_to")


def _safe_period(start: str, end: str) -> Period:
    """The period, or an open one when its cells are unreadable: that fault is reported by its own check."""
    try:
        return parse_period(start, end)
    except ValueError:
        return Period()


def _check_claims(tables: Tables) -> Iterator[Problem]:
    file = "unit_aliases.csv"
    groups: dict[str, list[Row]] = {}
    for row in tables[file]:
        groups.setdefault(normalise(row["alias"]), []).append(row)
    for rows in groups.values():
        for index, row in enumerate(rows):
            for earlier in rows[:index]:
                yield from _claim(file, earlier, row)


def _claim(file: str, earlier: Row, row: Row) -> Iterator[Problem]:
    first = _safe_period(earlier["valid_from"], earlier["valid_to"])
    second = _safe_period(row["valid_from"], row["valid_to"])
    if not first.overlaps(second):
        return
    if earlier["unit_id"] == row["unit_id"]:
        what = f"alias '{row['alias']}' stands already in row {earlier.number} for an overlapping period"
        yield Problem(file, row.number, what, "delete one of the two or set their dates apart")
    elif earlier["strength"] == row["strength"] == "strong":
        what = f"alias '{row['alias']}' is claimed by {row['unit_id']} and, in row {earlier.number}, by "
        what += earlier["unit_id"]
        yield Problem(file, row.number, what, "make both weak with needs=place, or set their dates apart")


def _check_relations(tables: Tables) -> Iterator[Problem]:
    file = "unit_relations.csv"
    known = _unit_ids(tables)
    for row in tables[file]:
        yield from _known(file, row, "unit_id", known)
        yield from _known(file, row, "other_unit_id", known)
        yield from _word(file, row, "relation", fields.RELATION_NAMES)
        if row["relation"] in fields.KINDS:
            yield from _word(file, row, "kind", fields.KINDS[row["relation"]])
        yield from _period(file, row, "valid_from", "valid_to")
        if row["unit_id"] == row["other_unit_id"]:
            yield Problem(file, row.number, f"{row['unit_id']} is related to itself", "correct other_unit_id")


def _check_overlaps(tables: Tables) -> Iterator[Problem]:
    """A unit has one line of command at a time; it may have several successors."""
    file = "unit_relations.csv"
    seen: dict[tuple[str, str], list[Row]] = {}
    for row in tables[file]:
        if row["relation"] != "parent":
            continue
        group = seen.setdefault((row["unit_id"], row["kind"]), [])
        mine = _safe_period(row["valid_from"], row["valid_to"])
        for earlier in group:
            if mine.overlaps(_safe_period(earlier["valid_from"], earlier["valid_to"])):
                what = f"parent {row['other_unit_id']} of {row['unit_id']} overlaps row {earlier.number} "
                what += f"({earlier['other_unit_id']})"
                yield Problem(file, row.number, what, "end the earlier one before the later begins")
        group.append(row)


def _check_cycles(tables: Tables) -> Iterator[Problem]:
    file = "unit_relations.csv"
    for relation in sorted(fields.RELATION_NAMES):
        edges: dict[str, list[Row]] = {}
        for row in tables[file]:
            if row["relation"] == relation:
                edges.setdefault(row["unit_id"], []).append(row)
        for row in tables[file]:
            if row["relation"] == relation and _reaches(edges, row["other_unit_id"], row["unit_id"]):
                what = f"{row['unit_id']} is its own {relation} by way of {row['other_unit_id']}: a cycle"
                yield Problem(file, row.number, what, "remove one relation of the circle")


def _reaches(edges: dict[str, list[Row]], start: str, goal: str) -> bool:
    waiting, seen = [start], {start}
    while waiting:
        unit = waiting.pop()
        if unit == goal:
            return True
        for row in edges.get(unit, []):
            if row["other_unit_id"] not in seen:
                seen.add(row["other_unit_id"])
                waiting.append(row["other_unit_id"])
    return False


def _check_findings(tables: Tables) -> Iterator[Problem]:
    file = "unit_findings.csv"
    yield from _duplicates(file, tables[file], "finding_id")
    known = _unit_ids(tables)
    for row in tables[file]:
        yield from _known(file, row, "unit_id", known)
        yield from _required(file, row, ("finding_id", "event", "body"))
        yield from _word(file, row, "category", fields.CATEGORIES)
        yield from _word(file, row, "status", fields.STATUSES)
        yield from _word(file, row, "confidence", fields.CONFIDENCES)
        yield from _word(file, row, "attribution", fields.ATTRIBUTIONS)
        yield from _word(file, row, "from_memory", fields.BOOLEANS)
        yield from _interval(file, row)
        for column in ("finding_date", "retrieved_on", "recheck_on"):
            yield from _day(file, row, column)
        if row["from_memory"] == "false" and not row["source_url"]:
            what = "a finding without source_url says from_memory=false"
            yield Problem(file, row.number, what, "cite the source or set from_memory to true")


def _interval(file: str, row: Row) -> Iterator[Problem]:
    start, _, end = row["event_date"].partition("/")
    try:
        parse_period(start, end)
    except ValueError as error:
        what = f"event_date: {error}"
        yield Problem(file, row.number, what, "write a date, or two joined by '/' for an interval")


def _day(file: str, row: Row, column: str) -> Iterator[Problem]:
    try:
        parse_day(row[column])
    except ValueError as error:
        yield Problem(file, row.number, f"{column}: {error}", "write YYYY, YYYY-MM or YYYY-MM-DD")


def _check_decisions(tables: Tables) -> Iterator[Problem]:
    file = "review_decisions.csv"
    known = {unit["unit_id"] for unit in tables["units.csv"]}
    first: dict[tuple[str, str], int] = {}
    for row in tables[file]:
        yield from _required(file, row, ("text", "reviewer", "decided_on"))
        yield from _word(file, row, "decision", fields.DECISION_NAMES)
        yield from _day(file, row, "decided_on")
        if not _COUNTRY.fullmatch(row["country"]):
            yield Problem(
                file, row.number, f"country '{row['country']}'", "write ISO 3166-1 alpha-2 or leave blank"
            )
        named = [part for part in row["unit_ids"].split("|") if part]
        for unit_id in named:
            if unit_id not in known:
                what = f"unit_ids names '{unit_id}', an unknown unit"
                yield Problem(file, row.number, what, "add it to units.csv or correct the id")
        if (row["decision"] == "match") != bool(named):
            what = f"decision {row['decision']} with unit_ids '{row['unit_ids']}'"
            yield Problem(
                file, row.number, what, "a match names its units, joined by |; a none names no unit"
            )
        key = (normalise(row["text"]), row["country"])
        if key in first:
            what = f"the text was decided already in row {first[key]}"
            yield Problem(file, row.number, what, "keep one decision for each text and country")
        first.setdefault(key, row.number)


def _check_slots(tables: Tables) -> Iterator[Problem]:
    file = "unit_slots.csv"
    first: dict[tuple[str, str, str], int] = {}
    known = _unit_ids(tables)
    for row in tables[file]:
        yield from _known(file, row, "unit_id", known)
        yield from _required(file, row, ("slot",))
        if row["number"] and not row["number"].isdigit():
            yield Problem(file, row.number, f"number '{row['number']}'", "write digits only")
        key = (row["slot"], row["number"], row["place"])
        if key in first:
            what = f"slot {row['slot']} {row['number'] or row['place']} stands already in row {first[key]}"
            yield Problem(file, row.number, what, "one unit fills one slot of one place or number")
        first.setdefault(key, row.number)

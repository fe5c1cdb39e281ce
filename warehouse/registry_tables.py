"""The registry of units, and the runs, as rows of their tables."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import warehouse.arrow as arrow
from warehouse.sql import sql_beside

if TYPE_CHECKING:
    import duckdb

    from warehouse.units.records import Alias, Finding, Period, Relation, Unit
    from warehouse.units.registry import Registry

_sql = sql_beside(__file__, "steps")


def fill(connection: duckdb.DuckDBPyConnection, registry: Registry) -> None:
    """Write units, aliases, relations, relatives and findings into core."""
    arrow.insert(
        connection, "core.units", map(_unit, sorted(registry.units.values(), key=lambda u: u.unit_id))
    )
    arrow.insert(connection, "core.unit_aliases", map(_alias, registry.aliases))
    arrow.insert(connection, "core.unit_relations", map(_relation, registry.relations))
    arrow.insert(connection, "core.unit_findings", map(_finding, registry.findings))
    connection.execute(_sql("relatives"))


def _unit(unit: Unit) -> dict[str, Any]:
    return {
        "unit_id": unit.unit_id,
        "unit_name": unit.name_es,
        "unit_name_en": unit.name_en or None,
        "level": unit.level,
        "branch": unit.branch,
        "state_iso": unit.state_iso or None,
        **dict(zip(("active_from", "active_to"), _bounds(unit.active), strict=True)),
        "may_carry_flag": unit.may_carry_flag,
        "is_intermediary": unit.intermediary,
        "source_url": unit.source_url or None,
        "is_from_memory": unit.from_memory,
        "notes": unit.notes or None,
    }


def _alias(alias: Alias) -> dict[str, Any]:
    return {
        "unit_id": alias.unit_id,
        "alias": alias.alias,
        "strength": alias.strength,
        **_validity(alias.valid),
        "citation": alias.citation or None,
        "notes": alias.note or None,
    }


def _relation(relation: Relation) -> dict[str, Any]:
    return {
        "unit_id": relation.unit_id,
        "relation": relation.relation,
        "other_unit_id": relation.other_unit_id,
        "relation_kind": relation.kind or None,
        **_validity(relation.valid),
        "citation": relation.citation or None,
    }


_TAKEN_BACK = frozenset({"charges_withdrawn", "acquitted"})


def is_on_record(finding: Finding) -> bool:
    """True where a finding counts for the unit itself: about the unit and not its head, with a source that
    was seen, and not taken back. Only such findings raise a flag; all are shown (units.md section 4)."""
    sourced = bool(finding.source_url) and not finding.from_memory
    return sourced and finding.attribution == "unit" and finding.status not in _TAKEN_BACK


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "finding_id": finding.finding_id,
        "unit_id": finding.unit_id,
        "category": finding.category,
        "event": finding.event,
        "finding_event_date": finding.event_date or None,
        "finding_date": finding.finding_date or None,
        "place": finding.place or None,
        "body": finding.body or None,
        "canonical_number": finding.canonical_number or None,
        "status": finding.status,
        "confidence": finding.confidence,
        "attribution": finding.attribution,
        "source_url": finding.source_url or None,
        "source_title": finding.source_title or None,
        "is_from_memory": finding.from_memory,
        "is_on_record": is_on_record(finding),
        "notes": finding.notes or None,
    }


def _validity(period: Period) -> dict[str, str | None]:
    return dict(zip(("valid_from", "valid_to"), _bounds(period), strict=True))


def _bounds(period: Period) -> tuple[str | None, str | None]:
    return (
        _printed(period.start, period.start_approximate),
        _printed(period.end, period.end_approximate),
    )


def _printed(day: date | None, is_approximate: bool) -> str | None:
    return None if day is None else f"{day.isoformat()}{'?' if is_approximate else ''}"


def run_row(run: tuple[str, str, str | None, str | None]) -> dict[str, Any]:
    """A run of state.sqlite as a row of meta.runs."""
    run_id, started_at, ended_at, outcome = run
    return {
        "run_id": run_id,
        "started_at": datetime.fromisoformat(started_at),
        "ended_at": datetime.fromisoformat(ended_at) if ended_at else None,
        "outcome": outcome,
    }

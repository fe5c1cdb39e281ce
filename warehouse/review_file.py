"""``<home>/review_decisions.csv``: what was decided about doubtful texts here, beside the registry's own.

The file has the columns of ``warehouse/units/review_decisions.csv``. A decision that everyone should have is
moved there by hand and reviewed as a diff; where both speak of one text, the home's is followed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from warehouse.home import written_whole
from warehouse.units import fields
from warehouse.units.normalise import normalise
from warehouse.units.records import Decision
from warehouse.units.registry import FOLDER, Registry
from warehouse.units.registry_checks import check_rows
from warehouse.units.tables import Problem, RegistryError, Row, read_table

NAME = "review_decisions.csv"


def with_home_decisions(registry: Registry, home: Path) -> Registry:
    """The registry with the home's decisions, which count in its version.

    Raises RegistryError, naming the row, where the home's file cannot be used.
    """
    decisions = read_decisions(home / NAME)
    return replace(registry, decisions=(*registry.decisions, *decisions)) if decisions else registry


def read_decisions(path: Path) -> tuple[Decision, ...]:
    """Decisions of a file in row order; none where there is no file. Raises RegistryError for its faults."""
    if not path.exists():
        return ()
    problems: list[Problem] = []
    rows = read_table(path, fields.DECISIONS, problems)
    problems += _faults(rows)
    if problems:
        raise RegistryError(problems)
    return tuple(_decision(row.cells) for row in rows)


def _faults(rows: Sequence[Row]) -> list[Problem]:
    """What the registry's own check says of these rows."""
    quiet: list[Problem] = []
    tables = {name: read_table(FOLDER / name, columns, quiet) for name, columns in fields.COLUMNS.items()}
    return [p for p in check_rows({**tables, NAME: list(rows)}) if p.file == NAME]


def _decision(cells: dict[str, str]) -> Decision:
    unit_ids = tuple(part for part in cells["unit_ids"].split("|") if part)
    return Decision(
        text=cells["text"],
        country=cells["country"],
        decision=cells["decision"],
        unit_ids=unit_ids,
        reviewer=cells["reviewer"],
        decided_on=cells["decided_on"],
        note=cells["note"],
    )


def decide(path: Path, decision: Decision) -> None:
    """Add a decision to the file, in place of an earlier one about the same text and country.

    Raises RegistryError where the decision, or a row that stands in the file, cannot be used.
    """
    cells = {**asdict(decision), "unit_ids": "|".join(decision.unit_ids)}
    if problems := _faults([Row(2, {name: str(cells[name]) for name in fields.DECISIONS})]):
        raise RegistryError(problems)
    mine = (normalise(decision.text), decision.country)
    others = [d for d in read_decisions(path) if (normalise(d.text), d.country) != mine]
    with written_whole(path) as temporary:
        temporary.write_text(_csv([*others, decision]), "utf-8")


def _csv(decisions: Iterable[Decision]) -> str:
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(fields.DECISIONS)
    for decision in decisions:
        cells = {**asdict(decision), "unit_ids": "|".join(decision.unit_ids)}
        writer.writerow([cells[name] for name in fields.DECISIONS])
    return lines.getvalue()

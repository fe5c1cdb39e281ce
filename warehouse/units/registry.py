"""The registry of Mexican security units: loads the CSVs of this folder, or says row by row what is wrong.

Only the standard library is imported here, so that the command line starts fast. The files, their columns
and the meaning of each are in docs/units.md section 7 and warehouse/units/fields.py.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from warehouse.units import fields
from warehouse.units.normalise import normalise
from warehouse.units.records import (
    Alias,
    Decision,
    Finding,
    Relation,
    Slot,
    Unit,
    parse_period,
)
from warehouse.units.registry_checks import check_rows
from warehouse.units.tables import DATA_COLUMNS, Problem, RegistryError, Row, read_data, read_table

FOLDER: Final = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Registry:
    """Units by id, their names, relations, findings, decisions, and the matcher's word lists.

    Raises nothing on lookup of a known unit; an unknown unit_id is a KeyError.
    """

    units: Mapping[str, Unit]
    aliases: tuple[Alias, ...]
    relations: tuple[Relation, ...]
    findings: tuple[Finding, ...]
    decisions: tuple[Decision, ...]
    slots: tuple[Slot, ...]
    word_lists: Mapping[str, tuple[Mapping[str, str], ...]] = field(repr=False)

    @cached_property
    def version(self) -> str:
        """sha256 of the parsed meaning: quoting, line ends, BOM, delimiter, row order do not change it."""
        meaning: dict[str, Any] = {
            "units": sorted(_plain(unit) for unit in self.units.values()),
            "aliases": sorted(_plain(alias) for alias in self.aliases),
            "relations": sorted(_plain(relation) for relation in self.relations),
            "findings": sorted(_plain(finding) for finding in self.findings),
            "decisions": sorted(_plain(decision) for decision in self.decisions),
            "slots": sorted(_plain(slot) for slot in self.slots),
            # Order counts in the word lists: the first slot rule that fits wins.
            "word_lists": {name: [dict(row) for row in rows] for name, rows in self.word_lists.items()},
        }
        text = json.dumps(meaning, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode("utf-8")).hexdigest()

    def parents(self, unit_id: str, on: date | None = None, kind: str | None = None) -> tuple[Unit, ...]:
        """Direct parents, of every period or of those that may hold on the day; kind: fields.KINDS."""
        return self._others(self._by_unit, "parent", unit_id, on, kind)

    def children(self, unit_id: str, on: date | None = None, kind: str | None = None) -> tuple[Unit, ...]:
        """Direct children; a collective licence holder's municipal forces are its children of that kind."""
        return self._others(self._by_other, "parent", unit_id, on, kind)

    def successors(self, unit_id: str) -> tuple[Unit, ...]:
        """Units that took this one over."""
        return self._others(self._by_unit, "successor", unit_id, None, None)

    def predecessors(self, unit_id: str) -> tuple[Unit, ...]:
        """Units that this one took over."""
        return self._others(self._by_other, "successor", unit_id, None, None)

    def ancestors(self, unit_id: str) -> frozenset[str]:
        """unit_ids above in the line of command, at any time; collective licences are not command."""
        return self._ancestors[unit_id]

    def relatives(self, unit_id: str) -> frozenset[str]:
        """Ancestors, children, successors and predecessors: a name of one supports a name of the other."""
        return self._relatives[unit_id]

    def succession(self, unit_id: str) -> frozenset[str]:
        """unit_ids of those that took this one over, and of those that it took over."""
        return self._succession[unit_id]

    @cached_property
    def _succession(self) -> dict[str, frozenset[str]]:
        both = {unit_id: (*self.successors(unit_id), *self.predecessors(unit_id)) for unit_id in self.units}
        return {unit_id: frozenset(unit.unit_id for unit in units) for unit_id, units in both.items()}

    @cached_property
    def _ancestors(self) -> dict[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for unit_id in self.units:
            above: set[str] = set()
            waiting = [unit_id]
            while waiting:
                for parent in self.parents(waiting.pop(), kind="command"):
                    if parent.unit_id not in above:
                        above.add(parent.unit_id)
                        waiting.append(parent.unit_id)
            found[unit_id] = frozenset(above)
        return found

    @cached_property
    def _relatives(self) -> dict[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for unit_id in self.units:
            below = {unit.unit_id for unit in self.children(unit_id)}
            found[unit_id] = self._ancestors[unit_id] | self._succession[unit_id] | below
        return found

    @cached_property
    def numbered_units(self) -> frozenset[str]:
        """unit_ids of battalions, regiments and zones that are told apart by their number."""
        return frozenset(slot.unit_id for slot in self.slots if slot.number)

    def findings_of(self, unit_id: str) -> tuple[Finding, ...]:
        """Findings on the unit itself, in file order; relatives' findings are the rules' business."""
        self.units[unit_id]
        return tuple(finding for finding in self.findings if finding.unit_id == unit_id)

    def aliases_of(self, unit_id: str) -> tuple[Alias, ...]:
        """Names of the unit, in file order."""
        self.units[unit_id]
        return tuple(alias for alias in self.aliases if alias.unit_id == unit_id)

    @cached_property
    def _by_unit(self) -> dict[str, list[Relation]]:
        return _grouped(self.relations, "unit_id")

    @cached_property
    def _by_other(self) -> dict[str, list[Relation]]:
        return _grouped(self.relations, "other_unit_id")

    def _others(
        self,
        index: dict[str, list[Relation]],
        relation: str,
        unit_id: str,
        on: date | None,
        kind: str | None,
    ) -> tuple[Unit, ...]:
        self.units[unit_id]
        found: dict[str, Unit] = {}
        for row in index.get(unit_id, []):
            wanted = row.relation == relation and kind in (None, row.kind) and not row.valid.excludes(on)
            if wanted:
                other = row.other_unit_id if row.unit_id == unit_id else row.unit_id
                found.setdefault(other, self.units[other])
        return tuple(found.values())


def _grouped(relations: Iterable[Relation], key: str) -> dict[str, list[Relation]]:
    groups: dict[str, list[Relation]] = {}
    for relation in relations:
        groups.setdefault(getattr(relation, key), []).append(relation)
    return groups


def _plain(record: Any) -> str:
    return json.dumps(dataclasses.asdict(record), ensure_ascii=False, sort_keys=True, default=str)


def load_registry(folder: Path | None = None) -> Registry:
    """Read the registry of `folder` (default: this package's own files).

    Raises RegistryError with every Problem when any row is wrong: a half-read registry would hide units.
    """
    folder = folder or FOLDER
    tables, problems = _read(folder)
    problems += check_rows(tables)
    if problems:
        raise RegistryError(problems)
    word_lists = {name: tuple(read_data(_word_folder(folder, name), name)) for name in DATA_COLUMNS}
    return Registry(
        units={row["unit_id"]: _unit(row) for row in tables["units.csv"]},
        aliases=tuple(_alias(row) for row in tables["unit_aliases.csv"]),
        relations=tuple(_relation(row) for row in tables["unit_relations.csv"]),
        findings=tuple(_finding(row) for row in tables["unit_findings.csv"]),
        decisions=tuple(_decision(row) for row in tables["review_decisions.csv"]),
        slots=tuple(Slot(**row.cells) for row in tables["unit_slots.csv"]),
        word_lists=word_lists,
    )


def check_registry(folder: Path | None = None) -> list[Problem]:
    """Every fault of the registry's files, in file and row order; an empty list means it can be used."""
    folder = folder or FOLDER
    tables, problems = _read(folder)
    problems += check_rows(tables)
    for name, columns in DATA_COLUMNS.items():
        if (folder / name).exists():
            read_table(folder / name, columns, problems)
    return sorted(problems, key=lambda problem: (problem.file, problem.row))


def _read(folder: Path) -> tuple[dict[str, list[Row]], list[Problem]]:
    problems: list[Problem] = []
    tables = {name: read_table(folder / name, columns, problems) for name, columns in fields.COLUMNS.items()}
    return tables, problems


def _word_folder(folder: Path, name: str) -> Path:
    """A registry kept elsewhere brings its own word lists or uses the package's."""
    return folder if (folder / name).exists() else FOLDER


def _unit(row: Row) -> Unit:
    cells = row.cells
    return Unit(
        unit_id=cells["unit_id"],
        name_es=cells["name_es"],
        name_en=cells["name_en"],
        level=cells["level"],
        branch=cells["branch"],
        state_iso=cells["state_iso"],
        active=parse_period(cells["active_from"], cells["active_to"]),
        may_carry_flag=cells["may_carry_flag"] == "true",
        intermediary=cells["intermediary"] == "true",
        source_url=cells["source_url"],
        from_memory=cells["from_memory"] == "true",
        notes=cells["notes"],
    )


def _alias(row: Row) -> Alias:
    cells = row.cells
    return Alias(
        unit_id=cells["unit_id"],
        alias=cells["alias"],
        strength=cells["strength"],
        needs=cells["needs"],
        valid=parse_period(cells["valid_from"], cells["valid_to"]),
        citation=cells["citation"],
        note=cells["note"],
    )


def _relation(row: Row) -> Relation:
    cells = row.cells
    return Relation(
        unit_id=cells["unit_id"],
        relation=cells["relation"],
        other_unit_id=cells["other_unit_id"],
        valid=parse_period(cells["valid_from"], cells["valid_to"]),
        kind=cells["kind"],
        citation=cells["citation"],
    )


def _finding(row: Row) -> Finding:
    cells: dict[str, Any] = {**row.cells, "from_memory": row["from_memory"] == "true"}
    return Finding(**cells)


def _decision(row: Row) -> Decision:
    cells: dict[str, Any] = {**row.cells}
    cells["unit_ids"] = tuple(part for part in row["unit_ids"].split("|") if part)
    return Decision(**cells)


def alias_key(alias: str) -> str:
    """The form under which two names count as the same."""
    return normalise(alias)

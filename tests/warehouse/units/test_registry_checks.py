"""Each rule of the registry, with the message that a researcher sees when a row breaks it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from warehouse.units import fields
from warehouse.units.registry import FOLDER, check_registry, load_registry
from warehouse.units.tables import RegistryError

UNIT = "test-ssp,Secretaría de Prueba,Test Secretariat,state,state_police,MX-GRO,,,true,false,,true,\n"
FINDING = (
    "f-test-1,gro-ssp,torture,One event,2014,,Iguala,CNDH,,finding,official_body,unit,"
    "https://example.org/a,Title,,,,,false,\n"
)

Folder = Callable[[], Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in fields.COLUMNS:
        shutil.copy(FOLDER / name, tmp_path / name)
    return tmp_path


def _append(folder: Path, name: str, *lines: str) -> int:
    """Append lines to a file; gives the row number of the last one."""
    path = folder / name
    path.write_text(path.read_text(encoding="utf-8") + "".join(lines), encoding="utf-8")
    return path.read_text(encoding="utf-8").count("\n")


def _messages(folder: Path) -> list[str]:
    return [str(problem) for problem in check_registry(folder)]


def test_the_registry_of_this_repository_has_no_fault() -> None:
    assert check_registry() == []


@pytest.mark.parametrize(
    ("name", "lines", "message"),
    [
        (
            "unit_aliases.csv",
            ["gro-spp,SSP de prueba,strong,,,,,\n"],
            "unit_id 'gro-spp' is an unknown unit; add it to units.csv or correct the id",
        ),
        (
            "units.csv",
            [UNIT, UNIT],
            "unit_id 'test-ssp' stands already in row 267; give the new row its own id; ids are never reused",
        ),
        (
            "units.csv",
            [UNIT.replace("state,state_police", "province,state_police")],
            "level 'province' is not in use; write one of: federal, municipal, state",
        ),
        (
            "units.csv",
            [UNIT.replace("MX-GRO,,", "MX-GRO,2014-13,")],
            "active_from/active_to: '2014-13' is not a date: month must be in 1..12; "
            "write YYYY, YYYY-MM or YYYY-MM-DD, from first",
        ),
        (
            "units.csv",
            [UNIT.replace("MX-GRO,,", "MX-GRO,2020,2014")],
            "active_from/active_to: '2020' is after '2014'; write YYYY, YYYY-MM or YYYY-MM-DD, from first",
        ),
        (
            "unit_aliases.csv",
            ["gro-ssp,SEMAR,strong,,,,,\n"],
            "alias 'SEMAR' is claimed by gro-ssp and, in row ",
        ),
        (
            "unit_aliases.csv",
            ["semar,S.E.M.A.R.,weak,mexico,,,,\n"],
            "for an overlapping period; delete one of the two or set their dates apart",
        ),
        (
            "unit_aliases.csv",
            ["semar,Marina Real,weak,,,,,\n"],
            "needs '' is not in use; write one of: doubtful, mexico, parent, place",
        ),
        (
            "unit_relations.csv",
            ["sedena,parent,army-bi-27,,,command,\n"],
            "sedena is its own parent by way of army-bi-27: a cycle; remove one relation of the circle",
        ),
        (
            "unit_relations.csv",
            ["guardia-nacional,parent,semar,2020,2021,command,\n"],
            "parent semar of guardia-nacional overlaps row ",
        ),
        (
            "unit_relations.csv",
            ["gro-ssp,parent,gro-ssp,,,command,\n"],
            "gro-ssp is related to itself; correct other_unit_id",
        ),
        (
            "unit_findings.csv",
            [FINDING.replace("torture", "tortures")],
            "category 'tortures' is not in use; write one of: arbitrary_detention, collusion_organized_crime",
        ),
        (
            "unit_findings.csv",
            [FINDING.replace(",finding,", ",proven,")],
            "status 'proven' is not in use; write one of: allegation, charged",
        ),
        (
            "unit_findings.csv",
            [FINDING.replace("https://example.org/a", "")],
            "a finding without source_url says from_memory=false; cite the source or set from_memory to true",
        ),
        (
            "unit_findings.csv",
            [FINDING.replace(",2014,", ",spring 2014,")],
            "event_date: 'spring 2014' is not YYYY, YYYY-MM or YYYY-MM-DD",
        ),
        ("unit_findings.csv", [FINDING, FINDING], "finding_id 'f-test-1' stands already in row "),
        (
            "review_decisions.csv",
            ["Some text,MX,match,,A. Reviewer,2026-01-02,\n"],
            "decision match with unit_ids ''; a match names its units, joined by |; a none names no unit",
        ),
        (
            "review_decisions.csv",
            ["Some text,MX,match,no-such-unit,A. Reviewer,2026-01-02,\n"],
            "unit_ids names 'no-such-unit', an unknown unit",
        ),
        (
            "unit_slots.csv",
            ["gro-ssp,state_police,,MX-GRO\n"],
            "slot state_police MX-GRO stands already in row ",
        ),
    ],
)
def test_a_broken_row_is_named_with_file_row_fault_and_remedy(
    folder: Path, name: str, lines: list[str], message: str
) -> None:
    row = _append(folder, name, *lines)
    found = _messages(folder)
    assert any(message in line for line in found), found
    assert any(line.startswith(f"{name} row {row}: ") and message in line for line in found), found
    with pytest.raises(RegistryError, match=f"{name} row {row}"):
        load_registry(folder)


def test_a_row_with_an_unquoted_comma_is_named(folder: Path) -> None:
    row = _append(folder, "unit_aliases.csv", "gro-ssp,SSP, Guerrero,strong,,,,,\n")
    assert _messages(folder) == [
        f"unit_aliases.csv row {row}: 9 cells where the header has 8; "
        "look for a comma that needs quotes around its cell"
    ]


def test_a_renamed_column_stops_the_file(folder: Path) -> None:
    path = folder / "unit_slots.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("unit_id,slot", "unit,slot", 1), encoding="utf-8"
    )
    assert (
        "unit_slots.csv row 1: the header reads unit,slot,number,place; the columns are: "
        in _messages(folder)[0]
    )


def test_a_file_in_another_encoding_is_named(folder: Path) -> None:
    path = folder / "units.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1", "replace"))
    assert _messages(folder)[-1].startswith("units.csv row 0: not UTF-8")


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "unit_findings.csv").unlink()
    assert (
        "unit_findings.csv row 0: the file is missing; restore unit_findings.csv from version control"
        in _messages(folder)
    )


def test_the_same_weak_name_may_belong_to_two_units(folder: Path) -> None:
    _append(folder, "unit_aliases.csv", "gro-ssp,Fuerza Civil,weak,place,,,,\n")
    assert _messages(folder) == []


def test_a_strong_name_may_pass_from_one_unit_to_the_next(folder: Path) -> None:
    _append(
        folder,
        "unit_aliases.csv",
        "gro-ssp,Grupo Ejemplo,strong,,2001,2010,,\n",
        "gro-fge,Grupo Ejemplo,strong,,2011,,,\n",
    )
    assert _messages(folder) == []

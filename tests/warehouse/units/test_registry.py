"""What the registry holds and answers, and that a spreadsheet does not change its meaning."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from warehouse.units import fields
from warehouse.units.registry import FOLDER, Registry, load_registry

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "mx_units"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


def _resave(folder: Path, *, delimiter: str, quoting: int, line_end: str, bom: bool) -> None:
    for name in fields.COLUMNS:
        path = folder / name
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
        out = io.StringIO()
        writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=line_end)  # type: ignore[arg-type]  # quoting is one of csv's constants
        writer.writerows(rows)
        path.write_bytes(out.getvalue().encode("utf-8-sig" if bom else "utf-8"))


@pytest.mark.parametrize(
    ("delimiter", "quoting", "line_end", "bom"),
    [
        (",", csv.QUOTE_ALL, "\r\n", True),
        (",", csv.QUOTE_MINIMAL, "\r\n", False),
        (";", csv.QUOTE_MINIMAL, "\r\n", True),
        ("\t", csv.QUOTE_NONNUMERIC, "\n", True),
    ],
)
def test_saving_in_a_spreadsheet_does_not_change_the_version(
    registry: Registry, tmp_path: Path, delimiter: str, quoting: int, line_end: str, bom: bool
) -> None:
    for name in fields.COLUMNS:
        shutil.copy(FOLDER / name, tmp_path / name)
    _resave(tmp_path, delimiter=delimiter, quoting=quoting, line_end=line_end, bom=bom)
    assert load_registry(tmp_path).version == registry.version


def test_one_changed_word_changes_the_version(registry: Registry, tmp_path: Path) -> None:
    for name in fields.COLUMNS:
        shutil.copy(FOLDER / name, tmp_path / name)
    path = tmp_path / "unit_aliases.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("gro-ssp,SSP Guerrero", "gro-ssp,SSP de Guerrero")
    )
    assert load_registry(tmp_path).version != registry.version


def test_every_unit_id_of_the_shared_list_is_kept(registry: Registry) -> None:
    if not SHARED.exists():
        pytest.skip("shared/data/mx_units does not stand beside this checkout")
    with (SHARED / "units.csv").open(encoding="utf-8", newline="") as file:
        ids = [row["unit_id"] for row in csv.DictReader(file)]
    assert set(ids) <= set(registry.units)


def test_a_municipal_police_hangs_on_its_licence_holder_and_on_no_command(registry: Registry) -> None:
    assert [unit.unit_id for unit in registry.parents("mun-iguala")] == ["gro-ssp"]
    assert registry.parents("mun-iguala", kind="command") == ()
    assert registry.ancestors("mun-iguala") == frozenset()


def test_the_national_guard_changed_its_parent(registry: Registry) -> None:
    assert [unit.unit_id for unit in registry.parents("guardia-nacional", on=date(2020, 1, 1))] == ["sspc"]
    assert [unit.unit_id for unit in registry.parents("guardia-nacional", on=date(2025, 1, 1))] == ["sedena"]


def test_successor_and_predecessor_are_two_sides_of_one_row(registry: Registry) -> None:
    assert "guardia-nacional" in [unit.unit_id for unit in registry.successors("policia-federal")]
    assert "policia-federal" in [unit.unit_id for unit in registry.predecessors("guardia-nacional")]


def test_the_27th_battalion_stands_under_zone_army_and_ministry(registry: Registry) -> None:
    assert registry.ancestors("army-bi-27") == {"army-zm-35", "mx-army", "sedena"}


@pytest.mark.parametrize("unit_id", ["inm", "sat-aduanas", "anam", "shcp", "policia-fiscal"])
def test_customs_migration_and_finance_are_recognised_but_carry_no_flag(
    registry: Registry, unit_id: str
) -> None:
    assert not registry.units[unit_id].may_carry_flag


@pytest.mark.parametrize("unit_id", ["sedena", "sedena-dcam", "sedena-otca"])
def test_bodies_that_buy_for_others_are_marked(registry: Registry, unit_id: str) -> None:
    assert registry.units[unit_id].intermediary
    assert not registry.units["semar"].intermediary


def test_a_finding_without_a_source_is_marked_from_memory(registry: Registry) -> None:
    assert all(finding.source_url or finding.from_memory for finding in registry.findings)
    assert sum(not finding.source_url for finding in registry.findings) >= 6


def test_no_leaked_document_is_cited(registry: Registry) -> None:
    cited = [unit.source_url for unit in registry.units.values()]
    cited += [finding.source_url for finding in registry.findings]
    assert not [url for url in cited if "guacamaya" in url.lower() or "expediente27" in url.lower()]


@pytest.mark.parametrize(
    "name", ["Giovanni", "Jessica", "Alberto Román", "Alvarado", "Radilla", "García Luna"]
)
def test_events_name_no_person(registry: Registry, name: str) -> None:
    assert not [
        finding.finding_id for finding in registry.findings if name in finding.event + finding.source_title
    ]


def test_body_and_canonical_number_stand_apart(registry: Registry) -> None:
    finding = next(finding for finding in registry.findings if finding.finding_id == "f-semar-ed-1")
    assert finding.body == "CNDH (National Human Rights Commission)"
    assert finding.canonical_number == "Recommendation 36VG/2020"


def test_importing_registry_and_matcher_stays_light() -> None:
    code = (
        "import sys, warehouse.units.registry, warehouse.units.matcher;"
        "heavy = {'pandas', 'duckdb', 'prefect', 'rapidfuzz', 'numpy'} & set(sys.modules); print(sorted(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

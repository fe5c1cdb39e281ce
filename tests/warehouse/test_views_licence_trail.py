"""out.licence_trail: one row a licence with every public trace of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from parsers.record import Record, Stage, ValueBasis
from tests.warehouse.facts import CONGRESS, REGISTER, Reports, licence
from tests.workshop import ask, moment


def amending(record: Record, numbers: str) -> Record:
    record.verbatim = {**record.verbatim, "amends": numbers}
    return record


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    reports = Reports(tmp_path_factory.mktemp("trail"))
    reports.says(
        CONGRESS, "senate", moment(1),
        licence(39, event_date=date(2020, 7, 1), published_on=date(2020, 7, 1), item_description="firearms"),
        licence(40, event_date=date(2020, 7, 1)),
    )  # fmt: skip
    reports.says(
        REGISTER, "notice", moment(2),
        licence(39, "Secretaría de Marina", exporter_name="Example Arms Inc.", event_date=date(2020, 6, 30),
                published_on=date(2021, 2, 17), item_description="5.56mm automatic rifles", value=Decimal(1_000_000),
                currency="USD", value_basis=ValueBasis.THRESHOLD_MINIMUM, licence_ref_raw="DDTC-19-039"),
        amending(licence(41, "Secretaría de Marina"), "DDTC 19–039; DDTC 18-001"),
        licence(42, "Israel National Police", destination_country="IL"),
        licence(42, "Israel National Police", destination_country="MX", item_description="rifles too"),
        licence(43, None, licence_ref=None, licence_ref_raw=None),
        licence(40, stage=Stage.REFUSED, item_description="refused rifles"),
    )  # fmt: skip
    return reports.built_with()


def trail(warehouse: Path, number: int, columns: str) -> tuple[Any, ...]:
    (row,) = ask(
        warehouse, f"SELECT {columns} FROM out.licence_trail WHERE licence_ref = ?", f"DDTC 19-{number:03d}"
    )
    return row


def test_one_row_a_licence_with_a_number(warehouse: Path) -> None:
    assert ask(warehouse, "SELECT list(licence_key ORDER BY licence_key) FROM out.licence_trail") == [
        ([f"US:DDTC 19-0{n}" for n in (39, 40, 41, 42)],)
    ]


def test_the_report_that_names_most_gives_the_words(warehouse: Path) -> None:
    assert trail(warehouse, 39, "end_user_raw, exporter_name, items, licence_refs_raw, value::INT, value_basis") == (
        "Secretaría de Marina", "Example Arms Inc.", ["5.56mm automatic rifles", "firearms"],
        ["DDTC 19-039", "DDTC-19-039"], 1_000_000, "threshold_minimum",
    )  # fmt: skip


def test_when_it_was_notified_and_when_the_register_printed_it(warehouse: Path) -> None:
    assert trail(warehouse, 39, "notified_on, in_register_on") == (date(2020, 6, 30), date(2021, 2, 17))
    assert trail(warehouse, 40, "notified_on, in_register_on, stages")[1:] == (None, ["notified", "refused"])


def test_every_sighting_stands_with_its_document(warehouse: Path) -> None:
    count, sightings = trail(warehouse, 39, "sighting_count, sightings")
    assert count == 2
    assert [(s["source_id"], s["event_date"], s["document_name"], s["row"]) for s in sightings] == [
        (REGISTER, date(2020, 6, 30), "notice.txt", 1),
        (CONGRESS, date(2020, 7, 1), "senate.txt", 1),
    ]


def test_amendments_are_told_on_both_licences_whatever_dash_was_printed(warehouse: Path) -> None:
    assert trail(warehouse, 41, "amends, amended_by") == (["US:DDTC 19-039"], [])
    assert trail(warehouse, 39, "amends, amended_by") == ([], ["US:DDTC 19-041"])


def test_several_destinations_are_one_licence(warehouse: Path) -> None:
    assert trail(warehouse, 42, "destination_countries") == (["IL", "MX"],)


def test_flags_stand_on_their_licence(warehouse: Path) -> None:
    flags, open_count = trail(warehouse, 39, "flag_ids, open_flag_count")
    assert ask(
        warehouse, "SELECT list(flag_id ORDER BY flag_id) FROM out.flags WHERE licence_ref = 'DDTC 19-039'"
    ) == [(flags,)]
    assert open_count == len(flags) - 1  # the Senate's line without end user was answered by the Register

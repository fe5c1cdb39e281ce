"""Versions, revisions, sightings, and what was known when."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest

from tests.workshop import Workshop, ask, moment, uk
from warehouse import facts
from warehouse.publish import export

FIRST = uk(
    "10,2010-04-07,ML1,1,185500,Mexico,0",
    "10,2010-04-07,ML3,1,1600,Mexico,0",
    "11,2010-05-01,ML1,1,500,Chile,0",
)
REVISED = uk(
    "10,2010-04-07,ML1,1,185999,Mexico,0",  # the value was restated
    "10,2010-04-07,ML3,1,1600,Mexico,0",
    "12,2010-04-20,ML1,1,70,Peru,0",  # within the covered time: added late; 11 was withdrawn
    "13,2010-09-01,ML1,1,80,Peru,0",  # after the covered time: simply new
)
REQUOTED = FIRST.replace(b"Mexico", b'"Mexico"')


@pytest.fixture(scope="module")
def revised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shop = Workshop(tmp_path_factory.mktemp("revised"))
    shop.arrives("gb_ecju_licences", "v1.csv", FIRST, moment(1))
    shop.arrives("gb_ecju_licences", "v1b.csv", REQUOTED, moment(2))
    shop.arrives("gb_ecju_licences", "v2.csv", REVISED, moment(3))
    return shop.build()


def test_out_transfers_shows_what_the_newest_version_says(revised: Path) -> None:
    rows = ask(revised, "SELECT licence_ref, control_code, value::INT FROM out.transfers ORDER BY 1, 2")
    assert rows == [("10", "ML1", 185999), ("10", "ML3", 1600), ("12", "ML1", 70), ("13", "ML1", 80)]


def test_documents_with_equal_records_are_one_version_with_two_sightings(revised: Path) -> None:
    rows = ask(
        revised,
        "SELECT document_name, version, is_current, same_records_as IS NOT NULL, supersedes_sha256 IS NOT NULL"
        " FROM out.documents ORDER BY archived_at",
    )
    assert rows == [
        ("v1.csv", 1, False, False, False),
        ("v1b.csv", 1, False, True, False),
        ("v2.csv", 2, True, False, True),
    ]


def test_each_figure_that_changed_is_one_revision(revised: Path) -> None:
    rows = ask(revised, "SELECT change, field, old_value, new_value FROM out.revisions ORDER BY ALL")
    assert rows == [
        ("added", None, None, None),
        ("changed", "value", "185500.000000", "185999.000000"),
        ("withdrawn", None, None, None),
    ]


def test_a_revision_tells_the_fact_that_it_belongs_to_as_it_stands_now_or_stood_last(revised: Path) -> None:
    rows = ask(
        revised,
        "SELECT change, stage, exporter_country, destination_country, control_code, year"
        " FROM out.revisions ORDER BY ALL",
    )
    assert rows == [
        ("added", "licensed", "GB", "PE", "ML1", 2010),
        ("changed", "licensed", "GB", "MX", "ML1", 2010),
        ("withdrawn", "licensed", "GB", "CL", "ML1", 2010),
    ]


def test_every_version_is_kept_with_when_it_was_known(revised: Path) -> None:
    rows = ask(
        revised,
        "SELECT value::INT, is_current, first_seen_at, last_seen_at, superseded_at FROM core.transfers"
        " WHERE licence_ref = '10' AND control_code = 'ML1' ORDER BY first_seen_at",
    )
    assert rows == [
        (185500, False, moment(1), moment(2), moment(3)),
        (185999, True, moment(3), moment(3), None),
    ]


@pytest.mark.parametrize(
    ("when", "values"),
    [
        (moment(1) - timedelta(hours=1), []),
        (moment(1), [500, 1600, 185500]),
        (moment(2) + timedelta(hours=1), [500, 1600, 185500]),
        (moment(3), [70, 80, 1600, 185999]),
    ],
)
def test_transfers_as_of_shows_what_was_known_then(revised: Path, when: object, values: list[int]) -> None:
    rows = ask(revised, "SELECT value::INT FROM out.transfers_as_of(?) ORDER BY 1", when)
    assert [value for (value,) in rows] == values


def test_a_report_that_goes_back_is_revised_twice_and_its_past_is_kept(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    for day, content in enumerate((FIRST, REVISED, FIRST), 1):
        shop.arrives("gb_ecju_licences", f"v{day}.csv", content, moment(day), key="2008-01")
    built = shop.build()
    spans = ask(
        built,
        "SELECT first_seen_at, superseded_at, is_current FROM core.transfers WHERE value = 185500 ORDER BY 1",
    )
    assert spans == [(moment(1), moment(2), False), (moment(3), None, True)]
    assert ask(built, "SELECT count(*) FROM out.revisions WHERE change = 'changed'") == [(2,)]


def test_a_document_refused_whole_supersedes_nothing(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    shop.arrives("gb_ecju_licences", "v1.csv", FIRST, moment(1), key="2008-01")
    shop.arrives("gb_ecju_licences", "v2.csv", b"<html>maintenance</html>", moment(2), key="2008-01")
    built = shop.build()
    assert ask(built, "SELECT count(*) FROM out.transfers") == [(3,)]
    assert ask(built, "SELECT is_current, is_refused FROM core.documents ORDER BY seq") == [
        (True, False),
        (False, True),
    ]
    assert ask(built, "SELECT count(*) FROM out.revisions") == [(0,)]


HOUSE = """<html><body><pre>
[Congressional Record Volume 166, Number 120 (Wednesday, July 1, 2020)]
[House]
[Page H3000]

                     EXECUTIVE COMMUNICATIONS, ETC.

       4801. A letter from the Senior Bureau Official, Legislative
     Affairs, Department of State, transmitting a certification of a
     proposed license for the export of firearms to Mexico
     (Transmittal No. DDTC 19-039), pursuant to 22 U.S.C. 2776(c); to
     the Committee on Foreign Affairs.
</pre></body></html>
"""


def test_house_and_senate_are_two_sightings_of_one_licence(tmp_path: Path) -> None:
    senate = (
        HOUSE.replace("[House]", "[Senate]")
        .replace("[Page H3000]", "[Page S4000]")
        .replace("July 1, 2020", "July 2, 2020")
        .replace("EXECUTIVE COMMUNICATIONS, ETC.", "EXECUTIVE AND OTHER COMMUNICATIONS")
        .replace("4801. A letter from", "EC-5001. A communication from")
        .replace("Committee on Foreign Affairs", "Committee on Foreign Relations")
    )
    shop = Workshop(tmp_path)
    shop.arrives("us_congress_communications", "house.htm", HOUSE.encode(), moment(1))
    shop.arrives("us_congress_communications", "senate.htm", senate.encode(), moment(2))
    built = shop.build()
    assert ask(
        built, "SELECT count(DISTINCT licence_key), count(DISTINCT document_sha256) FROM core.sightings"
    ) == [(1, 2)]
    assert ask(built, "SELECT count(*) FROM out.revisions") == [(0,)], "another chamber is no revision"


@pytest.mark.slow
def test_the_order_in_which_documents_are_handed_over_changes_nothing(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    for day, content in enumerate((FIRST, REVISED, REQUOTED), 1):
        shop.arrives("gb_ecju_licences", f"v{day}.csv", content, moment(day))
    shop.arrives("us_congress_communications", "house.htm", HOUSE.encode(), moment(9))
    shuffled = list(shop.archive.entries)
    random.Random(7).shuffle(shuffled)
    first, second = (
        export(shop.build(entries), tmp_path / name)
        for name, entries in (("one", shop.archive.entries), ("two", shuffled))
    )
    assert first == second
    assert len(first) > 8


@pytest.mark.slow
def test_rows_written_in_many_portions_are_those_written_in_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Workshop(tmp_path)
    for day, content in enumerate((FIRST, REVISED, REQUOTED), 1):
        shop.arrives("gb_ecju_licences", f"v{day}.csv", content, moment(day))
    shop.arrives("us_congress_communications", "house.htm", HOUSE.encode(), moment(9))
    at_once = export(shop.build(), tmp_path / "one")
    monkeypatch.setattr(facts, "ROWS_AT_ONCE", 1)  # a portion a document
    assert export(shop.build(), tmp_path / "many") == at_once

"""UK licensing data: licences and refusals by rating and country; Mexico exact."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from parsers.document import Document
from parsers.parsed import Parsed
from parsers.record import Record
from parsers.registry import load_source
from tests.generators import ecju
from tests.paths import SHARED, needs_shared

SOURCE = load_source("gb_ecju_licences")
REAL = SHARED / "data" / "gb_licences" / "values_2008_2011.csv"
HEADER = "licence_group,date,rating,count,value,country,refused"


def document(content: bytes | str) -> Document:
    raw = content if isinstance(content, bytes) else content.encode()
    return Document(content=raw, media_type="text/csv", name="values.csv")


def table(*lines: str, header: str = HEADER) -> Parsed:
    return SOURCE.parse(document("\r\n".join([header, *lines, ""])))


def decision(record: Record) -> ecju.Decision:
    assert record.exporter_country == "GB"
    when = record.event_date.isoformat() if record.event_date else ""
    if record.period_start:
        when = f"{record.period_start:%Y-%m}"
    return ecju.Decision(
        number=record.licence_ref_raw or "",
        when=when,
        rating=record.control_code or "",
        licences=record.licence_count or 0,
        pounds=None if record.value is None else int(record.value),
        country=record.destination_country or "",
        is_refused=record.stage.value == "refused",
    )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("newer", [False, True])
@pytest.mark.parametrize("months", [False, True])
def test_generated_table_of_each_schema_gives_exactly_its_decisions(
    seed: int, newer: bool, months: bool
) -> None:
    made = ecju.make(seed, newer=newer, months=months, end="\n" if seed % 2 else "\r\n", quote_all=seed == 3)
    parsed = SOURCE.parse(document(made.content))
    assert parsed.rejects == []
    assert Counter(map(decision, parsed.records)) == Counter(made.decisions)
    assert len({record.transfer_id for record in parsed.records}) == len(made.decisions)


def test_one_licence_with_several_ratings_is_several_rows_under_one_number() -> None:
    parsed = table("19770,2010-04-07,ML1,1,185500,Mexico,0", "19770,2010-04-07,ML3,1,1600,Mexico,0")
    assert [(r.licence_ref_raw, r.control_code, r.weapon_class.value, r.value) for r in parsed.records] == [
        ("19770", "ML1", "other_arms", 185500), ("19770", "ML3", "ammunition", 1600),
    ]  # fmt: skip
    assert parsed.records[0].transfer_id != parsed.records[1].transfer_id


def test_refusal_has_no_value_and_one_with_a_value_is_rejected() -> None:
    parsed = table("16620,2009-12-04,ML1,1,,Mexico,1", "16621,2009-12-04,ML1,1,500,Mexico,1")
    (refused,) = parsed.records
    assert (refused.stage.value, refused.value, refused.currency, refused.value_basis) == (
        "refused",
        None,
        None,
        None,
    )
    assert [(r.row, r.reason) for r in parsed.rejects] == [
        (3, "a refusal with a value ('500'), which this table does not print")
    ]


def test_printed_zero_stays_zero() -> None:
    (record,) = table("21601,2010-06-04,5D002,1,0,Mexico,0").records
    assert (record.value, record.currency) == (Decimal(0), "GBP")


def test_month_of_older_releases_is_a_period_and_the_same_transfer_as_the_later_day() -> None:
    (older,) = table("15013,2009-10,ML1,1,5000,Mexico,0").records
    (later,) = table("15013,2009-10-02,ML1,1,5000,Mexico,0").records
    assert (older.event_date, older.period_start, older.period_end) == (
        None,
        date(2009, 10, 1),
        date(2009, 10, 31),
    )
    assert (later.event_date, later.period_start) == (date(2009, 10, 2), None)
    assert older.transfer_id == later.transfer_id


def test_identical_rows_are_two_transfers_whatever_their_order() -> None:
    line, other = "15013,2009-10-02,ML1,1,5000,Mexico,0", "15014,2009-10-02,ML1,1,5000,Mexico,0"
    first, second = table(line, line, other), table(other, line, line)
    ids = [record.transfer_id for record in first.records]
    assert len(set(ids)) == 3
    assert set(ids) == {record.transfer_id for record in second.records}


@pytest.mark.parametrize(
    ("rating", "control_list", "weapon_class"),
    [("ML2", "ML", "other_arms"), ("ML16", "ML", "unknown"), ("PL8001", "PL", "not_firearms"), ("5A002", "DU", "not_firearms"),
     ("HR AIII", "GB", "not_firearms"), ("End Use", "GB", "unknown"), ("IRN OG", "GB", "unknown"), ("FR AI", "GB", "other_arms")],
)  # fmt: skip
def test_ratings_go_to_their_lists(rating: str, control_list: str, weapon_class: str) -> None:
    (record,) = table(f"1,2010-01-01,{rating},1,5,Mexico,0").records
    assert (record.control_list, record.control_code, record.weapon_class.value) == (
        control_list,
        rating,
        weapon_class,
    )


@pytest.mark.parametrize("name", ["Channel Islands", "French Overseas Territory"])
def test_group_of_territories_keeps_its_licence_without_a_code(name: str) -> None:
    (record,) = table(f"1,2010-01-01,ML1,1,5,{name},0").records
    assert (record.destination_country, record.destination_country_raw) == (None, name)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1,2010-01-01,ML1,1,5,New Mexico,0", "'New Mexico' is not a known country name"),
        ("1,2010-01-01,ML1,1,5,,0", "the country is blank"),
        ("1,2010-01-01,ML99,1,5,Mexico,0", "'ML99' is not a code of the control list ML"),
        ("1,2010-01-01,Whatever,1,5,Mexico,0", "'Whatever' is not a code of the control list DU"),
        ("1,2010-01-01,ML1,1,5,Mexico,2", "'2' is not a flag of refusal (0, 1)"),
        ("1,2010-01-01,ML1,1,5,Mexico,", "'' is not a flag of refusal (0, 1)"),
        ("1,2010-01-01,ML1,1.5,5,Mexico,0", "'1.5' is not a whole number in digits alone"),
        ("1,2010-01-01,ML1,1,-5,Mexico,0", "'-5' is negative, which this report does not print"),
        ("1,2010-01-01,ML1,1,1e6,Mexico,0", "'1e6' is not digits with at most one decimal point (1234.56)"),
        ("1,01/02/2010,ML1,1,5,Mexico,0", "'01/02/2010' is not a date in any of the known forms %Y-%m-%d"),
        ("1,2010-13,ML1,1,5,Mexico,0", "'13' is not a month"),
        ("x,2010-01-01,ML1,1,5,Mexico,0", "'x' is not a licence number"),
        ("1,2010-01-01,ML1,1,5,Mexico", "the row has 6 cells where the header has 7"),
    ],
)
def test_row_that_cannot_be_read_is_rejected_with_place_and_reason(line: str, reason: str) -> None:
    parsed = table(line, "2,2010-01-01,ML1,1,5,Mexico,0")
    assert [(r.row, r.raw, r.reason) for r in parsed.rejects] == [(2, line, reason)]
    assert [record.row for record in parsed.records] == [3]


def test_code_that_contradicts_the_country_rejects_the_row() -> None:
    parsed = table("1,2010-01-01,ML1,1.0,5,Mexico,0,MY", header=f"{HEADER},iso2")
    assert [r.reason for r in parsed.rejects] == ["'Mexico' is MX, but its iso2 says 'MY'"]


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("licence_cohort_id,source,iso2,licence_count", "this is trade-sources.csv"),
        ("rating,military,short_description,full_description", "this is ratings.csv"),
        (HEADER.replace("rating", "Rating"), "missing 'rating'; unknown 'Rating'"),
        (HEADER.replace(",refused", ""), "missing 'refused'"),
        (HEADER + ",end_user", "unknown 'end_user'"),
        (HEADER + ",licence_id", "'licence_group' and 'licence_id' side by side"),
        (HEADER + ",count", "'count' more than once"),
        ("licence_cohort_id,destination,iso2", "missing 'licence_group' or 'licence_id'"),
    ],
)
def test_another_table_or_header_is_refused_with_what_differs(header: str, told: str) -> None:
    parsed = table("27,Germany,DE,28591.0", header=header)
    assert parsed.refused is not None
    assert told in parsed.refused


def test_each_release_is_a_version_of_one_report() -> None:
    earlier, later = (
        table("1,2008-01-02,ML1,1,5,Mexico,0"),
        table("9,2014-12-30,ML1,1,5,Mexico,0", "1,2008-01,ML1,1,5,Mexico,0"),
    )
    assert earlier.report_id == later.report_id == "gb_ecju_licences/from-2008-01"
    assert SOURCE.meta.fetch.reports[0].key == "from-2008-01"


def test_table_without_a_row_is_refused() -> None:
    parsed = SOURCE.parse(document(f"{HEADER}\n"))
    assert parsed.refused is not None
    assert parsed.refused.endswith("so its report cannot be told")


# --- the real table, against a selection by the csv module alone -------------------------------------------------


@pytest.fixture(scope="module")
def real() -> Parsed:
    return SOURCE.parse(Document.from_file(REAL))


@pytest.fixture(scope="module")
def real_lines() -> list[list[str]]:
    with REAL.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))[1:]


@needs_shared
def test_real_table_has_every_row_accounted_for(real: Parsed, real_lines: list[list[str]]) -> None:
    assert real.row_counts() == {"seen": 49047, "records": 49047, "rejects": 0, "totals": 0, "ignored": 0}
    assert sum(r.value for r in real.records if r.value is not None) == sum(
        int(line[4]) for line in real_lines if line[4]
    )
    assert sum(r.stage.value == "refused" for r in real.records) == sum(line[6] == "1" for line in real_lines)
    assert len({record.transfer_id for record in real.records}) == len(real_lines)


@needs_shared
def test_real_mexico_rows_are_exact(real: Parsed, real_lines: list[list[str]]) -> None:
    expected = Counter(
        ecju.Decision(number, when, rating, int(count), int(value) if value else None, "MX", refused == "1")
        for number, when, rating, count, value, country, refused in real_lines
        if country == "Mexico"
    )
    found = Counter(decision(record) for record in real.records if record.destination_country == "MX")
    assert found == expected
    assert sum(expected.values()) == 216

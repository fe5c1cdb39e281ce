"""Census exports: exact to the dollar and the unit; rows that only sum others are left out by name."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from parsers.document import Document
from parsers.parsed import Parsed
from parsers.record import Record
from parsers.registry import load_source
from tests.generators import census

SOURCE = load_source("us_census_exports")
BASE = {
    "CTY_CODE": "2010", "CTY_NAME": "MEXICO", "E_COMMODITY": "9301903000", "DISTRICT": "23", "DF": "1",
    "UNIT_QY1": "NO", "ALL_VAL_MO": "1000", "ALL_VAL_YR": "99000", "QTY_1_MO": "4", "QTY_1_MO_FLAG": "",
    "SUMMARY_LVL": "DET", "time": "2023-03",
}  # fmt: skip


def document(content: bytes | str, name: str = "answer.json") -> Document:
    return Document(
        content=content if isinstance(content, bytes) else content.encode(),
        media_type="application/json",
        name=name,
    )


def answer(*rows: dict[str, str], without: tuple[str, ...] = ()) -> Parsed:
    """Parse an answer that holds BASE with the given cells changed, a row each."""
    full = [{**BASE, **row} for row in rows]
    header = [column for column in full[0] if column not in without]
    return SOURCE.parse(document(json.dumps([header, *[[row[c] for c in header] for row in full]])))


def one(**cells: str) -> Record:
    parsed = answer(cells)
    assert [reject.reason for reject in parsed.rejects] == []
    (record,) = parsed.records
    return record


def test_a_row_is_a_shipment_of_one_month_in_dollars_and_units() -> None:
    record = one(E_COMMODITY_LDESC="MILITARY RIFLES")
    assert (record.stage, record.grain, record.value_basis) == ("shipped", "aggregate", "customs_fas")
    assert (record.value, record.currency, record.quantity, record.quantity_unit) == (
        Decimal(1000),
        "USD",
        Decimal(4),
        "NO",
    )
    assert (record.exporter_country, record.destination_country, record.destination_country_raw) == (
        "US",
        "MX",
        "MEXICO",
    )
    assert (record.control_list, record.control_code) == ("HS", "9301903000")
    assert (record.period_start, record.period_end) == (date(2023, 3, 1), date(2023, 3, 31))
    assert record.item_description == "MILITARY RIFLES"
    assert record.verbatim["ALL_VAL_YR"] == "99000"


def test_flag_m_is_a_missing_quantity_and_a_printed_zero_is_zero() -> None:
    assert one(QTY_1_MO="0", QTY_1_MO_FLAG="M").quantity is None
    assert one(QTY_1_MO="0").quantity == 0
    assert one(ALL_VAL_MO="0").value == 0


def test_a_zero_without_its_flag_column_may_be_missing_so_it_is_not_taken() -> None:
    (record,) = answer({"QTY_1_MO": "0"}, without=("QTY_1_MO_FLAG",)).records
    assert record.quantity is None


def test_an_answer_without_quantity_or_without_value_keeps_the_other() -> None:
    (record,) = answer({}, without=("QTY_1_MO", "QTY_1_MO_FLAG", "UNIT_QY1")).records
    assert (record.value, record.quantity, record.quantity_unit) == (1000, None, None)
    (record,) = answer({}, without=("ALL_VAL_MO",)).records
    assert (record.value, record.currency, record.value_basis, record.quantity) == (None, None, None, 4)


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ({"CTY_CODE": "-"}, "all_countries_row"),
        ({"CTY_CODE": "0020"}, "country_group"),
        ({"CTY_CODE": "0017"}, "country_group"),
        ({"CTY_CODE": "2XXX", "SUMMARY_LVL": "CGP"}, "country_group"),
        ({"CTY_CODE": "0031", "SUMMARY_LVL": "CGP"}, "country_group"),
        ({"E_COMMODITY": "-"}, "all_commodities_row"),
        ({"E_COMMODITY": "930190"}, "coarser_level"),
        ({"DF": "-"}, "domestic_and_foreign_row"),
        ({"DISTRICT": "-"}, "all_districts_row"),
    ],
)
def test_rows_that_sum_the_row_beside_them_are_left_out_by_name(cells: dict[str, str], rule: str) -> None:
    parsed = answer({}, cells)
    assert len(parsed.records) == 1
    assert parsed.ignored_by_rule() == {rule: 1}


def test_sums_of_origin_and_district_are_kept_where_nothing_else_tells_the_figure() -> None:
    parsed = answer({"DF": "-", "DISTRICT": "-"}, {"DF": "-", "DISTRICT": "-", "E_COMMODITY": "9302000000"})
    assert [record.value for record in parsed.records] == [1000, 1000]


def test_a_sum_is_left_out_only_beside_parts_of_its_own_country_and_commodity() -> None:
    parsed = answer({}, {"DF": "-", "CTY_CODE": "2050"})
    assert len(parsed.records) == 2


def test_domestic_and_foreign_exports_are_two_facts() -> None:
    parsed = answer({"DF": "1"}, {"DF": "2"})
    assert len({record.transfer_id for record in parsed.records}) == 2


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"ALL_VAL_MO": "-5"}, "negative"),
        ({"ALL_VAL_MO": "1,000"}, "'1,000'"),
        ({"ALL_VAL_MO": "1.5"}, "whole number"),
        ({"ALL_VAL_MO": ""}, "whole number"),
        ({"ALL_VAL_MO": "1e3"}, "'1e3'"),
        ({"QTY_1_MO_FLAG": "X"}, "QTY_1_MO_FLAG is 'X'"),
        ({"DF": "3"}, "DF is '3'"),
        ({"DISTRICT": "2"}, "DISTRICT is '2'"),
        ({"CTY_CODE": "2011"}, "'2011' is not a Schedule C"),
        ({"SUMMARY_LVL": "ABC"}, "SUMMARY_LVL is 'ABC'"),
        ({"SUMMARY_LVL": "CGP"}, "marked as a group"),
        ({"time": "2023-13"}, "not one month"),
        ({"time": "2023"}, "not one month"),
        ({"E_COMMODITY": "93019O3000"}, "not a code of level"),
    ],
)
def test_a_cell_that_cannot_be_read_rejects_its_row_and_names_the_cell(
    cells: dict[str, str], says: str
) -> None:
    parsed = answer({}, {"E_COMMODITY": "9302000000", **cells})
    assert len(parsed.records) == 1
    (reject,) = parsed.rejects
    assert says in reject.reason and reject.row is not None


def test_comm_lvl_that_contradicts_the_code_rejects_the_row() -> None:
    parsed = answer({"COMM_LVL": "HS10"}, {"COMM_LVL": "HS6"})
    assert [reject.reason for reject in parsed.rejects] == [
        "E_COMMODITY '9301903000' is not a code of level HS6"
    ]


@pytest.mark.parametrize(
    ("without", "says"),
    [
        (("time",), "neither time nor YEAR and MONTH"),
        (("ALL_VAL_MO", "QTY_1_MO"), "no monthly figure"),
        (("CTY_CODE",), "column CTY_CODE is missing"),
        (("E_COMMODITY",), "column E_COMMODITY is missing"),
    ],
)
def test_an_answer_without_the_columns_that_give_it_sense_is_refused(
    without: tuple[str, ...], says: str
) -> None:
    assert says in str(answer({}, without=without).refused)


def test_a_renamed_column_is_refused_by_name() -> None:
    refused = answer({"ALL_VALUE_MO": "5"}).refused
    assert refused == "unknown column ALL_VALUE_MO in the header"


def test_an_answer_of_coarser_levels_alone_is_no_month_without_trade() -> None:
    assert "no row at HS10, only HS4, HS6" in str(
        answer({"E_COMMODITY": "9301"}, {"E_COMMODITY": "930190"}).refused
    )


def test_a_service_error_is_quoted() -> None:
    refused = SOURCE.parse(document("error: error: unknown variable 'GEN_VAL_MO'")).refused
    assert "error: error: unknown variable 'GEN_VAL_MO'" in str(refused)


def test_an_empty_answer_is_a_month_without_trade() -> None:
    parsed = SOURCE.parse(document("", name="us_census_hs_2023-04.json"))
    assert (parsed.refused, list(parsed), parsed.report_id) == (None, [], "us_census_exports/hs10-2023-04")


def test_an_empty_answer_that_nothing_dates_is_a_report_of_its_own() -> None:
    undated = SOURCE.parse(document(""))
    assert (undated.refused, list(undated), undated.report_id) == (None, [], "us_census_exports/hs10-undated")


def test_year_and_month_name_the_same_report_as_time() -> None:
    split = answer({"YEAR": "2023", "MONTH": "03"}, without=("time",))
    assert split.report_id == answer({}).report_id == "us_census_exports/hs10-2023-03"
    assert split.records[0].period_end == date(2023, 3, 31)


def test_time_that_contradicts_year_and_month_dates_no_row() -> None:
    right, wrong = {"YEAR": "2023", "MONTH": "03"}, {"YEAR": "2023", "MONTH": "04"}
    assert "not one month" in answer(right, wrong).rejects[0].reason
    assert answer(wrong).refused == "no row tells its month as YYYY-MM"


def test_a_restated_month_is_the_same_report_with_the_same_transfers() -> None:
    before, after = answer({}), answer({"ALL_VAL_MO": "1200", "LAST_UPDATE": "2023-06-07"})
    assert before.report_id == after.report_id
    assert before.records[0].transfer_id == after.records[0].transfer_id
    assert (before.records[0].value, after.records[0].value) == (1000, 1200)


@pytest.mark.parametrize("seed", range(40))
def test_answers_of_other_shapes_are_exact_to_the_dollar_and_unit(seed: int) -> None:
    made = census.answer(seed)
    parsed = SOURCE.parse(document(made.content))
    assert (parsed.refused, parsed.rejects) == (None, [])
    read = Counter(
        (r.control_code, r.destination_country, r.verbatim["DISTRICT"], r.verbatim["DF"], r.value, r.quantity)
        for r in parsed.records
    )
    assert read == Counter(
        (f.commodity, census.COUNTRIES[f.country][1], f.district, f.origin, f.value, f.quantity)
        for f in made.facts
    )
    assert parsed.ignored_by_rule() == made.ignored
    assert len({r.transfer_id for r in parsed.records}) == len(parsed.records)


def test_a_dropped_row_and_a_shifted_column_do_not_pass_for_the_same() -> None:
    made = census.answer(1)
    full = SOURCE.parse(document(made.content))
    table = json.loads(made.content)
    shifted = [table[0], *[[*row[1:], row[0]] for row in table[1:]]]
    assert len(SOURCE.parse(document(json.dumps(shifted))).records) == 0
    dropped = SOURCE.parse(document(json.dumps(table[:-1])))
    assert dropped.row_counts()["seen"] == full.row_counts()["seen"] - 1


def test_the_address_asks_for_what_the_parser_needs() -> None:
    months = SOURCE.meta.fetch.months
    assert months is not None
    for needed in (
        "ALL_VAL_MO",
        "QTY_1_MO_FLAG",
        "CTY_CODE=2010",
        "COMM_LVL=HS10",
        "SUMMARY_LVL=DET",
        "time={YYYY}-{MM}",
    ):
        assert needed in months.url
    assert "key=" not in months.url
    assert SOURCE.find_reports(document("")) == []

"""The four outcomes of a row, and the place that each of them carries."""

from __future__ import annotations

from decimal import Decimal

import pytest

from parsers.record import (
    PUBLISHED_FIELDS,
    DocumentError,
    Grain,
    Measure,
    Record,
    Row,
    Stage,
    ValueBasis,
    WeaponClass,
)

ROW = Row(cells={"name": " Mexico ", "value": "5"}, page=3, row=7, bbox=(1.0, 2.0, 3.0, 4.0))
ARCHITECTURE_ENUMS = {
    Stage: "notified, licensed, refused, returned, revoked, shipped, received, trained",
    Grain: "licence, item, aggregate",
    WeaponClass: "pistols_revolvers, rifles_carbines, automatic_rifles_smgs, machine_guns, shotguns, launchers, ammunition, "
    "parts, suppressors, optics, air_guns, other_arms, not_firearms, unknown",
    ValueBasis: "licensed_ceiling, threshold_minimum, customs_fas, shipped_reported, estimated_case, contract, "
    "training_cost, unknown",
    Measure: "value, quantity, count",
}


@pytest.mark.parametrize("closed_list", list(ARCHITECTURE_ENUMS))
def test_closed_lists_are_those_of_the_architecture(closed_list: type) -> None:
    assert [member.value for member in closed_list] == ARCHITECTURE_ENUMS[closed_list].split(", ")


def test_record_of_a_row_carries_its_place_and_its_cells_verbatim() -> None:
    record = ROW.record(
        key=("1",), stage=Stage.LICENSED, grain=Grain.LICENCE, value=Decimal(5), currency="EUR"
    )
    assert (record.page, record.row, record.bbox) == (3, 7, (1.0, 2.0, 3.0, 4.0))
    assert record.verbatim == {"name": " Mexico ", "value": "5"}
    assert record.weapon_class is WeaponClass.UNKNOWN


def test_other_cells_may_be_given_as_verbatim() -> None:
    record = ROW.record(key=("1",), stage=Stage.LICENSED, grain=Grain.ITEM, verbatim={"items": "2"})
    assert record.verbatim == {"items": "2"}


def test_total_reject_and_ignored_row_carry_place_and_raw_text() -> None:
    total = ROW.total(
        scope={}, measure=Measure.COUNT, stage=Stage.LICENSED, printed=Decimal(5), unit="licences"
    )
    reject, ignored = ROW.reject("not a number"), ROW.ignored("no_figures")
    for outcome in (total, reject, ignored):
        assert (outcome.page, outcome.row, outcome.raw) == (3, 7, " Mexico  | 5")
    assert (total.computed, total.agrees, total.bbox) == (None, None, (1.0, 2.0, 3.0, 4.0))
    assert (reject.reason, ignored.rule) == ("not a number", "no_figures")


def test_row_is_known_by_its_text_where_the_reader_kept_it() -> None:
    assert Row(cells={"a": "1"}, text="1;2;3").raw == "1;2;3"


def test_each_measure_sums_one_field_of_the_record() -> None:
    fields = set(Record.__dataclass_fields__)
    assert {measure.value: measure.record_field for measure in Measure} == {
        "value": "value", "quantity": "quantity", "count": "licence_count",
    }  # fmt: skip
    assert {measure.record_field for measure in Measure} <= fields


def test_published_fields_are_all_of_the_record_but_its_key() -> None:
    assert set(PUBLISHED_FIELDS) == set(Record.__dataclass_fields__) - {"key"}
    assert len(PUBLISHED_FIELDS) == len(set(PUBLISHED_FIELDS))
    assert (PUBLISHED_FIELDS[0], PUBLISHED_FIELDS[-1]) == ("transfer_id", "verbatim")


def test_document_error_says_where_when_that_is_known() -> None:
    error = DocumentError("the header is not as known", page=2, row=1)
    assert (str(error), error.reason, error.page, error.row) == (
        "the header is not as known", "the header is not as known", 2, 1,
    )  # fmt: skip
    assert DocumentError("x").page is None

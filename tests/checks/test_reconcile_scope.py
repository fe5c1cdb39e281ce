"""Which rows a printed sum covers: by field, by printed column, and by category with its subcategories."""

from __future__ import annotations

from decimal import Decimal

import pytest

from checks.reconcile import reconcile
from parsers.facts import Totals
from parsers.record import Grain, Measure, Record, Stage, Total


def record(code: str, program: str, value: int) -> Record:
    return Record(
        key=(code, program),
        stage=Stage.LICENSED,
        grain=Grain.AGGREGATE,
        verbatim={"Program": program},
        control_code=code,
        value=Decimal(value),
        currency="USD",
    )


ROWS = [
    record("I(a)", "IMET", 1),
    record("I(b)", "FMF", 10),
    record("I", "FMF", 100),
    record("II", "FMF", 1000),
]


@pytest.mark.parametrize(
    ("scope", "computed"),
    [
        ({}, 1111),
        ({"control_code": "I"}, 111),
        ({"control_code": "I(b)"}, 10),
        ({"control_code": "II"}, 1000),
        ({"Program": "FMF"}, 1110),
        ({"Program": "FMF", "control_code": "I"}, 110),
        ({"Program": "PKO"}, None),
    ],
)
def test_a_total_sums_the_rows_of_its_scope(scope: dict[str, str], computed: int | None) -> None:
    total = Total(scope=scope, measure=Measure.VALUE, stage=Stage.LICENSED, printed=Decimal(111), raw="")
    reconcile(ROWS, [total], Totals())
    assert total.computed == computed
    assert total.agrees == (None if computed is None else computed == 111)

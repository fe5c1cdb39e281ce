"""Section 655 reports in styles that the eye reads without lines: every row and sum exact, wrong sums told."""

from __future__ import annotations

from collections import Counter

import pytest

from checks.reconcile import reconcile
from parsers.document import Document
from parsers.parsed import Parsed
from parsers.registry import load_source
from tests.generators import tables655

SOURCE = load_source("us_ddtc_655")


def read(made: tables655.Report) -> Parsed:
    parsed = SOURCE.parse(Document(content=made.content, media_type="application/pdf", name="report.pdf"))
    reconcile(parsed.records, parsed.totals, SOURCE.meta.totals)
    return parsed


def assert_exact(made: tables655.Report) -> None:
    parsed = read(made)
    assert (parsed.refused, parsed.rejects) == (None, [])
    assert Counter(
        tables655.Fact(
            r.page or 0,
            r.stage.value,
            r.destination_country or "",
            r.control_code,
            r.item_description,
            None if r.quantity is None else int(r.quantity),
            None if r.value is None else int(r.value),
        )
        for r in parsed.records
    ) == Counter(made.facts)
    assert Counter(
        tables655.Sum(
            t.page or 0,
            t.stage.value,
            t.scope.get("destination_country", ""),
            t.measure.value,
            int(t.printed),
            t.agrees is True,
        )
        for t in parsed.totals
    ) == Counter(made.sums)
    assert all(r.bbox is not None for r in parsed.records)


# 1194: names that end in "of the" at the end of a row, which cuts no phrase
@pytest.mark.parametrize("seed", [*range(24), 1194])
def test_a_report_in_a_style_of_its_own_is_exact(seed: int) -> None:
    assert_exact(tables655.report(seed))


@pytest.mark.slow
@pytest.mark.parametrize("block", range(10))
def test_hundreds_more_are_exact(block: int) -> None:
    for seed in range(1000 + 40 * block, 1040 + 40 * block):
        assert_exact(tables655.report(seed))

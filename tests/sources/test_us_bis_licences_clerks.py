"""Commerce licensing figures as other clerks would have set them: looks that a blind set of reports brought up."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from checks.reconcile import reconcile
from parsers.document import Document
from parsers.parsed import Parsed
from parsers.registry import load_source
from tests.generators.sheets import Column, Sheet, column

SOURCE = load_source("us_bis_licences")
TOP = (
    column("Rank", 50, 90), column("Commodity Classification", 90, 220),
    column("Licenses", 220, 320, "right"), column("Value", 320, 450, "right"),
)  # fmt: skip
PLAIN = (
    column("ECCN", 50, 120), column("Approved", 120, 230, "right"),
    column("Returned Without Action", 230, 380, "right"), column("Denied", 380, 480, "right"),
)  # fmt: skip
BY_COUNTRY = (
    column("Country of Ultimate|Destination", 50, 180), column("ECCN", 180, 240),
    column("Approved|Licenses", 240, 310, "right"), column("Approved Value", 310, 400, "right"),
    column("Denied|Licenses", 400, 460, "right"), column("Denied Value", 460, 550, "right"),
)  # fmt: skip


def sheet(columns: Sequence[Column], *titles: str, ruled: bool = False, repeat: bool = True) -> Sheet:
    made = Sheet(columns, ruled=ruled, repeat=repeat)
    for title in ("U.S. Trade with Mexico, Calendar Year 2022", *titles):
        made.title(title)
    made.y += 6
    made.header()
    return made


def read(made: Sheet) -> Parsed:
    parsed = SOURCE.parse(Document(content=made.content(), media_type="application/pdf", name="bis.pdf"))
    reconcile(parsed.records, parsed.totals, SOURCE.meta.totals)
    return parsed


def cells(parsed: Parsed) -> list[tuple[str, str | None, str | None, int | None, int | None]]:
    return [
        (
            str(r.stage),
            r.destination_country,
            r.control_code,
            r.licence_count,
            None if r.value is None else int(r.value),
        )
        for r in parsed.records
    ]


@pytest.mark.parametrize("ruled", [True, False])
@pytest.mark.parametrize(
    ("caption", "stage"),
    [
        ("Top ECCNs of Approved Licenses", "licensed"),
        ("Top 10 ECCNs of Approved Licenses", "licensed"),
        ("Approved Licenses for Firearms Items", "licensed"),
        ("Licenses Denied for Mexico", "refused"),
        ("Denied Applications", "refused"),
    ],
)
def test_the_words_above_a_list_tell_its_outcome_and_a_rank_is_no_figure(
    caption: str, stage: str, ruled: bool
) -> None:
    made = sheet(TOP, caption, ruled=ruled)
    made.row(["1", "0A501", "145", "$81,905,679"])
    made.row(["2", "0A505", "17", "$4,000"])
    parsed = read(made)
    assert (parsed.refused, parsed.rejects) == (None, [])
    assert cells(parsed) == [(stage, "MX", "0A501", 145, 81_905_679), (stage, "MX", "0A505", 17, 4_000)]


def test_a_list_goes_on_over_the_page_and_its_outcome_with_it() -> None:
    made = sheet(TOP, "Top ECCNs of Approved Licenses")
    made.row(["1", "0A501", "145", "$81,905,679"])
    made.turn()
    made.row(["2", "0A505", "17", "$4,000"])
    parsed = read(made)
    assert parsed.refused is None
    assert [(r.page, str(r.stage)) for r in parsed.records] == [(1, "licensed"), (2, "licensed")]


@pytest.mark.parametrize("turn", [True, False])
@pytest.mark.parametrize("words", ["ECCNs most often denied", "Applications for Semi-automatic Firearms"])
def test_other_words_above_another_list_are_not_taken_for_the_outcome_before(words: str, turn: bool) -> None:
    made = sheet(TOP, "Top ECCNs of Approved Licenses", repeat=False)
    made.row(["1", "0A501", "145", "$81,905,679"])
    if turn:
        made.turn()
    made.title(words)
    made.header()
    made.row(["1", "0A502", "3", "$77"])
    parsed = read(made)
    assert parsed.records == []
    assert parsed.refused == "a column of counts does not say which outcome it is of"


@pytest.mark.parametrize("every_row", [True, False])
def test_columns_titled_with_an_outcome_alone_are_dollars_where_they_print_the_sign(every_row: bool) -> None:
    sign = "$" if every_row else ""
    made = sheet(PLAIN)
    made.row(["0A501", "$1,234,567", "$0", "$310"])
    made.row(["0A505", f"{sign}45,678", f"{sign}100", f"{sign}0"])
    made.row(["Total", "$1,280,245", "$100", "$310"], bold=True)
    parsed = read(made)
    assert (parsed.refused, parsed.rejects) == (None, [])
    assert cells(parsed) == [
        ("licensed", "MX", "0A501", None, 1_234_567),
        ("refused", "MX", "0A501", None, 310),
        ("returned", "MX", "0A501", None, 0),
        ("licensed", "MX", "0A505", None, 45_678),
        ("refused", "MX", "0A505", None, 0),
        ("returned", "MX", "0A505", None, 100),
    ]
    assert [(str(t.measure), t.agrees) for t in parsed.totals] == [("value", True)] * 3


def test_figures_that_may_be_licences_or_dollars_refuse_the_report() -> None:
    said = sheet(PLAIN, "Values in U.S. dollars")
    said.row(["0A501", "1,234,567", "0", "310"])
    assert read(said).refused == "figures without a sign below 'Values in U.S. dollars' may be licences"
    two = sheet(PLAIN)
    two.row(["0A501", "12", "0", "3"])
    two.title("Value of Licenses")
    two.header()
    two.row(["0A501", "$1,234,567", "$0", "$310"])
    assert read(two).refused == "'12' below Approved Count may be licences or dollars"


def test_values_in_thousands_refuse_the_report() -> None:
    made = sheet(TOP, "Top ECCNs of Approved Licenses", "(Values in thousands of dollars)")
    made.row(["1", "0A501", "145", "$81,905"])
    assert read(made).refused == "values in other units than dollars: '(Values in thousands of dollars)'"


def by_country(*, once: bool, total: str) -> Sheet:
    made = Sheet(BY_COUNTRY)
    made.title("Commerce Control List Licenses, Fiscal Year 2023")
    made.title("Values in U.S. Dollars")
    made.header()
    for place in ("Brazil", "Mexico"):
        made.row([place, "0A501", "5", "$700", "0", "$0"])
        made.row(["" if once else place, "0A505", "6", "$50", "1", "$9"])
        made.row([total.format(place), "", "11", "$750", "1", "$9"], bold=True)
    made.row(["Grand Total", "", "22", "$1,500", "2", "$18"], bold=True)
    return made


@pytest.mark.parametrize("once", [True, False])
@pytest.mark.parametrize("total", ["Total", "{} Total", "Total {}"])
def test_titles_over_two_lines_and_sums_of_each_country(total: str, once: bool) -> None:
    parsed = read(by_country(once=once, total=total))
    assert (parsed.refused, parsed.rejects) == (None, [])
    assert cells(parsed) == [
        row
        for place in ("BR", "MX")
        for row in (
            ("licensed", place, "0A501", 5, 700),
            ("refused", place, "0A501", 0, 0),
            ("licensed", place, "0A505", 6, 50),
            ("refused", place, "0A505", 1, 9),
        )
    ]
    assert [(t.scope.get("destination_country"), t.agrees) for t in parsed.totals] == [
        *[("BR", True)] * 4,
        *[("MX", True)] * 4,
        *[(None, True)] * 4,
    ]


def test_a_raised_mark_is_no_digit_of_a_figure() -> None:
    made = sheet(TOP, "Top ECCNs of Approved Licenses")
    made.row(["1", "0A501", "145", "$819"], marks={2: "1", 3: "2"})
    assert cells(read(made)) == [("licensed", "MX", "0A501", 145, 819)]

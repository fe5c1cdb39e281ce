"""Training report: whole cells from wrapped lines, the country from its line, printed sums reproduced."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from checks.reconcile import reconcile
from parsers.document import Document
from parsers.parsed import Parsed
from parsers.registry import load_source
from tests.generators import fmtr

SOURCE = load_source("us_state_fmtr")
SHARED = Path(__file__).parents[3] / "shared" / "data" / "us_fmtr"
REAL = pytest.mark.skipif(not SHARED.is_dir(), reason="the folder of real files is not beside this checkout")
LINE = ("English", "2", "Monterey, CA, US", "SEMAR", "GCMC", "$1,500", "10/3/2017", "3/21/2018")


def pdf(content: bytes) -> Parsed:
    return SOURCE.parse(Document(content=content, media_type="application/pdf", name="volume.pdf"))


def page(body: str) -> Parsed:
    text = f"<html><body><table>{body}</table></body></html>"
    return SOURCE.parse(Document(content=text.encode(), media_type="text/html", name="page.html"))


def read(parsed: Parsed) -> Counter[tuple[object, ...]]:
    """Page, country, programme and the eight cells of every record."""
    return Counter(
        (r.page, r.destination_country_raw, r.verbatim["Program"], tuple(r.verbatim[t] for t in fmtr.TITLES))
        for r in parsed.records
    )


def one(*lines: tuple[str, ...], country: str = "Mexico") -> Parsed:
    program = fmtr.Program("IMET-1", "2018", "Department of State", list(lines), printed=(2, 1500))
    return pdf(fmtr.volume({country: [program]}).content)


def test_a_line_is_training_of_a_unit_with_its_printed_dates() -> None:
    (record,) = one(LINE).records
    assert (record.stage, record.destination_country, record.end_user_raw) == ("trained", "MX", "SEMAR")
    assert (record.item_description, record.quantity, record.quantity_unit) == ("English", 2, "trainees")
    assert (record.value, record.currency, record.value_basis) == (1500, "USD", "training_cost")
    assert (record.period_start, record.period_end) == (date(2017, 10, 3), date(2018, 3, 21))
    assert record.verbatim["Fiscal Year"] == "2018"
    assert record.bbox is not None and record.page == 1


@pytest.mark.parametrize("seed", range(12))
def test_volumes_of_other_layouts_read_whole(seed: int) -> None:
    made = fmtr.variant(seed)
    parsed = pdf(made.content)
    assert (parsed.refused, parsed.rejects) == (None, [])
    assert read(parsed) == Counter(made.lines)
    reconcile(parsed.records, parsed.totals, SOURCE.meta.totals)
    assert len(parsed.totals) == 2 * len(made.totals)
    assert [total.raw for total in parsed.totals if not total.agrees] == []


def test_the_country_is_the_country_line_not_a_place_of_training() -> None:
    line = (
        *LINE[:2],
        "Mexico (In Country Training)",
        "Jamaica Defence Force and the Embassy of Mexico",
        *LINE[4:],
    )
    assert [r.destination_country for r in one(line, line, country="Jamaica").records] == ["JM", "JM"]


def test_rows_under_an_unknown_country_line_are_rejected_not_given_to_the_one_before() -> None:
    program = fmtr.Program("IMET-1", "2018", "Department of State", [LINE])
    parsed = pdf(fmtr.volume({"Mexico": [program], "Freedonia": [program]}).content)
    assert [r.destination_country for r in parsed.records] == ["MX"]
    assert {"'Freedonia' is not a known country name" in r.reason for r in parsed.rejects} == {True}


def test_a_wrong_printed_sum_is_reported_with_page_and_figures() -> None:
    program = fmtr.Program("IMET-1", "2018", "Department of State", [LINE], printed=(3, 1500))
    parsed = pdf(fmtr.volume({"Mexico": [program]}).content)
    reconcile(parsed.records, parsed.totals, SOURCE.meta.totals)
    wrong = [total for total in parsed.totals if total.agrees is False]
    assert {(t.page, t.measure.value, t.printed, t.computed) for t in wrong} == {(1, "quantity", 3, 2)}


def test_a_programme_with_two_tables_has_a_sum_for_each() -> None:
    program = fmtr.Program("FMF", "2018", "Department of State", [LINE])
    parsed = pdf(fmtr.volume({"Mexico": [program, program]}).content)
    reconcile(parsed.records, parsed.totals, SOURCE.meta.totals)
    assert [total.agrees for total in parsed.totals] == [True] * 6


@pytest.mark.parametrize(
    ("at", "cell", "says"),
    [
        (1, "two", "'two' is not"),
        (5, "$1,50", "'1,50'"),
        (6, "13/40/2018", "not a date"),
        (0, "", "Course Title is blank"),
    ],
)
def test_a_cell_that_cannot_be_read_rejects_its_line(at: int, cell: str, says: str) -> None:
    broken = (*LINE[:at], cell, *LINE[at + 1 :])
    made = one(LINE, broken) if at else one(broken)
    assert any(says in reject.reason for reject in made.rejects), [r.reason for r in made.rejects]


def test_a_renamed_header_refuses_the_volume(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fmtr, "TITLES", ("Course Title", "Heads", *fmtr.TITLES[2:]))
    assert "no page has a table with the known columns" in str(one(LINE).refused)


def test_an_added_column_title_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fmtr, "TITLES", (*fmtr.TITLES[:4], "Vetting", *fmtr.TITLES[5:]))
    assert "unknown column title 'Vetting'" in str(one(LINE).refused)


def test_pages_of_1999_have_headings_over_two_rows_and_titles_that_go_on_below() -> None:
    parsed = page(
        "<tr><td><b>Mexico, Military Education And</b></td></tr>\n<tr><td><b>Training (IMET), FY 99</b></td></tr>\n"
        '<tr><td>AWC </td><td>1</td><td align="right">$4,020</td></tr>\n<tr><td>CORRESPONDENCE</td></tr>\n'
        "<tr><td></td></tr>\n<tr><td>Peru, Service Academy, FY 00</td></tr>\n<tr><td>In Country Team</td><td>3</td></tr>"
    )
    first, second = parsed.records
    assert (first.destination_country, first.item_description, first.value) == (
        "MX",
        "AWC CORRESPONDENCE",
        4020,
    )
    assert (first.period_start, first.period_end) == (date(1998, 10, 1), date(1999, 9, 30))
    assert (second.destination_country, second.quantity, second.value, second.currency) == (
        "PE",
        3,
        None,
        None,
    )
    assert second.verbatim["Program"] == "Service Academy"
    assert parsed.report_id == "us_state_fmtr/FY1999-mexico-peru"


def test_a_heading_that_names_no_country_refuses_the_page() -> None:
    body = (
        "<tr><td><b>Freedonia, Service Academy, FY 99</b></td></tr><tr><td>X</td><td>1</td><td>$1</td></tr>"
    )
    assert "names no country, programme and year" in str(page(body).refused)


@REAL
@pytest.mark.slow
def test_the_real_volume_reproduces_every_printed_sum() -> None:
    parsed = SOURCE.parse(Document.from_file(SHARED / "2019_2020_Western_Hemisphere_fmtrpt.pdf"))
    reconcile(parsed.records, parsed.totals, SOURCE.meta.totals)
    assert len(parsed.totals) == 426
    assert [total.raw for total in parsed.totals if not total.agrees] == []
    mexico = [r for r in parsed.records if r.destination_country == "MX"]
    assert (len(mexico), sum(r.quantity or 0 for r in mexico), sum(r.value or 0 for r in mexico)) == (
        239,
        721,
        5_797_599,
    )
    assert parsed.rejects == []


@REAL
def test_the_real_page_of_1999_reads_whole() -> None:
    parsed = SOURCE.parse(Document.from_file(SHARED / "cta_wha_mex2peru_1999_2000.html"))
    assert (parsed.refused, parsed.rejects) == (None, [])
    found = Counter(r.destination_country for r in parsed.records)
    assert found == {"MX": 296, "PE": 165, "PY": 50, "NI": 39, "PA": 34}


@pytest.mark.parametrize(
    ("running_title", "titles", "us_unit"),
    [
        (
            "Volume I Section IV-VI - Western Hemisphere",
            ("Course Title", "Students", "Location", "Student's Unit", "US Units"),
            "-",
        ),
        ("Volume I Section IV-VI - Western Hemisphere", (*fmtr.TITLES[:4], "US Unit - US Qty"), "GCMC - N/A"),
        (
            "Volume I, Section IV-VI - Western Hemisphere",
            (*fmtr.TITLES[:3], "Student Unit", "US Unit"),
            "GCMC",
        ),
    ],
    ids=["2007-2008", "2011-2012", "2015-2016"],
)
def test_titles_of_other_years_are_known(running_title: str, titles: tuple[str, ...], us_unit: str) -> None:
    layout = fmtr.Layout(running_title=running_title, titles=(*titles, *fmtr.TITLES[5:]))
    line = (*LINE[:4], us_unit, "1500", *LINE[6:])
    program = fmtr.Program("IMET-1", "2018", "Department of State", [line])
    parsed = pdf(fmtr.volume({"Mexico": [program]}, layout).content)
    assert (parsed.refused, parsed.rejects) == (None, [])
    (record,) = parsed.records
    assert (record.end_user_raw, record.quantity, record.value) == ("SEMAR", 2, 1500)
    assert record.verbatim["US Unit"] == us_unit
    assert parsed.report_id == "us_state_fmtr/FY2018-western-hemisphere"


def test_a_unit_that_ends_in_a_country_s_name_opens_no_country_though_the_page_has_its_line() -> None:
    unit = "501st Air Squadron, Base No. 1, Santa Lucia, Estado de Mexico"
    agency = "Department of State"
    lines = [(*LINE[:3], unit, *LINE[4:]), LINE]
    made = fmtr.volume(
        {
            "Argentina": [fmtr.Program("IMET-1", "2018", agency, lines)],
            "Mexico": [fmtr.Program("IMET-1", "2018", agency, [LINE])],
        }
    )
    parsed = pdf(made.content)
    assert [(r.destination_country, r.end_user_raw) for r in parsed.records] == [
        ("AR", unit),
        ("AR", "SEMAR"),
        ("MX", "SEMAR"),
    ]

"""ATF exhibit 2: exports by type and year; each row's printed sum is checked, chart figures are no rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from checks.reconcile import reconcile
from parsers.document import Document
from parsers.parsed import Parsed
from parsers.registry import load_source
from tests.generators import us655

SOURCE = load_source("us_atf_commerce")
REAL = Path(__file__).parents[3] / "shared" / "data" / "us_atf_commerce" / "2024_firearms_commerce_report.pdf"
TITLES = ("Calendar Year", "Pistols", "Revolvers", "Rifles", "Shotguns", "Misc. Firearms1", "Total Firearms")
ROW = ("2013", "167,653", "21,236", "131,718", "49,766", "22,748", "393,121")
EXHIBIT = "Exhibit 2: Firearms Manufacturers’ Exports (2013 – 2023), Statistical Update 2024"


def read(content: bytes) -> Parsed:
    parsed = SOURCE.parse(Document(content=content, media_type="application/pdf", name="report.pdf"))
    reconcile(parsed.records, parsed.totals, SOURCE.meta.totals)
    return parsed


def exhibit(
    *rows: str | tuple[str, ...], titles: tuple[str, ...] = TITLES, ruled: bool = True, title: str = EXHIBIT
) -> Parsed:
    sheet = us655.Sheet(titles=titles, widths=(72,) * len(titles), ruled=ruled, title=title)
    return read(us655.press(sheet, list(rows)).content)


@pytest.mark.parametrize("ruled", [True, False])
def test_a_row_is_five_types_of_one_year_and_its_sum(ruled: bool) -> None:
    parsed = exhibit(ROW, ruled=ruled)
    assert [(r.item_description, r.weapon_class.value, r.quantity) for r in parsed.records] == [
        ("Pistols", "pistols_revolvers", 167_653),
        ("Revolvers", "pistols_revolvers", 21_236),
        ("Rifles", "rifles_carbines", 131_718),
        ("Shotguns", "shotguns", 49_766),
        ("Misc. Firearms", "other_arms", 22_748),
    ]
    (total,) = parsed.totals
    assert (total.printed, total.agrees) == (393_121, True)
    first = parsed.records[0]
    assert (first.period_start, first.period_end) == (date(2013, 1, 1), date(2013, 12, 31))
    assert (first.destination_country, first.exporter_country) == (None, "US")


def test_columns_in_another_order_are_read_by_their_titles() -> None:
    parsed = exhibit(ROW[::-1], titles=TITLES[::-1])
    assert parsed.records[0].quantity == 167_653 and parsed.totals[0].agrees


def test_a_year_whose_sum_is_wrong_is_reported_beside_the_right_one() -> None:
    parsed = exhibit(ROW, ("2014", *ROW[1:6], "1"))
    assert [(total.agrees, total.computed) for total in parsed.totals] == [(True, 393_121), (False, 393_121)]


def test_chart_labels_and_notes_below_the_table_are_no_rows() -> None:
    parsed = exhibit(
        ROW, "Exhibit 2a: Firearms Manufacturers’ Exports (2013 – 2023)", "700,000", "2013 2014 2015"
    )
    assert (len(parsed.records), parsed.rejects) == (5, [])


def test_exhibit_1_has_the_same_columns_and_is_not_read() -> None:
    made = exhibit(ROW, title="Exhibit 1: Total Firearms Manufactured (2013 – 2023), Statistical Update 2024")
    assert "no page has the exhibit of firearms manufacturers' exports" in str(made.refused)


def test_a_blank_cell_rejects_its_row() -> None:
    parsed = exhibit(ROW, ("2014", "", *ROW[2:]))
    assert [reject.reason for reject in parsed.rejects] == ["a row of a year with a blank cell"]


def test_a_renamed_column_is_refused() -> None:
    assert exhibit(ROW, titles=(*TITLES[:5], "Receivers", TITLES[6])).refused


def test_the_page_of_statistics_names_the_editions_by_the_year_that_their_cover_has() -> None:
    text = '<a href="/media/1/download">Firearms Commerce in the United States - Annual Statistical Update 2024</a><a href="/x">AFMER 2023</a>'
    page = Document(
        content=text.encode(),
        media_type="text/html",
        name="i",
        url="https://www.atf.gov/resource-center/data-statistics",
    )
    assert [(ref.url, ref.report_key) for ref in SOURCE.find_reports(page)] == [
        ("https://www.atf.gov/media/1/download", "2024")
    ]  # type: ignore[union-attr]


@pytest.mark.skipif(not REAL.is_file(), reason="the folder of real files is not beside this checkout")
def test_the_real_report_prints_two_sums_that_hold_the_year_as_well() -> None:
    parsed = read(REAL.read_bytes())
    assert (parsed.report_id, len(parsed.records), parsed.rejects) == ("us_atf_commerce/2024", 55, [])
    wrong = {t.period_start.year: t.printed - t.computed for t in parsed.totals if not t.agrees}  # type: ignore[union-attr, operator]
    assert wrong == {2021: 2021, 2022: 2022}

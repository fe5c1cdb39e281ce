"""Training reports of other eras, and rows that a page's end cuts: each line exact, or rejected; never a part of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest

from checks.reconcile import reconcile
from parsers.document import Document
from parsers.parsed import Parsed
from parsers.registry import load_source
from tests.generators import fmtr_cut
from tests.generators import fmtr_eras as eras
from tests.generators.sheets import Sheet, column

SOURCE = load_source("us_state_fmtr")
ERAS: dict[str, Callable[[int], eras.Report]] = {
    "2000": eras.newspaper,
    "2001": partial(eras.headed, late=False),
    "2001 on low pages": partial(eras.headed, late=False, page=(792, 380)),
    "2004": partial(eras.headed, late=True),
    "2004 on low pages": partial(eras.headed, late=True, page=(792, 400)),
    "2006": eras.page_of_html,
    "2007": eras.centred,
    "rows cut, cells centred": partial(fmtr_cut.cut, centred=True),
    "rows cut, cells at the top": partial(fmtr_cut.cut, centred=False),
}


def read(content: bytes) -> Parsed:
    media_type = "text/html" if content.startswith(b"<") else "application/pdf"
    parsed = SOURCE.parse(Document(content=content, media_type=media_type, name="report"))
    reconcile(parsed.records, parsed.totals, SOURCE.meta.totals)
    return parsed


def lines(parsed: Parsed) -> Counter[eras.Line]:
    return Counter(
        (
            str(r.destination_country),
            r.end_user_raw,
            str(r.item_description),
            int(r.quantity or 0),
            None if r.value is None else int(r.value),
            str(r.period_start),
            str(r.period_end),
        )
        for r in parsed.records
    )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("era", ERAS)
def test_every_line_and_sum_of_the_era_is_exact(era: str, seed: int) -> None:
    made = ERAS[era](300 + seed)
    parsed = read(made.content)
    assert (parsed.refused, parsed.rejects) == (None, [])
    assert lines(parsed) == Counter(made.lines)
    sums = [(t.scope.get("destination_country"), str(t.measure), int(t.printed)) for t in parsed.totals]
    assert Counter(sums) == Counter(made.sums)
    assert [total.raw for total in parsed.totals if total.agrees is False] == []
    assert len({(r.page, r.row) for r in parsed.records}) == len(parsed.records)


@pytest.mark.parametrize("seed", range(12))
def test_columns_that_nearly_touch_give_the_whole_line_or_a_reject_never_a_part(seed: int) -> None:
    made = fmtr_cut.cut(500 + seed, centred=True, inset=1, cutting=False)
    parsed = read(made.content)
    assert lines(parsed) - Counter(made.lines) == Counter()
    assert parsed.rejects or lines(parsed) == Counter(made.lines)


def test_a_line_that_belongs_to_no_row_puts_the_rows_beside_it_in_doubt() -> None:
    made = fmtr_cut.cut(1, centred=True, cutting=False)
    sheet = Sheet([], page=(792, 300), size=7, step=8)
    sheet.title("Mexico", 11, x=15)
    sheet.title("CTIWFP - Fiscal Year 2021 Department of Defense Training", 7, x=15)
    places = (18, 153, 173, 246, 333, 473, 523, 573)
    titles = ("Course Title", "Qty", "Training Location", "Student's Unit", "US Unit", *eras.MODERN[5:])
    row = ("MTT", "3", "Washington, DC", "SEMAR", "JSOU", "$5", "1/2/2020", "1/3/2020")

    def draw(texts: tuple[str, ...], y: float) -> None:
        for x, text in zip(places, texts, strict=True):
            sheet.text(x, y, text)

    draw(titles, 95)
    draw(row, 110)
    sheet.text(246, 122.5, "Infanteria de Marina")
    draw(row, 135)
    draw(row, 150)
    parsed = read(sheet.content())
    assert len(made.lines) == 14 and len(parsed.records) == 1
    assert sum("may have cut this row" in r.reason for r in parsed.rejects) == 2
    assert any(r.raw == "Infanteria de Marina" for r in parsed.rejects)


def test_a_volume_that_begins_within_a_row_of_the_one_before_keeps_its_own_rows() -> None:
    orphans = ("DEPT/ICRC/HUMAN RIGHTS", "COMMISSION OF SL/CENTER FOR")
    made = eras.headed(5, late=False, begins_with=orphans)
    parsed = read(made.content)
    assert lines(parsed) == Counter(made.lines)
    assert tuple(reject.raw for reject in parsed.rejects) == orphans


@pytest.mark.parametrize(("second", "wanted"), [("Mexico", ["HN", "MX"]), ("Freedonia", ["HN"])])
def test_a_country_line_inside_the_drawn_grid_is_one_and_an_unknown_one_ends_the_country_above(
    second: str, wanted: list[str]
) -> None:
    edges = (15, 160, 180, 262, 372, 492, 560, 614, 668)
    titles = ("Course Title", "Qty", "Training Location", "Student's Unit", "US Unit", *eras.MODERN[5:])
    columns = [column(title, edges[n], edges[n + 1]) for n, title in enumerate(titles)]
    sheet = Sheet(columns, page=(792, 500), size=7, step=8, ruled=True, repeat=False)
    for name in ("Honduras", second):
        sheet.row([name, *[""] * 7])
        sheet.row(["CTFP - FY 2012 DoD Training", *[""] * 7])
        sheet.header()
        sheet.row(["MTT", "3", "Washington, DC", "Army", "JSOU", "$5", "1/2/2011", "1/3/2012"])
        sheet.row(["FY 2012 Program Totals", "3", "", "", "", "$5", "", ""])
    parsed = read(sheet.content())
    assert [r.destination_country for r in parsed.records] == wanted


def test_programme_sums_until_2006_cover_both_fiscal_years_and_the_country_all_programmes() -> None:
    parsed = read(eras.newspaper(7).content)
    scopes = {frozenset(total.scope) for total in parsed.totals}
    place = {"destination_country", "destination_country_raw"}
    assert scopes == {frozenset({*place, "Program", "Fiscal Year"}), frozenset({*place, "Program"})}


def test_reports_are_named_by_year_and_region_or_countries() -> None:
    assert read(ERAS["2001"](1).content).report_id == "us_state_fmtr/FY2001-western-hemisphere"
    assert read(ERAS["2007"](1).content).report_id == "us_state_fmtr/FY2007-western-hemisphere"
    assert read(ERAS["2006"](1).content).report_id == "us_state_fmtr/FY2006-antigua-and-barbuda-uruguay"


def test_an_added_column_of_the_page_of_2006_is_named() -> None:
    changed = eras.page_of_html(1).content.replace(b"<P>US Units</P>", b"<P>Vetting</P>")
    assert "unknown column title 'Vetting'" in str(read(changed).refused)


def test_a_heading_of_an_unknown_country_gives_its_rows_to_no_other() -> None:
    made = eras.headed(2, late=True)
    known = eras.NATIONS.copy()
    try:
        eras.NATIONS["Freedonia"] = "XX"
        made = eras.headed(2, late=True)
    finally:
        eras.NATIONS.clear()
        eras.NATIONS.update(known)
    parsed = read(made.content)
    wanted = Counter(line for line in made.lines if line[0] != "XX")
    assert lines(parsed) - wanted == Counter()

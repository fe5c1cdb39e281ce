"""BIS licensing figures in layouts that the parser's author did not draw: other orders, titles, blocks and years.

Documents are set by a generator that knows nothing of the parser; every cell and sum is compared.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable

from checks.reconcile import reconcile
from parsers.document import Document
from parsers.parsed import Parsed
from parsers.registry import load_source
from tests.generators.sheets import Sheet, column

SOURCE = load_source("us_bis_licences")
Fact = tuple[str, str | None, str, int | None, int | None, str]
FY2022, FY2023, CY2021, CY2022, CY2023 = "2021-10-01", "2022-10-01", "2021-01-01", "2022-01-01", "2023-01-01"


def read(content: bytes, media_type: str) -> Parsed:
    parsed = SOURCE.parse(Document(content=content, media_type=media_type, name="bis"))
    reconcile(parsed.records, parsed.totals, SOURCE.meta.totals)
    return parsed


def csv_of(text: str) -> Parsed:
    return read(text.encode(), "text/csv")


def pdf_of(sheet: Sheet) -> Parsed:
    return read(sheet.content(), "application/pdf")


def facts(parsed: Parsed) -> Counter[Fact]:
    return Counter(
        (
            str(r.stage),
            r.destination_country,
            str(r.control_code),
            r.licence_count,
            None if r.value is None else int(r.value),
            str(r.period_start),
        )
        for r in parsed.records
    )


def row(
    place: str | None, code: str, start: str, approved: int | None = None, value: int | None = None,
    denied: int | None = None, returned: int | None = None,
) -> list[Fact]:  # fmt: skip
    found: list[Fact] = []
    if approved is not None or value is not None:
        found.append(("licensed", place, code, approved, value, start))
    if denied is not None:
        found.append(("refused", place, code, denied, None, start))
    if returned is not None:
        found.append(("returned", place, code, returned, None, start))
    return found


def sums(parsed: Parsed) -> list[tuple[str | None, str, str, int, bool | None]]:
    return [
        (t.scope.get("destination_country"), str(t.stage), str(t.measure), int(t.printed), t.agrees)
        for t in parsed.totals
    ]


def test_a_csv_file_with_titles_above_notes_below_and_withheld_figures() -> None:
    parsed = csv_of(
        "\ufeffBureau of Industry and Security\r\nLicensing Statistics by Destination and ECCN\r\n\r\n"
        "ECCN,Destination,Fiscal Year,Licenses Denied,Licenses Returned Without Action,Licenses Approved,"
        "Value of Approved Licenses\r\n"
        '0A501.a,Mexico,FY2023,2,5,41,"$12,400,500"\r\n0A502,Mexico,FY2023,-,1,7,"655,000"\r\n'
        "0A505.a,MEXICO,FY2023,0,,18,$3150000\r\n0A504,Guatemala,FY2023,—,—,3,(D)\r\n"
        "0A509,Mexico,FY2023,1,0,0,$0\r\n\r\n"
        "(D) Withheld to avoid disclosing data of individual companies.,,,,,,\r\n"
    )
    assert facts(parsed) == Counter(
        row("MX", "0A501.a", FY2023, 41, 12_400_500, 2, 5)
        + row("MX", "0A502", FY2023, 7, 655_000, None, 1)
        + row("MX", "0A505.a", FY2023, 18, 3_150_000, 0)
        + row("GT", "0A504", FY2023, 3)
        + row("MX", "0A509", FY2023, 0, 0, 1, 0)
    )
    assert (parsed.rejects, parsed.ignored_by_rule()) == ([], {"title": 1})


def test_the_title_above_a_csv_header_names_country_and_year() -> None:
    parsed = csv_of("U.S. Trade with Mexico,\nCalendar Year 2022,\nECCN,Approved\n0A502,7\n")
    assert facts(parsed) == Counter(row("MX", "0A502", CY2022, 7))
    assert parsed.records[0].row == 4


def test_a_sum_that_names_its_country_is_held_against_that_country() -> None:
    parsed = csv_of(
        "Country,Calendar Year,ECCN,Approved,Approved Value\n"
        'Mexico,2022,0A501.a,41,"$12,400,500"\nMexico,2022,0A505.a,18,"$3,150,000"\n'
        'Mexico Total,2022,,59,"$15,550,500"\nBelize,2022,0A501.a,2,"$20,000"\n'
        'Total for Belize,2022,,2,"$21,000"\nAtlantis Total,2022,,1,$1\nGrand Total,2022,,61,"$15,571,500"\n'
    )
    assert sums(parsed) == [
        ("MX", "licensed", "count", 59, True), ("MX", "licensed", "value", 15_550_500, True),
        ("BZ", "licensed", "count", 2, True), ("BZ", "licensed", "value", 21_000, False),
        (None, "licensed", "count", 61, True), (None, "licensed", "value", 15_571_500, False),
    ]  # fmt: skip
    assert [(r.row, r.reason) for r in parsed.rejects] == [(7, "'Atlantis' is not a known country name")]


def test_titles_of_the_page_are_no_column_titles_and_wrapped_titles_are_one() -> None:
    sheet = Sheet(
        [
            column("Description of Items", 50, 220), column("ECCN", 220, 275),
            column("Returned|Without|Action", 275, 335, "right"), column("Denied", 335, 390, "right"),
            column("Approved|Value", 390, 480, "right"), column("Licenses|Approved", 480, 550, "right"),
        ]
    )  # fmt: skip
    sheet.title("U.S. Trade with Mexico")
    sheet.title("Export Licensing, Calendar Year 2023", 9)
    sheet.header()
    long = "Non-automatic and semi-automatic firearms equal to .50 caliber (12.7 mm) or less, and receivers"
    sheet.row([long, "0A501.a", "6", "3", "$14,200,000", "52"])
    sheet.row(["Shotguns with a barrel length less than 18 inches", "0A502", "", "0", "$731,250", "9"])
    sheet.row(["Ammunition for firearms", "0A505.a", "2", "-", "$2,999,999", "21"])
    sheet.row(["Optical sighting devices for firearms", "0A504", "*", "1", "(D)", "4"])
    sheet.row(["Total", "", "8", "4", "$17,931,249", "85"], bold=True)
    sheet.note("(D) Data withheld to avoid disclosure of confidential business information.")
    parsed = pdf_of(sheet)
    assert facts(parsed) == Counter(
        row("MX", "0A501.a", CY2023, 52, 14_200_000, 3, 6)
        + row("MX", "0A502", CY2023, 9, 731_250, 0)
        + row("MX", "0A505.a", CY2023, 21, 2_999_999, None, 2)
        + row("MX", "0A504", CY2023, 4, None, 1)
    )
    assert parsed.records[0].item_description == long
    assert sorted(sums(parsed)) == [
        ("MX", "licensed", "count", 85, False), ("MX", "licensed", "value", 17_931_249, True),
        ("MX", "refused", "count", 4, True), ("MX", "returned", "count", 8, True),
    ]  # fmt: skip


def test_annual_figures_by_eccn_are_of_all_destinations_together() -> None:
    sheet = Sheet(
        [
            column("ECCN", 60, 140), column("Description", 140, 340),
            column("Number of|Applications Approved", 340, 450, "right"), column("Total Value", 450, 550, "right"),
        ],
        ruled=True,
        valign="middle",
    )  # fmt: skip
    sheet.title("Approved License Applications by ECCN, Fiscal Year 2022")
    sheet.header()
    sheet.row(["0A501", "Firearms and related commodities", "9,843", "$7,102,345,678"])
    sheet.row(["0A502", "Shotguns, related commodities, components and test equipment", "412", "$88,120,400"])
    sheet.row(["Total", "", "10,255", "$7,190,466,078"], bold=True)
    parsed = pdf_of(sheet)
    assert facts(parsed) == Counter(
        row(None, "0A501", FY2022, 9_843, 7_102_345_678) + row(None, "0A502", FY2022, 412, 88_120_400)
    )
    assert parsed.report_id == "us_bis_licences/all-countries-FY2022"
    assert [agrees for *_, agrees in sums(parsed)] == [True, True]


def test_a_country_printed_once_a_block_goes_on_over_the_page_end_until_its_sum() -> None:
    sheet = Sheet(
        [
            column("Country", 40, 140), column("ECCN", 140, 200), column("Approved", 200, 270, "right"),
            column("Approved|Value", 270, 370, "right"), column("Denied", 370, 430, "right"),
        ],
        page=(612, 260),
    )  # fmt: skip
    sheet.title("Licensing Statistics by Country, Calendar Year 2023")
    sheet.header()
    chance = random.Random(5)
    wanted: list[Fact] = []
    for name, code in (("Guatemala", "GT"), ("Mexico", "MX"), ("United Arab Emirates", "AE")):
        approved = value = 0
        for n, eccn in enumerate(("0A501.a", "0A501.x", "0A502", "0A504", "0A505.a", "0A505.b")):
            a, v = chance.randint(1, 90), chance.randint(1_000, 9_999_999)
            sheet.row(["" if n else name, eccn, str(a), f"${v:,}", "0"])
            wanted += row(code, eccn, CY2023, a, v, 0)
            approved, value = approved + a, value + v
        sheet.row([f"Total {name}", "", str(approved), f"${value:,}", "0"], bold=True)
    sheet.row(["", "0A506", "1", "$5", "0"])
    parsed = pdf_of(sheet)
    assert facts(parsed) == Counter(wanted)
    assert [(place, agrees) for place, *_, agrees in sums(parsed)] == [
        (place, True) for place in ("GT", "MX", "AE") for _ in range(3)
    ]
    assert [r.reason for r in parsed.rejects] == ["neither the row nor a title names a country"]


def test_a_table_under_the_heading_of_another_year_is_of_that_year() -> None:
    sheet = Sheet([column("ECCN", 60, 140), column("Description", 140, 320), column("Approved", 320, 390)])
    sheet.title("U.S. Trade with Mexico, 2021-2022")
    for year, licences in ((2021, "3"), (2022, "4")):
        sheet.title(f"Calendar Year {year}", 9, x=60)
        sheet.header()
        sheet.row(["0A501.a", "Firearms", licences])
        sheet.row(["Total", "", licences], bold=True)
    parsed = pdf_of(sheet)
    assert facts(parsed) == Counter(row("MX", "0A501.a", CY2021, 3) + row("MX", "0A501.a", CY2022, 4))
    assert [agrees for *_, agrees in sums(parsed)] == [True, True]
    assert parsed.report_id == "us_bis_licences/mexico-CY2021-CY2022"


def test_a_note_that_names_another_year_dates_no_row() -> None:
    sheet = Sheet(
        [
            column("Export Control|Classification|Number", 40, 130), column("Item", 130, 300),
            column("Licenses|Issued", 300, 370, "right"), column("Amount of Licenses Issued|(USD)", 370, 480, "right"),
        ],
        ruled=True, valign="middle", page=(612, 260),
    )  # fmt: skip
    sheet.title("BIS Licenses for Mexico, CY 2022")
    sheet.header()
    codes = ("0A501.a", "0A501.b", "0A501.c", "0A501.x", "0A502", "0A504", "0A505.a", "0A505.x", "0A509")
    for n, code in enumerate(codes, 1):
        sheet.row([code, "Firearms, parts, and components therefor", str(n), f"${n * 1_000:,}"])
    sheet.note("Data for calendar year 2021 have been revised; see the report for calendar year 2021.")
    parsed = pdf_of(sheet)
    assert sheet.pageno > 1
    wanted = [fact for n, code in enumerate(codes, 1) for fact in row("MX", code, CY2022, n, n * 1_000)]
    assert facts(parsed) == Counter(wanted)


def test_an_outcome_above_its_count_and_value_is_theirs() -> None:
    places = ((50, 120), (120, 290), (290, 340), (340, 430), (430, 490), (490, 560))
    titles = ("ECCN", "Description", "Count", "Value", "Count", "Count")
    sheet = Sheet([column(title, *place) for title, place in zip(titles, places, strict=True)])
    sheet.title("U.S. Trade with Mexico")
    sheet.title("Licensing Activity, Fiscal Year 2023", 9)
    for x, outcome in ((340, "Approved"), (445, "Denied"), (505, "RWA")):
        sheet.text(x, sheet.y, outcome, bold=True, align="centre")
    sheet.y += 12
    sheet.header()
    sheet.row(["0A501.a", "Firearms", "41", "$12,400,500", "2", "5"])
    assert facts(pdf_of(sheet)) == Counter(row("MX", "0A501.a", FY2023, 41, 12_400_500, 2, 5))


def refusals(cases: Iterable[tuple[str, str]]) -> list[bool]:
    return [said in str(csv_of(text).refused) for text, said in cases]


def test_a_changed_layout_is_refused_with_what_changed() -> None:
    head = "Country,Calendar Year,ECCN,Approved"
    assert (
        refusals(
            [
                (f"{head},Approved Value ($ thousands)\nMexico,2022,0A501.a,41,5\n", "thousands"),
                (f"{head},Applications Pending\nMexico,2022,0A501.a,41,3\n", "'Applications Pending'"),
                ("Country,ECCN,Approved\nMexico,0A501.a,41\n", "country and the year"),
                ("Calendar Year,Country,ECCN,Count,Denied\n2022,Mexico,0A501,4,1\n", "which outcome"),
                ("<html><table><tr><td>Mexico</td></tr></table></html>", "a page of HTML is no table"),
            ]
        )
        == [True] * 5
    )

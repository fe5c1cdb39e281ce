"""us_dsca_notices: purchaser, total and the firearms that hide inside a package."""

from __future__ import annotations

import json
import random

import pytest

from parsers.document import Document
from parsers.parsed import Parsed
from parsers.record import Grain
from parsers.registry import load_source
from tests.generators import letters

SOURCE = load_source("us_dsca_notices")
REGISTER = (SOURCE.folder / "sample" / "2014-99901.txt").read_text("utf-8")
RECORD = (SOURCE.folder / "sample" / "senate-2023-09-21.htm").read_text("utf-8")
FIREARMS = [
    "M134 7.62mm machine guns", "M-240D machine guns", "GAU-21 .50 caliber machine guns", "M4A1 carbines", "M2 .50 caliber machine guns",
    "M249 light machine guns", "M320 grenade launchers", "7.62mm cartridges", "MK-19 grenade launchers", "9mm pistols",
]  # fmt: skip
OTHERS = [
    "MH-60R Multi-Mission Helicopters", "T700-GE-401C engines", "AN/AVS-9 Night Vision Devices", "AGM-114 missiles",
    "Embedded Global Positioning Systems", "M2A2 vehicles",
]  # fmt: skip


def parsed(text: str) -> Parsed:
    return SOURCE.parse(Document(content=text.encode(), media_type="text/plain", name="notice.txt"))


def described(text: str) -> list[tuple[str | None, int | None]]:
    page = parsed(
        REGISTER.replace(
            "18 UH-60M Black Hawk \nHelicopters in standard configuration with designated unique equipment",
            text,
        )
    )
    assert not page.rejects
    return [
        (r.item_description, None if r.quantity is None else int(r.quantity))
        for r in page.records
        if r.grain is Grain.ITEM and r.item_description != "M134 7.62mm machine guns"
    ]


@pytest.mark.parametrize("seed", range(80))
def test_a_generated_case_gives_its_total_and_its_firearms(seed: int) -> None:
    rng = random.Random(seed)
    name = rng.choice(list(letters.COUNTRIES))
    listed = [(rng.randrange(1, 5000), goods) for goods in rng.sample(FIREARMS, 2) + rng.sample(OTHERS, 3)]
    rng.shuffle(listed)
    word = rng.choice(["{n:,} {g}", "some ({n:,}) {g}", "Twenty-one ({n:,}) {g}"])
    text = rng.choice([", ", "; "]).join(word.format(n=n, g=g) for n, g in listed)
    major, other = rng.randrange(0, 900), rng.randrange(1, 900)
    number = rng.choice([f"{rng.randrange(10, 26)}-{rng.randrange(1, 120):02d}", "23-0A", "0S-23", "26-1C"])
    items = [
        f"(i) Prospective Purchaser: {rng.choice(['Government of ', ''])}{name}",
        f"(ii) Total Estimated Value: Major Defense Equipment*{'.' * rng.randrange(2, 30)} ${major} million "
        f"Other{'.' * 20} ${other} million TOTAL{'.' * 9} ${major + other} million",
        f"(iii) Description and Quantity or Quantities of Articles or Services under Consideration for Purchase: {text}, "
        "spare and repair parts, and other related elements of logistics support.",
        "(iv) Military Department: Navy (SAN)", "(v) Prior Related Cases, if any: None",
        "(viii) Date Report Delivered to Congress: April 18, 2018",
    ]  # fmt: skip
    body = [line for item in items for line in letters.wrap(rng, item, 72, "    ", "")]
    head, _, rest = REGISTER.partition("Transmittal No. 14-99\n")
    tail = "POLICY JUSTIFICATION" + rest.partition("POLICY JUSTIFICATION")[2]
    lines = [f"Transmittal No. {number}", "Notice of Proposed Issuance of Letter of Offer", *body]
    page = parsed("\n".join([head, *letters.with_markers(rng, lines, "", 1), tail]))
    assert page.refused is None and page.rejects == []
    case, *arms = page.records
    assert (case.licence_ref_raw, case.destination_country) == (number, letters.COUNTRIES[name])
    assert case.value == (major + other) * 10**6 and str(case.event_date) == "2018-04-18"
    assert [(a.quantity, a.item_description) for a in arms] == [(n, g) for n, g in listed if g in FIREARMS]
    assert all(a.value is None for a in arms)


def test_firearms_without_a_quantity_are_items_too() -> None:
    assert described("helicopters, GAU-21 machine guns") == [("GAU-21 machine guns", None)]


def test_a_vehicle_whose_name_begins_like_a_gun_is_none() -> None:
    assert described("24 M2A2 Bradley vehicles, 12 M240 Gun Mounts") == [("M240 Gun Mounts", 12)]


def test_a_total_that_its_parts_do_not_make_is_reported_and_not_fatal() -> None:
    case = parsed(REGISTER.replace("$680 million\n \n", "$690 million\n \n")).records[0]
    assert case.verbatim["sums"] == "the parts add up to 680000000, the total is printed as 690000000"


@pytest.mark.parametrize(
    ("purchaser", "code"),
    [
        ("Libya", "LY"),
        ("Government of the United Kingdom", "GB"),
        ("the Kingdom of Saudi Arabia", "SA"),
        ("Taipei Economic and Cultural Representative Office in the United States", "TW"),
        ("North Atlantic Treaty Organization", None),
        ("Government of the Republic of Korea", "KR"),
    ],
)
def test_purchasers(purchaser: str, code: str | None) -> None:
    case = parsed(REGISTER.replace("Government of Mexico\n", f"{purchaser}\n")).records[0]
    assert (case.destination_country, case.end_user_raw) == (code, purchaser)


def test_an_unknown_purchaser_or_a_missing_sum_or_description_rejects_the_case() -> None:
    for old, new in (
        ("Government of Mexico\n", "Freedonia\n"),
        ("  Total....", "  Sum...."),
        ("Description and", "x"),
    ):
        page = parsed(REGISTER.replace(old, new))
        assert len(page.rejects) == 1 and not page.records and page.refused is None


@pytest.mark.parametrize(
    "broken",
    [
        "",
        RECORD.replace("(i) Purchaser:", "(a) Purchaser:"),
        REGISTER.replace("(i) Prospective", "Prospective"),
        REGISTER.replace("[FR Doc", "[Doc"),
        RECORD.replace("[Page S4649]", ""),
        RECORD.replace("September 21", "September 31"),
        RECORD.replace("(i) Purchaser", "Report of Enhancement or Upgrade (i) Purchaser"),
    ],
)
def test_an_unknown_structure_is_refused(broken: str) -> None:
    page = parsed(broken)
    assert page.refused and not page.records


def test_notices_of_other_titles_in_the_search_are_left() -> None:
    answer = {
        "count": 2,
        "results": [
            {"document_number": "2013-10630", "publication_date": "2013-05-06", "title": "36(b)(1) Arms Sales Notification",
             "raw_text_url": "https://www.federalregister.gov/documents/full_text/text/2013/05/06/2013-10630.txt"},
            {"document_number": "2013-1", "publication_date": "2013-05-06", "title": "Meetings", "raw_text_url": "https://x"},
        ],
    }  # fmt: skip
    index = Document(
        content=json.dumps(answer).encode(), media_type="application/json", name="documents.json"
    )
    (report,) = SOURCE.find_reports(index)
    assert getattr(report, "report_key", "") == "2013-10630"

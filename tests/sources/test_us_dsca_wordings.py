"""us_dsca_notices in the forms that the publishers use: generated cases, and three documents written by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from parsers.document import Document
from parsers.parsed import Parsed
from parsers.record import Grain
from parsers.registry import load_source
from tests.generators import letters_sales, letters_sales_by_hand
from tests.generators.letters_layout import record_shell, register_shell
from tests.generators.letters_sales import SalesDocument


def parsed(content: bytes, media_type: str = "text/plain") -> Parsed:
    page = load_source("us_dsca_notices").parse(
        Document(content=content, media_type=media_type, name="x.txt")
    )
    assert (page.refused, page.rejects) == (None, [])
    return page


def cases_of(page: Parsed) -> list[tuple[Any, ...]]:
    return [
        (
            r.licence_ref,
            r.destination_country,
            r.destination_country_raw,
            r.value and int(r.value),
            r.event_date,
        )
        for r in page.records
        if r.grain is Grain.LICENCE
    ]


def arms_of(page: Parsed, ref: str) -> list[tuple[Any, ...]]:
    return [
        (r.item_description, r.weapon_class.value, r.quantity and int(r.quantity))
        for r in page.records
        if r.grain is Grain.ITEM and r.licence_ref == ref
    ]


def check(made: SalesDocument) -> None:
    page = parsed(made.content, made.media_type)
    assert cases_of(page) == [(s.ref, s.code, s.purchaser, s.value, s.day) for s in made.sales]
    for sale in made.sales:
        want = sorted((h.item, h.weapon_class, h.quantity) for h in sale.hidden)
        assert sorted(arms_of(page, sale.ref)) == want, made.content.decode()


@pytest.mark.parametrize("seed", range(8))
def test_a_generated_notice_and_page_give_their_cases_and_the_arms_inside(seed: int) -> None:
    year = (2007, 2014, 2018, 2024)[seed % 4]
    check(letters_sales.register_notice(seed, year))
    check(letters_sales.record_page(seed, year, 2))


def test_one_article_a_line_is_an_item_of_its_own() -> None:
    lines = letters_sales_by_hand.LISTED.split("\n")
    page = parsed(register_shell(lines, date(2018, 7, 10), "2018-14711"))
    assert cases_of(page) == [("DSCA 18-13", "MX", "Government of Mexico", 1_200_000_000, date(2018, 4, 18))]
    assert arms_of(page, "DSCA 18-13") == [
        ("M-240D Crew Served guns", "machine_guns", 12),
        ("GAU-21 Machine Guns", "machine_guns", 12),
        ("M4 carbine racks", "parts", None),
    ]


def test_a_half_of_the_description_ends_where_the_next_one_is_headed() -> None:
    """``... Machine Guns`` at the end of a line and ``Non-MDE:`` below it are not one article."""
    text = letters_sales_by_hand.LISTED.replace(
        "One hundred ninety-three (193) AGM-114 Hellfire Missiles\n", ""
    ).replace("Non-MDE: Also included are", "Non-MDE:")
    arms = arms_of(parsed(register_shell(text.split("\n"), date(2018, 7, 10), "2018-14711")), "DSCA 18-13")
    assert ("GAU-21 Machine Guns", "machine_guns", 12) in arms


def test_a_stamped_date_and_a_footnote_inside_the_table_are_read() -> None:
    lines = letters_sales_by_hand.RUNNING.split("\n")
    page = parsed(register_shell(lines, date(2014, 5, 7), "2014-10264"))
    assert cases_of(page) == [
        ("DSCA 14-09", "MX", "The Government of Mexico", 680_000_000, date(2014, 4, 17))
    ]
    assert arms_of(page, "DSCA 14-09") == [
        ("M134 7.62mm Machine Guns", "machine_guns", 36),
        ("5.56mm M4 carbines with 10,000 magazines", "rifles_carbines", 2000),
    ]


STORY = (
    "The Government of X has requested that the case be amended to include one hundred (100) M9 9mm pistols and "
    "associated magazines for aircrew survival. This amendment will push the case above the threshold.\n    Major "
    "Defense Equipment (MDE): None.\n    Non-MDE: C-130H spare parts; and one hundred (100) M9 9mm pistols"
)


@pytest.mark.parametrize(
    ("description", "arms"),
    [
        (STORY, [("M9 9mm pistols", "pistols_revolvers", 100)]),
        ("Major Defense Equipment (MDE): Eight (8) MH-60R; and twelve (12) M-240D Crew Served guns\n    Also included "
         "are twelve (12) GAU-21 Machine Guns; spare engine containers",
         [("M-240D Crew Served guns", "machine_guns", 12), ("GAU-21 Machine Guns", "machine_guns", 12)]),
        ("Also included are 12 M2HB .50 cal. machine guns, and 80 M18 9mm pistols; training",
         [("M2HB .50 cal. machine guns", "machine_guns", 12), ("M18 9mm pistols", "pistols_revolvers", 80)]),
        ("GAU-22/A 25mm gun system spares; suppressors; flares",
         [("GAU-22/A 25mm gun system spares", "parts", None), ("suppressors", "suppressors", None)]),
        ("250 M4 carbines with M203 40mm grenade launchers; containers",
         [("M4 carbines with M203 40mm grenade launchers", "rifles_carbines", 250)]),
    ],
)  # fmt: skip
def test_each_arm_of_a_package_is_one_item(description: str, arms: list[tuple[str, str, int | None]]) -> None:
    lines = [
        "Transmittal No. 24-17", "Notice of Proposed Issuance of Letter of Offer",
        "    (i) Prospective Purchaser: Government of Mexico", "    (ii) Total Estimated Value:",
        "    TOTAL..................... $60 million", "    (iii) Description and Quantity or Quantities of Articles:",
        *f"    {description}".split("\n"), "    (iv) Military Department: Navy (MX-P-LAA)",
    ]  # fmt: skip
    page = parsed(register_shell(lines, date(2024, 9, 5), "2024-19901"))
    assert arms_of(page, "DSCA 24-17") == arms


def test_spare_parts_of_a_package_without_arms_are_no_parts_of_firearms() -> None:
    text = "Five hundred (500) J8 Jeeps; fifty (50) mounts; radios; spare parts"
    lines = ["Transmittal No. 24-81", "    (i) Prospective Purchaser: Government of Mexico",
             f"    (iii) Description and Quantity: {text}", "    (iv) Military Department: Navy"]  # fmt: skip
    [case] = parsed(register_shell(lines, date(2024, 9, 5), "2024-19901")).records
    assert case.weapon_class.value == "not_firearms"


def test_small_capitals_and_the_number_of_an_earlier_case() -> None:
    """``transmittal no. 26-40`` heads a case; ``AECA Transmittal No.: 23-26`` is what the first one amends."""
    lines = letters_sales_by_hand.RECORD.split("\n")
    content = record_shell(lines, date(2026, 5, 20), "Senate", "[Pages S2408-S2410]")
    page = parsed(content, "text/html")
    assert cases_of(page) == [
        ("DSCA 26-1C", "MX", "Government of Mexico", None, date(2026, 5, 15)),
        ("DSCA 26-40", "NL", "Kingdom of the Netherlands", 150_000_000, date(2026, 5, 15)),
    ]
    assert page.records[0].verbatim["amends"] == "23-26"
    assert arms_of(page, "DSCA 26-1C") == [
        ("M240B 7.62mm machine guns", "machine_guns", 200),
        ("M2A1 .50 caliber machine guns", "machine_guns", 5),
    ]
    assert arms_of(page, "DSCA 26-40") == [
        ("small arms ammunition", "ammunition", None),
        ("7.62mm and .50 caliber cartridges", "ammunition", None),
        ("Glock 17 pistols", "pistols_revolvers", None),
        ("HK416 rifles", "rifles_carbines", None),
    ]

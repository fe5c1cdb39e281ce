"""The HS codes of the crosswalk and those of the parsers' weapon classes say the same of every kind of arm."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from parsers.values.control_lists import weapon_class

ROOT = Path(__file__).parents[2]
CLASSES = {
    "semi_and_non_automatic_pistols": {"pistols_revolvers"},
    "semi_automatic_and_sporting_rifles": {"rifles_carbines", "other_arms"},
    "fully_automatic_firearms": {"other_arms"},
    "shotguns": {"shotguns"},
    "suppressors": {"parts"},
    "magazines_over_50_rounds": {"parts"},
    "firearm_parts": {"parts"},
    "optics": {"parts", "not_firearms"},
    "guns_over_50_calibre": {"other_arms"},
    "ammunition_to_50_calibre": {"ammunition"},
    "military_ammunition": {"ammunition", "not_firearms"},
    "rocket_and_grenade_launchers": {"launchers"},
    "air_guns": {"air_guns"},
}
"""What the six digits alone tell of a concept; the words of a ten-digit line may tell more."""


def lines_of(path: str) -> list[dict[str, str]]:
    with (ROOT / path).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


CROSSWALK = [
    line for line in lines_of("warehouse/reference/control_list_crosswalk.csv") if line["list"] == "HS"
]
WEAPONS = [line for line in lines_of("parsers/values/weapon_classes.csv") if line["control_list"] == "HS"]


@pytest.mark.parametrize("line", CROSSWALK, ids=lambda line: f"{line['concept']} {line['code']}")
def test_a_code_of_the_crosswalk_has_a_class_of_its_concept(line: dict[str, str]) -> None:
    assert weapon_class("HS", line["code"], "") in CLASSES[line["concept"]]


def test_every_six_digit_code_that_has_a_class_of_its_own_stands_in_the_crosswalk_or_is_no_part_of_it() -> (
    None
):
    known = {line["code"] for line in CROSSWALK}
    own = {line["match"] for line in WEAPONS if re.fullmatch(r"93\d{4}", line["match"])}
    assert own - known == {"930310", "930390"}, "muzzle-loading arms, flare pistols and the like"


def test_numbers_of_before_2012_end_that_year_in_both_and_have_the_class_of_what_followed_them() -> None:
    retired = {line["match"] for line in WEAPONS if "until 2011" in line["note"]}
    ended = {line["code"]: line["valid_to"] for line in CROSSWALK if line["valid_to"]}
    assert retired == {"930111", "930119"}
    assert {ended[code] for code in retired} == {"2011-12-31"}
    assert {weapon_class("HS", code, "") for code in retired} == {weapon_class("HS", "930110", "")}
    assert {weapon_class("HS", code, "") for code in ("930521", "930529")} == {
        weapon_class("HS", "930520", "")
    }


@pytest.mark.parametrize(
    ("code", "text", "wanted"),
    [
        ("9301110000", "SELF-PROPELLED ARTILLERY WEAPONS", "other_arms"),
        ("9301190000", "ARTILLERY WEAPONS, NOT SELF-PROPELLED (HOWITZERS AND MORTARS)", "other_arms"),
        ("9301100000", "ARTILLERY WEAPONS (GUNS, HOWITZERS AND MORTARS)", "other_arms"),
        ("9301200000", "ROCKET LAUNCHERS; FLAME-THROWERS; GRENADE LAUNCHERS", "launchers"),
        ("9301903000", "MILITARY RIFLES", "rifles_carbines"),
        ("9301909030", "MACHINE GUNS, MILITARY", "machine_guns"),
    ],
)
def test_artillery_is_never_a_rifle_or_a_machine_gun_whatever_its_text(
    code: str, text: str, wanted: str
) -> None:
    assert weapon_class("HS", code, text) == wanted

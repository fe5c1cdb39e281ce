"""Codes in one form, and classes of weapons that say no more than the report does."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.record import CellError, WeaponClass
from parsers.values import control_lists
from parsers.values.control_lists import control_code, weapon_class

RULES = Path(control_lists.__file__).with_name("weapon_classes.csv")


def rules() -> list[dict[str, str]]:
    with RULES.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize(
    ("control_list", "text", "code"),
    [
        ("USML", "I(b)", "I(b)"),
        ("USML", "Category I(b)", "I(b)"),
        ("USML", "Category I, (a)", "I(a)"),
        ("USML", "USML Category XI (a)(5)", "XI(a)(5)"),
        ("USML", "I", "I"),
        ("USML", "I b", "I(b)"),
        ("ML", "ML 4", "ML4"),
        ("ML", "ML15b", "ML15b"),
        ("ML", "ML1.a.", "ML1a"),
        ("ML", "ML8a24", "ML8a24"),
        ("ML", "ML8c4d", "ML8c4d"),
        ("ML", "ml10", "ML10"),
        ("HS", "9301.90.3000", "9301903000"),
        ("HS", "9301903000", "9301903000"),
        ("ECCN", "0A501.a", "0A501.a"),
        ("ECCN", "0a501a", "0A501.a"),
        ("ECCN", "0A501.a.1", "0A501.a.1"),
        ("DU", "5A002", "5A002"),
        ("DU", "2B201.a1", "2B201.a1"),
        ("PL", "PL5017", "PL5017"),
        ("GB", "HR AIII", "HR AIII"),
        ("KM", "KM5", "KM5"),
        ("AL", "AL0001A", "AL0001A"),
        ("ECL", "2-1", "2-1"),
    ],
)
def test_code_in_the_form_of_its_list(control_list: str, text: str, code: str) -> None:
    assert control_code(control_list, text) == code
    assert control_code(control_list, code) == code


@pytest.mark.parametrize(
    ("control_list", "text"),
    [("USML", "IIII"), ("USML", "XXII"), ("USML", "1(a)"), ("USML", ""), ("ML", "M10"), ("ML", "ML23"), ("ML", "ML0"),
     ("ML", "ML2,6"), ("ML", "Total"), ("HS", "93019"), ("HS", "93x"), ("HS", "-"), ("ECCN", "EAR99"), ("ECCN", "0F501"),
     ("PL", "PL50"), ("KM", "KM23"), ("AL", "AL0023"), ("GB", "")],
)  # fmt: skip
def test_what_is_no_code_of_the_list_is_refused(control_list: str, text: str) -> None:
    with pytest.raises(CellError):
        control_code(control_list, text)


def test_unknown_list_is_a_defect_of_the_caller() -> None:
    with pytest.raises(ValueError, match="unknown control list"):
        control_code("XYZ", "1")
    with pytest.raises(ValueError, match="no weapon classes"):
        weapon_class("XYZ", "1")


@pytest.mark.parametrize(
    ("control_list", "code", "text", "expected"),
    [
        ("ML", "ML1", "", "other_arms"),
        ("ML", "ML10", "", "not_firearms"),
        ("ML", "ML1a", "Kogelgeweren, kalibers .300  en .416", "rifles_carbines"),
        ("ML", "ML1a", "Pistool, kaliber 9mm", "pistols_revolvers"),
        ("ML", "ML1a", "Revolver, kal .44 Magn en kogelgeweer, kal .308", "other_arms"),
        ("ML", "ML1a", "Pistoolloop", "parts"),
        ("ML", "ML1a", "Onderdelen voor pistolen", "parts"),
        ("ML", "ML1d", "", "parts"),
        ("ML", "ML1d", "Vizierkijkers", "optics"),
        ("ML", "ML1d", "Geluiddempers", "suppressors"),
        ("ML", "ML3", "Kogelpatronen", "ammunition"),
        ("ML", "ML3a", "", "ammunition"),
        ("ML", "ML2a", "Granaatwerpers 40mm", "launchers"),
        ("ML", "ML4a", "Delen van raketten", "not_firearms"),
        ("ML", "ML6", "Delen van tanks", "not_firearms"),
        ("ML", "ML16", "", "unknown"),
        ("USML", "I(a)", "", "other_arms"),
        ("USML", "I(a)", "semi-automatic rifles", "rifles_carbines"),
        ("USML", "I(b)", "", "automatic_rifles_smgs"),
        ("USML", "I(b)", "M240 machine guns", "machine_guns"),
        ("USML", "I(e)", "", "suppressors"),
        ("USML", "I(h)", "", "parts"),
        ("USML", "II", "", "other_arms"),
        ("USML", "III(a)", "", "ammunition"),
        ("USML", "XI(a)", "rifles", "not_firearms"),
        ("HS", "9302000000", "", "pistols_revolvers"),
        ("HS", "9303308030", "", "rifles_carbines"),
        ("HS", "9303208000", "", "shotguns"),
        ("HS", "9304000000", "", "air_guns"),
        ("HS", "9301903000", "RIFLES, MILITARY", "rifles_carbines"),
        ("HS", "9301909030", "MACHINE GUNS", "machine_guns"),
        ("HS", "9305990000", "", "parts"),
        ("HS", "9306304110", "", "ammunition"),
        ("HS", "930690", "", "not_firearms"),
        ("HS", "8802000000", "", "not_firearms"),
        ("ECCN", "0A501.a", "", "other_arms"),
        ("ECCN", "0A501.x", "", "parts"),
        ("ECCN", "0A502", "", "shotguns"),
        ("ECCN", "0A504", "", "optics"),
        ("ECCN", "0A505.a", "", "ammunition"),
        ("ECCN", "0A507", "", "pistols_revolvers"),
        ("ECCN", "5A002", "", "not_firearms"),
        ("GB", "FR AI", "", "other_arms"),
        ("GB", "End Use", "", "unknown"),
        ("PL", "PL5001", "", "not_firearms"),
        (None, None, "", "unknown"),
        (None, None, "helicopters", "unknown"),
        (
            None,
            None,
            'M4 carbines, 11.5" barrel length, 5.56mm caliber, fully automatic',
            "automatic_rifles_smgs",
        ),
        (None, None, "M4 carbines (fully automatic)", "automatic_rifles_smgs"),
        (None, None, "RIFLES, AUTOMATIC, 5.56MM", "automatic_rifles_smgs"),
        (None, None, "M4 carbines, semi-automatic", "rifles_carbines"),
        (None, None, "six UH-60A helicopters and related spare parts", "unknown"),
        (None, None, "rifles and related spare parts", "rifles_carbines"),
        (None, None, "barrels and spare parts", "parts"),
    ],
)
def test_class_by_code_narrowed_by_text_only_where_the_rule_allows(
    control_list: str | None, code: str | None, text: str, expected: str
) -> None:
    assert weapon_class(control_list, code, text).value == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5.56mm fully automatic rifles", "automatic_rifles_smgs"),
        ("semi-automatic rifles", "rifles_carbines"),
        ("semi automatic assault rifles", "rifles_carbines"),
        ("non-automatic rifles", "rifles_carbines"),
        ("assault rifles", "automatic_rifles_smgs"),
        ("submachine guns", "automatic_rifles_smgs"),
        ("sub-machine guns", "automatic_rifles_smgs"),
        ("M134 7.62mm machine guns", "machine_guns"),
        ("pistols and rifles", "other_arms"),
        ("semi-automatic pistols with spare magazines", "pistols_revolvers"),
        ("barrels for pistols", "parts"),
        ("rifle barrels", "parts"),
        ("ammunition for rifles", "ammunition"),
        ("rifle ammunition", "ammunition"),
        ("rifles and ammunition", "rifles_carbines"),
        ("parts for suppressors", "parts"),
        ("firearms", "other_arms"),
        ("weapons: pistols", "pistols_revolvers"),
        ("air rifles", "air_guns"),
        ("40mm grenade launchers", "launchers"),
        ("12 gauge shotguns", "shotguns"),
        ("technical data and services for the manufacture of rifles", "rifles_carbines"),
        ("spare parts and ammunition for machine guns", "parts"),
        ("helmets", "not_firearms"),
        ("barrels, barrels", "parts"),
        ("scope of work for guided weapons", "unknown"),
        ("particles", "unknown"),
        ("gunpowder", "unknown"),
    ],
)
def test_class_by_words_alone(text: str, expected: str) -> None:
    assert weapon_class(None, None, text).value == expected


def test_every_rule_of_the_table_is_complete() -> None:
    for rule in rules():
        assert WeaponClass(rule["weapon_class"])
        assert rule["confidence"] in {"high", "medium", "low"}
        if rule["kind"] == "code":
            assert rule["note"], rule
            assert rule["refine"] in {"", "any"} or all(WeaponClass(c) for c in rule["refine"].split("|"))


def test_no_rule_stands_twice_and_no_word_has_two_classes() -> None:
    code_rules = [(rule["control_list"], rule["match"]) for rule in rules() if rule["kind"] == "code"]
    words = [word for rule in rules() if rule["kind"] == "word" for word in rule["match"].split("|")]
    assert len(set(code_rules)) == len(code_rules)
    assert sorted({word for word in words if words.count(word) > 1}) == []


@given(st.sampled_from(["ML", "USML", "ECCN", "HS", "DU"]), st.text(max_size=10))
def test_any_text_is_a_stable_code_with_a_class_or_a_cell_error(control_list: str, text: str) -> None:
    try:
        code = control_code(control_list, text)
    except CellError:
        return
    assert control_code(control_list, code) == code
    assert isinstance(weapon_class(control_list, code, text), WeaponClass)


@given(st.text(max_size=60))
def test_any_description_has_a_class(text: str) -> None:
    assert isinstance(weapon_class(None, None, text), WeaponClass)

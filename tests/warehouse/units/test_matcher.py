"""The matcher's rules, one test each, named for the trap it guards (docs/units.md section 3)."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.costs import calls
from tests.workshop import matcher, registry
from warehouse.units.matcher import Matcher
from warehouse.units.records import Decision
from warehouse.units.registry import Registry
from warehouse.units.result import MATCH, NONE, REVIEW, MatchResult

REGISTRY = registry()
MATCHER = matcher()


@pytest.mark.parametrize(
    ("text", "unit_ids"),
    [
        ("Secretaria de Seguridad Publica Michoacán de Ocampo", ("mic-ssp",)),
        ("State Police of Sonora", ("son-policia-estatal",)),
        ("Sonora State Attorney General", ("son-fge",)),
        ("POLICIA MUNICIPAL DE IGUALA, GRO.", ("mun-iguala",)),
        ("Nogales, Sonora Police", ("mun-nogales-son",)),
        ("Policía de Allende, Coah.", ("mun-allende-coa",)),
        ("Baja California Sur Public Security", ("bcs-ssp",)),
        ("XLI Batallón de Infantería", ("army-bi-41",)),
        ("Vigésimo Séptimo Batallón de Infantería", ("army-bi-27",)),
        ("5ECRETARIA DE LA DEFEN5A NAC1ONAL", ("sedena",)),
        ("Secretar?a de Marina", ("semar",)),
        ("SE DE NA", ("sedena",)),
        ("SEDEAN", ("sedena",)),
        ("SEDENA / SEMAR / FP", ("sedena", "semar", "policia-federal")),
        ("DCAM / SEDENA, Av. Industria Militar 1111, Naucalpan", ("sedena-dcam",)),
        ("Policía Federal y Guardia Nacional", ("policia-federal", "guardia-nacional")),
    ],
)
def test_the_named_units_match_and_no_other(text: str, unit_ids: tuple[str, ...]) -> None:
    result = MATCHER.match(text)
    assert (result.band, set(result.unit_ids(MATCH))) == (MATCH, set(unit_ids))


@pytest.mark.parametrize(
    "text",
    [
        "New Mexico State Police",
        "Mexico, Missouri Police Department",
        "Policía Federal Argentina",
        "Colombian Navy",
        "Batallón de Infantería No. 27 Magdalena, Colombia",
        "Marina Vallarta S.A. de C.V.",
        "Fuerza Civil S.A. de C.V.",
        "PF Chang's México",
        "SEMARNAT",
        "SEDEMA Ciudad de México",
        "Procuraduría Federal de Protección al Ambiente",
        "Guadalupe Hernández Policía",
    ],
)
def test_a_namesake_is_neither_match_nor_review(text: str) -> None:
    assert MATCHER.match(text).band == NONE


def test_what_contrary_evidence_ruled_out_is_set_aside_with_its_reason() -> None:
    result = MATCHER.match("Guardia Nacional, Caracas, Venezuela")
    assert [unit.unit_id for unit in result.set_aside] == ["guardia-nacional"]
    assert result.reasons == ("a foreign namesake: Caracas",)


def test_a_mexican_unit_at_an_address_abroad_goes_to_review() -> None:
    result = MATCHER.match("SEDENA, 123 Main Street, Laredo, Texas")
    assert (result.band, result.unit_ids()) == (REVIEW, ("sedena",))


@pytest.mark.parametrize("text", ["SSP", "GATE", "MARINA", "DEFENSA", "SAT", "AFI", "PF", "GN", "FAM", "CNI"])
def test_a_weak_acronym_never_matches_alone(text: str) -> None:
    assert MATCHER.match(text).band == REVIEW


@pytest.mark.parametrize("text", ["Federal Police", "Navy", "MOD", "SSP", "Guardia Nacional"])
def test_without_a_destination_a_shared_name_is_review(text: str) -> None:
    assert MATCHER.match(text, None).band == REVIEW


def test_a_shared_name_on_a_record_to_another_country_is_set_aside() -> None:
    assert MATCHER.match("Policía Federal", "AR").band == NONE
    assert MATCHER.match("SEDENA", "HN").band == REVIEW


def test_numbers_must_agree() -> None:
    result = MATCHER.match("64/o. Batallón de Infantería")
    assert (result.band, result.unit_ids()) == (REVIEW, ("mx-army",))
    assert "number 64 of this kind is not in the registry" in result.reasons[0]


def test_a_bare_number_and_acronym_need_their_place() -> None:
    assert MATCHER.match("27 BI").band == REVIEW
    assert MATCHER.match("27 BI, Iguala, Gro.").band == MATCH
    assert MATCHER.match("27/o. B.I.").band == MATCH


def test_rivals_are_named_until_a_place_decides() -> None:
    result = MATCHER.match("Fuerza Civil")
    assert {unit.unit_id: unit.rivals for unit in result.units} == {
        "nle-policia-estatal": ("ver-fuerza-civil",),
        "ver-fuerza-civil": ("nle-policia-estatal",),
    }
    assert MATCHER.match("Fuerza Civil, Xalapa, Ver.").unit_ids(MATCH) == ("ver-fuerza-civil",)


def test_a_collective_end_user_yields_its_units_and_what_is_undisclosed() -> None:
    result = MATCHER.match("Mexican Navy, Ministries of Defense and Interior, Federal and State Police")
    assert set(result.unit_ids()) == {"mx-navy", "sedena", "segob", "policia-federal"}
    assert result.undisclosed == ("state_police",)
    assert result.band == REVIEW
    assert "ultimate end user undisclosed: state_police" in result.reasons


@pytest.mark.parametrize("text", ["Government of Mexico", "Municipal police, Mexico", "Fuerzas Armadas"])
def test_an_end_user_of_a_kind_without_a_unit_is_review(text: str) -> None:
    result = MATCHER.match(text)
    assert (result.band, result.units) == (REVIEW, ())
    assert result.undisclosed


def test_roles_in_one_field_stay_apart() -> None:
    text = "SEDENA (consignee); Secretaría de Seguridad Pública de Tamaulipas (end-user)"
    assert {unit.unit_id: unit.role for unit in MATCHER.match(text).units} == {
        "sedena": "consignee",
        "tam-ssp": "end_user",
    }


def test_a_unit_that_no_longer_existed_is_marked_not_dropped() -> None:
    unit = MATCHER.match("Policía Federal", "MX", date(2022, 3, 1)).units[0]
    assert (unit.band, unit.out_of_time) == (MATCH, True)
    assert not MATCHER.match("Policía Federal", "MX", date(2015, 3, 25)).units[0].out_of_time


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("Señor, Fiscalía General de la República, México", "Fiscalía General de la República"),
        ("para la SecretarÃ­a de Marina, aquí", "SecretarÃ­a de Marina"),
        ("¡Ojo! S.E.D.E.N.A.", "S.E.D.E.N.A"),
    ],
)
def test_the_span_is_of_the_original_text(text: str, matched: str) -> None:
    unit = MATCHER.match(text).units[0]
    assert text[slice(*unit.span)] == unit.matched_text == matched


def test_a_result_survives_json() -> None:
    result = MATCHER.match("Fuerza Civil; Policía Federal Argentina; SEDENA F/A/O POLICIA ESTATAL GUERRERO")
    assert MatchResult.from_json(result.to_json()) == result
    assert json.loads(result.to_json())["band"] == result.band


def test_many_texts_give_the_results_of_each_in_order() -> None:
    items = [("SEDENA", "MX", None), ("Navy", None, None), ("SEDENA", "MX", None)]
    assert MATCHER.match_many(items) == [MATCHER.match(*item) for item in items]


def test_two_processes_answer_as_one() -> None:
    items = [(f"Policía Estatal de Sonora {number}", "MX", None) for number in range(50)]
    assert MATCHER.match_many(items, workers=2) == [MATCHER.match(*item) for item in items]


def test_a_reviewed_text_is_decided_once() -> None:
    decisions = (
        Decision("Fuerza Civil", "MX", "match", ("nle-policia-estatal",), "A. Reviewer", "2026-01-02", ""),
        Decision("GATE", "", "none", (), "A. Reviewer", "2026-01-02", "a gate"),
    )
    deciding = Matcher(_with_decisions(decisions))
    assert deciding.match("FUERZA CIVIL").unit_ids(MATCH) == ("nle-policia-estatal",)
    assert deciding.match("FUERZA CIVIL").reasons == ("decided by A. Reviewer on 2026-01-02",)
    assert deciding.match("Gate", "US").band == NONE
    assert _with_decisions(decisions).version != REGISTRY.version


def _with_decisions(decisions: tuple[Decision, ...]) -> Registry:
    return replace(REGISTRY, decisions=decisions)


def test_a_long_text_is_read_in_windows_and_says_so() -> None:
    text = "x " * 1500 + "Secretaría de Marina, México" + " y" * 1500
    result = MATCHER.match(text)
    assert result.unit_ids(MATCH) == ("semar",)
    assert text[slice(*result.units[0].span)] == "Secretaría de Marina"
    assert result.reasons[0] == f"text of {len(text)} characters read in windows of 2000"
    assert "only the first 20000 of 40000 characters were read" in MATCHER.match("x" * 40_000).reasons


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400), st.sampled_from(["MX", None, "US"]))
def test_no_text_raises(text: str, country: str | None) -> None:
    result = MATCHER.match(text, country)
    assert result.band in (MATCH, REVIEW, NONE)
    assert all(text[slice(*unit.span)] == unit.matched_text for unit in result.units)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "SEDENA",
                "PF",
                "SSP",
                "policía",
                "estatal",
                "de",
                "Sonora",
                "Guerrero",
                ",",
                "/",
                "y",
                "and",
                "Federal",
                "México",
                "Texas",
                "27",
                "B.I.",
                "(",
                ")",
                "-",
                "Secretaría",
                "Seguridad",
                "Pública",
                "Municipal",
                "Iguala",
                "S.A.",
                "C.V.",
                "Navy",
                "Colombia",
                "for",
                "end",
                "use",
                "by",
            ]
        ),
        max_size=40,
    )
)
def test_no_mixture_of_known_words_raises(words: list[str]) -> None:
    text = " ".join(words)
    result = MATCHER.match(text)
    assert all(text[slice(*unit.span)] == unit.matched_text for unit in (*result.units, *result.set_aside))


@pytest.mark.parametrize("part", ["PGR ", "SSP ", "SSP, ", "SEDENA, ", "a?", "Federal and ", "S.E. "])
def test_a_name_repeated_four_times_as_often_costs_little_more_than_four_times(part: str) -> None:
    few, many = calls(MATCHER.match, part * 100), calls(MATCHER.match, part * 400)
    assert many < 6.5 * few, "names of one unit are not held against each other"


@pytest.mark.parametrize("part", ["SSP Texas, ", "PGR FGR ", "SSP S.A. ", "27 Batallon ", "SEMAR to Brazil "])
def test_names_with_what_speaks_against_them_cost_less_than_their_square(part: str) -> None:
    few, many = calls(MATCHER.match, part * 30), calls(MATCHER.match, part * 120)
    assert many < 4**2 * few


@pytest.mark.parametrize("part", ["SEDENA, ", "Ministries of Defense "])
def test_a_long_text_costs_no_more_than_its_windows(part: str) -> None:
    window, text = (part * 2_000)[:2_000], (part * 20_000)[:40_000]
    assert calls(MATCHER.match, text) < 20 * calls(MATCHER.match, window)


def test_an_acronym_before_a_long_run_of_words_is_read_without_end_of_stack() -> None:
    assert MATCHER.match("SEDENA - s" + " ex" * 650).units[0].unit_id == "sedena"


def test_workers_that_cannot_start_are_an_error_and_no_night_without_end() -> None:
    # a program on standard input has no file that a new process could begin with
    program = (
        "from warehouse.units.bulk import match_distinct\n"
        "from warehouse.units.matcher import Matcher\n"
        "from warehouse.units.registry import load_registry\n"
        "match_distinct(Matcher(load_registry()), [(str(n), 'MX', None) for n in range(5000)], 2)\n"
    )
    told = subprocess.run([sys.executable, "-"], input=program, capture_output=True, text=True, timeout=120)
    assert told.returncode == 1
    assert "BrokenProcessPool" in told.stderr

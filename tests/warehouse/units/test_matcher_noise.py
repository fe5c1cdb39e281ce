"""Misprints, mangled encodings, lists and letterheads, as seen in reports: what they may cost and what not."""

from __future__ import annotations

import pytest

from tests.workshop import matcher, registry
from warehouse.units.matcher import Matcher
from warehouse.units.records import Decision
from warehouse.units.result import MATCH, REVIEW

MATCHER = matcher()


@pytest.mark.parametrize(
    ("text", "unit_id"),
    [
        ("GUARDlA NACIONAL MEXIC0", "guardia-nacional"),
        ("FederaI Ministerial Police of the PGR", "pfm"),
        ("SecretarÃƒÂ­a de la Defensa Nacional", "sedena"),
        ("Procuradur&iacute;a General de la Rep&uacute;blica", "pgr"),
        ("Polic√≠a Municipal de Monterrey", "mun-monterrey"),
        ("CII Batallón de Infantería", "army-bi-102"),
        ("SSP/COAHUILA", "coa-ssp"),
        ("SSyPC del Estado de Chiapas", "chp-ssp"),
        ("Fuerza Estatal de Seguridad Ciudadana, B.C.", "bcn-policia-estatal"),
        ("Secretaría de Seguridad Pública y Protección Civil, Guerrero", "gro-ssp"),
        ("firearms to the Ministry of National Defense in Mexico", "sedena"),
        ("Secretary pf National Defense", "sedena"),
    ],
)
def test_what_a_scanner_or_an_encoding_did_costs_nothing(text: str, unit_id: str) -> None:
    assert MATCHER.match(text).unit_ids(MATCH) == (unit_id,)


@pytest.mark.parametrize(
    ("text", "unit_id"),
    [
        ("Secretaria dela Defensa Nacional", "sedena"),
        ("SecretariadelaDefensa Nacional", "sedena"),
        ("Mexican Nvay", "mx-navy"),
        ("Fiscalia General del Estdo de Chihuahua", "chh-fge"),
        ("SEMAR Electronics", "semar"),
        ("Semar Group Logistics", "semar"),
        ("Sedena Consulting", "sedena"),
        ("Secretariat of Security and Citizen Protection, Mexico City, Mexico", "sspc"),
        ("Secretaría de Seguridad y Protección Ciudadana, Ciudad de México", "cmx-ssp"),
        ("Batallón de Infantería 41 General Rafael Reyes, Cimitarra", "army-bi-41"),
        ("FEDERAL POLICE / POLICIA FEDERAL, S.A. de C.V.", "policia-federal"),
    ],
)
def test_what_is_only_nearly_a_name_is_for_review(text: str, unit_id: str) -> None:
    result = MATCHER.match(text)
    assert (result.band, unit_id in result.unit_ids()) == (REVIEW, True)


@pytest.mark.parametrize("text", ["Ing. Sedeño Armada", "Ministério da Defesa", "Policía Municipal de Tula"])
def test_a_near_name_that_is_something_else_is_no_unit(text: str) -> None:
    assert MATCHER.match(text).unit_ids() == ()


def test_a_parent_beside_a_misprinted_part_of_it_is_not_sure() -> None:
    result = MATCHER.match("Guardia Naciional, SEDENA")
    assert (result.band, result.unit_ids()) == (REVIEW, ("guardia-nacional",))
    assert "sedena is named as the parent of guardia-nacional" in result.reasons


@pytest.mark.parametrize(
    ("text", "unit_ids"),
    [
        ("Mexican Navy (SEMAR)", {"mx-navy", "semar"}),
        ("Mexican Army (SEDENA)", {"mx-army"}),
        ("Mexican Navy and Marines", {"mx-navy", "mx-marines"}),
        ("SEDENA for end use by the Mexican Army", {"sedena", "mx-army"}),
        ("Mexico's Ministry of Defense, Army and Air Force", {"sedena", "mx-army", "mx-air-force"}),
        ("OADPRS, SEGOB", {"oadprs"}),
    ],
)
def test_a_letterhead_is_told_from_a_list(text: str, unit_ids: set[str]) -> None:
    assert set(MATCHER.match(text).unit_ids(MATCH)) == unit_ids


def test_a_decision_leaves_the_undisclosed_end_user_to_the_text() -> None:
    from dataclasses import replace

    text = "Mexican Navy, Federal and State Police"
    decision = Decision(text, "MX", "match", ("mx-navy",), "A. Reviewer", "2026-01-02", "")
    decided = Matcher(replace(registry(), decisions=(decision,))).match(text)
    assert decided.unit_ids(MATCH) == ("mx-navy",)
    assert decided.undisclosed == MATCHER.match(text).undisclosed == ("state_police",)

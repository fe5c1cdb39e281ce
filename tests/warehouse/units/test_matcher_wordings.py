"""Every state and every kind of its bodies in the wordings of real papers; other languages; whose acronym."""

from __future__ import annotations

import pytest

from tests.workshop import matcher, registry
from warehouse.units.result import MATCH, NONE, REVIEW

REGISTRY = registry()
MATCHER = matcher()
WORDINGS = {
    "state_police": [
        "{} State Police",
        "State Police of {}",
        "Policía Estatal de {}",
        "Policía del Estado de {}",
        "Pol. Est. Prev. de {}",
        "Police, State of {}",
        "G36 rifles sold to the {} State Police",
        "Polizei des Bundesstaates {}, Mexiko",
        "Polícia Estadual de {}, México",
        "Police de l'État de {}, Mexique",
    ],
    "state_prosecutor": [
        "{} Attorney General's Office",
        "Office of the Attorney General of the State of {}",
        "{} Prosecutor's Office",
        "Fiscalía General del Estado de {}",
        "Fiscalía Gral. de Justicia del Edo. de {}",
        "Proc. Gral. de Just. del Edo. de {}",
        "Policía Ministerial del Estado de {}",
        "Staatsanwaltschaft des Bundesstaates {}, Mexiko",
    ],
    "state_secretariat": [
        "{} Secretariat of Public Security",
        "Ministry of Public Security of the State of {}",
        "{} Public Safety Secretariat",
        "Secretaría de Seguridad Pública del Estado de {}",
        "Sría. de Seg. Púb. del Edo. de {}",
        "Dirección General de Administración de la Secretaría de Seguridad Pública del Estado de {}",
        "SSP-{}",
    ],
}
STATES = {
    row["place"]: row["name"] for row in reversed(REGISTRY.word_lists["places.csv"]) if row["kind"] == "state"
}


def _state_bodies() -> list[tuple[str, str, str]]:
    return [
        (slot.slot, STATES[slot.place], slot.unit_id)
        for slot in REGISTRY.slots
        if slot.slot in WORDINGS and slot.place.startswith("MX-")
    ]


def test_every_state_has_its_three_bodies_in_the_registry() -> None:
    assert len(_state_bodies()) == 32 * 3


@pytest.mark.parametrize(("slot", "state", "unit_id"), _state_bodies())
def test_every_wording_of_a_state_body_is_that_body_alone(slot: str, state: str, unit_id: str) -> None:
    texts = [wording.format(state) for wording in WORDINGS[slot]]
    wrong = {text: MATCHER.match(text).unit_ids(MATCH) for text in texts}
    assert {text: found for text, found in wrong.items() if found != (unit_id,)} == {}


@pytest.mark.parametrize(
    ("text", "unit_id"),
    [
        ("mexikanisches Verteidigungsministerium", "sedena"),
        ("Ministère mexicain de la Défense", "sedena"),
        ("Ministério da Defesa do México", "sedena"),
        ("Ministero della Difesa messicano", "sedena"),
        ("Marineministerium Mexiko", "semar"),
        ("Ministère de la Marine du Mexique", "semar"),
        ("mexikanische Marine", "mx-navy"),
        ("Marine mexicaine", "mx-navy"),
        ("Marina Militare messicana", "mx-navy"),
        ("Marinha do México", "mx-navy"),
        ("Exército Mexicano", "mx-army"),
        ("Armée de l'air mexicaine", "mx-air-force"),
        ("Bundespolizei Mexikos", "policia-federal"),
        ("Guarda Nacional Mexicana", "guardia-nacional"),
    ],
)
def test_another_language_is_read_where_it_says_mexico(text: str, unit_id: str) -> None:
    result = MATCHER.match(text)
    assert result.unit_ids(MATCH) == (unit_id,)
    assert all(text[slice(*unit.span)] == unit.matched_text for unit in result.units)


@pytest.mark.parametrize(
    "text",
    [
        "Marina Militare, Roma",
        "Bundespolizei, Berlin",
        "Marine nationale, Toulon",
        "Marinha do Brasil",
        "SEMAR - Secretaria do Meio Ambiente e Recursos Hídricos do Piauí",
        "SEMAR-PI, Secretaria do Meio Ambiente do Piauí",
        "Friedrich-Ebert-Stiftung México (FES)",
        "Semar Logistik, Surabaya, Indonesia",
        "Ministry of Defence Police (MOD Police), Wethersfield",
        "the export of 9mm pistols to Brazil for end use by the Federal Police",
        "Nogales Police Department, 777 N Grand Ave, Nogales AZ",
        "Sonora Police Department, Sonora, CA 95370",
        "Dirección General de Administración, Secretaría de Salud",
        "Special Operations Unit",
    ],
)
def test_what_is_another_bodys_is_nothing(text: str) -> None:
    assert MATCHER.match(text).band == NONE


@pytest.mark.parametrize(
    ("text", "unit_ids"),
    [
        ("Secretaría de Seguridad Pública, Gobierno Federal", {"ssp-federal"}),
        ("Secretaría de Seguridad y Protección Ciudadana, Av. Constituyentes 947, CDMX", {"sspc"}),
        ("S.D.N., Campo Militar No. 1-J, CDMX", {"sedena"}),
        ("Special Operations Unit of the Mexican Navy", {"semar-unopes"}),
        ("SEMAR Cyber Unit", {"semar-uniciber"}),
        ("SEMAR Infantry", {"mx-marines"}),
        ("SEDENA Infantry", {"sedena"}),
        ("SEDENA, Special Operations Unit", {"sedena"}),
        ("Dir. Gral. Admón. SEDENA", {"sedena-dga"}),
        ("Sección Segunda (Inteligencia), Estado Mayor de la Defensa Nacional", {"army-s2-intel"}),
        ("DCAM recibo de venta 004512/2019", {"sedena-dcam"}),
        ("Dirección General de Aeropuertos SEDENA", {"sedena"}),
        ("PF-CNS", {"policia-federal"}),
        ("ANAM, Aduana de Manzanillo, Col.", {"anam"}),
        ("Office of the Attorney General of the Republic (FGR)", {"fgr"}),
        ("SEDENA / Secretaría de Marina / Guardia Nacional", {"sedena", "semar", "guardia-nacional"}),
        ("SEDENA-SEMAR-GN", {"sedena", "semar", "guardia-nacional"}),
        ("Taurus Armas S.A., Brasil - consignatario: DCAM, Ciudad de México", {"sedena-dcam"}),
        ("German G36 rifles delivered to the Guerrero State Police", {"gro-policia-estatal"}),
        ("Fiscalía General del Estado, San Francisco de Campeche, Camp.", {"cam-fge"}),
        ("Iguala, Gro. Police Department", {"mun-iguala"}),
        ("Infantería de Marina de la Armada de México", {"mx-marines"}),
        ("SECRETARIA DE MARINA (MEXICAN NAVY)", {"semar", "mx-navy"}),
        ("Organized crime unit of the PGR (SEIDO)", {"seido"}),
        ("SEDENA as consignee for the Guardia Nacional, Mexico", {"sedena", "guardia-nacional"}),
        ("SEDENA (consignee), Guardia Nacional", {"sedena", "guardia-nacional"}),
        ("SEDENA, consignee: DCAM", {"sedena-dcam"}),
        ("Guardia Civil, Gobierno del Estado de Michoacán", {"mic-policia-estatal"}),
        ("Guardia Civil, Soledad de Graciano Sánchez, San Luis Potosí", {"slp-policia-estatal"}),
        ("Secretaría de Seguridad y Paz, Gto.", {"gua-ssp"}),
        ("Secretaría de Seguridad Ciudadana de Baja California Sur", {"bcs-ssp"}),
        ("Naval Infantry Battalion 12, Mexican Navy", {"mx-marines"}),
        ("3/a. Cía., 27/o. Batallón de Infantería, Iguala", {"army-bi-27"}),
    ],
)
def test_what_stands_beside_a_name_says_whose_it_is(text: str, unit_ids: set[str]) -> None:
    assert set(MATCHER.match(text).unit_ids(MATCH)) == unit_ids


@pytest.mark.parametrize(
    ("text", "unit_ids"),
    [
        ("Fuerza Coahuila", {"coa-fuerza-coahuila", "coa-policia-estatal"}),
        ("Comisaría de Seguridad Pública de Chihuahua", {"chh-ssp"}),
        ("BAM #1, Santa Lucía, Estado de México", {"mx-air-force"}),
        ("2nd Armored Regiment, Campo Militar #1-A", {"mx-army"}),
        ("SEDENA, end user to be determined", {"sedena"}),
        ("Polícia Federal", {"policia-federal"}),
        ("Presidencia Municipal de Apatzingán, Mich.", {"mun-apatzingan"}),
        ("Municipality of Acapulco, Guerrero", {"mun-acapulco"}),
        ("City of Hermosillo, Sonora, Mexico", {"mun-hermosillo"}),
        ("Secretaría de la Defensa Nacional (SEDENA), Washington DC", {"sedena"}),
    ],
)
def test_what_may_be_another_or_is_not_said_is_for_review(text: str, unit_ids: set[str]) -> None:
    result = MATCHER.match(text)
    assert (result.band, set(result.unit_ids())) == (REVIEW, unit_ids)


def test_a_body_and_its_successor_that_is_its_parent_do_not_drop_each_other() -> None:
    assert MATCHER.match("Coahuila State Police (Fuerza Coahuila)").unit_ids() == ("coa-fuerza-coahuila",)


@pytest.mark.parametrize(
    "text",
    [
        "Secretaría de Defensa Nacional de Honduras (SEDENA)",
        "Secretaría de Defensa Nacional (SEDENA), Tegucigalpa, Honduras",
        "Guardia Civil, España",
        "City of Mexico",
    ],
)
def test_a_namesake_and_its_acronym_are_no_unit(text: str) -> None:
    assert MATCHER.match(text).band == NONE

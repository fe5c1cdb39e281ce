"""One sentence of a certification to its parts; the roles stay apart and the destination is the final one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.record import CellError
from parsers.values.items import read_items
from parsers.values.transactions import read_transaction


@pytest.mark.parametrize(
    ("sentence", "countries", "consignees", "end_user", "intermediary"),
    [
        ("to Mexico for end use by the Mexican Navy (SEMAR).", "MX", [], "Mexican Navy (SEMAR)", None),
        ("to X Ltd in Israel for ultimate end use by the Israel National Police", "IL", ["X Ltd"], "Israel National Police", None),
        ("to Mexico's Secretariat of National Defense (SEDENA)", "MX", ["Mexico's Secretariat of National Defense (SEDENA)"], None, None),
        ("to the Secretariat of National Defense in Mexico, as intermediate consignee, for end use by the Guardia Nacional", "MX", [], "Guardia Nacional", "Secretariat of National Defense"),
        ("to Mexico for end use by the Navy through the Secretariat of National Defense", "MX", [], "Navy", "Secretariat of National Defense"),
        ("to X Ltd in Canada and Y S.A. in Mexico", "CA MX", ["X Ltd", "Y S.A."], None, None),
        ("to X Ltd in Panama for end use by the Ministry of Defense of Mexico", "MX", ["X Ltd"], "Ministry of Defense of Mexico", None),
        ("to X GmbH & Co. KG in Germany for ultimate end use by the Mexican Navy", "MX", ["X GmbH & Co. KG"], "Mexican Navy", None),
        ("to Canada for end use by the Mexican Navy", "MX", [], "Mexican Navy", None),
        ("to dealers in Mexico, Canada and Peru for commercial resale", "MX CA PE", ["dealers"] * 3, None, None),
        ("to the Governments of Mexico and Guatemala", "MX GT", [], None, None),
        ("to the Government of Mexico, Secretariat of the Navy", "MX", ["Government of Mexico, Secretariat of the Navy"], None, None),
        ("to Mexico for the Mexican military, federal and state police", "MX", [], "Mexican military, federal and state police", None),
        ("to Mexico. The end user is the Mexican Marines.", "MX", [], "Mexican Marines", None),
        ("to Mexico for end use by the Municipal Police of Guadalajara, Jalisco, Mexico", "MX", [], "Municipal Police of Guadalajara, Jalisco", None),
        ("to Puebla, Mexico", "MX", [], None, None),
        ("to the North Atlantic Treaty Organization", "", ["North Atlantic Treaty Organization"], None, None),
        ("to the New Mexico National Guard in Germany", "DE", ["New Mexico National Guard"], None, None),
        ("through Mexico to Belize", "BZ", [], None, None),
        ("for use in UH-60 helicopters to Chile", "CL", [], None, None),
        ("to Navantia, Spain", "ES", ["Navantia"], None, None),
        ("to Glock, Austria, for end use by the Austrian Armed Forces", "AT", ["Glock"], "Austrian Armed Forces", None),
        ("to Hanwha Aerospace, Republic of Korea", "KR", ["Hanwha Aerospace"], None, None),
        ("to the Mexican Shooting Federation", "MX", ["Mexican Shooting Federation"], None, None),
        ("to Industria Militar in Santa Lucia, Mexico", "MX", ["Industria Militar"], None, None),
        ("to Mexico. The end user remains the Secretariat of the Navy.", "MX", [], "Secretariat of the Navy", None),
        ("to SEDENA for resale to state and municipal police", "MX", ["SEDENA"], "state and municipal police", None),
        ("consigned to X Incorporated, Quezon City, Philippines, the ultimate end user of which is the Philippine National Police", "PH", ["X Incorporated"], "Philippine National Police", None),
        ("to Mexico for demonstration to the Mexican Air Force, and their return to X, Inc. of Scottsdale, Arizona", "MX", [], None, None),
        ("to Iraq for the Counter Terrorism Service of Iraq", "IQ", [], "Counter Terrorism Service of Iraq", None),
        ("to Mexico. The goods will be imported by SEDENA on behalf of the State Police of Jalisco.", "MX", ["SEDENA"], "State Police of Jalisco", None),
        ("to Guatemala for end use by the Ministry of Interior, shipped through a warehouse in Tapachula, Mexico", "GT", [], "Ministry of Interior", None),
        ("to a commercial importer, Siam Arms Co., Ltd., of Bangkok, Thailand", "TH", ["Siam Arms Co., Ltd."], None, None),
        ("to Switzerland. Some parts come from Mexico, Missouri.", "CH", [], None, None),
    ],
)  # fmt: skip
def test_roles_and_destinations(
    sentence: str, countries: str, consignees: list[str], end_user: str | None, intermediary: str | None
) -> None:
    read = read_transaction(f"involves the export of rifles {sentence}")
    assert read.items_text in ("rifles", "rifles for use in UH-60 helicopters")
    assert " ".join(place.alpha2 for place in read.destinations) == countries
    assert (read.consignees, read.end_user, read.intermediary) == (consignees, end_user, intermediary)


@pytest.mark.parametrize(
    ("sentence", "exporter"),
    [
        ("export of rifles by Sig Sauer, Inc. of Newington, New Hampshire to Mexico", "Sig Sauer, Inc."),
        ("export of rifles from Glock, Inc. in Smyrna, Georgia to Mexico", "Glock, Inc."),
        ("export of rifles from Albuquerque, New Mexico to Peru", None),
        ("manufacture of rifles by Example Arms Company in Mexico", None),
        ("export of rifles from CZ-USA, Kansas City, Kansas, to Mexico", "CZ-USA"),
        ("export of rifles from a plant in Springfield, Massachusetts, to Mexico", None),
        ("export of bolt assemblies by X, Inc. of Las Cruces, New Mexico, to Y Ltd in Canada", "X, Inc."),
    ],
)
def test_the_exporter_is_a_company_and_never_the_maker(sentence: str, exporter: str | None) -> None:
    assert read_transaction(sentence).exporter_name == exporter


@pytest.mark.parametrize("place", ["Freedonia", "the Republic of Freedonia", "Korea"])
def test_an_unknown_destination_stops_the_sentence(place: str) -> None:
    with pytest.raises(CellError, match="not a known country"):
        read_transaction(f"export of rifles to {place} in the amount of $1,000,000 or more")


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("2,300 Colt M4 carbine, 11.5” barrel length, 5.56mm caliber, fully automatic rifles",
         [("2,300", "Colt M4 carbine, 11.5” barrel length, 5.56mm caliber, fully automatic rifles", "5.56mm")]),
        ("500 9mm pistols, 250 12-gauge shotguns and spare parts",
         [("500", "9mm pistols", "9mm"), ("250", "12-gauge shotguns", "12-gauge"), (None, "spare parts", None)]),
        ("two hundred (200) rifles and fifty (50) launchers", [("200", "rifles", None), ("50", "launchers", None)]),
        ("9 mm pistols", [(None, "9 mm pistols", "9 mm")]),
        (".50 caliber rifles", [(None, ".50 caliber rifles", ".50 caliber")]),
        ("12 gauge shotguns", [(None, "12 gauge shotguns", "12 gauge")]),
        ("5.56mm and 7.62mm automatic rifles", [(None, "5.56mm and 7.62mm automatic rifles", "5.56mm; 7.62mm")]),
        (".22 LR, .223 Remington and .30-06 Springfield rifles",
         [(None, ".22 LR, .223 Remington and .30-06 Springfield rifles",
           ".22 LR; .223 Remington; .30-06 Springfield")]),
        ("rifles, 5.56mm, and pistols, 9mm", [(None, "rifles, 5.56mm", "5.56mm"), (None, "pistols, 9mm", "9mm")]),
        ("spare and repair parts", [(None, "spare and repair parts", None)]),
        ("150 rifles, each with a suppressor and a day optic",
         [("150", "rifles, each with a suppressor and a day optic", None)]),
        ("rifles, suppressors, and spare parts", [(None, "rifles", None), (None, "suppressors", None), (None, "spare parts", None)]),
        ("defense articles, including technical data, and defense services",
         [(None, "defense articles, including technical data", None), (None, "defense services", None)]),
        ("3,000,000 rounds of 5.56mm ammunition", [("3,000,000", "rounds of 5.56mm ammunition", "5.56mm")]),
        ("up to 3,000 (three thousand) pistols", [("3,000", "pistols", None)]),
    ],
)  # fmt: skip
def test_items_with_quantity_and_calibre(text: str, items: list[tuple[str | None, str, str | None]]) -> None:
    assert [(item.quantity, item.description, item.calibre) for item in read_items(text)] == items


@given(
    st.lists(
        st.sampled_from(
            ["to", "the", "Mexico", "of", "in", "Government", "and", ",", "for", "end", "use", "by", "New", "Ltd", "Navy", "500",
             "from", "through", ".", "Gulf"]
        ),
        max_size=25,
    )
)  # fmt: skip
def test_any_words_give_an_answer_or_a_reason(words: list[str]) -> None:
    try:
        read = read_transaction(" ".join(words))
    except CellError as error:
        assert "not a known country" in str(error)
    else:
        assert {place.alpha2 for place in read.destinations} <= {"MX"}


@pytest.mark.parametrize(
    ("sentence", "goods"),
    [
        ("export of 500 rifles to Guatemala and 250 grenade launchers to Mexico",
         ["500 rifles", "250 grenade launchers"]),
        ("export of 500 rifles to Peru, 250 rifles to Chile, and 100 pistols to Oman",
         ["500 rifles", "250 rifles", "100 pistols"]),
        ("export of 500 rifles to the Guatemalan Army and 250 pistols to the Mexican Navy",
         ["500 rifles", "250 pistols"]),
        ("export of firearms controlled under Category I of the U.S. Munitions List of 5.56mm rifles to Mexico",
         ["5.56mm rifles"]),
        ("export to Mexico of Ruger 5.56mm rifles", ["Ruger 5.56mm rifles"]),
        ("amendment to add 600 MCX rifles to the quantities previously notified to Mexico", ["600 MCX rifles"]),
    ],
)  # fmt: skip
def test_goods_that_a_later_phrase_names_are_not_lost(sentence: str, goods: list[str]) -> None:
    assert (read_transaction(sentence).items_text or "").split("; ") == goods


@pytest.mark.parametrize(
    ("sentence", "end_user"),
    [
        ("export of firing pins for Mexican Army G3 rifles to Mexico", None),
        ("export of spares for the Mexican Air Force helicopters to Mexico", None),
        ("export of firing pins for the Mexican Army to Mexico", "Mexican Army"),
        ("amendment to add the Secretariat of the Navy as an end user of the rifles for export to Mexico",
         "Secretariat of the Navy"),
    ],
)  # fmt: skip
def test_whose_arms_goods_are_for_is_no_end_user_but_one_that_is_added_is(
    sentence: str, end_user: str | None
) -> None:
    read = read_transaction(sentence)
    assert ([place.alpha2 for place in read.destinations], read.end_user) == (["MX"], end_user)


def test_a_name_that_may_be_a_town_s_or_a_firm_s_is_kept_beside_its_country() -> None:
    [place] = read_transaction("export of rifles to Puebla, Mexico").destinations
    assert (place.alpha2, place.party, place.beside) == ("MX", None, "Puebla")

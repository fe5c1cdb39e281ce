"""Every way in which a letter names somebody in Mexico, in every place of its sentence: none is lost.

Written without the parser; the combinations are the test, for what was lost was lost beside another country.
"""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from parsers.document import Document
from parsers.record import CellError, Row
from parsers.registry import load_source
from parsers.values.certifications import Certification, records_of
from parsers.values.transactions import read_transaction
from tests.generators import letters_sets
from tests.generators.letters_sets import Letter, Notice

WHOM = (
    "Mexico", "the Mexican Navy", "the Secretariat of National Defense of Mexico", "Mexican law enforcement",
    "Ejemplo, S.A. de C.V. in Mexico", "Ejemplo, S.A. de C.V. of Monterrey, Mexico", "Mexico's National Guard",
    "dealers in Mexico", "SEDENA", "the Government of Mexico",
)  # fmt: skip
BESIDE_OTHERS = {
    "export of rifles to Canada and {}": {"CA", "MX"},
    "export of rifles to {} and Canada": {"CA", "MX"},
    "export of rifles to Canada, Guatemala, and {}": {"CA", "GT", "MX"},
    "export of rifles to Canada as well as to {}": {"CA", "MX"},
    "export of rifles either to Canada or to {}": {"CA", "MX"},
    "transfer of rifles from the Government of Canada to {}": {"MX"},
    "export of rifles from Canada to {}": {"MX"},
    "export of rifles to {} through Ejemplo Ltd in Panama": {"MX"},
}
ALONE = (
    "export of rifles to {}",
    "export to {} of rifles",
    "export of rifles to {} via Laredo, Texas",
    "export of rifles to Ejemplo Inc. of El Paso, Texas, for delivery to {}",
    "export of rifles to {}, not for use in the Gulf of Mexico",
    "export of rifles made in Albuquerque, New Mexico, to {}",
    "export of rifles to {} for training",
)


def destinations(transaction: str) -> set[str | None]:
    first = letters_sets.notices("notices_3")[1]
    letter = Letter("October 3, 2013", "Transmittal No. DDTC 13-124", [
        "Pursuant to Section 36(c) of the Arms Export Control Act, please find enclosed a certification of a proposed "
        "license for the export of firearms in the amount of $1,000,000 or more.",
        f"The transaction contained in the attached certification involves the {transaction}.",
    ])  # fmt: skip
    notice = Notice(first.number, first.published, first.frame, [letter])
    document = Document(content=letters_sets.content(notice, 1), media_type="text/plain", name="x.txt")
    page = load_source("us_ddtc_notices").parse(document)
    assert (page.refused, page.rejects) == (None, [])
    return {record.destination_country for record in page.records}


@pytest.mark.parametrize(("form", "whom"), list(product(BESIDE_OTHERS, WHOM)))
def test_mexico_beside_other_countries(form: str, whom: str) -> None:
    assert destinations(form.format(whom)) == BESIDE_OTHERS[form]


@pytest.mark.parametrize("whom", ["SEDENA", "SEMAR", "the Mexican Navy", "Mexico's National Guard"])
def test_a_mexican_body_that_goods_are_for(whom: str) -> None:
    assert destinations(f"export of rifles for {whom}") == {"MX"}


@pytest.mark.parametrize(
    "whom", ["SEDENA", "SEMAR", "the Mexican Navy", "Mexico", "the Government of Mexico"]
)
@pytest.mark.parametrize(
    "form",
    [
        "export of technical data to Belgium to support the manufacture of rifles for {}",
        "export of technical data to Belgium for the manufacture of rifles for end use by {}",
        "manufacture in Belgium of rifles for {}",
        "manufacture of rifles in Belgium for {}",
        "manufacture of rifles by the Government of Belgium for {}",
        "transfer of technical data to support the co-production of rifles in Belgium by Ejemplo for {}",
        "export of machine guns to Belgium for installation aboard patrol vessels for {}",
    ],
)
def test_arms_made_elsewhere_for_mexico_go_to_both(form: str, whom: str) -> None:
    """Section 36(d): the data and the making go to the one country, the arms to the other."""
    assert destinations(form.format(whom)) == {"BE", "MX"}


@pytest.mark.parametrize(("form", "whom"), list(product(ALONE, WHOM)))
def test_mexico_alone(form: str, whom: str) -> None:
    assert destinations(form.format(whom)) == {"MX"}


# Places of a sentence that come behind a destination, or beside it: goods go on to whoever stands there.
GO_ON = (
    "export of rifles to Ejemplo GmbH in Germany on behalf of {}",
    "export of rifles to Germany under a contract with {}",
    "export of rifles to Germany in support of {}",
    "export of technical data to Germany to support rifles operated by {}",
    "export of turrets to Spain for integration into vehicles that Spain will deliver to {}",
    "export of rifles to Ejemplo Ltd in the United Arab Emirates, which will resell them to {}",
    "export of rifles to Spain; the articles will be re-exported to {}",
    "export of rifles to Ejemplo S.A. in Panama, a distributor to {}",
    "export of parts to Spain for the assembly of rifles destined for {}",
    "manufacture in India by Ejemplo Ltd of rifles for {}",
    "manufacture of rifles in India and Brazil for {}",
    "export of data to Poland for the manufacture of rifles for Poland and {}",
    "export of rifles to Spain and Italy for end use by {}",
    "export of rifles to Spain for end use by Spain and {}",
    "export of rifles to Spain for end use by {} and the Spanish Navy",
    "export of rifles to Spain. The end users are the Spanish Army and {}",
    "export of night vision systems to Canada for the U.S. Government and {}",
    "export of rifles to 23 distributors in Peru, Chile and {}",
    "export of rifles to Spain; end use: {}",
    "export of rifles to Spain, end user {}",
    "export of rifles to Spain, which has contracted to supply {}",
    "export of defense services to train personnel of {} in Colombia",
    "establishment of a repair depot in Colombia that will serve {}",
    "export of receivers to Belgium for assembly into machine guns ordered by {}",
)
NAMESAKES = (
    "Ejemplo LLC of Las Cruces, New Mexico", "the New Mexico State Police", "platforms in the Gulf of Mexico",
    "Show-Me Arms of Mexico, Missouri", "Chihuahua Arms of Texas", "Jalisco Export Services",
    "Tamaulipas Tactical, Inc., Brownsville, Texas", "Campeche Marine GmbH of Kiel, Germany",
    "Armeria Ejemplo, Mexico City Avenue 1120, Quito, Ecuador",
)  # fmt: skip


@pytest.mark.parametrize(
    ("form", "whom"), list(product(GO_ON, [*WHOM, "the governments of Mexico and Peru", "Mexico City"]))
)
def test_mexico_behind_another_destination(form: str, whom: str) -> None:
    assert "MX" in {place.alpha2 for place in read_transaction(form.format(whom)).destinations}


@pytest.mark.parametrize(
    "whom", ["the armed forces of Mexico", "the governments of Mexico and Peru", "the army of Mexico"]
)
def test_what_belongs_to_a_nation_is_no_apposition_in_a_list(whom: str) -> None:
    read = read_transaction(f"export of rifles to Belize, {whom}, and Guatemala")
    assert {"BZ", "GT", "MX"} <= {place.alpha2 for place in read.destinations}


@pytest.mark.parametrize("whom", ["Mexico City", "the Mexican states of Sonora and Jalisco"])
def test_a_part_of_mexico_is_mexico_beside_another_country(whom: str) -> None:
    read = read_transaction(f"export of rifles to Germany, which are to be resold to {whom}")
    assert {place.alpha2 for place in read.destinations} == {"DE", "MX"}


@pytest.mark.parametrize(("form", "whom"), list(product(GO_ON, NAMESAKES)))
def test_a_namesake_behind_a_destination_is_never_mexico(form: str, whom: str) -> None:
    try:
        read = read_transaction(form.format(whom))
    except CellError:  # a list that goes on with a name that is no country is refused, aloud
        return
    assert "MX" not in {place.alpha2 for place in [*read.destinations, *read.passed_through]}


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        (
            "export of pistols to Guatemala for end use by the National Police along the border with Mexico",
            "Mexico",
        ),
        ("export of rifles to Canada for demonstrations to the Mexican Navy in Ottawa", "Mexican"),
        ("export of pistols to Guatemala, with platforms in the Gulf of Mexico", None),
        (
            "export of pistols to the National Police of Peru, replacing pistols earlier offered to Mexico",
            "Mexico",
        ),
        ("export of pistols to Peru, similar to those sold to Mexico", "Mexico"),
    ],
)
def test_a_country_named_without_a_part_in_the_transaction_stands_in_its_own_cell(
    sentence: str, named: str | None
) -> None:
    certification = Certification(f"involves the {sentence}.", [], date(2021, 1, 4), date(2021, 1, 5))
    records = list(records_of(Row(cells={}, row=1, text=sentence), certification))
    assert [record.destination_country for record in records] != ["MX"]
    assert records[0].verbatim.get("also_named") == named


@pytest.mark.parametrize(
    ("sentence", "weapon_class", "purpose"),
    [
        ("technical data to Mexico for the manufacture of 9mm pistols for end use by the Mexican Navy",
         "pistols_revolvers", "for the manufacture of 9mm pistols"),
        ("defense articles, including technical data, to Mexico to support the production of rifles",
         "rifles_carbines", "to support the production of rifles"),
        ("defense articles, including technical data, to Mexico", "not_firearms", None),
    ],
)  # fmt: skip
def test_data_and_services_for_the_making_of_arms_are_of_their_class(
    sentence: str, weapon_class: str, purpose: str | None
) -> None:
    certification = Certification(f"involves the export of {sentence}.", [], None, date(2021, 1, 5))
    [record] = records_of(Row(cells={}, row=1, text=sentence), certification)
    assert (record.weapon_class.value, record.verbatim.get("purpose")) == (weapon_class, purpose)


def test_a_government_that_makes_goods_is_no_source_of_them() -> None:
    read = read_transaction(
        "export of data for the manufacture of wings by the Government of the United Kingdom"
    )
    assert ([(place.alpha2, place.party) for place in read.destinations], read.source) == (
        [("GB", None)],
        None,
    )

"""Every way in which a letter names somebody in Mexico, in every place of its sentence: none is lost.

Written without the parser; the combinations are the test, for what was lost was lost beside another country.
"""

from __future__ import annotations

from itertools import product

import pytest

from parsers.document import Document
from parsers.registry import load_source
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
    assert destinations(
        f"export of technical data to Belgium to support the manufacture of rifles for {whom}"
    ) == {"MX"}


@pytest.mark.parametrize(("form", "whom"), list(product(ALONE, WHOM)))
def test_mexico_alone(form: str, whom: str) -> None:
    assert destinations(form.format(whom)) == {"MX"}

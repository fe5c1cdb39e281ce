"""Countries in running text: free, part of another name, an adjective, or a namesake that is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.values.mentions import Kind, free_mentions, mentions


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("to Canada, Mexico, and the United Kingdom", ["CA", "MX", "GB"]),
        ("to the Republic of Korea and the Democratic Republic of the Congo", ["KR", "CD"]),
        ("to MEXICO", ["MX"]),
        ("in México, D.F.", ["MX"]),
        ("Monterrey, Mexico", ["MX"]),
        ("to Papua New Guinea and Equatorial Guinea", ["PG", "GQ"]),
        ("from Armenia, Georgia, and Turkey", ["AM", "GE", "TR"]),
        ("to Georgia", ["GE"]),
        ("to Niger, Nigeria and South Sudan", ["NE", "NG", "SS"]),
        ("to Trinidad and Tobago", ["TT"]),
        ("Northern Mexico", ["MX"]),
        ("New Mexico", []),
        ("Albuquerque, New Mexico", []),
        ("the Gulf of Mexico", []),
        ("Mexico, Missouri", []),
        ("Mexico, MO", []),
        ("Mexico, NY", []),
        ("Mexico, New York", []),
        ("Mexico (Missouri)", []),
        ("Mexico, Maine", []),
        ("the State of Mexico", []),
        ("Estado de México", []),
        ("Mexico State Police", []),
        ("the Town of Mexico", []),
        ("Mexico City", []),
        ("Mexico City, Mexico", ["MX"]),
        ("New Jersey", []),
        ("Smyrna, Georgia", []),
        ("Lebanon, Pennsylvania", []),
        ("Peru, Indiana", []),
        ("Colt Canada Corporation", []),
        ("Israel National Police", []),
        ("the Mexican Navy", []),
        ("turkey and china", []),
        ("Mexico-based", []),
        ("at the air base of Santa Lucia, Mexico", ["MX"]),
        ("in Santa Lucía, Mexico, and in Bogota, Colombia", ["MX", "CO"]),
        ("in Santa Lucía, Mexico, and Peru", ["LC", "MX", "PE"]),
        ("to Saint Lucia, Mexico, and Peru", ["LC", "MX", "PE"]),
        ("X Ltd in Jordan, Mexico", ["MX"]),
        ("in Canada, Mexico, and the United Kingdom", ["CA", "MX", "GB"]),
        ("to Canada, Mexico", ["CA", "MX"]),
        ("in Mexico, Guatemala", ["MX", "GT"]),
        ("Mexico's Navy", []),
    ],
)
def test_only_the_country_itself_is_free(text: str, codes: list[str]) -> None:
    assert [mention.alpha2 for mention in free_mentions(text)] == codes


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("New Mexico", Kind.GATED),
        ("a New Mexican dish", Kind.GATED),
        ("Mexican Hat Outfitters", Kind.GATED),
        ("the Mexican State Police", Kind.ADJECTIVE),
        ("the Mexican Navy", Kind.ADJECTIVE),
        ("Colt Mexico Corporation", Kind.IN_NAME),
        ("Mexico's Navy", Kind.IN_NAME),
    ],
)
def test_what_the_others_are(text: str, kind: Kind) -> None:
    assert [(mention.alpha2, mention.kind) for mention in mentions(text)] == [("MX", kind)]


def test_a_border_that_two_countries_share_is_neither() -> None:
    kinds = {mention.alpha2: mention.kind for mention in mentions("units on the U.S.-Mexico border")}
    assert kinds["MX"] is Kind.GATED


@given(st.text(alphabet="New MexicoGulf of,.&'’-( )", max_size=60))
def test_mentions_lie_in_order_inside_the_text(text: str) -> None:
    at = 0
    for mention in mentions(text):
        assert at <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text
        at = mention.end

"""Which of the countries that a certification names are its destinations.

Those named after ``to``, unless the end user's are others: ``to Germany for end use by the Mexican Navy``
goes to Mexico. Where none is named after ``to``, the one that the text names at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from parsers.record import CellError
from parsers.values.items import wording_pattern
from parsers.values.mentions import Kind, mentions
from parsers.values.transaction_parties import Place, is_body

OWN_COUNTRY = "US"


@dataclass(slots=True)
class Transaction:
    """What one sentence says. Lists are empty and texts None where it says nothing."""

    items_text: str | None = None
    purpose: str | None = None
    """what goods in general words are for: ``technical data to Brazil for the manufacture of rifles``"""
    destinations: list[Place] = field(default_factory=list)
    end_user_places: list[Place] = field(default_factory=list)
    consignees: list[str] = field(default_factory=list)
    end_user: str | None = None
    intermediary: str | None = None
    exporter_name: str | None = None
    source: Place | None = None
    passed_through: list[Place] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    hints: list[Place] = field(default_factory=list)
    end_user_hints: list[Place] = field(default_factory=list)
    bodies: list[Place] = field(default_factory=list)
    """bodies of nations that one of several phrases names: ``to Guatemala and to the Mexican Navy``"""
    makers: list[Place] = field(default_factory=list)
    """whose government makes or uses the goods: ``manufacture of wings by the Government of Norway``"""
    is_made_there: bool = False
    """the goods are made, or built in, at the destination, whoever uses them then"""


def stray_places(text: str, read: Transaction) -> list[Place]:
    """The one country that a text names, in whatever words, where no destination was read.

    A place of origin is none. Raises CellError when several countries could be it: none may be lost. Where no
    country is named, the one whose public body is: ``for the repair of Mexican Navy aircraft``.
    """
    elsewhere = {place.alpha2 for place in [*read.passed_through, *([read.source] if read.source else [])]}
    named = [
        Place(m.alpha2, m.text)
        for m in mentions(text)
        if m.kind is Kind.FREE
        and m.alpha2 not in elsewhere | {OWN_COUNTRY}
        and not wording_pattern("origin_before").search(text[: m.start][-40:])
    ]
    found = once(named)
    if len(found) > 1:
        names = ", ".join(place.raw for place in found)
        raise CellError(f"{names}: which of them is the destination is not told in words that are known")
    return found or _of_public_bodies(text, elsewhere)


def _of_public_bodies(text: str, elsewhere: set[str]) -> list[Place]:
    """The country of the bodies (``Mexican Navy``, ``Mexican military``) and capitals that a text names."""
    bodies = []
    for m in mentions(text):
        if m.alpha2 in elsewhere | {OWN_COUNTRY}:
            continue
        in_name = m.kind in (Kind.ADJECTIVE, Kind.IN_NAME)
        found = wording_pattern("body_behind").match(text[m.end :]) if in_name else None
        capital = wording_pattern("capital").match(text[m.start :])
        if found or capital or is_body(m):
            end = m.end + found.end() if found else m.start + (capital.end() if capital else 0)
            bodies.append(Place(m.alpha2, text[m.start : end]))
    return once(bodies) if len({place.alpha2 for place in bodies}) == 1 else []


def final_destinations(read: Transaction) -> list[Place]:
    """The final destinations: the end user's countries when none of them was named after ``to``."""
    named = once([place for place in read.destinations if place.alpha2 != OWN_COUNTRY])
    named = once([*named, *read.bodies]) if named else named
    ends = once([place for place in read.end_user_places if place.alpha2 != OWN_COUNTRY])
    if not ends and named:
        # "to Germany for ultimate end use by the Mexican Navy": Germany is on the way.
        hinted = once([hint for hint in read.end_user_hints if hint.alpha2 != OWN_COUNTRY])
        others = not {hint.alpha2 for hint in hinted} & {place.alpha2 for place in named}
        ends = hinted if len(hinted) == 1 or others else []
    known = {place.alpha2 for place in named}
    ends = [Place(place.alpha2, re.sub(r"^(?:the|an?) ", "", place.raw)) for place in ends]
    if not ends:
        return named
    if {place.alpha2 for place in ends} & known:
        # "to X GmbH in Germany for resale in Germany and Mexico": X is the consignee of both.
        parties = {place.party for place in named}
        party = parties.pop() if len(parties) == 1 else None
        return once([*named, *(Place(place.alpha2, place.raw, place.party or party) for place in ends)])
    if {hint.alpha2 for hint in read.end_user_hints} & known:
        return once([*named, *ends])  # "to Mexico for end use by the Mexican Navy in Belize"
    is_list = len(named) > 1 and not all(place.party for place in named)
    if read.is_made_there or (is_list and not read.end_user_places):
        # "to Brazil for the manufacture of rifles for the Mexican Army": data go to the one, rifles go on.
        return once([*named, *ends])
    read.passed_through += named
    return ends


def once(places: list[Place]) -> list[Place]:
    """Each country once, at its first place."""
    found: dict[str, Place] = {}
    for place in places:
        found.setdefault(place.alpha2, place)
    return list(found.values())

"""Where goods of a certification go beyond its ``to <country>``: made, sold or used there.

``to Belgium for the manufacture of rifles for Mexico``, ``to Spain, which will deliver them to the Mexican
Navy``: the country named last is a destination beside the first. Wording: ``transaction_wording.yml``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from parsers.values.items import wording, wording_pattern
from parsers.values.mentions import Kind, Mention, mentions
from parsers.values.transaction_parties import Place, is_body, listed_after, party_of
from parsers.values.transaction_places import OWN_COUNTRY, Transaction, once


@dataclass(frozen=True, slots=True)
class Marker:
    """Words that begin a role (``to``, ``for end use by``), with their place in the sentence."""

    role: str
    start: int
    end: int


def is_denied(text: str, at: int) -> bool:
    """Whether the sentence denies what it says at a place, or tells of an earlier deal.

    ``No items will be re-exported to Mexico``, ``pistols earlier offered to Mexico``.
    """
    begins = [stop.end() for stop in wording_pattern("sentence").finditer(text, 0, at)]
    denied = wording_pattern("denial").search(text, begins[-1] if begins else 0, at)
    return bool(denied or wording_pattern("past_deal").search(text[max(at - 60, 0) : at]))


def trimmed(segment: str) -> str:
    """A phrase without the marks around it; the full stop of an abbreviation stays."""
    segment = segment.strip(" ,;:")
    if segment.endswith(".") and not wording_pattern("abbreviation").search(segment[-30:]):
        segment = segment[:-1].strip(" ,;:")
    # "(end user: the National Police)": the bracket was opened before the party.
    unopened = segment.endswith(")") and segment.count(")") > segment.count("(")
    return segment[:-1].strip(" ,;:") if unopened else segment


def read_used_there(read: Transaction, text: str, marks: list[Marker]) -> None:
    """Countries behind the destination where goods are sold or used: none may be lost with its licence."""
    named = [place for place in read.destinations if place.alpha2 != OWN_COUNTRY]
    begins = min((mark.end for mark in marks if mark.role == "to"), default=len(text))
    behind = [
        *wording_pattern("used_there").finditer(text, begins),
        *wording_pattern("destined").finditer(text),
    ]
    for told in behind if named else ():
        stop = next((mark.start for mark in marks if mark.start >= told.end()), len(text))
        segment = trimmed(text[told.end() : stop])
        places = party_of(segment).places or _of_market(segment)
        if not is_denied(text, told.start()):
            # "to Germany for resale in Mexico": Germany is on the way; "for operations in Mexico" it is not.
            is_traded = wording_pattern("traded").search(told.group())
            (read.end_user_places if is_traded else read.destinations).extend(places)


def read_made_there(read: Transaction, text: str, marks: list[Marker]) -> None:
    """``to Brazil for the manufacture of rifles``: they are made at the destination."""
    begins = min((mark.end for mark in marks if mark.role == "to"), default=0)
    for told in wording_pattern("worked_there").finditer(text, begins):
        elsewhere = told.group().endswith(" in ") and next(iter(mentions(text[told.end() :])), None)
        known = {place.alpha2 for place in read.destinations}
        if not elsewhere or elsewhere.alpha2 in known:
            read.is_made_there = True


def read_meant_for(read: Transaction, text: str) -> None:
    """``to Belgium for the manufacture of rifles for Mexico``, ``to Spain on behalf of the Mexican Navy``.

    The goods go on to Mexico; so do those that a party is to deliver to a public body of a nation, and those
    that are used in one country for another: ``launch of a satellite from Guiana for a customer in Mexico``.
    """
    if not read.destinations and not read.end_user_places:
        return
    elsewhere = {
        place.alpha2 for place in [*read.passed_through, *read.end_user_places, *read.end_user_hints]
    }
    seen = [replace(m, kind=Kind.FREE) if _is_of_people(text, m) else m for m in mentions(text)]
    meant = [m for m in listed_after(text, seen, wording()["meant_before"]) if not is_denied(text, m.start)]
    further = [Place(m.alpha2, m.text) for m in meant if m.alpha2 not in elsewhere]
    if read.destinations:
        hinted = [hint for hint in read.hints if hint.alpha2 not in elsewhere]
        read.destinations = once([*read.destinations, *further, *hinted])
    else:
        read.end_user_places = once([*read.end_user_places, *further])


def _is_of_people(text: str, mention: Mention) -> bool:
    """Whether a name tells where people sit: ``Mexico-based customers``, ``Mexico City police``."""
    behind = text[mention.end :]
    people = wording_pattern("firm").match(behind) or wording_pattern("body_behind").match(behind)
    is_city = wording_pattern("capital").match(text[mention.start :])
    in_name = mention.kind in (Kind.ADJECTIVE, Kind.IN_NAME)
    return bool(is_city or is_body(mention) or (in_name and people))


def _of_market(segment: str) -> list[Place]:
    adjective = next(iter(mentions(segment)), None)
    if adjective is None or adjective.start or adjective.kind is not Kind.ADJECTIVE:
        return []
    is_name = re.match(" [A-Z]", segment[adjective.end :]) and not _is_of_people(segment, adjective)
    return [] if is_name else [Place(adjective.alpha2, adjective.text)]


def fall_back(read: Transaction, text: str) -> None:
    """No ``to <country>``: the place of production, the end user's country, or the one public body named."""
    produced: list[Place] = []
    production = wording_pattern("making" if read.end_user_places else "production")
    if production.search(text):
        elsewhere = {place.alpha2 for place in read.passed_through} | {OWN_COUNTRY}
        named = listed_after(text, mentions(text), "in")
        produced = [Place(m.alpha2, m.text) for m in named if m.alpha2 not in elsewhere]
    read.is_made_there = bool(wording_pattern("making").search(text))
    read.destinations = once([*produced, *read.makers])
    if not read.destinations and not read.end_user_places:
        hints = once(read.hints) or once(read.end_user_hints)
        read.destinations = [Place(hint.alpha2, re.sub(r"^(?:the|an?) ", "", hint.raw)) for hint in hints]


def untold(text: str, read: Transaction) -> list[Mention]:
    """Countries, and bodies of nations, that a text names in words that give them no part in the transaction.

    ``along the border with Mexico``: no destination, but not to be passed over in silence either.
    """
    places = [*read.destinations, *read.end_user_places, *read.passed_through, *read.makers]
    known = {OWN_COUNTRY, *(place.alpha2 for place in [*places, *([read.source] if read.source else [])])}
    return [
        m
        for m in mentions(text)
        if m.alpha2 not in known
        and (m.kind is Kind.FREE or _is_of_people(text, m))
        and not wording_pattern("origin_before").search(text[: m.start][-40:])
        and not is_denied(text, m.start)
    ]

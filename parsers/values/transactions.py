"""One sentence of a certification to its parts: items, destinations, consignee, end user, exporter.

``export of X to A in B for ultimate end use by C``: the roles stay apart, A is the consignee, C the end user.
A destination is where the text says ``to <country>``, ``to <party> in <country>`` or, when the end user's own
country is named, that one; an adjective (``Mexican Navy``) decides only when no country is named. Wording:
``transaction_wording.yml``. Knowledge: sources.md, us_ddtc_notices.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from parsers.record import CellError
from parsers.values.items import regions, wording, wording_pattern
from parsers.values.mentions import Kind, Mention, is_in_us_state, mentions
from parsers.values.transaction_parties import (
    Place,
    bodies_listed,
    company_name,
    end_user_name,
    is_namesake,
    is_party_name,
    listed_after,
    party_of,
    without_place,
    without_region,
)
from parsers.values.transaction_places import OWN_COUNTRY, Transaction, final_destinations, once

_ROLES = (
    "stop", "relabel", "use_in", "end_use", "intermediary", "consignee", "exporter", "source", "to", "soft",
)  # fmt: skip


@cache
def _markers() -> re.Pattern[str]:
    markers = wording()["markers"]
    return re.compile("|".join(f"(?P<{role}>{_verbose(markers[role])})" for role in _ROLES))


def _verbose(pattern: str) -> str:
    return pattern.replace("\n", "").replace(r"\ ", " ").replace("(?-i:", "(?:")


@dataclass(frozen=True, slots=True)
class _Marker:
    role: str
    start: int
    end: int


def read_transaction(text: str, *, items_from_start: bool = False, is_whole: bool = True) -> Transaction:
    """Read one sentence (running text). With ``items_from_start`` the text begins with the items themselves.

    Raises CellError when the only destination is no known country. A sentence that is not the ``is_whole``
    text keeps such a name in ``unknown``: another sentence may name the country.
    """
    text = re.sub(" {2,}", " ", wording_pattern("list_marks").sub("", text))
    marks = [_Marker(m.lastgroup or "", m.start(), m.end()) for m in _markers().finditer(text)]
    made = wording_pattern("production").search(text)
    read = Transaction()
    for index, mark in enumerate(marks):
        if mark.role in ("stop", "soft") or _is_denied(text, mark.start):
            continue
        if mark.role == "relabel":
            if index and marks[index - 1].role in ("to", "consignee"):
                _relabel(read)
            continue
        stop = marks[index + 1].start if index + 1 < len(marks) else len(text)
        segment = _trimmed(text[mark.end : stop])
        if segment and not (mark.role == "exporter" and _is_done_by(text, mark.start, made)):
            known = read.items_text
            launched = mark.role == "source" and wording_pattern("launch").search(text[: mark.start])
            _READERS["use_in" if launched else mark.role](read, segment)
            read.bodies += _of_several(text, mark, stop)
            if read.items_text and not known:
                # "to Oman of hardware to support the fleet": the goods run on to where something else begins.
                hard = next((m.start for m in marks[index + 1 :] if m.role != "soft"), len(text))
                gap = "" if text[stop : stop + 1] in ",;" else " "
                read.items_text = _trimmed(f"{read.items_text}{gap}{text[stop:hard].lstrip()}")
    _read_used_there(read, text, marks)
    first = _items_text(text, marks, items_from_start)
    if first and read.items_text and first not in read.items_text:
        read.items_text = f"{first}; {read.items_text}"  # "of rifles to Oman, and of pistols to Jordan"
    read.items_text = read.items_text or first
    if not read.destinations:
        _fall_back(read, text)
    _read_meant_for(read, text)
    if is_whole:
        check_known(read)
    read.destinations = final_destinations(read)
    return read


def _of_several(text: str, mark: _Marker, stop: int) -> list[Place]:
    """Bodies of nations in one of several phrases: ``to Guatemala and to the Mexican Navy``."""
    around = (text[: mark.start], text[mark.end : stop])
    if mark.role != "to" or not any(
        re.search(r"(?:\band|\bor|as well as|[,;]) *$", each[-12:]) for each in around
    ):
        return []
    return bodies_listed(text[mark.end : stop])


def _is_done_by(text: str, at: int, made: re.Match[str] | None) -> bool:
    """Whether ``by`` names who makes or launches something: ``manufacture of X by Y``, no exporter."""
    return bool(made and made.end() <= at) or bool(
        wording_pattern("done_by").search(text[max(at - 80, 0) : at])
    )


def _is_denied(text: str, at: int) -> bool:
    """Whether the sentence denies what it says at a place: ``No items will be re-exported to Mexico``."""
    begins = [stop.end() for stop in wording_pattern("sentence").finditer(text, 0, at)]
    return bool(wording_pattern("denial").search(text, begins[-1] if begins else 0, at))


def _trimmed(segment: str) -> str:
    segment = segment.strip(" ,;:")
    if segment.endswith(".") and not wording_pattern("abbreviation").search(segment[-30:]):
        segment = segment[:-1].strip(" ,;:")
    # "(end user: the National Police)": the bracket was opened before the party.
    unopened = segment.endswith(")") and segment.count(")") > segment.count("(")
    return segment[:-1].strip(" ,;:") if unopened else segment


def _items_text(text: str, marks: list[_Marker], from_start: bool) -> str | None:
    head = wording_pattern("items_after").search(text)
    if head and from_start and text[: head.start()].lower() not in ("", "the "):
        head = None  # "rifles for the manufacture of ..."
    if head is None and not from_start:
        return None
    start = head.end() if head else 0
    stops = [mark.start for mark in marks if mark.start >= start and mark.role != "soft"]
    goods = without_place(_trimmed(text[start : stops[0] if stops else len(text)]))
    return re.sub("^the ", "", goods) or None


# -- parties ------------------------------------------------------------------------------------------------


def _read_to(read: Transaction, segment: str) -> None:
    segment = without_region(wording_pattern("group").sub("", segment))
    if wording_pattern("not_parties").match(segment) or is_namesake(segment):
        return
    party = party_of(segment)
    read.items_text = read.items_text or party.items
    if party.name is None and not party.places:
        return
    read.destinations += party.places
    if party.places:
        known = {place.alpha2 for place in party.places}
        read.destinations += [body for body in bodies_listed(segment) if body.alpha2 not in known]
    named = [place.party for place in party.places if place.party] or ([party.name] if party.name else [])
    is_address = read.consignees and not party.places and not is_party_name(segment)
    if not is_address:  # "to the Secretariat, to be delivered to Campo Militar 1-J"
        read.consignees += named
    if not party.places:
        read.unknown += _unknown_name(segment)
        read.hints += _institution_hints(segment)


def _read_consignee(read: Transaction, segment: str) -> None:
    """``the foreign consignee is X Ltd, Canada``, ``X is the consignee``: X and where it is."""
    party = party_of(re.sub("^The ", "", wording_pattern("is_role").sub("", segment)))
    named = [place.party for place in party.places if place.party] or ([party.name] if party.name else [])
    read.consignees += named
    read.destinations += party.places


def _relabel(read: Transaction) -> None:
    """``to X, as intermediate consignee``: the party named last was only on the way."""
    if read.consignees:
        party = read.consignees.pop()
        read.intermediary = read.intermediary or party
        read.destinations = [
            Place(p.alpha2, p.raw, None) if p.party == party else p for p in read.destinations
        ]


def _read_end_use(read: Transaction, segment: str) -> None:
    segment = wording_pattern("own_use").sub("", wording_pattern("is_role").sub("", segment))
    segment = re.sub("^The ", "", segment)
    party = party_of(segment)
    read.items_text = read.items_text or party.items
    read.end_user_places += party.places
    read.end_user_hints += _institution_hints(segment)
    users = bodies_listed(segment)
    if {user.alpha2 for user in users} & {place.alpha2 for place in read.destinations}:
        read.bodies += users  # "to Colombia for end use by the Colombian Army and the Mexican Navy"
    bare = party.places and not party.name and not any(place.party for place in party.places)
    name = None if bare else end_user_name(segment, party.items)
    if name:
        read.end_user = name if read.end_user is None else f"{read.end_user}; {name}"


def _read_use_in(read: Transaction, segment: str) -> None:
    read.end_user_places += party_of(segment).places


def _read_used_there(read: Transaction, text: str, marks: list[_Marker]) -> None:
    """Countries behind the destination where goods are sold or used: none may be lost with its licence."""
    named = [place for place in read.destinations if place.alpha2 != OWN_COUNTRY]
    begins = min((mark.end for mark in marks if mark.role == "to"), default=len(text))
    behind = [
        *wording_pattern("used_there").finditer(text, begins),
        *wording_pattern("destined").finditer(text),
    ]
    for told in behind if named else ():
        stop = next((mark.start for mark in marks if mark.start >= told.end()), len(text))
        segment = _trimmed(text[told.end() : stop])
        places = party_of(segment).places or _of_market(segment)
        if not _is_denied(text, told.start()):
            # "to Germany for resale in Mexico": Germany is on the way; "for operations in Mexico" it is not.
            is_traded = wording_pattern("traded").search(told.group())
            (read.end_user_places if is_traded else read.destinations).extend(places)


def _read_meant_for(read: Transaction, text: str) -> None:
    """``technical data to Belgium for the manufacture of rifles for Mexico``: the goods go on to Mexico."""
    if not read.destinations:
        return
    elsewhere = [*read.passed_through, *read.end_user_places, *read.end_user_hints]
    known = {place.alpha2 for place in [*read.destinations, *elsewhere]}
    seen = [replace(m, kind=Kind.FREE) if _is_of_people(text, m) else m for m in mentions(text)]
    for meant in listed_after(text, seen, "for"):
        if meant.alpha2 not in known and not _is_denied(text, meant.start):
            read.destinations.append(Place(meant.alpha2, meant.text))


def _is_of_people(text: str, mention: Mention) -> bool:
    """Whether a name tells where people sit: ``Mexico-based customers``, ``Mexico City police``."""
    behind = text[mention.end :]
    people = wording_pattern("firm").match(behind) or wording_pattern("body_behind").match(behind)
    is_city = wording_pattern("capital").match(text[mention.start :])
    in_name = mention.kind in (Kind.ADJECTIVE, Kind.IN_NAME)
    return bool(is_city or (in_name and people))


def _of_market(segment: str) -> list[Place]:
    adjective = next(iter(mentions(segment)), None)
    known = adjective and adjective.start == 0 and adjective.kind is Kind.ADJECTIVE
    return [Place(adjective.alpha2, adjective.text)] if adjective and known else []


def _read_intermediary(read: Transaction, segment: str) -> None:
    party = party_of(segment)
    read.passed_through += party.places
    name = party.name or next((place.party for place in party.places if place.party), None)
    if name and (wording_pattern("port").match(name) or is_in_us_state(name)):
        return
    if (name and is_party_name(name)) or not any(m.kind is Kind.GATED for m in mentions(segment)):
        read.intermediary = read.intermediary or name


def _read_source(read: Transaction, segment: str) -> None:
    segment = wording_pattern("owners_wish").sub("", segment)
    segment = re.split(r" of (?:an? )?(?=[a-z\d])(?!the )", segment, maxsplit=1)[0]
    party = party_of(segment)
    if party.places:
        read.source = read.source or party.places[0]
    if wording_pattern("company").search(segment) and not wording_pattern("government").match(segment):
        read.exporter_name = read.exporter_name or company_name(segment)


def _read_exporter(read: Transaction, segment: str) -> None:
    if wording_pattern("not_parties").match(segment):
        return
    if wording_pattern("government").match(segment):
        _read_source(read, segment)  # "the Government of Belgium proposes to transfer ..."
        return
    segment = wording_pattern("applicant").sub("", segment)
    goods = re.search(
        r",? of (?!the |an? )(?=[a-z\d.]|[A-Z]{1,5}[/-]?[A-Z]{0,4}-?\d|[A-Z]{2,6} [a-z\d.])", segment
    )
    if goods:  # "the export by X of rifles"
        read.items_text = read.items_text or segment[goods.end() :]
        segment = segment[: goods.start()]
    read.exporter_name = read.exporter_name or company_name(segment)


_READERS = {
    "to": _read_to,
    "use_in": _read_use_in,
    "end_use": _read_end_use,
    "intermediary": _read_intermediary,
    "consignee": _read_consignee,
    "source": _read_source,
    "exporter": _read_exporter,
}


def _is_nationals(segment: str, adjective: Mention) -> bool:
    behind = segment[adjective.end :]
    told = wording_pattern("body_behind").match(behind) or wording_pattern("firm").match(behind)
    return bool(told) or (not behind.startswith("-") and is_party_name(segment))


def check_known(read: Transaction) -> None:
    """Raises CellError when nothing says which country an unknown name after ``to`` is or is in."""
    if read.unknown and not read.destinations and not read.end_user_places:
        raise CellError(f"the destination {read.unknown[0]!r} is not a known country")


def _unknown_name(segment: str) -> list[str]:
    """A capitalised name after ``to`` that is neither a country nor, by its words, a party."""
    name = re.sub(r"^(?:the|an?) ", "", segment)
    known = mentions(name) or is_party_name(name) or wording_pattern("organisation").match(name)
    is_known = bool(known) or is_in_us_state(name)
    return [name] if name[:1].isupper() and not is_known and len(name.split()) <= 4 else []


# -- destinations -------------------------------------------------------------------------------------------


def _institution_hints(segment: str) -> list[Place]:
    """Countries that a public body's name gives away: ``Mexican Navy``, ``Israel National Police``.

    An adjective that begins a name tells its country whatever the name is of: ``the Israeli firm X``.
    """
    first = next(iter(mentions(segment)), None)
    begins = (
        first
        and first.kind is Kind.ADJECTIVE
        and re.fullmatch("(?:[Tt]he |[Aa]n? )?", segment[: first.start])
    )
    if (
        first
        and first.start == 0
        and segment[first.end :].startswith(("'s ", "’s "))
        and first.kind is Kind.IN_NAME
    ):
        return [Place(first.alpha2, segment, None)]  # "Mexico's Dirección General de Industria Militar"
    if first and begins and _is_nationals(segment, first):
        return once([Place(first.alpha2, segment, None), *bodies_listed(segment)])
    name = segment.split(" (")[0]
    as_firm = "company_form" if wording_pattern("public_body").search(name) else "company"
    if not wording_pattern("institution").search(segment) or wording_pattern(as_firm).search(name):
        return []
    kinds = (Kind.ADJECTIVE, Kind.IN_NAME)
    named = [Place(m.alpha2, segment, None) for m in mentions(segment) if m.kind in kinds]
    if named or is_in_us_state(segment):
        return named
    return [Place(alpha2, segment, None) for alpha2, names in regions().items() if names.search(name)]


def _fall_back(read: Transaction, text: str) -> None:
    """No ``to <country>``: the end user's country, the place of production, or the one public body named."""
    if read.end_user_places:
        return
    seen = list(mentions(text))
    if wording_pattern("production").search(text):
        produced = listed_after(text, seen, "in")
        elsewhere = {place.alpha2 for place in read.passed_through} | {OWN_COUNTRY}
        read.destinations = once([Place(m.alpha2, m.text) for m in produced if m.alpha2 not in elsewhere])
    if not read.destinations:
        hints = once(read.hints) or once(read.end_user_hints)
        read.destinations = [Place(hint.alpha2, re.sub(r"^(?:the|an?) ", "", hint.raw)) for hint in hints]

"""One sentence of a certification to its parts: items, destinations, consignee, end user, exporter.

``export of X to A in B for ultimate end use by C``: the roles stay apart, A is the consignee, C the end user.
A destination is where the text says ``to <country>``, ``to <party> in <country>`` or, when the end user's own
country is named, that one; an adjective (``Mexican Navy``) decides only when no country is named. Wording:
``transaction_wording.yml``. Knowledge: sources.md, us_ddtc_notices.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from parsers.record import CellError
from parsers.values.items import regions, wording, wording_pattern
from parsers.values.mentions import Kind, Mention, is_in_us_state, mentions
from parsers.values.transaction_onward import (
    Marker,
    fall_back,
    is_denied,
    read_made_there,
    read_meant_for,
    read_used_there,
    trimmed,
)
from parsers.values.transaction_parties import (
    Place,
    bodies_listed,
    company_name,
    end_user_name,
    is_namesake,
    is_party_name,
    party_of,
    without_place,
    without_region,
)
from parsers.values.transaction_places import Transaction, final_destinations, once

_ROLES = (
    "stop", "relabel", "use_in", "end_use", "intermediary", "consignee", "exporter", "source", "to", "soft",
)  # fmt: skip


@cache
def _markers() -> re.Pattern[str]:
    markers = wording()["markers"]
    return re.compile("|".join(f"(?P<{role}>{_verbose(markers[role])})" for role in _ROLES))


def _verbose(pattern: str) -> str:
    return pattern.replace("\n", "").replace(r"\ ", " ").replace("(?-i:", "(?:")


def read_transaction(text: str, *, items_from_start: bool = False, is_whole: bool = True) -> Transaction:
    """Read one sentence (running text). With ``items_from_start`` the text begins with the items themselves.

    Raises CellError when the only destination is no known country. A sentence that is not the ``is_whole``
    text keeps such a name in ``unknown``: another sentence may name the country.
    """
    text = re.sub(" {2,}", " ", wording_pattern("list_marks").sub("", text))
    marks = [Marker(m.lastgroup or "", m.start(), m.end()) for m in _markers().finditer(text)]
    read = Transaction()
    for index, mark in enumerate(marks):
        if mark.role not in ("stop", "soft") and not is_denied(text, mark.start):
            _read_mark(read, text, marks, index)
    read_used_there(read, text, marks)
    read.items_text = _goods(read, text, marks, items_from_start)
    read.purpose = _purpose(read, text, marks)
    if not read.destinations:
        fall_back(read, text)
    read_made_there(read, text, marks)
    read_meant_for(read, text)
    if is_whole:
        check_known(read)
    read.destinations = final_destinations(read)
    return read


def _read_mark(read: Transaction, text: str, marks: list[Marker], index: int) -> None:
    mark = marks[index]
    if mark.role == "relabel":
        if index and marks[index - 1].role in ("to", "consignee"):
            _relabel(read)
        return
    stop = marks[index + 1].start if index + 1 < len(marks) else len(text)
    segment = trimmed(text[mark.end : stop])
    made = wording_pattern("production").search(text)
    if mark.role == "source" and _is_maker(text, mark.start, made):
        maker = party_of(segment)
        read.makers += [Place(place.alpha2, place.raw) for place in maker.places]
        read.items_text = read.items_text or maker.items
        return
    if not segment or (mark.role == "exporter" and _is_done_by(text, mark.start, made)):
        return
    is_back = mark.role == "to" and wording_pattern("back_to").search(text[: mark.start])
    if is_back and is_in_us_state(segment):
        return
    known = read.items_text
    if mark.role == "source" and not wording_pattern("items_after").search(text[: mark.start]):
        goods = re.search(r" of (?=[a-z\d.])(?!the |an? )", segment)  # "by the Government of X of rifles"
        read.items_text = known or (segment[goods.end() :] if goods else None)
    launched = mark.role == "source" and wording_pattern("launch").search(text[: mark.start])
    _READERS["use_in" if launched else mark.role](read, segment)
    read.bodies += _of_several(text, mark, stop)
    if read.items_text and not known:
        # "to Oman of hardware to support the fleet": the goods run on to where something else begins.
        gap = "" if text[stop : stop + 1] in ",;" else " "
        read.items_text = trimmed(f"{read.items_text}{gap}{_up_to_hard(text, marks, stop)}")


def _up_to_hard(text: str, marks: list[Marker], start: int) -> str:
    hard = next((mark.start for mark in marks if mark.start >= start and mark.role != "soft"), len(text))
    return text[start:hard].strip()


def _goods(read: Transaction, text: str, marks: list[Marker], from_start: bool) -> str | None:
    first = _items_text(text, marks, from_start)
    further = (read.items_text or "").split("; ")[0]
    is_before = first and further and text.find(first) < text.find(further)
    if first and is_before and first not in (read.items_text or ""):
        return f"{first}; {read.items_text}"  # "of rifles to Oman, and of pistols to Jordan"
    return read.items_text or first


def _purpose(read: Transaction, text: str, marks: list[Marker]) -> str | None:
    """What goods in general words are for: ``technical data to Brazil for the manufacture of rifles``."""
    if not wording_pattern("general_goods").fullmatch(read.items_text or ""):
        return None
    first = next((index for index, mark in enumerate(marks) if mark.role == "to"), len(marks))
    for mark in marks[first + 1 : first + 2]:
        told = without_place(trimmed(_up_to_hard(text, marks, mark.start)))
        if mark.role == "soft" and wording_pattern("purpose_of_goods").match(told):
            return told
    return None


def _of_several(text: str, mark: Marker, stop: int) -> list[Place]:
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


def _is_maker(text: str, at: int, made: re.Match[str] | None) -> bool:
    """Whether ``by the Government of X`` names who makes or uses the goods, not whose goods are passed on."""
    if not text.startswith("by ", at):
        return False
    return _is_done_by(text, at, made) or bool(wording_pattern("used_by").search(text[max(at - 20, 0) : at]))


def _items_text(text: str, marks: list[Marker], from_start: bool) -> str | None:
    head = wording_pattern("items_after").search(text)
    if head and from_start and text[: head.start()].lower() not in ("", "the "):
        head = None  # "rifles for the manufacture of ..."
    head = wording_pattern("items_after_category").search(text) or head
    if head is None and not from_start:
        return None
    start = head.end() if head else 0
    stops = [mark.start for mark in marks if mark.start >= start and mark.role != "soft"]
    goods = without_place(trimmed(text[start : stops[0] if stops else len(text)]))
    return re.sub("^the ", "", goods) or None


# -- parties ------------------------------------------------------------------------------------------------


def _read_to(read: Transaction, segment: str) -> None:
    segment = without_region(wording_pattern("group").sub("", segment))
    if _is_part_of_nation(segment):
        read.hints += _institution_hints(segment)
        return
    if wording_pattern("not_parties").match(segment) or is_namesake(segment):
        return
    party = party_of(segment)
    if wording_pattern("goods_into").match(segment):
        read.destinations += [replace(place, party=None) for place in party.places]
        return
    is_further = party.items and wording_pattern("quantity").match(party.items)
    if is_further and read.items_text:  # "500 rifles to Peru, 250 to Chile, and 100 pistols to Oman"
        read.items_text = f"{read.items_text}; {party.items}"
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


def _is_part_of_nation(segment: str) -> bool:
    """``Mexico City`` and ``the Mexican states of Sonora and Jalisco``, which no country's name tells."""
    segment = re.sub("^(?:the|an?) ", "", segment)
    first = next(iter(mentions(segment)), None)
    if first is None or first.start:
        return False
    of_states = first.kind is Kind.ADJECTIVE and segment[first.end :].startswith(
        (" state of ", " states of ")
    )
    return of_states or bool(wording_pattern("capital").fullmatch(segment))


def _read_consignee(read: Transaction, segment: str) -> None:
    """``the foreign consignee is X Ltd, Canada``, ``X is the consignee``: X and where it is."""
    # "imported by SEDENA on behalf of the police of X"
    segment, _, behalf = segment.partition(" on behalf of ")
    if behalf:
        _read_end_use(read, behalf)
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
    if party.places:  # "for end use by Spain and the Mexican Navy"
        read.end_user_places += users
    if {user.alpha2 for user in users} & {place.alpha2 for place in read.destinations}:
        read.bodies += users  # "to Colombia for end use by the Colombian Army and the Mexican Navy"
    bare = party.places and not party.name and not any(place.party for place in party.places)
    name = None if bare else end_user_name(segment, party.items)
    if name:
        read.end_user = name if read.end_user is None else f"{read.end_user}; {name}"


def _read_use_in(read: Transaction, segment: str) -> None:
    read.end_user_places += party_of(segment).places


def _read_intermediary(read: Transaction, segment: str) -> None:
    segment = re.split(r",? for (?=(?:the )?[A-Z])", segment, maxsplit=1)[0]
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
    # "from CZ-USA, Kansas City, Kansas", but not "from Mexico, Missouri and Las Cruces, New Mexico"
    at_home = is_in_us_state(segment) and segment.count(", ") == 2 and " and " not in segment
    is_firm = at_home or wording_pattern("company").search(segment)
    if is_firm and not wording_pattern("government").match(segment):
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
    if first and not first.start and wording_pattern("capital").match(segment):
        return [Place(first.alpha2, segment, None)]
    if first and begins and _is_nationals(segment, first):
        return once([Place(first.alpha2, segment, None), *bodies_listed(segment)])
    name = segment.split(" (")[0]
    as_firm = "company_form" if wording_pattern("public_body").search(name) else "company"
    is_firm = wording_pattern(as_firm).search(name) or wording_pattern("formed_name").match(name)
    if not wording_pattern("institution").search(segment) or is_firm:
        return []
    kinds = (Kind.ADJECTIVE, Kind.IN_NAME)
    named = [Place(m.alpha2, segment, None) for m in mentions(segment) if m.kind in kinds]
    if named or is_in_us_state(segment) or not wording_pattern("body_of_region").search(name):
        return named
    return [Place(alpha2, segment, None) for alpha2, names in regions().items() if names.search(name)]

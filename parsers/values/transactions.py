"""One sentence of a certification to its parts: items, destinations, consignee, end user, exporter.

``export of X to A in B for ultimate end use by C``: the roles stay apart, A is the consignee, C the end user.
A destination is where the text says ``to <country>``, ``to <party> in <country>`` or, when the end user's own
country is named, that one; an adjective (``Mexican Navy``) decides only when no country is named. Wording:
``transaction_wording.yml``. Knowledge: sources.md, us_ddtc_notices.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from parsers.record import CellError
from parsers.values.items import wording, wording_pattern
from parsers.values.mentions import Kind, Mention, mentions

_ROLES = ("stop", "relabel", "use_in", "end_use", "intermediary", "exporter", "source", "to", "soft")
_OWN_COUNTRY = "US"
_SEPARATOR = re.compile(
    r"(?:\s*[,;]\s*(?:and\s+|or\s+|as well as\s+)?|\s+(?:and|or|&|as well as)\s+)(?:to\s+)?(?:the\s+)?"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A country as printed, with the party there, if one is named (``M.R.D. Ltd`` in ``Israel``)."""

    alpha2: str
    raw: str
    party: str | None = None


@dataclass(slots=True)
class Transaction:
    """What one sentence says. Lists are empty and texts None where it says nothing."""

    items_text: str | None = None
    destinations: list[Place] = field(default_factory=list)
    end_user_places: list[Place] = field(default_factory=list)
    consignees: list[str] = field(default_factory=list)
    end_user: str | None = None
    intermediary: str | None = None
    exporter_name: str | None = None
    source: Place | None = None
    passed_through: list[Place] = field(default_factory=list)
    hints: list[Place] = field(default_factory=list)
    end_user_hints: list[Place] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Party:
    places: list[Place]
    name: str | None
    items: str | None = None


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


def read_transaction(text: str, *, items_from_start: bool = False) -> Transaction:
    """Read one sentence (running text). With ``items_from_start`` the text begins with the items themselves.

    Raises CellError when a destination is named that is no known country.
    """
    marks = [_Marker(m.lastgroup or "", m.start(), m.end()) for m in _markers().finditer(text)]
    read = Transaction()
    for index, mark in enumerate(marks):
        if mark.role in ("stop", "soft"):
            continue
        if mark.role == "relabel":
            _relabel(read)
            continue
        stop = marks[index + 1].start if index + 1 < len(marks) else len(text)
        segment = _trimmed(text[mark.end : stop])
        # "manufacture of X by Y" names the maker, not the exporter.
        by_maker = mark.role == "exporter" and wording_pattern("production").search(text[: mark.start])
        if segment and not by_maker:
            _READERS[mark.role](read, segment)
    read.items_text = read.items_text or _items_text(text, marks, items_from_start)
    if not read.destinations:
        _fall_back(read, text)
    read.destinations = _final(read)
    return read


def _trimmed(segment: str) -> str:
    segment = segment.strip(" ,;:")
    if segment.endswith(".") and not wording_pattern("abbreviation").search(segment[-30:]):
        segment = segment[:-1]
    return segment.strip(" ,;:")


def _items_text(text: str, marks: list[_Marker], from_start: bool) -> str | None:
    head = None if from_start else wording_pattern("items_after").search(text)
    if head is None and not from_start:
        return None
    start = head.end() if head else 0
    stops = [mark.start for mark in marks if mark.start >= start and mark.role != "soft"]
    return _trimmed(text[start : stops[0] if stops else len(text)]) or None


# -- parties ------------------------------------------------------------------------------------------------


def _read_to(read: Transaction, segment: str) -> None:
    if wording_pattern("not_parties").match(segment):
        return
    party = _party(segment)
    read.items_text = read.items_text or party.items
    if party.name is None and not party.places:
        return
    read.destinations += party.places
    named = [place.party for place in party.places if place.party] or ([party.name] if party.name else [])
    read.consignees += named
    if not party.places:
        _check_known(segment)
        read.hints += _institution_hints(segment)


def _relabel(read: Transaction) -> None:
    """``to X, as intermediate consignee``: the party named last was only on the way."""
    if read.consignees:
        party = read.consignees.pop()
        read.intermediary = read.intermediary or party
        read.destinations = [
            Place(p.alpha2, p.raw, None) if p.party == party else p for p in read.destinations
        ]


def _read_end_use(read: Transaction, segment: str) -> None:
    party = _party(segment)
    read.items_text = read.items_text or party.items
    read.end_user_places += party.places
    read.end_user_hints += _institution_hints(segment)
    bare = party.places and not party.name and not any(place.party for place in party.places)
    name = None if bare else _end_user_name(segment, party.items)
    if name:
        read.end_user = name if read.end_user is None else f"{read.end_user}; {name}"


def _read_use_in(read: Transaction, segment: str) -> None:
    read.end_user_places += _party(segment).places


def _read_intermediary(read: Transaction, segment: str) -> None:
    party = _party(segment)
    read.passed_through += party.places
    name = party.name or next((place.party for place in party.places if place.party), None)
    if (name and _is_party_name(name)) or not any(m.kind is Kind.GATED for m in mentions(segment)):
        read.intermediary = read.intermediary or name


def _read_source(read: Transaction, segment: str) -> None:
    party = _party(segment)
    if party.places:
        read.source = read.source or party.places[0]
    if wording_pattern("company").search(segment) and not wording_pattern("government").match(segment):
        read.exporter_name = read.exporter_name or _company_name(segment)


def _read_exporter(read: Transaction, segment: str) -> None:
    name = _company_name(segment)
    read.exporter_name = read.exporter_name or name


_READERS = {
    "to": _read_to,
    "use_in": _read_use_in,
    "end_use": _read_end_use,
    "intermediary": _read_intermediary,
    "source": _read_source,
    "exporter": _read_exporter,
}


def _party(segment: str) -> _Party:
    segment = re.sub(r"^(?:the|an?) ", "", segment)
    places, rest = _country_list(segment)
    if places:
        items = rest[3:].strip() if rest.startswith(" of ") else None
        if rest.startswith(", ") and len(places) == 1:
            # "the Government of Mexico, Secretariat of the Navy": the body is named after its country.
            name = segment if places[0].party else rest[2:].strip()
            places = [Place(places[0].alpha2, places[0].raw, name)]
        return _Party(places, None, items)
    return _entity(segment)


def _country_list(segment: str) -> tuple[list[Place], str]:
    """Countries from the start of a phrase, as ``Canada, Mexico, and the United Kingdom``; and what follows.

    Raises CellError when the list goes on with a name that is no known country.
    """
    by_start = {mention.start: mention for mention in mentions(segment) if mention.kind is Kind.FREE}
    places: list[Place] = []
    at = 0
    while True:
        government = wording_pattern("government").match(segment[at:])
        start = at + (government.end() if government else 0)
        mention = by_start.get(start)
        if mention is None:
            break
        plural = government is not None and "Governments" in government.group()
        party = segment[at : mention.end] if government and not plural else None
        places.append(Place(mention.alpha2, mention.text, party))
        separator = _SEPARATOR.match(segment, mention.end)
        if separator is None:
            return places, segment[mention.end :]
        at = separator.end()
    if places and segment.startswith("of ", at):
        return places, f" {segment[at:]}"
    if len(places) == 1 and _is_party_name(segment[at:]):
        return places, f", {segment[at:]}"
    if places and not _may_follow(segment[at:]):
        raise CellError(f"{segment[at:][:60]!r} in the list of destinations is not a known country")
    return places, ""


def _may_follow(rest: str) -> bool:
    """Whether what follows a country after a comma or ``and`` is no further country."""
    if not rest or not rest[0].isupper():
        return True
    head = re.split(r"[,;]| and ", rest, maxsplit=1)[0]
    known = any(mention.start < len(head) for mention in mentions(rest))
    return bool(known or wording_pattern("address").match(rest) or _is_party_name(head))


def _is_party_name(text: str) -> bool:
    return bool(wording_pattern("institution").search(text) or wording_pattern("company").search(text))


def _entity(segment: str) -> _Party:
    """A named party, with the countries that it is in or of; several parties when each has its place."""
    segment, items = _split_items(segment)
    located = [(m, _relation(segment, m)) for m in mentions(segment) if m.kind is Kind.FREE]
    places: list[Place] = []
    begin = 0
    for mention, relation in located:
        if relation == "in":
            name = _party_before(segment[begin : mention.start])
            places.append(Place(mention.alpha2, mention.text, name))
            separator = _SEPARATOR.match(segment, mention.end)
            begin = separator.end() if separator else mention.end
        elif relation == "of":
            places.append(Place(mention.alpha2, mention.text, None))
    if any(place.party for place in places):
        return _Party(_with_party_of_next(places), None, items)
    whole = _party_before(segment) if any(r == "in" for _, r in located) else segment.strip(" ,;")
    places = [Place(place.alpha2, place.raw, None) for place in places]
    return _Party(places, whole or None, items)


def _with_party_of_next(places: list[Place]) -> list[Place]:
    """``X in Canada and Mexico``: the party stands once, before the first of its countries."""
    done: list[Place] = []
    for place in places:
        if place.party is None and done:
            place = Place(place.alpha2, place.raw, done[-1].party)
        done.append(place)
    unique = {place.alpha2: place for place in reversed(done)}
    return [place for place in done if unique[place.alpha2] is place]


def _split_items(segment: str) -> tuple[str, str | None]:
    split = re.search(r" of (?=\d|\.\d)|, of (?=[a-z\d.])", segment)
    return (segment[: split.start()], segment[split.end() :]) if split else (segment, None)


def _relation(segment: str, mention: Mention) -> str:
    before = segment[: mention.start]
    if re.search(r"\b(?:of|for) (?:the )?(?:Governments? of (?:the )?)?$", before[-40:]):
        return "of"
    if re.search(r"(?:\b(?:in|within|at) (?:the )?|, )$", before[-12:]):
        return "in"
    if re.search(r"(?:\band |, and |\()(?:the )?$", before[-12:]):
        return "in" if re.search(r"\bin (?:the )?[A-Z]", before) else "of" if " of " in before else "in"
    return ""


def _name_before(text: str) -> str:
    """The party's name: up to ``in``, or up to the first comma that begins an address."""
    text = re.split(r",? (?:located |based )?(?:in|within|at) (?:the )?(?=[A-Z]|$)", text, maxsplit=1)[0]
    pieces = text.split(", ")
    name = pieces[0]
    for piece in pieces[1:]:
        if not re.match(
            r"(?:Inc|LLC|L\.L\.C|Ltd|S\.?A|S\. ?de|Co\b|Corp|GmbH|Limited|L\.P|Pty|PLC|Lda|LP\b)", piece
        ):
            break
        name = f"{name}, {piece}"
    return re.sub(r"^(?:the|an?) ", "", name.strip(" ,;"))


def _party_before(text: str) -> str | None:
    """The party before its country; a place name alone (``Puebla, Mexico``) is no party."""
    name = _name_before(text)
    located = re.search(r"\b(?:in|within|at) (?:the )?(?:$|[A-Z])", text)
    return name if name and (located or _is_party_name(name) or not name.istitle()) else None


def _end_user_name(segment: str, items: str | None) -> str | None:
    """The end user as printed, with its place, but without article and final ``in <country>``."""
    name = _split_items(segment)[0] if items else segment
    last = next((m for m in reversed(mentions(name)) if m.kind is Kind.FREE), None)
    if last and last.end == len(name) and _relation(name, last) == "in":
        name = re.sub(
            r"(?:,? (?:located |based )?(?:in|within|at)(?: the)?|,(?: and)?)$",
            "",
            name[: last.start].rstrip(),
        )
    name = re.sub(r"^(?:the|an?) |,? respectively$", "", name.strip(" ,;"))
    return name.strip(" ,;") or None


def _company_name(segment: str) -> str | None:
    name = re.split(r" (?:of|in|to|for|at) (?=[A-Za-z0-9])", segment, maxsplit=1)[0]
    return _name_before(name) or None


def _check_known(segment: str) -> None:
    """A capitalised name after ``to`` that is neither a country nor a party stops the entry."""
    name = re.sub(r"^(?:the|an?) ", "", segment)
    known = mentions(name) or _is_party_name(name) or wording_pattern("organisation").match(name)
    if name[:1].isupper() and not known and len(name.split()) <= 4:
        raise CellError(f"the destination {name!r} is not a known country")


# -- destinations -------------------------------------------------------------------------------------------


def _institution_hints(segment: str) -> list[Place]:
    """Countries that a public body's name gives away: ``Mexican Navy``, ``Israel National Police``."""
    if not wording_pattern("institution").search(segment) or wording_pattern("company").search(
        segment.split(" (")[0]
    ):
        return []
    kinds = (Kind.ADJECTIVE, Kind.IN_NAME)
    return [Place(m.alpha2, segment, None) for m in mentions(segment) if m.kind in kinds]


def _fall_back(read: Transaction, text: str) -> None:
    """No ``to <country>``: the end user's country, the place of production, or the one public body named."""
    if read.end_user_places:
        return
    seen = list(mentions(text))
    if wording_pattern("production").search(text):
        produced = [
            m for m in seen if m.kind is Kind.FREE and re.search(r"\bin (?:the )?$", text[: m.start][-8:])
        ]
        elsewhere = {place.alpha2 for place in read.passed_through} | {_OWN_COUNTRY}
        read.destinations = _once([Place(m.alpha2, m.text) for m in produced if m.alpha2 not in elsewhere])
    hints = [*read.hints, *read.end_user_hints]
    if not read.destinations and len({hint.alpha2 for hint in hints}) == 1:
        hint = hints[0]
        read.destinations = [Place(hint.alpha2, re.sub(r"^(?:the|an?) ", "", hint.raw))]


def _final(read: Transaction) -> list[Place]:
    """The final destinations: the end user's countries when none of them was named after ``to``."""
    named = _once([place for place in read.destinations if place.alpha2 != _OWN_COUNTRY])
    ends = _once([place for place in read.end_user_places if place.alpha2 != _OWN_COUNTRY])
    if not ends and named and all(place.party for place in named):
        # "to X Ltd in Germany for ultimate end use by the Mexican Navy": the party there is on the way.
        hinted = {hint.alpha2 for hint in read.end_user_hints}
        ends = _once(read.end_user_hints) if len(hinted) == 1 else []
    if not ends or {p.alpha2 for p in ends} & {p.alpha2 for p in named}:
        return named
    read.passed_through += named
    return [Place(place.alpha2, re.sub(r"^(?:the|an?) ", "", place.raw), None) for place in ends]


def _once(places: list[Place]) -> list[Place]:
    found: dict[str, Place] = {}
    for place in places:
        found.setdefault(place.alpha2, place)
    return list(found.values())

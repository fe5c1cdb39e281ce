"""Parties and places in a certification's sentence: who is named, and in which country.

``M.R.D. Ltd in Israel`` is a party and its country, ``Canada, Mexico, and the United Kingdom`` a list of
countries, ``the Ministry of Defense of Oman`` one name. Wording: ``transaction_wording.yml``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from parsers.record import CellError
from parsers.values.items import wording, wording_pattern
from parsers.values.mentions import Kind, Mention, mentions

_SEPARATOR = re.compile(
    r"(?:\s*[,;/]\s*(?:and\s+|or\s+|as well as\s+)?|\s+(?:and/or|and|or|&|as well as)\s+)"
    r"(?:to\s+)?(?:[Tt]he\s+)?"
)

# Names that a list begins with, told by their capitals: "for the U.S. Government and Mexico".
_WORD = r"(?:[A-Z][\w'’.-]*|of|the|de|del|la|y|&)"
_OTHERS = rf"(?:(?:{_WORD}|and),? ){{0,12}}{_WORD}{_SEPARATOR.pattern}"
# ... and whoever is named before the country: "for the armed forces of Mexico", "for X of Puebla, Mexico".
_BODY = (
    r"(?:governments?|forces|police|military|nav(?:y|ies)|arm(?:y|ies)|ministr(?:y|ies)|authorit(?:y|ies)"
    r"|agenc(?:y|ies)|dealers?|distributors?|re-?sellers?|customers?|buyers?|clients?|compan(?:y|ies)|firms?)"
)
_OWNER = (
    rf"(?:(?:[a-z]+ ){{0,3}}{_BODY} (?:of|in) (?:the )?|(?:{_WORD},? ){{1,12}}(?:of|in) (?:the )?)?"
    r"(?:[A-Z][\w.'’-]+, )?(?:(?:Royal|Imperial|Islamic|Federal|National) )?"
)

_NOTE = re.compile(
    r" \([^()]{1,60}\)(?= ?,| ?;| and | or |$)"
)  # "Canada (Department of National Defence), and ..."


@dataclass(frozen=True, slots=True)
class Place:
    """A country as printed, with the party there, if one is named (``M.R.D. Ltd`` in ``Israel``)."""

    alpha2: str
    raw: str
    party: str | None = None
    beside: str | None = None
    """a name that may be the party's or the town's: ``to Puebla, Mexico``"""


@dataclass(frozen=True, slots=True)
class Party:
    """Whom a phrase names: countries, or one party without a country; and goods that follow after ``of``."""

    places: list[Place]
    name: str | None
    items: str | None = None


def party_of(segment: str) -> Party:
    """Read the phrase after ``to``, ``through`` or ``use by``.

    Raises CellError when a list of countries goes on with a name that is no known country.
    """
    segment = wording_pattern("apposition").sub("", re.sub(r"^(?:the|an?) ", "", segment))
    places, rest = _country_list(segment)
    if places:
        if rest.startswith(", ") and (goods := re.search(r", of (?=[a-z\d.])", rest)):
            # "to the Government of Oman, Ministry of Defence, of rifles"
            head = party_of(segment[: len(segment) - len(rest) + goods.start()])
            return Party(head.places, head.name, rest[goods.end() :])
        items = (
            rest[3:].strip() if re.match(r" of (?!(?:the )?[A-Z][a-z])", rest) or _names_arms(rest) else None
        )
        if rest.startswith(", ") and len(places) == 1:
            # "the Government of Mexico, Secretariat of the Navy": the body is named after its country.
            name = segment if places[0].party else rest[2:].strip()
            places = [Place(places[0].alpha2, places[0].raw, name)]
        if items is None:
            _check_read(places, rest)
        return Party(places, None, items)
    return _entity(segment)


def _names_arms(rest: str) -> bool:
    """Whether a maker's name and its goods follow: ``to Mexico of Ruger 5.56mm rifles``."""
    goods = re.match(r" of (?:[A-Z][\w&-]+ ){1,3}(?=[\d.a-z])", rest)
    return goods is not None and bool(wording_pattern("calibre").match(rest, goods.end()))


def listed_after(text: str, seen: list[Mention], word: str) -> list[Mention]:
    """The countries that stand after ``in`` or another word, each with those that its list goes on with."""
    listed: list[Mention] = []
    for mention in seen:
        if mention.kind is not Kind.FREE:
            continue
        gap = text[listed[-1].end : mention.start] if listed else ""
        is_next = bool(
            listed and re.fullmatch(rf"{_SEPARATOR.pattern}(?:(?:[A-Z][\w.'’-]+|of|the),? ){{0,5}}", gap)
        )
        before = text[max(mention.start - 160, 0) : mention.start]
        if is_next or re.search(rf"\b(?:{word}) (?:the )?(?:{_OTHERS})?{_OWNER}$", before):
            listed.append(mention)
    return listed


def without_place(goods: str) -> str:
    """A description without the countries at its end: ``equipment in Turkey``, ``parts to be sold``."""
    goods = wording_pattern("dangling").sub("", goods)
    seen = mentions(goods)
    if seen and seen[-1].kind is Kind.FREE and seen[-1].end == len(goods):
        meant = re.search(r" for (?:the )?$", goods[: seen[-1].start])
        goods = goods[: meant.start()] if meant else goods  # "pistols for Mexico"
    listed = listed_after(goods, seen, "in")
    begins = next((m.start for m in reversed(listed) if re.search(r"\bin (?:the )?$", goods[: m.start])), 0)
    if not listed or listed[-1].end != len(goods) or not begins:
        return goods
    if wording_pattern("origin_before").search(goods[:begins]):
        return goods  # "rifles procured in Bulgaria" tells what they are
    goods = re.sub(r" in (?:the )?$", "", goods[:begins]).strip(" ,;")
    return wording_pattern("dangling").sub("", goods)


def _check_read(places: list[Place], rest: str) -> None:
    """Words after a list of destinations may not name a further country: it would be lost."""
    seen = mentions(rest)
    # Those after "for" and the like are destinations too, and are read with the whole sentence.
    meant = listed_after(rest, seen, wording()["meant_before"])
    known = {"US", *(place.alpha2 for place in places), *(mention.alpha2 for mention in meant)}
    for mention in seen:
        if _is_place(rest, mention) and mention.alpha2 not in known:
            raise CellError(f"{mention.text!r} after {places[-1].raw!r}: is it a destination? {rest[:80]!r}")


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
        if mention is None and (realm := wording_pattern("realm").match(segment[start:])):
            mention = by_start.get(start + realm.end())
        if mention is None:
            break
        plural = government is not None and "governments" in government.group().lower()
        party = segment[at : mention.end] if government and not plural else None
        places.append(Place(mention.alpha2, segment[min(start, mention.start) : mention.end], party))
        note = _NOTE.match(segment, mention.end)
        stop = note.end() if note else mention.end
        separator = _SEPARATOR.match(segment, stop)
        if separator is None:
            return places, segment[stop:]
        at = separator.end()
    return _after_list(places, segment, at) if places else (places, "")


def _after_list(places: list[Place], segment: str, at: int) -> tuple[list[Place], str]:
    """A list of countries whose last separator ends at ``at``, and what follows that is none of them."""
    if segment.startswith("of ", at):
        return places, f" {segment[at:]}"
    if further := _parties_elsewhere(segment[at:], {place.alpha2 for place in places}):
        return [*places, *further], ""
    is_next = " and " in segment[:at] and bool(bodies_listed(segment[at:]))
    if len(places) == 1 and is_party_name(segment[at:]) and not is_next:
        return places, f", {segment[at:]}"
    if wording_pattern("quantity").match(segment[at:]):
        return places, f" of {segment[at:]}"  # "rifles to Guatemala and 250 pistols to Mexico"
    if not _may_follow(segment[at:]):
        raise CellError(f"{segment[at:][:60]!r} in the list of destinations is not a known country")
    _check_read(places, segment[at:])
    return places, ""


def _parties_elsewhere(rest: str, known: set[str]) -> list[Place]:
    """Parties with countries of their own that a list of countries goes on with: ``and X Ltd in Mexico``."""
    named = [m for m in mentions(rest) if m.kind is Kind.FREE and m.alpha2 not in known | {"US"}]
    # "Freedonia, and Mexico" names a country that is not known, "X Ltd of Monterrey, Mexico" a party
    if not named or not re.search(
        r"\b(?:in|of|within|at) (?:[\w.' -]+, )?(?:the )?$", rest[: named[0].start]
    ):
        return []
    places = _entity(rest).places
    return places if {m.alpha2 for m in named} <= {place.alpha2 for place in places} else []


def is_body(mention: Mention) -> bool:
    """Whether a name is a nation's body by itself: SEDENA, ``Secretaría de Marina``."""
    in_full = wording_pattern("institution").search(mention.text)
    return mention.kind is Kind.ADJECTIVE and bool(mention.text.isupper() or in_full)


def bodies_listed(segment: str) -> list[Place]:
    """The bodies of nations that a list names, each with its country: ``Guatemala and the Mexican Navy``."""
    bodies = []
    for m in mentions(segment):
        begins = re.search(
            r"(?:^|\band |[,;] )(?:to )?(?:the )?(?:(?:[A-Z]\w+ ){1,3}of )?$", segment[: m.start]
        )
        behind = segment[m.end :]
        body = wording_pattern("body_behind").match(behind) or wording_pattern("firm").match(behind)
        capital = re.match(wording()["capital"] + r"(?= and |[,;.]|$)", segment[m.start :])
        is_named = (body or is_body(m)) and m.kind in (Kind.ADJECTIVE, Kind.IN_NAME)
        if begins and (is_named or capital):
            end = m.end + (body.end() if body else 0)  # SEDENA is a body by itself
            whole = re.match(r"[^,;]*?(?= and |[,;]|$)", segment[end:])
            end += whole.end() if whole else 0
            bodies.append(Place(m.alpha2, m.text, segment[m.start : end]))
    return bodies


def _may_follow(rest: str) -> bool:
    """Whether what follows a country after a comma or ``and`` is no further country."""
    if not rest or not rest[0].isupper():
        return True
    head = re.split(r"[,;]| and ", rest, maxsplit=1)[0]
    known = any(mention.start < len(head) for mention in mentions(rest))
    return bool(known or wording_pattern("address").match(rest) or is_party_name(head))


def without_region(segment: str) -> str:
    """A phrase without the region before its countries: ``the Baltic Republics of Estonia and Latvia``."""
    region = wording_pattern("region").match(segment)
    rest = segment[region.end() :] if region else ""
    first = next(iter(mentions(rest)), None)
    return rest if first and first.kind is Kind.FREE and first.start == 0 else segment


def is_namesake(segment: str) -> bool:
    """Whether a phrase names a place that only sounds like a country, and no party: ``New Mexico``."""
    seen = mentions(segment)
    return bool(seen) and all(m.kind is Kind.GATED for m in seen) and not is_party_name(segment)


def is_party_name(text: str) -> bool:
    """Whether a name is that of a firm or a public body, by its words."""
    return bool(wording_pattern("institution").search(text) or wording_pattern("company").search(text))


def _entity(segment: str) -> Party:
    """A named party, with the countries that it is in or of; several parties when each has its place."""
    segment, items = _split_items(segment)
    located = [(m, _relation(segment, m)) for m in mentions(segment) if _is_place(segment, m)]
    places: list[Place] = []
    begin = 0
    for mention, relation in located:
        if relation == "in":
            name = _party_before(segment[begin : mention.start])
            beside = None if name else segment[begin : mention.start].strip(" ,;") or None
            places.append(Place(mention.alpha2, mention.text, name, beside))
            separator = _SEPARATOR.match(segment, mention.end)
            begin = separator.end() if separator else mention.end
        elif relation == "of":
            # "X S.A. of Colombia" is a firm and its country, "Ministry of Defense of Oman" one name.
            firm = _firm_of(segment[begin : mention.start])
            places.append(Place(mention.alpha2, mention.text, firm))
    if any(place.party for place in places):
        return Party(_with_party_of_next(places), None, items)
    whole = _party_before(segment) if any(r == "in" for _, r in located) else segment.strip(" ,;")
    whole = re.sub(r"[, ]+and$", "", whole or "")
    whole = re.sub(r",? (?:located|based|headquartered) (?:in|at|near) .*$", "", whole or "")
    places = [replace(place, party=None) for place in places]
    return Party(places, _without_address(whole) or None, items)


def _is_place(segment: str, mention: Mention) -> bool:
    """Whether a country is where a party is; ``vessels built in Spain`` tells of the vessels."""
    origin = wording_pattern("origin_before").search(segment[: mention.start][-40:])
    is_built = origin and not re.search(r"(?:located|based|headquartered|via|through|near)\W", origin.group())
    return mention.kind is Kind.FREE and not is_built


def _without_address(name: str) -> str:
    """A party's name without the address that follows it; a list of several parties stays as it is."""
    formed = wording_pattern("formed_name").match(name)
    rest = name[formed.end() :] if formed else ""
    if formed and wording_pattern("party_address").match(rest) and " and " not in rest:
        return name if is_party_name(rest) else formed.group().strip(" ,;")
    town = wording_pattern("of_town").match(name)
    if town and is_party_name(name) and not town.group(1).endswith(" Company"):
        town = None  # "State Police of Tijuana, Baja California" is one name
    return town.group(1) if town else wording_pattern("in_city").sub("", name)


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
    split = re.search(r" of (?=\d|\.\d)|,(?: and)? of (?=[a-z\d.])|,? and (?=\d)", segment)
    return (segment[: split.start()], segment[split.end() :]) if split else (segment, None)


def _relation(segment: str, mention: Mention) -> str:
    before = segment[: mention.start]
    if wording_pattern("neighbours").search(before):
        return "in"
    if re.search(r"\b(?:of|for) (?:the )?(?:[Gg]overnments? of (?:the )?)?$", before[-40:]):
        return "of"
    if re.search(r"(?:\b(?:in|within|at) (?:the )?|, (?:the )?)$", before[-12:]):
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
    return re.sub(r"^(?:the|an?) | \((?:the)?$", "", name.strip(" ,;"))


def _firm_of(text: str) -> str | None:
    """The firm whose country follows ``of``; None for a public body, whose name goes on."""
    firm = re.sub(r" of (?:the )?$", "", text)
    body = wording_pattern("institution").search(firm) and not wording_pattern("company_form").search(firm)
    return None if body or firm == text else re.sub(r"^(?:the|an?) ", "", firm).strip(" ,;") or None


def _party_before(text: str) -> str | None:
    """The party before its country; a place name alone (``Puebla, Mexico``) is no party."""
    text = re.sub(r"^\)?[ ,;]*(?:and|or)\b(?: |$)", "", text)
    name = _without_address(_name_before(text))
    located = re.search(r"\b(?:in|within|at) (?:the )?(?:$|[A-Z])", text)
    formed = wording_pattern("formed_name").match(name)
    addressed = re.search(r", [A-Z][^,;]* \d+(?:,|$)", text)  # "Armería Ejemplo, Avenida Juárez 1120, Puebla"
    is_known = wording_pattern("known_firm").match(name)
    is_name = (
        located
        or formed
        or is_known
        or addressed
        or is_party_name(name)
        or not name.replace(" and ", " ").istitle()
    )
    return name if name and is_name else None


def end_user_name(segment: str, items: str | None) -> str | None:
    """The end user as printed, with its place, but without article and final ``in <country>``."""
    name = _split_items(segment)[0] if items else segment
    name = wording_pattern("purpose").sub("", wording_pattern("apposition").sub("", name))
    for last in reversed([m for m in mentions(name) if m.kind is Kind.FREE]):
        # "the National Police in Peru", and each country of "the Royal Mounted Police, Mexico, and Peru".
        if last.end != len(name) or _relation(name, last) != "in":
            break
        before = name[: last.start].rstrip()
        name = re.sub(r"(?:,? (?:located |based )?(?:in|within|at)(?: the)?|,? and|,(?: and)?)$", "", before)
    name = re.sub(r"^(?:the|an?) |,? respectively$", "", name.strip(" ,;"))
    return name.strip(" ,;") or None


def company_name(segment: str) -> str | None:
    """The firm's name without what follows it (``of Hartford, Connecticut``), or None."""
    formed = wording_pattern("formed_name").match(segment)
    if formed:  # "Gulf of Mexico Arms, LLC of Mobile": the name ends with its form
        return formed.group().strip(" ,;")
    name = re.split(r" (?:of|in|to|for|at) (?=[A-Za-z0-9])", segment, maxsplit=1)[0]
    return _name_before(name) or None

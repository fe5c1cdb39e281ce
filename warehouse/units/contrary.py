"""What speaks against a candidate: foreign places, another destination, companies, other kinds of body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from warehouse.units.acronyms import name_spelled_beside
from warehouse.units.case import Case, unknown_in_chunk
from warehouse.units.content_words import NONE
from warehouse.units.hits import WEAK_PLACE, Hit, opens_bracket
from warehouse.units.lexicon import MEXICO_WORDS
from warehouse.units.reading import Reading, Stretch
from warehouse.units.result import MATCH, REVIEW
from warehouse.units.result import NONE as NO_BAND

_ORDER: Final = (NO_BAND, REVIEW, MATCH)
_DELIVERY: Final = re.compile(r"\W*(to|for|para|al|destined|consigned|consignad[ao]s)\b", re.IGNORECASE)
_GIVEN_TO: Final = re.compile(r"\b(to|for|para|a|al)\s+(the\s+|la\s+|el\s+|los\s+|las\s+)?$", re.IGNORECASE)
_MADE_IN: Final = re.compile(
    r"\b((made|manufactured|produced|fabricad[oa]s?|hech[oa]s?) (in|en)|of origin|origen:?|origin:?)\s+$",
    re.IGNORECASE,
)
_NEAR: Final = 40  # characters before a name in which 'made in' or 'delivered to' stands
_GOING_TO: Final = re.compile(r"\b(to|hacia|para|destino a|destined for)\s+(the\s+)?$", re.IGNORECASE)
_NAMESAKE: Final = "a foreign namesake: "
COMPANY: Final = "a company: "


def contradict(case: Case, hit: Hit) -> None:
    """Foreign places, another destination, companies and Portuguese spelling, in this order."""
    facts = (_foreign_fact, _country_fact, _other_body_fact, _other_acronym_fact, _proper_noun_fact)
    for fact in (find(case, hit) for find in facts):
        if fact is None:
            continue
        band, reason = fact
        hit.reasons.append(reason)
        hit.band = _lower(hit.band, band)
    if case.portuguese and not (hit.exclusive or case.mexico_words) and hit.band == MATCH:
        whole = hit.last - hit.first == len(case.reading.words)
        hit.reasons.append("Portuguese spelling")
        hit.band = REVIEW if whole else NO_BAND


def share_company(hits: Sequence[Hit]) -> None:
    """'FEDERAL POLICE / POLICIA FEDERAL S.A.': where one name of a unit is a company's, the others of that
    unit in the text are for review."""
    companies = {unit for hit in hits if any(map(_is_company, hit.reasons)) for unit in hit.unit_ids}
    for hit in hits:
        if hit.band == MATCH and companies & set(hit.unit_ids):
            hit.band = REVIEW
            hit.reasons.append("the same name stands elsewhere in the text as a company's")


def share_namesake(case: Case, hits: Sequence[Hit]) -> None:
    """'Secretaría de Defensa Nacional de Honduras (SEDENA)': an acronym in brackets behind a foreign
    namesake of its unit is that namesake's."""
    abroad = {at for stretch in case.reading.foreign for at in range(stretch.first, stretch.last)}
    namesakes = [
        hit for hit in hits if hit.band == NO_BAND and any(map(_is_namesake, hit.reasons)) and not hit.typo
    ]
    for hit in hits:
        if hit.band != REVIEW or hit.rule != "acronym" or not opens_bracket(case.reading, hit):
            continue
        for other in namesakes:
            if other.unit_ids == hit.unit_ids and abroad.issuperset(range(other.last, hit.first)):
                hit.band = NO_BAND
                hit.reasons.append("the acronym of the foreign namesake before it")


def _is_namesake(reason: str) -> bool:
    return reason.startswith(_NAMESAKE)


def _is_company(reason: str) -> bool:
    return reason.startswith(COMPANY)


def _lower(band: str, other: str) -> str:
    return _ORDER[min(_ORDER.index(band), _ORDER.index(other))]


def _foreign_fact(case: Case, hit: Hit) -> tuple[str, str] | None:
    reading = case.reading
    foreign = [stretch for stretch in reading.foreign if not _is_of_the_goods(reading, stretch, hit)]
    if not foreign:
        return None
    segment = reading.words[hit.first].segment
    here = [stretch for stretch in foreign if reading.words[stretch.first].segment == segment]
    shown = (here or foreign)[0]
    name = reading.text[slice(*reading.span(shown.first, shown.last))]
    if not here:
        if hit.exclusive or _is_another_party(reading, foreign, hit):
            return None
        if not reading.mexico and any(_is_destination(reading, stretch) for stretch in foreign):
            return NO_BAND, f"the goods go to another country: {name}"
        return _one_lower(hit.band), f"a foreign place or body stands elsewhere in the text: {name}"
    touches = any(_touches(reading, hit, stretch) for stretch in here)
    of_country = any(
        _touches(reading, hit, stretch) and stretch.kind in ("foreign:country", "foreign:demonym")
        for stretch in here
    )
    certain = hit.exclusive and not of_country and not (touches and hit.last - hit.first > 1)
    certain = certain or (not touches and _says_mexico_itself(reading, hit))
    spanish_state = hit.rule.startswith("kind+state") and not touches and _is_spanish(reading, hit)
    if certain or spanish_state or (not touches and _is_spanish_federal_at_us_address(case, hit, here)):
        return REVIEW, f"a foreign place or body stands beside it: {name}"
    return NO_BAND, _NAMESAKE + name


def _says_mexico_itself(reading: Reading, hit: Hit) -> bool:
    """'Federal Police of Mexico, rifles from Austria': Mexico is a word of the name or follows it."""
    return any(position in reading.mexico for position in range(hit.first, hit.last + 1))


def _is_of_the_goods(reading: Reading, stretch: Stretch, hit: Hit) -> bool:
    """'German rifles delivered to the State Police of Guerrero': the goods are foreign, not who gets them."""
    if _MADE_IN.search(_before(reading, stretch.first)):
        return True
    if stretch.last > hit.first or _is_destination(reading, stretch):
        return False
    return bool(_GIVEN_TO.search(_before(reading, hit.first, reading.words[stretch.last - 1].end)))


def _is_destination(reading: Reading, stretch: Stretch) -> bool:
    """'exports to Brazil', 'con destino a Colombia'."""
    return stretch.kind == "foreign:country" and bool(_GOING_TO.search(_before(reading, stretch.first)))


def _before(reading: Reading, position: int, since: int = 0) -> str:
    """The characters that lead to a word: enough to hold the phrases above, which end where it begins."""
    start = reading.words[position].start
    return reading.text[max(start - _NEAR, since) : start]


def _is_another_party(reading: Reading, foreign: list[Stretch], hit: Hit) -> bool:
    """'Taurus Armas S.A., Brasil - consignatario: DCAM, Ciudad de México': the name has a role and a Mexican
    place of its own; the foreign place is the exporter's, a company's."""
    segment = reading.words[hit.first].segment
    here = [stretch.first for stretch in reading.places] + list(reading.mexico)
    companies = {
        reading.words[other.first].segment for other in reading.others if other.kind == "other:company_form"
    }
    return (
        bool(reading.words[hit.first].role)
        and any(reading.words[position].segment == segment for position in here)
        and all(reading.words[stretch.first].segment in companies for stretch in foreign)
    )


def _is_spanish_federal_at_us_address(case: Case, hit: Hit, here: list[Stretch]) -> bool:
    """'Secretaría de Marina, San Diego, California': no US body bears a Spanish federal name, so it may be
    an attaché's or forwarder's address. New Mexico is excepted: its name in Spanish is too near."""
    kinds = {stretch.kind for stretch in here}
    in_us = bool(kinds & {"foreign:us_state", "foreign:us_state_code"})
    elsewhere = bool(kinds & {"foreign:country", "foreign:demonym", "foreign:marker"})
    says_mexico = any(
        word.word in MEXICO_WORDS
        for stretch in here
        for word in case.reading.words[stretch.first : stretch.last]
    )
    federal = all(case.registry.units[unit_id].level == "federal" for unit_id in hit.unit_ids)
    return in_us and not elsewhere and not says_mexico and federal and _is_spanish(case.reading, hit)


def _one_lower(band: str) -> str:
    return REVIEW if band == MATCH else NO_BAND


def _touches(reading: Reading, hit: Hit, stretch: Stretch) -> bool:
    after = stretch.first == hit.last and _joined(reading, stretch.first)
    before = stretch.last == hit.first and _joined(reading, hit.first)
    inside = hit.first <= stretch.first < hit.last
    return after or before or inside


def _joined(reading: Reading, position: int) -> bool:
    """No comma and no 'and' before the word: 'Brazilian Army and Mexican Army' are two."""
    return reading.words[position].gap == NONE and not reading.words[position].after_and


def _is_spanish(reading: Reading, hit: Hit) -> bool:
    words = {word.word for word in reading.words[hit.first : hit.last]}
    return bool(words & {"policia", "secretaria", "fiscalia", "procuraduria", "seguridad", "comision"})


def _country_fact(case: Case, hit: Hit) -> tuple[str, str] | None:
    if case.country in (None, "MX"):
        return None
    if hit.exclusive or case.reading.mexico or hit.rule.startswith("kind+state"):
        return REVIEW, f"the destination is {case.country}, not MX"
    return NO_BAND, f"the destination is {case.country}, and the name is not Mexican by itself"


def _other_body_fact(case: Case, hit: Hit) -> tuple[str, str] | None:
    reading = case.reading
    words = reading.words
    chunks = {word.chunk for word in words[hit.first : hit.last]}
    facts: list[tuple[str, str]] = []
    for stretch in reading.others:
        kind = stretch.kind.partition(":")[2]
        name = reading.text[slice(*reading.span(stretch.first, stretch.last))]
        first = words[stretch.first]
        if kind == "goods" and _is_delivered(reading, stretch, hit):
            continue
        if hit.first <= stretch.first and stretch.last <= hit.last:
            continue  # part of the name itself: 'Bank and Industrial Police'
        if stretch.first == hit.last and hit.rule == "alias" and hit.needs == WEAK_PLACE:
            facts.append((NO_BAND, f"an office of another body: {name}"))
        elif kind == "company_form":
            begins = _begins_its_chunk(reading, stretch)
            covered = {first.chunk, first.chunk - 1} if begins else {first.chunk}
            if chunks & covered and hit.first < stretch.last and first.segment == words[hit.first].segment:
                facts.append((NO_BAND, COMPANY + name))
        elif "government" in hit.rule and first.segment == words[hit.first].segment:
            facts.append((NO_BAND, f"another body of that government is named: {name}"))
        elif first.chunk in chunks and not hit.exclusive:
            facts.append((NO_BAND, f"another kind of body: {name}"))
        elif first.chunk in chunks and kind in ("private", "goods") and hit.last - hit.first > 0:
            facts.append((REVIEW, f"another kind of body beside it: {name}"))
    return min(facts, key=lambda fact: _ORDER.index(fact[0]), default=None)


def _other_acronym_fact(case: Case, hit: Hit) -> tuple[str, str] | None:
    name = name_spelled_beside(case, hit)
    if not name:
        return None
    certain = hit.exclusive and not case.reading.foreign
    return REVIEW if certain else NO_BAND, f"the acronym of another body, spelled out beside it: {name}"


def _proper_noun_fact(case: Case, hit: Hit) -> tuple[str, str] | None:
    """'Semar Freight, Surabaya, Indonesia': small letters, an unknown word and another country."""
    word = case.reading.words[hit.first]
    small = hit.last - hit.first == 1 and hit.exclusive and not word.upper
    if small and case.reading.foreign and unknown_in_chunk(case, hit) and not case.mexico_words:
        return NO_BAND, "a word printed as a proper noun, with a foreign place"
    return None


def _begins_its_chunk(reading: Reading, form: Stretch) -> bool:
    """A company's form that stands alone between commas, or with Mexico only, belongs to the name before."""
    position = form.first
    while position > 0 and reading.words[position].gap == NONE:
        position -= 1
        if position not in reading.mexico:
            return False
    return True


def _is_delivered(reading: Reading, goods: Stretch, hit: Hit) -> bool:
    """'firearms to the Ministry of Defense': goods and who gets them, not a company's name."""
    if goods.last > hit.first:
        return False
    after = reading.text[reading.words[goods.last - 1].end :]
    return bool(_DELIVERY.match(after))

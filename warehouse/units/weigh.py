"""Weighs each candidate: what supports it, what speaks against it, and the band that results.

A contrary fact never drops a candidate silently: it goes to review, or it is set aside with its reason
(docs/units.md 3.2, points 3 to 8).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from warehouse.units.hits import DESTINATION, DOUBTFUL, STRONG, WEAK_MEXICO, WEAK_PLACE, Hit
from warehouse.units.lexicon import MEXICO_WORDS, Lexicon
from warehouse.units.reading import NONE, Reading, Stretch
from warehouse.units.registry import Registry
from warehouse.units.result import MATCH, REVIEW
from warehouse.units.result import NONE as NO_BAND

_ORDER: Final = (NO_BAND, REVIEW, MATCH)
_ARMED: Final = frozenset({"army", "air_force", "navy"})
_DELIVERY: Final = re.compile(r"\W*(to|for|para|al|destined|consigned|consignad[ao]s)\b", re.IGNORECASE)
_LONG_NAME: Final = 3  # a weak name of three words and more is reviewed even beside unknown words


@dataclass(frozen=True, slots=True)
class Case:
    """One text with all that was found in it; country is ISO alpha-2 or None for unknown."""

    reading: Reading
    registry: Registry
    lexicon: Lexicon
    country: str | None
    portuguese: bool
    named: frozenset[int]  # positions of words that are part of some candidate
    hits: tuple[Hit, ...] = ()

    @property
    def to_mexico(self) -> bool:
        return self.country == "MX"

    @property
    def mexico_words(self) -> set[int]:
        """Words that say Mexico, also inside 'Mexico City'."""
        named = {
            position
            for stretch in self.reading.places
            for position in range(stretch.first, stretch.last)
            if self.reading.words[position].word in MEXICO_WORDS
        }
        return named | self.reading.mexico

    def certain_beside(self, hit: Hit) -> bool:
        """Another name in the text that is sure by itself and not read through a typing error."""
        return any(
            other is not hit and other.needs in (STRONG, DESTINATION) and not other.typo
            for other in self.hits
        )

    @property
    def states(self) -> frozenset[str]:
        """States that the text names; where it names none, those of its municipalities."""
        places = [place for stretch in self.reading.places for place in stretch.places if place.state_iso]
        named = frozenset(place.state_iso for place in places if place.kind.startswith("state"))
        return named or frozenset(place.state_iso for place in places)


def weigh(case: Case, hits: Sequence[Hit]) -> None:
    """Set band and reasons of every hit, first by itself, then by what stands beside it."""
    for hit in hits:
        _choose_by_state(case, hit)
    for hit in hits:
        hit.band = _own_band(case, hit, hits)
    for hit in hits:
        _contradict(case, hit)


def _choose_by_state(case: Case, hit: Hit) -> None:
    """Of rivals, keep those in a state that the text names: 'Fuerza Civil, Veracruz'."""
    if len(hit.unit_ids) < 2:
        return
    here = tuple(unit for unit in hit.unit_ids if case.registry.units[unit].state_iso in case.states)
    if here:
        hit.unit_ids = here


def _own_band(case: Case, hit: Hit, hits: Sequence[Hit]) -> str:
    if hit.needs == STRONG:
        return _strong_band(case, hit)
    if hit.needs == DOUBTFUL:
        return REVIEW
    says_mexico = bool(case.reading.mexico) or bool(case.reading.places)
    if hit.needs == DESTINATION:
        return _destination_band(case, hit, says_mexico)
    if _related_stands_beside(case, hit, hits):
        return MATCH
    if hit.needs == WEAK_MEXICO:
        return _weak_mexico_band(case, hit, says_mexico)
    return _weak_place_band(case, hit)


def _strong_band(case: Case, hit: Hit) -> str:
    words = case.reading.words
    before = hit.first > 0 and words[hit.first].gap == NONE
    ends_in_mexico = (
        hit.rule == "alias" and words[hit.last - 1].word in MEXICO_WORDS and hit.last - hit.first == 2
    )
    if before and ends_in_mexico and not _explained(case, hit.first - 1):
        hit.reasons.append("an unknown word stands before the name: 'Old Navy Mexico'")
        return REVIEW
    if before and hit.rule == "acronym" and words[hit.first - 1].word == "grupo":
        hit.reasons.append("'Grupo' before an acronym is the form of a company's name")
        return REVIEW
    unsure = hit.rule == "acronym" and hit.typo and not _letters_swapped(case, hit)
    if unsure and not (case.reading.mexico or case.certain_beside(hit)):
        hit.reasons.append("an acronym read through a typing error, with nothing to support it")
        return REVIEW
    if hit.rule == "acronym" and _named_like_a_company(case, hit):
        hit.reasons.append("an unknown word is joined to the acronym: it may be a company's name")
        return REVIEW
    return MATCH


def _letters_swapped(case: Case, hit: Hit) -> bool:
    """'SEDEAN': the right letters in another order are a slip of the keyboard and no other name."""
    word = case.reading.words[hit.first]
    printed = case.reading.text[word.start : word.end].casefold()
    return sorted(printed) == sorted(word.word)


def _named_like_a_company(case: Case, hit: Hit) -> bool:
    """'SEMAR Electronics': an unknown word in small letters joined to the acronym, no 'de' between them.
    Offices and people are printed with numbers or in capitals ('SEDENA 2540', 'SEDENA PMM')."""
    words, text = case.reading.words, case.reading.text

    def joined(left: int, right: int, stranger: int) -> bool:
        word = words[stranger]
        if word.upper or _explained(case, stranger) or words[right].gap != NONE:
            return False
        return not any(char.isalpha() for char in text[words[left].end : words[right].start])

    before = hit.first > 0 and joined(hit.first - 1, hit.first, hit.first - 1)
    after = hit.last < len(words) and joined(hit.last - 1, hit.last, hit.last)
    return before or after


def _destination_band(case: Case, hit: Hit, says_mexico: bool) -> str:
    if not (case.to_mexico or case.reading.mexico or _is_surely_mexican_place(case)):
        hit.reasons.append("a name that other countries use too, and the destination is not known")
        return REVIEW
    if case.registry.units[hit.unit_ids[0]].branch == "ministry" and _place_follows(case, hit):
        hit.reasons.append("a place follows: it may be a state's ministry")
        return NO_BAND
    if hit.typo and not case.reading.mexico and hit.last - hit.first < _LONG_NAME:
        hit.reasons.append("a typing error in a name that other countries use too")
        return REVIEW
    if not says_mexico and _unknown_beside(case, hit):
        hit.reasons.append("an unknown word stands in the name")
        return REVIEW
    if not says_mexico and hit.rule.startswith("kind+number") and _unknown_in_segment(case, hit):
        hit.reasons.append("armies of other countries number their units too, and unknown words follow")
        return REVIEW
    return MATCH


def _is_surely_mexican_place(case: Case) -> bool:
    """A place that other countries have too (Guadalajara, Mérida) does not say Mexico."""
    return any(not any(place.shared_abroad for place in stretch.places) for stretch in case.reading.places)


def _weak_mexico_band(case: Case, hit: Hit, says_mexico: bool) -> str:
    if case.registry.units[hit.unit_ids[0]].branch == "prosecutor" and case.states and not case.mexico_words:
        hit.reasons.append("a state is named, so the prosecutor may be the state's")
        return NO_BAND
    clean = not _unknown_in_chunk(case, hit)
    length = hit.last - hit.first
    long_name = length >= _LONG_NAME
    if length == 1:
        says_mexico = bool(case.mexico_words)
        if hit.rule != "acronym" and _place_follows(case, hit):
            hit.reasons.append("a common word with a place after it: 'Marina Vallarta' is a harbour")
            return NO_BAND
    if clean and _is_force_with_part(case, hit):
        return MATCH
    if says_mexico and (clean or long_name) and len(hit.unit_ids) == 1:
        return MATCH
    hit.reasons.append("a name that needs the word Mexico or a related unit beside it")
    branch = case.registry.units[hit.unit_ids[0]].branch
    armed = hit.rule == "acronym" and branch in _ARMED and says_mexico
    return REVIEW if clean or long_name or armed else NO_BAND


def _place_follows(case: Case, hit: Hit) -> bool:
    words = case.reading.words
    follows = hit.last < len(words) and words[hit.last].gap == NONE
    return follows and any(stretch.first == hit.last for stretch in case.reading.places)


def _is_force_with_part(case: Case, hit: Hit) -> bool:
    """'FAM Intelligence Unit': a force's acronym on a record to Mexico, with a part of the force after it."""
    words = case.reading.words
    branch = case.registry.units[hit.unit_ids[0]].branch
    acronym = hit.rule == "acronym" and branch in _ARMED and case.to_mexico
    return acronym and hit.last < len(words) and words[hit.last].concept == "GENERIC"


def _weak_place_band(case: Case, hit: Hit) -> str:
    units = [case.registry.units[unit_id] for unit_id in hit.unit_ids]
    placed = [unit for unit in units if unit.state_iso and unit.state_iso in case.states]
    if len(placed) == 1 and len(units) == 1:
        return MATCH
    elsewhere = all(unit.state_iso for unit in units) and bool(case.states) and not placed
    if elsewhere:
        hit.reasons.append("the text names another state")
        return REVIEW if hit.last - hit.first > 1 else NO_BAND
    hit.reasons.append("a name that needs its place beside it")
    clean = not _unknown_in_chunk(case, hit)
    federal_short = hit.last - hit.first == 1 and bool(case.states) and not placed
    if federal_short and len(case.reading.words) < 6:
        return NO_BAND  # 'SEDEMA Ciudad de México' is the city's own ministry
    return REVIEW if clean or hit.last - hit.first >= _LONG_NAME else NO_BAND


def _related_stands_beside(case: Case, hit: Hit, hits: Sequence[Hit]) -> bool:
    """A strong name of the same, an upper, a lower or a succeeding unit, or a list of federal bodies."""
    if len(hit.unit_ids) != 1:
        return False
    unit_id = hit.unit_ids[0]
    relatives = case.registry.relatives(unit_id)
    for other in hits:
        if other is hit or other.needs not in (STRONG, DESTINATION) or other.typo:
            continue
        if any(mine in relatives or mine == unit_id for mine in other.unit_ids):
            return True
        if _federal_list(case, hit, other):
            return True
    return False


def _federal_list(case: Case, hit: Hit, other: Hit) -> bool:
    """'SEDENA / SEMAR / FP': a weak federal name in a list with a certain one, nothing unknown beside it."""
    units = [case.registry.units[unit] for unit in (*hit.unit_ids, *other.unit_ids)]
    federal = all(unit.level == "federal" for unit in units)
    return federal and other.exclusive and not _unknown_in_chunk(case, hit) and hit.alias != "SEDEMA"


def _explained(case: Case, position: int) -> bool:
    word = case.reading.words[position]
    if word.is_number or word.concept or word.word in MEXICO_WORDS or position in case.named:
        return True
    return any(stretch.first <= position < stretch.last for stretch in case.reading.places)


def _unknown_beside(case: Case, hit: Hit) -> bool:
    words = case.reading.words
    before = hit.first > 0 and words[hit.first].gap == NONE and not _explained(case, hit.first - 1)
    after = hit.last < len(words) and words[hit.last].gap == NONE and not _explained(case, hit.last)
    return before or after


def _unknown_in_chunk(case: Case, hit: Hit) -> bool:
    chunk = case.reading.words[hit.first].chunk
    return any(
        word.chunk == chunk and not hit.first <= position < hit.last and not _explained(case, position)
        for position, word in enumerate(case.reading.words)
    )


def _unknown_in_segment(case: Case, hit: Hit) -> bool:
    segment = case.reading.words[hit.first].segment
    return any(
        word.segment == segment and not hit.first <= position < hit.last and not _explained(case, position)
        for position, word in enumerate(case.reading.words)
    )


def _contradict(case: Case, hit: Hit) -> None:
    """Foreign places, another destination, companies and Portuguese spelling, in this order."""
    for fact in (_foreign_fact(case, hit), _country_fact(case, hit), _other_body_fact(case, hit)):
        if fact is None:
            continue
        band, reason = fact
        hit.reasons.append(reason)
        hit.band = _lower(hit.band, band)
    if case.portuguese and not hit.exclusive and hit.band == MATCH:
        whole = hit.last - hit.first == len(case.reading.words)
        hit.reasons.append("Portuguese spelling")
        hit.band = REVIEW if whole or case.reading.mexico else NO_BAND


def _lower(band: str, other: str) -> str:
    return _ORDER[min(_ORDER.index(band), _ORDER.index(other))]


def _foreign_fact(case: Case, hit: Hit) -> tuple[str, str] | None:
    reading = case.reading
    if not reading.foreign:
        return None
    segment = reading.words[hit.first].segment
    here = [stretch for stretch in reading.foreign if reading.words[stretch.first].segment == segment]
    shown = (here or reading.foreign)[0]
    name = reading.text[slice(*reading.span(shown.first, shown.last))]
    if not here:
        if hit.exclusive:
            return None
        return _one_lower(hit.band), f"a foreign place or body stands elsewhere in the text: {name}"
    touches = any(_touches(reading, hit, stretch) for stretch in here)
    of_country = any(
        _touches(reading, hit, stretch) and stretch.kind in ("foreign:country", "foreign:demonym")
        for stretch in here
    )
    certain = hit.exclusive and not of_country and not (touches and hit.last - hit.first > 1)
    spanish_state = hit.rule.startswith("kind+state") and not touches and _is_spanish(reading, hit)
    if certain or spanish_state or (not touches and _is_spanish_federal_at_us_address(case, hit, here)):
        return REVIEW, f"a foreign place or body stands beside it: {name}"
    return NO_BAND, f"a foreign namesake: {name}"


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
    after = stretch.first == hit.last and reading.words[stretch.first].gap == NONE
    before = stretch.last == hit.first and reading.words[hit.first].gap == NONE
    inside = hit.first <= stretch.first < hit.last
    return after or before or inside


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
        if kind == "company_form":
            begins = stretch.first == 0 or first.gap != NONE
            covered = {first.chunk, first.chunk - 1} if begins else {first.chunk}
            if chunks & covered and hit.first < stretch.last and first.segment == words[hit.first].segment:
                facts.append((NO_BAND, f"a company: {name}"))
        elif "government" in hit.rule and first.segment == words[hit.first].segment:
            facts.append((NO_BAND, f"another body of that government is named: {name}"))
        elif first.chunk in chunks and not hit.exclusive:
            facts.append((NO_BAND, f"another kind of body: {name}"))
        elif first.chunk in chunks and kind in ("private", "goods") and hit.last - hit.first > 0:
            facts.append((REVIEW, f"another kind of body beside it: {name}"))
    return min(facts, key=lambda fact: _ORDER.index(fact[0]), default=None)


def _is_delivered(reading: Reading, goods: Stretch, hit: Hit) -> bool:
    """'firearms to the Ministry of Defense': goods and who gets them, not a company's name."""
    if goods.last > hit.first:
        return False
    after = reading.text[reading.words[goods.last - 1].end :]
    return bool(_DELIVERY.match(after))


__all__ = ["WEAK_MEXICO", "WEAK_PLACE", "Case", "weigh"]

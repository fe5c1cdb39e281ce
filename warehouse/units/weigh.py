"""Weighs each candidate: what supports it, and the band that results; contrary.py says what speaks against.

A contrary fact never drops a candidate silently: it goes to review, or it is set aside with its reason
(docs/units.md 3.2, points 3 to 8).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from warehouse.units.beside import Beside, is_certain
from warehouse.units.case import Case, explained, unknown_beside, unknown_in_chunk, unknown_in_segment
from warehouse.units.content_words import NONE
from warehouse.units.contrary import contradict, share_company, share_namesake
from warehouse.units.hits import DESTINATION, DOUBTFUL, STRONG, WEAK_MEXICO, WEAK_PARENT, WEAK_PLACE, Hit
from warehouse.units.lexicon import MEXICO_WORDS
from warehouse.units.result import MATCH, REVIEW
from warehouse.units.result import NONE as NO_BAND

_ARMED: Final = frozenset({"army", "air_force", "navy"})
_SIZES: Final = frozenset({"BAT", "BRI", "RGT"})
_CAPITAL: Final = frozenset({"MX-CMX"})
_OFFICES: Final = frozenset(
    {"unidad", "seccion", "subseccion", "subsecretaria", "departamento", "oficina", "oficialia"}
    | {"delegacion", "comandancia", "inspeccion", "unit", "section", "department", "office"}
)
_LONG_NAME: Final = 3  # a weak name of three words and more is reviewed even beside unknown words


def weigh(case: Case, hits: Sequence[Hit]) -> None:
    """Set band and reasons of every hit, first by itself, then by what stands beside it."""
    for hit in hits:
        _choose_by_state(case, hit)
        _choose_by_relative(case, hit, hits)
    beside = Beside(case, hits)
    for hit in hits:
        hit.band = _own_band(case, hit, beside)
        if hit.band == MATCH and _may_be_of_another_army(case, hit):
            hit.reasons.append("armies of other countries number their units too, and unknown words follow")
            hit.band = REVIEW
    for hit in hits:
        contradict(case, hit)
    share_company(hits)
    share_namesake(case, hits)


def _may_be_of_another_army(case: Case, hit: Hit) -> bool:
    """'Batallón de Infantería de Marina No. 27, Tumaco': a battalion, nothing Mexican, words unknown."""
    if hit.exclusive or case.reading.mexico or case.reading.places:
        return False
    words = case.reading.words[hit.first : hit.last]
    is_numbered = hit.rule.startswith("kind+number") or any(word.concept in _SIZES for word in words)
    return is_numbered and unknown_in_segment(case, hit)


def _choose_by_state(case: Case, hit: Hit) -> None:
    """Of rivals, keep those in a state that the text names: 'Fuerza Civil, Veracruz'."""
    if len(hit.unit_ids) < 2:
        return
    here = tuple(unit for unit in hit.unit_ids if case.registry.units[unit].state_iso in case.states)
    if here:
        hit.unit_ids = here


def _choose_by_relative(case: Case, hit: Hit, hits: Sequence[Hit]) -> None:
    """Of rivals, keep the one whose relative the text names: 'Special Forces, Mexican Navy'."""
    if len(hit.unit_ids) < 2:
        return
    named = {unit for other in hits if other is not hit and is_certain(other) for unit in other.unit_ids}
    related = tuple(unit for unit in hit.unit_ids if named & case.registry.relatives(unit))
    if related:
        hit.unit_ids = related


def _own_band(case: Case, hit: Hit, beside: Beside) -> str:
    if hit.needs == STRONG:
        return _strong_band(case, hit)
    if hit.needs == DOUBTFUL:
        short = hit.rule in ("alias", "acronym") and hit.last - hit.first < _LONG_NAME
        return NO_BAND if short and unknown_in_chunk(case, hit) else REVIEW
    says_mexico = bool(case.reading.mexico) or bool(case.reading.places)
    if hit.needs == DESTINATION:
        return _destination_band(case, hit, says_mexico)
    if beside.supports(hit):
        return MATCH
    if hit.needs == WEAK_PARENT:
        hit.reasons.append("words that name a part of a body, which itself is not named")
        return NO_BAND
    if _is_said_to_be_federal(case, hit):
        return MATCH
    if hit.needs == WEAK_MEXICO:
        return _weak_mexico_band(case, hit, says_mexico)
    return _weak_place_band(case, hit)


def _is_said_to_be_federal(case: Case, hit: Hit) -> bool:
    """'SSP, Gobierno Federal', 'SSPC, Av. Constituyentes 947': a name that states share is the ministry's."""
    federal = all(case.registry.units[unit_id].level == "federal" for unit_id in hit.unit_ids)
    if len(hit.unit_ids) > 1 or not federal or hit.typo or case.reading.foreign or case.reading.others:
        return False
    if _is_one_word(hit) and (hit.rule != "acronym" or unknown_in_chunk(case, hit)):
        return False  # 'Marina' is also a woman's name
    return case.states <= _CAPITAL and case.says_federal


def _strong_band(case: Case, hit: Hit) -> str:
    words = case.reading.words
    before = hit.first > 0 and words[hit.first].gap == NONE
    ends_in_mexico = (
        hit.rule == "alias" and words[hit.last - 1].word in MEXICO_WORDS and hit.last - hit.first == 2
    )
    if before and ends_in_mexico and not explained(case, hit.first - 1):
        hit.reasons.append("an unknown word stands before the name: 'Old Navy Mexico'")
        return REVIEW
    after = hit.last < len(words) and words[hit.last].gap == NONE
    is_group = (before and words[hit.first - 1].word == "grupo") or (
        after and words[hit.last].word == "group"
    )
    if is_group and _is_one_word(hit):
        hit.reasons.append("'Grupo' before or 'Group' after an acronym is the form of a company's name")
        return REVIEW
    unsure = hit.rule == "acronym" and hit.typo and not _letters_swapped(case, hit)
    if unsure and not (case.reading.mexico or case.certain_beside(hit)):
        hit.reasons.append("an acronym read through a typing error, with nothing to support it")
        return REVIEW
    if _is_one_word(hit) and _named_like_a_company(case, hit):
        hit.reasons.append("an unknown word is joined to the acronym: it may be a company's name")
        return REVIEW
    return MATCH


def _letters_swapped(case: Case, hit: Hit) -> bool:
    """'SEDEAN': the right letters in another order are a slip of the keyboard and no other name."""
    word = case.reading.words[hit.first]
    printed = case.reading.text[word.start : word.end].casefold()
    return sorted(printed) == sorted(word.word)


def _is_one_word(hit: Hit) -> bool:
    return hit.rule in ("acronym", "alias") and hit.last - hit.first == 1


def _named_like_a_company(case: Case, hit: Hit) -> bool:
    """'SEMAR Electronics': an unknown word in small letters joined to the acronym, no 'de' between them.
    Offices and people are printed with numbers or in capitals ('SEDENA 2540', 'SEDENA PMM'). An acronym
    that is itself in small letters ('Semar Group Logistics') is a proper noun like the words around it."""
    words, text = case.reading.words, case.reading.text
    if not words[hit.first].upper and unknown_in_chunk(case, hit):
        return True

    def joined(left: int, right: int, stranger: int) -> bool:
        word = words[stranger]
        if word.upper or explained(case, stranger) or words[right].gap != NONE:
            return False
        return not any(char.isalpha() for char in text[words[left].end : words[right].start])

    if _is_of_an_office(case, hit):
        return False
    before = hit.first > 0 and joined(hit.first - 1, hit.first, hit.first - 1)
    after = hit.last < len(words) and joined(hit.last - 1, hit.last, hit.last)
    return before or after


def _is_of_an_office(case: Case, hit: Hit) -> bool:
    """'Dirección General de Aeropuertos SEDENA': the words before begin with an office and are its name."""
    chunk = case.reading.words[hit.first].chunk
    first = next(word for word in case.reading.words if word.chunk == chunk)
    return first.concept == "DIR" or first.word in _OFFICES


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
    if not says_mexico and unknown_beside(case, hit) and not _is_of_an_office(case, hit):
        hit.reasons.append("an unknown word stands in the name")
        return REVIEW
    return MATCH


def _is_surely_mexican_place(case: Case) -> bool:
    """A place that other countries have too (Guadalajara, Mérida) does not say Mexico."""
    return any(not any(place.shared_abroad for place in stretch.places) for stretch in case.reading.places)


def _weak_mexico_band(case: Case, hit: Hit, says_mexico: bool) -> str:
    if case.registry.units[hit.unit_ids[0]].branch == "prosecutor" and case.states and not case.mexico_words:
        hit.reasons.append("a state is named, so the prosecutor may be the state's")
        return NO_BAND
    clean = not unknown_in_chunk(case, hit)
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
    clean = not unknown_in_chunk(case, hit)
    federal_short = hit.last - hit.first == 1 and bool(case.states) and not placed
    if federal_short and len(case.reading.words) < 6:
        return NO_BAND  # 'SEDEMA Ciudad de México' is the city's own ministry
    return REVIEW if clean or hit.last - hit.first >= _LONG_NAME else NO_BAND


__all__ = ["WEAK_MEXICO", "WEAK_PLACE", "Case", "weigh"]

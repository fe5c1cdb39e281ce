"""Numbered military units: battalions, regiments, brigades, zones. The number must agree.

A number that the registry does not hold falls back to the force it belongs to, for review only.
"""

from __future__ import annotations

from typing import Final

from warehouse.units.content_words import HARD, NONE, SOFT, Word
from warehouse.units.hits import DESTINATION, DOUBTFUL, WEAK_PLACE, Hit
from warehouse.units.lexicon import MEXICO_WORDS, Lexicon
from warehouse.units.normalise import roman_value
from warehouse.units.reading import Reading

_MILITARY: Final = frozenset(
    [
        "BAT",
        "INF",
        "ZON",
        "MIL",
        "RGT",
        "RGN",
        "CAB",
        "MOT",
        "BRI",
        "SPE",
        "FZA",
        "PAR",
        "SQD",
        "AIR",
        "NAV",
        "GRN",
        "CPO",
        "POL",
        "IND",
        "ART",
    ]
)
_SIZES: Final = frozenset({"BAT", "BRI", "RGT"})
_ARMS: Final = frozenset({"INF", "POL", "MIL", "SPE", "PAR", "CAB", "MOT"})
_OF_MARINES: Final = frozenset(["marina", "marine", "marines", "im", "naval"])
_MAX_NUMBER: Final = 999


def numbered_hits(reading: Reading, lexicon: Lexicon, taken: set[int]) -> list[Hit]:
    """Units named by kind and number, and by kind alone where the registry has one unit for the kind."""
    hits: list[Hit] = []
    position, words = 0, reading.words
    while position < len(words):
        last = position
        concepts: set[str] = set()
        slot = ""
        while last < len(words) and _fits(reading, lexicon, position, last, taken):
            concepts.add(words[last].concept)
            slot = slot or _acronym_slot(lexicon, words[last])
            last += 1
        if last == position:
            position += 1
            continue
        hits += _run_hits(reading, lexicon, position, last, concepts, slot)
        position = last
    return hits


def _acronym_slot(lexicon: Lexicon, word: Word) -> str:
    slot = lexicon.acronyms.get(word.word, "")
    return slot if word.upper and not slot.startswith(("state_", "municipal_")) else ""


def _fits(reading: Reading, lexicon: Lexicon, first: int, position: int, taken: set[int]) -> bool:
    word = reading.words[position]
    if position in taken or word.chunk in reading.address_chunks:
        return False
    if position > first and word.gap != NONE and not _kind_follows(reading, first, position):
        return False
    if word.concept in _MILITARY or _acronym_slot(lexicon, word) or word.word in ("fuerzas", "forces"):
        return True
    # 'Batallón 27 de Infantería': a number inside the name
    inside = position > first and position + 1 < len(reading.words)
    return inside and _value(lexicon, word) is not None and reading.words[position + 1].concept in _MILITARY


def _kind_follows(reading: Reading, first: int, position: int) -> bool:
    """'1st Battalion, Mil Police': a comma between the size of a unit and its arm."""
    words = reading.words
    sizes = {word.concept for word in words[first:position] if word.concept}
    return words[position].gap == SOFT and sizes <= _SIZES and words[position].concept in _ARMS


def _run_hits(
    reading: Reading, lexicon: Lexicon, first: int, last: int, concepts: set[str], slot: str
) -> list[Hit]:
    words = reading.words
    if last < len(words) and words[last].word in _OF_MARINES and words[last].gap == NONE:
        return []
    slot, fallback = _slot_of(lexicon, concepts, slot)
    if not slot:
        return []
    numbers, first, last, ordinal = _numbers(reading, lexicon, first, last)
    text = " ".join(word.word for word in words[first:last])
    bare = slot == "bare_battalion"
    if not numbers:
        alone = lexicon.slots.get((slot, "", ""))
        return [Hit(first, last, (alone,), text, f"kind:{slot}", DESTINATION, 90, False)] if alone else []
    hits = []
    for number in numbers:
        unit_id = lexicon.slots.get(("infantry_battalion" if bare else slot, str(number), ""))
        unit_id = unit_id or lexicon.slots.get((slot, "", ""))
        if unit_id is None and not fallback:
            continue
        short = bare or (len(concepts - {""}) == 0 and not ordinal)
        needs = WEAK_PLACE if short else DESTINATION
        hit = Hit(first, last, (unit_id or fallback,), text, f"kind+number:{slot}", needs, 95, False)
        if unit_id is None:
            hit.needs, hit.score = DOUBTFUL, 60
            hit.reasons = [
                f"number {number} of this kind is not in the registry; the force above it is shown"
            ]
        hits.append(hit)
    return hits


def _slot_of(lexicon: Lexicon, concepts: set[str], acronym: str) -> tuple[str, str]:
    for rule in lexicon.rules:
        if rule["level"] != "numbered":
            continue
        needed, any_of = set(rule["all_of"].split()), set(rule["any_of"].split())
        fits = needed <= concepts and (not any_of or bool(any_of & concepts))
        if rule["slot"] == acronym or (not acronym and fits):
            return rule["slot"], rule["fallback_unit_id"]
    return "", ""


def _value(lexicon: Lexicon, word: Word) -> int | None:
    if word.is_number:
        return int(word.word) if len(word.word) <= 3 and int(word.word) <= _MAX_NUMBER else None
    if word.word in lexicon.ordinals:
        return lexicon.ordinals[word.word]
    return roman_value(word.word) if word.upper else None


def _numbers(reading: Reading, lexicon: Lexicon, first: int, last: int) -> tuple[list[int], int, int, bool]:
    """Numbers before the name ('27 y 41 ...'), inside or after it ('No. 27'), and the widened stretch."""
    words = reading.words
    values: list[int] = []
    if first > 1 and words[first - 1].word in MEXICO_WORDS and _value(lexicon, words[first - 2]) is not None:
        first -= 1  # '27th Mexican Infantry Battalion'
    start = first
    while start > 0 and words[start].gap < HARD and _value(lexicon, words[start - 1]) is not None:
        start -= 1
    spelled = all(not word.is_number and word.word in lexicon.ordinals for word in words[start:first])
    before = [value for word in words[start:first] if (value := _value(lexicon, word)) is not None]
    if before and spelled:
        before = [sum(before)]  # 'vigésimo séptimo'
    values += before
    ordinal = any(word.ordinal or word.word in lexicon.ordinals for word in words[start:first])
    inside = [value for word in words[first:last] if (value := _value(lexicon, word)) is not None]
    values += inside
    stop = last
    if not values and stop < len(words) and words[stop].gap == NONE:
        value = _value(lexicon, words[stop])
        if value is not None:
            values.append(value)
            ordinal = ordinal or words[stop].ordinal
            stop += 1
    return values, start, stop, ordinal

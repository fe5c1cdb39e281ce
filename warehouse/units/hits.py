"""Candidates: stretches of a reading that may name a unit, by alias or by ellipsis.

A hit says what the words could mean and how sure the words themselves are. What speaks against it (foreign
places, companies, missing support) is weighed in warehouse/units/weigh.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from warehouse.units.content_words import CONJUNCTIONS, HARD, NONE, SOFT, Word
from warehouse.units.lexicon import MEXICO_WORDS, Lexicon
from warehouse.units.phrases import Phrase
from warehouse.units.reading import Reading
from warehouse.units.records import Alias
from warehouse.units.spelling import PLACE_TYPO, TYPO

STRONG: Final = "strong"
DESTINATION: Final = "destination"
WEAK_MEXICO: Final = "mexico"
WEAK_PLACE: Final = "place"
WEAK_PARENT: Final = "parent"
DOUBTFUL: Final = "doubtful"  # review at best, whatever supports it

_SCORES: Final = {
    STRONG: 100,
    DESTINATION: 96,
    WEAK_MEXICO: 80,
    WEAK_PLACE: 75,
    WEAK_PARENT: 75,
    DOUBTFUL: 60,
}
_PLURAL_HEADS: Final = {"ministries": "ministry", "secretariats": "secretariat", "secretarias": "secretaria"}
_LONG_ACRONYM: Final = 5


@dataclass(slots=True)
class Hit:
    """Words first..last-1 may name one of unit_ids (several: rivals)."""

    first: int
    last: int
    unit_ids: tuple[str, ...]
    alias: str
    rule: str
    needs: str
    score: int
    exclusive: bool  # names a Mexican body whatever stands around it
    typo: bool = False
    broken: bool = False  # a comma of the text stands inside a name that has none
    band: str = ""
    reasons: list[str] = field(default_factory=list)
    aliases: tuple[Alias, ...] = ()
    states: frozenset[str] = frozenset()


def opens_bracket(reading: Reading, hit: Hit) -> bool:
    """'Ministry of Defense (SEDENA)': the name stands first in brackets."""
    start = reading.words[hit.first].start
    return reading.text[start - 1 : start] == "("


def alias_hits(reading: Reading, lexicon: Lexicon, taken: set[int]) -> list[Hit]:
    """Longest alias first, left to right; words in `taken` (other bodies, foreign names) are not used."""
    words = [word.word for word in reading.words]
    found: list[Hit] = []
    for position in range(len(words)):
        for phrase in lexicon.aliases.starting_at(words, position):
            last = position + len(phrase.words)
            if not _usable(reading, position, last, taken, phrase):
                continue
            hit = _alias_hit(reading, lexicon, position, last, phrase.payloads)
            found.append(hit)
            if not hit.broken:
                break
    found.extend(_collective_hits(reading, lexicon, words, taken))
    return _without_overlaps(found)


def _usable(reading: Reading, first: int, last: int, taken: set[int], phrase: Phrase[Alias]) -> bool:
    words = reading.words[first:last]
    if any(
        position in taken and not _inside_name(reading, position, first, last)
        for position in range(first, last)
    ):
        return False
    if words[0].chunk in reading.address_chunks or any(word.gap >= HARD for word in words[1:]):
        return False
    if phrase.needs_upper and not words[0].upper:
        return False
    if any(word.after_and for word in words[1:]) and not any(_joins(alias) for alias in phrase.payloads):
        return False  # 'Mexican Navy and Marines' are two, 'Mexican Navy Marines' is one
    # 'Navy, Army' are two names: a comma is allowed inside a long alias or one that is listed with it.
    return (
        len(words) > 2
        or any(alias.alias.count(",") + alias.alias.count("(") for alias in phrase.payloads)
        or all(word.gap == NONE for word in words[1:])
    )


def _joins(alias: Alias) -> bool:
    return "&" in alias.alias or bool(CONJUNCTIONS & set(alias.alias.casefold().split()))


def _inside_name(reading: Reading, position: int, first: int, last: int) -> bool:
    """'Bank and Industrial Police': a word of another body that is only a part of this longer name."""
    return any(
        first <= stretch.first <= position < stretch.last <= last
        and stretch.last - stretch.first < last - first
        for stretch in reading.others
    )


def _alias_hit(reading: Reading, lexicon: Lexicon, first: int, last: int, aliases: tuple[Alias, ...]) -> Hit:
    words = reading.words[first:last]
    typo = any(word.how in (TYPO, PLACE_TYPO) for word in words)
    strongest = min(aliases, key=lambda alias: (alias.strength, alias.needs))
    chosen = [alias for alias in aliases if alias.strength == strongest.strength]
    needs = strongest.needs or STRONG
    long_acronym = len(words) == 1 and len(words[0].word) >= _LONG_ACRONYM
    says_mexico = any(word.word in MEXICO_WORDS for word in words)
    exclusive = needs == STRONG and (long_acronym or says_mexico or _holds_acronym(lexicon, words))
    ids = tuple(dict.fromkeys(alias.unit_id for alias in chosen))
    rule = "acronym" if len(words) == 1 and words[0].upper else "alias"
    score = _SCORES[needs] - (8 if typo else 0)
    parted = any(word.gap != NONE for word in words[1:])
    broken = parted and not any(mark in strongest.alias for mark in (",", "(", " -"))
    hit = Hit(first, last, ids, strongest.alias, rule, needs, score, exclusive, typo, broken)
    hit.aliases = tuple(chosen)
    return hit


def _holds_acronym(lexicon: Lexicon, words: Sequence[Word]) -> bool:
    """'SEMAR Infantería', 'SEMAR SOF': a long acronym inside a longer name."""
    return any(lexicon.corrector.is_acronym(word.word) for word in words)


def _collective_hits(reading: Reading, lexicon: Lexicon, words: list[str], taken: set[int]) -> list[Hit]:
    """'Ministries of Defense and Interior', 'Federal and State Police': names that share a word."""
    hits: list[Hit] = []
    for position, word in enumerate(words):
        if word in _PLURAL_HEADS:
            hits.extend(_after_plural_head(reading, lexicon, words, position))
        if word == "federal" and position not in taken:
            hits.extend(_elliptic_federal(reading, lexicon, words, position))
    return hits


def _after_plural_head(reading: Reading, lexicon: Lexicon, words: list[str], head: int) -> list[Hit]:
    hits = []
    singular = _PLURAL_HEADS[words[head]]
    position = head + 1
    while (
        position < len(words) and reading.words[position].gap < HARD and words[position] not in _PLURAL_HEADS
    ):
        step = 1
        for length in (3, 2, 1):
            tail = [*words[position : position + length]]
            if any(word.gap != NONE for word in reading.words[position + 1 : position + length]):
                continue
            phrase = next(lexicon.aliases.starting_at([singular, *tail], 0), None)
            if len(tail) == length and phrase is not None and len(phrase.words) == length + 1:
                hit = _alias_hit(reading, lexicon, position, position + length, phrase.payloads)
                hit.rule, hit.first = "collective", position
                hits.append(hit)
                step = length
                break
        if step == 1 and not hits and position > head + 1:
            break
        position += step
    return hits


def _elliptic_federal(reading: Reading, lexicon: Lexicon, words: list[str], position: int) -> list[Hit]:
    """'federal and state police', 'policías federal, estatal y municipal'."""
    listed = {"federal", "state", "estatal", "municipal", "local", "estado", "estatales", "municipales"}
    right = position + 1
    while right < len(words) and words[right] in listed and reading.words[right].gap <= SOFT:
        right += 1
    left = position - 1
    while left >= 0 and words[left] in listed and reading.words[left + 1].gap <= SOFT:
        left -= 1
    english = right > position + 1 and right < len(words) and reading.words[right].concept == "POL"
    spanish = left >= 0 and left < position and reading.words[left].concept == "POL" and right > position + 1
    plural = (
        left >= 0 and words[left] in ("policias", "police") and left == position - 1 and right > position + 1
    )
    if not (english or spanish or plural):
        return []
    phrase = lexicon.aliases.starting_at(["policia", "federal"], 0)
    hit = _alias_hit(reading, lexicon, position, position + 1, next(phrase).payloads)
    hit.rule, hit.typo = "collective", False
    return [hit]


def _without_overlaps(hits: list[Hit]) -> list[Hit]:
    """Whole names before names across a comma, then longest first; of equal length the surer, the earlier."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.broken, hit.first - hit.last, -hit.score, hit.first)):
        if all(hit.last <= other.first or hit.first >= other.last for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda hit: hit.first)

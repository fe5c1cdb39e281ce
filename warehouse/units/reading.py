"""Finds in a text's content words the places, foreign names, other bodies and addresses.

Words between hard breaks form a segment, between any breaks a chunk (content_words.py); contrary evidence
counts by segment, company forms by chunk.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from warehouse.units.content_words import HARD, NONE, SOFT, Word, words_of
from warehouse.units.lexicon import MEXICO_WORDS, Lexicon, Place
from warehouse.units.normalise import tokenise
from warehouse.units.spelling import EXACT, PLACE_TYPO, TYPO

_CODE: Final = 2
_GIVEN: Final = re.compile(r"\b(to|by|from|for|para|por|al|a (la|el|los|las))\b", re.IGNORECASE)
_BODY_WORDS: Final = frozenset({"POL", "SEC", "FIS", "SEG", "EST", "INV", "PUB", "PREV", "CIU"})
_LONG_CODE: Final = 3
_SURE_PLACE: Final = 8  # a longer place name with one slip is still that place


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words first..last-1 that name a place, a foreign place, another body or Mexico itself."""

    first: int
    last: int
    kind: str
    places: tuple[Place, ...] = ()


@dataclass(slots=True)
class Reading:
    """A text read once: its words and every stretch of evidence found in them."""

    text: str
    words: list[Word]
    places: list[Stretch] = field(default_factory=list)
    foreign: list[Stretch] = field(default_factory=list)
    others: list[Stretch] = field(default_factory=list)
    federal: list[Stretch] = field(default_factory=list)
    mexico: set[int] = field(default_factory=set)
    address_chunks: set[int] = field(default_factory=set)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Start and end in the original text of the words first..last-1."""
        return self.words[first].start, self.words[last - 1].end


def given_to(reading: Reading, position: int) -> bool:
    """'sold to the Police': a preposition parts the word from the one before, no part of its name."""
    words = reading.words
    before = reading.text[words[position - 1].start : words[position].start] if position else ""
    return bool(_GIVEN.search(before))


def read(text: str, lexicon: Lexicon) -> Reading:
    """Read a text; never raises."""
    words = words_of(text, tokenise(text), lexicon)
    reading = Reading(text, words)
    if words:
        _number_parts(reading)
        _find_addresses(reading, lexicon)
        _find_evidence(reading, lexicon)
        _join_place_after_slash(reading, lexicon)
    return reading


def _join_place_after_slash(reading: Reading, lexicon: Lexicon) -> None:
    """'SSP/COAHUILA': the slash joins the acronym of a kind of body to its place."""
    for stretch in reading.places:
        word = reading.words[stretch.first]
        before = reading.words[stretch.first - 1] if stretch.first else None
        if before and before.word in lexicon.acronyms and reading.text[before.end : word.start] == "/":
            word.gap = SOFT
            _number_parts(reading)


def _number_parts(reading: Reading) -> None:
    segment = chunk = 0
    for word in reading.words:
        segment += word.gap >= HARD
        chunk += word.gap != NONE
        word.segment, word.chunk = segment, chunk


def _find_addresses(reading: Reading, lexicon: Lexicon) -> None:
    """A chunk that begins with a word for a street is an address: no unit is named there."""
    sizes: dict[int, int] = {}
    for word in reading.words:
        sizes[word.chunk] = sizes.get(word.chunk, 0) + 1
    previous = -1
    for word in reading.words:
        # a lone 'Col.' is the state of Colima, not a street
        if word.chunk != previous and word.word in lexicon.address and sizes[word.chunk] > 1:
            reading.address_chunks.add(word.chunk)
        previous = word.chunk


def _find_evidence(reading: Reading, lexicon: Lexicon) -> None:
    words = [word.word for word in reading.words]
    position = 0
    while position < len(words):
        position = _evidence_at(reading, words, position, lexicon)
    reading.foreign = [stretch for stretch in reading.foreign if not _is_in_mexico(reading, stretch)]
    reading.federal = [
        Stretch(first, first + len(phrase.words), "federal")
        for first in range(len(words))
        for phrase in lexicon.federal.starting_at(words, first)
    ]


def _is_in_mexico(reading: Reading, stretch: Stretch) -> bool:
    """'San Francisco, Nayarit', 'Salinas, S.L.P.': a town of that name in the state that follows."""
    after = [place for place in reading.places if place.first == stretch.last]
    if stretch.kind == "foreign:us_body":  # 'Department of Public Safety of Tijuana'
        beside = after + [place for place in reading.places if place.last == stretch.first]
        return any(not one.shared_abroad for place in beside for one in place.places)
    return stretch.kind == "foreign:city" and any(
        reading.words[place.first].gap <= SOFT
        and all(one.kind in ("state", "state_abbreviation") for one in place.places)
        for place in after
    )


def _evidence_at(reading: Reading, words: list[str], position: int, lexicon: Lexicon) -> int:
    """Record the longest stretch that begins here; a Mexican place wins over a foreign one of its length."""
    best: Stretch | None = None
    for kind, index in (("foreign", lexicon.foreign), ("other", lexicon.others)):
        for phrase in index.starting_at(words, position):
            last = position + len(phrase.words)
            stretch = Stretch(position, last, f"{kind}:{phrase.payloads[0]}")
            if _stands(reading, stretch, phrase.needs_upper) and (best is None or last > best.last):
                best = stretch
            break
    place = _place_at(reading, words, position, lexicon)
    if place is not None and (best is None or place.last >= best.last):
        best = place
    if words[position] in MEXICO_WORDS and best is None:
        reading.mexico.add(position)
    if best is None:
        return position + 1
    group = {"place": reading.places, "foreign": reading.foreign, "other": reading.others}
    group[best.kind.partition(":")[0]].append(best)
    return best.last


def _unbroken(reading: Reading, first: int, last: int, limit: int = NONE) -> bool:
    return all(word.gap <= limit for word in reading.words[first + 1 : last])


def _stands(reading: Reading, stretch: Stretch, needs_upper: bool) -> bool:
    words = reading.words[stretch.first : stretch.last]
    if needs_upper and not words[0].upper:
        return False
    if not _unbroken(reading, stretch.first, stretch.last):
        return False
    if stretch.kind.startswith("other:") and any(word.how == TYPO for word in words):
        return False
    if stretch.kind == "other:civil_body" and _is_part_of_a_name(reading, stretch.first):
        return False
    if stretch.kind == "foreign:us_state_code":
        return _is_us_code(reading, stretch.first)
    if stretch.kind == "foreign:brazilian_state_code":
        return _is_joined_code(reading, stretch.first)
    if words[0].word == "compania" and stretch.last - stretch.first == 1:
        return not _is_military_company(reading, stretch.first)
    spanish_street = words[0].chunk in reading.address_chunks
    return not (spanish_street and stretch.kind in ("foreign:country", "foreign:demonym", "foreign:city"))


def _is_part_of_a_name(reading: Reading, position: int) -> bool:
    """'Seguridad Pública y Protección Civil' is one secretariat, not two bodies."""
    word = reading.words[position]
    joined = position > 0 and word.after_and and word.gap == NONE and word.concept == "PROT"
    return joined and reading.words[position - 1].concept in ("SEG", "PUB", "CIU", "TRA")


def _is_us_code(reading: Reading, position: int) -> bool:
    """Two capitals are a US state after a comma at a chunk's end, before a ZIP code, in 'Mexico MO'."""
    words = reading.words
    ends = position + 1 == len(words) or words[position + 1].gap != NONE
    zip_follows = not ends and words[position + 1].is_number and len(words[position + 1].word) == 5
    # 'SE,AR' is a slip of the keyboard: a place before the comma has more letters
    after_comma = words[position].gap == SOFT and position > 0 and len(words[position - 1].word) > 2
    after_mexico = position > 0 and words[position - 1].word == "mexico" and words[position].gap == NONE
    at_place = any(stretch.last == position for stretch in reading.places)
    after_place = at_place and (after_comma or (ends and words[position].gap == NONE))
    if "." in reading.text[words[position].start : words[position].end] and words[position].word == "sc":
        return False  # 'S.C.' is a civil partnership
    if words[position].word == "co":  # also 'company': Colorado only after a place or before a ZIP code
        return after_place or (zip_follows and at_place)
    return zip_follows or after_place or (after_comma and ends) or (after_mexico and ends)


def _is_joined_code(reading: Reading, position: int) -> bool:
    """'SEMAR-PI', 'SSP/SP': two letters of a Brazilian state joined to an acronym, and nothing after them."""
    if position == 0:
        return False
    before, word = reading.words[position - 1], reading.words[position]
    joined = reading.text[before.end : word.start] in ("-", "/") and before.upper
    ends = position + 1 == len(reading.words) or reading.words[position + 1].gap != NONE
    return joined and ends and word.end - word.start == _CODE


def _is_military_company(reading: Reading, position: int) -> bool:
    """'3/a. Compañía de Infantería' is a part of a battalion, no firm."""
    words = reading.words
    numbered = position > 0 and words[position - 1].ordinal
    after = words[position + 1].concept if position + 1 < len(words) else ""
    return numbered or after in ("INF", "MIL", "SPE", "PAR")


def _place_at(reading: Reading, words: list[str], position: int, lexicon: Lexicon) -> Stretch | None:
    if reading.words[position].concept == "PAZ" and reading.words[position].after_and:
        return None  # 'Seguridad y Paz' is a task, not the city of La Paz
    for phrase in lexicon.places.starting_at(words, position):
        last = position + len(phrase.words)
        places = tuple(
            place
            for place in phrase.payloads
            if place.kind != "state_abbreviation" or _abbreviates(reading, position, lexicon)
        )
        unsure = any(word.how in (TYPO,) for word in reading.words[position:last])
        # 'Centro, Tabasco' and 'Juárez, NL' are one place; a slash parts two
        # but 'MEXICO - State Police' does not name the State of Mexico
        limit = NONE if any(place.kind == "state_doubtful" for place in places) else SOFT
        if places and not unsure and _unbroken(reading, position, last, limit):
            typo = any(
                word.how == PLACE_TYPO and len(word.word) < _SURE_PLACE
                for word in reading.words[position:last]
            )
            return Stretch(position, last, "place:typo" if typo else "place", places)
    return None


def _abbreviates(reading: Reading, position: int, lexicon: Lexicon) -> bool:
    """'Son.', 'Ver', 'COL' are states when written with a capital at the end of a chunk, after their city
    ('Guadalupe, N.L. Municipal Police'), or with a dot before a kind of body ('Oax. State Police')."""
    words = reading.words
    word = words[position]
    if not reading.text[word.start].isupper() or word.how != EXACT:
        return False
    last = position + 1 == len(words)
    begins = position == 0 or given_to(reading, position)
    if begins and not last and word.upper and words[position + 1].gap == NONE:
        # 'CDMX Attorney General', 'BC State Police'
        after = words[position + 1].concept
        return after == "EST" or (after in _BODY_WORDS and len(word.word) >= _LONG_CODE)
    if last or words[position + 1].gap != NONE or words[position + 1].word in MEXICO_WORDS:
        return position > 0
    after_city = word.gap == SOFT and any(stretch.last == position for stretch in reading.places)
    following = words[position + 1]
    dotted = reading.text[word.end : word.end + 1] == "." and (begins or word.gap != NONE)
    names_body = following.word in lexicon.acronyms or following.concept in _BODY_WORDS
    return after_city or (dotted and names_body)

"""One text with all that was found in it, and what of it stays unexplained."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from warehouse.units.hits import DESTINATION, STRONG, Hit
from warehouse.units.lexicon import MEXICO_WORDS, Lexicon
from warehouse.units.reading import NONE, Reading, given_to
from warehouse.units.registry import Registry


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

    @property
    def says_federal(self) -> bool:
        """The federal government, or an address of it, stands beside the names and is part of none."""
        return federal_mark_beside(self.reading, self.hits)

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


def federal_mark_beside(reading: Reading, hits: Iterable[Hit]) -> bool:
    """A mark of federal_marks.csv that no name and no place ('Federal District') holds."""
    taken = {position for hit in hits for position in range(hit.first, hit.last)}
    for stretch in (*reading.places, *reading.foreign, *reading.others):
        taken.update(range(stretch.first, stretch.last))
    return any(taken.isdisjoint(range(mark.first, mark.last)) for mark in reading.federal)


def explained(case: Case, position: int) -> bool:
    """A number, a word of a kind, Mexico, part of a place or of a candidate."""
    word = case.reading.words[position]
    if word.is_number or word.concept or word.word in MEXICO_WORDS or position in case.named:
        return True
    return any(stretch.first <= position < stretch.last for stretch in case.reading.places)


def unknown_beside(case: Case, hit: Hit) -> bool:
    """An unexplained word directly before or after the candidate."""
    words = case.reading.words
    joined = hit.first > 0 and words[hit.first].gap == NONE and not given_to(case.reading, hit.first)
    before = joined and not explained(case, hit.first - 1)
    after = hit.last < len(words) and words[hit.last].gap == NONE and not explained(case, hit.last)
    return before or after


def unknown_in_chunk(case: Case, hit: Hit) -> bool:
    """An unexplained word between the candidate's commas; 'rifles' in 'rifles to the SSP' is none."""
    chunk = case.reading.words[hit.first].chunk
    start = hit.first if given_to(case.reading, hit.first) else 0
    return any(
        word.chunk == chunk
        and position >= start
        and not hit.first <= position < hit.last
        and not explained(case, position)
        for position, word in enumerate(case.reading.words)
    )


def unknown_in_segment(case: Case, hit: Hit) -> bool:
    """An unexplained word between the same slashes as the candidate."""
    segment = case.reading.words[hit.first].segment
    return any(
        word.segment == segment and not hit.first <= position < hit.last and not explained(case, position)
        for position, word in enumerate(case.reading.words)
    )

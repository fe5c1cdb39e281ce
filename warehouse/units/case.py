"""One text with all that was found in it, and what of it stays unexplained."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from warehouse.units.content_words import NONE, Word
from warehouse.units.hits import DESTINATION, STRONG, Hit
from warehouse.units.lexicon import MEXICO_WORDS, Lexicon
from warehouse.units.reading import Reading, given_to
from warehouse.units.registry import Registry


@dataclass(frozen=True)
class Case:
    """One text with all that was found in it; country is ISO alpha-2 or None for unknown.

    What every candidate asks of the whole text is found once: a text may name hundreds.
    """

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

    @cached_property
    def mexico_words(self) -> set[int]:
        """Words that say Mexico, also inside 'Mexico City'."""
        words = self.reading.words
        return {place for place in self.placed if words[place].word in MEXICO_WORDS} | self.reading.mexico

    @cached_property
    def placed(self) -> frozenset[int]:
        """Positions of words that name a place."""
        places = self.reading.places
        return frozenset(at for stretch in places for at in range(stretch.first, stretch.last))

    @cached_property
    def unknown_by_chunk(self) -> dict[int, list[int]]:
        """Positions of unexplained words between the same commas, ascending."""
        return self._unknown_by(lambda word: word.chunk)

    @cached_property
    def unknown_by_segment(self) -> dict[int, list[int]]:
        """Positions of unexplained words between the same slashes, ascending."""
        return self._unknown_by(lambda word: word.segment)

    def _unknown_by(self, part: Callable[[Word], int]) -> dict[int, list[int]]:
        found: defaultdict[int, list[int]] = defaultdict(list)
        for position, word in enumerate(self.reading.words):
            if not explained(self, position):
                found[part(word)].append(position)
        return found

    @cached_property
    def says_federal(self) -> bool:
        """The federal government, or an address of it, stands beside the names and is part of none."""
        return federal_mark_beside(self.reading, self.hits)

    def certain_beside(self, hit: Hit) -> bool:
        """Another name in the text that is sure by itself and not read through a typing error."""
        return any(
            other is not hit and other.needs in (STRONG, DESTINATION) and not other.typo
            for other in self.hits
        )

    @cached_property
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
    if word.is_number or word.concept or word.word in MEXICO_WORDS:
        return True
    return position in case.named or position in case.placed


def unknown_beside(case: Case, hit: Hit) -> bool:
    """An unexplained word directly before or after the candidate."""
    words = case.reading.words
    joined = hit.first > 0 and words[hit.first].gap == NONE and not given_to(case.reading, hit.first)
    before = joined and not explained(case, hit.first - 1)
    after = hit.last < len(words) and words[hit.last].gap == NONE and not explained(case, hit.last)
    return before or after


def unknown_in_chunk(case: Case, hit: Hit) -> bool:
    """An unexplained word between the candidate's commas; 'rifles' in 'rifles to the SSP' is none."""
    unknown = case.unknown_by_chunk.get(case.reading.words[hit.first].chunk, [])
    start = hit.first if given_to(case.reading, hit.first) else 0
    return _any_outside(unknown, hit, start)


def unknown_in_segment(case: Case, hit: Hit) -> bool:
    """An unexplained word between the same slashes as the candidate."""
    unknown = case.unknown_by_segment.get(case.reading.words[hit.first].segment, [])
    return _any_outside(unknown, hit, 0)


def _any_outside(positions: list[int], hit: Hit, start: int) -> bool:
    """One of the ascending positions is `start` or later, and not inside the candidate."""
    inside = bisect_left(positions, hit.last) - bisect_left(positions, hit.first)
    return len(positions) - bisect_left(positions, start) > inside

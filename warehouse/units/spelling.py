"""Corrects a misread or mistyped word to the registry's vocabulary, and says that it did.

One edit (insert, delete, replace, swap of neighbours) for words of six letters and more, two for words of
nine and more, only swapped or doubled letters for five; never a word that is itself known: SEMARNAT is not
SEMAR.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from warehouse.units.normalise import LOST, letters_for_digits

MIN_ONE_EDIT: Final = 6
MIN_TWO_EDITS: Final = 9
MIN_ACRONYM: Final = 5
MIN_LETTERS: Final = 3  # a word with digits for letters still shows so many letters
MAX_STOP: Final = 3
MIN_SLIP: Final = 5  # words of five letters: swapped or doubled letters only
MIN_FIRST: Final = 8  # only in words this long may the first letter itself be wrong
MAX_WORD: Final = 24  # longer runs are no words; this also bounds the work for hostile input

EXACT: Final = ""
REPAIRED: Final = "repaired"  # the publisher's encoding or scanner, not the writer, is at fault
TYPO: Final = "typo"
PLACE_TYPO: Final = "place_typo"


class Corrector:
    """Vocabulary with its neighbours by deletion, so that a look-up costs a few dictionary reads."""

    def __init__(
        self,
        *,
        names: set[str],
        places: set[str],
        foreign: set[str],
        known: set[str],
        acronyms: set[str],
        concepts: Mapping[str, str],
    ) -> None:
        self._concepts = concepts
        self._places = places
        self._known = known | names | places | foreign
        self._foreign = foreign - places - names
        self._acronyms = acronyms
        # acronyms have a list of their own: 'Sedeño', a surname, is no misprint of SEDENA
        targets = (names - acronyms) | places | foreign
        words = {word for word in targets if len(word) >= MIN_SLIP and word.isalpha()}
        self._deletions: dict[str, set[str]] = {}
        for word in words:
            for depth in range(_edits_for(word) + 1):
                for variant in _deletions(word, depth):
                    self._deletions.setdefault(variant, set()).add(word)
        self._acronym_deletions: dict[str, set[str]] = {}
        for word in acronyms:
            if len(word) >= MIN_ACRONYM:
                for variant in (*_deletions(word, 0), *_deletions(word, 1)):
                    self._acronym_deletions.setdefault(variant, set()).add(word)
        self._by_length: dict[int, list[str]] = {}
        for word in sorted(self._known):
            self._by_length.setdefault(len(word), []).append(word)
        self.correct = lru_cache(maxsize=200_000)(self._correct)

    def _correct(self, word: str, upper: bool) -> tuple[str, str]:
        """(word to use, how): EXACT, REPAIRED, TYPO or PLACE_TYPO."""
        if word in self._known or word.isdigit() or len(word) > MAX_WORD:
            return word, EXACT
        if LOST in word:
            return self._fill_lost(word), REPAIRED
        if any(char.isdigit() for char in word) and sum(map(str.isalpha, word)) >= MIN_LETTERS:
            for letters in letters_for_digits(word):
                if letters in self._known:
                    return letters, REPAIRED
        joined = word.replace("rn", "m")
        if joined != word and len(joined) >= MIN_LETTERS and joined in self._known:
            return joined, REPAIRED  # a scanner's 'Arrny'
        return self._nearest_word(word, upper) if word.isalpha() else (word, EXACT)

    def _nearest_word(self, word: str, upper: bool) -> tuple[str, str]:
        if upper and len(word) >= MIN_ACRONYM:
            acronyms = _all_nearest(word, self._acronym_deletions, 1)
            if len(acronyms) == 1:
                return acronyms[0], TYPO
        if not upper and len(word) <= MAX_STOP and is_stop_typo(word):
            return "de", REPAIRED
        near = self._nearest_name(word) if len(word) >= MIN_SLIP else ""
        if not near:
            return word, EXACT
        if near in self._foreign:
            return near, REPAIRED  # caution costs nothing: a misspelt foreign place still speaks against
        return near, PLACE_TYPO if near in self._places else TYPO

    def _nearest_name(self, word: str) -> str:
        """Of words equally near, those of one concept are one: 'polica' is 'policia' or 'police'."""
        near = _all_nearest(word, self._deletions, _edits_for(word))
        concepts = {self._concepts.get(one, one) or one for one in near}
        return near[0] if len(concepts) == 1 else ""

    def is_known(self, word: str) -> bool:
        """True for a word of the registry's names, of a place or of another body."""
        return word in self._known

    def misread(self, word: str, digit: str) -> str:
        """The known word that an unknown word and the digit glued to it make ('mexic', '0'), or ''."""
        if word in self._known:
            return ""
        return next((form for form in letters_for_digits(word + digit) if form in self._known), "")

    def is_acronym(self, word: str) -> bool:
        """True for a strong acronym long enough to be recognised when it is printed in pieces."""
        return len(word) >= MIN_ACRONYM and word in self._acronyms

    def _fill_lost(self, word: str) -> str:
        fits = [known for known in self._by_length.get(len(word), []) if _fits(word, known)]
        return fits[0] if len(fits) == 1 else word.replace(LOST, "")


@lru_cache(maxsize=10_000)
def is_stop_typo(word: str) -> bool:
    """'dde', 'dl', 'oof': a slip in a word that carries no meaning would otherwise cut a name in two."""
    from rapidfuzz.distance import OSA  # imported late, as below

    return len(word) > 1 and any(OSA.distance(word, stop) == 1 for stop in ("de", "del", "of", "the", "for"))


def _edits_for(word: str) -> int:
    return 2 if len(word) >= MIN_TWO_EDITS else 1


def _deletions(word: str, depth: int) -> set[str]:
    """The word without any `depth` of its letters."""
    if depth == 0:
        return {word}
    longer = _deletions(word, depth - 1)
    return {rest[:gone] + rest[gone + 1 :] for rest in longer for gone in range(len(rest))}


def _fits(pattern: str, word: str) -> bool:
    return all(wanted in (LOST, char) for wanted, char in zip(pattern, word, strict=True))


def _all_nearest(word: str, deletions: dict[str, set[str]], edits: int) -> list[str]:
    """The nearest vocabulary words that begin alike, or have their first two letters swapped."""
    from rapidfuzz.distance import OSA  # imported late: the command line must start fast

    candidates: set[str] = set()
    for depth in range(edits + 1):
        for variant in _deletions(word, depth):
            candidates |= deletions.get(variant, set())
    best: list[tuple[int, str]] = []
    for candidate in candidates:
        begins_alike = candidate[0] == word[0] or candidate[:2] == word[1::-1]
        distance = OSA.distance(word, candidate)
        alike = begins_alike or (distance == 1 and min(len(word), len(candidate)) >= MIN_FIRST)
        short = min(len(word), len(candidate)) < MIN_ONE_EDIT
        if short and set(word) != set(candidate):
            continue
        if alike and distance <= min(edits, _edits_for(candidate)):
            best.append((distance, candidate))
    return [candidate for distance, candidate in sorted(best) if distance == min(best)[0]]

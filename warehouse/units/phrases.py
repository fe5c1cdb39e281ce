"""Phrases of folded words, and an index that finds the longest one beginning at a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Payload = TypeVar("Payload")


@dataclass(frozen=True, slots=True)
class Phrase(Generic[Payload]):
    """A name as folded words without stop words; needs_upper for short codes (SAT is not 'sat')."""

    words: tuple[str, ...]
    payloads: tuple[Payload, ...]
    needs_upper: bool


class PhraseIndex(Generic[Payload]):
    """Finds the longest listed phrase that begins at a word."""

    def __init__(self, entries: Iterable[tuple[tuple[str, ...], Payload, bool]]) -> None:
        grouped: dict[tuple[str, ...], list[tuple[Payload, bool]]] = {}
        for words, payload, upper in entries:
            if words:
                grouped.setdefault(words, []).append((payload, upper))
        self._by_first: dict[str, list[Phrase[Payload]]] = {}
        for words, found in grouped.items():
            phrase = Phrase(words, tuple(payload for payload, _ in found), all(upper for _, upper in found))
            self._by_first.setdefault(words[0], []).append(phrase)
        for phrases in self._by_first.values():
            phrases.sort(key=lambda phrase: -len(phrase.words))

    def starting_at(self, words: list[str], position: int) -> Iterator[Phrase[Payload]]:
        """Phrases that fit the words from this position, longest first."""
        for phrase in self._by_first.get(words[position], ()):
            if tuple(words[position : position + len(phrase.words)]) == phrase.words:
                yield phrase

    def vocabulary(self) -> set[str]:
        """Every word of every phrase."""
        phrases = (phrase for group in self._by_first.values() for phrase in group)
        return {word for phrase in phrases for word in phrase.words}

    def singles(self) -> set[str]:
        """Phrases of one word."""
        return {
            phrase.words[0] for group in self._by_first.values() for phrase in group if len(phrase.words) == 1
        }

    def single(self, word: str) -> Phrase[Payload] | None:
        """The phrase of exactly this one word, or None."""
        for phrase in self._by_first.get(word, ()):
            if phrase.words == (word,):
                return phrase
        return None

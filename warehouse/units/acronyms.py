"""Acronyms of other bodies: 'SEMAR - Secretaria do Meio Ambiente' is not the Navy, nor is every FES."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from warehouse.units.case import Case
from warehouse.units.content_words import HARD, NONE, SOFT
from warehouse.units.hits import Hit
from warehouse.units.reading import Reading

_LONGEST_PART: Final = 4  # letters that one word gives to an acronym
_LONG: Final = 5  # acronyms so long are recognised when the last letter is missing: 'SEMA(R)'
_LEAST_WORDS: Final = 2
_MOST_WORDS: Final = 20  # of a name; a longer chunk is running text, and would be read word by word


def name_spelled_beside(case: Case, hit: Hit) -> str:
    """The name beside the acronym that spells it and is no name of the unit's, or ''.

    Beside means the chunk after it ('SEMAR - Secretaria ...') or, for an acronym in brackets, the one before
    ('Friedrich-Ebert-Stiftung (FES)').
    """
    if hit.rule != "acronym" or hit.last - hit.first > 1:
        return ""
    reading = case.reading
    acronym = reading.words[hit.first].word
    for first, last in _neighbours(reading, hit.first):
        # where a candidate stands, it is the unit itself, its parent or its part
        if case.named.isdisjoint(range(first, last)):
            words = [word.word for word in reading.words[first : min(last, first + _MOST_WORDS)]]
            if _spells(acronym, words):
                return reading.text[slice(*reading.span(first, last))]
    return ""


def _neighbours(reading: Reading, position: int) -> list[tuple[int, int]]:
    words = reading.words
    found = []
    first = position + 1
    if first < len(words) and words[first].gap != NONE and words[first].gap < HARD:
        found.append((first, _chunk_end(reading, first)))
    elif first < len(words) and words[first].gap == NONE and _code_follows(reading, position):
        # 'SEMAR-PI, Secretaria ...': the code of a state belongs to the acronym
        found.append((first + 1, _chunk_end(reading, first + 1)))
    alone = first == len(words) or words[first].gap != NONE
    if alone and position > 0 and words[position].gap == SOFT:
        start = position - 1
        while start > 0 and words[start].gap == NONE:
            start -= 1
        found.append((start, position))
    return found


def _code_follows(reading: Reading, position: int) -> bool:
    words = reading.words
    code = words[position + 1]
    joined = reading.text[words[position].end : code.start] == "-" and code.upper
    return joined and position + 2 < len(words) and words[position + 2].gap == SOFT


def _chunk_end(reading: Reading, first: int) -> int:
    last = first + 1
    while last < len(reading.words) and reading.words[last].gap == NONE:
        last += 1
    return last


def _spells(acronym: str, words: Sequence[str]) -> bool:
    """True when beginnings of the words, in order from the first, make the acronym."""
    wanted = (acronym, acronym[:-1]) if len(acronym) >= _LONG else (acronym,)
    return any(_made_of(part, words, 0) >= _LEAST_WORDS for part in wanted)


def _made_of(rest: str, words: Sequence[str], used: int) -> int:
    """How many words spell the rest; 0 when they do not. Words after the first may be passed over."""
    if not rest:
        return used
    if not words:
        return 0
    word = words[0]
    for length in range(1, min(_LONGEST_PART, len(rest), len(word)) + 1):
        if word[:length] != rest[:length]:
            break
        found = _made_of(rest[length:], words[1:], used + 1)
        if found:
            return found
    return _made_of(rest, words[1:], used) if used else 0

"""German, French, Italian and Portuguese wordings of a Mexican body, read as the registry's own words.

A word is translated only where the text says Mexico in that language: 'mexikanische Marine' is the Navy, the
'Marine' of another text is not. The word that says Mexico is itself a row of translations.csv.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace

from warehouse.units.normalise import Token, normalise
from warehouse.units.phrases import PhraseIndex


class Tongues:
    """The phrases of translations.csv by language."""

    def __init__(self, rows: Iterable[Mapping[str, str]], mexico_words: Set[str]) -> None:
        entries = [
            (tuple(normalise(row["phrase"]).split()), (row["language"], tuple(row["words"].split())))
            for row in rows
        ]
        self._phrases = PhraseIndex((phrase, payload, False) for phrase, payload in entries)
        self._mexico: dict[str, set[str]] = {}
        for phrase, (language, words) in entries:
            if len(phrase) == 1 and len(words) == 1 and words[0] in mexico_words:
                self._mexico.setdefault(phrase[0], set()).add(language)

    def translated(self, tokens: list[Token]) -> list[Token]:
        """The tokens with each phrase of a language that the text uses put into the registry's words, all of
        which stand where the phrase stands; a phrase without words is left out."""
        languages = {language for token in tokens for language in self._mexico.get(token.word, ())}
        if not languages:
            return tokens
        folded = [token.word for token in tokens]
        out: list[Token] = []
        position = 0
        while position < len(tokens):
            found = self._at(folded, position, languages)
            if found is None:
                out.append(tokens[position])
                position += 1
                continue
            words, length = found
            first, last = tokens[position], tokens[position + length - 1]
            out += [replace(first, word=word, end=last.end) for word in words]
            position += length
        return out

    def _at(
        self, folded: list[str], position: int, languages: set[str]
    ) -> tuple[tuple[str, ...], int] | None:
        for phrase in self._phrases.starting_at(folded, position):
            for language, words in phrase.payloads:
                if language in languages:
                    return words, len(phrase.words)
        return None

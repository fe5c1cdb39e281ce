"""The content words of a text: acronyms joined, slips mended, stop words gone, each with the break before it.

A break says how strongly a word is parted from the one before: NONE, SOFT (comma, bracket, dash), HARD
(slash, tab, 'on behalf of') or LISTED (semicolon, bar, line end).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from warehouse.units.lexicon import Lexicon
from warehouse.units.normalise import Token
from warehouse.units.spelling import MAX_STOP, is_stop_typo

NONE: Final = 0
SOFT: Final = 1
HARD: Final = 2
LISTED: Final = 3  # semicolon, bar, line end: names in a list, never a letterhead and its part
CONJUNCTIONS: Final = frozenset({"and", "y", "e"})
_SPLIT_ACRONYM_PART: Final = 3
_ROLE_OF_THE_NAME_BEFORE: Final = re.compile(r"(\(\s*|\b(as|como)\s+(the\s+|el\s+|la\s+)?)$", re.IGNORECASE)
_AS: Final = frozenset({"as", "como"})
_NEAR: Final = 20  # characters before a role in which those words stand


@dataclass(slots=True)
class Word:
    """One content word."""

    word: str
    start: int
    end: int
    upper: bool
    ordinal: bool
    gap: int
    how: str
    concept: str
    after_and: bool
    segment: int = 0
    chunk: int = 0
    role: str = ""

    @property
    def is_number(self) -> bool:
        return self.word.isdigit()


def _gap(between: str) -> int:
    if any(char in between for char in ";|\n\r"):
        return LISTED
    if "/" in between or "\t" in between:
        return HARD
    if any(char in between for char in ',():[]{}"“”') or " -" in between or "- " in between or "–" in between:
        return SOFT
    return NONE


def words_of(text: str, tokens: list[Token], lexicon: Lexicon) -> list[Word]:
    words: list[Word] = []
    tokens = lexicon.tongues.translated(tokens)
    tokens = _join_misread_ends(_join_split_acronyms(tokens, lexicon), lexicon)
    folded = [token.word for token in tokens]
    gap, after_and, role, position = NONE, False, "", 0
    while position < len(tokens):
        token = tokens[position]
        if position:
            gap = max(gap, _gap(text[tokens[position - 1].end : token.start]))
        phrase = next(lexicon.roles.starting_at(folded, position), None)
        if phrase is not None:
            role = _role_after(phrase.payloads[0], words, gap, text, token)
            gap, position = max(gap, HARD), position + len(phrase.words)
            continue
        position += 1
        if _is_slip_of_a_stop_word(text, token, lexicon):
            continue
        if token.word in CONJUNCTIONS or text[token.start - 1 : token.start] == "&":
            after_and = True
        word, how = lexicon.corrector.correct(token.word, token.upper)
        word = lexicon.spelling.get(word, word)
        if lexicon.concept.get(word) == "STOP":
            continue
        if "&" in text[tokens[position - 2].end : token.start] and position > 1:
            after_and = True
        concept = lexicon.concept.get(word, "")
        words.append(
            Word(
                word,
                token.start,
                token.end,
                token.upper,
                token.ordinal,
                gap,
                how,
                concept,
                after_and,
                role=role,
            )
        )
        gap, after_and = NONE, False
    return words


def _is_slip_of_a_stop_word(text: str, token: Token, lexicon: Lexicon) -> bool:
    """'Secretary pf Defense': in small letters 'pf' is no acronym but a slip of 'of'."""
    short = 1 < len(token.word) <= MAX_STOP and text[token.start : token.end].islower()
    if not short or text.islower() or lexicon.concept.get(token.word) or token.word in lexicon.ordinals:
        return False
    return lexicon.corrector.is_known(token.word) and is_stop_typo(token.word)


def _role_after(role: str, words: list[Word], gap: int, text: str, token: Token) -> str:
    """A role in brackets or after 'as' belongs to the name before it, 'SEDENA (consignee)', 'SEDENA as
    consignee for the Guardia Nacional'; else to the name after."""
    of_name_before = _ROLE_OF_THE_NAME_BEFORE.search(text[max(token.start - _NEAR, 0) : token.start])
    if words and words[-1].word in _AS:
        words.pop()
    if not of_name_before or not words:
        return role
    for word in reversed(words):
        word.role = role
        if word.gap >= HARD:
            break
    return ""


def _join_misread_ends(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """'MEXIC0': a digit at the end is a misread letter where that makes a known word, else a footnote."""
    joined: list[Token] = []
    for token in tokens:
        before = joined[-1] if joined else None
        if before is not None and before.end == token.start and len(token.word) == 1 and token.word.isdigit():
            whole = lexicon.corrector.misread(before.word, token.word)
            if whole:
                joined[-1] = Token(whole, before.start, token.end, before.upper)
                continue
        joined.append(token)
    return joined


def _join_split_acronyms(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """'SE DE NA' is SEDENA: short capital tokens whose letters together are a known long acronym."""
    joined: list[Token] = []
    position = 0
    while position < len(tokens):
        stop = position
        while (
            stop < len(tokens) and tokens[stop].upper and len(tokens[stop].word) <= _SPLIT_ACRONYM_PART
        ) and stop - position < 8:
            stop += 1
        token, position = _longest_join(tokens, position, stop, lexicon)
        joined.append(token)
    return joined


def _longest_join(tokens: list[Token], first: int, stop: int, lexicon: Lexicon) -> tuple[Token, int]:
    for last in range(stop, first + 1, -1):
        word = "".join(token.word for token in tokens[first:last])
        if lexicon.corrector.is_acronym(word):
            return Token(word, tokens[first].start, tokens[last - 1].end, True), last
    return tokens[first], first + 1

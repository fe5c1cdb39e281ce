"""Folds a printed end-user text to plain tokens, and remembers where in the original each token stands.

Repairs what the reports really contain (docs/units.md 3.2): accents, mojibake of CP850, Latin-1 and UTF-8,
'?' for a lost letter, digits read for letters in capitals, dotted acronyms, ordinals. Nothing here knows a
unit; every step is linear in the length of the text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from html.entities import codepoint2name
from itertools import product
from typing import Final

MAX_LENGTH: Final = 2000
LOST: Final = "?"  # stands in a folded word for one letter that the publisher's encoding lost

_LETTERS: Final = "áéíóúüñÁÉÍÓÚÜÑº°ª"
# (bytes written in, bytes read as): the pairs that were seen in the US training reports and Mexican PDFs.
_CODEC_PAIRS: Final = (
    ("utf-8", "latin-1"),
    ("utf-8", "cp1252"),
    ("cp850", "latin-1"),
    ("cp850", "cp1252"),
    ("latin-1", "cp850"),
    ("utf-8", "mac_roman"),
    ("mac_roman", "cp1252"),
)
_QUOTES: Final = frozenset("’‘“”–—…•")  # stand in words by right: Mexico’s
_DIGIT_LOOKALIKES: Final = str.maketrans({"0": "o", "1": "i", "5": "s", "8": "b"})
_ORDINAL_ENDS: Final = frozenset(
    [
        "o",
        "a",
        "er",
        "era",
        "do",
        "da",
        "ra",
        "ro",
        "to",
        "ta",
        "vo",
        "va",
        "mo",
        "ma",
        "no",
        "na",
        "avo",
        "ava",
        "st",
        "nd",
        "rd",
        "th",
    ]
)
_MANY_CHARACTERS: Final = 4_096  # kept folded: more than any script of a report has
_MANY_TEXTS: Final = 16_384  # kept normalised: the registry's names several times over
_MARKS: Final = frozenset("?�")
_MOST_LOST: Final = 5  # a longer row of marks is no letter; this also bounds the work for hostile input
_ASCII_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz")
_TOKEN: Final = re.compile(r"[a-z0-9?]+")
_NUMBER_WITH_END: Final = re.compile(r"(\d{1,5})([a-z]{1,3})")
_WORD_WITH_DIGITS: Final = re.compile(r"([a-z]{4,})(\d{1,6})")
_LETTER_DASH_NUMBER: Final = re.compile(r"[a-z]-\d{1,3}")
_MIN_CAPITALS: Final = 3  # capitals that show a word to be printed in capitals but for one misread letter
_PORTUGUESE_OF: Final = re.compile(r"(?<![\d/])(?<![\d/] )\b(do|das) [a-zà-ÿ]{3}")
_DASHES: Final = frozenset("-‐‑‒–—")


@dataclass(frozen=True, slots=True)
class Token:
    """One word: `word` is folded; text[start:end] of the original is what was printed."""

    word: str
    start: int
    end: int
    upper: bool
    ordinal: bool = False  # a number printed with its ordinal mark: 27/o., 27º, 27th


@cache
def _mojibake() -> dict[str, str]:
    """Wrong sequences to the letter meant, once and twice mangled, and HTML names of letters."""
    table: dict[str, str] = {"ï¿½": LOST}
    for letter in _LETTERS:
        for pairs in (*product(_CODEC_PAIRS), *product(_CODEC_PAIRS[:2], repeat=2)):
            wrong = _mangled(letter, pairs)
            if wrong and wrong != letter and not wrong.isascii() and wrong not in _QUOTES:
                table.setdefault(wrong, letter)
        if ord(letter) in codepoint2name:
            table[f"&{codepoint2name[ord(letter)]};"] = letter
    return table


def _mangled(letter: str, pairs: tuple[tuple[str, str], ...]) -> str:
    """The letter written and read with each pair of encodings in turn; '' where that cannot be."""
    for written, read in pairs:
        try:
            letter = letter.encode(written).decode(read)
        except (UnicodeDecodeError, UnicodeEncodeError):
            return ""  # this letter does not exist in that code page: no such mojibake
    return letter


@cache
def _mojibake_lengths() -> tuple[int, ...]:
    return tuple(sorted({len(wrong) for wrong in _mojibake() if len(wrong) > 1}, reverse=True))


def _repaired(text: str) -> list[tuple[str, int, int]]:
    """Characters with their place in the original, mojibake replaced: (char, start, end)."""
    table = _mojibake()
    out: list[tuple[str, int, int]] = []
    index = 0
    while index < len(text):
        char = text[index]
        if not char.isascii() or char == "&":
            sequences = (text[index : index + length] for length in _mojibake_lengths())
            wrong = next((sequence for sequence in sequences if sequence in table), "")
            if len(wrong) > 1:
                out.append((table[wrong], index, index + len(wrong)))
                index += len(wrong)
                continue
        # A lone sign such as '¡' or '£' is a lost letter only inside a word; outside it is itself.
        if char in table and not char.isalpha() and _inside_word(text, index):
            char = table[char]
        out.append((char, index, index + 1))
        index += 1
    return out


def _inside_word(text: str, index: int) -> bool:
    before = index > 0 and text[index - 1].isalpha()
    after = index + 1 < len(text) and text[index + 1].isalpha()
    return before and after


@lru_cache(maxsize=_MANY_CHARACTERS)
def _fold_char(char: str) -> str:
    if char in "º°ª":
        return "o" if char != "ª" else "a"
    decomposed = unicodedata.normalize("NFKD", char)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded characters and, for each, its start and end in the original text."""

    chars: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def fold(text: str) -> Folded:
    """Lower case without accents, one entry per folded character; control characters become spaces."""
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    repaired = _repaired(text)
    for position, (char, start, end) in enumerate(repaired):
        for piece in _fold_one(char, position, repaired):
            chars.append(piece)
            starts.append(start)
            ends.append(end)
    return Folded("".join(chars), tuple(starts), tuple(ends))


def _fold_one(char: str, position: int, repaired: list[tuple[str, int, int]]) -> str:
    if char in _MARKS:
        if not _between_letters(position, repaired):
            return " "
        return LOST if repaired[position - 1][0] not in _MARKS else ""  # 'Polic??a' lost one letter
    return _fold_alone(char)


@lru_cache(maxsize=_MANY_CHARACTERS)
def _fold_alone(char: str) -> str:
    """What a character becomes whatever stands beside it."""
    if unicodedata.category(char) in ("Cc", "Cf", "Zs", "Zl", "Zp"):
        return "" if char in "​‌‍﻿­" else " "
    if char in _DASHES:
        return "-"
    return _fold_char(char).replace(LOST, " ")


def _between_letters(position: int, repaired: list[tuple[str, int, int]]) -> bool:
    """A '?' is a lost letter between two letters only: a question mark at the end of a word is not."""
    first, last = position, position
    while first >= 0 and repaired[first][0] in _MARKS and position - first < _MOST_LOST:
        first -= 1
    while last < len(repaired) and repaired[last][0] in _MARKS and last - position < _MOST_LOST:
        last += 1
    if first < 0 or last == len(repaired):
        return False
    return all(_fold_char(repaired[edge][0])[:1] in _ASCII_LETTERS for edge in (first, last))


def tokenise(text: str) -> list[Token]:
    """Tokens of a text in order, dotted acronyms joined (S.E.D.E.N.A. is one token), ordinals as numbers.

    Spans are positions in `text` itself. Never raises; texts over MAX_LENGTH are the caller's to cut.
    """
    folded = fold(text)
    raw = [match.span() for match in _TOKEN.finditer(folded.chars)]
    tokens: list[Token] = []
    position = 0
    while position < len(raw):
        stop = _dotted_run(folded.chars, raw, position)
        if stop - position > 1:
            word = "".join(folded.chars[start:end] for start, end in raw[position:stop])
            tokens.append(_token(text, folded, word, raw[position][0], raw[stop - 1][1]))
            position = stop
            continue
        position = _add_plain(text, folded, raw, position, tokens)
    return tokens


def _dotted_run(chars: str, raw: list[tuple[int, int]], position: int) -> int:
    """Where a run of single letters joined by dots ends; position + 1 when there is none."""
    stop = position
    while stop < len(raw) and raw[stop][1] - raw[stop][0] == 1 and chars[raw[stop][0]].isalpha():
        stop += 1
        if stop >= len(raw) or chars[raw[stop - 1][1] : raw[stop][0]] != ".":
            break
    return max(stop, position + 1)


def _token(text: str, folded: Folded, word: str, first: int, last: int, *, ordinal: bool = False) -> Token:
    start, end = folded.starts[first], folded.ends[last - 1]
    printed = text[start:end]
    return Token(_unread(word, printed), start, end, _in_capitals(printed), ordinal)


def _in_capitals(printed: str) -> bool:
    """Capitals throughout; the small 'y' of SSyPC and an 'l' read for 'I' (GUARDlA) do not count."""
    if printed.upper() == printed:
        return any(char.isalpha() for char in printed)
    small = {char for char in printed if char.islower()}
    return small in ({"y"}, {"l"}) and sum(char.isupper() for char in printed) >= _MIN_CAPITALS


def _unread(word: str, printed: str) -> str:
    """'GUARDlA' and 'FederaI': scanners take a capital I and a small l for each other."""
    if len(word) != len(printed) or "?" in word:
        return word
    if "l" in printed and _in_capitals(printed):
        return "".join("i" if mark == "l" else char for char, mark in zip(word, printed, strict=True))
    if "I" not in printed[1:] or not any(char.islower() for char in printed):
        return word
    return "".join(
        "l" if mark == "I" and place and printed[place - 1].islower() else char
        for place, (char, mark) in enumerate(zip(word, printed, strict=True))
    )


def _add_plain(
    text: str, folded: Folded, raw: list[tuple[int, int]], position: int, tokens: list[Token]
) -> int:
    """Append the token at `position`, with its ordinal ending when one follows; gives the next position."""
    start, end = raw[position]
    word = folded.chars[start:end]
    if position + 1 < len(raw) and _LETTER_DASH_NUMBER.fullmatch(folded.chars[start : raw[position + 1][1]]):
        # 'S-2', 'A-3': the letter alone would be lost among the words without meaning
        code = word + folded.chars[slice(*raw[position + 1])]
        tokens.append(_token(text, folded, code, start, raw[position + 1][1]))
        return position + 2
    if word.isdigit() and position + 1 < len(raw):
        after_start, after_end = raw[position + 1]
        glue = folded.chars[end:after_start]
        if folded.chars[after_start:after_end] in _ORDINAL_ENDS and glue in ("/", "/ ", ".", "'"):
            tokens.append(_token(text, folded, word, start, after_end, ordinal=True))
            return position + 2
    numbered = _NUMBER_WITH_END.fullmatch(word)
    if numbered and numbered.group(2) in _ORDINAL_ENDS:
        tokens.append(_token(text, folded, numbered.group(1), start, end, ordinal=True))
        return position + 1
    glued = _WORD_WITH_DIGITS.fullmatch(word)
    if glued and not _looks_misread(text[folded.starts[start] : folded.ends[end - 1]]):
        middle = start + len(glued.group(1))
        tokens.append(_token(text, folded, glued.group(1), start, middle))
        tokens.append(_token(text, folded, glued.group(2), middle, end))
        return position + 1
    tokens.append(_token(text, folded, word, start, end))
    return position + 1


def _looks_misread(printed: str) -> bool:
    """Digits inside a capital word (DEFEN5A) are misread letters; at its end (SEMAR5) a footnote."""
    return printed.isupper() and any(c.isdigit() for c in printed[:-1].rstrip("0123456789"))


def undo_digit_lookalikes(word: str) -> str:
    """The word with 0, 1, 5 and 8 read as o, i, s and b: P0LICIA, 5ECRETARIA."""
    return word.translate(_DIGIT_LOOKALIKES)


def letters_for_digits(word: str) -> tuple[str, ...]:
    """Readings of a word with misread letters: its 1 may be an i (NAC1ONAL) or an l (NACIONA1)."""
    return tuple(dict.fromkeys(undo_digit_lookalikes(form) for form in (word, word.replace("1", "l"))))


@lru_cache(maxsize=_MANY_TEXTS)
def normalise(text: str) -> str:
    """The tokens' words joined by one space: the form under which names are compared. Idempotent."""
    return " ".join(token.word for token in tokenise(text))


def roman_value(word: str) -> int | None:
    """The value of a roman numeral up to 189 (i, iv, xxvii, cii), else None."""
    match = re.fullmatch(r"(c?)(l?x{0,3}|xl)(ix|iv|v?i{0,3})", word)
    if match is None or word in ("", "c"):
        return None
    tens = {"": 0, "x": 10, "xx": 20, "xxx": 30, "xl": 40, "l": 50, "lx": 60, "lxx": 70, "lxxx": 80}
    ones = {"": 0, "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9}
    return 100 * len(match.group(1)) + tens[match.group(2)] + ones[match.group(3)]


def holds_portuguese(text: str) -> bool:
    """True for the Portuguese spellings of police and security, and for 'do' and its like: 'polícia',
    'segurança', 'do Distrito Federal'."""
    lowered = unicodedata.normalize("NFC", text).casefold()
    return "polícia" in lowered or "segurança" in lowered or bool(_PORTUGUESE_OF.search(lowered))

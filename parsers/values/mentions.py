"""Country names inside running text: each mention with its place, and whether it stands for the country.

A name counts as the country (``free``) only when it is no part of another name: New Mexico, the Gulf of
Mexico, Mexico in Missouri, the State of Mexico, ``Colt Canada Corporation`` and ``Israel National Police``
are not free. Adjectives (``Mexican Navy``) are evidence of their own kind. Data: ``place_gates.csv``,
``us_states.csv``, ``demonyms.csv``. Knowledge: sources.md section C, "Traps".
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.resources import files

from parsers.values.countries import names, normal_name

_TOKEN = re.compile(r"[Pp]eople['’]s|[^\W_](?:[^\W_]|['’‘`´ʼ.](?=[^\W_])(?!s\b))*|&")
_INSIDE_NAME = re.compile(r"[\s\-]+|,\s|\.\s|\s\(")
_STATE_AFTER = re.compile(r"(?:, [A-Z]\w+ County)?\s?[,(]\s?(?:in )?([A-Z][\w. ]{1,20})")
_FORM_AFTER = re.compile(
    r"\),? (?:Inc|Ltd|Limited|LLC|Corp|Co\b|Company|PLC|plc|GmbH|AG|S\.? ?A|S\.? de|Pty|Pte|B\.?V|A/S|AB\b)"
)
_SHORT = frozenset({"uk"})  # the only name of two letters that texts use; "in", "us" and the like are words
_REALMS = frozenset({"Republic", "Kingdom", "Federation", "Confederation"})
_LONGEST = 9  # words: the United Kingdom of Great Britain and Northern Ireland has eight
# Words with a capital that may stand before or after a country without making one name with it.
_LOOSE_BEFORE = re.compile(
    "to|in|of|from|for|by|and|or|via|the|with|northern|southern|eastern|western|central|mainland",
    re.IGNORECASE,
)
# What stands between the countries of a list.
_JOINTS = (", ", ", and ", " and ", ", or ", " or ", ", as well as ", " as well as ")
_OWN = frozenset({"U.S", "US", "U.S.A", "USA"})  # "the U.S.-Mexico border" lies in both and is no destination
_NEVER_TOWNS = frozenset({"MX"})  # whatever else a sentence may be short of, none to Mexico may be lost
_AMBIGUOUS_STATE = {"GE": frozenset({"tbilisi", "kutaisi", "batumi", "rustavi", "gori", "poti"})}


class Kind(Enum):
    """What a mention is: the country itself, a part of another name, an adjective, a place that is none."""

    FREE = "free"
    IN_NAME = "in_name"
    ADJECTIVE = "adjective"
    GATED = "gated"


@dataclass(frozen=True, slots=True)
class Mention:
    """A country's name or adjective in a text, from ``start`` to ``end``."""

    start: int
    end: int
    alpha2: str
    text: str
    kind: Kind


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((files(__package__) / name).read_text("utf-8").splitlines()))


@cache
def _lexicon() -> dict[str, tuple[str, bool]]:
    """Normal names and adjectives to (code, is an adjective)."""
    adjectives = {
        normal_name(word): (row["alpha2"], True)
        for row in _rows("demonyms.csv")
        for word in row["adjectives"].split("|")
    }
    return adjectives | {
        name: (alpha2, False) for name, alpha2 in names().items() if len(name) > 2 or name in _SHORT
    }


@cache
def _english() -> frozenset[str]:
    """Normal names that a text in English gives to countries."""
    printed = [row["en"] for row in _rows("countries.csv")] + [
        row["name"] for row in _rows("country_aliases.csv")
    ]
    return frozenset(normal_name(name) for name in printed)


@cache
def _beginnings() -> frozenset[str]:
    """All proper beginnings of names of several words, so that the search stops early."""
    return frozenset(
        " ".join(words[:count])
        for words in (name.split() for name in _lexicon())
        for count in range(1, len(words))
    )


@cache
def _gates(side: str) -> tuple[tuple[str, str], ...]:
    return tuple((row["words"], row["alpha2"]) for row in _rows("place_gates.csv") if row["side"] == side)


@cache
def _states() -> frozenset[str]:
    return frozenset(word for row in _rows("us_states.csv") for word in row.values() if word)


def mentions(text: str) -> list[Mention]:
    """All mentions of countries in a text, in order and without overlap; the longest name wins."""
    tokens = list(_TOKEN.finditer(text))
    found: list[Mention] = []
    at = 0
    while at < len(tokens):
        match = _longest(text, tokens, at)
        if match is None:
            at += 1
            continue
        stop, alpha2, adjective = match
        if adjective and _is_realm(text, tokens, stop):
            stop, adjective = stop + 1, False  # "the Mexican Republic" is the country
        start, end = tokens[at].start(), tokens[stop - 1].end()
        end += "(" in text[start:end] and text[end : end + 1] == ")"  # China (Taiwan)
        kind = Kind.ADJECTIVE if adjective else _kind(text, tokens, at, stop, alpha2, found)
        following = tokens[stop] if stop < len(tokens) else None
        if adjective and (
            _gated_before(tokens, at, alpha2)
            or _gated_by_next(text, end, following, alpha2, "after_adjective")
        ):
            kind = Kind.GATED
        found.append(Mention(start, end, alpha2, text[start:end], kind))
        at = stop
    return found


def _is_realm(text: str, tokens: list[re.Match[str]], at: int) -> bool:
    follows = at < len(tokens) and tokens[at].group() in _REALMS
    return follows and text[tokens[at - 1].end() : tokens[at].start()] == " "


def _longest(text: str, tokens: list[re.Match[str]], at: int) -> tuple[int, str, bool] | None:
    if not tokens[at].group()[0].isupper():
        return None
    best: tuple[int, str, bool] | None = None
    name = ""
    for stop in range(at + 1, min(at + _LONGEST, len(tokens)) + 1):
        if stop > at + 1 and not _INSIDE_NAME.fullmatch(
            text, tokens[stop - 2].end(), tokens[stop - 1].start()
        ):
            break
        name = normal_name(f"{name} {tokens[stop - 1].group()}")
        entry = _lexicon().get(name)
        if entry is not None and _comma_free(text, tokens, at, stop):
            best = (stop, *entry)
        if name not in _beginnings():
            break
    return best


def _comma_free(text: str, tokens: list[re.Match[str]], at: int, stop: int) -> bool:
    return "," not in text[tokens[at].start() : tokens[stop - 1].end()]


def _words_before(tokens: list[re.Match[str]], at: int) -> str:
    return normal_name(" ".join(token.group() for token in tokens[max(at - 3, 0) : at]))


def _gated_before(tokens: list[re.Match[str]], at: int, alpha2: str) -> bool:
    before = f" {_words_before(tokens, at)}"
    return any(before.endswith(f" {words}") for words, only in _gates("before") if not only or only == alpha2)


def _kind(
    text: str, tokens: list[re.Match[str]], at: int, stop: int, alpha2: str, found: list[Mention]
) -> Kind:
    start, end = tokens[at].start(), tokens[stop - 1].end()
    following = tokens[stop] if stop < len(tokens) else None
    if _gated_before(tokens, at, alpha2) or _gated_after(text, end, following, alpha2):
        return Kind.GATED
    if alpha2 in _AMBIGUOUS_STATE and _is_us_state(text, tokens, at, alpha2, found):
        return Kind.GATED
    if at and tokens[at - 1].group() in _OWN and text[tokens[at - 1].end() : start] in ("-", ".-"):
        return Kind.GATED
    if _is_town_of_next(text, tokens, at, stop, alpha2):
        return Kind.GATED
    if at and _one_name(text, tokens[at - 1], start) and not _is_loose(tokens[at - 1].group()):
        return Kind.IN_NAME
    if text[end : end + 2] in ("'s", "’s") or text[end : end + 1] == "-":
        return Kind.IN_NAME
    if text[max(start - 1, 0) : start] == "(" and _FORM_AFTER.match(text, end):
        return Kind.IN_NAME  # Example Arms (UK) plc
    # "U.A.E. General Headquarters": the full stop is the abbreviation's.
    gaps = (" ", ". ") if "." in text[start:end] else (" ",)
    if following is not None and text[end : following.start()] in gaps and following.group()[0].isupper():
        return Kind.IN_NAME
    return Kind.FREE


def _gated_after(text: str, end: int, following: re.Match[str] | None, alpha2: str) -> bool:
    if _gated_by_next(text, end, following, alpha2, "after"):
        return True
    state = _STATE_AFTER.match(text, end)
    return state is not None and _begins_with_state(state.group(1))


def _gated_by_next(text: str, end: int, following: re.Match[str] | None, alpha2: str, side: str) -> bool:
    if following is None or not text[end : following.start()].isspace() or following.group()[0].islower():
        return False
    word = normal_name(following.group())
    return any(word == words for words, only in _gates(side) if not only or only == alpha2)


def _begins_with_state(text: str) -> bool:
    words = text.replace(".", "").split()
    return any(" ".join(words[:count]) in _states() for count in (1, 2))


def _is_us_state(text: str, tokens: list[re.Match[str]], at: int, alpha2: str, found: list[Mention]) -> bool:
    """``Smyrna, Georgia`` is the US state; ``Armenia, Georgia`` and ``Tbilisi, Georgia`` are the country."""
    if not at or text[tokens[at - 1].end() : tokens[at].start()] != ", ":
        return False
    before = tokens[at - 1]
    if found and found[-1].end == before.end():
        return False
    return before.group()[0].isupper() and before.group().lower() not in _AMBIGUOUS_STATE[alpha2]


def _is_town_of_next(text: str, tokens: list[re.Match[str]], at: int, stop: int, alpha2: str) -> bool:
    """Whether a name before another country is a town of that one: ``in Santa Lucia, Mexico``.

    A list of two says ``and``; one of three goes on behind. A name that English does not give the country,
    and one that somebody is ``in``, is the town; ``to Canada, Mexico`` may be a list that lost its ``and``.
    """
    place = _next_country(text, tokens, stop, ", ")
    if place is None or place[1] == alpha2:
        return False
    if any(_next_country(text, tokens, place[0], joint) for joint in _JOINTS):
        return False
    is_within = bool(at) and tokens[at - 1].group() in ("in", "at", "near") and alpha2 not in _NEVER_TOWNS
    return is_within or normal_name(text[tokens[at].start() : tokens[stop - 1].end()]) not in _english()


def _next_country(text: str, tokens: list[re.Match[str]], stop: int, joint: str) -> tuple[int, str] | None:
    """The country that follows a name behind a comma or ``and``: the token after it, and its code."""
    end = tokens[stop - 1].end()
    begin = next((at for at in range(stop, min(stop + 5, len(tokens))) if tokens[at].group()[0].isupper()), 0)
    if not begin or text[end : tokens[begin].start()] not in (joint, f"{joint}the "):
        return None
    found = _longest(text, tokens, begin)
    return None if found is None or found[2] else found[:2]


def _one_name(text: str, before: re.Match[str], start: int) -> bool:
    between = text[before.end() : start]
    # "the U.S.-Mexico border": the full stop is the abbreviation's.
    hyphened = between in ("-", ".-")
    return hyphened or (between == " " and before.group()[0].isupper())


def _is_loose(word: str) -> bool:
    return _LOOSE_BEFORE.fullmatch(word) is not None


def is_in_us_state(text: str) -> bool:
    """Whether a text is a place with its US state, such as ``Laredo, Texas``."""
    place, _, state = text.rpartition(", ")
    return bool(place) and state.replace(".", "") in _states()


def free_mentions(text: str) -> Iterator[Mention]:
    """Only the mentions that stand for the country itself."""
    return (mention for mention in mentions(text) if mention.kind is Kind.FREE)

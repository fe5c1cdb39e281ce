"""Country names as publishers print them to ISO 3166-1 alpha-2, by whole-name look-up.

A name is looked up whole, never searched inside a text: ``New Mexico``, ``Gulf of Mexico``, ``Mexico, MO``
and ``Estado de México`` are not the country (sources.md section C). Data beside this file:
``countries.csv`` (code and names in six languages, former states too), ``country_aliases.csv`` (names as
printed, each with its reason) and ``country_groups.csv`` (names that are no single country).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from parsers.record import CellError

_LANGUAGES = ("en", "nl", "de", "fr", "es", "it")
_SAME_WORD = {"&": "and", "st": "saint", "ste": "sainte"}
_WRITTEN_OUT = {
    "dem": "Democratic ",
    "rep": "Republic ",
    "fed": "Federated ",
    "is": "Islands ",
    "terr": "Territory ",
}
_CUT_SHORT = re.compile(rf"\b({'|'.join(_WRITTEN_OUT)})\.\s*", re.IGNORECASE)
# "CHINA, TAIWAN" in a list is two places; "Bosnia and Herzegovina" and "Trinidad & Tobago" are one each.
_LISTS = (re.compile(","), re.compile(r"[,;/+]|\s(?:&|and|en|und|et|y)\s", re.IGNORECASE))
# A mark that only divides or points to a footnote is dropped; any other ("?", "=") counts, and so is unknown.
_WORDS = re.compile(r"[^\W_]+|[^\w\s,()\[\]/:;+*\-‐‑–—]")
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "ı": "i", "đ": "d"})


def normal_name(text: str) -> str:
    """A name reduced to what distinguishes it: lower case, no accents, punctuation or ``the``."""
    lowered = text.casefold().translate(_LETTERS)
    plain = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    joined = re.sub(r"['’‘`´ʼ.]", "", plain)
    words = _WORDS.findall(joined)
    return " ".join(_SAME_WORD.get(word, word) for word in words if word != "the")


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("parsers.values") / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    printed = [(row["alpha2"], row[lang]) for row in _rows("countries.csv") for lang in _LANGUAGES]
    printed += [(row["alpha2"], row["name"]) for row in _rows("country_aliases.csv")]
    for alpha2, name in printed:
        if name and names.setdefault(normal_name(name), alpha2) != alpha2:
            raise ValueError(f"country name {name!r} stands for both {names[normal_name(name)]} and {alpha2}")
    return names


@cache
def _groups() -> frozenset[str]:
    return frozenset(normal_name(row["name"]) for row in _rows("country_groups.csv"))


@cache
def _alpha3() -> dict[str, str]:
    return {row["alpha3"]: row["alpha2"] for row in _rows("countries.csv") if row["alpha3"]}


def names() -> Mapping[str, str]:
    """Every known name in its normal form (see ``normal_name``) to its alpha-2 code, to search texts with."""
    return _names()


@cache
def codes() -> frozenset[str]:
    """All alpha-2 codes that a record may carry, former states included."""
    return frozenset(row["alpha2"] for row in _rows("countries.csv"))


def _whole_name(text: str) -> str | None:
    found = _names().get(normal_name(text))
    if found is None and text.count(",") == 1:
        # "Korea, Republic of" is the inverted form of "Republic of Korea".
        head, tail = text.split(",")
        found = _names().get(normal_name(f"{tail} {head}"))
    return found


@cache
def _look_up(text: str) -> str | None:
    found = _whole_name(text)
    if found is None and "." in text:
        # "Congo, Dem. Rep. of the": only a word that its point shows to be cut short is written out
        found = _whole_name(_CUT_SHORT.sub(lambda cut: _WRITTEN_OUT[cut[1].casefold()], text))
    return found


def country(text: str) -> str:
    """The ISO 3166-1 alpha-2 code of a country name in any of six languages.

    Case, accents, punctuation, blanks and the order around one comma do not matter; former names give the
    present code, former states the code they had (``countries.csv`` says which). Two-letter codes are not
    names: see ``country_of_code``. Raises CellError for a blank cell, a group and an unknown name.
    """
    found = _look_up(text)
    if found is not None:
        return found
    if not text.strip():
        raise CellError("the country is blank")
    if is_group(text):
        raise CellError(f"{text.strip()!r} is a group, not one country")
    raise CellError(f"{text.strip()!r} is not a known country name")


def country_of_code(text: str) -> str:
    """The alpha-2 code of a cell that holds a code (``MX`` or ``MEX``). Raises CellError for other text."""
    code = text.strip()
    if code in codes():
        return code
    if code in _alpha3():
        return _alpha3()[code]
    raise CellError(f"{text!r} is not an ISO 3166-1 code")


def is_group(text: str) -> bool:
    """Whether a name stands for several or no particular country (``NAFTA``, ``Diverse landen``)."""
    return normal_name(text) in _groups()


def country_or_group(text: str) -> str | None:
    """The code of a country, or None for a group, whose printed name then has to stand beside it.

    Raises CellError for a blank cell and an unknown name.
    """
    return None if is_group(text) else country(text)


def countries_in(text: str) -> list[str | None]:
    """The destinations that a cell lists: codes, and one None for all its groups together.

    ``EU, NAVO, ZUID-AFRIKA`` gives ``[None, "ZA"]``; one country gives one code; each stands once, in the
    order of its first mention. Parts stand between commas, else between slashes, semicolons or a word for
    "and". Raises CellError when any part is unknown: nothing of the list is then taken.
    """
    for separators in _LISTS:
        parts = [part for part in separators.split(text) if part.strip()]
        if len(parts) > 1 and all(is_group(part) or _look_up(part) for part in parts):
            return list(dict.fromkeys(country_or_group(part) for part in parts))
        if _look_up(text) or is_group(text):
            break
    return [country_or_group(text)]

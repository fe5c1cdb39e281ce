"""Codes of control lists in one form, and the kind of weapon that a code or a text stands for.

The forms are those of the architecture, section 2: USML ``I(b)``, ML ``ML15b``, HS digits, ECCN ``0A501.a``.
Which code or word means which class is data: ``weapon_classes.csv``, with a reason in each row
(sources.md section C, crosswalk, which marks most of it as general knowledge).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from itertools import pairwise

from parsers.record import CellError, WeaponClass

_ROMAN = "XXI|XX|XIX|XVIII|XVII|XVI|XV|XIV|XIII|XII|XI|X|IX|VIII|VII|VI|V|IV|III|II|I"
_USML = re.compile(rf"(?:USML\s*)?(?i:category|cat\.?)?\s*({_ROMAN})\s*,?\s*((?:\([a-z0-9]+\)\s*)*|[a-z])")
_USML_PART = re.compile(r"\(([a-z0-9]+)\)")
# ML8c4d: a letter, a number, a letter, a number; two letters side by side ("ML10ab") are two codes.
_ML_PARTS = r"(?:\.?[a-z](?:\.?[0-9]+(?:\.?[a-z](?:\.?[0-9]+)?)?)?)?"
_ML = re.compile(rf"ML\s?\.?\s?(0?[1-9]|1[0-9]|2[0-2])({_ML_PARTS})\.?", re.IGNORECASE)
_ECCN = re.compile(r"([0-9][A-E][0-9]{3})((?:\.?[a-z][0-9]*|\.[0-9]+)(?:\.[a-z0-9]+)*)?", re.IGNORECASE)
_HS_LENGTHS = {2, 4, 6, 8, 10}


def _usml(text: str) -> str | None:
    found = _USML.fullmatch(text)
    if not found:
        return None
    category, sub = found.groups()
    if len(sub) == 1:
        sub = f"({sub})"
    return category + "".join(f"({part})" for part in _USML_PART.findall(sub))


def _ml(text: str) -> str | None:
    found = _ML.fullmatch(text)
    return f"ML{int(found[1])}{found[2].replace('.', '').lower()}" if found else None


def _eccn(text: str) -> str | None:
    found = _ECCN.fullmatch(text)
    if not found:
        return None
    sub = (found[2] or "").lower()
    return found[1].upper() + (sub if not sub or sub.startswith(".") else f".{sub}")


def _hs(text: str) -> str | None:
    if not re.fullmatch(r"[0-9]+(?:[. ][0-9]+)*", text):
        return None
    digits = re.sub(r"[. ]", "", text)
    return digits if len(digits) in _HS_LENGTHS else None


def _of_shape(pattern: str) -> Callable[[str], str | None]:
    shape = re.compile(pattern)
    return lambda text: text if shape.fullmatch(text) else None


_FORMS: dict[str, Callable[[str], str | None]] = {
    "USML": _usml,
    "ML": _ml,
    "ECCN": _eccn,
    "DU": _eccn,
    "HS": _hs,
    "PL": _of_shape(r"PL[0-9]{4}[a-z]?"),
    "GB": _of_shape(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*"),
    "KM": _of_shape(r"KM(?:[1-9]|1[0-9]|2[0-2])(?:[a-z][0-9]*)?"),
    "AL": _of_shape(r"AL00(?:0[1-9]|1[0-9]|2[0-2])[A-Z]?"),
    "ECL": _of_shape(r"[1-9]-[0-9]+(?:\.[a-z0-9]+)*"),
}
"""Control lists: USML and ECCN (US), HS (customs), ML (EU military, also UK and NL), DU (EU dual-use), PL and
GB (UK national codes and other ratings), KM (Switzerland), AL (Germany), ECL (Canada)."""


def control_code(control_list: str, text: str) -> str:
    """A printed code in the one form of its list: USML ``I(b)``, ML ``ML15b``, HS digits, ECCN ``0A501.a``.

    Raises CellError when the text is not a code of that list, ValueError for an unknown list.
    """
    if control_list not in _FORMS:
        raise ValueError(f"unknown control list {control_list!r}; known are {', '.join(_FORMS)}")
    code = _FORMS[control_list](text.strip())
    if code is None:
        raise CellError(f"{text.strip()!r} is not a code of the control list {control_list}")
    return code


def is_control_code(control_list: str, text: str) -> bool:
    """Whether a text is one code of a list. Raises ValueError for an unknown list."""
    try:
        control_code(control_list, text)
    except CellError:
        return False
    return True


@cache
def _rows(kind: str) -> list[dict[str, str]]:
    text = (files("parsers.values") / "weapon_classes.csv").read_text(encoding="utf-8")
    return [row for row in csv.DictReader(text.splitlines()) if row["kind"] == kind]


def _covers(match: str, control_list: str, code: str) -> bool:
    if match.endswith("*"):
        return code.startswith(match[:-1])
    rest = code.removeprefix(match) if code.startswith(match) else None
    if not rest or control_list == "HS":
        return rest is not None
    # ML1 covers ML1a and not ML10; I covers I(a) and not II.
    return not (rest[0].isdigit() if match[-1].isdigit() else rest[0].isalpha())


def weapon_class(control_list: str | None, code: str | None, description: str = "") -> WeaponClass:
    """The class of the goods by code and text; ``code`` in the form of ``control_code``.

    The longest matching code of ``weapon_classes.csv`` decides; its column ``refine`` says into which
    classes the description may narrow it (``any``, a list, or none). Without a code the description alone
    decides, and where nothing tells, the class is ``unknown``. Raises ValueError for an unknown list.
    """
    told = _class_of_text(description)
    if control_list is None or code is None:
        return told or WeaponClass.UNKNOWN
    rules = [row for row in _rows("code") if row["control_list"] == control_list]
    if not rules:
        raise ValueError(f"no weapon classes for the control list {control_list!r}")
    fitting = [row for row in rules if _covers(row["match"], control_list, code)]
    if not fitting:
        raise ValueError(f"no weapon class for {code!r} of the control list {control_list}")
    rule = max(fitting, key=lambda row: len(row["match"].removesuffix("*")))
    if told and (rule["refine"] == "any" or told.value in rule["refine"].split("|")):
        return told
    return WeaponClass(rule["weapon_class"])


# --- words -------------------------------------------------------------------------------------------------

_BELONGINGS = {
    WeaponClass.PARTS,
    WeaponClass.SUPPRESSORS,
    WeaponClass.OPTICS,
    WeaponClass.AMMUNITION,
}
# Self-loading arms are rifles and pistols like others; only what fires on by itself is a class of its own.
_SELF_LOADING = re.compile(r"\b(?:semi|non|half)[\s-]*auto\w*(?:[\s-]+assault\b)?", re.IGNORECASE)
_FULLY = re.compile(
    r"\b(?:fully[\s-]+automatic|select(?:ive)?[\s-]+fire)((?:\s+[\w.-]+){0,4}?)\s+(?:rifle|carbine|firearm|weapon)",
    re.IGNORECASE,
)
# "M4 carbines, 5.56mm caliber, fully automatic", "rifles (automatic)": the word may stand behind.
_FULLY_BEHIND = re.compile(
    r"\b(?:rifle|carbine|firearm)s?\b(?=[\s,(])([^;]{0,60}?)[\s,(]+(?:fully[\s-]+|)(?:automatic|select(?:ive)?[\s-]+fire)"
    r"(?=\s*(?:[),;]|$))",
    re.IGNORECASE,
)
# "six helicopters and related spare parts": parts that come with goods no word is known for.
_EXTRAS = re.compile(
    r"(?:,? (?:and|with|plus|including) |, )"
    r"(?:(?:related|associated|accompanying|spare|repair|support)[ ,/-]+(?:and )?)+"
    r"(?:parts|components|accessories)\b"
)
_FOR = re.compile(r"\b(?:of|for|to|van|voor|tbv|t\.b\.v|behorend|für|para|de)\b", re.IGNORECASE)


@cache
def _words() -> tuple[re.Pattern[str], dict[str, WeaponClass], dict[str, WeaponClass]]:
    whole: dict[str, WeaponClass] = {}
    endings: dict[str, WeaponClass] = {}
    for row in _rows("word"):
        for word in row["match"].split("|"):
            book = endings if word.startswith("*") else whole
            book[word.removeprefix("*")] = WeaponClass(row["weapon_class"])
    longest_first = sorted(whole, key=len, reverse=True)
    pieces = [re.escape(word).replace(r"\ ", r"\s+") for word in longest_first]
    pieces += [rf"\w*{re.escape(ending)}" for ending in sorted(endings, key=len, reverse=True)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(pieces)})(?!\w)"), whole, endings


def _class_of_word(word: str) -> WeaponClass:
    _, whole, endings = _words()
    word = re.sub(r"\s+", " ", word)
    if word in whole:
        return whole[word]
    return endings[max((ending for ending in endings if word.endswith(ending)), key=len)]


def _class_of_text(text: str) -> WeaponClass | None:
    """What the words of a description say, or None when they say nothing.

    ``barrels for pistols`` and ``pistol barrels`` are parts, ``pistols with barrels`` are pistols; several
    kinds of arms together are ``other_arms``; software or helmets beside a firearm do not hide it.
    """
    plain = _FULLY.sub(r"\1 automatic rifle", _SELF_LOADING.sub(" ", text))
    plain = _FULLY_BEHIND.sub(r"automatic rifle\1", plain).lower()
    found = list(_words()[0].finditer(plain))
    extras = _EXTRAS.search(plain)
    if not found or (extras and 0 < extras.start() <= found[0].start()):
        return None
    classes = _without_owners([_class_of_word(match[0]) for match in found], _gaps(plain, found))
    head = _head(plain, found, classes)
    if head:
        return head
    arms = {c for c in classes if c not in _BELONGINGS | {WeaponClass.NOT_FIREARMS}}
    named = arms - {WeaponClass.OTHER_ARMS}
    if len(named) == 1:
        return named.pop()
    return WeaponClass.OTHER_ARMS if arms else classes[0]


def _gaps(plain: str, found: list[re.Match[str]]) -> list[str]:
    return [plain[before.end() : after.start()] for before, after in pairwise(found)]


def _without_owners(classes: list[WeaponClass], gaps: list[str]) -> list[WeaponClass]:
    """An arm right before what belongs to it only says whose: ``M240 machine gun barrels`` are parts."""
    told = classes[-1:]
    for word, gap in zip(reversed(classes[:-1]), reversed(gaps), strict=True):
        told.insert(0, told[0] if told[0] in _BELONGINGS and not gap.strip(" -") else word)
    return told


def _head(plain: str, found: list[re.Match[str]], classes: list[WeaponClass]) -> WeaponClass | None:
    """What a phrase is about where an arm only says whose: ``parts for rifles``, ``rifle barrels``."""
    gaps = _gaps(plain, found)
    first_arm = next((i for i, c in enumerate(classes) if c not in _BELONGINGS), len(classes))
    if 0 < first_arm < len(classes) and _FOR.search(gaps[first_arm - 1]):
        return classes[0]
    return None

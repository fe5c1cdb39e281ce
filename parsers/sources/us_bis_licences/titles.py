"""The printed words of the licensing figures: titles that say country, year and outcome; column titles.

Layouts are data (``source.yml``, ``layout_settings``); sources.md, us_bis_licences, marks them as unverified.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import product

from parsers.facts import facts_beside
from parsers.readers.pdf_headed import HeaderWords
from parsers.record import Stage
from parsers.values.money import IN_THOUSANDS

FACTS = facts_beside(__file__)
_SETTINGS = FACTS.layout_settings
_COUNTRY = re.compile(_SETTINGS["country_title"])
_GOODS = re.compile(_SETTINGS["goods"])
_YEAR = re.compile(_SETTINGS["year_title"])
CAPTION = re.compile(_SETTINGS["caption"])
OUTCOME_LINE = re.compile(_SETTINGS["outcome_line"])
BLANKS = frozenset(_SETTINGS["blank_marks"])
EVERYWHERE = {text.casefold() for text in _SETTINGS["every_country"]}
_YEARS = {"Fiscal Year": "FY", "Calendar Year": "CY"}
STAGES = {"Approved": Stage.LICENSED, "Denied": Stage.REFUSED, "Returned": Stage.RETURNED}


@dataclass(frozen=True)
class Title:
    """What the titles of a report say of all of its rows."""

    place: str = ""
    year: str = ""
    outcome: str = ""

    @classmethod
    def of(cls, lines: Iterable[str]) -> Title:
        place = year = outcome = ""
        for line in lines:
            if CAPTION.search(line):
                outcome = outcome_in(line)
            place = place or country_in(line)
            if not place and any(name in line.casefold() for name in EVERYWHERE):
                place = "All Countries"
            if not year and (said := _YEAR.search(line)):
                year = f"{'FY' if said['kind'].upper().startswith('F') else 'CY'}{said['year']}"
        return cls(place, year, outcome)

    def key(self) -> str:
        """The key of a report of this place and year."""
        return "-".join([*re.findall(r"[a-z]+", self.place.casefold()), self.year])

    def year_of(self, cells: dict[str, str]) -> str:
        """``FY2022`` or ``CY2022`` of a row; '' where neither it nor the titles tell."""
        for column, kind in _YEARS.items():
            if cells.get(column):
                return kind + re.sub(r"(?i)^[FC]Y\s*", "", cells[column])
        if cells.get("Year"):
            return f"{self.year[:2]}{cells['Year']}" if self.year else ""
        return self.year


def country_in(line: str) -> str:
    """The country that a title names; '' where it names none, or goods in its place."""
    found = _COUNTRY.search(line)
    return found["country"].strip() if found and not _GOODS.search(found["country"]) else ""


def outcome_in(text: str) -> str:
    """The one outcome that a text names; '' where it names none or several."""
    said = [
        stage
        for stage in STAGES
        if any(re.search(rf"(?i)\b{re.escape(word)}\b", text) for word in _SETTINGS["stages"][stage])
    ]
    return said[0] if len(said) == 1 else ""


def heading_outcome(line: str) -> str | None:
    """The outcome that a line without figures tells of the table below it: ``Denied Applications``.

    '' where it names one in other words, so that it cannot be said; None where it names none, or several.
    """
    if any(ch.isdecimal() for ch in line) or not (outcome := outcome_in(line)):
        return None
    words = "|".join(re.escape(word) for word in _SETTINGS["stages"][outcome])
    kinds = r"(?:export\s+)?(?:licen[sc]es?|(?:licen[sc]e\s+)?applications?)"
    return outcome if re.fullmatch(rf"(?i)\W*(?:{kinds}\s+)?(?:{words})(?:\s+{kinds})?\W*", line) else ""


@cache
def header_words() -> HeaderWords:
    aliases = {name: list(texts) for name, texts in _SETTINGS["titles"].items()}
    for stage, measure in product(_SETTINGS["stages"], _SETTINGS["measures"]):
        pairs = list(product(_SETTINGS["stages"][stage], _SETTINGS["measures"][measure]))
        tails = _SETTINGS["currencies"] if measure == "Value" else [""]
        texts = [f"{text} {tail}" for a, b in pairs for text in (f"{a} {b}", f"{b} {a}") for tail in tails]
        aliases.setdefault(f"{stage} {measure}", []).extend(texts)
    # a word above several titles; the plain spelling of a count is one of the outcome alone
    groups = {stage: _SETTINGS["stages"][stage] for stage in STAGES}
    figures = tuple(f"{stage} {measure}" for stage, measure in product(STAGES, ("Count", "Value")))
    return HeaderWords(
        aliases=aliases,
        anchors=(*figures, "Count", "Value"),
        sufficient=tuple(frozenset({"ECCN", figure}) for figure in (*figures, "Count")),
        groups=groups,
        heading=lambda _page, _layout: lambda text, _box: bool(_YEAR.search(text) or country_in(text)),
        refused=re.compile(_SETTINGS["refused_in_header"]),
        scale=IN_THOUSANDS,
        title=_beside_header(),
    )


def _beside_header() -> re.Pattern[str]:
    """Lines with words of a header that are none: titles, and the outcomes that another table lists."""
    names = ("country_title", "year_title")
    titles = "|".join(_SETTINGS[name].removeprefix("(?i)") for name in names)
    caption = _SETTINGS["caption"].removeprefix("(?ix)")
    return re.compile(f"(?i){titles}|(?x:{caption})|^{_SETTINGS['outcome_line'].removeprefix('(?i)')}$")

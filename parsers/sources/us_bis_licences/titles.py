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

FACTS = facts_beside(__file__)
_SETTINGS = FACTS.layout_settings
COUNTRY = re.compile(_SETTINGS["country_title"])
_YEAR = re.compile(_SETTINGS["year_title"])
CAPTION = re.compile(_SETTINGS["caption"])
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
            if not place and (found := COUNTRY.search(line)):
                place = found["country"].strip()
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


def outcome_in(text: str) -> str:
    """The one outcome that a text names; '' where it names none or several."""
    said = [
        stage
        for stage in STAGES
        if any(re.search(rf"(?i)\b{re.escape(word)}\b", text) for word in _SETTINGS["stages"][stage])
    ]
    return said[0] if len(said) == 1 else ""


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
        heading=lambda _page, _layout: lambda text, _box: bool(_YEAR.search(text) or COUNTRY.search(text)),
        refused=re.compile(_SETTINGS["refused_in_header"]),
        title=_beside_header(),
    )


def _beside_header() -> re.Pattern[str]:
    """Lines with words of a header that are none: titles, and the outcomes that another table lists."""
    names = ("country_title", "caption", "year_title")
    titles = "|".join(_SETTINGS[name].removeprefix("(?i)") for name in names)
    return re.compile(f"(?i){titles}|^{_SETTINGS['outcome_line'].removeprefix('(?i)')}$")

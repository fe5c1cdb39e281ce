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
from parsers.record import CellError, Stage
from parsers.values.countries import country
from parsers.values.money import IN_THOUSANDS

FACTS = facts_beside(__file__)
_SETTINGS = FACTS.layout_settings
_COUNTRY = re.compile(_SETTINGS["country_title"])
_GOODS = re.compile(_SETTINGS["goods"])
_YEAR = re.compile(_SETTINGS["year_title"])
_YEAR_SPAN = re.compile(_SETTINGS["year_span"])
_KIND = re.compile(_SETTINGS["year_kind"])
_BARE_YEAR = re.compile(r"\b(?P<year>20\d\d)\W*$")
# running text: so many words, so many of them long and without a capital
_PROSE_WORDS, _PROSE_SMALL, _SMALL_WORD = 9, 3, 3
_NAME_WORDS = frozenset({"and", "of", "the", "de", "da", "la"})
CAPTION = re.compile(_SETTINGS["caption"])
OUTCOME_LINE = re.compile(_SETTINGS["outcome_line"])
BLANKS = frozenset(_SETTINGS["blank_marks"])
EVERYWHERE = {text.casefold() for text in _SETTINGS["every_country"]}
_PRESUMED = {text.casefold() for text in _SETTINGS["presumed_of_every_country"]}
_YEARS = {"Fiscal Year": "FY", "Calendar Year": "CY"}
YEAR_COLUMNS = (*_YEARS, "Year")
STAGES = {"Approved": Stage.LICENSED, "Denied": Stage.REFUSED, "Returned": Stage.RETURNED}


@dataclass(frozen=True)
class Title:
    """What the titles of a report say of all of its rows.

    ``year`` is ``CY2022`` or ``FY2022``; '' where the titles name none, or a span of several. ``kind`` is CY
    or FY where they speak of one kind alone. ``presumed``: no title names the place, and "by ECCN" or the
    like is of all countries only where no other title does either.
    """

    place: str = ""
    year: str = ""
    outcome: str = ""
    kind: str = ""
    presumed: bool = False

    @classmethod
    def of(cls, lines: Iterable[str]) -> Title:
        place = outcome = year = ""
        everywhere = presumed = False
        kinds: set[str] = set()
        for line in lines:
            if is_caption(line):
                outcome = outcome_in(line)
            place = place or country_in(line) or country_line(line)
            everywhere |= any(name in line.casefold() for name in EVERYWHERE)
            presumed |= any(name in line.casefold() for name in _PRESUMED)
            if not _is_prose(line):
                kinds |= {_kind(said["kind"]) for said in _KIND.finditer(line)}
                year = year or _year_in(line)
        return cls(
            place or ("All Countries" if everywhere or presumed else ""),
            year,
            outcome,
            kinds.pop() if len(kinds) == 1 else "",
            presumed and not (place or everywhere),
        )

    def place_below(self, other: str) -> str:
        """The place of what stands below this title, where titles above name another."""
        return other if other and (self.presumed or not self.place) else self.place

    def key(self) -> str:
        """The key of a report of this place and year."""
        return "-".join([*re.findall(r"[a-z]+", self.place.casefold()), self.year])

    def year_of(self, cells: dict[str, str]) -> str:
        """``FY2022`` or ``CY2022`` of a row; '' where neither it nor the titles tell."""
        for column, kind in _YEARS.items():
            if cells.get(column):
                return kind + re.sub(r"(?i)^[FC]Y\s*", "", cells[column])
        if cells.get("Year"):
            kind = self.kind or self.year[:2]
            return f"{kind}{cells['Year']}" if kind else ""
        return self.year


def _kind(printed: str) -> str:
    return "FY" if printed.upper().startswith("F") else "CY"


def _year_in(line: str) -> str:
    """The one year that a title names with its kind; '' for a span such as "CY 2015 to CY 2019"."""
    said = {f"{_kind(found['kind'])}{found['year']}" for found in _YEAR.finditer(line)}
    return said.pop() if len(said) == 1 and not _YEAR_SPAN.search(line) else ""


def country_line(line: str) -> str:
    """The country whose name is the whole of a line; '' where it is none that is known."""
    name = line.strip().rstrip(":")
    try:
        country(name)
    except CellError:
        return ""
    return name


def is_caption(line: str) -> bool:
    """Whether a line is the title of one table."""
    return bool(CAPTION.search(line)) and not _is_prose(line)


def bare_year(line: str) -> str:
    """The year at the end of a table's title that does not say its kind: "Leading ECCNs, 2022"."""
    found = _BARE_YEAR.search(line)
    is_span = _YEAR_SPAN.search(line) or _YEAR.search(line)
    return found["year"] if found and not is_span else ""


def _is_prose(line: str) -> bool:
    """Whether a line is running text, which may speak of other countries and years."""
    words = line.split()
    small = sum(word[:1].islower() and len(word) > _SMALL_WORD for word in words)
    return len(words) >= _PROSE_WORDS and small >= _PROSE_SMALL


def country_in(line: str) -> str:
    """The country that a title names; '' where it names none, or goods in its place, or is running text."""
    found = _COUNTRY.search(line)
    if not found or _GOODS.search(found["country"]) or _is_prose(line):
        return ""
    name = str(found["country"].strip())
    # "exports to Mexico totaled": the words of a name have capitals
    return name if all(word[:1].isupper() or word in _NAME_WORDS for word in name.split()) else ""


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
    by_year = tuple(frozenset(pair) for pair in product(YEAR_COLUMNS, figures))
    return HeaderWords(
        aliases=aliases,
        anchors=(*figures, "Count", "Value"),
        sufficient=(*(frozenset({"ECCN", figure}) for figure in (*figures, "Count")), *by_year),
        groups=groups,
        heading=lambda _page, _layout: (
            lambda text, _box: bool(_YEAR.search(text) or country_in(text) or is_caption(text))
        ),
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

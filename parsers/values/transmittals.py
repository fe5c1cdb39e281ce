"""Transmittal numbers of certifications to Congress: found in free text, kept raw, normalised when decidable.

The order of year and sequence flipped (``DDTC 016-05`` in 2005, ``DDTC 15-012`` since about 2015): the part
with three or four digits is the sequence. Of two parts with two digits (``RSAT-01-05``) the year is the one
that lies in the document's year or the three before it; if both do, or neither, the number stays raw.
The Office of Defense Trade Controls (``DTC 023-06``) became the Directorate (DDTC): one series.
sources.md, us_ddtc_notices, "Transmittal numbers".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_DASH = r"(?:\s?[-\u2010-\u2015\u2212\uFE58\uFE63\uFF0D]{1,2}\s?)"
_NUMBER = rf"(?:\d{{2,4}}{_DASH}\d{{1,4}}|\d{_DASH}\d{{2}})[A-Z]?(?![\w]|{_DASH}\d)"
_LONG_NUMBER = rf"\d{{2,4}}{_DASH}\d{{2,4}}[A-Z]?(?![\w]|{_DASH}\d)"
_PREFIX = r"(?:DDTC|RSAT|DTC)"
# A number needs its office: a bare 36(b) number (21-69) or a telephone number is no transmittal of ours.
_FIND = re.compile(
    rf"(?<![A-Za-z])({_PREFIX})(?:[\s,:#(\[]|{_DASH}|Transmittal|Numbers?\b|Nos?\b\.?){{0,6}}({_NUMBER})"
)
_MORE = re.compile(rf"(?:\s?,\s?|\s?;\s?)?(?:\s?(?:and|&)\s)?\s?(?:No\.\s)?({_LONG_NUMBER})")
# A misspelt office (DTCC 12-034) is kept as printed; it has no normal form.
_MISSPELT = re.compile(
    rf"Transmittals?\s(?:Nos?\b\.?|Numbers?\b)[:\s(]{{0,3}}([A-Z]{{3,5}})[\s\-\u2010-\u2015]{{1,3}}({_NUMBER})"
)
_BARE = re.compile(rf"Transmittals?\s(?:Nos?\b\.?|Numbers?\b)[:\s(]{{0,3}}({_NUMBER})")
_PARTS = re.compile(r"(\d{1,4})\D+(\d{1,4})([A-Z]?)")
_YEARS_BACK = 3


@dataclass(frozen=True, slots=True)
class Transmittal:
    """A number as it was found: ``raw`` as printed, its place in the text, and the parts that it has."""

    raw: str
    start: int
    end: int
    prefix: str
    first: str
    second: str
    suffix: str = ""

    def reference(self, on: date | None) -> str | None:
        """The normal form (``DDTC 05-016``, ``RSAT 05-0001``), or None when it cannot be decided.

        ``on`` is the date of the document that prints it; a number with two two-digit parts needs it.
        """
        prefix = "DDTC" if self.prefix == "DTC" else self.prefix
        if prefix not in ("DDTC", "RSAT") or self.suffix:
            return None
        split = _year_and_sequence(self.first, self.second, on)
        if split is None:
            return None
        year, sequence = split
        width = 3 if prefix == "DDTC" else 4
        return f"{prefix} {year}-{int(sequence):0{width}d}"

    @property
    def key(self) -> str:
        """The number with its dashes and blanks made equal, for a key where it cannot be normalised."""
        return f"{self.prefix} {self.first}-{self.second}{self.suffix}"


def _year_and_sequence(first: str, second: str, on: date | None) -> tuple[str, str] | None:
    short_first, short_second = len(first) == 2, len(second) == 2
    if short_first and not short_second:
        return first, second
    if short_second and not short_first:
        return second, first
    if not short_first:
        return (first[2:], second) if first[:2] in ("19", "20") and len(second) == 3 else None
    if on is None:
        return None
    recent = [_is_recent(part, on) for part in (first, second)]
    if recent == [True, False]:
        return first, second
    if recent == [False, True]:
        return second, first
    return None


def _is_recent(part: str, on: date) -> bool:
    return (on.year - int(part)) % 100 <= _YEARS_BACK


def _transmittal(raw: str, start: int, prefix: str, number: str) -> Transmittal:
    parts = _PARTS.match(number)
    assert parts is not None  # noqa: S101 -- both patterns say the same of a number
    first, second, suffix = parts.groups()
    return Transmittal(raw.strip(), start, start + len(raw), prefix, first, second, suffix)


def find_transmittals(text: str) -> list[Transmittal]:
    """All transmittal numbers of the State Department in a text, in order; each occurrence is one.

    ``Transmittal Nos. DDTC 14-033 and 14-041`` gives two, both DDTC. Numbers of Defense (``21-69``) are none.
    """
    found: list[Transmittal] = []
    at = 0
    while match := _FIND.search(text, at):
        prefix, at = match.group(1), match.end()
        number = _transmittal(match.group(), match.start(), prefix, match.group(2))
        if prefix != "RSAT" and len(number.first) == len(number.second) == 4:
            continue  # a docket (DDTC-2019-0012), not a transmittal
        found.append(number)
        while more := _MORE.match(text, at):
            found.append(_transmittal(more.group(1), more.start(1), prefix, more.group(1)))
            at = more.end()
    return found


def find_unnamed_numbers(text: str) -> list[Transmittal]:
    """Numbers after ``Transmittal No.`` with no office, or one misspelt (``21-69``, ``DTCC 12-034``).

    Their ``reference`` is always None: the office, and so the series, is not known.
    """
    known = {number.end for number in find_transmittals(text)}
    bare = [_transmittal(m.group(1), m.start(1), "", m.group(1)) for m in _BARE.finditer(text)]
    misspelt = [
        _transmittal(text[m.start(1) : m.end()], m.start(1), m.group(1), m.group(2))
        for m in _MISSPELT.finditer(text)
    ]
    return [number for number in [*bare, *misspelt] if number.end not in known]


# The clause before an earlier number; a bracket in between belongs to the text's own number.
_AMENDED = re.compile(
    r"\b(?:amend(?:s|ed|ing|ments?)?|supersed\w{1,6}|supplement\w{0,8}|previously|originally|replac\w{1,6}"
    r"|modif\w{1,12}|formerly|earlier|prior)\b[^;().]{0,90}$",
    re.IGNORECASE,
)
_NO_STOP = re.compile(r"\bNos?\.")


def own_and_amended(text: str, *, may_be_own: bool = True) -> tuple[list[Transmittal], list[Transmittal]]:
    """The numbers of a text, apart: its own, and earlier ones that it says it amends or refers to.

    A number is an earlier one when words such as ``amendment to`` stand before it in the same clause and
    another number is the text's own, or it cannot be (``may_be_own``). Equal numbers count once.
    """
    own: dict[str, Transmittal] = {}
    earlier: dict[str, Transmittal] = {}
    before = 0
    for number in find_transmittals(text):
        clause = _NO_STOP.sub("No", text[max(number.start - 110, before) : number.start])
        before = number.end
        is_earlier = _AMENDED.search(clause)
        (earlier if is_earlier else own).setdefault(number.key, number)
    if not own and may_be_own:
        own, earlier = earlier, {}
    return list(own.values()), [number for key, number in earlier.items() if key not in own]

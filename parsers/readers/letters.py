"""Running text out of printed columns: page markers dropped, lines joined, broken words mended, places kept.

Government texts are wrapped at about 72 columns, broken by ``[[Page H6203]]`` anywhere, also inside a word,
and hyphenated at line ends. ``flow`` undoes that and keeps, for every character, the line on which it stood;
``numbered_entries`` cuts entries apart. sources.md, us_ddtc_notices and us_congress_communications.
"""

from __future__ import annotations

import csv
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from parsers.readers.markup import Line

# GPO prints the page marker on a line of its own, but converted texts have it inside a sentence or word.
PAGE_MARKER = re.compile(r"\[\[ ?Page [A-Z]{0,2}\d{1,6}(?:-\d{1,3})? ?\]\]")
_TIME_MARKER = re.compile(r"\{time\} +\d{4}|\[time\] +\d{4}")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST_WORD = re.compile(r"(?:^|[^\w])([^\W_]+(?:[-.][^\W_]+)*)-$")
_FIRST_WORD = re.compile(r"([^\W_]+)")
_DASHES = "-\u2010\u2011"
# What only ends a word: a hyphen before it is the printer's, whatever else the letters could mean.
_ENDING = re.compile(
    r"(?:[st]ions?|tional|ments?|ings?|able|ance|ence|ity|ities|ous|ive|ed|ers?|ly|als?|ness)"
)
_BREAK = "\f"  # stands at the end of a line after which the page ended, possibly inside a word


@dataclass(frozen=True, slots=True)
class Flow:
    """Running text, and for each of its parts the line of the file on which that part begins."""

    text: str
    offsets: tuple[int, ...]
    numbers: tuple[int, ...]

    def line_at(self, offset: int) -> int:
        """The line of the file on which the character at ``offset`` stands."""
        return self.numbers[max(bisect_right(self.offsets, offset) - 1, 0)]

    def begins_line(self, offset: int) -> bool:
        """Whether a printed line begins at ``offset``."""
        return self.offsets[max(bisect_right(self.offsets, offset) - 1, 0)] == offset


@cache
def _hyphenation() -> tuple[frozenset[str], frozenset[str]]:
    """Words that are whole, and first parts after which a hyphen is kept (``semi-``)."""
    printed = (files(__package__) / "hyphenation.csv").read_text("utf-8").splitlines()
    rows = [(row["kind"], word) for row in csv.DictReader(printed) for word in row["words"].split()]
    whole = frozenset(word for kind, word in rows if kind == "whole")
    # Vocabulary of the US Code's chapter on arms exports, the Harmonized System, the Record, and the trade.
    vocabulary = (files(__package__) / "vocabulary.csv").read_text("utf-8").splitlines()[1:]
    whole |= frozenset(word for line in vocabulary for word in line.split())
    return whole, frozenset(word for kind, word in rows if kind == "prefix")


def without_markers(lines: Iterable[Line]) -> list[Line]:
    """The lines without page and time markers; a line that held nothing else is gone, with its blank frame.

    A marker alone on its line marks a page break, so the blank lines around it are the page's and not the
    text's; a marker inside a line leaves the text around it as it is.
    """
    kept: list[Line] = []
    after_break = False
    for line in lines:
        text = _TIME_MARKER.sub("", PAGE_MARKER.sub("", line.text)).rstrip()
        if not text and line.text.strip():
            while kept and not kept[-1].text:
                kept.pop()
            if kept:
                kept[-1] = Line(kept[-1].number, kept[-1].text.rstrip(_BREAK) + _BREAK)
            after_break = True
        elif text or not after_break:
            kept.append(Line(line.number, text))
            after_break = False
    return kept


def flow(lines: Sequence[Line], lexicon: frozenset[str] = frozenset()) -> Flow:
    """Join printed lines to running text with single blanks, mending words broken at line ends.

    ``lexicon`` are the words that the document prints unbroken (see ``words_of``); they decide, with the
    project's own list, whether a hyphen at a line end belongs to the word.
    """
    parts: list[str] = []
    offsets: list[int] = [0]
    numbers: list[int] = [line.number for line in lines[:1]] or [1]
    page_break = False
    for line in lines:
        text = " ".join(line.text.split())
        if not text:
            continue
        if parts:
            parts[-1] = _joined(parts[-1], text, lexicon, page_break)
            offsets.append(offsets[-1] + len(parts[-1]))
            numbers.append(line.number)
        else:
            numbers[0] = line.number
        parts.append(text)
        page_break = line.text.endswith(_BREAK)
    return Flow("".join(parts), tuple(offsets), tuple(numbers))


def words_of(lines: Iterable[Line]) -> frozenset[str]:
    """The words that stand unbroken inside lines, lower case; hyphenated ones with their hyphens."""
    words: set[str] = set()
    broken = False
    for line in lines:
        found = _WORD.findall(line.text)
        first, hyphen = int(broken), line.text.rstrip(_BREAK + " ").endswith(tuple(_DASHES))
        at_break = hyphen or line.text.endswith(_BREAK)
        words.update(word.lower() for word in found[first : len(found) - int(at_break)])
        broken = at_break
    return frozenset(words)


def _joined(before: str, after: str, lexicon: frozenset[str], page_break: bool) -> str:
    """The earlier line as it stands before the next one: with a blank, with its hyphen, or without both."""
    if before[-1] in _DASHES and not before.endswith(("--", " -")):
        return before if _keeps_hyphen(before, after, lexicon) else before[:-1]
    if before[-1] == "\u2013" and after[0].isdigit():
        return before
    return before if page_break and _is_one_word(before, after, lexicon) else before + " "


def _is_one_word(before: str, after: str, lexicon: frozenset[str]) -> bool:
    """Whether a page ended inside a word without a hyphen: only both parts together are a known word."""
    last, first = re.search(r"[^\W\d_]+$", before[-40:]), re.match(r"[^\W\d_]+", after)
    if not last or not first or not first.group().islower():
        return False
    left, right = last.group().lower(), first.group()
    known = lexicon | _hyphenation()[0]
    return left + right in known and not (left in known and right in known)


def _keeps_hyphen(before: str, after: str, lexicon: frozenset[str]) -> bool:
    last, first = _LAST_WORD.search(before[-60:]), _FIRST_WORD.match(after)
    if not last or not first or not first.group(1).islower() or not last.group(1).isalpha():
        # Export-/Import, 5.56-/mm, DDTC 23-/085, BOP-/1129-F, Over-the-/Counter: printed with their hyphen.
        return True
    left, right = last.group(1).lower(), first.group(1)
    whole, prefixes = _hyphenation()
    if f"{left}-{right}" in lexicon:
        return f"{left}{right}" not in lexicon
    if left + right in lexicon or left + right in whole:
        return False
    known = lexicon | whole
    return left in prefixes or (left in known and right in known and not _ENDING.fullmatch(right))


def numbered_entries(
    lines: Sequence[Line],
    entry: re.Pattern[str],
    strong: re.Pattern[str],
    ends: Callable[[str], bool],
) -> list[list[Line]]:
    """Cut lines into numbered entries (``2914. A letter ...``); each is given with its first line first.

    A line begins an entry when it matches ``entry`` (groups ``kind``, ``number``) and either carries on the
    count or is ``strong``; a wrapped line such as ``2004. Also`` does neither. An entry stops before a line
    that ``ends``; lines outside entries belong to none.
    """
    entries: list[list[Line]] = []
    last: dict[str, int] = {}
    inside = False
    for line in lines:
        head = entry.match(line.text)
        if head and (last.get(head["kind"] or "") == int(head["number"]) - 1 or strong.match(line.text)):
            last[head["kind"] or ""] = int(head["number"])
            entries.append([line])
            inside = True
        elif ends(line.text):
            inside = False
        elif inside:
            entries[-1].append(line)
    return entries


def places(lines: Sequence[int]) -> list[int]:
    """The row of each entry: the line on which it begins, or its ordinal where several share a line."""
    return list(lines) if len(set(lines)) == len(lines) else list(range(1, len(lines) + 1))

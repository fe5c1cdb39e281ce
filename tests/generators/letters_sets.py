"""Documents from letters and communications written by hand, in ``letters_in_sets/``.

Each set was written before the parser was run on it. A line's mark says what it is: ``@`` a document (number,
day), ``:`` its frame, ``*`` a name for a sentence used often, ``>`` a letter (date as printed, number line or
``-``), ``=`` what must be read: reference, day, destinations (``?XX`` may be left out), other cells (a cell not
told is empty, ``?`` is not compared). Lines without a mark are the letter's paragraphs. ``|`` breaks a line.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from tests.generators.letters_layout import Setting, record_shell, register_shell

FOLDER = Path(__file__).parent / "letters_in_sets"
TITLE = (
    "Bureau of Political-Military Affairs; Directorate of Defense Trade Controls; Notifications to the "
    "Congress of Proposed Commercial Export Licenses"
)
SUMMARY = (
    "SUMMARY: Notice is hereby given that the Department of State has forwarded the attached Notifications of "
    "Proposed Export Licenses to the Congress on the dates indicated on the attachments pursuant to sections "
    "36(c) and 36(d) and in compliance with section 36(f) of the Arms Export Control Act (22 U.S.C. 2776)."
)
SIGNED = ("    Dated: July 2, 2012.", "A. Sample,", "Managing Director, Department of State.", "")


@dataclass
class Letter:
    """A letter as printed, and the cells that must be read of it."""

    day: str
    number: str
    paragraphs: list[str] = field(default_factory=list)
    ref: str | None = None
    on: date | None = None
    codes: list[str] = field(default_factory=list)
    cells: dict[str, str] = field(default_factory=dict)


@dataclass
class Notice:
    """One document: its number, day, frame and letters."""

    number: str
    published: date
    frame: dict[str, list[str]] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)


def notices(name: str) -> list[Notice]:
    """The documents of one set."""
    told: list[Notice] = []
    names: dict[str, str] = {}
    for line in (FOLDER / f"{name}.txt").read_text("utf-8").splitlines():
        mark, rest = line[:1], [part.strip() for part in line[2:].split(" | ")]
        if mark == "@":
            told.append(Notice(rest[0], date.fromisoformat(rest[1])))
        elif mark in (":", "*"):
            key, _, text = line[2:].partition(" = ")
            if mark == "*":
                names[key] = text
            else:
                told[-1].frame.setdefault(key, []).append(text)
        elif mark == ">":
            told[-1].letters.append(Letter(rest[0], rest[1]))
        elif mark == "=":
            letter = told[-1].letters[-1]
            letter.ref = None if rest[0] == "-" else rest[0]
            letter.on = date.fromisoformat(rest[1])
            letter.codes = [] if rest[2] == "-" else rest[2].split()
            letter.cells = dict(part.split("=", 1) for part in rest[3:])
        elif line and mark != "#":
            told[-1].letters[-1].paragraphs.append(names.get(line, line))
    return told


def content(notice: Notice, seed: int) -> bytes:
    """The document as the Federal Register prints it; ``seed`` sets where lines, words and pages break."""
    setting = Setting(random.Random(seed), markers=0.05, hyphenate=0.4)
    head = Setting(setting.rng, indent=0, hyphenate=0, markers=0)
    frame = notice.frame
    lines = [
        "DEPARTMENT OF STATE",
        "",
        "[Public Notice 4391]",
        "",
        *head.paragraph(TITLE),
        "",
        "ACTION: Notice.",
        "",
    ]
    lines += [
        *head.paragraph(SUMMARY),
        *head.paragraph(f"SUPPLEMENTARY INFORMATION: {frame['intro'][0]}"),
        "",
    ]
    dated_on_top = notice.published.year < 2005
    lines += SIGNED if dated_on_top else ()
    for letter in notice.letters:
        lines += [letter.day, *frame["to"][0].split("|")]
        dear = frame["dear"][0]
        first = (
            [dear[:-1], letter.paragraphs[0]] if dear.endswith("|") else [f"{dear} {letter.paragraphs[0]}"]
        )
        for paragraph in [*first, *letter.paragraphs[1:], *frame["standard"]]:
            lines += setting.paragraph(paragraph)
        lines += _signed(frame, letter.number)
    lines += () if dated_on_top else SIGNED
    lines += [f"[FR Doc. {notice.number} Filed 7-26-12; 8:45 am]", "BILLING CODE 4710-25-P"]
    return register_shell(lines, notice.published, notice.number)


def _signed(frame: dict[str, list[str]], number: str) -> Iterator[str]:
    sincerely, *names = frame["sign"][0].split("|")
    yield f"    {sincerely}"
    yield from names
    if number != "-":
        enclosure = frame["enclosure"][0]
        yield from [
            f"    {part}"
            for part in f"{enclosure}{'' if enclosure.endswith('|') else ' '}{number}".split("|")
        ]
    yield ""


# -- communications to the chambers: record_*.txt ------------------------------------------------------------


@dataclass
class Entry:
    """One numbered communication, and reference, destinations, items and value of what it certifies."""

    text: str
    told: list[tuple[str, list[str], str, str]] = field(default_factory=list)


@dataclass
class Page:
    """A chamber's list on one day."""

    chamber: str
    on: date
    entries: list[Entry] = field(default_factory=list)


def pages(name: str) -> list[Page]:
    """The pages of one set: ``@`` chamber and day; ``= -`` under an entry that certifies nothing."""
    told: list[Page] = []
    for line in (FOLDER / f"{name}.txt").read_text("utf-8").splitlines():
        mark, rest = line[:1], [part.strip() for part in line[2:].split("|")]
        if mark == "@":
            told.append(Page(rest[0], date.fromisoformat(rest[1])))
        elif mark == "=" and rest != ["-"]:
            codes = [] if rest[1] == "-" else rest[1].split()
            told[-1].entries[-1].told.append((rest[0], codes, rest[2], rest[3]))
        elif mark not in ("#", "="):
            told[-1].entries.append(Entry(line))
    return told


def page_content(page: Page, seed: int) -> bytes:
    """The page as the Congressional Record prints it."""
    is_house = page.chamber == "House"
    setting = Setting(
        random.Random(seed), width=66, indent=7, hang=5, hyphenate=0.4, markers=0.03,
        marker=f"[[Page {page.chamber[0]}{{page}}]]", page=4401,
    )  # fmt: skip
    title = "EXECUTIVE COMMUNICATIONS, ETC." if is_house else "EXECUTIVE AND OTHER COMMUNICATIONS"
    lines = [f"{'':21}{title}", "", "  The following communications were referred as follows:", ""]
    for number, entry in enumerate(page.entries, start=6701):
        lines += setting.paragraph(f"{'' if is_house else 'EC-'}{number}. {entry.text}")
    where = f"[Pages {page.chamber[0]}4401-{page.chamber[0]}4409]"
    return record_shell([*lines, "", f"{'':26}{'_' * 20}"], page.on, page.chamber, where)

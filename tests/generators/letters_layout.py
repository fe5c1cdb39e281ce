"""How the Government Publishing Office sets a text: columns, breaks inside words, page markers, shells.

Nothing here knows a parser. A page marker may fall anywhere, also inside a word that a hyphen breaks; a
hyphen that belongs to a word (semi-automatic) may stand at the end of a line as well.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from html import escape

MONTHS = [date(2000, n, 1).strftime("%B") for n in range(1, 13)]


def long_date(day: date) -> str:
    """The day as letters write it, such as ``June 3, 2020``."""
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


@dataclass
class Setting:
    """How one document is set; ``page`` is the next page number that a marker prints."""

    rng: random.Random
    width: int = 72
    indent: int = 4
    hang: int = 0
    hyphenate: float = 0.25
    markers: float = 0.04
    marker: str = "[[Page {page}]]"
    blank_around_marker: int = 1
    page: int = 40101
    pages_used: list[int] = field(default_factory=list)

    def paragraph(self, text: str) -> list[str]:
        """The lines of one paragraph, with breaks and page markers where chance puts them."""
        lines: list[str] = []
        line = " " * self.indent
        for word in text.split(" "):
            while len(line) + len(word) + (not line.endswith(" ")) > self.width and line.strip():
                head = self._head(word, self.width - len(line) - 2)
                if head:
                    lines.append(f"{line}{'' if line.endswith(' ') else ' '}{head}")
                    word = word[len(head.rstrip("-")) :].lstrip("-")
                else:
                    lines.append(line)
                self._marker(lines)
                line = " " * self.hang
            line += ("" if not line.strip() or line.endswith(" ") else " ") + word
        lines.append(line)
        return lines

    def _head(self, word: str, room: int) -> str | None:
        """What of a word stays on this line, with its hyphen; None where it moves down whole."""
        if (own := word.find("-")) > 0 and own < room:
            return word[: own + 1]
        if not re.fullmatch(r"[a-z]{8,}[.,;:]?", word) or room < 4 or self.rng.random() > self.hyphenate:
            return None
        return word[: self.rng.randint(3, min(room, len(word) - 4))] + "-"

    def _marker(self, lines: list[str]) -> None:
        if self.rng.random() >= self.markers:
            return
        gap = [""] * self.blank_around_marker
        lines += [*gap, self.marker.format(page=self.page), *gap]
        self.page += 1


def register_shell(lines: Iterable[str], published: date, number: str, *, kind: str = "Notices") -> bytes:
    """The ``<html><pre>`` shell of the Federal Register's raw text, with its header lines."""
    volume = published.year - 1935
    body = "\n".join(lines)
    text = (
        f"<html>\n<head>\n<title>Federal Register, Volume {volume} Issue 31 ({published:%A}, "
        f"{long_date(published)})</title>\n</head>\n<body><pre>\n"
        f"[Federal Register Volume {volume}, Number 31 ({published:%A}, {long_date(published)})]\n"
        f"[{kind}]\n[Pages 40100-40109]\n"
        "From the Federal Register Online via the Government Publishing Office "
        '[<a href="http://www.gpo.gov">www.gpo.gov</a>]\n'
        f"[FR Doc No: {number}]\n\n\n"
    )
    return (text + escape(body, quote=False) + "\n</pre></body>\n</html>\n").encode()


def record_shell(
    lines: Iterable[str], day: date, chamber: str, pages: str, *, html: bool = True, ending: str = "\n"
) -> bytes:
    """The shell of a page of the Congressional Record; ``pages`` as ``[Pages H1-H4]`` or ``[Page S1]``."""
    volume = day.year - 1854
    title = f"Congressional Record, Volume {volume} Issue 99 ({day:%A}, {long_date(day)})"
    head = [
        f"[Congressional Record Volume {volume}, Number 99 ({day:%A}, {long_date(day)})]",
        f"[{chamber}]",
        pages,
        "From the Congressional Record Online through the Government Publishing Office "
        '[<a href="http://www.gpo.gov">www.gpo.gov</a>]',
        "",
        "",
    ]
    body = [escape(line, quote=False) for line in lines]
    if not html:
        return ending.join([*(re.sub("<[^>]+>", "", line) for line in head), *lines]).encode()
    shell = ["<html>", "<head>", f"<title>{title}</title>", "</head>", "<body><pre>"]
    return ending.join([*shell, *head, *body, "</pre></body>", "</html>", ""]).encode()

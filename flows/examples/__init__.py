"""Worked questions: one SQL file each; its header says what is asked and what the answer does not mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent
_HEADER = re.compile(r"-- (title|question|not|set): (.+)")


class ExampleError(ValueError):
    """The example does not exist or has no such setting; one sentence says which there are."""


@dataclass(frozen=True, slots=True)
class Example:
    """One worked question. ``settings`` are the names it can be run with, each with what it is."""

    name: str
    title: str
    question: str
    not_meant: str
    settings: dict[str, str]
    sql: str


def examples() -> list[Example]:
    """All worked questions by name."""
    return [_read(path) for path in sorted(_FOLDER.glob("*.sql"))]


def example(name: str) -> Example:
    """One worked question. Raises ExampleError for a name that is none."""
    known = {each.name: each for each in examples()}
    if name not in known:
        raise ExampleError(f"there is no example {name!r}; there are: {', '.join(known)}")
    return known[name]


def _read(path: Path) -> Example:
    sql = path.read_text("utf-8")
    told: dict[str, str] = {}
    settings: dict[str, str] = {}
    last = ""
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        if found := _HEADER.fullmatch(line):
            last = found.group(1)
            if last == "set":
                name, _, meaning = found.group(2).partition(" = ")
                settings[name] = meaning
            else:
                told[last] = found.group(2)
        elif last in told:
            told[last] += " " + line.removeprefix("--").strip()
    return Example(path.stem, told["title"], told["question"], told["not"], settings, sql)

"""Federal Register notices of the State Department's letters under sections 36(c) and 36(d), with their cells.

Four manners of letter (about 2000, 2012, 2020, 2025), each with its own salutations, closings, number forms
and enclosure lines. The wordings are own ones after the statutory phrases; no parser is imported.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.generators.letters_eras import MANNERS, MANUFACTURE, STANDARD, STATEMENTS, Manner
from tests.generators.letters_layout import Setting, long_date, register_shell
from tests.generators.letters_wording import (
    EXPORTERS,
    FIREARMS,
    FIRMS,
    MANY,
    ONE,
    OTHER_GOODS,
    TRAPS,
    USERS,
    Goods,
    Places,
)


@dataclass
class Letter:
    """The cells that one letter must become: one record a destination, all with these values."""

    ref: str | None
    ref_raw: str | None
    day: date | None
    codes: tuple[str, ...]
    goods: Goods
    value: int | None
    category: str | None = None
    end_user: str | None = None
    consignee: str | None = None
    intermediary: str | None = None
    exporter: str | None = None
    amends: str | None = None
    end_user_also: str | None = None
    paragraphs: list[str] = field(default_factory=list)


NAMES = ("Joseph E. Sample", "JULIA SAMPLE", "Mary K. Waters-Example", "N. SAMPLE", "Ryan M. Sample")


def _goods_and_opening(rng: random.Random, manner: Manner) -> tuple[Goods, str, int | None, str | None]:
    kind = rng.choice(("firearms", "firearms", "firearms", "articles", "mde", "manufacture"))
    opening = rng.choice(manner.openings[kind])
    goods = rng.choice(FIREARMS if kind == "firearms" else OTHER_GOODS)
    value = next((amount for amount in (1, 14, 25, 50, 100) if f"${amount},000,000" in opening), None)
    return goods, opening, value and value * 1_000_000, "I" if kind == "firearms" else None


def letter(rng: random.Random, manner: Manner, year: int, seq: int) -> Letter:
    """One letter of a manner, its wording chosen by chance, with the cells that follow from the choice."""
    goods, opening, value, category = _goods_and_opening(rng, manner)
    several = rng.random() < 0.15
    places: Places = rng.choice(MANY if several else ONE)
    code = places.codes[0]
    user, firm = (rng.choice(USERS[code]), rng.choice(FIRMS.get(code, ("",)))) if not several else ("", "")
    exporter = rng.choice(EXPORTERS)
    if "36(d)" in opening and "36(c)" not in opening:
        kind, sentence = "none", rng.choice(MANUFACTURE)
    else:
        kinds = ["none"] if several else ["user", "user", "none", "exporter"]
        kind = rng.choice(kinds + (["consignee", "through"] if firm else []))
        sentence = rng.choice(STATEMENTS[kind])
    day = date(year, 1, 5) + timedelta(days=rng.randrange(340))
    number = rng.choice(manner.numbers).format(yy=f"{year % 100:02}", seq=seq)
    ref = f"DDTC {year % 100:02}-{seq:03}"
    fill = {"G": goods.text, "P": places.text, "U": user, "F": firm, "X": exporter}
    made = Letter(
        ref=ref,
        ref_raw=number,
        day=day,
        codes=places.codes,
        goods=goods,
        value=value,
        category=category,
        end_user=user if kind in {"user", "consignee", "exporter", "through"} else None,
        consignee=firm if kind == "consignee" else None,
        intermediary=firm if kind == "through" else None,
        exporter=exporter if kind == "exporter" else None,
    )
    body = [opening.format(**fill), sentence.format(**fill)]
    if rng.random() < 0.15:
        body[1] += " " + rng.choice(TRAPS)
    if "amendment" in opening and rng.random() < 0.6:
        old = f"DDTC {year % 100 - 2:02}-{seq + 5:03}"
        body[1] += (
            f" This amendment adds to the transaction certified in Transmittal No. {old} of "
            f"{long_date(day - timedelta(days=700))}."
        )
        made.amends = old
    made.paragraphs = [
        _dated(rng, day),
        *rng.choice(manner.addressees).split("|"),
        *_salutation(rng, manner, body[0]),
        body[1],
        *STANDARD,
        *rng.choice(manner.closings).format(name=rng.choice(NAMES)).split("|"),
        *rng.choice(manner.enclosures).format(n=number).split("|"),
    ]
    return made


def _dated(rng: random.Random, day: date) -> str:
    written = long_date(day)
    return f"[{written}]" if rng.random() < 0.1 else written + rng.choice(("", "", "."))


def _salutation(rng: random.Random, manner: Manner, opening: str) -> list[str]:
    salutation = rng.choice(manner.salutations).strip()
    return [f"{salutation} {opening}"] if rng.random() < 0.3 else [salutation, opening]


@dataclass
class Notice:
    """One document: its bytes, its letters in order, its name and date."""

    name: str
    content: bytes
    published: date
    letters: list[Letter]


def notice(seed: int, manner_name: str, year: int, count: int) -> Notice:
    """A notice of ``count`` letters, each seed another wording, width and set of breaks."""
    rng = random.Random(f"{seed}/{manner_name}")
    manner = MANNERS[manner_name]
    setting = Setting(
        rng,
        width=rng.choice((64, 70, 72, 72, 78)),
        indent=rng.choice((0, 4, 4)),
        markers=rng.choice((0.0, 0.03, 0.08)),
        blank_around_marker=rng.choice((0, 1, 1, 2)),
    )
    start = rng.randrange(1, 60)
    made = [letter(rng, manner, year, start + n) for n in range(count)]
    published = date(year + 1, 2, 17)
    number = f"{published.year}-{10000 + seed:05}"
    lines = _front(setting, manner, year)
    gap = rng.choice((1, 1, 2))
    for each in made:
        for paragraph in each.paragraphs:
            lines += setting.paragraph(paragraph)
            lines += [""] * (rng.random() < 0.2)
        lines += [""] * gap
    lines += [
        f"    Dated: {long_date(published - timedelta(days=9))}.",
        "Michael F. Sample,",
        "Deputy Assistant Secretary, Directorate of Defense Trade Controls, Department of State.",
        f"[FR Doc. {number} Filed {published.month}-{published.day - 1}-{published.year % 100:02}; 8:45 am]",
        "BILLING CODE 4710-25-P",
    ]
    return Notice(f"{number}.txt", register_shell(lines, published, number), published, made)


def _front(setting: Setting, manner: Manner, year: int) -> list[str]:
    lines = ["=" * 72, "-" * 72, "", "DEPARTMENT OF STATE", "", f"[Public Notice: {year + 9000}]", "", ""]
    title = (
        "Bureau of Political-Military Affairs, Directorate of Defense Trade Controls: Notifications to the "
        "Congress of Proposed Commercial Export Licenses"
    )
    plain = Setting(setting.rng, width=72, indent=0, hyphenate=0, markers=0)
    for text in (
        title,
        "AGENCY: Department of State.",
        "ACTION: Notice.",
        "SUMMARY: The Directorate of Defense Trade Controls and the Department of State give notice that the "
        "attached Notifications of Proposed Commercial Export Licenses were submitted to the Congress on the "
        "dates indicated.",
        f"DATES: As shown on each of the {setting.rng.randint(2, 90)} letters.",
        "FOR FURTHER INFORMATION CONTACT: Ms. Sample Person, Directorate of Defense Trade Controls, Department "
        "of State, telephone (202) 555-0100; email sample@example.gov.",
        "SUPPLEMENTARY INFORMATION: " + manner.intro,
    ):
        lines += [*plain.paragraph(text), ""]
    lines.append("    Following are such notifications to the Congress:")
    return [*lines, ""]

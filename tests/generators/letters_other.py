"""Notices in more manners (``letters_manners``): heads, closings and number lines mixed by chance."""

from __future__ import annotations

import random
from datetime import date, timedelta

from tests.generators import letters_manners as manners
from tests.generators.letters_eras import STANDARD
from tests.generators.letters_layout import Setting, long_date, register_shell
from tests.generators.letters_register import NAMES, Letter, Notice
from tests.generators.letters_wording import EXPORTERS, FIREARMS, FIRMS, ONE, TRAPS, USERS

SINGLE = tuple(place for place in ONE if place.codes[0] in FIRMS)


def letter(rng: random.Random, year: int, seq: int) -> Letter:
    """One letter with the cells that its wording states."""
    goods, places = rng.choice(FIREARMS), rng.choice(SINGLE)
    code = places.codes[0]
    user, firm, exporter = rng.choice(USERS[code]), rng.choice(FIRMS[code]), rng.choice(EXPORTERS)
    statement = rng.choice(manners.STATEMENTS)
    opening, value, category = rng.choice(manners.OPENINGS)
    fill = {"G": goods.text, "P": places.text, "U": user, "F": firm, "X": exporter}
    day = date(year, 1, 5) + timedelta(days=rng.randrange(340))
    pattern = rng.choice(manners.NUMBERS)
    number = pattern.format(yy=f"{year % 100:02}", seq=seq, four=f"{6000 + seq}")
    ref = f"RSAT {year % 100:02}-{6000 + seq}" if "RSAT" in pattern else f"DDTC {year % 100:02}-{seq:03}"
    numbered, dated = rng.random() > 0.06, rng.random() > 0.06
    body = statement.text.format(**fill)
    if rng.random() < 0.2:
        body += " " + rng.choice(TRAPS)
    head = rng.choice(manners.HEADS).format(D=long_date(day), S=rng.choice(manners.SALUTATIONS)).split("|")
    if not dated:
        head = [part for part in head if long_date(day) not in part] or ["Dear Mr. Speaker:"]
        dated = any(long_date(day) in part for part in head)
    made = Letter(
        ref=ref if numbered else None,
        ref_raw=" ".join(number.split()) if numbered else None,
        day=day if dated else None,
        codes=places.codes,
        goods=goods,
        value=value or (2_345_678 if "$2,345,678" in statement.text else None),
        category=category,
        end_user=user if "user" in statement.roles else None,
        consignee=firm if "consignee" in statement.roles else None,
        intermediary=firm if "intermediary" in statement.roles else None,
        exporter=exporter if "exporter" in statement.roles else None,
    )
    if statement.also and made.end_user:
        made.end_user_also = user + statement.also.format(**{**fill, "P": places.text})
    closing = rng.choice(manners.CLOSINGS).format(name=rng.choice(NAMES)).split("|")
    tail = (
        rng.choice(manners.ENCLOSURES).format(n=number).split("|") if numbered else ["Enclosure: As stated."]
    )
    made.paragraphs = [*head, opening.format(**fill), body, *STANDARD, *closing, *tail]
    return made


def notice(seed: int, year: int, count: int) -> Notice:
    """A notice of ``count`` letters; some are set with CRLF, some without any blank line."""
    rng = random.Random(f"{seed}/other")
    setting = Setting(
        rng, width=rng.choice((60, 72, 72, 76)), indent=rng.choice((0, 2, 4)), markers=rng.choice((0, 0.05))
    )
    letters = [letter(rng, year, 1 + n + rng.randrange(3) * 20) for n in range(count)]
    letters = list({each.ref or id(each): each for each in letters}.values())
    published = date(year + 1, 9, 22)
    number = f"{published.year}-{12000 + seed:05}"
    plain = Setting(rng, width=72, indent=0, hyphenate=0, markers=0)
    lines = ["-" * 71, "", "DEPARTMENT OF STATE", "", "[Public Notice: 12799]", ""]
    for text in (
        "Bureau of Political-Military Affairs; Directorate of Defense Trade Controls: Notifications to the Congress of "
        "Proposed Commercial Export Licenses",
        "ACTION: Notice.",
        "SUMMARY: The Directorate of Defense Trade Controls and the Department of State give notice that the attached "
        "Notifications of Proposed Commercial Export Licenses were submitted to Congress on the dates indicated.",
        "SUPPLEMENTARY INFORMATION: Section 36(f) of the Arms Export Control Act (22 U.S.C. 2776) requires that "
        "notifications to the Congress pursuant to sections 36(c) and 36(d) be published in the Federal Register in a "
        "timely manner. The following are such notifications to the Congress:",
    ):
        lines += [*plain.paragraph(text), ""]
    dense = rng.random() < 0.3
    for each in letters:
        for paragraph in each.paragraphs:
            lines += setting.paragraph(paragraph)
            lines += [] if dense else [""] * (rng.random() < 0.5)
        lines += [] if dense else [""]
    lines += [
        "    Dated: September 2, 2025.",
        "Michael F. Sample,",
        "Deputy Assistant Secretary, Department of State.",
        f"[FR Doc. {number} Filed 9-21-25; 8:45 am]",
        "BILLING CODE 4710-25-P",
    ]
    content = register_shell(lines, published, number)
    if rng.random() < 0.3:
        content = content.replace(b"\n", b"\r\n")
    return Notice(f"{number}.txt", content, published, letters)

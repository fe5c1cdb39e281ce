"""Invented notices and Congressional Record pages with their truth; does not import the parsers.

Countries, goods, quantities, roles, wraps, page markers, dashes, dates, amendments and missing numbers vary;
everything is drawn from a seed, so a failing text can be made again.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

COUNTRIES = {
    "Mexico": "MX", "Canada": "CA", "the United Kingdom": "GB", "Israel": "IL", "Japan": "JP", "Turkey": "TR",
    "the Republic of Korea": "KR", "the Philippines": "PH", "Saudi Arabia": "SA", "Guatemala": "GT", "Peru": "PE",
    "the Kingdom of Saudi Arabia": "SA", "Brazil": "BR", "the Netherlands": "NL", "Belgium": "BE", "Jordan": "JO",
    "the Czech Republic": "CZ", "Australia": "AU", "Taiwan": "TW", "the United Arab Emirates": "AE", "Oman": "OM",
    "Trinidad and Tobago": "TT", "Bosnia and Herzegovina": "BA", "El Salvador": "SV", "Panama": "PA", "Chile": "CL",
    "Kosovo": "XK", "Côte d'Ivoire": "CI", "South Africa": "ZA", "New Zealand": "NZ", "Papua New Guinea": "PG",
    "Georgia": "GE", "Chad": "TD", "Niger": "NE", "Nigeria": "NG", "Colombia": "CO", "Indonesia": "ID",
}  # fmt: skip
END_USERS = {
    "MX": ["Mexican Navy (SEMAR)", "Secretariat of National Defense (SEDENA)", "Mexican Federal Police",
           "Secretariat of Public Security of the State of Mexico", "Guardia Nacional", "Mexican Army"],
    "IL": ["Israel National Police", "Israel Defense Forces"],
    "CA": ["Royal Canadian Mounted Police"], "JP": ["Japan Coast Guard"], "TR": ["Turkish National Police"],
    "PH": ["Philippine National Police"], "GB": ["Royal Navy"], "CO": ["Colombian National Army"],
}  # fmt: skip
GENERAL_USERS = [
    "Ministry of Defense",
    "National Police",
    "Ministry of Interior",
    "Armed Forces",
    "Special Forces Command",
]
CONSIGNEES = ["M.R.D. Efram Investments Ltd", "Comercializadora Ejemplo, S.A. de C.V.", "Example Arms GmbH",
              "Example Defence Trading Pte Ltd", "Colt Canada Corporation", "Ejemplo Industrias S.A.", "Example, Inc."]  # fmt: skip
EXPORTERS = [
    "Sig Sauer, Inc.",
    "Example Firearms, LLC",
    "Colt's Manufacturing Company LLC",
    "Barrett Example Corporation",
]
GOODS = [
    "5.56mm automatic rifles", "M4 carbines, 5.56mm caliber", "9x19mm semi-automatic pistols", "7.62x51mm belt-fed machine guns",
    ".50 caliber bolt-action sniper rifles", "12-gauge shotguns", "40mm grenade launchers", "suppressors",
    "M5 Commando 5.56mm fully automatic rifles", "Colt M4 carbine, 11.5\" barrel length, 5.56mm caliber, fully automatic rifles",
    ".308 Winchester rifles", "9 mm submachine guns", "rifle barrels", "night vision rifle scopes",
]  # fmt: skip
SAFE_GOODS = [
    "5.56mm automatic rifles",
    "9mm semi-automatic pistols",
    "suppressors",
    "spare parts",
    "M203 grenade launchers",
]
TRAPS = ["The rifles are made in Albuquerque, New Mexico.", "The applicant has a plant in Mexico, Missouri.",
         "Testing took place near Mexico, NY and in the Gulf of Mexico.", "A like item was shown in the State of Mexico."]  # fmt: skip
DASHES = ["-", "-", "-", "–", "‑", "—", "--", "−"]
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]  # fmt: skip
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


@dataclass
class Truth:
    """What one letter says, for each field that is compared."""

    licence_ref: str | None = None
    countries: list[str] = field(default_factory=list)
    event_date: date | None = None
    exporter: str | None = None
    consignee: str | None = None
    intermediary: str | None = None
    end_user: str | None = None
    items: list[tuple[str | None, str]] = field(default_factory=list)
    item_description: str | None = None
    category: str | None = None
    value: int | None = None
    amends: str | None = None
    source: str | None = None


def printed_date(rng: random.Random, day: date) -> str:
    text = f"{MONTHS[day.month - 1]} {day.day}, {day.year}"
    return rng.choice([text, text, text, f"[{text}]", f"{text}."])


def transmittal(rng: random.Random, day: date) -> tuple[str, str]:
    """The printed number and its normal form."""
    year = (day.year - rng.randrange(3)) % 100
    office = rng.choice(["DDTC", "DDTC", "DDTC", "RSAT"])
    number = rng.randrange(1, 999) if office == "DDTC" else rng.randrange(1000, 9999)
    width = 3 if office == "DDTC" else 4
    dash = rng.choice(DASHES)
    parts = [f"{year:02d}", f"{number:0{width}d}"]
    if day.year < 2012:
        parts.reverse()
    return (
        f"{office}{rng.choice([' ', ' ', '-'])}{dash.join(parts)}",
        f"{office} {year:02d}-{number:0{width}d}",
    )


def goods(rng: random.Random) -> tuple[str, list[tuple[str | None, str]]]:
    shape = rng.randrange(4)
    if shape == 0:
        item = rng.choice(GOODS)
        count = f"{rng.randrange(1, 90_000):,}"
        return f"{count} {item}", [(count, item)]
    if shape == 1:
        several = rng.sample(GOODS, rng.choice([2, 2, 3]))
        counts = [f"{rng.choice([rng.randrange(13, 999), rng.randrange(13, 90_000)]):,}" for _ in several]
        listed = [f"{n} {i}" for n, i in zip(counts, several, strict=True)]
        text = ", ".join(listed[:-1]) + rng.choice([" and ", ", and "]) + listed[-1]
        return text, list(zip(counts, several, strict=True))
    if shape == 2:
        three = rng.sample(SAFE_GOODS, 3)
        return f"{three[0]}, {three[1]}, and {three[2]}", [(None, i) for i in three]
    item = rng.choice(SAFE_GOODS)
    return item, [(None, item)]


def parties(rng: random.Random, truth: Truth) -> str:
    """The words from ``to`` on: destination and roles."""
    shape = rng.randrange(8)
    names = rng.sample(list(COUNTRIES), 3)
    if shape in (0, 1):
        names = ["Mexico", *[n for n in names if n != "Mexico"]]
    first, code = names[0], COUNTRIES[names[0]]
    users = [*END_USERS.get(code, []), *GENERAL_USERS]
    truth.countries = [code]
    if shape == 7:
        names = list(dict.fromkeys(names))
        truth.countries = list(dict.fromkeys(COUNTRIES[n] for n in names))
        if len(names) == 2:
            return f"to {names[0]} and {names[1]}"
        return (
            f"to {names[0]}, {names[1]}, {rng.choice(['and ', ''])}{names[2]}"
            if rng.random() < 0.2
            else (f"to {names[0]}, {names[1]}, and {names[2]}")
        )
    if shape == 6:
        return f"to {first}"
    truth.end_user = rng.choice(users)
    use = rng.choice(["end use", "ultimate end use", "end-use", "ultimate end-use", "use"])
    if shape in (0, 2, 3):
        return f"to {first} for {use} by the {truth.end_user}"
    truth.consignee = rng.choice(CONSIGNEES)
    if shape == 4:
        other = rng.choice([n for n in COUNTRIES if COUNTRIES[n] != code])
        base = rng.choice(GENERAL_USERS)
        truth.end_user = f"{base} of {first}"
        return f"to {truth.consignee} in {other} for {use} by the {truth.end_user}"
    text = f"to {truth.consignee} in {first}"
    if shape == 5:
        truth.intermediary = rng.choice(["Example Brokers Ltd", "Ministry of National Defense"])
        text += f" through the intermediary {truth.intermediary},"
    return f"{text} for {use} by the {truth.end_user}"


def letter(rng: random.Random, day: date, old: bool) -> tuple[list[str], Truth]:
    """Paragraphs of one letter: head lines first, then body paragraphs, then tail lines."""
    truth = Truth(event_date=day)
    where = parties(rng, truth)
    what, truth.items = goods(rng)
    truth.item_description = what
    if rng.random() < 0.15:
        truth.exporter = rng.choice(EXPORTERS)
    by = f" by {truth.exporter}" if truth.exporter else ""
    inverted = (
        not by
        and where.count(",") == 0
        and " for " not in where
        and " in " not in where
        and rng.random() < 0.5
    )
    sentence = f"the export {where} of {what}" if inverted else f"the export of {what}{by} {where}"
    truth.value = rng.choice([1_000_000, 14_000_000, 50_000_000, None])
    amount = (
        ""
        if truth.value is None
        else rng.choice(
            [
                " in the amount of ${:,} or more",
                " in the amount of [${:,}] or more",
                " in an amount of ${:,} or more",
            ]
        ).format(truth.value)
    )
    truth.category = rng.choice(["I", "I", "I(b)", None])
    number, truth.licence_ref = transmittal(rng, day)
    amend = ""
    kind = rng.choice(
        [
            "license",
            "license",
            "technical assistance agreement",
            "manufacturing license agreement",
            "amendment to a license",
        ]
    )
    if kind.startswith("amend") and rng.random() < 0.7:
        amended, truth.amends = transmittal(rng, day.replace(year=day.year - 1, day=1))
        truth.amends = amended
        amend = f", {rng.choice(['Transmittal No.', 'originally notified under Transmittal No.'])} {amended},"
    ust = "U.S." if not old else "United States"
    general = (
        "firearms, parts, and components"
        + rng.choice(["", " abroad"])
        + (
            f" controlled under Category {truth.category} of the {ust} Munitions List"
            if truth.category
            else ""
        )
        if truth.category
        else "defense articles, including technical data, and defense services"
    )
    section = rng.choice(["Section 36(c)", "Section 36(c)", "Sections 36(c) and 36(d)", "Section 36(d)"])
    article = "an" if kind.startswith("amend") else "a"
    general_to = (
        f" {where.split(' for ')[0].split(' through ')[0]}"
        if len(truth.countries) == 1 and truth.consignee is None and rng.random() < 0.5
        else ""
    )
    trap = f" {rng.choice(TRAPS)}" if rng.random() < 0.3 else ""
    body = [
        f"Pursuant to {section} of the Arms Export Control Act, please find enclosed a certification of "
        f"{article if article == 'an' else 'a'} proposed {kind}{amend} for the export of {general}{general_to}{amount}.".replace(
            "an proposed", "a proposed"
        ),
        f"The transaction contained in the attached certification involves {sentence}.{trap}",
        f"The {'United States' if old else 'U.S.'} government is prepared to license the export of these items having "
        "taken into account political, military, economic, human rights, and arms control considerations.",
        "More detailed information is contained in the formal certification which, though unclassified, contains "
        "business information submitted to the Department of State by the applicant, publication of which could "
        f"cause competitive harm to the {'United States' if old else 'U.S.'} firm concerned.",
    ]
    head = []
    if rng.random() < 0.93:
        head.append(printed_date(rng, day))
    else:
        truth.event_date = None
    head.append(
        rng.choice(
            [
                "The Honorable A. Example, Speaker of the House of Representatives.",
                "The Honorable Z. Example, Chairman, Committee on Foreign Relations, United States Senate.",
            ]
        )
    )
    dear = rng.choice(["Dear Mr. Speaker:", "Dear Madam Speaker:", "Dear Mr. Chairman:"])
    tail = [
        "Sincerely,",
        "B. EXAMPLE," if old else "B. Example, Acting Assistant Secretary, Bureau of Legislative Affairs.",
    ]
    if rng.random() < 0.93:
        tail.append(
            rng.choice(
                [
                    "Enclosure: Transmittal No. {}",
                    "Enclosure: Transmittal No. {}",
                    "Enclosure: Transmittal Number: {}",
                    "Enclosure:\nTransmittal No. {}",
                    "Transmittal No. {}.",
                    "Enclosure: Transmittal No.\n{}",
                ]
            ).format(number)
        )
    else:
        truth.licence_ref = None
    if rng.random() < 0.5:
        body[0] = f"{dear} {body[0]}"
    else:
        head.append(dear)
    return ["\0".join(head), *body, "\0".join(tail)], truth


def wrap(rng: random.Random, text: str, width: int, indent: str, hang: str) -> list[str]:
    """Lines of at most ``width``; long words are sometimes broken with a hyphen as printers do."""
    lines, line = [], indent
    for word in text.split():
        space = "" if line.strip() == "" else " "
        if len(line) + len(space) + len(word) <= width:
            line += space + word
            continue
        room = width - len(line) - len(space) - 1
        split = _break(word, room)
        if split and rng.random() < 0.5:
            lines.append(line + space + word[:split] + ("" if word[split - 1] == "-" else "-"))
            line = hang + word[split:]
        else:
            lines.append(line)
            line = hang + word
    return [*lines, line]


BREAKS = {
    "automatic": 4, "certification": 6, "components": 3, "transaction": 5, "contained": 3, "Mexican": 4,
    "competitive": 4, "information": 5, "government": 6, "considerations": 3, "suppressors": 3, "manufacturing": 4,
    "submitted": 3, "controlled": 3, "international": 5, "commercially": 6, "agreement": 5, "equipment": 5,
}  # fmt: skip


def _break(word: str, room: int) -> int:
    """Where a word may be broken: after its own hyphen or at a known syllable."""
    if "-" in word[1:room] and word.split("-")[0].isalpha() and word[0].islower():
        return word.index("-") + 1
    core = word.strip(",.;:()")
    at = BREAKS.get(core, 0)
    return at if at and word.startswith(core) and at < room else 0


def with_markers(rng: random.Random, lines: list[str], prefix: str, first: int) -> list[str]:
    """Page markers between lines anywhere, also where a word is broken; some inside a line."""
    done, page = [], first
    for line in lines:
        done.append(line)
        if rng.random() < 0.04:
            page += 1
            done += ["", f"[[Page {prefix}{page}]]", ""]
        elif rng.random() < 0.01 and line.count(" ") > 4 and not line.startswith(" "):
            page += 1
            head, _, rest = line.partition(" ")
            done[-1] = f"{head} [[Page {prefix}{page}]] {rest}"
    return done


def notice(seed: int) -> tuple[str, list[Truth]]:
    """One Federal Register notice and the truth of each of its letters."""
    rng = random.Random(seed)
    old = rng.random() < 0.4
    day = date(
        rng.randrange(2005, 2019) if old else rng.randrange(2020, 2026),
        rng.randrange(1, 13),
        rng.randrange(1, 28),
    )
    published = day + timedelta(days=rng.randrange(60, 500))
    width = rng.choice([72, 72, 66, 78])
    truths, lines = [], []
    for _ in range(rng.randrange(1, 9)):
        day += timedelta(days=rng.randrange(0, 20))
        paragraphs, truth = letter(rng, day, old)
        truths.append(truth)
        blank = [""] if rng.random() < 0.7 else []
        for head in paragraphs[0].split("\0"):
            lines += [*wrap(rng, head, width, "", ""), *blank]
        for paragraph in paragraphs[1:-1]:
            lines += wrap(rng, paragraph, width, "    ", "")
        for tail in paragraphs[-1].split("\0"):
            lines += [
                part
                for piece in tail.split("\n")
                for part in wrap(rng, piece, width, rng.choice(["", "    "]), "")
            ]
        lines += blank or ([""] if rng.random() < 0.5 else [])
    number = f"{published.year}-{rng.randrange(1000, 29999):05d}"
    weekday = WEEKDAYS[published.weekday()]
    intro = (
        "SUPPLEMENTARY INFORMATION: Section 36(f) of the Arms Export Control Act (22 U.S.C. 2776) requires that "
        "notifications to the Congress pursuant to sections 36(c) and 36(d) be published in the Federal Register in a "
        "timely manner. The following are such notifications to the Congress:"
    )
    title = "Bureau of Political-Military Affairs, Directorate of Defense Trade Controls: Notifications to the Congress of Proposed Commercial Export Licenses"
    head = [
        "<html>", "<head>", f"<title>Federal Register ({weekday})</title>", "</head>", "<body><pre>",
        f"[Federal Register Volume {published.year - 1935}, Number {rng.randrange(1, 250)} ({weekday}, {MONTHS[published.month - 1]} {published.day}, {published.year})]",
        "[Notices]", f"[Pages 100-{100 + len(lines) // 60}]", f"[FR Doc No: {number}]", "", "-" * 71, "",
        "DEPARTMENT OF STATE", "", "[Public Notice: 12345]", "", *wrap(rng, title, width, "", ""), "", "ACTION: Notice.", "",
        *wrap(rng, intro, width, "", ""), "",
    ]  # fmt: skip
    foot = [f"    Dated: {MONTHS[published.month - 1]} 1, {published.year}.", "C. Example,", f"[FR Doc. {number} Filed; 8:45 am]", "BILLING CODE 4710-25-P", "", "</pre></body>", "</html>"]  # fmt: skip
    return "\n".join([*head, *with_markers(rng, lines, "", 100), *foot]), truths

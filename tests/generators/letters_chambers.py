"""Executive communications of both chambers: pages of the Congressional Record and items of congress.gov.

Wordings are this project's own after the forms that the House and the Senate print; each certification has
its cells, and stands among communications of other matters that must not become records.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.generators.letters_layout import Setting, long_date, record_shell
from tests.generators.letters_wording import FIREARMS, MANY, ONE, OTHER_GOODS, Places

HOUSE_TITLES = (
    "Acting Assistant Secretary for Legislative Affairs",
    "Senior Advisor, Bureau of Legislative Affairs",
    "Assistant Secretary, Legislative Affairs",
    "Senior Bureau Official, Legislative Affairs",
)
CATEGORY_ONE = (
    "firearms, parts, and components controlled under Category I of the United States Munitions List"
)
ARTICLES = "defense articles, including technical data, and defense services"
HOUSE = (
    "transmitting certification of a proposed license for the export of {W} to {P} (Transmittal No. {n}), "
    "pursuant to 22 U.S.C. 2776(c)",
    "transmitting Transmittal No. {n}, certification of a proposed license for the export of {W} to {P}, "
    "pursuant to Section 36(c) of the Arms Export Control Act",
    "transmitting a certification of a proposed license for the export of {W} to {P} in the amount of "
    "{A} or more (Transmittal Number: {n}), pursuant to 22 U.S.C. 2776(c)(2)(A); Public Law 90-629, Sec. 36(c) "
    "(as added by Public Law 104-164, Sec. 141(c)); (110 Stat. 1431)",
    "transmitting certification of a proposed technical assistance agreement for the export of {W} to {P} "
    "(Transmittal No. {n}), pursuant to 22 U.S.C. 39, 36(c)",
    "transmitting, pursuant to Section 36(c) of the Arms Export Control Act, Transmittal No. {n}, regarding the "
    "proposed export of {W} to {P}",
)
SENATE = (
    "transmitting, pursuant to section 36(c) of the Arms Export Control Act, the certification of a proposed "
    "license for the export of {W} to {P} in the amount of {A} or more (Transmittal No. {n})",
    "transmitting, pursuant to law, the certification of a proposed license for the export of {W} to {P} in the "
    "amount of {A} or more (Transmittal No. {n})",
    "transmitting, pursuant to sections 36(c) and (d) of the Arms Export Control Act, the certification of a "
    "proposed manufacturing license agreement for the export of {W} to {P} (Transmittal No. {n})",
    "transmitting, pursuant to section 36(c) of the Arms Export Control Act, the certification of a proposed "
    "license amendment for the export of {W} to {P} in the amount of {A} or more (OSS-2021-0412) "
    "(Transmittal No. {n})",
)
OTHER_MATTERS = (
    "A letter from the Regulatory Management Division, Environmental Protection Agency, transmitting the "
    "Agency's final rule -- Air Plan Approval; New Mexico; Regional Haze [EPA-R06-OAR-2020-0139] received June "
    "3, 2020, pursuant to 5 U.S.C. 801(a)(1)(A); to the Committee on Energy and Commerce.",
    "A letter from the Chairman, National Transportation Safety Board, transmitting a report on helicopter "
    "operations in the Gulf of Mexico, pursuant to 49 U.S.C. 1117; to the Committee on Transportation and "
    "Infrastructure.",
    "A letter from the Assistant Secretary, Legislative Affairs, Department of State, transmitting a report on "
    "the Middle East peace process, pursuant to Public Law 107-228; to the Committee on Foreign Affairs.",
    "A letter from the Director, Defense Security Cooperation Agency, transmitting Transmittal No. 20-31, "
    "pursuant to Section 36(b)(1) of the Arms Export Control Act, as amended; to the Committee on Foreign "
    "Affairs.",
    "A letter from the Secretary, Department of Agriculture, transmitting the Department's final rule -- Cotton "
    "Imported from Mexico (RIN: 0581-AD68) received May 28, 2020; to the Committee on Agriculture.",
)
SENATE_OTHER = tuple(
    text.replace("A letter from", "A communication from") for text in OTHER_MATTERS if "DSCA" not in text
)


@dataclass
class Certification:
    """The cells of one communication: one record a destination."""

    ref: str
    ref_raw: str
    codes: tuple[str, ...]
    item: str
    value: int | None
    category: str | None
    day: date
    weapon_class: str | None = None


@dataclass
class ChamberDocument:
    """A document with its certifications in order."""

    name: str
    content: bytes
    media_type: str
    certifications: list[Certification]
    day: date


def _wording(rng: random.Random, chamber: str, day: date, seq: int) -> tuple[str, Certification]:
    year = day.year % 100
    forms = ("DDTC {yy}-{seq:03}", "DDTC {yy}–{seq:03}", "DDTC-{yy}-{seq:03}")
    flipped = ("DDTC {seq:03}-{yy}", "DTC {seq:03}-{yy}")
    number = rng.choice(flipped if day.year < 2010 else forms).format(yy=f"{year:02}", seq=seq)
    places: Places = rng.choice((*ONE, *MANY))
    goods = rng.choice(FIREARMS + OTHER_GOODS)
    what, category, amount = rng.choice(
        (
            (CATEGORY_ONE, "I", "$1,000,000"),
            (ARTICLES, None, "$50,000,000"),
            (goods.text, None, "$14,000,000"),
            (f"{goods.text} controlled under Category I of the USML", "I", "$1,000,000"),
        )
    )
    template = rng.choice(HOUSE if chamber == "House" else SENATE)
    text = template.format(W=what, P=places.text, n=number, A=amount)
    item = {CATEGORY_ONE: "firearms, parts, and components"}.get(
        what, what.removesuffix(" controlled under Category I of the USML")
    )
    made = Certification(
        ref=f"DDTC {year:02}-{seq:03}",
        ref_raw=number,
        codes=places.codes,
        item=item,
        value=int(amount.replace("$", "").replace(",", "")) if "{A}" in template else None,
        category=category,
        day=day,
    )
    return text, made


def _entry(rng: random.Random, chamber: str, number: int, text: str) -> str:
    if chamber == "House":
        title = rng.choice(HOUSE_TITLES)
        return (
            f"{rng.choice(('', 'EC-'))}{number}. A letter from the {title}, Department of State, {text}; to the "
            "Committee on Foreign Affairs."
        )
    return (
        f"EC-{number}. A communication from the Acting Assistant Secretary, Bureau of Legislative Affairs, "
        f"Department of State, {text}; to the Committee on Foreign Relations."
    )


def record_page(seed: int, chamber: str, year: int, count: int) -> ChamberDocument:
    """A page of the Record with ``count`` certifications among other communications."""
    rng = random.Random(f"{seed}/{chamber}")
    day = date(year, 2, 1) + timedelta(days=rng.randrange(280))
    letter = "H" if chamber == "House" else "S"
    setting = Setting(
        rng,
        width=rng.choice((62, 65, 66)),
        indent=7 if chamber == "House" else rng.choice((2, 7)),
        hang=5,
        markers=0.05,
        marker=f"[[Page {letter}{{page}}]]",
    )
    if setting.indent == 2:
        setting.hang = 0
    start, seq = rng.randrange(900, 4000), rng.randrange(1, 80)
    entries: list[str] = []
    made: list[Certification] = []
    for n in range(count):
        text, certification = _wording(rng, chamber, day, seq + n)
        entries.append(_entry(rng, chamber, 0, text))
        made.append(certification)
    others = list(OTHER_MATTERS if chamber == "House" else SENATE_OTHER)
    for other in rng.sample(others, 3):
        entries.insert(rng.randrange(len(entries) + 1), ("0. " if chamber == "House" else "EC-0. ") + other)
    head = (
        ["                     EXECUTIVE COMMUNICATIONS, ETC.", ""]
        if chamber == "House"
        else ["                   EXECUTIVE AND OTHER COMMUNICATIONS", ""]
    )
    lines = [
        *head,
        *Setting(rng, indent=2, markers=0, hyphenate=0).paragraph(
            "Under clause 2 of rule XIV, executive communications were taken from the Speaker's table and referred as "
            "follows:"
            if chamber == "House"
            else "The following communications were laid before the Senate, together with accompanying papers, "
            "reports, and documents, and were referred as indicated:"
        ),
        "",
    ]
    for n, entry in enumerate(entries):
        lines += setting.paragraph(entry.replace("0. A ", f"{start + n}. A ", 1))
    lines += ["", "                          ____________________", ""]
    content = record_shell(lines, day, chamber, f"[Pages {letter}6202-{letter}6204]")
    return ChamberDocument(f"CREC-{day}-pt1-Pg{letter}{seed}.htm", content, "text/html", made, day)


def api_item(seed: int, chamber: str, year: int) -> ChamberDocument:
    """One item of congress.gov, in one of the shapes in which items were seen."""
    rng = random.Random(f"{seed}/{chamber}/item")
    day = date(year, 2, 1) + timedelta(days=rng.randrange(280))
    text, made = _wording(rng, chamber, day, rng.randrange(1, 99))
    kind = "letter" if chamber == "House" else "communication"
    end = "Committee on Foreign Affairs." if chamber == "House" else "Committee on Foreign Relations."
    item: dict[str, Any] = {
        "abstract": f"A {kind} from the Senior Bureau Official, Legislative Affairs, Department of State, {text}; "
        f"to the {end}",
        "chamber": chamber,
        "congress": 117,
        "congressionalRecordDate": day.isoformat(),
        "number": rng.randrange(1, 5000),
        "communicationType": {"code": "EC", "name": "Executive Communication"},
        "updateDate": f"{day + timedelta(days=3)}",
    }
    if chamber == "House":
        item |= {"sessionNumber": 1, "isRulemaking": "False", "legalAuthority": "22 U.S.C. 2776"}
    else:
        item["committees"] = [{"name": "Foreign Relations Committee", "systemCode": "ssfr00"}]
    key = (
        rng.choice(("house-communication", "houseCommunication"))
        if chamber == "House"
        else rng.choice(("senateCommunication", "senate-communication"))
    )
    shape: dict[str, Any] = {key: item, "request": {"format": "json"}}
    content = json.dumps(shape, ensure_ascii=rng.random() < 0.5, indent=rng.choice((None, 4))).encode()
    return ChamberDocument(f"{chamber.lower()}-{seed}.json", content, "application/json", [made], day)


def date_words(day: date) -> str:
    """The day in words, for tests that read a page as text."""
    return long_date(day)

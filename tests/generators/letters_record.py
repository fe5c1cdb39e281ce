"""Invented pages of the Congressional Record with their truth; does not import the parsers. See ``letters``."""

from __future__ import annotations

import random
from datetime import date

from tests.generators.letters import COUNTRIES, MONTHS, WEEKDAYS, Truth, transmittal, with_markers, wrap

OTHERS = [
    "the Administrator, Example Agency, transmitting the Agency's final rule received May 3, 2004. The rule enters into "
    "force in 2005; to the Committee on Agriculture.",
    "the Assistant Secretary for Legislative Affairs, Department of State, transmitting a report on Mexico; to the "
    "Committee on Foreign Affairs.",
    "the Director, Defense Security Cooperation Agency, transmitting Transmittal No. 21-69, pursuant to 22 U.S.C. "
    "2776(b)(1); to the Committee on Foreign Affairs.",
    "the Secretary, Department of the Interior, transmitting a report on fisheries in the Gulf of Mexico and in New "
    "Mexico; to the Committee on Natural Resources.",
]  # fmt: skip


def record_page(seed: int) -> tuple[str, list[Truth], int]:
    """One page of the Congressional Record, the truth of its certifications, and the count of all entries."""
    rng = random.Random(seed)
    senate = rng.random() < 0.5
    day = date(rng.randrange(2005, 2026), rng.randrange(1, 13), rng.randrange(1, 28))
    number = rng.randrange(1, 9000)
    count = rng.randrange(3, 30)
    lines, truths = [], []
    for offset in range(count):
        label = f"EC-{number + offset}." if senate else f"{number + offset}."
        noun = "communication" if senate else "letter"
        if rng.random() < 0.4:
            text, truth = _certification(rng, day, senate)
            truths += truth
        else:
            text = rng.choice(OTHERS)
        lines += wrap(rng, f"{label} A {noun} from {text}", 66, "       ", "     ")
    weekday = WEEKDAYS[day.weekday()]
    letter_ = "S" if senate else "H"
    head = [
        "<html>", "<body><pre>",
        f"[Congressional Record Volume {day.year - 1854}, Number {rng.randrange(1, 200)} ({weekday}, {MONTHS[day.month - 1]} {day.day}, {day.year})]",
        f"[{'Senate' if senate else 'House'}]", f"[Pages {letter_}100-{letter_}103]", "", "", "                     EXECUTIVE COMMUNICATIONS, ETC.", "",
        "  Under clause 8 of rule XII, executive communications were taken from", "the Speaker's table and referred as follows:", "",
    ]  # fmt: skip
    return (
        "\n".join(
            [
                *head,
                *with_markers(rng, lines, letter_, 100),
                "",
                " " * 26 + "_" * 20,
                "",
                "</pre></body></html>",
            ]
        ),
        truths,
        count,
    )


def _certification(rng: random.Random, day: date, senate: bool) -> tuple[str, list[Truth]]:
    truth = Truth(event_date=day)
    name = rng.choice(list(COUNTRIES))
    truth.countries = [COUNTRIES[name]]
    number, truth.licence_ref = transmittal(rng, day)
    shape = rng.randrange(5)
    misspelt = rng.choice(["certification", "certifiation", "a certification", "the certification"])
    if shape == 0:
        other = rng.choice([n for n in COUNTRIES if COUNTRIES[n] != COUNTRIES[name]])
        truth.source = COUNTRIES[other]
        said = f"{misspelt} of a proposed transfer of major defense equipment from the Government of {other} to the Government of {name}"
        truth.consignee = f"Government of {name}"
    elif shape == 1:
        truth.countries = []
        said = f"{misspelt} of a proposed technical assistance agreement for the manufacture of significant military equipment abroad"
    elif shape == 2:
        said = f"{misspelt} of a proposed license for the export of defense articles or defense services sold commercially to {name}"
    else:
        truth.category, truth.value = "I", 1_000_000
        said = f"{misspelt} of a proposed license for the export of firearms, parts, and components controlled under Category I of the United States Munitions List to {name} in the amount of $1,000,000 or more"
    truths = [truth]
    printed = rng.choice(
        [f"(Transmittal No. {number})", f"(Transmittal Number: {number})", f"(Transmittal No.: {number})"]
    )
    if rng.random() < 0.15:
        second, reference = transmittal(rng, day)
        printed = f"(Transmittal Nos. {number} and {second})"
        truths.append(Truth(**{**truth.__dict__, "licence_ref": reference}))
    office = rng.choice(
        [
            "the Acting Assistant Secretary for Legislative Affairs, Department of State",
            "the Senior Bureau Official, Bureau of Legislative Affairs, Department of State",
        ]
    )
    if senate:
        return (
            f"{office}, transmitting, pursuant to section 36(c) of the Arms Export Control Act, {said} {printed}; to the Committee on Foreign Relations.",
            truths,
        )
    return (
        f"{office}, transmitting {said} {printed}, pursuant to 22 U.S.C. 2776(c); to the Committee on International Relations.",
        truths,
    )

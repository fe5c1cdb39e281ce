"""A training report on low pages, whose ends cut the rows that stand there; with every line that was drawn.

Does not import the parser.
"""

from __future__ import annotations

import random

from tests.generators.fmtr_eras import MODERN, Report, day
from tests.generators.sheets import Sheet, column

LONG_UNITS = (
    "SEMAR Divers", "SEMAR", "Army",
    "SEDENA Special Forces Corps, Brigade of Fusileros Paracaidistas, First Battalion",
    "Mexico Secretariat of Security and Citizen Protection, National Guard Coordination, Northern Region",
    "Unidad de Operaciones Especiales (UNOPES) Pacific Group, Manzanillo, Colima, Mexico Navy Marines Infantry",
)  # fmt: skip
LONG_COURSES = (
    "MTT",
    "Combined Diver Course",
    "International Officer Intelligence Captains Career Course And Preparation",
    "Combating Terrorism Policy And Strategy - MA",
)
LONG_US_UNITS = (
    "JSOU - MacDill AFB",
    "Defense Institute Of International Legal Studies (DIILS) Detachment, Naval Station Newport, Rhode Island",
)


def cut(seed: int, *, centred: bool, inset: float = 4, cutting: bool = True) -> Report:
    """A volume of 2021 on low pages, whose ends cut the rows that stand there."""
    chance, made = random.Random(seed), Report()
    edges = (15, 150, 170, 243, 330, 470, 520, 570, 620)
    titles = ("Course Title", "Qty", "Training Location", "Student's Unit", "US Unit", *MODERN[5:])
    sheet = Sheet(
        [column(title, edges[n], edges[n + 1]) for n, title in enumerate(titles)],
        page=(792, chance.randint(200, 420)), size=7, step=8, top=40, bottom=50, inset=inset, number="{}",
        valign="middle" if centred else "top", running="Volume I - Section IV - Part IV-VI - Western Hemisphere",
    )  # fmt: skip
    sheet.title("Mexico", 11, x=15)
    sheet.title("CTIWFP - Fiscal Year 2021 Department of Defense Training", 7, x=15)
    sheet.header()
    people = dollars = 0
    for _ in range(14):
        course, unit = chance.choice(LONG_COURSES), chance.choice(LONG_UNITS)
        place = chance.choice(
            ("Little Creek, Norfolk, VA", "Stennis Space Center, MS", "Mexico (In Country Training)")
        )
        quantity, cost = chance.randint(1, 30), chance.randint(0, 200_000)
        start, end = day(chance, 2020), day(chance, 2021)
        cells = [
            course,
            str(quantity),
            place,
            unit,
            chance.choice(LONG_US_UNITS),
            f"${cost:,}",
            start[0],
            end[0],
        ]
        room = sheet.room()
        sheet.row(cells, cut=room if cutting and 1 <= room < sheet.height(cells) else 0)
        made.lines.append(("MX", unit, course, quantity, cost, start[1], end[1]))
        people, dollars = people + quantity, dollars + cost
    sheet.row(["Fiscal Year 2021 Program Totals", str(people), "", "", "", f"${dollars:,}", "", ""])
    made.add_sum("MX", people, dollars)
    made.content = sheet.content()
    return made

"""Makes lists in the shape of the Dutch monthly licences, with what they state; knows no parser."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass
from datetime import date, timedelta

HEADER = ["afgifte datum", "nummer", "SGP", "CAT", "goederen omschrijving", "D/T", "Verl.", "V/N", "U/D", "T.v.v.",
          "land van bestemming", "land van eindbestemming", "oorsprong /herkomst", "land van oorsprong", "waarde (€)",
          "verval datum"]  # fmt: skip
DESTINATIONS = [("MEXICO", ["MX"]), ("Mexico", ["MX"]), ("TANZANIA", ["TZ"]), ("VS", ["US"]), ("VK", ["GB"]), ("ISRAËL", ["IL"]),
                ("BOSNIË-H", ["BA"]), ("DIVERSE LANDEN", [None]), ("EU, NAVO, ZUID-AFRIKA", [None, "ZA"]), ("Chili via België", ["CL"]),
                ("FRANKRIJK, ITALIË", ["FR", "IT"])]  # fmt: skip
GOODS = [
    ("ML1a", "Kogelgeweer, kaliber .308"),
    ("ML3", "Patronen, kalibers 5.56 x 45, 7.62 x 51"),
    ("ML15b", "CCD camera"),
    ("ML10a", "Delen"),
]


@dataclass(frozen=True)
class Licence:
    number: str
    issued: date
    category: str
    goods: str
    destination: str | None
    euros: int | None


@dataclass(frozen=True)
class List:
    content: bytes
    licences: set[Licence]


def printed(rng: random.Random, day: date) -> str:
    """A date in one of the three forms that stand side by side in one column."""
    return rng.choice([f"{day:%m/%d/%Y}", f"{day:%d%m%Y}", f"{day.day}{day:%m%Y}"])


def make(seed: int, *, pad: int = 0, bom: bool = False, end: str = "\n") -> List:
    """A list in no order: renewals under the same number, padded cells, origins that are no destinations."""
    rng = random.Random(seed)
    rows, licences = [], set()
    for number in rng.sample(range(20000000, 30000000), 30):
        issued = date(2004, 1, 1) + timedelta(days=rng.randint(0, 3600))
        category, goods = rng.choice(GOODS)
        destination, codes = rng.choice(DESTINATIONS)
        euros = rng.choice([None, 0, rng.randint(1, 10**9)])
        renewals = [issued] if rng.random() < 0.7 else [issued, issued + timedelta(days=365)]
        for day in renewals:
            licences |= {
                Licence(str(number), day, category, goods, code, euros if index == 0 else None)
                for index, code in enumerate(codes)
            }
            cells = [printed(rng, day), str(number), category, "A08", goods, rng.choice("DT"), "N" if day == issued else "J",
                     rng.choice("VNM"), rng.choice("234"), rng.choice(["", "3122003", "4-7-2006"]), rng.choice(["MEXICO", "VS"]),
                     destination, rng.choice(["MEXICO", "NEDERLAND"]), "", "" if euros is None else str(euros),
                     rng.choice(["31012005", "38837", "01/31/2008"])]  # fmt: skip
            rows.append([cell + " " * rng.randint(0, pad) for cell in cells])
    rng.shuffle(rows)
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end).writerows([HEADER, *rows])
    return List((b"\xef\xbb\xbf" if bom else b"") + text.getvalue().encode(), licences)

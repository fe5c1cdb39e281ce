"""Answers of the Census export service, made from the facts they hold. Does not import the parser.

``answer(seed)`` returns the bytes and what a reader must take from them. The shapes follow the Bureau's guide:
rows in no order, the header in any order, variables left out, columns repeated, sums beside their parts.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field

COUNTRIES = {
    "2010": ("MEXICO", "MX"),
    "2050": ("GUATEMALA", "GT"),
    "4700": ("SPAIN", "ES"),
    "5081": ("ISRAEL", "IL"),
}
DISTRICTS = {"23": "LAREDO, TX", "24": "EL PASO, TX", "25": "SAN DIEGO, CA", "26": "NOGALES, AZ"}
COMMODITIES = {
    "9301903000": ("MILITARY RIFLES", "NO"),
    "9302000000": ("REVOLVERS AND PISTOLS", "NO"),
    "9305913030": ("PTS & ACCESS OF MILITARY RIFLES", "X"),
    "9306210000": ("CARTRIDGES FOR SHOTGUNS", "THS"),
    "9304000000": ("AIR GUN RIFLES", "NO"),
}
GROUPS = {
    "0020": "NAFTA",
    "0021": "TWENTY LATIN AMERICAN REPUBLICS",
    "1XXX": "NORTH AMERICA",
    "-": "TOTAL FOR ALL COUNTRIES",
}


@dataclass
class Fact:
    """One cell of the truth: what left, to where, through which district, and of what origin."""

    commodity: str
    country: str
    district: str
    origin: str
    value: int
    quantity: int | None

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.commodity, self.country, self.district, self.origin


@dataclass
class Answer:
    content: bytes
    facts: list[Fact]
    ignored: dict[str, int] = field(default_factory=dict)


def facts(rng: random.Random) -> list[Fact]:
    keys = {
        (
            rng.choice(list(COMMODITIES)),
            rng.choice(list(COUNTRIES)),
            rng.choice(list(DISTRICTS)),
            rng.choice("12"),
        )
        for _ in range(rng.randint(3, 40))
    }
    return [
        Fact(
            *key,
            value=rng.choice([0, rng.randint(1, 10**7)]),
            quantity=None if rng.random() < 0.2 else rng.randint(0, 5000),
        )
        for key in sorted(keys)
    ]


def cells_of(fact: Fact, month: str, **over: str) -> dict[str, str]:
    name, unit = COMMODITIES.get(fact.commodity, ("SUM OF COMMODITIES", "-"))
    cells = {
        "CTY_CODE": fact.country,
        "CTY_NAME": (COUNTRIES | {k: (v, "") for k, v in GROUPS.items()})[fact.country][0],
        "E_COMMODITY": fact.commodity,
        "E_COMMODITY_LDESC": name,
        "DISTRICT": fact.district,
        "DIST_NAME": DISTRICTS.get(fact.district, "TOTAL FOR ALL DISTRICTS"),
        "DF": fact.origin,
        "UNIT_QY1": unit,
        "ALL_VAL_MO": str(fact.value),
        "ALL_VAL_YR": str(fact.value * 3 + 7),
        "QTY_1_MO": "0" if fact.quantity is None else str(fact.quantity),
        "QTY_1_MO_FLAG": "M" if fact.quantity is None else "",
        "LAST_UPDATE": "2023-05-04",
        "SUMMARY_LVL": "CGP" if fact.country in {"0020", "0021", "1XXX"} else "DET",
        "COMM_LVL": "-" if fact.commodity == "-" else f"HS{len(fact.commodity)}",
        "time": month,
        "YEAR": month[:4],
        "MONTH": month[5:],
    }
    return cells | over


def sums(known: list[Fact]) -> list[tuple[str, Fact]]:
    """Rows that only sum others, with the rule under which a reader leaves them out."""
    rows: list[tuple[str, Fact]] = []
    for fact in known:
        rows.append(
            (
                "country_group",
                Fact(fact.commodity, "0020", fact.district, fact.origin, fact.value, fact.quantity),
            )
        )
        rows.append(
            (
                "country_group",
                Fact(fact.commodity, "1XXX", fact.district, fact.origin, fact.value, fact.quantity),
            )
        )
        rows.append(
            (
                "all_countries_row",
                Fact(fact.commodity, "-", fact.district, fact.origin, fact.value, fact.quantity),
            )
        )
        rows.append(
            ("all_commodities_row", Fact("-", fact.country, fact.district, fact.origin, fact.value, None))
        )
        for digits in (2, 4, 6):
            rows.append(
                (
                    "coarser_level",
                    Fact(fact.commodity[:digits], fact.country, fact.district, fact.origin, fact.value, None),
                )
            )
    for key in {(f.commodity, f.country, f.district) for f in known}:
        rows.append(("domestic_and_foreign_row", Fact(*key, "-", 1, None)))
    for key2 in {(f.commodity, f.country) for f in known}:
        rows.append(("all_districts_row", Fact(*key2, "-", "-", 1, None)))
        rows.append(("all_districts_row", Fact(*key2, "-", "1", 1, None)))
    return rows


def answer(seed: int, month: str = "2023-03", known: list[Fact] | None = None) -> Answer:
    rng = random.Random(seed)
    known = facts(rng) if known is None else known
    chosen = [pair for pair in sums(known) if rng.random() < 0.5]
    rows = [cells_of(fact, month) for fact in known] + [cells_of(fact, month) for _rule, fact in chosen]
    header = list(rows[0])
    dated = rng.choice([["time"], ["YEAR", "MONTH"], ["time", "YEAR", "MONTH"]])
    optional = ["CTY_NAME", "DIST_NAME", "ALL_VAL_YR", "LAST_UPDATE", "SUMMARY_LVL"]
    left_out = {c for c in ("time", "YEAR", "MONTH") if c not in dated} | {
        c for c in optional if rng.random() < 0.3
    }
    header = [c for c in header if c not in left_out]
    rng.shuffle(header)
    if rng.random() < 0.5:
        header += [rng.choice(["CTY_CODE", "E_COMMODITY"])]
    rng.shuffle(rows)
    lines = [json.dumps(header, separators=(",", ":"))]
    lines += [
        json.dumps([row[c] for c in header], separators=(",", ":"), ensure_ascii=rng.random() < 0.5)
        for row in rows
    ]
    joint = rng.choice([",\n", ",\r\n", ",", ",\n\n"])
    ignored: dict[str, int] = {}
    for rule, _fact in chosen:
        ignored[rule] = ignored.get(rule, 0) + 1
    return Answer(("[" + joint.join(lines) + "]").encode(), known, dict(sorted(ignored.items())))

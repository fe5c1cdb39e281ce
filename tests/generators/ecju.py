"""Makes tables in the shape of the UK compilation, old and new, with what they state; knows no parser."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass

COUNTRIES = [("Mexico", "MX"), ("Korea, South", "KR"), ("Congo, Democratic Republic of", "CD"), ("Burma", "MM"), ("Surinam", "SR"),
             ("Hong Kong Special Administrative Region", "HK"), ("United States of America", "US"),
             ("Continental Shelf: United Kingdom sector", "GB")]  # fmt: skip
RATINGS = ["ML1", "ML3", "ML10", "PL5017", "PL8001", "5A002", "1C350", "End Use", "HR AIII", "IRN"]


@dataclass(frozen=True)
class Decision:
    """One row: number, date as printed, rating, licences, pounds, country, refused or not."""

    number: str
    when: str
    rating: str
    licences: int
    pounds: int | None
    country: str
    is_refused: bool


@dataclass(frozen=True)
class Table:
    content: bytes
    decisions: list[Decision]


def make(
    seed: int, *, newer: bool = False, months: bool = False, end: str = "\r\n", quote_all: bool = False
) -> Table:
    """A table of licences with one or several ratings; ``newer`` has licence_id, iso2 and counts as 1.0."""
    rng = random.Random(seed)
    decisions, lines = [], []
    for number in rng.sample(range(1, 99999), 40):
        country = rng.choice(COUNTRIES)
        when = f"{rng.randint(2008, 2014)}-{rng.randint(1, 12):02}" + (
            "" if months else f"-{rng.randint(1, 28):02}"
        )
        is_refused = rng.random() < 0.2
        for rating in rng.sample(RATINGS, rng.randint(1, 3)):
            pounds = None if is_refused else rng.choice([0, rng.randint(1, 10**7)])
            licences = rng.choice([1, 1, 2, 72])
            decisions.append(Decision(str(number), when, rating, licences, pounds, country[1], is_refused))
            cells = {
                "licence": str(number), "date": when, "rating": rating, "count": f"{licences}.0" if newer else str(licences),
                "value": "" if pounds is None else str(pounds), "country": country[0], "refused": str(int(is_refused)),
            }  # fmt: skip
            lines.append([*cells.values(), country[1], "27"] if newer else list(cells.values()))
    header = ["licence_group", "date", "rating", "count", "value", "country", "refused"]
    if newer:
        header = [
            "licence_id",
            "date",
            "rating",
            "licence_count",
            "value",
            "destination",
            "refused",
            "iso2",
            "licence_cohort_id",
        ]
        order = list(range(len(header)))
        rng.shuffle(order)
        header, lines = [header[i] for i in order], [[line[i] for i in order] for line in lines]
    rng.shuffle(lines)
    text = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    csv.writer(text, lineterminator=end, quoting=quoting).writerows([header, *lines])
    return Table(text.getvalue().encode(), decisions)

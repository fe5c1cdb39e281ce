"""Makes tables in the shape of the EU compilation, with what they state; knows nothing of the parser."""

from __future__ import annotations

import random
from dataclasses import dataclass

HEADER = (
    'unique-id;" ""year""";importing-country;exporting-country;CML-category;'
    "num-licenses-imported;val-licenses-imported;val-arms-imported"
)
MENDED_HEADER = HEADER.replace('" ""year"""', "year")
IMPORTERS = [("Mexico", "MX"), ("Former Yugoslav Republic Of Macedonia", "MK"), ("Korea (Republic Of)", "KR"), ("Congo (Democratic Republic Of)", "CD"),
             ("United Kingdom (Bermuda)", "BM"), ("Curaao", "CW"), ("Russia", "RU"), ("United Kingdom (Channel Islands)", "")]  # fmt: skip
EXPORTERS = [
    ("Germany", "DE"),
    ("CzechRepublic", "CZ"),
    ("Chrypre", "CY"),
    ("United Kingdom", "GB"),
    ("Italy", "IT"),
]


@dataclass(frozen=True)
class Stated:
    """One fact of one row: stage, year, codes of importer and exporter, category, licences, euros."""

    stage: str
    year: int
    importer: str
    exporter: str
    category: str
    licences: int | None
    euros: int | None


@dataclass(frozen=True)
class Table:
    content: bytes
    facts: set[Stated]
    totals: set[Stated]
    blank_rows: int


def make(seed: int, *, end: str = "\r\n", mended: bool = False, bom: bool = False) -> Table:
    """A table of several years in no order, some states printing only totals, some rows blank."""
    rng = random.Random(seed)
    lines, facts, totals, blank_rows = [], set(), set(), 0

    def add(
        importer: tuple[str, str],
        exporter: tuple[str, str],
        category: str,
        figures: list[int | None],
        into: set[Stated],
        year: int,
    ) -> None:
        cells = ["" if figure is None else str(figure) for figure in figures]
        lines.append(";".join([str(year), importer[0], exporter[0], category, *cells]))
        count, licensed, shipped = figures
        if count is not None or licensed is not None:
            into.add(Stated("licensed", year, importer[1], exporter[1], category, count, licensed))
        if shipped is not None:
            into.add(Stated("shipped", year, importer[1], exporter[1], category, None, shipped))

    for year in rng.sample(range(2005, 2014), 3):
        for importer in rng.sample(IMPORTERS, 4):
            for exporter in rng.sample(EXPORTERS, 3):
                parts = (
                    []
                    if rng.random() < 0.3
                    else rng.sample([f"ML{n}" for n in range(1, 23)], rng.randint(1, 4))
                )
                sums = [0, 0, 0]
                for category in parts:
                    figures = [rng.choice([None, 0, rng.randint(1, 9 * 10**8)]) for _ in range(3)]
                    blank_rows += figures == [None] * 3
                    sums = [had + (figure or 0) for had, figure in zip(sums, figures, strict=True)]
                    add(importer, exporter, category, figures, facts, year)
                if rng.random() < 0.2:
                    sums = [figure + 7 for figure in sums]  # a Total may exceed its parts
                add(importer, exporter, "Total", [figure or None for figure in sums], totals, year)
                blank_rows += not any(sums)
    rng.shuffle(lines)
    numbered = [f"{number};{line}" for number, line in enumerate(lines, start=1)]
    text = end.join([MENDED_HEADER if mended else HEADER, *numbered, ""])
    return Table((b"\xef\xbb\xbf" if bom else b"") + text.encode(), facts, totals, blank_rows)

"""Section 655 reports in manners that ``pdf_reports`` does not draw. Does not import the parser.

A report is a list of lines and rows; the press wraps cells, breaks pages, repeats the header, draws lines or none.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from io import BytesIO
from itertools import accumulate
from typing import Any

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

Cells = tuple[str, ...]
FONT = "Helvetica"


@dataclass(frozen=True)
class Sheet:
    """How a report is set. ``widths`` and sizes in points."""

    titles: Cells
    widths: tuple[float, ...]
    ruled: bool = False
    size: float = 8.0
    page: tuple[float, float] = (612, 400)
    title: str = "Section 655 Annual Report - Direct Commercial Sales - Fiscal Year 2012"
    repeat_header: bool = True
    notes: tuple[str, ...] = ()


@dataclass
class Printed:
    content: bytes
    pages: list[int] = field(default_factory=list)
    """the page of each entry, in the order in which they were given"""


def press(sheet: Sheet, entries: list[str | Cells]) -> Printed:
    """Print entries: a text is a line of its own, a tuple is a row of cells."""
    printer = _Press(sheet)
    made = Printed(b"", [printer.entry(entry) for entry in entries])
    made.content = printer.done()
    return made


class _Press:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.file = BytesIO()
        self.canvas = Canvas(self.file, pagesize=sheet.page, invariant=1)
        self.left = (sheet.page[0] - sum(sheet.widths)) / 2
        self.edges = list(accumulate(sheet.widths, initial=self.left))
        self.page, self.y = 0, 0.0
        self._new_page(header=True)

    def _new_page(self, header: bool) -> None:
        if self.page:
            self.canvas.showPage()
        self.page += 1
        width, height = self.sheet.page
        self.canvas.setFont(FONT, self.sheet.size)
        for number, line in enumerate(self.sheet.title.split("\n")):
            self.canvas.drawCentredString(width / 2, height - 22 - 10 * number, line)
        self.canvas.drawCentredString(width / 2, 14, f"Page {self.page}")
        self.y = height - 36
        if header:
            self._draw(self.sheet.titles)

    def entry(self, entry: str | Cells) -> int:
        step = self.sheet.size * 1.2
        if self.y - 4 * step < 30:
            self._new_page(header=self.sheet.repeat_header)
        self.canvas.setFont(FONT, self.sheet.size)
        if isinstance(entry, str):
            self.y -= 1.5 * step
            self.canvas.drawString(self.left + 4, self.y, entry)
            self.y -= 0.5 * step
        else:
            self._draw(entry)
        return self.page

    def _draw(self, cells: Cells) -> None:
        step = self.sheet.size * 1.2
        wrapped = [
            wrap(cell, width - 8, self.sheet.size)
            for cell, width in zip(cells, self.sheet.widths, strict=True)
        ]
        tall = max(map(len, wrapped)) * step + 4
        for at, lines in enumerate(wrapped):
            for number, text in enumerate(lines, start=1):
                self._text(at, self.y - number * step + 1, text)
            if self.sheet.ruled:
                self.canvas.rect(self.edges[at], self.y - tall, self.edges[at + 1] - self.edges[at], tall)
        self.y -= tall

    def _text(self, at: int, y: float, text: str) -> None:
        if text[:1] in "$0123456789" or at == len(self.sheet.widths) - 1:
            self.canvas.drawRightString(self.edges[at + 1] - 4, y, text)
        else:
            self.canvas.drawString(self.edges[at] + 4, y, text)

    def done(self) -> bytes:
        for note in self.sheet.notes:
            self.y -= self.sheet.size * 1.6
            self.canvas.drawString(self.left, self.y, note)
        self.canvas.showPage()
        self.canvas.save()
        return self.file.getvalue()


def wrap(text: str, width: float, size: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and stringWidth(longer, FONT, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines or [""]


COUNTRIES = (
    "Canada",
    "Mexico",
    "Saint Vincent and the Grenadines",
    "Papua New Guinea",
    "United Arab Emirates",
    "Jordan",
    "Guinea",
    "Korea, Republic of",
)
CATEGORIES = ("I", "II", "III")
ITEMS = (
    "Pistols",
    "Rifles, 5.56mm",
    "Machine guns and their spare barrels",
    "Silencers",
    "Ammunition, small arms, .50 caliber and below",
)


def dollars(amount: int | None) -> str:
    return "" if amount is None else f"${amount:,}"


@dataclass
class Truth:
    content: bytes
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    """page, country, code, description, quantity, licensed dollars, shipped dollars"""
    sums: list[tuple[Any, ...]] = field(default_factory=list)
    """page, country ('' for all), code ('' for all), 'quantity' | 'licensed' | 'shipped', printed"""


TITLES = {
    "country": ["Country", "COUNTRY", "Destination"],
    "category": ["Category", "USML Category"],
    "sub": ["Subcategory"],
    "item": ["Description", "Commodity"],
    "quantity": ["Quantity", "Licensed Quantity", "Qty"],
    "licensed": ["Licensed Value", "Authorized Value", "Value Authorized (US$)", "Licensed ($)"],
    "shipped": ["Shipped Value", "Shipped", "Value Shipped ($)"],
}
WIDTHS = {
    "country": 100,
    "category": 66,
    "sub": 70,
    "item": 110,
    "quantity": 62,
    "licensed": 88,
    "shipped": 84,
}
NOTES = ((), ("* Values are those of licenses authorized.", "1 Amounts in U.S. dollars."))
FIGURES = ("quantity", "licensed", "shipped")


def variant(seed: int) -> Truth:
    """Country by category with licensed and shipped figures; the country once a block; sums of three kinds."""
    rng = random.Random(seed)
    names = list(WIDTHS)
    if rng.random() < 0.4:
        names.remove("sub")
    rng.shuffle(names)
    sheet = Sheet(
        titles=tuple(rng.choice(TITLES[n]) for n in names),
        widths=tuple(WIDTHS[n] + rng.uniform(0, 16) for n in names),
        ruled=rng.random() < 0.5,
        size=rng.choice([6.5, 7.0, 7.5]),
        page=(792, rng.choice([330, 420, 612])),
        repeat_header=rng.random() < 0.7,
        notes=rng.choice(NOTES),
    )
    writer = _Writer(rng, names, once=rng.random() < 0.5)
    for country in rng.sample(COUNTRIES, rng.randint(2, 5)):
        writer.country(country)
    writer.sums(
        "", "", writer.rows, {"country": rng.choice(["Grand Total", "GRAND TOTAL", "Total, all countries"])}
    )
    made = press(sheet, [cells for cells, _facts in writer.entries])
    truth = Truth(made.content)
    for page, (_cells, facts) in zip(made.pages, writer.entries, strict=True):
        for fact in facts:
            # a sum has four parts (country, code, measure, printed), a row six
            (truth.sums if len(fact) == 4 else truth.rows).append((page, *fact))
    return truth


class _Writer:
    """Entries of a report with the facts that each of them prints."""

    def __init__(self, rng: random.Random, names: list[str], once: bool) -> None:
        self.rng, self.names, self.once = rng, names, once
        self.rows: list[tuple[Any, ...]] = []
        self.entries: list[tuple[Cells, list[tuple[Any, ...]]]] = []

    def _cells(self, **cells: str) -> Cells:
        return tuple(cells.get(n, "") for n in self.names)

    def country(self, name: str) -> None:
        rng = self.rng
        by_category = rng.random() < 0.3
        start = len(self.rows)
        for category in rng.sample(CATEGORIES, rng.randint(1, 3)):
            before = len(self.rows)
            for number in range(rng.randint(1, 5)):
                self.row(name, category, first=number == 0, shown=not self.once or len(self.rows) == start)
            if by_category:
                where = "country" if self.names[0] == "country" else "item"
                self.sums(name, category, self.rows[before:], {where: f"Category {category} Total"})
        label = rng.choice([f"{name} Total", f"Total {name}", f"{name} Total" if by_category else "TOTAL"])
        self.sums(name, "", self.rows[start:], {"country": label})

    def row(self, country: str, category: str, first: bool, shown: bool) -> None:
        rng = self.rng
        quantity = rng.choice([None, rng.randint(0, 9000)])
        licensed = rng.choice([None, rng.randint(0, 90_000_000)])
        shipped = rng.choice([None, rng.randint(1, 900_000)])
        if first:
            quantity, licensed, shipped = (
                rng.randint(1, 9000),
                rng.randint(0, 90_000_000),
                rng.randint(1, 900_000),
            )
        if quantity is None and licensed is None and shipped is None:
            licensed = 5
        sub = f"({rng.choice('abcgh')})" if "sub" in self.names else ""
        item = rng.choice(ITEMS)
        fact = (country, category + sub, item, quantity, licensed, shipped)
        cells = self._cells(
            country=country if shown else "",
            category=rng.choice([category, f"Category {category}"]),
            sub=sub,
            item=item,
            quantity="" if quantity is None else f"{quantity:,}",
            licensed=dollars(licensed),
            shipped=dollars(shipped),
        )
        self.rows.append(fact)
        self.entries.append((cells, [fact]))

    def sums(self, country: str, code: str, rows: list[tuple[Any, ...]], cells: dict[str, str]) -> None:
        printed = [sum(row[at] or 0 for row in rows) for at in (3, 4, 5)]
        texts = (f"{printed[0]:,}", dollars(printed[1]), dollars(printed[2]))
        facts = [(country, code, kind, amount) for kind, amount in zip(FIGURES, printed, strict=True)]
        self.entries.append((self._cells(**cells, **dict(zip(FIGURES, texts, strict=True))), list(facts)))

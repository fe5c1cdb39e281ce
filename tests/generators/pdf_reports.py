"""Section 655-style reports as PDFs, drawn with reportlab, with every cell that was drawn.

Three eras (country blocks of item lines; country x category; licensed and shipped value), ruled in three manners or
unruled, any widths, fonts, print sizes, page sizes, header wraps, vertical alignments, sub-totals, totals, footnotes,
and rows that a page end cuts. Knows nothing of the parsers: what it returns is what it drew.
"""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from reportlab.lib.pagesizes import A4, LETTER, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

COUNTRIES = [
    "Argentina", "Austria", "Belgium", "Bosnia and Herzegovina", "Brazil", "Canada", "Chile", "Colombia",
    "Côte d'Ivoire", "Democratic Republic of the Congo", "Denmark", "Estonia", "France", "Germany", "Guatemala",
    "Honduras", "Iraq", "Jordan", "Kenya", "Korea, Republic of", "Mexico", "Netherlands", "Papua New Guinea",
    "Saint Vincent and the Grenadines", "Saudi Arabia", "Spain", "Trinidad and Tobago", "United Arab Emirates",
    "United Kingdom of Great Britain and Northern Ireland", "Venezuela",
]  # fmt: skip
ITEMS = [
    "Pistols, semi-automatic, 9mm", "Rifles", "Machine guns", "Silencers", "Ammunition, small arms",
    "Components, parts, accessories, attachments and associated equipment for rifles", "Carbines, 5.56mm",
    "Submachine guns and their spare barrels", "Riflescopes manufactured to military specifications", "Revolvers",
]  # fmt: skip
CATEGORIES = {
    "I": "Firearms",
    "II": "Guns and Armament",
    "III": "Ammunition and Ordnance",
    "IV": "Launch Vehicles",
}
DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")

# name, header, relative width, right aligned
ITEM_COLUMNS = [
    ("commodity", "Commodity", 5.0, False),
    ("quantity", "Quantity", 1.6, True),
    ("value", "Value", 2.2, True),
]
CATEGORY_COLUMNS = [
    ("country", "Country", 2.6, False), ("category", "USML Category", 1.2, False),
    ("subcategory", "Subcategory", 1.3, False), ("description", "Description", 3.2, False),
    ("quantity", "Quantity", 1.3, True), ("value", "Value", 1.8, True),
]  # fmt: skip
SHIPPED_COLUMNS = [
    ("country", "Country", 2.6, False), ("category", "Category", 1.4, False),
    ("licensed", "Licensed Value", 1.8, True), ("shipped", "Shipped Value", 1.8, True),
]  # fmt: skip
ERAS = {"item": ITEM_COLUMNS, "category": CATEGORY_COLUMNS, "shipped": SHIPPED_COLUMNS}


@dataclass(frozen=True)
class ReportSpec:
    """What to draw. Lengths in points; `rules` is "none", "lines", "boxes" (a box a cell) or "bars" (filled)."""

    era: str = "category"
    seed: int = 1
    pages: int = 3
    rules: str = "none"
    align: str = "top"
    font: str = "Helvetica"
    size: float = 8.0
    leading: float = 1.15
    padding: float = 3.0
    gutter: float = 8.0
    margin: float = 40.0
    wide: bool = False
    letter: bool = True
    shuffled: bool = False
    header_lines: int = 1
    repeat_header: bool = True
    footnote: bool = True
    footnote_digit: bool = False
    page_numbers: bool = True
    cut_rows: bool = False
    subtotals: bool = True
    invariant: bool = True


@dataclass
class DrawnRow:
    """One row as drawn. kind: row, total, heading, title, header, footnote, number; lines per cell."""

    kind: str
    page: int
    cells: dict[str, list[str]] = field(default_factory=dict)
    text: str = ""

    def texts(self) -> dict[str, str]:
        return {name: " ".join(lines) for name, lines in self.cells.items()}


@dataclass
class DrawnReport:
    content: bytes
    rows: list[DrawnRow]
    columns: list[str]
    page_count: int
    edges: list[float]
    """x of the column borders, n + 1 for n columns"""


def report(spec: ReportSpec) -> DrawnReport:
    """Draw the report of a spec; equal specs give equal bytes."""
    return _Painter(spec).paint()


def _font(name: str) -> str:
    if name == "DejaVuSans" and name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(name, str(DEJAVU)))
    return name


class _Painter:
    def __init__(self, spec: ReportSpec) -> None:
        self.spec = spec
        self.random = random.Random(spec.seed)
        page = LETTER if spec.letter else A4
        self.width, self.height = landscape(page) if spec.wide else page
        self.buffer = io.BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=(self.width, self.height), invariant=spec.invariant)
        self.font = _font(spec.font)
        self.step = spec.size * spec.leading
        self.rows: list[DrawnRow] = []
        self.page = 1
        self.columns = list(ERAS[spec.era])
        if spec.shuffled:
            self.random.shuffle(self.columns)
        self.edges = self._edges()
        self.y = 0.0
        self.table_top = 0.0
        self.borders: list[float] = []

    def _edges(self) -> list[float]:
        """Column borders: shares of the page's width, no column narrower than its title."""
        least = [max(map(self._width, self._title(h))) + self.spec.gutter + 4 for _, h, _, _ in self.columns]
        numbers = {"quantity": "9,999,999", "value": "$9,999,999,999", "licensed": "$999,999,999"}
        numbers["shipped"] = numbers["value"]
        widest = [self._width(numbers.get(n, "")) + self.spec.gutter for n, _, _, _ in self.columns]
        least = [max(pair) for pair in zip(least, widest, strict=True)]
        room = self.width - 2 * self.spec.margin - sum(least)
        shares = [w * self.random.uniform(0.6, 1.4) for _, _, w, _ in self.columns]
        edges = [self.spec.margin]
        for narrow, share in zip(least, shares, strict=True):
            edges.append(edges[-1] + narrow + room * share / sum(shares))
        return edges

    def _title(self, header: str) -> list[str]:
        return header.split() if self.spec.header_lines > 1 else [header]

    # -- the report -------------------------------------------------------------------------------------------

    def paint(self) -> DrawnReport:
        self._begin_page()
        number = 0
        while self.page <= self.spec.pages:
            self._country(COUNTRIES[number % len(COUNTRIES)])
            number += 1
        self.canvas.save()
        names = [c[0] for c in self.columns]
        return DrawnReport(
            self.buffer.getvalue(), self.rows, names, self.canvas.getPageNumber() - 1, self.edges
        )

    def _country(self, country: str) -> None:
        if self.spec.era == "item":
            self._heading(country)
        if self.page > self.spec.pages:
            return
        quantity = value = 0
        for _ in range(self.random.randint(2, 7)):
            cells, q, v = self._record(country)
            quantity, value = quantity + q, value + v
            self._row("row", cells)
            if self.page > self.spec.pages:
                return
        if self.spec.subtotals:
            label = (
                "TOTAL"
                if self.spec.era == "item"
                else self.random.choice([f"{country} Total", f"Total {country}"])
            )
            first = "commodity" if self.spec.era == "item" else "country"
            last = "shipped" if self.spec.era == "shipped" else "value"
            total = {first: label, last: f"${value:,}"}
            if self.spec.era != "shipped":
                total["quantity"] = f"{quantity:,}"
            self._row("total", total)

    def _record(self, country: str) -> tuple[dict[str, str], int, int]:
        q = self.random.choice([0, self.random.randint(1, 9), self.random.randint(10, 250_000)])
        v = (
            self.random.randint(0, 9)
            if self.random.random() < 0.05
            else self.random.randint(100, 900_000_000)
        )
        quantity = "" if q == 0 else f"{q:,}"
        category = self.random.choice(list(CATEGORIES))
        if self.spec.era == "item":
            return {"commodity": self.random.choice(ITEMS), "quantity": quantity, "value": f"${v:,}"}, q, v
        if self.spec.era == "shipped":
            shipped = {"licensed": f"${v:,}", "shipped": f"${v // 3:,}"}
            return {"country": country, "category": f"Category {category}", **shipped}, 0, v // 3
        return (
            {
                "country": country,
                "category": category,
                "subcategory": f"({self.random.choice('abcdefgh')})",
                "description": self.random.choice([*ITEMS, CATEGORIES[category]]),
                "quantity": quantity,
                "value": f"${v:,}",
            },
            q,
            v,
        )

    # -- pages ------------------------------------------------------------------------------------------------

    def _begin_page(self) -> None:
        self.y = self.height - self.spec.margin
        self._centred("Section 655 Report: Direct Commercial Sales Authorized, Fiscal Year 2014", "title")
        self.y -= 6
        self.table_top = self.y
        self.borders = [self.y]
        if self.page == 1 or self.spec.repeat_header:
            self._header()

    def _end_page(self, last: bool = False) -> None:
        self._draw_rules()
        if last and self.spec.footnote:
            self.y -= 10
            text = (
                "* Values are those of licenses authorized in the fiscal year, not of actual deliveries made."
            )
            self._text(self.spec.margin, self.y - self.spec.size, text)
            self.rows.append(DrawnRow("footnote", self.page, text=text))
        if self.spec.page_numbers:
            text = f"Page {self.page}"
            self._text(self.width / 2 - self._width(text) / 2, self.spec.margin * 0.5, text)
            self.rows.append(DrawnRow("number", self.page, text=text))
        self.canvas.showPage()

    def _next_page(self) -> None:
        """Go on with a new page, or end the report when it has as many as it should."""
        self._end_page(last=self.page == self.spec.pages)
        self.page += 1
        if self.page <= self.spec.pages:
            self._begin_page()

    @property
    def floor(self) -> float:
        return self.spec.margin + 30

    def _centred(self, text: str, kind: str) -> None:
        self.canvas.setFont(self.font, self.spec.size)
        self._text(self.width / 2 - self._width(text) / 2, self.y - self.spec.size, text)
        self.y -= self.step + 4
        self.rows.append(DrawnRow(kind, self.page, text=text))

    def _heading(self, country: str) -> None:
        if self.y - 4 * self.step < self.floor:
            self._next_page()
        if self.page > self.spec.pages:
            return
        self.y -= self.step * 0.8
        self._text(self.edges[0] + 2, self.y - self.spec.size, country)
        self.y -= self.step + self.spec.padding
        self.borders.append(self.y)
        self.rows.append(DrawnRow("heading", self.page, text=country))

    def _header(self) -> None:
        cells = {}
        for name, header, _, _ in self.columns:
            cells[name] = self._title(header)
        tall = max(len(v) for v in cells.values())
        self._cells(
            cells, tall, "bottom" if self.spec.header_lines > 1 else "top", marks=self.spec.footnote_digit
        )
        self.rows.append(DrawnRow("header", self.page, cells))

    # -- rows -------------------------------------------------------------------------------------------------

    def _row(self, kind: str, texts: dict[str, str]) -> None:
        cells = {n: self._wrapped(texts.get(n, ""), i) for i, (n, _, _, _) in enumerate(self.columns)}
        tall = max(len(lines) for lines in cells.values())
        room = int((self.y - self.floor - self.spec.padding) / self.step)
        if room < tall:
            if self.spec.cut_rows and kind == "row" and 0 < room < tall:
                self._cut_row(cells, room)
                return
            self._next_page()
            if self.page > self.spec.pages:
                return
        self._cells(cells, tall, self.spec.align)
        self.rows.append(DrawnRow(kind, self.page, cells))

    def _cut_row(self, cells: dict[str, list[str]], room: int) -> None:
        """Draw a top-aligned row whose later lines stand on the next page."""
        self._cells({n: lines[:room] for n, lines in cells.items()}, room, "top")
        row = DrawnRow("row", self.page, cells)
        self.rows.append(row)
        self._next_page()
        if self.page > self.spec.pages:
            row.cells = {n: lines[:room] for n, lines in cells.items()}
            return
        rest = {n: lines[room:] for n, lines in cells.items()}
        self._cells(rest, max(len(lines) for lines in rest.values()), "top")

    def _cells(self, cells: dict[str, list[str]], tall: int, align: str, marks: bool = False) -> None:
        top = self.y - self.spec.padding / 2
        for i, (name, _, _, right) in enumerate(self.columns):
            lines = cells[name]
            free = (tall - len(lines)) * self.step
            y = top - {"top": 0.0, "middle": free / 2, "bottom": free}[align]
            for n, line in enumerate(lines):
                x = self.edges[i] + self.spec.gutter / 2
                if right:
                    x = self.edges[i + 1] - self.spec.gutter / 2 - self._width(line)
                base = y - n * self.step - self.spec.size * 0.85
                self._text(x, base, line)
                if marks and i == len(self.columns) - 1 and n == len(lines) - 1:
                    self._superscript(x + self._width(line), base)
        self.y = top - tall * self.step - self.spec.padding / 2
        self.borders.append(self.y)

    def _superscript(self, x: float, base: float) -> None:
        self.canvas.setFont(self.font, self.spec.size * 0.6)
        self.canvas.drawString(x, base + self.spec.size * 0.35, "1")
        self.canvas.setFont(self.font, self.spec.size)

    def _wrapped(self, text: str, column: int) -> list[str]:
        room = self.edges[column + 1] - self.edges[column] - self.spec.gutter
        lines: list[str] = []
        for word in text.split():
            if lines and self._width(f"{lines[-1]} {word}") <= room:
                lines[-1] += f" {word}"
            else:
                lines.append(word)
        return lines

    def _width(self, text: str) -> float:
        return float(pdfmetrics.stringWidth(text, self.font, self.spec.size))

    def _text(self, x: float, y: float, text: str) -> None:
        self.canvas.setFont(self.font, self.spec.size)
        self.canvas.drawString(x, y, text)

    def _draw_rules(self) -> None:
        c, ys = self.canvas, self.borders
        left, right = self.edges[0], self.edges[-1]
        c.setLineWidth(0.5)
        if self.spec.rules == "lines":
            for y in ys:
                c.line(left, y, right, y)
            for x in self.edges:
                c.line(x, ys[0], x, ys[-1])
        elif self.spec.rules == "boxes":
            for upper, lower in pairwise(ys):
                for x0, x1 in pairwise(self.edges):
                    c.rect(x0, lower, x1 - x0, upper - lower)
        elif self.spec.rules == "bars":
            for y in ys:
                c.rect(left, y - 0.24, right - left, 0.48, stroke=0, fill=1)
            for x in self.edges:
                c.rect(x - 0.24, ys[-1], 0.48, ys[0] - ys[-1], stroke=0, fill=1)

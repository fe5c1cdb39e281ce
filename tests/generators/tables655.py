"""Section 655 reports in many styles, drawn freely, with what they say written down while they are drawn.

Beside ``us655`` these vary what the eye reads without lines: titles in two levels, currency signs set apart at
the left of their column, sums that name no country, countries once a block, wraps up, down and around, pages
that end inside a block, columns in other orders, one-width letters. Does not import the parser.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from reportlab.lib.pagesizes import A4, landscape, legal, letter
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

COUNTRIES = {
    "Mexico": "MX", "Canada": "CA", "Panama": "PA", "Trinidad and Tobago": "TT", "Israel": "IL", "Kuwait": "KW",
    "Saint Vincent and the Grenadines": "VC", "Bosnia and Herzegovina": "BA", "United Arab Emirates": "AE",
    "Korea, Republic of": "KR", "Cote d'Ivoire": "CI", "Congo, Democratic Republic of the": "CD", "Oman": "OM",
}  # fmt: skip
ITEMS = (
    "Pistols and revolvers", "RIFLES, 5.56MM, SEMI-AUTOMATIC", "Ammunition, small arms, 7.62MM and below", "Fuzes",
    "Night vision goggles, AN/PVS-7, and spare image intensifier tubes", "Body armor", "Machine guns, .50 caliber",
    "Military electronics and components, not elsewhere classified in the USML", "Riot control agents (CS)",
    "Radar components - 1st generation", "Technical data", "Silencers/mufflers/sound suppressors",
)  # fmt: skip
CATEGORIES = (
    ("I", "Firearms, Close Assault Weapons and Combat Shotguns"), ("II", "Guns and Armament"),
    ("III", "Ammunition/Ordnance"), ("VIII", "Aircraft and Related Articles"), ("XI", "Military Electronics"),
    ("IV", "Launch Vehicles, Guided Missiles, Ballistic Missiles, Rockets, Torpedoes, Bombs, and Mines"),
)  # fmt: skip
STAGES = ("licensed", "shipped")
FONTS = (("Helvetica", "Helvetica-Bold"), ("Times-Roman", "Times-Bold"), ("Courier", "Courier-Bold"))


@dataclass(frozen=True)
class Column:
    """A column: its titles from the top down, what it holds ("country", "licensed value"), and its group."""

    titles: tuple[str, ...]
    holds: str
    width: float
    group: str = ""

    @property
    def is_figure(self) -> bool:
        return self.holds.startswith(STAGES)


@dataclass(frozen=True)
class Style:
    """How a report is set; lengths in points."""

    page: tuple[float, float]
    font: str
    bold: str
    size: float
    left: float
    pad: float
    gap: float
    wrap: str  # "down", "both" or "up"
    figures: str  # "right", "centre" or "apart": the sign at the left, the figure at the right
    dollar: str
    blank: str
    total: str
    repeated: bool
    country: str  # "heading", "each" or "once"
    capitals: bool

    @property
    def lead(self) -> float:
        return self.size * 1.2


@dataclass(frozen=True)
class Fact:
    """One record that a drawn row stands for."""

    page: int
    stage: str
    country: str
    code: str | None
    description: str | None
    quantity: int | None
    value: int | None


@dataclass(frozen=True)
class Sum:
    """One printed sum; country is '' for all, agrees says whether its rows give it."""

    page: int
    stage: str
    country: str
    measure: str
    printed: int
    agrees: bool


@dataclass
class Report:
    style: Style
    content: bytes = b""
    facts: list[Fact] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)


def styled(rng: random.Random) -> Style:
    page = rng.choice([letter, A4, legal, landscape(letter), landscape(A4)])
    font, bold = rng.choice(FONTS)
    wrap = rng.choice(["down", "down", "both", "up"])
    return Style(
        page=landscape(legal) if font == "Courier" else page,
        font=font,
        bold=bold,
        size=rng.choice([7, 8, 9]) if font != "Courier" else 7,
        left=rng.choice([36.0, 54.0, 72.0]),
        pad=rng.choice([2.0, 3.0, 5.0]) if font != "Courier" else 4.0,
        gap=rng.choice([1.0, 3.0, 6.0]) if wrap == "down" else rng.choice([5.0, 7.0]),
        wrap=wrap,
        figures=rng.choice(["right", "centre", "apart"]),
        dollar=rng.choice(["$", "$ ", ""]),
        blank=rng.choice(["", "-", "N/A"]),
        total=rng.choice(["TOTAL", "Total:", "{} Total", "Total {}", "Subtotal {}", "{} - Total"]),
        repeated=rng.random() < 0.7,
        country=rng.choice(["heading", "each", "once"]),
        capitals=rng.random() < 0.3,
    )


def wrapped(text: str, width: float, font: str, size: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and stringWidth(longer, font, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


class Press:
    """Draws headers and rows of one table over pages."""

    def __init__(self, style: Style, columns: list[Column]) -> None:
        self.style, self.columns, self.file = style, columns, BytesIO()
        self.canvas = Canvas(self.file, pagesize=style.page, invariant=1)
        self.page, self.y = 1, style.page[1] - 50

    def edges(self) -> Iterator[tuple[Column, float]]:
        x = self.style.left
        for column in self.columns:
            yield column, x
            x += column.width

    def line(self, text: str, bold: bool = False) -> None:
        size = self.style.size
        self.canvas.setFont(self.style.bold if bold else self.style.font, size)
        self.canvas.drawString(self.style.left, self.y - size, text)
        self.y -= size * 1.6

    def put(self, column: Column, x: float, y: float, text: str, font: str) -> None:
        style = self.style
        self.canvas.setFont(font, style.size)
        right, middle = x + column.width - style.pad, x + column.width / 2
        if not column.is_figure:
            self.canvas.drawString(x + style.pad, y, text)
        elif style.figures == "centre":
            self.canvas.drawCentredString(middle, y, text)
        elif style.figures == "apart" and text.startswith("$"):
            self.canvas.drawString(x + style.pad, y, "$")
            self.canvas.drawRightString(right, y, text[1:].strip())
        else:
            self.canvas.drawRightString(right, y, text)

    def header(self) -> None:
        style = self.style
        size = style.size
        groups: dict[str, list[float]] = {}
        for column, x in self.edges():
            if column.group:
                groups.setdefault(column.group, []).extend((x, x + column.width))
        self.canvas.setFont(style.bold, size)
        for name, sides in groups.items():
            self.canvas.drawCentredString((min(sides) + max(sides)) / 2, self.y - size, name)
        self.y -= style.lead + 2 if groups else 0
        deepest = max(len(column.titles) for column in self.columns)
        for column, x in self.edges():
            first = deepest - len(column.titles)
            for number, title in enumerate(column.titles, start=first):
                self.put(column, x, self.y - size - number * style.lead, title, style.bold)
        self.y -= deepest * style.lead + 4

    def row(self, cells: dict[str, str], bold: bool = False) -> int:
        """Draw a row; what stands under "" is drawn from the left edge, in one line, over all columns of words."""
        style = self.style
        font = style.bold if bold else style.font
        lines = {
            column.holds: [cells[column.holds]]
            if column.is_figure
            else wrapped(cells[column.holds], column.width - 2 * style.pad, font, style.size)
            for column in self.columns
            if cells.get(column.holds)
        }
        deepest = max(map(len, lines.values()))
        tall = deepest * style.lead + style.gap
        label = cells.get("", "")
        if self.y - tall < 50:
            self.canvas.showPage()
            self.page, self.y = self.page + 1, style.page[1] - 50
            if style.repeated:
                self.header()
        if label:
            self.canvas.setFont(font, style.size)
            self.canvas.drawString(style.left + style.pad, self.y - style.gap / 2 - style.size, label)
        for column, x in self.edges():
            own = lines.get(column.holds, [])
            above = {"down": 0.0, "both": 0.5, "up": 1.0}[style.wrap] * (deepest - len(own))
            for number, text in enumerate(own):
                self.put(
                    column, x, self.y - style.gap / 2 - style.size - (above + number) * style.lead, text, font
                )
        self.y -= tall
        return self.page

    def done(self) -> bytes:
        self.canvas.showPage()
        self.canvas.save()
        return self.file.getvalue()


def columns_of(rng: random.Random, style: Style, era: str) -> list[Column]:
    """The columns of an era, some in another order, each wide enough for its longest word."""
    figure = stringWidth("$ 99,999,999,999", style.bold, style.size) + 2 * style.pad + 6

    def text(titles: tuple[str, ...], holds: str, longest: str, spare: float) -> Column:
        words = [stringWidth(t, style.bold, style.size) for t in (*titles, longest)]
        return Column(titles, holds, max(words) + 2 * style.pad + 4 + spare)

    found = []
    if style.country != "heading":
        found.append(
            text((rng.choice(["Country", "Destination"]),), "country", "Herzegovina", rng.uniform(10, 60))
        )
    if era == "items":
        found.append(
            text((rng.choice(["Commodity", "Description"]),), "description", "Silencers/mufflers/sound", 60)
        )
    else:
        found.append(text(rng.choice([("USML", "Category"), ("Category",)]), "category", "XVIII", 20))
        found.append(text(("Sub-", "category"), "subcategory", "(a)", 10))
    if era != "shipped":
        pair = [
            Column((rng.choice(["Quantity", "QTY"]),), "licensed quantity", figure),
            Column(rng.choice([("Value",), ("Value (US$)",), ("Value", "(USD)")]), "licensed value", figure),
        ]
        return [*found, *(pair[::-1] if rng.random() < 0.3 else pair)]
    if rng.random() < 0.5:
        return [*found, *(Column((s.title(), "Value"), f"{s} value", figure) for s in STAGES)]
    return [
        *found,
        *(Column((m.title(),), f"{s} {m}", figure, s.title()) for s in STAGES for m in ("quantity", "value")),
    ]


class _Writer:
    def __init__(self, rng: random.Random, report: Report, era: str) -> None:
        self.rng, self.report, self.style, self.era = rng, report, report.style, era
        self.columns = columns_of(rng, report.style, era)
        self.press = Press(report.style, self.columns)
        self.figures = [column.holds for column in self.columns if column.is_figure]
        self.all: dict[str, int] = {}

    def amount(self, holds: str, number: int | None) -> str:
        if number is None:
            return self.style.blank
        return f"{self.style.dollar if holds.endswith('value') else ''}{number:,}"

    def printed(self, name: str) -> str:
        return name.upper() if self.style.capitals else name

    def block(self, name: str, wrong: bool, summed: bool) -> None:
        if self.style.country == "heading":
            if self.press.y < 120:
                self.press.y = 0  # a heading never stands alone at the foot of a page
                self.press.canvas.showPage()
                self.press.page, self.press.y = self.press.page + 1, self.style.page[1] - 50
            self.press.y -= 4
            self.press.line(self.printed(name), bold=True)
        sums: dict[str, int] = {}
        for number in range(self.rng.randint(1, 9)):
            self.row(name, number, sums)
        for holds, amount in sums.items():
            self.all[holds] = self.all.get(holds, 0) + amount
        if summed:
            bad = self.rng.choice(list(sums)) if wrong else ""
            shown = {holds: amount + (holds == bad) for holds, amount in sums.items()}
            self.total(self.style.total.format(self.printed(name)), name, shown, bad)

    def row(self, name: str, number: int, sums: dict[str, int]) -> None:
        category, _title = CATEGORIES[number % len(CATEGORIES)]
        sub = "abcd"[number // len(CATEGORIES)]
        cells = {"category": category, "subcategory": f"({sub})", "description": ITEMS[number]}
        if self.style.country == "each" or (self.style.country == "once" and number == 0):
            cells["country"] = self.printed(name)
        drawn: dict[str, int | None] = {holds: self.figure(holds) for holds in self.figures}
        if all(figure is None for figure in drawn.values()):
            drawn[self.figures[-1]] = 5
        page = self.press.row(cells | {holds: self.amount(holds, figure) for holds, figure in drawn.items()})
        items = self.era == "items"
        for stage in STAGES:
            quantity, value = drawn.get(f"{stage} quantity"), drawn.get(f"{stage} value")
            if quantity is not None or value is not None:
                code, text = (None, ITEMS[number]) if items else (f"{category}({sub})", None)
                self.report.facts.append(Fact(page, stage, COUNTRIES[name], code, text, quantity, value))
        for holds, figure in drawn.items():
            if figure is not None:
                sums[holds] = sums.get(holds, 0) + figure

    def figure(self, holds: str) -> int | None:
        if self.rng.random() < 0.1:
            return None
        most = 2_000_000 if holds.endswith("quantity") else 2_999_999_999
        return self.rng.choice([self.rng.randint(0, 999), self.rng.randint(1000, most)])

    def total(self, label: str, name: str, amounts: dict[str, int], bad: str = "") -> None:
        # the words run over the columns to their right, as spreadsheets let them
        cells = {"": label} | {holds: self.amount(holds, amount) for holds, amount in amounts.items()}
        page = self.press.row(cells, bold=True)
        for holds, amount in amounts.items():
            stage, measure = holds.split()
            self.report.sums.append(Sum(page, stage, COUNTRIES.get(name, ""), measure, amount, holds != bad))


def report(seed: int) -> Report:
    """A report in a style of its own, with some sums wrong and some countries without a sum."""
    rng = random.Random(seed)
    style = styled(rng)
    era = rng.choice(["items", "categories", "shipped"])
    made = Report(style)
    writer = _Writer(rng, made, era)
    words = sum(column.width for column in writer.columns if not column.is_figure)
    label = stringWidth("Subtotal CONGO, DEMOCRATIC REPUBLIC OF THE", style.bold, style.size) + 20
    if style.left + sum(c.width for c in writer.columns) > style.page[0] - 12 or words < label:
        return report(seed + 1_000_000)
    year = {"items": 2005, "categories": 2012, "shipped": 2017}[era]
    writer.press.line(f"Section 655 Report - Direct Commercial Sales, Fiscal Year {year}", bold=True)
    writer.press.header()
    for name in ["Mexico", *rng.sample(sorted(set(COUNTRIES) - {"Mexico"}), rng.randint(2, 6))]:
        writer.block(name, wrong=rng.random() < 0.15, summed=rng.random() < 0.9)
    writer.total("Grand Total", "", writer.all)
    made.content = writer.press.done()
    return made

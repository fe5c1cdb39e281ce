"""Section 655 reports set the way a program sets them: flowing tables, repeated heads, wrapped and merged cells.

Each country's sums are printed; one printed sum of each report is wrong. Knows nothing of the parsers.
"""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

NATIONS = {
    "Argentina": "AR", "Bosnia and Herzegovina": "BA", "Cote d'Ivoire": "CI", "Czech Republic": "CZ",
    "Guatemala": "GT", "Korea, Republic of": "KR", "Mexico": "MX", "Saint Vincent and the Grenadines": "VC",
    "United Arab Emirates": "AE", "United Kingdom": "GB", "Hong Kong": "HK", "Burma": "MM",
}  # fmt: skip
ITEMS = (
    "Ammunition, .50 caliber and below", "Carbines, semi-automatic", "Cartridge and shell casings", "Combat shotguns",
    "Barrels, cylinders, receivers and other components, parts, accessories and attachments for firearms",
    "Machine guns", "Pistols and revolvers", "Riflescopes manufactured to military specifications",
    "Rifles, automatic", "Silencers and mufflers", "Submachine guns", "Technical data - Cat I",
)  # fmt: skip
ARTICLES = (
    ("I", "(a)", "Nonautomatic and semiautomatic firearms to caliber .50 inclusive"),
    ("I", "(b)", "Fully automatic firearms to .50 caliber inclusive (12.7 mm)"),
    ("I", "(h)", "Components, parts, accessories and attachments"),
    ("III", "(a)", "Ammunition for articles in Categories I and II"), ("III", "(d)", "Ammunition parts"),
    ("XI", "(a)(3)", "Radar systems and equipment"), ("XVII", "", "Classified Articles, Technical Data and Services"),
)  # fmt: skip
CATEGORIES = (
    ("I", "Firearms, Close Assault Weapons and Combat Shotguns"), ("II", "Guns and Armament"),
    ("III", "Ammunition/Ordnance"), ("VIII", "Aircraft and Related Articles"),
    ("IV", "Launch Vehicles, Guided Missiles, Ballistic Missiles, Rockets, Torpedoes, Bombs, and Mines"),
)  # fmt: skip

Fact = tuple[str, str, str | None, str | None, int | None, int]
"""Stage, country, description, code, quantity, value"""
Printed = tuple[str | None, str, str, int, bool | None]
"""Country, stage, measure, figure, whether the rows give it"""


@dataclass
class Report:
    content: bytes = b""
    facts: list[Fact] = field(default_factory=list)
    sums: list[Printed] = field(default_factory=list)


@dataclass(frozen=True)
class Look:
    """How a report is set: page, font, widths, titles, the words of its sums and the lines of its table."""

    page: tuple[float, float]
    widths: tuple[float, ...]
    titles: tuple[str, ...] = ()
    font: str = "Helvetica"
    size: float = 8
    label: str = "{} Total"
    lines: str = "none"
    once: bool = False
    merged: bool = False
    blank: str = ""
    dollar: str = "all"
    continued: str = ""


def item_lines(seed: int, look: Look) -> Report:
    """One block per country, its name in capitals above it; two lines of head on every page."""
    chance, made, buffer = random.Random(seed), Report(), io.BytesIO()
    canvas = Canvas(buffer, pagesize=look.page)
    left, middle, right = look.widths
    y = 0.0

    def head() -> float:
        canvas.setFont(look.font, look.size + 2)
        for at, text in enumerate(
            ("U.S. Department of State - Directorate of Defense Trade Controls",
             "Defense Articles Licensed for Export Under Section 38 of the AECA", "Fiscal Year 2003")
        ):  # fmt: skip
            canvas.drawCentredString(look.page[0] / 2, look.page[1] - 40 - 14 * at, text)
        canvas.setFont(look.font, look.size)
        canvas.drawString(left, look.page[1] - 92, "Commodity")
        canvas.drawRightString(middle, look.page[1] - 92, "Quantity")
        canvas.drawRightString(right, look.page[1] - 92, "Value")
        canvas.drawCentredString(look.page[0] / 2, 30, f"- {canvas.getPageNumber()} -")
        return look.page[1] - 110

    def line(text: str, quantity: str = "", value: str = "", step: float = 13) -> None:
        nonlocal y
        canvas.drawString(left, y, text)
        canvas.drawRightString(middle, y, quantity)
        canvas.drawRightString(right, y, value)
        y -= step

    y, wrong = head(), chance.choice(list(NATIONS))
    for name, code in NATIONS.items():
        own: list[Fact] = []
        if y < 120:
            canvas.showPage()
            y = head()
        line(name.upper())
        for item in sorted(chance.sample(ITEMS, chance.randint(1, 7))):
            quantity = chance.choice([None, chance.randint(1, 99), chance.randint(1, 99_999)])
            value = chance.choice([0, chance.randint(1, 999), chance.randint(1_000, 99_999_999)])
            wrapped = _wrapped(item, look, middle - left - 60)
            if y < 60 + 12 * len(wrapped):
                canvas.showPage()
                y = head()
                if look.continued:
                    line(f"{name.upper()} {look.continued}")
            sign = "$" if look.dollar == "all" or (look.dollar == "first" and not own) else ""
            for text in wrapped[:-1]:
                line(text, step=11)
            line(wrapped[-1], "" if quantity is None else f"{quantity:,}", f"{sign}{value:,}")
            own.append(("licensed", code, item, None, quantity, value))
        total = sum(fact[5] for fact in own)
        printed = total + (1_000 if name == wrong else 0)
        line(look.label.format(name.upper()), "", f"{'$' if look.dollar else ''}{printed:,}", 20)
        made.facts += own
        made.sums.append((code, "licensed", "value", printed, printed == total))
    grand = sum(fact[5] for fact in made.facts)
    line("GRAND TOTAL", "", f"{'$' if look.dollar else ''}{grand:,}")
    made.sums.append((None, "licensed", "value", grand, True))
    canvas.save()
    made.content = buffer.getvalue()
    return made


def _wrapped(text: str, look: Look, room: float) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if stringWidth(longer, look.font, look.size) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def categories(seed: int, look: Look) -> Report:
    """Country, category, subcategory, description, quantity and value, in one table over all pages."""
    chance, made = random.Random(seed), Report()
    rows: list[list[Any]] = []
    spans: list[tuple[int, int]] = []
    wrong = chance.choice(list(NATIONS))
    for name, code in NATIONS.items():
        first, own = len(rows), list[Fact]()
        for category, sub, text in [each for each in ARTICLES if chance.random() < 0.5] or ARTICLES[:1]:
            quantity = chance.choice([None, 0, chance.randint(1, 9), chance.randint(1_000, 9_999_999)])
            value = chance.choice([chance.randint(1, 999), chance.randint(10**5, 10**9)])
            cells = ["" if look.once and own else _cell(name, look), category, sub, _cell(text, look)]
            rows.append([*cells, "" if quantity is None else f"{quantity:,}", f"${value:,}"])
            own.append(("licensed", code, text, category + sub, quantity, value))
        if look.merged and len(own) > 1:
            spans.append((first + 1, len(rows)))
        _sums(made, rows, look, own, name, off=-7 if name == wrong else 0)
        made.facts += own
    _sums(made, rows, look, made.facts, None)
    titles = ("Direct Commercial Sales Authorizations for Fiscal Year 2013",)
    made.content = _flowed(rows, look, titles, spans)
    return made


def licensed_and_shipped(seed: int, look: Look) -> Report:
    """Country, category with its title, licensed and shipped value."""
    chance, made = random.Random(seed), Report()
    rows: list[list[Any]] = []
    wrong = chance.choice(list(NATIONS))
    for name, code in NATIONS.items():
        own: list[Fact] = []
        fresh = True
        for category, title in [each for each in CATEGORIES if chance.random() < 0.6] or CATEGORIES[:1]:
            licensed = chance.choice([None, 0, chance.randint(1, 10**8)])
            shipped = 1_234 if licensed is None else chance.choice([None, 0, chance.randint(1, 10**7)])
            figures = [look.blank if each is None else f"${each:,}" for each in (licensed, shipped)]
            place = _cell(name, look) if fresh or not look.once else ""
            rows.append([place, _cell(f"Category {category} {title}", look), *figures])
            fresh = False
            pair = (("licensed", licensed), ("shipped", shipped))
            own += [(stage, code, None, category, None, each) for stage, each in pair if each is not None]
        _sums(made, rows, look, own, name, off=5 if name == wrong else 0)
        made.facts += own
    _sums(made, rows, look, made.facts, None)
    titles = ("Direct Commercial Sales, Fiscal Year 2018 (October 1, 2017 - September 30, 2018)",)
    made.content = _flowed(rows, look, titles, [])
    return made


def _sums(
    made: Report, rows: list[list[Any]], look: Look, own: Sequence[Fact], name: str | None, off: int = 0
) -> None:
    """The line of sums of one country, or of all: quantity and value, or both stages' values."""
    place = NATIONS[name] if name else None
    label = _cell(look.label.format(name) if name else "Grand Total", look)
    if len(look.titles) == 4:
        figures: list[str] = []
        for stage in ("licensed", "shipped"):
            values = [fact[5] for fact in own if fact[0] == stage]
            wrong = off if stage == "shipped" and values else 0
            figures.append(f"${sum(values) + wrong:,}")
            made.sums.append((place, stage, "value", sum(values) + wrong, not wrong if values else None))
        rows.append([label, "", *figures])
        return
    counted = [fact[4] for fact in own if fact[4] is not None]
    value = sum(fact[5] for fact in own)
    rows.append([label, "", "", "", f"{sum(counted):,}" if counted else "", f"${value + off:,}"])
    made.sums += [(place, "licensed", "quantity", sum(counted), True)] if counted else []
    made.sums.append((place, "licensed", "value", value + off, not off))


def _cell(text: str, look: Look) -> Paragraph:
    style = ParagraphStyle("cell", fontName=look.font, fontSize=look.size, leading=look.size + 1.5)
    return Paragraph(text, style)


def _flowed(
    rows: list[list[Any]], look: Look, titles: Sequence[str], spans: Sequence[tuple[int, int]]
) -> bytes:
    style: list[tuple[Any, ...]] = [
        ("FONT", (0, 0), (-1, -1), look.font, look.size),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE" if look.merged else "TOP"),
        ("ALIGN", (-2, 0), (-1, -1), "RIGHT"),
        *[("SPAN", (0, first), (0, last)) for first, last in spans],
    ]
    style += {
        "grid": [("GRID", (0, 0), (-1, -1), 0.4, colors.black)],
        "below": [("LINEBELOW", (0, 0), (-1, -1), 0.3, colors.grey)],
        "shade": [("ROWBACKGROUNDS", (0, 1), (-1, -1), [colors.white, colors.lavender])],
        "none": [],
    }[look.lines]
    head = [_cell(title, look) for title in look.titles]
    table = Table([head, *rows], colWidths=look.widths, repeatRows=1, style=style)
    above = "Report by the Department of State Pursuant to Section 655 of the Foreign Assistance Act of 1961"
    note = "* Quantities may represent different units of measure and are not additive."
    story: list[Flowable] = [_cell(text, look) for text in (above, *titles)]
    story += [Spacer(1, 8), table, Spacer(1, 6), _cell(note, look)]
    buffer = io.BytesIO()

    def foot(canvas: Canvas, document: SimpleDocTemplate) -> None:
        canvas.drawCentredString(look.page[0] / 2, 26, f"Page {document.page}")

    SimpleDocTemplate(buffer, pagesize=look.page, topMargin=48, bottomMargin=48).build(
        story, onFirstPage=foot, onLaterPages=foot
    )
    return buffer.getvalue()

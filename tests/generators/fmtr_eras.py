"""Training reports of 2000 to 2010 as they were set, with every line that was drawn.

The places are those of the real pages: 2000 in two columns of print, 2001 to 2006 under headings that name region,
country, programme and year, 2006-2007 a page of HTML, 2007 to 2010 with titles once a programme. Does not import
the parser.
"""

from __future__ import annotations

import html
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from reportlab.pdfbase.pdfmetrics import stringWidth

from tests.generators.sheets import Sheet, column

COURSES = (
    "ACFT ELECTR FUNDAMENTALS", "SEC ASST MGT-FOREIGN PURCH", "CHDS Programs", "SPEC ENG LANG TRNG (SET)", "JCET",
    "A-37/J-85 ENGINE TECHN", "COMMAND & GEN STAFF OFF", "OJT ENL SAR SOUTHEAST", "RULE LAW&DISCP MIL OPS FOT",
)  # fmt: skip
PLACES = (
    "FT LEE VA 23801-1705", "LACKLAND AFB, TX 78236-5259", "TWENTYNINE PALMS, CA 92278-8200", "Washington, DC",
    "Asia-Pacific Center for Security Studies Honolulu, Hawaii", "MEXICO", "MONTEREY, CA",
    "U S NAV SMALL CRAFT INSTR AND TECH TRNG SCH STENNIS SPACE CTR MS",
)  # fmt: skip
UNITS = (
    "Army", "Navy", "SEDENA", "Escuela Militar de Ingenieros, Secretaria de la Defensa Nacional, Mexico City",
    'BASE AEREA " COL HECTOR CARACCIOLI MONCADA", LA CEIBA, ATLANTIDA', "No: 4 Heli Squadron, SLAF Base Katunayake",
    "1ST SPECIAL FORCES BN(30), 2ND INFANTRY BN(30)", "Centro de Estudios Superiores Navales", "PGR",
    "Secretariat of the Navy, Marine Infantry Battalion No. 2, Ensenada, Baja California, Naval Zone",
    "46th Infantry Battalion; 7th Motorized Cavalry Regiment; Air Mobile Special Forces Group (GAFE), Temamatla",
)  # fmt: skip
US_UNITS = (
    "",
    "",
    "Center for Hemispheric Defense Studies",
    "N/A",
    "16 SOW",
    "U.S. military staff and faculty",
)
PROGRAMS = (
    "International Military Education and Training (IMET)", "Section 1004 (Note 1)", "Exchange Training",
    "Center For Hemispheric Defense Studies", "Drug Interdiction and Counter-Drug Activities, Section 1004",
)  # fmt: skip
NATIONS = {"Guyana": "GY", "Mexico": "MX", "Antigua And Barbuda (UK)": "AG", "Saint Lucia": "LC"}

Line = tuple[str, str | None, str, int, int | None, str, str]
"""Country code, unit, course, trainees, dollars, start, end"""
Sum = tuple[str, str, int]
"""Country code, measure, figure"""


@dataclass
class Report:
    content: bytes = b""
    lines: list[Line] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)

    def add_sum(self, code: str, people: int, dollars: int) -> None:
        self.sums += [(code, "quantity", people), (code, "value", dollars)]


def day(chance: random.Random, year: int, short: bool = False) -> tuple[str, str]:
    """A date as printed, and in ISO form."""
    month, day = chance.randint(1, 12), chance.randint(1, 28)
    return f"{month}/{day}/{f'{year % 100:02d}' if short else year}", f"{year}-{month:02d}-{day:02d}"


def _wrap(text: str, width: float, size: float) -> list[str]:
    lines: list[str] = []
    for word in text.split(" "):
        if lines and stringWidth(f"{lines[-1]} {word}", "Helvetica", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


class _Headed:
    """Pages of 2001 to 2006: titles at the head of a page alone, cells hanging from the first line of their row."""

    SIZE, STEP = 6.67, 8.05
    TITLES_AT = (54, 161, 240, 380, 500, 625, 673, 722)
    EDGES = (36.0, 177.5, 315.0, 438.0)
    WIDTHS = (120, 134, 120, 160)

    def __init__(self, titles: Sequence[str], page: tuple[float, float], blanks: bool) -> None:
        self.titles = titles
        self.sheet = Sheet([], page=page, size=self.SIZE, step=self.STEP, top=66, bottom=100, number="IV-{}")
        self.running = ""
        self.blanks = blanks

    def write(self, x: float, y: float, text: str, align: str = "") -> None:
        """A cell; the reports of 2004 and 2005 have a larger blank behind each."""
        end = self.sheet.text(x, y, text, align=align)
        if self.blanks:
            self.sheet.text(end, y - 4, " ", size=12)

    def heading(self, text: str, x: float = 40.7) -> None:
        self.sheet.text(x, self.sheet.y, text, bold=True, size=10)
        self.sheet.y += 11.5

    def head(self) -> None:
        for x, title in zip(self.TITLES_AT, self.titles, strict=True):
            self.sheet.text(x, self.sheet.y, title, size=8, align="centre")
        self.sheet.y += 11

    def turn(self) -> None:
        self.sheet.turn()
        self.heading(self.running, 36)
        self.head()

    def row(self, texts: tuple[str, str, str, str], figures: tuple[str, str, str, str]) -> None:
        lines = [_wrap(text, width, self.SIZE) for text, width in zip(texts, self.WIDTHS, strict=True)]
        tall = max(map(len, lines))
        if self.sheet.room() < 1:
            self.turn()
        here = min(tall, self.sheet.room())
        places = (("right", 174.6), ("right", 648.0), ("centre", 675.0), ("centre", 725.5))
        for (align, x), text in zip(places, figures, strict=True):
            self.write(x, self.sheet.y, text, align)
        self._lines(lines, 0, here)
        if here < tall:
            self.turn()
            self._lines(lines, here, tall)

    def _lines(self, lines: list[list[str]], first: int, last: int) -> None:
        for x, own in zip(self.EDGES, lines, strict=True):
            for n, text in enumerate(own[first:last]):
                self.write(x, self.sheet.y + n * self.STEP, text)
        self.sheet.y += (last - first) * self.STEP

    def total(self, label: str, people: int, dollars: int) -> None:
        if self.sheet.room() < 1:
            self.turn()
        for x, text, align in (
            (42.0, label, ""),
            (174.6, f"{people:,}", "right"),
            (648.0, f"${dollars:,}", "right"),
        ):
            self.sheet.text(x, self.sheet.y, text, bold=True, align=align)
        self.sheet.y += self.STEP


def headed(
    seed: int, *, late: bool, page: tuple[float, float] = (792, 612), begins_with: Sequence[str] = ()
) -> Report:
    """A volume of 2001-2002, or (``late``) of 2004-2005: fuller titles, years of four digits, ",FY04".

    ``begins_with``: the rest of a unit's name whose row stands in the volume before.
    """
    chance = random.Random(seed)
    year = 2004 if late else 2001
    titles = (
        ("Title of Training", "# Students/Activities", "Location", "Students' Units", "US Units Involved", "Cost",
         "Start Date", "End Date")
        if late
        else ("Title of", "#", "Location", "Students'", "US Units", "Cost", "Start", "End")
    )  # fmt: skip
    pen, made = _Headed(titles, page, blanks=late), Report()
    for name, code in NATIONS.items():
        country = [0, 0]
        for program in chance.sample(PROGRAMS, 2):
            pen.running = f"Western Hemisphere Region, {name}, {program}, FY {year % 100:02d}"
            first = f"{chance.choice(('DoS', 'DoD', 'DOD'))} {pen.running}"
            if made.lines and pen.sheet.room() < 8:
                pen.sheet.turn()
                pen.heading(first)
                pen.head()
            else:
                pen.heading(first.replace(", FY ", ",FY") if late else first)
                if not made.lines:
                    pen.head()
                    for text in begins_with:
                        pen.write(pen.EDGES[2], pen.sheet.y, text)
                        pen.sheet.y += pen.STEP
            people = dollars = 0
            for _ in range(chance.randint(2, 9)):
                course, place, unit = chance.choice(COURSES), chance.choice(PLACES), chance.choice(UNITS)
                quantity = chance.choice([0, 1, 1, 2, 60, 155])
                cost = chance.choice([None, chance.randint(0, 99), chance.randint(100, 900_000)])
                start, end = day(chance, year - 1, not late), day(chance, year, not late)
                printed = (str(quantity), "" if cost is None else f"${cost:,}", start[0], end[0])
                pen.row((course, place, unit, chance.choice(US_UNITS)), printed)
                made.lines.append((code, unit, course, quantity, cost, start[1], end[1]))
                people, dollars = people + quantity, dollars + (cost or 0)
            for label in (f"FY {year % 100:02d} Totals:", "Program Totals:"):
                pen.total(label, people, dollars)
                made.add_sum(code, people, dollars)
            country = [country[0] + people, country[1] + dollars]
        pen.total("Country Totals:", *country)
        made.add_sum(code, *country)
        pen.sheet.y += 18
    made.content = pen.sheet.content()
    return made


class _Newspaper:
    """Pages of 2000: two columns of print, a table of title, number and cost in each."""

    def __init__(self) -> None:
        self.sheet = Sheet([], size=7.3, step=9.67, top=66, bottom=90, number="IV-{}")
        self.shift = 0
        self.subject = ""

    def heading(self, text: str) -> None:
        for line in _wrap(text, 175, 7.3):
            self.sheet.text(58 + self.shift, self.sheet.y, line, bold=True)
            self.sheet.y += 9.67
        self.sheet.y += 3

    def head(self) -> None:
        self.heading(f"Western Hemisphere Region, {self.subject}")
        for x, title in ((84, "Title of"), (208, "#"), (245, "Cost")):
            self.sheet.text(x + self.shift, self.sheet.y + 4, title)
        self.sheet.y += 14

    def room(self, lines: int) -> bool:
        """Whether the column of print had to be left."""
        if self.sheet.room() >= lines:
            return False
        if self.shift:
            self.sheet.turn()
        self.sheet.y, self.shift = self.sheet.top, 0 if self.shift else 266
        self.head()
        return True

    def line(self, title: str, people: int, dollars: int, bold: bool = False) -> None:
        self.room(1)
        for x, text, align in (
            (64 if bold else 58, title, ""),
            (213.5, str(people), "right"),
            (270.5, f"${dollars:,}", "right"),
        ):
            self.sheet.text(x + self.shift, self.sheet.y, text, bold=bold, align=align)
        self.sheet.y += 9.67


def newspaper(seed: int) -> Report:
    """A volume of 2000-2001: no units and no dates; a sum for each year and one for both."""
    chance, made, pen = random.Random(seed), Report(), _Newspaper()
    for name, code in (("Guyana", "GY"), ("Mexico", "MX"), ("Panama", "PA")):
        for program in chance.sample(("Section 1004", "Section 506", *PROGRAMS[:1]), 2):
            both = [0, 0]
            for year in (2000, 2001):
                pen.subject = f"{name}, {program}, FY {year % 100:02d}"
                if not made.lines:
                    pen.head()
                elif not pen.room(5):
                    pen.heading(pen.subject)
                people, dollars = _year_of(chance, pen, made, code, year)
                both = [both[0] + people, both[1] + dollars]
            pen.line("Program Totals:", *both, bold=True)
            made.add_sum(code, *both)
    made.content = pen.sheet.content()
    return made


def _year_of(chance: random.Random, pen: _Newspaper, made: Report, code: str, year: int) -> tuple[int, int]:
    people = dollars = 0
    for _ in range(chance.randint(6, 30)):
        course, quantity = chance.choice(COURSES), chance.randint(1, 60)
        cost = chance.choice([0, chance.randint(1, 300_000)])
        pen.line(course, quantity, cost)
        made.lines.append((code, None, course, quantity, cost, f"{year - 1}-10-01", f"{year}-09-30"))
        people, dollars = people + quantity, dollars + cost
    pen.line(f"FY {year % 100:02d} Totals:", people, dollars, bold=True)
    made.add_sum(code, people, dollars)
    return people, dollars


MODERN = (
    "Course Title",
    "Students",
    "Location",
    "Student's Unit",
    "US Units",
    "Total Cost",
    "Start Date",
    "End Date",
)
MODERN_PROGRAMS = ("CTFP", "IMET-1", "Section 1004", "DOHS/USCG", "Non-SA, Combined Ops")


def _modern_line(chance: random.Random, year: int) -> tuple[list[str], Line]:
    course, place, unit = chance.choice(COURSES), chance.choice(PLACES), chance.choice(UNITS)
    quantity, cost = chance.randint(1, 60), chance.choice([0, chance.randint(1, 300_000)])
    start, end = day(chance, year - 1), day(chance, year)
    cells = [course, str(quantity), place, unit, "-", str(cost), start[0], end[0]]
    return cells, ("", unit, course, quantity, cost, start[1], end[1])


def _modern(seed: int, year: int, pen: _Table | _Centred) -> Report:
    """Country lines, programme lines, titles once a programme, sums of programme and country."""
    chance, made = random.Random(seed), Report()
    for name, code in (("Antigua And Barbuda", "AG"), ("Mexico", "MX"), ("Uruguay", "UY")):
        pen.country(name)
        people = dollars = 0
        for program in chance.sample(MODERN_PROGRAMS, 2):
            pen.program(f"{program} - FY {year} DoD Training")
            lines = [_modern_line(chance, year) for _ in range(chance.randint(2, 9))]
            for cells, line in lines:
                pen.row(cells)
                made.lines.append((code, *line[1:]))
            own = sum(line[3] for _, line in lines), sum(line[4] or 0 for _, line in lines)
            pen.row([f"FY {year} Program Totals", str(own[0]), "", "", "", f"${own[1]:,}", "", ""])
            made.add_sum(code, *own)
            people, dollars = people + own[0], dollars + own[1]
        pen.row([f"{name} FY {year} Totals", str(people), "", "", "", f"${dollars:,}", "", ""])
        made.add_sum(code, people, dollars)
    made.content = pen.content()
    return made


class _Centred:
    """Pages of 2007: cells centred around the line of their row."""

    def __init__(self) -> None:
        edges = (36, 178, 214, 340, 466, 592, 646, 700, 760)
        columns = [column(title, edges[n], edges[n + 1]) for n, title in enumerate(MODERN)]
        running = "Volume I Section IV-VI - Western Hemisphere"
        self.sheet = Sheet(
            columns, page=(792, 612), size=6.67, step=9, gap=5, valign="middle", top=45, running=running,
            number="{}", repeat=False,
        )  # fmt: skip
        self.content = self.sheet.content
        self.row = self.sheet.row

    def country(self, name: str) -> None:
        if self.sheet.room() < 8:
            self.sheet.turn()
        self.sheet.title(name, 12, x=36)

    def program(self, title: str) -> None:
        if self.sheet.room() < 6:
            self.sheet.turn()
        self.sheet.text(36, self.sheet.y + 4, title, bold=True)
        self.sheet.y += 13
        self.sheet.header()


class _Table:
    """The page of HTML of 2006-2007."""

    def __init__(self) -> None:
        self.rows: list[str] = []

    def country(self, name: str) -> None:
        self.rows.append(f"<TR>\n<TD bgColor=beige colSpan=8><B>{name}</B></TD></TR>")

    def program(self, title: str) -> None:
        self.row([title, *[""] * 7])
        self.row(MODERN)

    def row(self, cells: Sequence[str]) -> None:
        found = "\n".join(f"<TD>\n<P>{html.escape(cell) or '&nbsp;'}</P></TD>" for cell in cells)
        self.rows.append(f"<TR>\n{found}</TR>")

    def content(self) -> bytes:
        menu = '<table><tr><td><a href="/">Home</a></td><td>Mexico</td></tr></table>'
        table = "\n".join(self.rows)
        return f"<!DOCTYPE html><html><body>{menu}<TABLE border=1>{table}</TABLE></body></html>".encode()


def centred(seed: int) -> Report:
    return _modern(seed, 2007, _Centred())


def page_of_html(seed: int) -> Report:
    return _modern(seed, 2006, _Table())

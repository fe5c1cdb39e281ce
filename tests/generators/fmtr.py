"""Volumes of the training report as PDF, made from the lines they hold. Does not import the parser.

Cells wrap and are centred around the middle of their row, so that their lines stand above and below the data
line; the header repeats on each page; country lines are larger; sums follow each programme and country.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from io import BytesIO

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

TITLES = (
    "Course Title",
    "Qty",
    "Training Location",
    "Student's Unit",
    "US Unit",
    "Total Cost",
    "Start Date",
    "End Date",
)
REGULAR, BOLD = "Helvetica", "Helvetica-Bold"


@dataclass(frozen=True)
class Layout:
    """How a volume is set: widths of the eight columns, print and page size in points."""

    widths: tuple[float, ...] = (180, 36, 126, 126, 126, 54, 54, 54)
    size: float = 7.0
    page: tuple[float, float] = (792, 612)
    left: float = 18.0
    ruled: bool = True
    centred_country: bool = False
    order: tuple[int, ...] = tuple(range(8))
    running_title: str = "Volume I - Section IV - Part IV-VI - Western Hemisphere"
    titles: tuple[str, ...] = ()  # those of TITLES where empty


@dataclass
class Program:
    name: str
    year: str
    agency: str
    lines: list[tuple[str, ...]]
    printed: tuple[int, int] | None = None

    @property
    def title(self) -> str:
        return f"{self.name} - Fiscal Year {self.year} {self.agency} Training"


@dataclass
class Volume:
    content: bytes
    lines: list[tuple[int, str, str, tuple[str, ...]]] = field(default_factory=list)
    totals: list[tuple[int, str, str, int, int]] = field(default_factory=list)
    """page, country, programme title ('' for the country's own), trainees, dollars"""


class _Press:
    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.file = BytesIO()
        self.canvas = Canvas(self.file, pagesize=layout.page, invariant=1)
        self.page = 0
        self.widths = [layout.widths[i] for i in layout.order]
        self._new_page()

    @property
    def leading(self) -> float:
        return self.layout.size * 1.2

    def _new_page(self) -> None:
        if self.page:
            self.canvas.showPage()
        self.page += 1
        width, height = self.layout.page
        self._text(width / 2, height - 24, self.layout.running_title, BOLD, centred=True)
        self._text(width / 2, 18, str(self.page), BOLD, centred=True)
        self.y = height - 40

    def _text(
        self, x: float, y: float, text: str, font: str = REGULAR, size: float = 0, centred: bool = False
    ) -> None:
        self.canvas.setFont(font, size or self.layout.size)
        (self.canvas.drawCentredString if centred else self.canvas.drawString)(x, y, text)

    def room(self, needed: float, header: bool = False) -> None:
        if self.y - needed < 36:
            self._new_page()
            if header:
                self.header()

    def country(self, name: str) -> None:
        self.room(60)
        self.y -= 18
        x = self.layout.page[0] / 2 if self.layout.centred_country else self.layout.left
        self._text(x, self.y, name, BOLD, 12, self.layout.centred_country)
        self.y -= 6

    def program(self, title: str) -> None:
        self.room(60)
        self.y -= 12
        self._text(self.layout.left, self.y, title, BOLD)
        self.y -= 5

    def header(self) -> None:
        self.row(self.layout.titles or TITLES, header=True)

    def row(self, cells: tuple[str, ...], header: bool = False, bold: bool = False) -> int:
        layout = self.layout
        font = BOLD if bold else REGULAR
        ordered = [cells[i] for i in layout.order]
        wrapped = [
            wrap(cell, width - 10, font, layout.size)
            for cell, width in zip(ordered, self.widths, strict=True)
        ]
        tall = max(len(lines) for lines in wrapped) * self.leading + 2
        if not header:
            self.room(tall, header=True)
        x = layout.left
        for lines, width in zip(wrapped, self.widths, strict=True):
            top = self.y - (tall - len(lines) * self.leading) / 2
            for number, line in enumerate(lines, start=1):
                self._text(x + 5, top - number * self.leading + layout.size * 0.25, line, font)
            x += width
        self.y -= tall
        if layout.ruled:
            self.canvas.setLineWidth(0.3)
            self.canvas.line(layout.left, self.y, x, self.y)
        return self.page

    def done(self) -> bytes:
        self.canvas.showPage()
        self.canvas.save()
        return self.file.getvalue()


def wrap(text: str, width: float, font: str, size: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and stringWidth(longer, font, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines or [""]


def volume(countries: dict[str, list[Program]], layout: Layout | None = None) -> Volume:
    """A volume with these countries, in the order given; ``printed`` sums, where given, stand in for right ones."""
    press = _Press(layout or Layout())
    made = Volume(b"")
    for name, programs in countries.items():
        press.country(name)
        people, dollars, year = 0, 0, ""
        for program in programs:
            press.program(program.title)
            press.header()
            for line in program.lines:
                made.lines.append((press.row(line), name, program.title, line))
            own = program.printed or (
                sum(int(line[1]) for line in program.lines),
                sum(int(line[5].strip("$").replace(",", "")) for line in program.lines),
            )
            people, dollars, year = people + own[0], dollars + own[1], program.year
            page = press.row(_sum(f"Fiscal Year {program.year} Program Totals", *own))
            made.totals.append((page, name, program.title, *own))
        page = press.row(_sum(f"{name} Fiscal Year {year} Totals", people, dollars), bold=True)
        made.totals.append((page, name, "", people, dollars))
    made.content = press.done()
    return made


def _sum(title: str, people: int, dollars: int) -> tuple[str, ...]:
    return (title, f"{people:,}", "", "", "", f"${dollars:,}", "", "")


COURSES = (
    "Civil-Military Response To Terrorism", "PROGRAM ON COUNTERING TRANSNATIONAL ORGANIZED CRIME", "MET DIILS OCONUS Legal Aspects Combating Terrorism",
    "On-the-Job-Training (On-the-job Training) ADMIN (IAAFA - Spanish)", "7127 RSS Marksmanship MTT", "English",
    "NESA/U.S. State Department IVLP 02-19: Transnational Crime Threats Seminar", "INT L Fellows (DL)",
)  # fmt: skip
PLACES = (
    "Monterey, CA, US",
    "Mexico (In Country Training)",
    "Garmisch-Partenkirchen, Germany",
    "Lackland AFB, TX, US",
    "Ft. Mcnair, NDU, DC, US",
    "Washington, DC, USA",
)
UNITS = (
    "SEDENA", "SEMAR", "Mexico Secretariat of Security and Citizen Protection", "Navy", "SDN Signal School / SEM Naval Intelligence Unit",
    "Office of the Chief of Policy, Strategy and Doctrine", "Procuraduría General", "", "Embassy of Mexico in the United States",
)  # fmt: skip
US_UNITS = (
    "Marshall Center",
    "Defense Institute Of International Legal Studies (DIILS)",
    "Lackland AFB, TX - Inter-American Air Forces Academy",
    "JSOU - MacDill AFB",
    "GCMC",
)
COUNTRIES = ("Jamaica", "Mexico", "Panama", "Trinidad and Tobago", "St Vincent and Grenadines", "Peru")
PROGRAMS = (
    ("CTIWFP", "Department of Defense"),
    ("IMET-1", "Department of State"),
    ("Section 333", "Department of Defense"),
    ("DOHS/USCG", "Department of Homeland Security"),
)


def _line(rng: random.Random) -> tuple[str, ...]:
    start, end = (f"{rng.randint(1, 12)}/{rng.randint(1, 28)}/{year}" for year in (2018, 2019))
    cost = rng.choice([0, rng.randint(1, 999), rng.randint(1000, 400_000)])
    return (
        rng.choice(COURSES),
        str(rng.randint(1, 40)),
        rng.choice(PLACES),
        rng.choice(UNITS),
        rng.choice(US_UNITS),
        f"${cost:,}",
        start,
        end,
    )


def variant(seed: int) -> Volume:
    """A volume of random lines in a layout of its own."""
    rng = random.Random(seed)
    countries = {
        name: [
            Program(code, "2018", agency, [_line(rng) for _ in range(rng.randint(1, 25))])
            for code, agency in rng.sample(PROGRAMS, rng.randint(1, 3))
        ]
        for name in rng.sample(COUNTRIES, rng.randint(2, 4))
    }
    order = list(range(8))
    if rng.random() < 0.3:
        order[6:8], order[3:5] = [7, 6], [4, 3]
    layout = Layout(
        widths=tuple(w + rng.uniform(-w / 12, w / 12) for w in Layout.widths),
        size=rng.choice([6.5, 7.0, 7.5]),
        ruled=rng.random() < 0.6,
        centred_country=rng.random() < 0.4,
        order=tuple(order),
    )
    return volume(countries, layout)

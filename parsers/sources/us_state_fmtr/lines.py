"""What the rows of a volume inherit from the lines above them, and the sums that are printed below them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from parsers.record import CellError, Ignored, Measure, Record, Row, Stage, Total
from parsers.sources.us_state_fmtr.volume import (
    FURNITURE,
    PROGRAM,
    SETTINGS,
    TOTAL_LINE,
    TOTALS,
    Volume,
    country_code,
    is_country,
    old_parts,
    place_of,
)
from parsers.values.money import money, number

_PROGRAM_TOTAL, _COUNTRY_TOTAL, _OLD_TOTAL = TOTALS
_CONTINUED = re.compile(r"\s*\(?\bcont(?:inued|['’]d|\.)?\)?$", re.IGNORECASE)
_FIGURE = re.compile(r"\$?[\d,./]+")
_NOTE = re.compile(SETTINGS["note"])


@dataclass
class Lines:
    """The country, programme and year that hold for the rows below."""

    volume: Volume
    record: Callable[[Row], Record]
    country_raw: str = ""
    program: str = ""
    year: str = ""
    blocks: Counter[tuple[str, str]] = field(default_factory=Counter)
    closed: bool = True

    def interpret(self, row: Row, beside: str = "") -> Iterable[Record | Total | Ignored]:
        """A record, the totals of one line, or a line whose words the rows below inherit.

        ``beside`` is a line or cell that puts the row in doubt (``cuts.py``): it is then not kept, for a part
        of it may be missing.
        """
        if not row.cells and (total := TOTAL_LINE.fullmatch(row.raw)):
            # at a page's head the sum of the page before stands above the first header
            cells = {"Course Title": total["title"], "Qty": total["qty"], "Total Cost": total["cost"]}
            row = Row(cells=cells, page=row.page, row=row.row, bbox=row.bbox, text=row.text)
        if not row.cells:
            return [row.ignored(self._line(row))]
        title = row.cells["Course Title"]
        if title and not any(text for name, text in row.cells.items() if name != "Course Title"):
            return [row.ignored(self._words(row, title))]
        if not any(
            _FIGURE.fullmatch(row.cells.get(name, "")) for name in ("Qty", "Total Cost", "Start Date")
        ):
            self.country_raw = self.program = ""
            raise CellError(
                "no figure stands in this row: rows below it have no country, for it may be a heading"
            )
        if _PROGRAM_TOTAL.fullmatch(title):
            self.closed = True
            return self._totals(row, self._inherited())
        if found := _COUNTRY_TOTAL.fullmatch(title):
            return self._totals(row, {"Country": found["country"], "Fiscal Year": full_year(found["year"])})
        if found := _OLD_TOTAL.fullmatch(title):
            return self._totals(row, self._old_scope(found))
        if beside:
            raise CellError(f"a page's end may have cut this row or the one beside it at {beside!r}")
        if self.closed and self.program and not self.volume.old:
            # some programmes print two tables, each with its own sum, under one programme line
            self.blocks[self.country_raw, self.program] += 1
            self.closed = False
        cells = self._inherited() | row.cells
        return [self.record(Row(cells=cells, page=row.page, row=row.row, bbox=row.bbox, text=row.text))]

    def _words(self, row: Row, title: str) -> str:
        """A heading that stands in a drawn cell; one of no meaning ends the country above it."""
        self.country_raw = "" if not PROGRAM.fullmatch(title) else self.country_raw
        if is_country(_CONTINUED.sub("", title)):
            self.volume.headings[place_of(row)] = title
        return self._line(row)

    def _inherited(self) -> dict[str, str]:
        block = self.blocks[self.country_raw, self.program]
        return {
            "Country": self.country_raw,
            "Program": self.program if block < 2 else f"{self.program} ({block})",
            "Fiscal Year": self.year,
        }

    def _old_scope(self, found: re.Match[str]) -> dict[str, str]:
        """Until 2006 a programme has a sum for each fiscal year and one for both, the country one for all."""
        if found["country"]:
            return {"Country": self.country_raw}
        if found["program"]:
            return {"Country": self.country_raw, "Program": self.program}
        return {"Country": self.country_raw, "Program": self.program, "Fiscal Year": full_year(found["year"])}

    def _line(self, row: Row) -> str:
        if self.volume.old:
            return self._old_line(row)
        if program := PROGRAM.fullmatch(row.raw):
            again = self.program == program["program"] and not self.closed
            self.program, self.year, self.closed = program["program"], full_year(program["year"]), False
            self.blocks[self.country_raw, self.program] += not again
            return "program_line"
        if FURNITURE.fullmatch(row.raw):
            return "running_title"
        if place_of(row) not in self.volume.headings:
            raise CellError("this text belongs to no row and is no country, programme or running title")
        self.country_raw = _CONTINUED.sub("", row.raw)
        return "country_line"

    def _old_line(self, row: Row) -> str:
        whole = self.volume.headings.get(place_of(row))
        if whole:
            if FURNITURE.fullmatch(row.raw):
                return "running_title"
            # where the heading cannot be read, no row below is given to the country above
            self.country_raw = self.program = self.year = ""
            self.country_raw, self.program, year = old_parts(whole)
            self.year = full_year(year)
        elif whole is None:
            if FURNITURE.fullmatch(row.raw):
                return "running_title"
            if _NOTE.match(row.raw):
                return "note"
            raise CellError("this text belongs to no row and is no country, programme or running title")
        return "program_line"

    def _totals(self, row: Row, scope: dict[str, str]) -> list[Total]:
        printed = {
            Measure.QUANTITY: number(row.cells["Qty"], "us"),
            Measure.VALUE: money(row.cells["Total Cost"], "us"),
        }
        code = country_code(scope["Country"])
        place = {"destination_country": code} if code else {"Country": scope["Country"]}
        named = {name: value for name, value in scope.items() if name != "Country"}
        totals = [
            row.total(
                scope={**place, "destination_country_raw": scope["Country"], **named},
                measure=measure,
                stage=Stage.TRAINED,
                printed=amount,
                unit="USD" if measure is Measure.VALUE else "trainees",
            )
            for measure, amount in printed.items()
            if amount is not None
        ]
        if not totals:
            raise CellError("a line of totals without a figure")
        return totals


def full_year(text: str) -> str:
    """A year of two digits in four."""
    return text if len(text) == 4 else f"{'19' if text > '50' else '20'}{text}"

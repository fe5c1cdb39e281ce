"""Commerce Department, BIS: licences approved, denied and returned without action, by ECCN and country.

Layouts are data (``source.yml``); sources.md, us_bis_licences, marks them as unverified.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import partial

from parsers.document import Document
from parsers.parsed import interpret_rows
from parsers.readers.delimited import cells_of, header_place, read_delimited
from parsers.readers.htmltable import html_links
from parsers.readers.pdf_headed import headed_rows
from parsers.readers.pdf_marks import without_marks
from parsers.record import (
    CellError,
    DocumentError,
    Grain,
    Ignored,
    Measure,
    Outcome,
    Record,
    Row,
    Stage,
    Total,
    ValueBasis,
)
from parsers.registry import IndexRef, ReportRef
from parsers.sources.us_bis_licences import titles
from parsers.sources.us_bis_licences.pages import in_dollars, tables_apart, told_titles, words_below
from parsers.sources.us_bis_licences.titles import BLANKS, FACTS, OUTCOME_LINE, Title
from parsers.values.control_lists import control_code, weapon_class
from parsers.values.countries import country
from parsers.values.dates import calendar_year, us_fiscal_year
from parsers.values.money import integer, money

_SETTINGS = FACTS.layout_settings
_SUM = re.compile(r"(?i)^\W*(?:grand\s+|sub-?)?totals?\b|\btotals?\s*:?$")
_GRAND = re.compile(r"(?i)\bgrand\s+totals?\b")
_LABELS = ("Country", "ECCN", "Description")
_LABEL_WORDS = 3
_FIGURES = re.compile(r"(?:\$\s?)?\d[\d,.]*%?(?:\s+(?:\$\s?)?\d[\d,.]*%?)*")
# a line that begins with an ECCN, or with a year and has nothing but figures behind it
_LOST_ROW = re.compile(
    rf"(?:\d[A-E]\d{{3}}\S*\s(?:.*\s)?|EAR99\s(?:.*\s)?|(?:FY|CY)?\s?20\d\d\s+){_FIGURES.pattern}"
)
_UNNUMBERED = {text.casefold() for text in _SETTINGS["without_number"]}

Figures = dict[tuple[Stage, Measure], Decimal]


def find_reports(index: Document) -> Iterable[ReportRef | IndexRef]:
    """Links whose text names a country's or year's licensing figures. DocumentError when there is none."""
    refs = []
    for link in html_links(index):
        about = Title.of([link.text])
        if about.place and about.year:
            refs.append(ReportRef(url=link.url, report_key=about.key(), title=link.text))
    if not refs:
        raise DocumentError("the page of statistics links to no report of a country and year")
    return refs


def identify(document: Document) -> str:
    """``mexico-CY2022``: the country and year (or first and last) that the report is about."""
    figures = [(row.cells, about) for row, about in _rows(document) if row.cells and not _is_sum(row.cells)]
    places = {cells.get("Country") or about.place for cells, about in figures}
    years = sorted({year for cells, about in figures if (year := about.year_of(cells))})
    places.discard("")
    if not places or not years:
        raise DocumentError("neither a title nor a column names the country and the year of these licences")
    place = places.pop() if len(places) == 1 else "all countries"
    return Title(place, "-".join(dict.fromkeys([years[0], years[-1]]))).key()


def parse(document: Document) -> Iterator[Outcome]:
    """A record per ECCN and outcome that has a figure; printed sums are Totals."""
    blocks = _Blocks()
    for row, about in _rows(document):
        yield from interpret_rows([row], partial(blocks.interpret, about=about))


def _rows(document: Document) -> Iterator[tuple[Row, Title]]:
    """All rows, and what the titles above each say of it."""
    if not document.content.startswith(b"%PDF"):
        yield from _csv_rows(document)
        return
    rows = list(headed_rows(document, titles.header_words(), parts=tables_apart))
    tops: dict[int, float] = {}
    for row in rows:
        if row.kind == "row":
            tops[row.page] = min(row.bbox[1], tops.get(row.page, row.bbox[1]))
    told = told_titles(document, tops, words_below(rows, tops))
    for row in in_dollars(rows):
        cells = {name: cell.text for name, cell in row.cells.items()} if row.kind == "row" else {}
        line = Row(cells=cells, page=row.page, row=row.row, bbox=row.bbox, text=row.text)
        about = [title for bottom, title in told[row.page] if bottom <= row.bbox[3]]
        yield _with_outcome(line, about[-1].outcome), about[-1]


def _with_outcome(row: Row, told: str) -> Row:
    """The row, a value without an outcome being that of the approved licences where no other is counted.

    Where the table's title told the outcome, count and value are of that.

    Raises DocumentError where other outcomes stand beside it: the value could be of all applications.
    """
    if told and "Count" in row.cells:
        row = replace(row, cells={_of_outcome(told, name): text for name, text in row.cells.items()})
    if "Count" in row.cells:
        raise DocumentError("a column of counts does not say which outcome it is of", page=row.page)
    if "Value" not in row.cells:
        return row
    others = [name for name in row.cells if name.split()[0] in titles.STAGES and name != "Approved Count"]
    if others or "Approved Count" not in row.cells:
        beside = ", ".join(name for name in row.cells if name != "Value")
        raise DocumentError(
            f"a column of values does not say which outcome it is of, beside {beside}", page=row.page
        )
    cells = {("Approved Value" if name == "Value" else name): text for name, text in row.cells.items()}
    return replace(row, cells=cells)


def _of_outcome(told: str, name: str) -> str:
    return f"{told} {name}" if name in ("Count", "Value") else name


def _csv_rows(document: Document) -> Iterator[tuple[Row, Title]]:
    """Rows below the header, which may have titles above it, and what those titles say."""
    if document.content.lstrip().startswith(b"<"):
        raise DocumentError("a page of HTML is no table of licences: a PDF or CSV file is")
    words = titles.header_words()
    printed, place, above = header_place(
        document, lambda cells: words.enough(filter(None, map(words.name_of, cells)))
    )
    names = [words.name_of(title) for title in printed]
    if unknown := [title for title, name in zip(printed, names, strict=True) if name is None]:
        raise DocumentError(f"unknown column {', '.join(map(repr, unknown))} in the header", row=place)
    found = [name for name in names if name]
    if twice := sorted({name for name in found if found.count(name) > 1}):
        raise DocumentError(f"two columns are titled {', '.join(twice)}", row=place)
    if not words.enough(found) or (words.refused and words.refused.search(" ".join(printed))):
        raise DocumentError(f"not a table of licences by ECCN in dollars: {', '.join(printed)}", row=place)
    about = Title.of(above)
    for row in read_delimited(document, header=printed, header_row=place):
        if _is_note(row):
            row = Row(cells={}, row=row.row, text=row.text)
        elif len(row.cells) == len(found):
            row.cells = dict(zip(found, row.cells.values(), strict=True))
        yield _with_outcome(row, about.outcome), about


def _is_note(row: Row) -> bool:
    """Whether a line below a table is a sentence that fills no column but the first."""
    first, *others = (cell.strip() for cell in next(csv.reader([row.raw]), [""]))
    return not any(others) and len(first.split()) > _LABEL_WORDS and not _SUM.search(first)


@dataclass
class _Blocks:
    """The country of the rows below, where a PDF prints it once a block, and what was added since a sum."""

    place: str = ""
    since_sum: dict[str, Figures] = field(default_factory=dict)
    """figures by country"""
    strange_titles: str = ""
    """titles that stand within a table as if they were a row: what is below them is not known"""
    sums_by_country: bool = False
    """whether a sum that named nothing was one of a country"""

    def interpret(self, row: Row, about: Title) -> Iterable[Record | Total | Ignored]:
        """The records or totals of a row."""
        if not row.cells:
            self.strange_titles = ""
            return list(_all_of_outcome(row, about))
        cells = {name: without_marks(text) for name, text in cells_of(row).items()}
        if self.strange_titles:
            raise CellError(f"figures below the titles {self.strange_titles!r}, which are not known")
        if titles.header_words().name_of(cells.get("ECCN", "")) == "ECCN":
            self.strange_titles = row.raw
            raise CellError("titles of columns that are not known")
        figures = dict(_figures(cells))
        if not figures:
            raise CellError("no figure stands in this row")
        if "ECCN" not in cells:
            return list(_all_of_year(row, cells, figures, about))
        if _is_sum(cells):
            named = _summed_place(cells)
            place = named or (self._place_of_sum(cells, figures) if "Country" in cells else about.place)
            self.place, self.since_sum = "", {}
            period = _period(about.year_of(cells))
            return list(_totals(row, figures, _place(place) if place else {}, period))
        self.place = cells.get("Country") or (self.place if row.page else "")
        place = self.place or about.place
        if not place:
            raise CellError("neither the row nor a title names a country")
        added = self.since_sum.setdefault(place, {})
        for what, amount in figures.items():
            added[what] = added.get(what, Decimal(0)) + amount
        start, end = _period(about.year_of(cells))
        if start is None or end is None:
            raise CellError("neither the row nor a title says which fiscal or calendar year it is")
        return list(_records(row, cells, figures, place, (start, end)))

    def _place_of_sum(self, cells: dict[str, str], figures: Figures) -> str:
        """The country of a sum that names none; '' where it is of all rows since the last sum.

        Where several countries were printed since, the figures decide; where they agree with neither, the
        sums before do.
        """
        if not self.since_sum or any(_GRAND.search(cells.get(name, "")) for name in _LABELS):
            return ""
        *others, (place, of_one) = self.since_sum.items()
        if others:
            of_all = {what: sum(sums.get(what, 0) for sums in self.since_sum.values()) for what in figures}
            one, every = (
                sum(sums.get(what) == n for what, n in figures.items()) for sums in (of_one, of_all)
            )
            if one < every or (one == every and not self.sums_by_country):
                return ""
        self.sums_by_country = True
        return place


def _all_of_outcome(row: Row, about: Title) -> Iterator[Total | Ignored]:
    """The figures of a line such as ``Approved 1,245 $612,345,678``: of all licences."""
    line = OUTCOME_LINE.fullmatch(row.raw.strip())
    if line and about.place and _SUM.search(line["outcome"]):
        yield row.ignored("sum_of_outcomes")
        return
    outcome = titles.outcome_in(line["outcome"]) if line else ""
    if line is None or not outcome or not about.place:
        if _LOST_ROW.fullmatch(row.raw.strip()) or _is_lost_outcome(row.raw):
            raise CellError("a row of figures stands outside of the tables that are known")
        yield row.ignored("title")
        return
    cells = {f"{outcome} Count": line["count"], f"{outcome} Value": line["value"] or ""}
    # the name of a section keeps them from being held against a table of the leading ECCNs alone
    scope = _place(about.place) | {"Section": "all licences"}
    yield from _totals(row, dict(_figures(cells)), scope, _period(about.year))


def _is_lost_outcome(text: str) -> bool:
    """Whether a line is an outcome and its figures, in an order that is not known."""
    words, *figures = re.split(r"\s+(?=[$\d])", text.strip(), maxsplit=1)
    said = bool(figures) and bool(titles.outcome_in(words)) and len(words.split()) <= _LABEL_WORDS
    return said and bool(_FIGURES.fullmatch(figures[0]))


def _all_of_year(
    row: Row, cells: dict[str, str], figures: Figures, about: Title
) -> Iterator[Total | Ignored]:
    """A row of a year's licences of a country, without ECCN, by outcome; of all years in their sum."""
    place = cells.get("Country") or about.place
    if not place:
        raise CellError("neither the row nor a title names a country")
    year = about.year_of(cells)
    is_sum = any(_SUM.search(cells.get(name, "").strip()) for name in titles.YEAR_COLUMNS)
    if not year and not is_sum:
        raise CellError("neither the row nor a title says which fiscal or calendar year it is")
    period = (None, None) if is_sum else _period(year)
    yield from _totals(row, figures, _place(place) | {"Section": "all licences"}, period)


def _summed_place(cells: dict[str, str]) -> str:
    """The country that a sum names ("Mexico Total", "Total for Mexico"); '' where it names none."""
    label = next(cells[name] for name in _LABELS if _SUM.search(cells.get(name, "").strip()))
    named = re.sub(r"(?i)^(?:for|of)\s+", "", _SUM.sub("", label.strip(), count=1).strip(" :–—-"))
    if not named and "Country" in cells and not _SUM.search(cells["Country"].strip()):
        named = cells["Country"]
    if named and named.casefold() not in titles.EVERYWHERE:
        country(named)
        return named
    return ""


def _is_sum(cells: dict[str, str]) -> bool:
    return any(_SUM.search(cells.get(name, "").strip()) for name in (*_LABELS, *titles.YEAR_COLUMNS))


def _period(year: str) -> tuple[date | None, date | None]:
    if not year[2:]:
        return None, None
    return us_fiscal_year(year[2:]) if year.startswith("FY") else calendar_year(year[2:])


def _figures(cells: dict[str, str]) -> Iterator[tuple[tuple[Stage, Measure], Decimal]]:
    for name, stage in titles.STAGES.items():
        count, value = (cells.get(f"{name} {measure}", "") for measure in ("Count", "Value"))
        if count and count not in BLANKS:
            licences = integer(count.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+", count) else count)
            if licences is not None:
                yield (stage, Measure.COUNT), Decimal(licences)
        if value and value not in BLANKS:
            amount = money(value, "us")
            if amount is not None:
                yield (stage, Measure.VALUE), amount


def _place(name: str) -> dict[str, str]:
    if name.casefold() in titles.EVERYWHERE:
        return {}
    return {"destination_country": country(name), "destination_country_raw": name}


def _records(
    row: Row,
    cells: dict[str, str],
    figures: dict[tuple[Stage, Measure], Decimal],
    place: str,
    period: tuple[date, date],
) -> Iterator[Record]:
    printed = cells["ECCN"]
    if not printed:
        raise CellError("no ECCN stands in this row")
    code = None if printed.casefold() in _UNNUMBERED else control_code("ECCN", printed)
    description = cells.get("Description") or (None if code else printed)
    where = _place(place) or {"destination_country_raw": place}
    for stage in dict.fromkeys(stage for stage, _measure in figures):
        count, value = figures.get((stage, Measure.COUNT)), figures.get((stage, Measure.VALUE))
        yield row.record(
            key=(place.casefold(), period[0].isoformat(), period[1].isoformat(), code or printed),
            stage=stage,
            grain=Grain.AGGREGATE,
            verbatim=row.cells,
            exporter_country="US",
            **where,
            item_description=description,
            control_list="ECCN" if code else None,
            control_code=code,
            weapon_class=weapon_class("ECCN" if code else None, code, description or ""),
            licence_count=None if count is None else int(count),
            value=value,
            currency=None if value is None else "USD",
            value_basis=_basis(stage, value),
            period_start=period[0],
            period_end=period[1],
        )


def _basis(stage: Stage, value: Decimal | None) -> ValueBasis | None:
    if value is None:
        return None
    return ValueBasis.LICENSED_CEILING if stage is Stage.LICENSED else ValueBasis.UNKNOWN


def _totals(
    row: Row,
    figures: dict[tuple[Stage, Measure], Decimal],
    scope: dict[str, str],
    period: tuple[date | None, date | None],
) -> Iterator[Total]:
    for (stage, measure), amount in figures.items():
        yield row.total(
            scope=scope,
            measure=measure,
            stage=stage,
            printed=amount,
            unit="USD" if measure is Measure.VALUE else "licences",
            period_start=period[0],
            period_end=period[1],
        )

"""State Department, Section 655 report: what was licensed and shipped, by country and kind of article.

Three eras in one reading: item lines per country, country by category, licensed and shipped value. Which
words mean what is in ``layout.py`` and ``source.yml``; here is what a row stands for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from parsers.document import Document
from parsers.parsed import interpret_rows
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
from parsers.sources.us_ddtc_655 import layout
from parsers.sources.us_ddtc_655.cells import (
    Figures,
    figures_of,
    label_of,
    says_nothing,
    without_any_mark,
)
from parsers.sources.us_ddtc_655.index import year_of_link
from parsers.sources.us_ddtc_655.seen import Seen
from parsers.sources.us_ddtc_655.stages import PLAIN, says_other
from parsers.sources.us_ddtc_655.sums import with_whole_labels
from parsers.values.control_lists import weapon_class
from parsers.values.countries import country, is_group
from parsers.values.dates import us_fiscal_year

_UNITS = {Measure.VALUE: "USD", Measure.COUNT: "licences", Measure.QUANTITY: None}
_BASIS = {Stage.LICENSED: ValueBasis.LICENSED_CEILING, Stage.SHIPPED: ValueBasis.SHIPPED_REPORTED}

_WORDED = frozenset({"USML Category", "Subcategory", "Description"})
_SENTENCE_WORDS = 5
_LETTERED = re.compile(r"(?:[IVX]+\s?)?\([a-z]\)\s+(?=\S)")
_LETTER_INSIDE = re.compile(r"\s\([a-z]\)(?:\s|$)")
_FIGURE_AT_END = re.compile(r"\S\s+\$?\d{1,3}(?:,?\d{3})*$")
_FEW_ROWS = 5


def find_reports(index: Document) -> Iterable[ReportRef | IndexRef]:
    """The PDF links of a list of reports, each with its fiscal year. DocumentError when it has none."""
    found = {link.url: year_of_link(link) for link in html_links(index) if ".pdf" in link.url.lower()}
    refs = [ReportRef(url=url, report_key=f"FY{year}") for url, year in found.items() if year]
    if not refs:
        raise DocumentError("the list of reports has no link to a PDF of a fiscal year")
    return refs


def identify(document: Document) -> str:
    """``FY2012``, as the report's own title says."""
    return f"FY{layout.fiscal_year(document)}"


def parse(document: Document) -> Iterator[Outcome]:
    """A record per row and stage that has a figure; every printed sum is a Total."""
    year = layout.fiscal_year(document)
    report = _Report(us_fiscal_year(year), f"FY{year}")
    words = replace(layout.header_words(), heading=report.seen.heading)
    rows = with_whole_labels(headed_rows(document, words), layout.FIGURES)
    yield from interpret_rows(report.seen.rows(rows), report.interpret)
    report.check_quantities()
    report.part_sums()


@dataclass
class _Report:
    """The words above a row that it inherits, and what has been printed since the last sum."""

    period: tuple[date, date]
    year: str
    country_raw: str = ""
    category: str = ""
    section: str = ""
    before_sections: list[dict[str, str]] = field(default_factory=list)
    """the scopes of sums that were printed before the first section"""
    in_columns: bool = False
    last_category: str = ""
    categories_are_whole: bool = False
    """whether one was printed again in the row below, or with its subcategory: then a blank one is a gap"""
    since_sum: set[str] = field(default_factory=set)
    added: Figures = field(default_factory=dict)
    """sums of the rows since the last sum"""
    of_country: Figures = field(default_factory=dict)
    """the same of the country in force alone"""
    sums_by_country: bool = False
    """whether a sum that named nothing was one of a country"""
    started: bool = False
    lost: bool = False
    """whether rows since the last sum have no country"""
    ended: bool = False
    """whether the sum of everything has been printed: words behind it are notes"""
    in_note: bool = False
    summary: bool = False
    """whether a title said that rows without a category are sums of their countries"""
    other: str = ""
    """the line above these rows that tells of something else than licences"""
    described: int = 0
    """rows of a table with a column of quantities; those that print one, and whose description ends in one"""
    quantities: int = 0
    ends_in_figure: int = 0
    titles: set[str] = field(default_factory=set)
    """the lines above the first table, which later pages may print again"""
    seen: Seen = field(default_factory=Seen)

    def interpret(self, row: Row) -> Iterable[Record | Total | Ignored]:
        """Records or totals of a row of figures; a line of words ignored by its rule and remembered."""
        if not row.cells:
            if (row.page, row.row) in self.seen.early:
                raise CellError("a line of figures above the first header")
            is_note = (row.page, row.row) in self.seen.notes
            is_above = (row.page, row.row) in self.seen.above
            text = without_marks(row.raw)
            return [row.ignored("footnote" if is_note else self._line(text, is_above=is_above))]
        self.started, self.in_note = True, False
        self.in_columns = "Country" in row.cells
        cells = {name: without_any_mark(text) for name, text in row.cells.items()}
        label = label_of(cells)
        if layout.is_place(printed := layout.name_in(cells.get("Country", ""))):
            self._enter(printed)  # before a figure may refuse the row: the rows below it are this country's
        if self.other and any(cells.get(name) for name in PLAIN):
            raise CellError(f"a figure of no stage below {self.other!r}")
        covered = self._covered(label)
        if covered is not None:
            try:
                return self._totals(row, covered, figures_of(cells, is_sum=True))
            except CellError:
                if not covered.category:
                    self._close()  # a sum that is refused ends its country all the same
                raise
        figures = figures_of(cells, is_sum=False)
        if not figures:
            return self._words(row, cells, label)
        return self._records(row, cells, figures)

    def check_quantities(self) -> None:
        """Raises DocumentError where the column of quantities is empty and figures end the descriptions."""
        if self.described >= _FEW_ROWS and not self.quantities and self.ends_in_figure > 0.8 * self.described:
            raise DocumentError("descriptions end with figures, and the column of quantities is empty")

    def part_sums(self) -> None:
        """Sums above the first table of another section are of what stands above it alone."""
        for scope in self.before_sections if self.section else ():
            scope["Section"] = ""

    # --- lines of words ------------------------------------------------------------------------------------

    def _line(self, text: str, *, is_above: bool) -> str:
        if self.started and layout.has_figure(text) and layout.line_kind(text) not in ("footnote", "title"):
            raise CellError(f"{text!r} holds a figure and stands outside of the table's cells")
        name = layout.country_line(text)
        if layout.is_place(name):
            self._enter(name)
            return "country_line"
        if category := layout.category_line(text):
            self.category, self.country_raw = category.code, ""
            return "category_line"
        if kind := self._known_kind(text):
            return kind
        if not self.started:
            self.titles.add(text)
        # where countries have no column, a name above a header may be that of an unknown country
        if (is_above and self.in_columns) or text in self.titles:
            return "title"
        if self.ended and (self.in_note or len(text.split()) >= _SENTENCE_WORDS):
            self.in_note = True
            self._enter("")  # no row below is given to a country above the note
            return "footnote"
        if self.in_columns:
            return self._unknown(text)
        self._enter("")
        raise CellError(f"{text!r} is no known country, category or title; rows below it have no country")

    def _known_kind(self, text: str) -> str | None:
        kind = layout.line_kind(text)
        self.summary = self.summary or layout.is_summary(text)
        if kind != "footnote" and text not in self.titles and (other := says_other(text)) is not None:
            self._told(text if other else "")
        if kind == "section_line":
            self.section = layout.section_of(text)
        return kind

    def _unknown(self, text: str) -> str:
        raise CellError(f"{text!r} is a line of words with no known meaning")

    def _told(self, other: str) -> None:
        """What the rows below are of, where it is no licence; no country goes on from one to the other."""
        if other != self.other:
            self.other = other
            self._close()

    def _enter(self, name: str) -> None:
        if name != self.country_raw:
            self.country_raw, self.last_category, self.of_country = name, "", {}

    def _words(self, row: Row, cells: dict[str, str], label: str) -> list[Ignored]:
        """A row of the table that has words and no figure: a country or category for the rows below it."""
        filled = [name for name, text in cells.items() if text]
        if len(filled) == 1 and layout.is_place(layout.country_line(label)):
            self._enter(layout.country_line(label))
            return [row.ignored("country_line")]
        if len(filled) == 1 and (category := layout.category_line(label)):
            self.category = category.code
            return [row.ignored("category_line")]
        if says_nothing(cells):
            return [row.ignored("nothing_stated")]
        raise CellError("neither a quantity nor a value stands in this row")

    # --- rows of figures -----------------------------------------------------------------------------------

    def _records(
        self, row: Row, cells: dict[str, str], figures: Figures
    ) -> list[Record] | list[Total | Ignored]:
        if printed := layout.name_in(cells.get("Country", "")):
            self._enter(printed)
        if not self.country_raw:
            self.lost = True
            raise CellError("no country stands in this row or above it")
        code = None if is_group(self.country_raw) else country(self.country_raw)
        category, title = self._category(cells)
        described = cells.get("Description") or title
        if _WORDED.isdisjoint(cells):
            described = described or self.section  # a table of services alone, whose title says what they are
        description = layout.without_leaders(described) or None
        if any("Quantity" in name for name in cells):
            self.described += 1
            self.quantities += any(measure is Measure.QUANTITY for _stage, measure in figures)
            self.ends_in_figure += bool(_FIGURE_AT_END.search(description or ""))
        if not category and not description:
            if self.summary and _WORDED.isdisjoint(cells):
                return self._totals(row, layout.Sum(self.country_raw, "", grand=False, plain=False), figures)
            raise CellError("neither a category nor a description stands in this row")
        self.since_sum.add(self.country_raw)
        for sums in (self.added, self.of_country):
            sums |= {what: sums.get(what, Decimal(0)) + amount for what, amount in figures.items()}
        verbatim = row.cells | {"Country": row.cells.get("Country") or self.country_raw}
        if self.section:
            verbatim["Section"] = self.section
        return [
            row.record(
                key=(self.year, code or self.country_raw, self.section, category, description or ""),
                stage=stage,
                grain=Grain.AGGREGATE,
                verbatim=verbatim,
                exporter_country="US",
                destination_country=code,
                destination_country_raw=self.country_raw,
                item_description=description,
                control_list="USML" if category else None,
                control_code=category or None,
                weapon_class=weapon_class("USML" if category else None, category or None, description or ""),
                quantity=figures.get((stage, Measure.QUANTITY)),
                licence_count=None if (count := figures.get((stage, Measure.COUNT))) is None else int(count),
                value=(value := figures.get((stage, Measure.VALUE))),
                currency=None if value is None else "USD",
                value_basis=None if value is None else _BASIS[stage],
                period_start=self.period[0],
                period_end=self.period[1],
            )
            for stage in _BASIS
            if any(found is stage for found, _measure in figures)
        ]

    def _category(self, cells: dict[str, str]) -> tuple[str, str]:
        """The code and the title that the row prints.

        A blank category goes on beside a subcategory, and beside a description unless the report prints
        categories in full.
        """
        printed, sub = cells.get("USML Category", ""), cells.get("Subcategory", "")
        if "USML Category" not in cells:
            if sub:
                return layout.whole_subcategory(self.category, sub)
            described = layout.category_line(cells.get("Description", ""))
            return described or (self.category, "")
        goes_on = sub or (cells.get("Description") and not self.categories_are_whole)
        if not printed and not (goes_on and self.last_category):
            raise CellError("no category stands in this row")
        code, title = layout.category_of(printed) if printed else layout.Category(self.last_category, "")
        self.categories_are_whole |= bool(printed) and ("(" in code or code == self.last_category)
        self.last_category = code.split("(")[0]
        if sub:
            code, subtitle = layout.with_subcategory(code, sub)
            title = subtitle or title
        elif "(" not in code and (found := _LETTERED.match(cells.get("Description", ""))):
            # "(b) Fully automatic firearms": the subcategory stands in the column of its description
            code, cells["Description"] = (
                layout.with_subcategory(code, found.group())[0],
                found.string[found.end() :],
            )
        elif "(" not in code and _LETTER_INSIDE.search(cells.get("Description", "")):
            raise CellError("a subcategory stands in the midst of the description")
        return code, title

    # --- sums ----------------------------------------------------------------------------------------------

    def _totals(self, row: Row, covered: layout.Sum, figures: Figures) -> list[Total | Ignored]:
        if not figures and not says_nothing(row.cells):
            raise CellError("a line of sums without a figure")
        if covered.plain and self.lost:
            self.lost = False
            raise CellError("a sum of rows that have no country")
        self.lost, self.ended = False, self.ended or covered.grand
        scope = self._scope(covered, figures)
        if not figures:
            return [row.ignored("nothing_stated")]
        if self.section:
            scope["Section"] = self.section
        else:
            self.before_sections.append(scope)
        return [
            row.total(
                scope=scope,
                measure=measure,
                stage=stage,
                printed=amount,
                unit=_UNITS[measure],
                period_start=self.period[0],
                period_end=self.period[1],
            )
            for (stage, measure), amount in figures.items()
        ]

    def _scope(self, covered: layout.Sum, figures: Figures) -> dict[str, str]:
        if covered.category:
            place = covered.country_raw or ("" if self.category else self.country_raw)
            return {**_place(place), "control_code": covered.category}
        if covered.country_raw:
            named = _place(covered.country_raw)
        elif covered.plain and self._is_of_country(figures):
            named = _place(self.country_raw)
            self.sums_by_country = True
        else:
            named = {}
        self.since_sum.clear()
        self.added, self.of_country = {}, {}
        self.country_raw = "" if named or covered.grand else self.country_raw
        if self.category and not covered.grand:
            named["control_code"] = self.category
        return named

    def _covered(self, label: str) -> layout.Sum | None:
        try:
            return layout.sum_of(label)
        except CellError:
            # the words that are not understood may be the next country's: no row below is given to this one
            self._close()
            raise

    def _close(self) -> None:
        self._enter("")
        self.since_sum.clear()
        self.added = {}

    def _is_of_country(self, figures: Figures) -> bool:
        """Whether a sum that names nothing is of the country in force, and not of all since the last sum.

        Where several countries were printed since, one of which may have no sum of its own, more figures that
        agree decide; where neither has more, the sums before it do.
        """
        if len(self.since_sum) < 2:
            return bool(self.since_sum)
        of_one, of_all = (
            sum(sums.get(what) == amount for what, amount in figures.items())
            for sums in (self.of_country, self.added)
        )
        return of_one > of_all or (of_one == of_all and self.sums_by_country)


def _place(name: str) -> dict[str, str]:
    if not name:
        return {}
    code = {} if is_group(name) else {"destination_country": country(name)}
    return {**code, "destination_country_raw": name}

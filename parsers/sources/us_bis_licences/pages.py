"""What a PDF of licensing figures says around its tables: titles, outcomes, whether figures are dollars."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from math import inf

from parsers.document import Document
from parsers.readers.pdf import Page, PdfError, TableRow, columns_from_headers, open_pdf, squeeze
from parsers.readers.pdf_lines import PAGE_NUMBER, page_lines
from parsers.readers.pdf_marks import with_raised_marks
from parsers.readers.pdf_parts import page_part
from parsers.record import DocumentError
from parsers.sources.us_bis_licences import titles
from parsers.sources.us_bis_licences.titles import BLANKS, OUTCOME_LINE, Title

_YEAR_HEADING = re.compile(titles.FACTS.layout_settings["year_heading"])
_DOLLARS = ("$", "US$", "USD")
_DOLLARS_SAID = re.compile(r"(?i)\bdollars\b|\bUSD\b|US\$")


def tables_apart(page: Page) -> Iterator[Page]:
    """The page cut above the title of each table that stands below another: each has columns of its own."""
    tops = [line.top - 1 for line in page_lines(page, []) if titles.is_caption(line.text)]
    start = 0.0
    for top in tops:
        above = page_part(page, (-inf, start, inf, top))
        if _has_header(above):
            yield above
            start = top
    yield page_part(page, (-inf, start, inf, inf)) if start else page


def _has_header(page: Page) -> bool:
    words = titles.header_words()
    found = columns_from_headers(
        page, words.on(page), anchors=words.anchors, groups=words.groups, parts=words.parts
    )
    return found is not None and words.enough(found.names)


def in_dollars(rows: list[TableRow]) -> Iterator[TableRow]:
    """The rows, a column that is titled with an outcome alone being one of values where it prints ``$``.

    Raises DocumentError where a stretch of rows begins without the sign, or stands without it below a title
    that speaks of dollars: its figures could be counts or values.
    """
    plain = {f"{stage} Count": f"{stage} Value" for stage in titles.STAGES}
    signed = {
        name
        for row in rows
        for name in plain
        if name in row.cells and plain[name] not in row.cells and row.cells[name].text.startswith(_DOLLARS)
    }
    open_to: set[str] = set(signed)
    said = ""
    for row in rows:
        if row.kind != "row":
            open_to = set(signed)
            said = "" if OUTCOME_LINE.fullmatch(row.text) else said or _says_dollars(row.text)
        elif said and not signed and not any(name.endswith("Value") for name in row.cells):
            raise DocumentError(f"figures without a sign below {said!r} may be licences", page=row.page)
        for name in [name for name in row.cells if name in open_to and row.kind == "row"]:
            if (text := row.cells[name].text) and text not in BLANKS:
                if not text.startswith(_DOLLARS):
                    raise DocumentError(f"{text!r} below {name} may be licences or dollars", page=row.page)
                open_to = open_to - {name}
        renamed = {plain[name] if name in signed else name: cell for name, cell in row.cells.items()}
        yield replace(row, cells=renamed)


def _says_dollars(line: str) -> str:
    return line if _DOLLARS_SAID.search(line) else ""


def words_below(rows: list[TableRow], tops: dict[int, float]) -> dict[int, set[str]]:
    """Lines below a page's first row that may be the title of another table: no page number, note or
    running title.
    """
    words: dict[int, set[str]] = {}
    for row in rows:
        if row.kind == "line" and row.bbox[1] >= tops.get(row.page, inf) and not PAGE_NUMBER.match(row.text):
            words.setdefault(row.page, set()).add(row.text)
    pages = Counter(squeeze(text) for found in words.values() for text in found)
    return {page: {text for text in found if pages[squeeze(text)] == 1} for page, found in words.items()}


def told_titles(
    document: Document, tops: dict[int, float], words: dict[int, set[str]]
) -> dict[int | None, list[tuple[float, Title]]]:
    """What holds from which height of each page on: the page's titles, or else those of the page before.

    ``tops`` is where the rows of a page begin: what stands below is no title (a note may name another year)
    but for a heading of a year or of country and year, which holds from its own place. ``words`` are the
    lines below a page's first row: another table may begin there, of an outcome not told. Raises
    DocumentError when one page is titled with two countries: its rows could be of either.
    """
    told: dict[int | None, list[tuple[float, Title]]] = {}
    last, base = Title(), ""
    printed: set[str] = set()
    try:
        with open_pdf(document.content) as pdf:
            for page in map(with_raised_marks, pdf.pages()):
                lines = page_lines(page, [])
                texts = [line.text for line in lines]
                named = set(filter(None, map(titles.country_in, texts)))
                if len(named) > 1:
                    raise DocumentError(f"one page is titled {' and '.join(sorted(named))}", page=page.number)
                # a page without rows is a cover if it stands before them
                top = tops.get(page.number, page.height if page.number < min(tops, default=0) else 0.0)
                above = [line.text for line in lines if line.bbox[3] <= top]
                own = Title.of(above)
                # a page without a title of its own goes on with the table of the page before
                goes_on = {squeeze(text) for text in above} <= printed
                outcome = last.outcome if goes_on and not own.outcome else own.outcome
                last = Title(
                    own.place_below(last.place), own.year or last.year, outcome, own.kind or last.kind
                )
                base = Title.of(t for t in above if not titles.is_caption(t)).place_below(base)
                printed |= {squeeze(text) for text in texts}
                holds = [(0.0, last)]
                for line in lines:
                    told_here = _told_by(line.text, last, base, is_above=line.bbox[3] <= top)
                    if told_here is None and line.text in words.get(page.number, ()):
                        name = titles.country_line(line.text)
                        told_here = replace(last, place=name) if name else replace(last, outcome="")
                    if told_here is not None:
                        last = told_here
                        holds.append((line.bbox[3], last))
                told[page.number] = holds
    except PdfError as error:
        raise DocumentError(error.reason, page=error.page) from None
    return told


def _told_by(line: str, last: Title, base: str, *, is_above: bool) -> Title | None:
    """What holds below a line that heads a table of its own; None for any other line.

    ``base`` is the place that the page's titles name: a table whose title names none is of that.
    """
    own = Title.of([line])
    is_caption = titles.is_caption(line)
    place = own.place_below(base if is_caption else last.place)
    if is_caption and own.presumed and not base and last.place not in ("", own.place):
        place = ""  # the table above was of a country that its own title named: this one may be of any
    if _YEAR_HEADING.fullmatch(line) or (own.place and own.year):
        outcome = own.outcome or (last.outcome if is_above else "")
        return Title(place, own.year, outcome, own.kind or last.kind)
    if is_caption:
        year = own.year or last.year
        if bare := titles.bare_year(line):
            year = f"{last.kind}{bare}" if last.kind else ""
        return Title(place, year, own.outcome, own.kind or last.kind)
    outcome_here = titles.heading_outcome(line)
    return None if outcome_here is None else replace(last, outcome=outcome_here)

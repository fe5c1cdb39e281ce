"""The HTML pages of the report of 1999-2000: table rows of course, trainees and cost under headings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers.document import Document
from parsers.facts import facts_beside
from parsers.readers.htmltable import HtmlRow, html_rows
from parsers.record import DocumentError, Row
from parsers.values.countries import names, normal_name

FACTS = facts_beside(__file__)
_HEADING = re.compile(FACTS.layout_settings["page_heading"])
_TITLES = ("Course Title", "Qty", "Total Cost")


def is_page(document: Document) -> bool:
    """Whether the document is an HTML page and no PDF volume."""
    return document.content.lstrip()[:1] == b"<"


def page_rows(document: Document) -> Iterator[Row]:
    """Rows with Country, Program and Fiscal Year of the heading above; a wrapped title is joined to its row.

    Raises DocumentError when a row stands before the first heading, or when there is no row at all.
    """
    heading: dict[str, str] = {}
    begun = ""
    held: Row | None = None
    for line in html_rows(document):
        if not any(line.cells) or len(line.cells) > len(_TITLES):
            continue
        alone = line.cells[0] if len(line.cells) == 1 else ""
        if alone and (begun or line.bold or _heading_of(alone)):
            begun = f"{begun} {alone}".strip()
            if found := _heading_of(begun):
                heading, begun = found, ""
            continue
        if begun:
            raise DocumentError(f"the heading {begun!r} names no country, programme and year", row=line.line)
        if not heading:
            continue
        if alone:
            held = _continued(held, line, alone)
            continue
        if held is not None:
            yield held
        held = _row(heading, line)
    if held is None:
        raise DocumentError("no training line stands under a heading of country, programme and year")
    yield held


def _heading_of(text: str) -> dict[str, str] | None:
    found = _HEADING.fullmatch(" ".join(text.split()))
    if not found or normal_name(found["country"]) not in names():
        return None
    year = int(found["year"])
    return {
        "Country": found["country"],
        "Program": found["program"],
        "Fiscal Year": str(1900 + year if year > 50 else 2000 + year),
    }


def _row(heading: dict[str, str], line: HtmlRow) -> Row:
    cells = [*line.cells, *[""] * (len(_TITLES) - len(line.cells))]
    return Row(
        cells=heading | dict(zip(_TITLES, cells, strict=True)),
        row=line.line,
        text=" ".join(filter(None, line.cells)),
    )


def _continued(held: Row | None, line: HtmlRow, text: str) -> Row:
    if held is None:
        raise DocumentError(f"{text!r} belongs to no row above it", row=line.line)
    title = f"{held.cells['Course Title']} {text}"
    return Row(cells={**held.cells, "Course Title": title}, row=held.row, text=f"{held.text} {text}")

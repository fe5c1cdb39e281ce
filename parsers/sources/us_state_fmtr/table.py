"""The HTML pages of the report of 2006-2007: one table, with titles before each programme."""

from __future__ import annotations

from collections.abc import Iterator

from parsers.document import Document
from parsers.readers.htmltable import html_rows
from parsers.readers.pdf import squeeze
from parsers.record import DocumentError, Row
from parsers.sources.us_state_fmtr.pages import is_page
from parsers.sources.us_state_fmtr.volume import SETTINGS, Place, is_country, place_of

_NAMES = {squeeze(title): name for name, titles in SETTINGS["titles"].items() for title in titles}


def is_table(document: Document) -> bool:
    """Whether the document is a page with a table of all the columns that a volume has."""
    return is_page(document) and any(_is_titles(line.cells) for line in html_rows(document))


def table_rows(document: Document, headings: dict[Place, str]) -> Iterator[Row]:
    """The rows by their titles, and the lines between them; country lines are kept in ``headings``.

    Raises DocumentError when a title is not known, which it names.
    """
    names: list[str] = []
    begun = False
    for line in html_rows(document):
        filled = [cell for cell in line.cells if cell]
        if not filled:
            continue
        text = " ".join(filled)
        if _is_titles(line.cells):
            begun, names = True, _named(line.cells, line.line)
        elif len(filled) == 1 and line.cells[0]:
            row = Row(cells={}, row=line.line, text=text)
            if len(line.cells) == 1 and is_country(text):
                begun, headings[place_of(row)] = True, text
            if begun:
                yield row
        elif begun and len(line.cells) == len(names):
            yield Row(cells=dict(zip(names, line.cells, strict=True)), row=line.line, text=text)
        elif begun:
            yield Row(cells={}, row=line.line, text=text)


def _is_titles(cells: tuple[str, ...]) -> bool:
    known = {_NAMES.get(squeeze(cell)) for cell in cells}
    return {"Course Title", "Qty", "Total Cost"} <= known


def _named(cells: tuple[str, ...], line: int) -> list[str]:
    if unknown := [cell for cell in cells if squeeze(cell) not in _NAMES]:
        raise DocumentError(f"unknown column title {', '.join(map(repr, unknown))}", row=line)
    return [_NAMES[squeeze(cell)] for cell in cells]

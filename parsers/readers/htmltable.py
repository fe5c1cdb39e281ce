"""Rows of HTML tables as text cells, and the links of a page; for markup of any age and tidiness."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from parsers.document import Document
from parsers.readers.markup import text_of
from parsers.record import DocumentError

_MAX_TAGS = 1_000_000


@dataclass(frozen=True, slots=True)
class HtmlRow:
    """One ``<tr>``: its line in the file from 1, its cells with blanks squeezed, whether any is bold."""

    line: int
    cells: tuple[str, ...]
    bold: bool


@dataclass(frozen=True, slots=True)
class Link:
    """One ``<a href>``: its absolute address and its text."""

    url: str
    text: str
    line: int


def html_rows(document: Document) -> list[HtmlRow]:
    """All table rows in reading order. A cell or row without its end tag ends where the next begins.

    Raises DocumentError when the bytes are not UTF-8 text.
    """
    reader = _read(document)
    reader.end_row()
    return reader.rows


def html_links(document: Document) -> list[Link]:
    """All links with an address, made absolute by the document's own. DocumentError as for ``html_rows``."""
    reader = _read(document)
    base = reader.base or document.url or ""
    return [Link(urljoin(base, href), text, line) for href, text, line in reader.links]


def _read(document: Document) -> _Reader:
    """All of the page; DocumentError where it holds too much."""
    text = text_of(document)
    if text.count("<") > _MAX_TAGS:
        raise DocumentError(f"more than {_MAX_TAGS} tags in one page")
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader


@dataclass
class _Cell:
    text: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[HtmlRow] = []
        self.links: list[tuple[str, str, int]] = []
        self.base = ""
        self._line = 0
        self._cells: list[_Cell] | None = None
        self._bold = 0
        self._row_bold = False
        self._hidden = ""
        self._link: tuple[str, list[str], int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        match tag:
            case "tr":
                self.end_row()
                self._line, self._cells, self._row_bold = self.getpos()[0], [], False
            case "td" | "th" if self._cells is not None:
                self._cells.append(_Cell())
            case "b" | "strong":
                self._bold += 1
            case "script" | "style":
                self._hidden = tag
            case "a" if given.get("href"):
                self._end_link()
                self._link = (str(given["href"]).strip(), [], self.getpos()[0])
            case "base" if given.get("href"):
                self.base = str(given["href"])

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "tr" | "table":
                self.end_row()
            case "b" | "strong":
                self._bold = max(0, self._bold - 1)
            case "script" | "style":
                self._hidden = ""
            case "a":
                self._end_link()

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self._link is not None:
            self._link[1].append(data)
        if self._cells and data.strip():
            self._cells[-1].text.append(data)
            self._row_bold = self._row_bold or self._bold > 0

    def close(self) -> None:
        super().close()
        self._end_link()

    def end_row(self) -> None:
        """Close the row that is open, if any."""
        if self._cells is not None:
            cells = tuple(" ".join("".join(cell.text).split()) for cell in self._cells)
            self.rows.append(HtmlRow(self._line, cells, self._row_bold))
        self._cells = None

    def _end_link(self) -> None:
        if self._link is not None:
            href, text, line = self._link
            self.links.append((href, " ".join("".join(text).split()), line))
        self._link = None

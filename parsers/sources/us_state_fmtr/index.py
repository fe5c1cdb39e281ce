"""The list of reports and each report's own page: which volumes are new since those that source.yml names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from parsers.document import Document
from parsers.facts import facts_beside
from parsers.readers.htmltable import Link, html_links
from parsers.record import DocumentError
from parsers.registry import IndexRef, ReportRef

FACTS = facts_beside(__file__)
_SETTINGS = FACTS.layout_settings
_REPORT_PAGE = re.compile(_SETTINGS["report_page"], re.IGNORECASE)
_REGION = re.compile(_SETTINGS["wanted_region"], re.IGNORECASE)
_WHOLE = re.compile(_SETTINGS["whole_volume"], re.IGNORECASE)
_OTHER_PART = re.compile(_SETTINGS["other_part"], re.IGNORECASE)
_YEAR_OF_KEY = re.compile(r"FY(\d{4})")


def newest_known() -> int:
    """The first fiscal year of the newest report whose address source.yml names."""
    found = (_YEAR_OF_KEY.match(known.key) for known in FACTS.fetch.reports)
    return max(int(key[1]) for key in found if key)


def find_reports(index: Document) -> Iterator[ReportRef | IndexRef]:
    """From the list the pages of newer reports; from such a page its volume on the region, or the whole one.

    Raises DocumentError when a page names neither.
    """
    links = list(html_links(index))
    if page := _REPORT_PAGE.search(index.url or ""):
        yield _volume(links, int(page["first"]))
        return
    pages = {link.url: found for link in links if (found := _REPORT_PAGE.search(link.url))}
    if not pages:
        raise DocumentError("the list of reports links to no report of two fiscal years")
    yield from (IndexRef(url) for url, found in pages.items() if int(found["first"]) > newest_known())


def _volume(links: list[Link], year: int) -> ReportRef:
    """The region's volume before the whole Volume I; other regions and sections are not asked for."""
    pdfs = {
        link.url: f"{link.text} {_spaced(link.url)}"
        for link in links
        if ".pdf" in urlsplit(link.url).path.lower()
    }
    for url, words in pdfs.items():
        if _REGION.search(words):
            return ReportRef(url=url, report_key=f"FY{year}-western-hemisphere")
    for url, words in pdfs.items():
        if _WHOLE.search(words) and not _OTHER_PART.search(words):
            return ReportRef(url=url, report_key=f"FY{year}-all-regions")
    raise DocumentError(
        f"the page of the report of FY{year} links to no PDF of the Western Hemisphere or of Volume I"
    )


def _spaced(url: str) -> str:
    return re.sub(r"[-_]+", " ", unquote(urlsplit(url).path.rsplit("/", 1)[-1]))

"""The Federal Register and the Congressional Record as carriers: their indexes and heads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from parsers.document import Document
from parsers.readers.markup import read_json
from parsers.record import CellError, DocumentError
from parsers.registry import IndexRef, OddEntry, ReportRef
from parsers.values.dates import date_of

_NUMBER = re.compile(r"\[FR Doc(?: No)?[.:]* ?(?P<number>[A-Z]?\d{1,4}-\d{3,6})\b")
_VOLUME = re.compile(
    r"(?:Federal Register|Congressional Record),? Vol(?:ume|\.) \d+,? (?:Number|No\.|Issue) \d+ "
    r"\([A-Z][a-z]+, (?P<date>[A-Z][a-z]+ \d{1,2}, \d{4})\)"
)
_CHAMBER = re.compile(r"\[(?P<chamber>House|Senate)\] \[Pages? (?P<pages>[A-Z]+\d+(?:-[A-Z]+\d+)?)\]")


@dataclass(frozen=True, slots=True)
class Carrier:
    """Where a text was printed: its key, and the day of the issue (None where the head is missing)."""

    key: str | None
    published_on: date | None


def carrier_of(text: str) -> Carrier:
    """The carrier of a text: ``2013-10630`` of the Register, ``2018-11-13-senate-S6909`` of the Record.

    Raises DocumentError when the day of the issue is printed and no date.
    """
    volume, number, page = _VOLUME.search(text), _NUMBER.search(text), _CHAMBER.search(text)
    try:
        day = date_of(volume["date"], ["%B %d, %Y"]) if volume else None
    except CellError as error:
        raise DocumentError(f"the day of the issue: {error}") from None
    if number:
        return Carrier(number["number"], day)
    if page and day:
        return Carrier(f"{day.isoformat()}-{page['chamber'].lower()}-{page['pages']}", day)
    return Carrier(None, day)


def register_reports(index: Document, title: str) -> Iterator[ReportRef | IndexRef | OddEntry]:
    """Documents that an answer of the Federal Register API names, and its next page.

    Results whose title does not match the pattern ``title`` are other documents that the search found too.
    An entry that lacks what every entry has is an OddEntry; the others of its page are read. Raises
    DocumentError when the answer has no results and does not count zero, or no entry of it is as known.
    """
    answer = read_json(index)
    results = answer.get("results")
    if results is None and answer.get("count") == 0:
        return
    if not isinstance(results, list):
        raise DocumentError(f"no results in the answer: {str(answer)[:200]}")
    entries = [entry for result in results for entry in _register_entries(result, title)]
    yield from known_or_refused(entries, results)
    following = answer.get("next_page_url")
    if isinstance(following, str) and following:
        yield IndexRef(following)
    elif following:
        yield OddEntry(f"next_page_url is no address: {str(following)[:120]}")


def known_or_refused(
    entries: Sequence[ReportRef | IndexRef | OddEntry], listed: Sequence[object]
) -> Sequence[ReportRef | IndexRef | OddEntry]:
    """The entries of a page. Raises DocumentError when all are odd: the page itself has changed."""
    odd = [entry for entry in entries if isinstance(entry, OddEntry)]
    if odd and len(odd) == len(entries) >= len(listed):
        raise DocumentError(f"no entry of the list is as known: {odd[0].reason}")
    return entries


def _register_entries(result: object, title: str) -> Iterator[ReportRef | OddEntry]:
    if not isinstance(result, dict):
        yield OddEntry(f"a result is no object: {str(result)[:200]}")
        return
    printed = result.get("title")
    if printed is not None and not re.search(title, str(printed)):
        return
    url, number, day = (result.get(k) for k in ("raw_text_url", "document_number", "publication_date"))
    if not (isinstance(url, str) and url and isinstance(number, str) and number):
        yield OddEntry(f"a notice without raw_text_url or document_number: {str(result)[:200]}")
        return
    try:
        published_on = None if day is None else date.fromisoformat(str(day))
    except ValueError:
        # The notice prints its day itself, so it is read all the same.
        yield OddEntry(f"publication_date {day!r} of {number} is no date")
        published_on = None
    yield ReportRef(url=url, report_key=number, title=str(printed or ""), published_on=published_on)


def next_page(answer: Mapping[str, Any], secrets: Iterable[str]) -> Iterator[IndexRef | OddEntry]:
    """The next page that an answer of the congress.gov API names, without any key in its address."""
    pagination = answer.get("pagination")
    following = pagination.get("next") if isinstance(pagination, dict) else None
    if isinstance(following, str) and following:
        yield IndexRef(without_key(following, secrets))
    elif following or not (pagination is None or isinstance(pagination, dict)):
        yield OddEntry(f"the next page is no address: {str(pagination)[:120]}")


def without_key(url: str, secrets: Iterable[str]) -> str:
    """An address without the parameters in ``secrets``, which an answer may repeat."""
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name not in set(secrets)]
    return urlunsplit(parts._replace(query=urlencode(query)))

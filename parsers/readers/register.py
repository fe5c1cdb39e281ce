"""The Federal Register and the Congressional Record as carriers: their indexes and heads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from parsers.document import Document
from parsers.readers.markup import read_json
from parsers.record import CellError, DocumentError
from parsers.registry import IndexRef, ReportRef
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


def register_reports(index: Document, title: str) -> Iterator[ReportRef | IndexRef]:
    """Documents that an answer of the Federal Register API names, and its next page.

    Results whose title does not match the pattern ``title`` are other documents that the search found too.
    Raises DocumentError when the answer has no results and does not count zero.
    """
    answer = read_json(index)
    results = answer.get("results")
    if results is None and answer.get("count") == 0:
        return
    if not isinstance(results, list) or not all(isinstance(result, dict) for result in results):
        raise DocumentError(f"no results in the answer: {str(answer)[:200]}")
    for result in results:
        printed = result.get("title")
        if printed is not None and not re.search(title, str(printed)):
            continue
        url, number, day = (result.get(k) for k in ("raw_text_url", "document_number", "publication_date"))
        if not url or not number:
            raise DocumentError(f"a notice without raw_text_url or document_number: {str(result)[:200]}")
        yield ReportRef(url=url, report_key=number, title=str(printed or ""), published_on=_day(day))
    if answer.get("next_page_url"):
        yield IndexRef(answer["next_page_url"])


def _day(printed: object) -> date | None:
    if printed is None:
        return None
    try:
        return date.fromisoformat(str(printed))
    except ValueError:
        raise DocumentError(f"publication_date {printed!r} is no date") from None

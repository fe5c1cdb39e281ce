"""Joint resolutions that would prohibit an export: transmittal, goods, consignee and ultimate end user.

Knowledge: sources.md, us_ddtc_notices, "Verified wording of the same object". Wording: ``source.yml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from parsers.document import Document
from parsers.facts import facts_beside
from parsers.parsed import interpret_rows
from parsers.readers.letters import Flow, flow, places, without_markers, words_of
from parsers.readers.markup import read_json, text_lines
from parsers.readers.register import known_or_refused, next_page, without_key
from parsers.record import CellError, DocumentError, Ignored, Outcome, Record, Row, Total
from parsers.registry import IndexRef, OddEntry, ReportRef
from parsers.values.certifications import Certification, records_of
from parsers.values.dates import date_of
from parsers.values.transactions import read_transaction
from parsers.values.transmittals import find_unnamed_numbers, own_and_amended

FACTS = facts_beside(__file__)
_LAYOUT = FACTS.layout_settings


def find_reports(index: Document) -> Iterator[ReportRef | IndexRef | OddEntry]:
    """From a list of bills: the text pages of those that disapprove of an export; from such a page: its text.

    An odd entry fails alone. Raises DocumentError when the answer is neither (the service's own message is
    quoted), or when no entry of it is as known.
    """
    answer = read_json(index)
    bills, texts = answer.get("bills"), answer.get("textVersions")
    if isinstance(bills, list):
        yield from known_or_refused([entry for bill in bills for entry in _listed(bill)], bills)
        yield from next_page(answer, FACTS.fetch.secrets)
    elif isinstance(texts, list):
        yield from _newest_text(texts)
    else:
        raise DocumentError(f"neither a list of bills nor of texts: {str(answer)[:200]}")


def _listed(bill: object) -> Iterator[IndexRef | OddEntry]:
    title, url = (bill.get("title"), bill.get("url")) if isinstance(bill, dict) else (None, None)
    if not isinstance(title, str) or not title:
        yield OddEntry(f"a bill without title: {str(bill)[:200]}")
    elif re.search(_LAYOUT["title"], title):
        if not isinstance(url, str) or not url:
            yield OddEntry(f"a bill without address: {str(bill)[:200]}")
            return
        parts = urlsplit(without_key(url, FACTS.fetch.secrets))
        yield IndexRef(urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/text")))


def _newest_text(versions: list[Any]) -> Iterator[ReportRef]:
    """The newest version that has a text, in the first of the known formats; a bill just filed has none.

    Raises DocumentError when a version or one of its formats is no object: the newest cannot be told then.
    """
    formats = [form for v in versions if isinstance(v, dict) for form in v.get("formats") or []]
    if not all(isinstance(each, dict) for each in [*versions, *formats]):
        raise DocumentError(f"a text version that is no object with formats: {str(versions)[:200]}")
    for version in sorted(versions, key=lambda v: str(v.get("date") or ""), reverse=True):
        addresses = {form.get("type"): form.get("url") for form in version.get("formats") or []}
        for name in _LAYOUT["formats"]:
            file = re.search(_LAYOUT["file"], addresses.get(name) or "")
            if file:
                key = f"{file['congress']}-{file['type']}-{file['number']}"
                yield ReportRef(url=addresses[name], report_key=key, title=str(version.get("type") or ""))
                return


def identify(document: Document) -> str:
    """Congress, kind and number of the resolution, as ``119-sjres-40``."""
    text = _running(document).text
    congress, number = re.search(_LAYOUT["congress"], text), re.search(_LAYOUT["number"], text)
    if not congress or not number:
        raise DocumentError("not a joint resolution: its Congress or its number was not found")
    return f"{congress['congress']}-{number['chamber'].lower()}{number['kind'].lower()}res-{number['number']}"


def parse(document: Document) -> Iterator[Outcome]:
    """The records of each paragraph that quotes a transmittal of the State Department.

    Raises DocumentError when no resolving clause with a transmittal is found.
    """
    running = _running(document)
    resolving = re.search(_LAYOUT["resolving"], running.text)
    if not resolving:
        raise DocumentError("no resolving clause ('That the following proposed export ...') was found")
    published_on = _introduced(running.text) or document.published_on
    bill = identify(document)
    intro, rows = _paragraphs(running, resolving.start())
    if not rows:
        raise DocumentError("no transmittal number was found in the resolving clause")
    yield from interpret_rows(rows, lambda row: _interpret(row, intro, bill, published_on))


def _paragraphs(running: Flow, start: int) -> tuple[str, list[Row]]:
    """The words before the first paragraph, and each paragraph that quotes a transmittal, as a row."""
    finish = re.compile(_LAYOUT["end"]).search(running.text, start)
    text = running.text[: finish.start()] if finish else running.text
    begins = [match.start() for match in re.finditer(_LAYOUT["paragraph"], text[start:])]
    starts = [start + begin for begin in begins] or [start]
    intro = text[start : starts[0]]
    rows = []
    lines = places([running.line_at(begin) for begin in starts])
    for begin, end, line in zip(starts, [*starts[1:], len(text)], lines, strict=True):
        paragraph = text[begin:end].strip()
        if own_and_amended(paragraph)[0] or find_unnamed_numbers(paragraph):
            rows.append(Row(cells={}, row=line, text=paragraph))
    return intro, rows


def _interpret(
    row: Row, intro: str, bill: str, published_on: date | None
) -> Iterable[Record | Total | Ignored]:
    text = row.raw
    own, amended = own_and_amended(text)
    if not own:
        return [row.ignored("foreign_military_sale")]
    goods = re.search(_LAYOUT["goods_after"], text)
    described, deal = (text[: goods.end()], text[goods.end() :]) if goods else ("", text)
    named = read_transaction(deal, items_from_start=goods is not None).destinations
    communication = re.search(_LAYOUT["communication"], text)
    printed = re.search(_LAYOUT["record_date"], text)
    return records_of(
        row,
        Certification(
            text=text,
            transmittals=own,
            amends=amended,
            event_date=date_of(printed["date"], _LAYOUT["date_formats"]) if printed else None,
            published_on=published_on,
            # "the following proposed export to Israel" speaks only where the paragraph names no country.
            statements=[f"{'' if named else intro} {described}", deal],
            items_from_start=goods is not None,
            extra={
                "resolution": bill,
                "communication": f"EC-{communication['number']}" if communication else "",
                "record_date": printed["date"] if printed else "",
            },
        ),
    )


def _introduced(text: str) -> date | None:
    found = re.search(_LAYOUT["introduced"], text)
    if not found:
        return None
    try:
        return date_of(re.sub(r" \(.*?\)", "", found["date"]), _LAYOUT["date_formats"])
    except CellError as error:
        raise DocumentError(f"the day of introduction: {error}") from None


def _running(document: Document) -> Flow:
    lines = without_markers(text_lines(document))
    return flow(lines, words_of(lines))

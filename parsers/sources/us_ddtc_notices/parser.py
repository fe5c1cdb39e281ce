"""Federal Register notices of 36(c), 36(d) and 3(d) certifications: a record per letter and country.

Knowledge: sources.md, us_ddtc_notices. The letters' wording is unverified and stands in ``source.yml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from parsers.document import Document
from parsers.facts import facts_beside
from parsers.parsed import interpret_rows
from parsers.readers.letters import Flow, flow, places, without_markers, words_of
from parsers.readers.markup import text_lines
from parsers.readers.register import carrier_of, register_reports
from parsers.record import CellError, DocumentError, Ignored, Outcome, Record, Row, Total
from parsers.registry import IndexRef, OddEntry, ReportRef
from parsers.values.certifications import Certification, records_of
from parsers.values.dates import date_of
from parsers.values.transmittals import Transmittal, find_transmittals, own_and_amended

FACTS = facts_beside(__file__)
_LAYOUT = FACTS.layout_settings
_BEGIN = re.compile(f"(?P<salutation>{_LAYOUT['salutation']})|(?P<body>{_LAYOUT['body']})")
_DATE = re.compile(rf"(?<![\w,]){_LAYOUT['date']}")
_NUMBER_BEHIND = re.compile(_LAYOUT["number_behind_date"])
_RIGHT_ABOVE = 200  # characters: a number, a country's name and a date, but no sentence of the introduction
_ADDRESSEE, _CLOSING = re.compile(_LAYOUT["addressee"]), re.compile(_LAYOUT["closing"])


@dataclass(frozen=True, slots=True)
class _Letter:
    """Places in the running text: the head with its date, the salutation or body, the closing, the end."""

    start: int
    begin: int
    end: int
    date: re.Match[str] | None


def find_reports(index: Document) -> Iterator[ReportRef | IndexRef | OddEntry]:
    """Notices that an answer of the Federal Register API names, and its next page.

    Raises DocumentError when the answer has no results and does not count zero.
    """
    return register_reports(index, _LAYOUT["title"])


def identify(document: Document) -> str:
    """The Federal Register's document number, as printed in ``[FR Doc No: 2022-17233]``."""
    key = carrier_of(_running(document).text).key
    if key is None:
        raise DocumentError("no Federal Register document number ([FR Doc No: ...]) was found")
    return key


def parse(document: Document) -> Iterator[Outcome]:
    """The records of each letter; a letter that cannot be read strictly is one Reject.

    Raises DocumentError when the document is no such notice, holds no letter, or prints a transmittal
    number outside every letter.
    """
    running = _running(document)
    if not any(re.search(pattern, running.text) for pattern in _LAYOUT["notice"]):
        raise DocumentError(
            "not a notice of proposed export licences: neither its title nor its introduction"
        )
    letters = _cut(running)
    if not letters:
        raise DocumentError(
            "no letter to Congress was found: neither a salutation nor 'Pursuant to Section 36'"
        )
    _check_outside(running, letters)
    published_on = carrier_of(running.text).published_on or document.published_on
    seen: dict[tuple[str, str], str] = {}
    by_row = dict(zip(places([running.line_at(each.start) for each in letters]), letters, strict=True))
    rows = (Row(cells={}, row=row, text=_text(running, each)) for row, each in by_row.items())

    def interpret(row: Row) -> Iterable[Record | Total | Ignored]:
        letter = by_row[row.row or 0]
        if _is_copy(running, letter, seen):
            return [row.ignored("copy_to_other_chamber")]
        return _records(row, running, letter, published_on)

    yield from interpret_rows(rows, interpret)


def _is_copy(running: Flow, letter: _Letter, seen: dict[tuple[str, str], str]) -> bool:
    """Whether a letter has the day and words of an earlier one; without a number, also another addressee."""
    text = running.text[letter.begin : letter.end].strip()
    salutation = re.match(_LAYOUT["salutation"], text)
    words = text[salutation.end() :].strip() if salutation else text
    same = (letter.date["date"] if letter.date else "", words)
    to = running.text[letter.start : letter.begin] + (salutation.group() if salutation else "")
    if same not in seen:
        seen[same] = to
        return False
    return seen[same] != to or bool(find_transmittals(words))


def _records(row: Row, running: Flow, letter: _Letter, published_on: date | None) -> list[Record]:
    text = running.text
    closing = _CLOSING.search(text, letter.begin, letter.end)
    body_end = closing.start() if closing else letter.end
    body = text[letter.begin : body_end]
    if not re.search(_LAYOUT["certification"], body):
        raise CellError("this letter holds no certification: its layout is not as known")
    salutation = re.match(_LAYOUT["salutation"], body)
    statements = _statements(body[salutation.end() :] if salutation else body)
    own, amends = _numbers(text[letter.start : letter.begin], body, text[body_end : letter.end])
    printed = letter.date["date"] if letter.date else ""
    return records_of(
        row,
        Certification(
            text=row.raw,
            transmittals=own,
            amends=amends,
            event_date=date_of(printed, _LAYOUT["date_formats"]) if printed else None,
            published_on=published_on,
            statements=statements,
            extra={"date": letter.date.group().strip()} if letter.date else {},
        ),
    )


def _statements(body: str) -> list[str]:
    """The general sentence and the transaction's own; the transaction alone decides where both speak."""
    stop = re.search(_LAYOUT["end_of_transaction"], body)
    body = body[: stop.start()] if stop else body
    begins = re.search(_LAYOUT["transaction"], body) or re.search(_LAYOUT["second_sentence"], body)
    parts = [body[: begins.start()], body[begins.start() :]] if begins else [body]
    return [part.strip() for part in parts if part.strip()]


def _numbers(head: str, body: str, tail: str) -> tuple[list[Transmittal], list[Transmittal]]:
    """The letter's own numbers stand under it (``Enclosure``), or else above or in it."""
    in_body, amended = own_and_amended(body, may_be_own=False)
    own = own_and_amended(tail)[0] or own_and_amended(head)[0] or in_body
    keys = {number.key for number in own}
    return own, [number for number in [*amended, *in_body] if number.key not in keys]


# -- cutting -------------------------------------------------------------------------------------------------


def _running(document: Document) -> Flow:
    lines = without_markers(text_lines(document))
    return flow(lines, words_of(lines))


def _cut(running: Flow) -> list[_Letter]:
    """Letters in order: each from its date or addressee to where the next one's head begins."""
    text = running.text
    begins = _begins(text)
    if not begins:
        return []
    heads = []
    before = 0
    for begin in begins:
        heads.append(_head(running, before, begin))
        before = begin + 1
    tail = re.compile(_LAYOUT["end_of_notice"]).search(text, begins[-1])
    end = tail.start() if tail else len(text)
    heads = _with_numbers_on_top(text, heads, begins, end)
    ends = [start for start, _ in heads[1:]] + [end]
    return [
        _Letter(start, begin, end, day) for (start, day), begin, end in zip(heads, begins, ends, strict=True)
    ]


_Head = tuple[int, "re.Match[str] | None"]


def _with_numbers_on_top(text: str, heads: list[_Head], begins: list[int], end: int) -> list[_Head]:
    """Heads that take in the number above them, where the notice prints each number above its letter.

    It does when a number stands right above the first letter, and none under the last or nothing between the
    number and that letter. A number behind ``Enclosure`` is that of the letter before.
    """
    closing = _CLOSING.search(text, begins[-1], end)
    under = find_transmittals(text[closing.end() if closing else begins[-1] : end])
    first_number = _number_above(text, heads[0][0], heads[0][0], 0)
    if first_number is None or (under and not _is_adjacent(text, first_number, heads[0][0])):
        return heads
    above = [
        _number_above(text, start, begin, lower)
        for (start, _), begin, lower in zip(heads, begins, [0, *begins[:-1]], strict=True)
    ]
    # A date above the number is the letter's before, unless the first letter has its own there.
    first = heads[0][1]
    on_top = first is not None and _NUMBER_BEHIND.match(text, first.end()) is not None
    return [_with_number(text, head, at, on_top) for head, at in zip(heads, above, strict=True)]


def _with_number(text: str, head: _Head, at: int | None, date_on_top: bool) -> _Head:
    start, day = head
    if at is None or (date_on_top and day and _NUMBER_BEHIND.match(text, day.end())):
        return start, day
    return at, day if day and day.start() > at else None


def _is_adjacent(text: str, number: int, head: int) -> bool:
    """Whether nothing but the number and its label stand from ``number`` on to where a head begins."""
    found = find_transmittals(text[number:head])
    return len(found) == 1 and not re.search(r"\w", text[number + found[0].end : head])


def _number_above(text: str, start: int, stop: int, lower: int) -> int | None:
    """Where the words with the number begin that stand right above a head, or in it up to ``stop``."""
    window = max(lower, start - _RIGHT_ABOVE)
    numbers = find_transmittals(text[window:stop])
    if not numbers:
        return None
    at = window + numbers[-1].start
    label = re.search(_LAYOUT["number_label"], text[max(at - 60, lower) : at])
    at -= len(label.group()) if label else 0
    return None if re.search(r"Enclosures?:?\s*$", text[max(at - 20, lower) : at]) else at


def _begins(text: str) -> list[int]:
    found: list[int] = []
    has_body = True
    for match in _BEGIN.finditer(text):
        if match["salutation"]:
            found.append(match.start())
            has_body = False
        elif has_body:
            found.append(match.start())
        else:
            has_body = True
    return found


def _head(running: Flow, after: int, begin: int) -> tuple[int, re.Match[str] | None]:
    """Where a letter begins, and its date, between the letter before (``after``) and its own salutation."""
    closing = _CLOSING.search(running.text, after, begin)
    after = closing.end() if closing else after
    window = max(after, begin - 1000)
    day = None
    for match in _DATE.finditer(running.text, window, begin):
        if _stands_alone(running, match, begin):
            day = match
    addressees = [m.start() for m in _ADDRESSEE.finditer(running.text, day.end() if day else window, begin)]
    return (day.start() if day else addressees[-1] if addressees else begin), day


def _stands_alone(running: Flow, match: re.Match[str], begin: int) -> bool:
    """A date that is a line of its own, with or without the number behind it, or stands right before the
    addressee or the salutation.
    """
    text = running.text
    number = _NUMBER_BEHIND.match(text, match.end())
    at = (number.end() if number else match.end()) + 1
    if at >= begin or _ADDRESSEE.match(text, at):
        return True
    return running.begins_line(match.start()) and running.begins_line(at)


def _check_outside(running: Flow, letters: list[_Letter]) -> None:
    inside = {t.key for each in letters for t in find_transmittals(running.text[each.start : each.end])}
    outside = running.text[: letters[0].start] + running.text[letters[-1].end :]
    for number in find_transmittals(outside):
        if number.key not in inside:
            raise DocumentError(
                f"transmittal {number.raw} stands outside every letter: the layout has changed"
            )


def _text(running: Flow, letter: _Letter) -> str:
    return running.text[letter.start : letter.end].strip()

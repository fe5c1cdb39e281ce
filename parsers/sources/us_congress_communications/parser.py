"""Executive communications in the Congressional Record and the congress.gov API: one record per transmittal.

Knowledge: sources.md, us_congress_communications. Layout and wording: ``source.yml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from parsers.document import Document
from parsers.facts import facts_beside
from parsers.parsed import interpret_rows, stable_id
from parsers.readers.letters import Flow, flow, numbered_entries, places, without_markers, words_of
from parsers.readers.markup import Line, read_json, text_lines, text_of
from parsers.readers.register import known_or_refused, next_page, without_key
from parsers.record import CellError, DocumentError, Ignored, Outcome, Record, Reject, Row, Total
from parsers.registry import IndexRef, OddEntry, ReportRef
from parsers.values.certifications import Certification, records_of, sections
from parsers.values.dates import date_of
from parsers.values.transmittals import find_unnamed_numbers, own_and_amended

FACTS = facts_beside(__file__)
_LAYOUT = FACTS.layout_settings
_ENTRY, _STRONG = re.compile(_LAYOUT["entry"]), re.compile(_LAYOUT["strong"])
_INSIDE = re.compile(_LAYOUT["inside"])
_ENDS = [re.compile(pattern) for pattern in _LAYOUT["end"]]
_PROPOSED = re.compile(_LAYOUT["proposed"])
_STATE, _STATEMENT = re.compile(_LAYOUT["state"]), re.compile(_LAYOUT["statement_after"])


@dataclass(frozen=True, slots=True)
class _Page:
    """What is printed above the entries: day, chamber and pages of the Record; or what the API says."""

    on: date
    chamber: str
    key: str
    lines: list[Line]
    cells: dict[str, str]
    item: str | None = None


def find_reports(index: Document) -> Iterator[ReportRef | IndexRef | OddEntry]:
    """Communications that a list of the congress.gov API names, and its next page; odd ones fail alone.

    Raises DocumentError when the answer is no such list (the service's own message is quoted), or when no
    entry of it is as known.
    """
    answer = read_json(index)
    listed = next((answer[name] for name in _LAYOUT["api_lists"] if isinstance(answer.get(name), list)), None)
    if listed is None:
        raise DocumentError(f"no list of communications in the answer: {str(answer)[:200]}")
    yield from known_or_refused([_listed(item) for item in listed], listed)
    yield from next_page(answer, FACTS.fetch.secrets)


def _listed(item: object) -> ReportRef | OddEntry:
    try:
        url = without_key(_text(item, "url"), FACTS.fetch.secrets)
        return ReportRef(url=url, report_key=_api_key(item))
    except DocumentError as error:
        return OddEntry(error.reason)


def identify(document: Document) -> str:
    """Day, chamber and pages of the Record, or congress, chamber and number of an API item."""
    return _page(document).key


def parse(document: Document) -> Iterator[Outcome]:
    """Records of all certifications among the communications; every other numbered entry is ignored by rule.

    A gap in the numbering is a Reject of its own: an entry is missing or was not told from its neighbour.
    """
    page = _page(document)
    rows = _rows(page)
    if not rows:
        raise DocumentError("no numbered communication was found on this page")
    yield from _gaps(rows)
    yield from interpret_rows(rows, lambda row: _interpret(row, page))


def _rows(page: _Page) -> list[Row]:
    if page.item is not None:
        return [Row(cells=page.cells, row=1, text=page.item)]
    lexicon = words_of(page.lines)
    lines = [part for line in page.lines for part in _from_first_entry(line)]
    entries = numbered_entries(lines, _ENTRY, _STRONG, lambda text: any(p.search(text) for p in _ENDS))
    found = [piece for entry in entries for piece in _one_by_one(flow(entry, lexicon))]
    rows = []
    for (_, text), row in zip(found, places([line for line, _ in found]), strict=True):
        head = _ENTRY.match(text)
        label = f"{(head and head['kind']) or 'EC'}-{head['number'] if head else ''}"
        rows.append(Row(cells={"communication": label, **page.cells}, row=row, text=text))
    return rows


def _from_first_entry(line: Line) -> list[Line]:
    """A line as it is; where the title runs on into the first entry, both apart."""
    first = None if _ENTRY.match(line.text) else _INSIDE.search(line.text)
    if first is None or "follows:" not in line.text[: first.start()]:
        return [line]
    return [Line(line.number, line.text[: first.start()]), Line(line.number, line.text[first.start() :])]


def _one_by_one(running: Flow) -> Iterator[tuple[int, str]]:
    """Line and text of each communication; a text that lost its line breaks holds several in a row."""
    head = _ENTRY.match(running.text)
    number, start = int(head["number"]) if head else 0, 0
    for match in _INSIDE.finditer(running.text):
        if int(match["number"]) == number + 1:
            yield running.line_at(start), running.text[start : match.start()].strip()
            number, start = number + 1, match.start()
    yield running.line_at(start), running.text[start:]


def _gaps(rows: list[Row]) -> Iterator[Reject]:
    """One Reject for all places where the numbers do not run on; numbers may start anew, never jump ahead."""
    missing = []
    for before, after in pairwise(rows):
        (kind, first), (kind_after, second) = (r.cells["communication"].split("-") for r in (before, after))
        if kind == kind_after and int(first) + 1 < int(second) <= int(first) + 50:
            missing.append(
                f"{int(first) + 1} expected after line {before.row}, {second} found at line {after.row}"
            )
    if missing:
        yield Reject(
            raw="; ".join(missing), reason=f"the numbers of the communications do not run on: {missing[0]}"
        )


def _interpret(row: Row, page: _Page) -> Iterable[Record | Total | Ignored]:
    text = row.raw
    own, amended = own_and_amended(text)
    cited = set(sections(text))
    is_state = bool(_STATE.search(text))
    if not row.cells.get("communication", "EC-").startswith("EC-"):
        return [row.ignored("not_executive_communication")]
    says_so = is_state or ("3(d)" not in cited and re.search(_LAYOUT["certification"], text))
    certifies = bool(cited & set(_LAYOUT["sections"])) and says_so
    # "pursuant to law, the certification of a proposed license ...": neither section nor number is printed.
    certifies = certifies or (is_state and "36(b)" not in cited and bool(_PROPOSED.search(text)))
    if not own and not certifies:
        if "36(b)" in cited:
            return [row.ignored("foreign_military_sale")]
        return [row.ignored("other_state_communication" if is_state else "other_agency")]
    begins = _STATEMENT.search(text)
    statement = text[begins.end() :] if begins else text
    each = [(part, own_and_amended(part)[0]) for part in re.split(_LAYOUT["next_certification"], statement)]
    if any(len(numbers) != 1 for _, numbers in each):
        each = [(statement, own or find_unnamed_numbers(text))]
    return [
        record
        for part, numbers in each
        for record in records_of(
            row,
            Certification(
                text=text,
                transmittals=numbers,
                amends=amended,
                event_date=page.on,
                published_on=page.on,
                statements=[part],
                extra=row.cells,
            ),
        )
    ]


# -- what stands above the entries ---------------------------------------------------------------------------


def _page(document: Document) -> _Page:
    if text_of(document).lstrip()[:1] == "{":
        answer = read_json(document)
        return _record_json(answer) if "content" in answer and "header" in answer else _api_item(answer)
    return _record_page(text_lines(document))


def _record_page(lines: list[Line]) -> _Page:
    found: dict[str, str] = {}
    for line in lines:
        for name in ("header", "chamber", "pages"):
            match = re.search(_LAYOUT[name], line.text)
            if match:
                found = match.groupdict() | found
    if "date" not in found or "chamber" not in found:
        raise DocumentError("no page of the Congressional Record: its line of date or of chamber is missing")
    return _printed(found["date"].split(", ", 1)[1], found["chamber"], found.get("pages", ""), lines)


def _printed(day: str, chamber: str, pages: str, lines: list[Line]) -> _Page:
    try:
        on = date_of(day, _LAYOUT["date_formats"])
    except CellError as error:
        raise DocumentError(f"the date of the Congressional Record: {error}") from None
    cells = {"chamber": chamber, "pages": pages, "record_date": day}
    key = "-".join(part for part in (on.isoformat(), chamber.lower(), pages) if part)
    return _Page(on, chamber, key, without_markers(lines), {k: v for k, v in cells.items() if v})


def _record_json(answer: Mapping[str, Any]) -> _Page:
    header = answer["header"]
    day = f"{_text(header, 'month')} {_text(header, 'day')}, {_text(header, 'year')}"
    texts = "\n".join(_text(part, "text") for part in answer["content"])
    lines = [Line(number, text.rstrip()) for number, text in enumerate(texts.split("\n"), start=1)]
    return _printed(day, _text(header, "chamber"), str(header.get("pages") or ""), lines)


def _api_item(answer: Mapping[str, Any]) -> _Page:
    item = next((answer[name] for name in _LAYOUT["api_items"] if isinstance(answer.get(name), dict)), None)
    if item is None:
        raise DocumentError(f"no communication in the answer: {str(answer)[:200]}")
    chamber = _text(item, "chamber")
    if chamber not in ("House", "Senate"):
        raise DocumentError(f"chamber {chamber!r}: House or Senate was expected")
    day = _text(item, "congressionalRecordDate")
    try:
        on = date.fromisoformat(day[:10])
    except ValueError:
        raise DocumentError(f"congressionalRecordDate {day!r} is no date") from None
    abstract = " ".join(_text(item, "abstract").split())
    cells = {"chamber": chamber, "record_date": on.isoformat()}
    named = _named_key(item, chamber)
    if named is None:
        # Number, type and congress come and go: the day, the chamber and the words are the communication too.
        return _Page(on, chamber, f"{on}-{chamber.lower()}-{stable_id(abstract)}", [], cells, item=abstract)
    kind, number = named.upper().split("-")[-2:]
    label = f"{kind}-{number}"
    return _Page(on, chamber, named, [], {"communication": label, **cells}, item=f"{label}. {abstract}")


def _api_key(item: object) -> str:
    """The key of a communication that a list names; the list must say all of it."""
    named = _named_key(item, _text(item, "chamber")) if isinstance(item, dict) else None
    if named is None:
        raise DocumentError(f"a communication without congress, type or number: {str(item)[:200]}")
    return named


def _named_key(item: Mapping[str, Any], chamber: str) -> str | None:
    """``119-house-ec-1305``, or None; the list says congressNumber and communicationNumber, items vary."""
    congress = item.get("congressNumber") or item.get("congress")
    number = item.get("communicationNumber") or item.get("number")
    kind = item.get("communicationType")
    code = kind.get("code") if isinstance(kind, dict) else None
    if not congress or not number or not code or not str(number).isdigit():
        return None
    return f"{congress}-{chamber.lower()}-{str(code).lower()}-{number}"


def _text(item: object, name: str) -> str:
    value = item.get(name) if isinstance(item, dict) else None
    if not isinstance(value, str) or not value.strip():
        raise DocumentError(f"{name!r} is missing or no text in {str(item)[:120]}")
    return value

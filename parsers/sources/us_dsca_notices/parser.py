"""Section 36(b) arms sales notifications: the case, and each kind of firearm inside its package.

Knowledge: sources.md, us_dsca_notices. A case is a record of grain licence with the total; each firearm named
in its description is a record of grain item with the printed quantity and no value. Layout: ``source.yml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from parsers.document import Document
from parsers.facts import facts_beside
from parsers.parsed import interpret_rows
from parsers.readers.letters import Flow, flow, places, without_markers, words_of
from parsers.readers.markup import text_lines
from parsers.readers.register import carrier_of, register_reports
from parsers.record import (
    CellError,
    DocumentError,
    Grain,
    Ignored,
    Outcome,
    Record,
    Row,
    Stage,
    Total,
    ValueBasis,
    WeaponClass,
)
from parsers.registry import IndexRef, OddEntry, ReportRef
from parsers.values.control_lists import weapon_class
from parsers.values.countries import country
from parsers.values.dates import date_of
from parsers.values.items import Item, class_of_parts, read_items
from parsers.values.mentions import free_mentions
from parsers.values.money import number

FACTS = facts_beside(__file__)
_LAYOUT = FACTS.layout_settings
_ROMANS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_UNITS = {None: Decimal(1), "million": Decimal(10**6), "billion": Decimal(10**9)}


def find_reports(index: Document) -> Iterator[ReportRef | IndexRef | OddEntry]:
    """Notices that an answer of the Federal Register API names, and its next page."""
    return register_reports(index, _LAYOUT["title"])


def identify(document: Document) -> str:
    """The Register's document number, or day, chamber and pages of the Congressional Record."""
    key = carrier_of(_running(document).text).key
    if key is None:
        raise DocumentError(
            "neither a Federal Register number nor a page of the Congressional Record was found"
        )
    return key


def parse(document: Document) -> Iterator[Outcome]:
    """The records of each case. Raises DocumentError when a notice's head has no items or none is found."""
    running = _running(document)
    published_on = carrier_of(running.text).published_on or document.published_on
    printed = {line.number: line.text for line in text_lines(document)}
    rows = list(_cases(running, printed))
    heads = len(re.findall(_LAYOUT["notice"], running.text))
    if not rows or heads > len(rows):
        raise DocumentError(f"{heads} notices with {len(rows)} lists of items '(i) Prospective Purchaser'")
    yield from interpret_rows(rows, lambda row: _interpret(row, published_on))


def _cases(running: Flow, printed: dict[int, str]) -> Iterator[Row]:
    text = _with_list_breaks(running, printed)
    purchasers = [match.start() for match in re.finditer(_LAYOUT["purchaser"], text)]
    starts: list[int] = []
    for before, at in zip([0, *purchasers], purchasers, strict=False):
        numbers = [m.start() for m in re.finditer(_LAYOUT["number"], text[before:at])]
        starts.append(before + numbers[-1] if numbers else at)
    rows = places([running.line_at(start) for start in starts])
    for start, at, end, row in zip(starts, purchasers, [*starts[1:], len(text)], rows, strict=False):
        finish = re.compile(_LAYOUT["end"]).search(text, at, end)
        stop = finish.start() if finish else end
        cells = {"number": text[start:at], **_items(text[at:stop])}
        yield Row(cells=cells, row=row, text=" ".join(text[start:stop].split()))


def _with_list_breaks(running: Flow, printed: dict[int, str]) -> str:
    """The running text with a line break instead of the blank where one article a line is listed."""
    text = list(running.text)
    above = ""
    for offset, line in zip(running.offsets, running.numbers, strict=True):
        words = printed.get(line, "")
        is_listed = bool(re.match(_LAYOUT["listed"], words)) or _is_of_list(words, above)
        if offset and text[offset - 1] == " " and is_listed:
            text[offset - 1] = "\n"
        above = words if is_listed else ""
    return "".join(text)


def _is_of_list(words: str, above: str) -> bool:
    """Whether a line goes on with a list: indented as the article above, where its first word had room."""
    indents = [len(line) - len(line.lstrip()) for line in (words, above)]
    first = next(iter(words.split()), "")
    return indents[0] == indents[1] > 1 and len(above.rstrip()) + len(first) < _LAYOUT["narrowest"]


def _items(text: str) -> dict[str, str]:
    """The items by their roman numbers; a number out of order belongs to the text around it."""
    found = list(re.finditer(_LAYOUT["item"], text))
    last_place = {match["roman"]: match.start() for match in found}
    marks: list[re.Match[str]] = []
    place = -1
    for match in found:
        at = _ROMANS.index(match["roman"])
        # An item may be left out, but not while it still comes further down.
        skipped = [roman for roman in _ROMANS[place + 1 : at] if last_place.get(roman, -1) > match.start()]
        if at > place and not skipped:
            marks.append(match)
            place = at
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return {mark["roman"]: text[mark.end() : end].strip(" *-") for mark, end in zip(marks, ends, strict=True)}


def _interpret(row: Row, published_on: date | None) -> Iterable[Record | Total | Ignored]:
    printed = re.search(_LAYOUT["number"], row.cells["number"])
    raw = printed["number"] if printed else None
    reference = re.sub("[–‑]", "-", raw).upper() if raw else None
    purchaser = re.sub(_LAYOUT["purchaser"], "", f"(i) {row.cells['i']}").strip(" .")
    delivered = _delivered(row)
    description = _rest(row, "description")
    if description is None:
        raise CellError("the case has no item 'Description'")
    value, check = _value(row)
    earlier = _match(row, "earlier")
    cells = {
        "transmittal": raw or "",
        "amends": earlier["number"] if earlier else "",
        "sums": check,
        **{f"({roman})": " ".join(cell.split()) for roman, cell in row.cells.items() if roman != "number"},
    }
    shared: dict[str, Any] = {
        "licence_ref": f"DSCA {reference}" if reference else None,
        "licence_ref_raw": raw,
        "exporter_country": "US",
        "destination_country": _country(purchaser),
        "destination_country_raw": purchaser,
        "end_user_raw": purchaser,
        "event_date": delivered,
        "published_on": published_on,
        "verbatim": {name: cell for name, cell in cells.items() if cell},
    }
    key = reference or f"{purchaser} {shared['event_date']}"
    arms, alone = _firearms(description)
    case = row.record(
        key=(key, "case"),
        stage=Stage.NOTIFIED,
        grain=Grain.LICENCE,
        item_description=" ".join(description.split()),
        # A package of helicopters with machine guns is no sale of machine guns.
        weapon_class=_class_of_case(description) if alone or not arms else WeaponClass.UNKNOWN,
        value=value,
        currency=None if value is None else "USD",
        value_basis=None if value is None else ValueBasis.ESTIMATED_CASE,
        **shared,
    )
    return [case, *(_item_record(row, key, item, shared) for item in arms)]


def _class_of_case(description: str) -> WeaponClass:
    told = weapon_class(None, None, description)
    return class_of_parts(description) if told is WeaponClass.PARTS else told


def _item_record(row: Row, key: str, item: Item, shared: dict[str, Any]) -> Record:
    return row.record(
        key=(key, "item", item.description),
        stage=Stage.NOTIFIED,
        grain=Grain.ITEM,
        item_description=item.description,
        quantity=number(item.quantity, "us") if item.quantity else None,
        quantity_unit=item.unit,
        weapon_class=_class_of(item),
        **shared,
    )


def _class_of(item: Item) -> WeaponClass:
    head = re.split(r",? (?:with|including|and|plus) ", item.description, maxsplit=1)[0]
    is_belonging = re.search(_LAYOUT["belongings"], head)
    if is_belonging:
        return WeaponClass.PARTS
    # "M4 carbines with M203 grenade launchers" are carbines.
    main = re.split(_LAYOUT["fitted"], item.description, maxsplit=1)[0]
    told = weapon_class(None, None, main)
    if told is WeaponClass.UNKNOWN:
        told = weapon_class(None, None, item.description)
    if told not in (WeaponClass.UNKNOWN, WeaponClass.OTHER_ARMS):
        return told
    models = (name for name, models in _LAYOUT["models"].items() if re.search(models, main))
    return WeaponClass(next(models, told))


def _firearms(description: str) -> tuple[list[Item], bool]:
    """The firearms and their ammunition in a description, and whether it holds nothing else.

    An arm that the story of the case tells and its list counts is one: ``has requested to add 100 pistols.
    MDE: None. Non-MDE: 100 pistols``.
    """
    told = re.sub(_LAYOUT["recounted"], "", description)
    begins = re.search(_LAYOUT["halves"], told)
    story, listed = (told[: begins.start()], told[begins.start() :]) if begins else ("", told)
    items = _goods(listed)
    arms = [item for item in items if _is_arm(item)]
    further = [
        item
        for item in _goods(story)
        if not any(
            item.quantity == arm.quantity and item.description.startswith(arm.description) for arm in arms
        )
    ]
    arms = [*(item for item in further if _is_arm(item)), *arms]
    return arms, len(arms) == len(items) + len(further)


def _is_arm(item: Item) -> bool:
    return re.search(_LAYOUT["firearms"], item.description) is not None


def _goods(text: str) -> list[Item]:
    halves = re.sub(_LAYOUT["halves"], "\n", text)
    broken = re.sub(_LAYOUT["also"], "\n", re.sub(_LAYOUT["listed_inside"], "\n", halves))
    pieces = re.split(r"(?:\n|; |(?<!\bcal)\. |: (?=[A-Z\d]|[a-z-]+(?: [a-z-]+){0,4} \(\d))", broken)
    pieces = [re.sub(_LAYOUT["included"], "", piece.strip().rstrip(".")) for piece in pieces]
    return [item for piece in pieces if piece.strip() for item in read_items(piece.strip(), every_comma=True)]


def _match(row: Row, name: str) -> re.Match[str] | None:
    found = (re.search(_LAYOUT[name], cell) for cell in row.cells.values())
    return next((match for match in found if match), None)


def _delivered(row: Row) -> date | None:
    """The day when the report went to Congress. Raises CellError when a day is printed in no known form."""
    found = _match(row, "delivered")
    if found is None:
        if printed := _match(row, "delivered_somehow"):
            raise CellError(f"{printed.string[:80]!r}: the day is in no known form")
        return None
    day = found["date"]
    if year := found["year"]:  # "20 AUG 13": the reports begin in the 1990s
        day = f"{day[:-2]}{19 if int(year) > 75 else 20}{year}"
    return date_of(day, _LAYOUT["date_formats"])


def _rest(row: Row, name: str) -> str | None:
    for cell in row.cells.values():
        match = re.search(_LAYOUT[name], cell)
        if match:
            return cell[match.end() :].strip(" .") or None
    return None


def _value(row: Row) -> tuple[Decimal | None, str]:
    """The printed total, and a word when its parts do not add up. Raises CellError when it is not printed."""
    cell = next((text for text in row.cells.values() if re.search(_LAYOUT["value"], text)), None)
    if cell is None:
        return None, ""
    major, other, total = (_amount(cell, name) for name in ("major", "other", "total"))
    if total is None:
        raise CellError(f"no total was found in {cell[:200]!r}")
    if major is None or other is None or major + other == total:
        return total, ""
    return total, f"the parts add up to {major + other}, the total is printed as {total}"


def _amount(cell: str, name: str) -> Decimal | None:
    found = re.search(f"(?:{_LAYOUT[name]}){_LAYOUT['money']}", cell, re.IGNORECASE)
    # "$.8 billion" lacks the nought.
    figure = number(re.sub(r"^\.", "0.", found["figure"]), "us") if found else None
    return None if found is None or figure is None else figure * _UNITS[found["unit"]]


def _country(purchaser: str) -> str | None:
    """The purchaser's country; None for a body of several. Raises CellError for an unknown name.

    Beside its country a purchaser may print an abbreviation or a ministry: ``Government of X (X), Navy``.
    """
    for name, code in _LAYOUT["purchasers"].items():
        if name in purchaser:
            return code or None
    named = {mention.alpha2 for mention in free_mentions(purchaser)}
    return named.pop() if len(named) == 1 else country(re.sub(_LAYOUT["government"], "", purchaser))


def _running(document: Document) -> Flow:
    lines = without_markers(text_lines(document))
    return flow(lines, words_of(lines))

"""Per document: do the rows add up to the totals that the publisher printed?

Totals are proof: a difference is stored beside both figures, never hidden, and is not fatal by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import fields
from decimal import Decimal
from itertools import product

from parsers.facts import Totals
from parsers.record import Record, Total


def reconcile(records: Iterable[Record], totals: Iterable[Total], facts: Totals) -> None:
    """Fill ``computed``, ``agrees`` and ``explanation`` of each total, from the records of its scope.

    A record belongs to a total when it has its stage, its period where one is given, and equals every
    field of its scope (printed names, ``*_raw``, do not count). A scope may also name a printed column
    (a programme), which is then looked up in ``verbatim``, and a category of the munitions list covers its
    subcategories. ``agrees`` stays None where no record of the scope carries the measure: the publisher
    printed only the sum.
    """
    sums = _Sums(records)
    for total in totals:
        computed = sums.of(total)
        total.computed = computed
        total.agrees = None if computed is None else computed == total.printed
        total.explanation = _explanation(total, facts)


class _Sums:
    """Sums of a document's records by the fields of a scope; each combination of fields is grouped once."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._records = list(records)
        self._groups: dict[tuple[str, ...], dict[tuple[str, ...], list[Record]]] = {}

    def of(self, total: Total) -> Decimal | None:
        scope = {name: value for name, value in total.scope.items() if not name.endswith("_raw")}
        names = tuple(sorted(scope))
        if names not in self._groups:
            self._groups[names] = self._group(names)
        members = self._groups[names].get(tuple(scope[name] for name in names), [])
        measured = [
            Decimal(amount)
            for record in members
            if record.stage == total.stage
            and _same_period(record, total)
            and (amount := getattr(record, total.measure.record_field)) is not None
        ]
        return sum(measured, Decimal(0)) if measured else None

    def _group(self, names: tuple[str, ...]) -> dict[tuple[str, ...], list[Record]]:
        groups: dict[tuple[str, ...], list[Record]] = defaultdict(list)
        for record in self._records:
            for values in product(*(_belongs_to(record, name) for name in names)):
                groups[values].append(record)
        return groups


_FIELDS = frozenset(field.name for field in fields(Record))


def _belongs_to(record: Record, name: str) -> list[str]:
    """The values of a scope under which a record counts: its own and, for a code ``I(a)``, that of ``I``."""
    value = getattr(record, name) if name in _FIELDS else record.verbatim.get(name)
    text = "" if value is None else str(value)
    if name != "control_code" or "(" not in text:
        return [text]
    return [text, *(text[:at] for at, sign in enumerate(text) if sign == "(")]


def _same_period(record: Record, total: Total) -> bool:
    if total.period_start is None and total.period_end is None:
        return True
    return (record.period_start, record.period_end) == (total.period_start, total.period_end)


def _explanation(total: Total, facts: Totals) -> str | None:
    if total.agrees is True:
        return None
    if total.agrees is None or total.computed is None:
        return f"The publisher printed no row behind this sum. {facts.note}".strip()
    difference = total.printed - total.computed
    if difference > 0:
        said = f"The printed sum exceeds its rows by {difference}."
        return f"{said} {facts.note}".strip() if facts.may_exceed_parts else said
    return f"The rows exceed the printed sum by {-difference}."

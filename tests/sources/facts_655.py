"""What a Section 655 report was read to, as the generators of such reports list it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from parsers.record import Record

Fact = tuple[str, str, str | None, str | None, int | None, int]
"""Stage, country, description, category, quantity and value of a row."""


def facts(records: Iterable[Record], *, described: bool) -> Counter[Fact]:
    """The rows of a report; where the layout has no column of descriptions, ``described`` is false."""
    return Counter(
        (
            str(r.stage),
            str(r.destination_country),
            r.item_description if described else None,
            r.control_code,
            None if r.quantity is None else int(r.quantity),
            int(r.value or 0),
        )
        for r in records
    )

"""Support that names in one text give each other: a body beside its part, a list of federal bodies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from warehouse.units.case import Case, unknown_in_chunk, unknown_in_segment
from warehouse.units.hits import DESTINATION, STRONG, WEAK_MEXICO, WEAK_PARENT, WEAK_PLACE, Hit

_WEAK: Final = (WEAK_MEXICO, WEAK_PLACE)


def is_certain(hit: Hit) -> bool:
    """Sure by its own words, and not read through a typing error."""
    return hit.needs in (STRONG, DESTINATION) and not hit.typo


class Beside:
    """The names of one text, ordered so that each finds what supports it without a look at every other."""

    def __init__(self, case: Case, hits: Sequence[Hit]) -> None:
        self._case = case
        # One certain name of a kind says what a hundred would.
        self._certain = {(hit.unit_ids, hit.exclusive): hit for hit in hits if is_certain(hit)}.values()
        self._adjoining: defaultdict[int, list[Hit]] = defaultdict(list)
        for hit in hits:
            self._adjoining[hit.first].append(hit)
            self._adjoining[hit.last].append(hit)

    def supports(self, hit: Hit) -> bool:
        """A strong name of the same, an upper, a lower or a succeeding unit, or a list of federal bodies.

        Asked for names that are not certain by themselves.
        """
        if len(hit.unit_ids) != 1:
            return False
        related = self._case.registry.relatives(hit.unit_ids[0]) | {hit.unit_ids[0]}
        if any(
            not related.isdisjoint(other.unit_ids) or _federal_list(self._case, hit, other)
            for other in self._certain
        ):
            return True
        adjoining = (*self._adjoining[hit.first], *self._adjoining[hit.last])
        return any(
            not related.isdisjoint(other.unit_ids) and _support_each_other(self._case, hit, other)
            for other in adjoining
        )


def _support_each_other(case: Case, hit: Hit, other: Hit) -> bool:
    """'SPF-SSPC', 'PF SIU': the short names of a body and its part, nothing unknown with them."""
    beside = hit.last == other.first or other.last == hit.first
    if not beside or hit.typo or other.typo or hit.needs not in _WEAK or other.needs not in _WEAK:
        return False
    above = case.registry.ancestors(hit.unit_ids[0]) | case.registry.ancestors(other.unit_ids[0])
    if not above & {hit.unit_ids[0], other.unit_ids[0]}:
        return False
    return not (unknown_in_segment(case, hit) or case.reading.foreign or case.reading.others)


def _federal_list(case: Case, hit: Hit, other: Hit) -> bool:
    """'SEDENA / SEMAR / FP': a weak federal name in a list with a certain one, nothing unknown beside it."""
    units = [case.registry.units[unit] for unit in (*hit.unit_ids, *other.unit_ids)]
    federal = all(unit.level == "federal" for unit in units) and hit.needs != WEAK_PARENT
    return federal and other.exclusive and not unknown_in_chunk(case, hit) and hit.alias != "SEDEMA"

"""Which of two names that share words stands: a listed alias, or a kind of body with its place or number."""

from __future__ import annotations

from typing import Final

from warehouse.units.case import federal_mark_beside
from warehouse.units.content_words import NONE
from warehouse.units.hits import DOUBTFUL, WEAK_MEXICO, WEAK_PLACE, Hit
from warehouse.units.reading import Reading
from warehouse.units.registry import Registry

_FULL_NAME: Final = 3
_CAPITAL: Final = "MX-CMX"


def longest(reading: Reading, registry: Registry, aliases: list[Hit], kinds: list[Hit]) -> list[Hit]:
    """Where an alias and a kind + place overlap, the one that explains more words wins; the state qualifier
    is one of them, so 'Secretaría de Seguridad Pública de Michoacán' beats the federal ministry."""
    kept = list(kinds)
    for alias in aliases:
        rivals = [hit for hit in kept if hit.first < alias.last and alias.first < hit.last]
        winner = next((hit for hit in rivals if _explains_more(registry, hit, alias)), None)
        if winner is not None and _is_federal_at_its_seat(reading, registry, winner, alias, aliases):
            winner = None
        if winner is None:
            kept = [hit for hit in kept if hit not in rivals] + [alias]
        elif _may_be_its_seat(reading, registry, winner, alias):
            for hit in (winner, alias):
                hit.needs = DOUBTFUL
                hit.reasons.append("the capital may be no more than where the federal body of that name sits")
            kept.append(alias)
    return sorted(kept, key=lambda hit: hit.first)


def _is_federal_at_its_seat(
    reading: Reading, registry: Registry, kind: Hit, alias: Hit, aliases: list[Hit]
) -> bool:
    """'Secretaría de Seguridad y Protección Ciudadana, Gobierno de México, CDMX' is the federal one."""
    federal = all(registry.units[unit_id].level == "federal" for unit_id in alias.unit_ids)
    in_capital = kind.rule.startswith("kind+state") and kind.states == {_CAPITAL}
    return federal and in_capital and federal_mark_beside(reading, aliases)


def _may_be_its_seat(reading: Reading, registry: Registry, kind: Hit, alias: Hit) -> bool:
    """'Secretariat of Security and Citizen Protection, Mexico City': the capital stands behind a comma."""
    federal = all(registry.units[unit_id].level == "federal" for unit_id in alias.unit_ids)
    behind = alias.first == kind.first and alias.last < kind.last and reading.words[alias.last].gap != NONE
    return federal and behind and kind.rule.startswith("kind+state") and kind.states == {_CAPITAL}


def _explains_more(registry: Registry, kind: Hit, alias: Hit) -> bool:
    units = [registry.units[unit_id] for unit_id in alias.unit_ids]
    here = any(unit.level == "state" and unit.state_iso in kind.states for unit in units)
    if here and alias.needs == WEAK_PLACE and alias.last - alias.first >= _FULL_NAME:
        return False  # 'Fuerzas de Seguridad Pública del Estado' + Guanajuato: a full name at its place
    longer = (kind.last - kind.first) - (alias.last - alias.first)
    alias_is_weak = alias.needs in (WEAK_MEXICO, WEAK_PLACE)
    return longer > 0 or (longer == 0 and alias_is_weak and kind.needs != WEAK_PLACE)

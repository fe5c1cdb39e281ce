"""Of the units that a text names, those that it means: no letterhead, no predecessor, no double of a name."""

from __future__ import annotations

import re
from typing import Final

from warehouse.units.content_words import HARD, LISTED
from warehouse.units.hits import DOUBTFUL, WEAK_MEXICO, WEAK_PLACE, Hit, opens_bracket
from warehouse.units.lexicon import MEXICO_WORDS
from warehouse.units.reading import Reading
from warehouse.units.registry import Registry
from warehouse.units.result import MATCH, NONE, REVIEW

_JOINED_LIST: Final = re.compile(r"^\s*-\S+-$")  # between the outer two of 'SEDENA-SEMAR-GN'
_ENGLISH: Final = frozenset(
    {"office", "attorney", "prosecutor", "police", "ministry", "secretariat", "agency"}
)


def most_specific(reading: Reading, registry: Registry, hits: list[Hit]) -> tuple[list[Hit], list[str]]:
    """Drop a unit that stands only as the letterhead of a unit below it; name it in the reasons."""
    kept: list[Hit] = []
    notes: list[str] = []
    named = {hit.unit_ids for hit in hits}
    related = {ids: {other for other in named if _are_related(registry, ids, other)} for ids in named}
    for hit in hits:
        if (
            hit.rule.startswith(("kind+number", "alias", "acronym"))
            and hit.needs == DOUBTFUL
            and _force_is_named(registry, hit, hits)
        ):
            notes.extend(hit.reasons)
            continue
        others = [other for other in hits if other.unit_ids in related[hit.unit_ids]]
        current = next((other for other in others if _is_named_instead(reading, registry, hit, other)), None)
        if current is not None:
            notes.append(f"{hit.alias} is another name of {current.unit_ids[0]} here")
            continue
        below = next((other for other in others if _is_letterhead(reading, registry, hit, other, hits)), None)
        if below is None:
            kept.append(hit)
        else:
            notes.append(f"{hit.unit_ids[0]} is named as the parent of {below.unit_ids[0]}")
    return kept, notes


def _are_related(registry: Registry, ids: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """One is above the other at any distance, or took it over: only then can one stand for the other."""
    if ids == others:
        return False
    pairs = ((ids, others), (others, ids))
    return any(not registry.relatives(mine).isdisjoint(theirs) for group, theirs in pairs for mine in group)


def _force_is_named(registry: Registry, hit: Hit, hits: list[Hit]) -> bool:
    """The force that stands in for an unlisted number adds nothing where it, or one above it, is named."""
    above = registry.ancestors(hit.unit_ids[0]) | {hit.unit_ids[0]}
    return any(other.band == MATCH and above & set(other.unit_ids) for other in hits if other is not hit)


def _is_named_instead(reading: Reading, registry: Registry, hit: Hit, other: Hit) -> bool:
    """Of a body and its successor, the one whose own name stands: 'ANAM, Aduana de Manzanillo' is not the
    tax service, and 'Office of the Attorney General of the Republic (FGR)' not the PGR."""
    if hit.band == NONE or other.band != MATCH or len(hit.unit_ids) != 1:
        return False
    unit_id = hit.unit_ids[0]
    if not registry.ancestors(unit_id).isdisjoint(other.unit_ids):
        return False  # the upper of the two is dropped as a letterhead, not the lower
    if registry.succession(unit_id).isdisjoint(other.unit_ids):
        return False
    same_part = reading.words[hit.first].segment == reading.words[other.first].segment
    common = hit.rule == "alias" and hit.needs in (WEAK_MEXICO, WEAK_PLACE)
    if common and same_part and other.needs not in (WEAK_MEXICO, WEAK_PLACE):
        return True
    bracketed = opens_bracket(reading, other)
    translated = any(word.word in _ENGLISH for word in reading.words[hit.first : hit.last])
    return bracketed and translated and hit.last == other.first and other.rule == "acronym"


def _ends_a_list(reading: Reading, registry: Registry, above: str, last: Hit, hits: list[Hit]) -> bool:
    """'Ministry of Defense, Army and Air Force': a second part of the same ministry joined by 'and'."""
    return any(
        third.first >= last.last
        and reading.words[third.first].after_and
        and reading.words[third.first].segment == reading.words[last.first].segment
        and any(above in registry.ancestors(unit_id) for unit_id in third.unit_ids)
        for third in hits
    )


def _is_same_body_in_brackets(reading: Reading, registry: Registry, hit: Hit, other: Hit) -> bool:
    """'Mexican Navy (SEMAR)', 'SECRETARIA DE MARINA (MEXICAN NAVY)': a force and the ministry that is that
    force, and buys for it, are both named. 'Mexican Army (SEDENA)' is not of this kind: that ministry also
    buys for others."""
    above, below = registry.units[hit.unit_ids[0]], registry.units[other.unit_ids[0]]
    first, last = sorted((hit, other), key=lambda one: one.first)
    bracketed = first.last == last.first and opens_bracket(reading, last)
    is_root = not registry.parents(above.unit_id, kind="command")
    one_body = above.branch == below.branch and is_root and not above.intermediary
    direct = above in registry.parents(below.unit_id, kind="command")
    # 'PGR (SEIDO)' is one of its offices; a force that bears the country's name is the whole of it
    is_whole = any(word.word in MEXICO_WORDS for word in reading.words[other.first : other.last])
    return bracketed and one_body and direct and (is_whole if last is other else hit.rule == "acronym")


def _stands_in_a_row(reading: Reading, registry: Registry, above: str, hits: list[Hit]) -> bool:
    """'SEDENA / SEMAR / Guardia Nacional': a third body, not of this ministry, stands between slashes too."""
    return any(
        third.band != NONE
        and not any(unit_id == above or above in registry.ancestors(unit_id) for unit_id in third.unit_ids)
        and registry.units[third.unit_ids[0]].level == "federal"
        for third in hits
    )


def _is_letterhead(reading: Reading, registry: Registry, hit: Hit, other: Hit, hits: list[Hit]) -> bool:
    if (
        hit.rule == "collective"
        or len(hit.unit_ids) != 1
        or other.band not in (MATCH, REVIEW)
        or hit.band == NONE
    ):
        return False
    unit_id = hit.unit_ids[0]
    if len(other.unit_ids) != 1 or unit_id not in registry.ancestors(other.unit_ids[0]):
        return False
    if other.band == REVIEW and hit.band == MATCH:
        return False
    if {unit_id, other.unit_ids[0]} <= registry.numbered_units:
        return False  # a battalion and its zone are both named on purpose
    if _is_same_body_in_brackets(reading, registry, hit, other):
        return False
    # 'SEDENA for end use by the Mexican Army' and 'SEDENA as consignee for the Guardia Nacional' name two
    own, lower = reading.words[hit.first].role, reading.words[other.first].role
    has_part_of_its_own = own != lower and (bool(own) or lower == "end_user")
    first, last = sorted((hit, other), key=lambda one: one.first)
    between = reading.words[first.last : last.first + 1]
    listed = any(word.after_and for word in between)
    slashed = any(word.gap >= HARD for word in between)
    listed = listed or any(word.gap == LISTED for word in between)
    listed = listed or _ends_a_list(reading, registry, unit_id, last, hits)
    printed = reading.text[reading.words[first.last - 1].end : reading.words[last.first].start]
    dashed = bool(_JOINED_LIST.search(printed))
    listed = listed or ((slashed or dashed) and _stands_in_a_row(reading, registry, unit_id, hits))
    is_ministry = not registry.parents(unit_id, kind="command")
    return not listed and not has_part_of_its_own and (not slashed or is_ministry)

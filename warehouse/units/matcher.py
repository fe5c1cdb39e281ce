"""Reads an end-user text and answers which Mexican security units it names, how surely, and why not more.

The rules are those of docs/units.md section 3; the names, places and words are CSV files of this folder.
Results depend on (text, country, day, registry version) alone, so a caller may cache them under that key.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Final

from warehouse.units.bulk import match_distinct
from warehouse.units.hits import WEAK_PLACE, Hit, alias_hits
from warehouse.units.lexicon import Lexicon
from warehouse.units.near import NearNames
from warehouse.units.normalise import MAX_LENGTH, holds_portuguese, normalise
from warehouse.units.numbered import numbered_hits
from warehouse.units.overlaps import longest
from warehouse.units.reading import Reading, given_to, read
from warehouse.units.records import Decision
from warehouse.units.registry import Registry
from warehouse.units.result import MATCH, NONE, REVIEW, MatchResult, UnitMatch
from warehouse.units.runs import CIVIL
from warehouse.units.slots import Undisclosed, civil_hits
from warehouse.units.specific import most_specific
from warehouse.units.weigh import Case, weigh

Item = tuple[str, str | None, date | None]
_WINDOW_OVERLAP: Final = 200
_MAX_READ: Final = 20_000
_MAX_UNITS: Final = 200


class Matcher:
    """Matches texts against one registry. Building takes about 0.1 s; keep it and use it for many texts."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.lexicon = Lexicon(registry)
        self._near = NearNames(self.lexicon, registry)
        self._decisions: dict[tuple[str, str], Decision] = {
            (normalise(decision.text), decision.country): decision for decision in registry.decisions
        }

    def match(self, text: str, country: str | None = "MX", on: date | None = None) -> MatchResult:
        """Units named in the text, best first.

        country is the licence's destination (ISO alpha-2), None when unknown: without MX a name that other
        countries share is review at best. on is the licence's date: a unit that did not exist then is
        marked out_of_time, not dropped. Never raises on any text; one longer than 2,000 characters is read
        in overlapping windows, up to 20,000 characters, and says so in its reasons.
        """
        decided = self._decided(text, country, on)
        if decided is None:
            return self._read(text, country, on)
        # A reviewer decides which units a text names; whom it leaves unsaid is still read from its words.
        return replace(decided, undisclosed=self._read(text, country, on).undisclosed)

    def _read(self, text: str, country: str | None, on: date | None) -> MatchResult:
        if len(text) <= MAX_LENGTH:
            return self._match_window(text, country, on)
        return self._match_windows(text, country, on)

    def match_many(self, items: Iterable[Item], workers: int | None = None) -> list[MatchResult]:
        """One result for each item (text, country, date), in order; each distinct item is read once.

        workers: processes to use; None takes two for large batches and this process for small ones.
        """
        return match_distinct(self, list(items), workers)

    def _decided(self, text: str, country: str | None, on: date | None) -> MatchResult | None:
        """A reviewer's answer for this very text; one without country holds for every country."""
        if not self._decisions:
            return None
        key = normalise(text)
        decision = self._decisions.get((key, country or "")) or self._decisions.get((key, ""))
        if decision is None:
            return None
        reason = f"decided by {decision.reviewer} on {decision.decided_on}"
        units = tuple(
            UnitMatch(
                unit_id=unit_id,
                band=MATCH,
                span=(0, len(text)),
                matched_text=text,
                alias=decision.text,
                rule="review_decision",
                score=100,
                out_of_time=self.registry.units[unit_id].active.excludes(on),
            )
            for unit_id in decision.unit_ids
        )
        return MatchResult(MATCH if units else NONE, units, (reason,))

    def _match_windows(self, text: str, country: str | None, on: date | None) -> MatchResult:
        """Windows that overlap, so that a name at an edge is whole in one of them."""
        units: dict[str, UnitMatch] = {}
        aside: dict[str, UnitMatch] = {}
        undisclosed: dict[str, None] = {}
        reasons: dict[str, None] = {f"text of {len(text)} characters read in windows of {MAX_LENGTH}": None}
        if len(text) > _MAX_READ:
            reasons[f"only the first {_MAX_READ} of {len(text)} characters were read"] = None
        for start in range(0, min(len(text), _MAX_READ), MAX_LENGTH - _WINDOW_OVERLAP):
            part = self._match_window(text[start : start + MAX_LENGTH], country, on)
            for found, kept in ((part.units, units), (part.set_aside, aside)):
                for unit in found:
                    moved = _moved(unit, start, text)
                    known = kept.get(unit.unit_id)
                    if known is None or _rank(moved) < _rank(known):
                        kept[unit.unit_id] = moved
            undisclosed.update(dict.fromkeys(part.undisclosed))
            reasons.update(dict.fromkeys(part.reasons))
        best = sorted(units.values(), key=_rank)[:_MAX_UNITS]
        rest = tuple(unit for unit in aside.values() if unit.unit_id not in units)
        band = best[0].band if best else REVIEW if undisclosed else NONE
        return MatchResult(band, tuple(best), tuple(reasons), tuple(undisclosed), rest[:_MAX_UNITS])

    def _match_window(self, text: str, country: str | None, on: date | None) -> MatchResult:
        reading = read(text, self.lexicon)
        if not reading.words:
            return MatchResult(NONE)
        hits, unnamed = self._candidates(reading)
        named = frozenset(position for hit in hits for position in range(hit.first, hit.last))
        case = Case(reading, self.registry, self.lexicon, country, holds_portuguese(text), named, tuple(hits))
        weigh(case, hits)
        unnamed = _generic_that_stand(case, unnamed, hits)
        if not unnamed:
            hits = self._with_near_names(case, hits)
        hits, parents = most_specific(reading, self.registry, hits)
        return _result(case, hits, unnamed, parents, on)

    def _with_near_names(self, case: Case, hits: list[Hit]) -> list[Hit]:
        """Adds what is nearly named in the parts that name nothing. A body that stands above it is then for
        review too: it may be no more than the letterhead."""
        covered = {p for hit in hits if hit.band != NONE for p in range(hit.first, hit.last)}
        near = self._near.hits(case.reading, covered)
        weigh(case, near)
        for below in (*near, *(hit for hit in hits if hit.typo and hit.band == REVIEW)):
            above = {unit_id for mine in below.unit_ids for unit_id in self.registry.ancestors(mine)}
            for hit in hits:
                if hit.band == MATCH and above & set(hit.unit_ids):
                    hit.band = REVIEW
                    hit.reasons.append(f"a unit below it may be meant: {below.alias}")
        return hits + near

    def _candidates(self, reading: Reading) -> tuple[list[Hit], list[Undisclosed]]:
        taken = _positions(reading)
        aliases = alias_hits(reading, self.lexicon, taken)
        numbered = numbered_hits(reading, self.lexicon, taken)
        here = {place.state_iso for stretch in reading.places for place in stretch.places}
        special = {
            position
            for hit in aliases
            if hit.last - hit.first > 1
            and any(self._is_special(reading, hit, unit_id) for unit_id in hit.unit_ids)
            and (hit.needs != WEAK_PLACE or not here.isdisjoint(self._states(hit)))
            for position in range(hit.first, hit.last)
        }
        civil, unnamed = civil_hits(reading, self.lexicon, taken | special)
        hits = longest(reading, self.registry, aliases, numbered + civil)
        unnamed += _generic_phrases(reading, self.lexicon, taken)
        unnamed = [kind for kind in unnamed if not any(self._names(hit, kind) for hit in hits)]
        return hits, unnamed

    def _names(self, hit: Hit, kind: Undisclosed) -> bool:
        """The words that seemed to leave a body unnamed are its name: 'Secretaría de Seguridad y Protección
        Ciudadana, Gobierno de México' begins with the federal ministry's."""
        if hit.first <= kind.first and kind.last <= hit.last:
            return True
        federal = all(self.registry.units[unit_id].level == "federal" for unit_id in hit.unit_ids)
        return federal and hit.first == kind.first and hit.last - hit.first > 1

    def _states(self, hit: Hit) -> set[str]:
        return {self.registry.units[unit_id].state_iso for unit_id in hit.unit_ids}

    def _is_special(self, reading: Reading, hit: Hit, unit_id: str) -> bool:
        """A state body with a name of its own, not found by kind + place: 'Fuerza Civil', and 'Guardia
        Civil', which is the state police of Michoacán."""
        is_proper = any(word.concept not in CIVIL for word in reading.words[hit.first : hit.last])
        own_name = unit_id not in self.lexicon.slot_units or (hit.needs == WEAK_PLACE and is_proper)
        return own_name and self.registry.units[unit_id].level == "state"


def _moved(unit: UnitMatch, start: int, text: str) -> UnitMatch:
    first, last = unit.span[0] + start, unit.span[1] + start
    return replace(unit, span=(first, last), matched_text=text[first:last])


def _positions(reading: Reading) -> set[int]:
    """Words that a foreign name or another body has taken."""
    return {
        position
        for stretch in (*reading.foreign, *reading.others)
        for position in range(stretch.first, stretch.last)
    }


def _generic_phrases(reading: Reading, lexicon: Lexicon, taken: set[int]) -> list[Undisclosed]:
    words = [word.word for word in reading.words]
    found: list[Undisclosed] = []
    position = 0
    while position < len(words):
        phrase = next(lexicon.generics.starting_at(words, position), None)
        if phrase is None or position in taken:
            position += 1
            continue
        found.append(Undisclosed(phrase.payloads[0], position, position + len(phrase.words)))
        position += len(phrase.words)
    return found


def _generic_that_stand(case: Case, unnamed: list[Undisclosed], hits: list[Hit]) -> list[Undisclosed]:
    """Generic end users count only where nothing foreign and no other body stands in the text."""
    reading = case.reading
    if reading.foreign or case.country not in (None, "MX"):
        return []
    kept = []
    for kind in unnamed:
        chunk = reading.words[kind.first].chunk
        given = given_to(reading, kind.first)  # 'firearms to the Government of Mexico'
        others = {
            reading.words[stretch.first].chunk
            for stretch in reading.others
            if not (given and stretch.kind == "other:goods")
        }
        if chunk in others or chunk in reading.address_chunks:
            continue
        lone_word = kind.last - kind.first == 1
        if (lone_word or not hits) and _unknown_share(case, kind, any_word=lone_word):
            continue
        if kind.kind == "government" and (
            any(hit.band == MATCH for hit in hits) or _other_body_first(case, kind)
        ):
            continue  # 'Secretaría de la Defensa, Gobierno de México' names its body
        kept.append(kind)
    return kept


def _other_body_first(case: Case, kind: Undisclosed) -> bool:
    """'Secretaría de Energía, Gobierno de México': the body is named before its government."""
    chunk = case.reading.words[kind.first].chunk
    return chunk > 0 and any(word.chunk < chunk for word in case.reading.words)


def _unknown_share(case: Case, kind: Undisclosed, *, any_word: bool) -> bool:
    """True when an unknown word stands in the same chunk: 'Police Athletic League' is no police force.
    With any_word, words known to the lexicon count too: 'Military School' is not 'Military'."""
    words = case.reading.words
    chunk = words[kind.first].chunk
    start = kind.first if given_to(case.reading, kind.first) else 0  # 'rifles to the Government of Mexico'
    named = {position for stretch in case.reading.places for position in range(stretch.first, stretch.last)}
    return any(
        word.chunk == chunk
        and position >= start
        and not kind.first <= position < kind.last
        and not ((word.concept and not any_word) or word.is_number)
        and not (position in named or position in case.reading.mexico)
        for position, word in enumerate(words)
    )


def _rank(unit: UnitMatch) -> tuple[int, int, int, str]:
    return (0 if unit.band == MATCH else 1, -unit.score, unit.span[0], unit.unit_id)


def _result(
    case: Case, hits: list[Hit], unnamed: list[Undisclosed], notes: list[str], on: date | None
) -> MatchResult:
    kinds = tuple(dict.fromkeys(kind.kind for kind in unnamed))
    reasons = dict.fromkeys(notes)
    demote = bool(kinds)
    if kinds:
        reasons[f"ultimate end user undisclosed: {', '.join(kinds)}"] = None
    units: dict[str, UnitMatch] = {}
    aside: dict[str, UnitMatch] = {}
    for hit in hits:
        reasons.update(dict.fromkeys(hit.reasons))
        for unit in _unit_matches(case, hit, on, demote):
            group = aside if unit.band == NONE else units
            if unit.unit_id not in group or _rank(unit) < _rank(group[unit.unit_id]):
                group[unit.unit_id] = unit
    best = tuple(sorted(units.values(), key=_rank))
    rest = tuple(unit for unit in aside.values() if unit.unit_id not in units)
    band = best[0].band if best else REVIEW if kinds else NONE
    return MatchResult(band, best, tuple(reasons), kinds, rest)


def _unit_matches(case: Case, hit: Hit, on: date | None, demote: bool) -> list[UnitMatch]:
    reading = case.reading
    start, end = reading.span(hit.first, hit.last)
    band = hit.band
    if band == MATCH and (demote or len(hit.unit_ids) > 1):
        band = REVIEW
    found = []
    for unit_id in hit.unit_ids:
        unit = case.registry.units[unit_id]
        aliases = [alias for alias in hit.aliases if alias.unit_id == unit_id]
        if aliases and all(alias.valid.excludes(on) for alias in aliases):
            hit.reasons.append(f"'{aliases[0].alias}' was not in use for {unit_id} on {on}")
        found.append(
            UnitMatch(
                unit_id=unit_id,
                band=band,
                span=(start, end),
                matched_text=reading.text[start:end],
                alias=hit.alias,
                rule=hit.rule + ("+typo" if hit.typo else ""),
                score=hit.score if band == MATCH else min(hit.score, 79),
                rivals=tuple(other for other in hit.unit_ids if other != unit_id),
                out_of_time=unit.active.excludes(on),
                role=reading.words[hit.first].role,
            )
        )
    return found

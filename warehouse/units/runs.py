"""Runs: words of one kind of body that stand together, with the places among or beside them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from warehouse.units.content_words import HARD, NONE, SOFT
from warehouse.units.lexicon import MEXICO_WORDS, Lexicon
from warehouse.units.normalise import roman_value
from warehouse.units.reading import Reading, Stretch

# The concepts of words.csv that a civil body's name is made of.
_BODY: Final = frozenset({"SEC", "DIR", "COM", "POL", "FIS", "GOB", "GEN", "OFI", "EST", "MUN"})
_TASK: Final = frozenset({"SEG", "PUB", "CIU", "PROT", "CIV", "PAZ", "TRA", "PREV", "JUS", "INV"})
CIVIL: Final = _BODY | _TASK
_HEADS: Final = frozenset({"SEC", "COM", "POL", "FIS", "DIR", "GOB"})
_COUNCILS: Final = frozenset({"ayuntamiento", "alcaldia", "municipio", "municipality", "presidencia"})


@dataclass(slots=True)
class Run:
    """Consecutive words of one kind of body with the places among or beside them."""

    positions: list[int]
    concepts: set[str]
    acronym: str
    places: list[Stretch] = field(default_factory=list)
    listed: bool = False  # one of several places that share this name
    council: bool = False  # 'Ayuntamiento de Tijuana': the city government itself

    @property
    def has_head(self) -> bool:
        heads = self.concepts & {"POL", "FIS", "SEG", "GOB", "SEC", "COM"}
        agency = {"OFI", "EST", "INV"} <= self.concepts  # 'Agencia Estatal de Investigaciones'
        return bool(heads) or bool(self.acronym) or self.council or agency

    @property
    def is_government(self) -> bool:
        return {"GOB"} <= self.concepts <= {"GOB", "EST"}


def runs_of(reading: Reading, lexicon: Lexicon, taken: set[int]) -> list[list[Run]]:
    """Groups of runs, places shared out: the runs of one group stand in one segment."""
    groups = _runs(reading, lexicon, taken)
    governments = [run for runs in groups for run in runs if run.is_government and run.places]
    for runs in groups:
        _join_listed_places(reading, runs)
        _share_places(reading, runs)
        if len(governments) == 1:  # 'SSP / Gobierno del Estado de Zacatecas'
            for run in runs:
                run.places = run.places or list(governments[0].places)
    return groups


def one_per_place(reading: Reading, run: Run) -> list[Run]:
    """'Policías municipales de Iguala y Cocula, Guerrero': one name for each place joined by 'and'."""
    groups: list[list[Stretch]] = [[]]
    for stretch in run.places:
        if reading.words[stretch.first].after_and and groups[-1]:
            groups.append([])
        groups[-1].append(stretch)
    if len(groups) == 1:
        return [run]
    return [replace(run, places=places, listed=True) for places in groups]


def is_known(reading: Reading, position: int) -> bool:
    """A word that the lexicon explains: of a kind, a number, Mexico, or part of a place."""
    word = reading.words[position]
    if word.concept or word.is_number or word.word in MEXICO_WORDS:
        return True
    if word.upper and roman_value(word.word) is not None:  # 'XXIII Ayuntamiento de Tijuana'
        return True
    return any(stretch.first <= position < stretch.last for stretch in reading.places)


def _is_city_of(reading: Reading, position: int) -> bool:
    """'City of Hermosillo' is a council as 'Ayuntamiento de Hermosillo' is; 'Mexico City' is a place."""
    words = reading.words
    if words[position].word != "city" or position + 1 == len(words):
        return False
    return reading.text[words[position].end : words[position + 1].start].casefold().strip() == "of"


def _runs(reading: Reading, lexicon: Lexicon, taken: set[int]) -> list[list[Run]]:
    """Groups of runs; the runs of one group stand together and share places."""
    places = {stretch.first: stretch for stretch in reading.places}
    groups: list[list[Run]] = [[]]
    run = Run([], set(), "")
    position, words = 0, reading.words
    while position < len(words):
        word = words[position]
        in_address = word.chunk in reading.address_chunks
        if word.gap >= HARD or in_address:
            run = _close(groups, run, new_group=word.gap >= HARD)
        place = None if in_address else places.get(position)
        if place is not None:
            if word.after_and and run.has_head and run.places:
                run = _close(groups, run, new_group=False)
            run.places.append(place)
            position = place.last
            continue
        slot = lexicon.acronyms.get(word.word, "") if word.upper or word.how else ""
        fits = position not in taken and (word.concept in CIVIL or bool(slot))
        if fits and not in_address:
            if _begins_new(reading, position, run, slot):
                run = _close(groups, run, new_group=False)
            run.positions.append(position)
            # a 'Police Department' is a city's force, not a department of the government
            of_police = word.word == "department" and "POL" in run.concepts
            run.concepts.add("OFI" if of_police else word.concept)
            run.acronym = run.acronym or slot
            run.council = run.council or word.word in _COUNCILS or _is_city_of(reading, position)
        elif word.word not in MEXICO_WORDS and not word.is_number:
            run = _close(groups, run, new_group=False)
        position += 1
    _close(groups, run, new_group=True)
    return [group for group in groups if group]


def _close(groups: list[list[Run]], run: Run, *, new_group: bool) -> Run:
    if run.positions or run.places:
        groups[-1].append(run)
    if new_group and groups[-1]:
        groups.append([])
    return Run([], set(), "")


def _begins_new(reading: Reading, position: int, run: Run, slot: str) -> bool:
    """A new name begins at a second head after a comma or 'and', once the first name is complete."""
    word = reading.words[position]
    if run.has_head and run.places and word.after_and:
        return word.concept in _HEADS or word.concept in ("OFI", "MUN", "EST") or bool(slot)
    if not run.has_head or not (word.concept in _HEADS or slot):
        return False
    if word.gap >= SOFT:
        complete = bool(run.places) and bool(run.concepts & {"POL", "FIS", "SEG"} or run.acronym)
        return complete or bool(slot) or (word.concept in ("POL", "FIS") and "POL" not in run.concepts)
    complete = bool(run.concepts & {"POL", "FIS", "SEG"}) or bool(run.acronym)
    joined = word.after_and and complete and (word.concept in ("POL", "FIS", "SEC") or bool(slot))
    return joined and not (word.concept == "SEC" and "SEC" not in run.concepts)


def _join_listed_places(reading: Reading, runs: list[Run]) -> None:
    """Places after 'and' that begin no name of their own belong to the name before."""
    for before, run in pairwise(runs):
        listed = bool(run.places) and reading.words[run.places[0].first].after_and
        if not run.positions and listed and before.has_head and before.positions:
            before.places += run.places
            run.places = []


def _share_places(reading: Reading, runs: list[Run]) -> None:
    """A name without a place takes the nearest: first the next run's, then the one before."""
    for index, run in enumerate(runs):
        if run.places or not run.positions:
            continue
        for other in (*runs[index + 1 :], *reversed(runs[:index])):
            if other.places and _may_share(reading, run, other):
                run.places = list(other.places)
                break


def _may_share(reading: Reading, run: Run, other: Run) -> bool:
    """A place in another chunk serves when that chunk holds nothing unknown ('Guadalupe Hernández, Policía'
    is a person); in the same chunk only when nothing stands between."""
    words = reading.words
    place = other.places[0]
    if words[place.first].chunk == words[run.positions[0]].chunk:
        low, high = sorted((place.first, run.positions[0]))
        return all(is_known(reading, position) for position in range(low, high))
    after = run.positions[-1] + 1
    name_goes_on = after < len(words) and words[after].gap == NONE and not is_known(reading, after)
    chunk = words[place.first].chunk
    clean = all(is_known(reading, position) for position, word in enumerate(words) if word.chunk == chunk)
    return clean and not name_goes_on

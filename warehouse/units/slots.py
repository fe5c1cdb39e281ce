"""Candidates by kind of body and place or number: 'State Police of Sonora', '27th Infantry Battalion'.

One rule for each kind (slot_rules.csv) instead of one alias for each wording. The words of a kind are
concepts that hold across Spanish and English (words.csv), so the order of words and the language do not
matter; a word that is no part of a kind ends the run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from warehouse.units.content_words import NONE
from warehouse.units.hits import DESTINATION, DOUBTFUL, STRONG, WEAK_PLACE, Hit
from warehouse.units.lexicon import Lexicon, Place
from warehouse.units.reading import Reading, Stretch, given_to
from warehouse.units.runs import Run, is_known, one_per_place, runs_of

_LONG_ACRONYM: Final = 4  # 'PGJE' alone is some state's prosecutor; 'PM' alone is nothing
_UNPLACED_KINDS: Final = frozenset({"state_police", "state_prosecutor", "municipal_police"})
_CITY_LEVEL: Final = frozenset({"municipality", "other_municipality"})
_STATE_KINDS: Final = frozenset({"state", "state_abbreviation", "state_doubtful"})
# Beside 'police' or 'prosecutor' these make another body of it, whatever state follows.
_FORCES: Final = frozenset(
    {"federal", "nacional", "national", "militar", "military", "naval", "republica", "republic"}
)
_TRADES: Final = frozenset({"auxiliar", "auxiliary", "bancaria", "industrial", "fiscal", "aduanas", "fire"})
_CAUSES: Final = frozenset({"electoral", "ambiental", "agraria", "consumidor", "environmental"})
_OTHER_BODY: Final = _FORCES | _TRADES | _CAUSES


@dataclass(frozen=True, slots=True)
class Undisclosed:
    """A kind of end user that is named without saying which body: 'state and municipal police'."""

    kind: str
    first: int
    last: int


def civil_hits(reading: Reading, lexicon: Lexicon, taken: set[int]) -> tuple[list[Hit], list[Undisclosed]]:
    """Bodies of states and municipalities, and mentions of such bodies without a place."""
    hits: list[Hit] = []
    unnamed: list[Undisclosed] = []
    for runs in runs_of(reading, lexicon, taken):
        for run in runs:
            if not run.has_head or not run.positions or _federal_beside(reading, run):
                continue
            for variant in one_per_place(reading, run):
                hit, other = _resolve(reading, lexicon, variant)
                hits += [hit] if hit else []
                unnamed += [other] if other else []
    return hits, unnamed


def _resolve(reading: Reading, lexicon: Lexicon, run: Run) -> tuple[Hit | None, Undisclosed | None]:
    if not run.places:
        return None, _unplaced(reading, run)
    hit, other = _placed(reading, lexicon, run)
    if hit is not None:
        _doubt_unknown_before(reading, hit)
    return hit, other


def _doubt_unknown_before(reading: Reading, hit: Hit) -> None:
    """'Patronato Policía Estatal de Sonora' need not be the police."""
    joined = hit.first > 0 and reading.words[hit.first].gap == NONE and not given_to(reading, hit.first)
    if joined and not is_known(reading, hit.first - 1):
        hit.needs, hit.score = DOUBTFUL, min(hit.score, 70)
        hit.reasons.append("an unknown word stands before the name")


def _federal_beside(reading: Reading, run: Run) -> bool:
    """'Policía Federal', 'Policía Militar', 'Policía Auxiliar' are other bodies, whatever state follows."""
    first, last = run.positions[0], run.positions[-1]
    words = reading.words
    listed = words[first].after_and  # 'federal and state police' are two
    placed = {position for stretch in reading.places for position in range(stretch.first, stretch.last)}

    def is_federal(position: int) -> bool:
        # 'Federal District' is a place
        return position not in placed and words[position].word in _OTHER_BODY

    before = first > 0 and words[first].gap == NONE and is_federal(first - 1) and not listed
    after = last + 1 < len(words) and words[last + 1].gap == NONE and is_federal(last + 1)
    return before or after


def _placed(reading: Reading, lexicon: Lexicon, run: Run) -> tuple[Hit | None, Undisclosed | None]:
    municipal = "MUN" in run.concepts or run.acronym == "municipal_police"
    nearest = _nearest_place(run, run.places)
    cities_named = [stretch for stretch in run.places if _cities(stretch)]
    if cities_named and (municipal or _is_city_of_state(run, nearest, cities_named)):
        nearest = _nearest_place(run, cities_named)
    readings = nearest.places
    states = [place for place in readings if place.kind in _STATE_KINDS]
    cities = _cities(nearest)
    context = frozenset(
        place.state_iso for stretch in run.places if stretch is not nearest for place in stretch.places
    )
    if _is_address_style(reading, run, nearest, cities):
        return _state_hit(reading, lexicon, run, _states_of(run), municipal_too=False)
    if municipal or (cities and not states and "FIS" not in run.concepts):
        return _municipal_hit(reading, lexicon, run, nearest, cities, context)
    if not states:
        return _prosecutor_of_city(reading, lexicon, run, cities)
    shared = any(place.kind in ("municipality", "state_capital") for place in readings)
    return _state_hit(reading, lexicon, run, states, municipal_too=shared)


def _prosecutor_of_city(
    reading: Reading, lexicon: Lexicon, run: Run, cities: list[Place]
) -> tuple[Hit | None, Undisclosed | None]:
    """'Fiscalía Regional Guadalajara': prosecutors are the state's, so an office in a city is for review."""
    states = _states_of(run) or [Place("state", city.state_iso, city.state_iso, False) for city in cities]
    if "FIS" not in run.concepts or len({state.key for state in states}) != 1:
        return None, None
    hit, unnamed = _state_hit(reading, lexicon, run, states, municipal_too=False)
    if hit is not None:
        hit.needs, hit.score = DOUBTFUL, min(hit.score, 70)
        hit.reasons.append("only a city of the state is named with the prosecutor")
    return hit, unnamed


def _cities(stretch: Stretch) -> list[Place]:
    return [place for place in stretch.places if place.kind in _CITY_LEVEL]


def _is_city_of_state(run: Run, nearest: Stretch, cities_named: list[Stretch]) -> bool:
    """'Nogales, Sonora Police': the city's, when its own state stands between it and the name."""
    if run.concepts & {"EST", "SEC", "COM", "FIS", "PREV"} or run.acronym:
        return False
    states = {place.state_iso for place in nearest.places}
    before = [stretch for stretch in cities_named if stretch.last == nearest.first]
    return nearest.last <= run.positions[0] and any(
        place.state_iso in states for stretch in before for place in _cities(stretch)
    )


def _nearest_place(run: Run, places: list[Stretch]) -> Stretch:
    last = run.positions[-1]
    first = run.positions[0]

    def distance(stretch: Stretch) -> tuple[int, int]:
        inside = first < stretch.first < last
        gap = 0 if inside else stretch.first - last if stretch.first > last else first - stretch.last + 1
        return gap, stretch.first

    return min(places, key=distance)


def _states_of(run: Run) -> list[Place]:
    return [place for stretch in run.places for place in stretch.places if place.kind in _STATE_KINDS]


def _is_address_style(reading: Reading, run: Run, nearest: Stretch, cities: list[Place]) -> bool:
    """'Secretaría de Seguridad Pública, Hermosillo, Sonora': the city after a comma is where the state
    body sits; 'Secretaría de Seguridad Pública de Tijuana' is the city's own."""
    state_body = bool(run.concepts & {"SEC", "COM", "EST"}) or run.acronym.startswith("state_")
    apart = reading.words[nearest.first].gap != NONE and nearest.first > run.positions[-1]
    later_state = bool(_states_of(run))
    only_city = bool(cities) and not any(place.kind in _STATE_KINDS for place in nearest.places)
    return state_body and "MUN" not in run.concepts and only_city and later_state and apart


def _bounds(run: Run, stretch: Stretch) -> tuple[int, int]:
    """First and last word of the name; the place is part of it when it stands beside the name. Of several
    places that share a name, each that stands apart from it is shown by itself."""
    first, last = run.positions[0], run.positions[-1] + 1
    if stretch.first <= last and stretch.last >= first:
        return min(first, stretch.first), max(last, stretch.last)
    return (stretch.first, stretch.last) if run.listed else (first, last)


def _state_hit(
    reading: Reading, lexicon: Lexicon, run: Run, states: list[Place], *, municipal_too: bool
) -> tuple[Hit | None, Undisclosed | None]:
    slot = _slot_of(lexicon, run, "state")
    if not slot or not states:
        return None, None
    place = states[0]
    target = "state_secretariat" if slot == "state_government" else slot
    unit_id = lexicon.slots.get((target, "", place.key))
    if unit_id is None:
        return None, None
    nearest = _nearest_place(run, run.places)
    first, last = _bounds(run, nearest)
    needs = STRONG
    reasons: list[str] = []
    if slot == "state_government":
        needs = DOUBTFUL
        reasons.append("only the state government is named; the force that would use the arms is not")
    elif nearest.kind == "place:typo":
        needs = DOUBTFUL
        reasons.append("the place is read through a typing error")
    elif place.kind == "state_doubtful" and not _state_again(run, nearest, place):
        needs = DOUBTFUL
        reasons.append("'Mexico State' may be read as Mexico + State")
    elif municipal_too and _is_form_of_cities(run):
        needs = DOUBTFUL
        reasons.append("the state and its capital share the name, and cities have such offices")
    elif municipal_too and slot == "state_police" and not run.concepts & {"EST", "PREV"} and not run.acronym:
        needs = DOUBTFUL
        reasons.append("the state and its capital share the name")
    score = 94 if needs == STRONG else 70
    hit = Hit(
        first, last, (unit_id,), _kind_text(reading, first, last), f"kind+state:{slot}", needs, score, False
    )
    hit.reasons, hit.states = reasons, frozenset({place.state_iso})
    return hit, None


def _is_form_of_cities(run: Run) -> bool:
    """'Comisaría de Seguridad Pública', 'Policía Preventiva y Tránsito', nothing of the state."""
    concepts = run.concepts
    return bool(concepts & {"DIR", "TRA"}) and not (concepts & {"SEC", "EST", "COM", "FIS"} or run.acronym)


def _state_again(run: Run, nearest: Stretch, place: Place) -> bool:
    """'Mexico State Police, Toluca': another place of the text lies in that state."""
    others = (stretch for stretch in run.places if stretch is not nearest)
    return any(other.state_iso == place.state_iso for stretch in others for other in stretch.places)


def _municipal_hit(
    reading: Reading,
    lexicon: Lexicon,
    run: Run,
    nearest: Stretch,
    cities: list[Place],
    context: frozenset[str],
) -> tuple[Hit | None, Undisclosed | None]:
    first, last = _bounds(run, nearest)
    slot = _slot_of(lexicon, run, "municipal")
    if not slot:
        return None, None
    here = [place for place in cities if not context or place.state_iso in context] or cities
    known = tuple(dict.fromkeys(place.key for place in here if place.key))
    unit_ids = tuple(
        lexicon.slots[("municipal_police", "", key)]
        for key in known
        if ("municipal_police", "", key) in lexicon.slots
    )
    if not unit_ids:
        return None, Undisclosed("municipal_police", first, last)
    needs, reasons = STRONG, []
    agrees = not context or any(place.state_iso in context for place in cities)
    if slot == "municipal_government":
        needs, reasons = DOUBTFUL, ["only the municipal government is named"]
    elif len(unit_ids) > 1:
        needs, reasons = DOUBTFUL, ["several municipalities bear this name and no state is given"]
    elif nearest.kind == "place:typo":
        needs, reasons = DOUBTFUL, ["the place is read through a typing error"]
    elif not agrees:
        needs, reasons = DOUBTFUL, ["the state named is not the municipality's"]
    elif "EST" in run.concepts and "MUN" not in run.concepts:
        needs, reasons = DOUBTFUL, ["a city is called a state"]
    elif any(place.shared_abroad for place in here) and not context:
        needs = DESTINATION
    score = 93 if needs != DOUBTFUL else 70
    text = _kind_text(reading, first, last)
    hit = Hit(first, last, unit_ids, text, f"kind+place:{slot}", needs, score, False, reasons=reasons)
    hit.states = frozenset(place.state_iso for place in here)
    return hit, None


def _kind_text(reading: Reading, first: int, last: int) -> str:
    return " ".join(word.word for word in reading.words[first:last])


def _slot_of(lexicon: Lexicon, run: Run, level: str) -> str:
    concepts = run.concepts
    if run.acronym and level == "state" and run.acronym.startswith("state_"):
        return run.acronym
    if run.acronym and level == "municipal" and run.acronym in ("municipal_police", "state_secretariat"):
        return "municipal_police"
    for rule in lexicon.rules:
        needed, any_of = set(rule["all_of"].split()), set(rule["any_of"].split())
        excluded = bool(concepts & set(rule["none_of"].split()))
        if (
            rule["level"] == level
            and needed <= concepts
            and (not any_of or any_of & concepts)
            and not excluded
        ):
            return rule["slot"]
    return ""


def _unplaced(reading: Reading, run: Run) -> Undisclosed | None:
    first, last = run.positions[0], run.positions[-1] + 1
    concepts = run.concepts
    police = "POL" in concepts or ("SEG" in concepts and bool(concepts & {"TRA", "PUB", "SEC", "DIR"}))
    if run.acronym and last - first == 1 and len(reading.words[first].word) >= _LONG_ACRONYM:
        kind = {"state_secretariat": "state_police"}.get(run.acronym, run.acronym)
        return Undisclosed(kind, first, last) if kind in _UNPLACED_KINDS else None
    if "MUN" in concepts and police:
        return Undisclosed("municipal_police", first, last)
    if "EST" in concepts and police:
        return Undisclosed("state_police", first, last)
    if {"SEC", "SEG"} <= concepts and concepts & {"CIU", "PUB", "PROT"}:
        return Undisclosed("state_police", first, last)  # some state's or city's secretariat of security
    if "EST" in concepts and "FIS" in concepts:
        return Undisclosed("state_prosecutor", first, last)
    return None


__all__ = ["WEAK_PLACE", "Undisclosed", "civil_hits"]

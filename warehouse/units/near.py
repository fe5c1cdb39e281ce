"""The last resort: a text that names nothing, but is one or two letters away from a name of the registry.

Words are corrected one by one in spelling.py; that fails where a slip joins or parts words ('dela Defensa'),
hits a short word ('Mexican Nvay') or leaves two corrections equally near. Here a whole part of the text is
compared with whole names, letters only. What is found is for review, never a match.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from warehouse.units.hits import DOUBTFUL, WEAK_PARENT, Hit
from warehouse.units.lexicon import MEXICO_WORDS, Lexicon
from warehouse.units.normalise import normalise
from warehouse.units.reading import Reading
from warehouse.units.registry import Registry

MIN_LETTERS: Final = 9
MAX_LETTERS: Final = 70
_TWO_SLIPS: Final = 15  # names of so many letters may have two slips
_SCORE: Final = 50
_END: Final = 3
_WORDINGS: Final = {
    "state_secretariat": (
        "Secretaría de Seguridad Pública de {}",
        "Secretaría de Seguridad Pública del Estado de {}",
        "Secretaría de Seguridad Ciudadana de {}",
        "Secretaría de Seguridad de {}",
        "Secretariat of Public Security of {}",
        "Secretary of Public Security of {}",
        "{} Secretariat of Public Security",
        "{} State Secretariat of Public Security",
        "{} Public Security Secretariat",
    ),
    "state_police": (
        "Policía Estatal de {}",
        "Policía Estatal Preventiva de {}",
        "{} State Police",
        "{} State Preventive Police",
        "State Police of {}",
        "Police of the State of {}",
    ),
    "state_prosecutor": (
        "Fiscalía General del Estado de {}",
        "Fiscalía General de Justicia del Estado de {}",
        "Procuraduría General de Justicia del Estado de {}",
        "Procuraduría General de Justicia de {}",
        "Attorney General of {}",
        "{} Attorney General",
        "{} State Attorney General's Office",
        "Office of the Attorney General of the State of {}",
    ),
    "municipal_police": (
        "Policía Municipal de {}",
        "Municipal Police of {}",
        "{} Municipal Police",
        "Dirección de Seguridad Pública de {}",
    ),
}


class NearNames:
    """Names by their number of letters, so that a text is compared with a few dozen of them."""

    def __init__(self, lexicon: Lexicon, registry: Registry) -> None:
        self._lexicon = lexicon
        self._by_length: dict[int, list[tuple[str, tuple[str, ...], str, str]]] = {}
        # a part's name without its body ('Special Operations Unit') is no name to be near to
        named = [alias for alias in registry.aliases if alias.needs != WEAK_PARENT]
        names = [(alias.alias, alias.unit_id) for alias in named]
        for name, unit_id in dict.fromkeys((*names, *_kinds_with_places(registry))):
            words = tuple(normalise(name).split())
            letters = "".join(words)
            if MIN_LETTERS <= len(letters) <= MAX_LETTERS:
                self._by_length.setdefault(len(letters), []).append((letters, words, name, unit_id))

    def hits(self, reading: Reading, covered: set[int]) -> list[Hit]:
        """A hit for each part between commas, slashes and brackets that is nearly a name; parts of addresses
        and parts with a word in `covered` are left out. Nothing where a foreign place or another body stands
        in the text."""
        if reading.foreign or reading.others:
            return []
        found = []
        for first, last in _parts(reading):
            if not covered.isdisjoint(range(first, last)) or self._is_plain(reading, first, last):
                continue
            start, end = reading.span(first, last)
            near = self._nearest(tuple(normalise(reading.text[start:end]).split()))
            if near:
                unit_ids = tuple(dict.fromkeys(unit_id for _, unit_id in near))
                hit = Hit(first, last, unit_ids, near[0][0], "near", DOUBTFUL, _SCORE, False, typo=True)
                hit.reasons.append("only nearly the name: letters differ")
                found.append(hit)
        return found

    def _is_plain(self, reading: Reading, first: int, last: int) -> bool:
        """A place alone, or Mexico, is no slip of anything."""
        places = {p for stretch in reading.places for p in range(stretch.first, stretch.last)}
        return all(p in places or p in reading.mexico for p in range(first, last))

    def _nearest(self, words: tuple[str, ...]) -> list[tuple[str, str]]:
        from rapidfuzz.distance import OSA  # imported late: the command line must start fast

        letters = "".join(words)
        if not MIN_LETTERS <= len(letters) <= MAX_LETTERS:
            return []
        slips = 2 if len(letters) >= _TWO_SLIPS else 1
        best: list[tuple[str, str]] = []
        for length in range(len(letters) - slips, len(letters) + slips + 1):
            for name, name_words, printed, unit_id in self._by_length.get(length, ()):
                if name[0] != letters[0] and name[-_END:] != letters[-_END:]:
                    continue
                distance = OSA.distance(letters, name, score_cutoff=slips)
                if distance > slips or not self._is_slip(words, name_words):
                    continue
                if distance < slips:
                    slips, best = distance, []
                best.append((printed, unit_id))
        return best

    def _is_slip(self, words: tuple[str, ...], name: tuple[str, ...]) -> bool:
        """Numbers agree, and no known word stands for another one: 'Mexicali' is no misprint of 'México'."""
        if [word for word in words if word.isdigit()] != [word for word in name if word.isdigit()]:
            return False
        if len(words) != len(name):
            return True
        pairs = zip(words, name, strict=True)
        return not any(mine != its and self._lexicon.corrector.is_known(mine) for mine, its in pairs)


def _kinds_with_places(registry: Registry) -> Iterator[tuple[str, str]]:
    """The usual wordings of state and municipal bodies, which the registry lists only in part."""
    places: dict[str, list[str]] = {}
    for row in registry.word_lists["places.csv"]:
        if row["kind"] in ("state", "municipality"):
            places.setdefault(row["place"], []).append(row["name"])
    for slot in registry.slots:
        for place in places.get(slot.place, ()):
            for wording in _WORDINGS.get(slot.slot, ()):
                yield wording.format(place), slot.unit_id


def _parts(reading: Reading) -> Iterator[tuple[int, int]]:
    """First and last word of each part of the text; a part that ends in 'Mexico' also without it."""
    words = reading.words
    first = 0
    for position in range(1, len(words) + 1):
        if position < len(words) and words[position].chunk == words[first].chunk:
            continue
        if words[first].chunk not in reading.address_chunks:
            yield first, position
            if position - first > 1 and words[position - 1].word in MEXICO_WORDS:
                yield first, position - 1
        first = position

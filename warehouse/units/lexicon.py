"""The registry's names and word lists, compiled once for fast look-up by the matcher."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from warehouse.units.normalise import normalise
from warehouse.units.phrases import PhraseIndex
from warehouse.units.records import Alias
from warehouse.units.registry import Registry
from warehouse.units.spelling import Corrector
from warehouse.units.tongues import Tongues

# English words for the head of a ministry, used at will by translators: one alias stands for all three.
HEADS: Final = ("secretariat", "ministry", "secretary")
_OFFICE_HEADS: Final = ("directorate", "direction")
MEXICO_WORDS: Final = frozenset(
    ["mexico", "mexican", "mexicana", "mexicano", "mexicanas", "mexicanos", "mexicans", "mx", "mex"]
)
_MEXICO_FIRST: Final = ("mexican", "mexico", "mx", "mex")
_SHORT_CODE: Final = 4
_OWN_NAME: Final = 2


@dataclass(frozen=True, slots=True)
class Place:
    """A reading of a Mexican place name. key: MX-GRO for a state, a unit_id for a municipality of the
    registry, '' for one outside it."""

    kind: str
    key: str
    state_iso: str
    shared_abroad: bool


class Lexicon:
    """Everything the matcher looks up, from one Registry. Building takes a few hundredths of a second."""

    def __init__(self, registry: Registry) -> None:
        lists = registry.word_lists
        self.spelling: dict[str, str] = {}
        self.concept: dict[str, str] = {}
        for row in lists["words.csv"]:
            if row["spelling"]:
                self.spelling[row["word"]] = row["spelling"]
            self.concept[row["word"]] = row["concept"]
        for word, spelling in self.spelling.items():
            self.concept[word] = self.concept.get(spelling, "") or self.concept[word]
        self._own_states = self._states_of_units(registry, lists["places.csv"])
        self._entries = self._alias_entries(registry.aliases)
        self.aliases = PhraseIndex(self._entries)
        self.places = PhraseIndex(self._place_entries(lists["places.csv"]))
        self.foreign = PhraseIndex(self._named(lists["foreign_places.csv"], "name", "kind"))
        self.others = PhraseIndex(self._named(lists["other_bodies.csv"], "name", "kind"))
        self.generics = PhraseIndex(self._named(lists["generic_end_users.csv"], "phrase", "kind"))
        # Role phrases keep their stop words: 'for account of' would otherwise be 'account'.
        self.roles = PhraseIndex(
            (tuple(normalise(row["phrase"]).split()), row["role"], False) for row in lists["role_phrases.csv"]
        )
        self.federal = PhraseIndex(self._named(lists["federal_marks.csv"], "phrase", "note"))
        self.tongues = Tongues(lists["translations.csv"], MEXICO_WORDS)
        self.ordinals = {row["word"]: int(row["value"]) for row in lists["ordinals.csv"]}
        self.address = frozenset(row["word"] for row in lists["address_words.csv"])
        self.acronyms = {normalise(row["acronym"]): row["slot"] for row in lists["acronym_slots.csv"]}
        self.rules = lists["slot_rules.csv"]
        self.slots = {(slot.slot, slot.number, slot.place): slot.unit_id for slot in registry.slots}
        self.slot_units = frozenset(self.slots.values())
        self.corrector = self._corrector()

    def _corrector(self) -> Corrector:
        # Abbreviations and listed misspellings are known words, but no word is corrected to them.
        targets = {word for word in self.concept if len(word) > 3}
        names = (self.aliases.vocabulary() | self.generics.vocabulary() | targets) - set(self.spelling)
        places = self.places.vocabulary()
        foreign = self.foreign.singles()
        others = self.foreign.vocabulary() | self.others.vocabulary() | set(self.ordinals) | self.address
        acronyms = {
            words[0]
            for words, alias, _ in self._entries
            if len(words) == 1 and alias.alias.isupper() and alias.strength == "strong"
        }
        return Corrector(
            names=names,
            places=places,
            foreign=foreign,
            known=others | set(self.concept),
            acronyms=acronyms,
            concepts=self.concept,
        )

    def content(self, text: str) -> tuple[str, ...]:
        """A name as the matcher compares it: folded, abbreviations written out, stop words left out."""
        words = (self.spelling.get(word, word) for word in normalise(text).split())
        return tuple(word for word in words if self.concept.get(word) != "STOP")

    def _alias_entries(self, aliases: Iterable[Alias]) -> list[tuple[tuple[str, ...], Alias, bool]]:
        entries = [(self.content(alias.alias), alias, _is_code(alias.alias)) for alias in aliases]
        claimed = {words for words, _, _ in entries}
        variants: dict[tuple[tuple[str, ...], str], tuple[tuple[str, ...], Alias, bool]] = {}
        for words, alias, upper in entries:
            for variant in (*_head_variants(words), *_mexico_variants(words)):
                if variant not in claimed:
                    variants.setdefault((variant, alias.unit_id), (variant, alias, upper))
            placeless = self._without_state(words, alias)
            if placeless and placeless not in claimed:
                weak = replace(alias, strength="weak", needs="place")
                variants.setdefault((placeless, alias.unit_id), (placeless, weak, upper))
        return entries + list(variants.values())

    def _without_state(self, words: tuple[str, ...], alias: Alias) -> tuple[str, ...]:
        """'Fuerza Estatal de Seguridad Ciudadana (de Baja California)': a name of its own counts without
        its state once the text gives the state elsewhere. Names made of the words of a kind alone ('Policía
        Estatal') are left to kind + place."""
        if alias.unit_id not in self._own_states or alias.strength != "strong":
            return ()
        for name in self._own_states[alias.unit_id]:
            if len(words) - len(name) >= _OWN_NAME and words[-len(name) :] == name:
                rest = words[: -len(name)]
                return rest if any(not self.concept.get(word) for word in rest) else ()
        return ()

    def _states_of_units(
        self, registry: Registry, rows: Iterable[Mapping[str, str]]
    ) -> dict[str, list[tuple[str, ...]]]:
        """The names of each state body's state, longest first."""
        names: dict[str, list[tuple[str, ...]]] = {}
        for row in rows:
            if row["kind"] in ("state", "state_abbreviation"):
                names.setdefault(row["state_iso"], []).append(self.content(row["name"]))
        for known in names.values():
            known.sort(key=lambda name: -len(name))
        units = (unit for unit in registry.units.values() if unit.level == "state")
        return {unit.unit_id: names.get(unit.state_iso, []) for unit in units}

    def _place_entries(
        self, rows: Iterable[Mapping[str, str]]
    ) -> Iterator[tuple[tuple[str, ...], Place, bool]]:
        for row in rows:
            place = Place(row["kind"], row["place"], row["state_iso"], row["shared_abroad"] == "true")
            yield self.content(row["name"]), place, False

    def _named(
        self, rows: Iterable[Mapping[str, str]], name: str, kind: str
    ) -> Iterator[tuple[tuple[str, ...], str, bool]]:
        for row in rows:
            yield self.content(row[name]), row[kind], _is_code(row[name])


def _is_code(name: str) -> bool:
    """A short code printed in capitals counts only in capitals."""
    letters = [char for char in name if char.isalpha()]
    return " " not in name.strip() and 0 < len(letters) <= _SHORT_CODE and all(c.isupper() for c in letters)


def _mexico_variants(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """'Mexican Army', 'Mexico Army', 'MX Army' and 'Mex Army' are one name."""
    if len(words) > 1 and words[0] in _MEXICO_FIRST:
        for word in _MEXICO_FIRST:
            for variant in ((word, *words[1:]), *_head_variants((word, *words[1:]))):
                if variant != words:
                    yield variant


def _head_variants(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The same name with each of the English heads: Ministry, Secretariat, Secretary."""
    for position, word in enumerate(words):
        heads = next((heads for heads in (HEADS, _OFFICE_HEADS) if word in heads), ())
        if heads:
            for head in heads:
                if head != word:
                    yield (*words[:position], head, *words[position + 1 :])
            return

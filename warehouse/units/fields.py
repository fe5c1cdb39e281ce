"""The columns and closed vocabularies of the registry's CSV files, in one place.

Source: docs/units.md sections 3, 4 and 7. A word that is not listed here is a Problem of that row, so
a new category or status is added here first and then used in a file.
"""

from __future__ import annotations

from typing import Final

UNITS: Final = [
    "unit_id",
    "name_es",
    "name_en",
    "level",
    "branch",
    "state_iso",
    "active_from",
    "active_to",
    "may_carry_flag",
    "intermediary",
    "source_url",
    "from_memory",
    "notes",
]
ALIASES: Final = ["unit_id", "alias", "strength", "needs", "valid_from", "valid_to", "citation", "note"]
RELATIONS: Final = ["unit_id", "relation", "other_unit_id", "valid_from", "valid_to", "kind", "citation"]
FINDINGS: Final = [
    "finding_id",
    "unit_id",
    "category",
    "event",
    "event_date",
    "finding_date",
    "place",
    "body",
    "canonical_number",
    "status",
    "confidence",
    "attribution",
    "source_url",
    "source_title",
    "retrieved_on",
    "right_of_reply",
    "reviewer",
    "recheck_on",
    "from_memory",
    "notes",
]
DECISIONS: Final = ["text", "country", "decision", "unit_ids", "reviewer", "decided_on", "note"]
SLOTS: Final = ["unit_id", "slot", "number", "place"]

COLUMNS: Final[dict[str, list[str]]] = {
    "units.csv": UNITS,
    "unit_aliases.csv": ALIASES,
    "unit_relations.csv": RELATIONS,
    "unit_findings.csv": FINDINGS,
    "review_decisions.csv": DECISIONS,
    "unit_slots.csv": SLOTS,
}

LEVELS: Final = frozenset({"federal", "state", "municipal"})
BRANCHES: Final = frozenset(
    [
        "army",
        "air_force",
        "navy",
        "national_guard",
        "federal_police",
        "state_police",
        "municipal_police",
        "prosecutor",
        "prison",
        "intelligence",
        "customs",
        "procurement",
        "private_security",
        "ministry",
    ]
)
STRENGTHS: Final = frozenset({"strong", "weak"})
# What an alias lacks before it counts as a match. strong: '' stands alone, 'destination' stands alone
# only on a record to Mexico. weak: 'mexico' the text must say Mexico or name a related unit, 'place'
# the text must name the state or municipality, 'parent' a related unit; without one its words name nothing.
# 'doubtful' is for review whatever stands beside it.
NEEDS: Final[dict[str, frozenset[str]]] = {
    "strong": frozenset({"", "destination"}),
    "weak": frozenset({"mexico", "place", "parent", "doubtful"}),
}
RELATION_NAMES: Final = frozenset({"parent", "successor"})
KINDS: Final[dict[str, frozenset[str]]] = {
    "parent": frozenset({"command", "collective_licence"}),
    "successor": frozenset({"succession"}),
}
CATEGORIES: Final = frozenset(
    [
        "enforced_disappearance",
        "collusion_organized_crime",
        "torture",
        "extrajudicial_execution",
        "excessive_force",
        "arbitrary_detention",
        "diversion_end_use_breach",
        "death_in_custody",
    ]
)
STATUSES: Final = frozenset(
    [
        "conviction",
        "judgment_state_responsibility",
        "finding",
        "state_acknowledged",
        "charged",
        "charges_withdrawn",
        "under_investigation",
        "allegation",
    ]
)
CONFIDENCES: Final = frozenset({"judicial", "official_body", "ngo_report", "press"})
ATTRIBUTIONS: Final = frozenset({"unit", "institution", "commander", "chain_of_command"})
DECISION_NAMES: Final = frozenset({"match", "none"})
BOOLEANS: Final = frozenset({"true", "false"})

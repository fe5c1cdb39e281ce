"""What the matcher answers: units with band, span, alias, rule and score, and the reasons for doubt."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Any, Final

MATCH: Final = "match"
REVIEW: Final = "review"
NONE: Final = "none"
BANDS: Final = (MATCH, REVIEW, NONE)


@dataclass(frozen=True, slots=True)
class UnitMatch:
    """One unit read from the text.

    span is (start, end) in the original text and matched_text == text[start:end]. score is 0-100 and orders
    candidates; it is no probability. rivals are other unit_ids that the same words could mean.
    out_of_time is True when the unit for certain did not exist on the day asked for. role is consignee,
    intermediary, end_user, or '' where the text does not say.
    """

    unit_id: str
    band: str
    span: tuple[int, int]
    matched_text: str
    alias: str
    rule: str
    score: int
    rivals: tuple[str, ...] = ()
    out_of_time: bool = False
    role: str = ""


@dataclass(frozen=True, slots=True)
class MatchResult:
    """The answer for one text.

    units: best first, of bands match and review. undisclosed: kinds of end user that are named without a
    unit (government, state_police, municipal_police ...). set_aside: candidates that contrary evidence
    ruled out, with band none, so that nothing is dropped silently. reasons: why a candidate was demoted.
    """

    band: str
    units: tuple[UnitMatch, ...] = ()
    reasons: tuple[str, ...] = ()
    undisclosed: tuple[str, ...] = ()
    set_aside: tuple[UnitMatch, ...] = ()

    def unit_ids(self, band: str | None = None) -> tuple[str, ...]:
        """unit_ids in order, all of them or those of one band."""
        return tuple(unit.unit_id for unit in self.units if band in (None, unit.band))

    def to_json(self) -> str:
        """One line of JSON; from_json gives an equal result back."""
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> MatchResult:
        """The result that to_json wrote. Raises KeyError or TypeError when the text is of another shape."""
        cells: dict[str, Any] = json.loads(text)
        return cls(
            band=cells["band"],
            units=tuple(_unit(unit) for unit in cells["units"]),
            reasons=tuple(cells["reasons"]),
            undisclosed=tuple(cells["undisclosed"]),
            set_aside=tuple(_unit(unit) for unit in cells["set_aside"]),
        )


def _unit(cells: dict[str, Any]) -> UnitMatch:
    start, end = cells["span"]
    return UnitMatch(**{**cells, "span": (start, end), "rivals": tuple(cells["rivals"])})

"""A flag's card as text for a terminal: short headed sections, every word of a report as printed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flows.alerts.wording import Wording, money, number, plain, when
from flows.flag_card import timing_told

_MOST_RELATIVES = 12
_SECTIONS = (
    "_flag", "_licence", "_parties", "_end_user", "_unit", "_findings", "_relatives", "_training",
    "_questions", "_decisions",
)  # fmt: skip


class FlagPage:
    """``lines()`` gives the whole page."""

    def __init__(self, card: dict[str, Any]) -> None:
        self.card = card
        self.w = Wording("en")

    def lines(self) -> Iterator[str]:
        """All sections in order, an empty line between two."""
        for name in _SECTIONS:
            section = list(getattr(self, name)())
            if section and name != _SECTIONS[0]:
                yield ""
            yield from section

    # -- sections ----------------------------------------------------------------------------------

    def _flag(self) -> Iterator[str]:
        c = self.card
        yield f"{c['severity'].upper()}  {plain(c['rule_title'])}  ({c['rule_id']}, {c['status']})"
        yield f"  {plain(c['reason'])}"
        if c["closed_reason"]:
            yield f"  Closed {c['closed_at'] or ''}: {c['closed_reason']}"
        if c["evidence"]:
            yield f"  Cause: {plain(c['evidence'])}"
        yield f"  Flag {c['flag_id']}, first seen {c['first_seen_at']:%Y-%m-%d} by run {c['first_run_id']}"

    def _licence(self) -> Iterator[str]:
        c, w = self.card, self.w
        yield "LICENCE"
        yield from _facts(
            ("number", _printed(c["licence_ref"], c["licence_ref_raw"]) or "no number printed"),
            ("stage", w.term("stage", c["stage"])),
            ("date", when(c["event_date"], c["period_start"], c["period_end"])),
            ("exporter", c["exporter_name"] or "company not named"),
            (
                "from, to",
                " to ".join(
                    w.country(code) or "?" for code in (c["exporter_country"], c["destination_country"])
                ),
            ),
            ("item", c["item_description"] or w.term("weapon_class", c["weapon_class"])),
            ("quantity", self._quantity()),
            ("value", self._value()),
            ("source", f"{c['source_title']} ({c['publisher']})" if c["source_title"] else None),
            ("document", _place(c)),
            ("address", c["document_url"]),
        )
        for sighting in self.card["sightings"]:
            yield f"  seen in   {plain(sighting)}"

    def _quantity(self) -> str:
        c = self.card
        if c["quantity"] is None:
            return "not stated"
        return f"{number(c['quantity'])} {self.w.term('quantity_unit', c['quantity_unit'])}".strip()

    def _value(self) -> str:
        c = self.card
        if c["value"] is None:
            return "not stated"
        least = "at least " if c["value_basis"] == "threshold_minimum" else ""
        basis = self.w.term("value_basis", c["value_basis"] or "unknown")
        return f"{least}{money(c['value'])} {c['currency'] or ''} ({basis})"

    def _parties(self) -> Iterator[str]:
        yield "PARTIES, as printed; recognised words in [brackets]"
        if not self.card["parties"]:
            yield "  none is named"
        for party in self.card["parties"]:
            yield f"  {party['role'].replace('_', ' ')}: {plain(party['marked'])}"
            for unit in party["recognised"]:
                yield f"      {_recognised(unit, party['role'])}"
            for kind in party["undisclosed_kinds"] or []:
                yield f"      names no unit: {kind.replace('_', ' ')}"
            for doubt in party["doubts"] or []:
                yield f"      doubt: {plain(doubt)}"
            for unit_id in party["set_aside_unit_ids"] or []:
                yield f"      set aside by contrary evidence: {unit_id}"

    def _end_user(self) -> Iterator[str]:
        yield f"ULTIMATE END USER: {self.card['end_user_told']}"

    def _unit(self) -> Iterator[str]:
        unit = self.card["unit"]
        if unit is None:
            yield "UNIT: none"
            return
        yield from unit_lines(unit, self.w)
        relation = self.w.term("relation", self.card["relation"])
        yield from _facts(("relation", relation))

    def _findings(self) -> Iterator[str]:
        if self.card["unit"] is not None:
            yield "ON RECORD ABOUT THIS UNIT: who attributes what"
            yield from finding_lines(self.card["findings"])

    def _relatives(self) -> Iterator[str]:
        found = self.card["findings_of_relatives"]
        if not found:
            return
        yield "ON RECORD ABOUT RELATED BODIES, not about the unit named"
        shown = found if self.card["rule_id"] == "relative_with_findings" else found[:_MOST_RELATIVES]
        yield from finding_lines(shown, with_relation=True)
        if len(shown) < len(found):
            yield f"  and {len(found) - len(shown)} more: in out.flag_findings"

    def _training(self) -> Iterator[str]:
        courses = self.card["training"]
        yield (
            "US TRAINING OF THE SAME UNIT"
            if courses
            else "US TRAINING OF THE SAME UNIT: none in the reports loaded"
        )
        for course in courses:
            dates = when(None, course["period_start"], course["period_end"])
            trainees = "" if course["quantity"] is None else f", trainees {number(course['quantity'])}"
            yield f"  {dates or course['year']}: {plain(course['item_description'])}{trainees}"
            printed, document = plain(course["end_user_raw"]), plain(course["document_name"])
            yield f"      as printed: {printed}; {document} page {course['page']}"

    def _questions(self) -> Iterator[str]:
        yield "TO ASK"
        for question in self.card["questions"]:
            yield f"  - {question}"

    def _decisions(self) -> Iterator[str]:
        yield "DECISIONS" if self.card["decisions"] else "DECISIONS: none yet"
        for decision in self.card["decisions"]:
            yield f"  {decision['at']} {plain(decision['by'])}: {plain(decision['note'])}"


def unit_lines(unit: dict[str, Any], w: Wording) -> Iterator[str]:
    """The card of one unit."""
    unverified = "  UNVERIFIED: from memory, no source seen" if unit["is_from_memory"] else ""
    yield f"UNIT  {plain(unit['unit_name'])} ({unit['unit_id']}){unverified}"
    carried = None if unit["may_carry_flag"] else "recognised, but no security unit: carries no flag"
    buys = "buys for others: naming it discloses no end user" if unit["is_intermediary"] else None
    yield from _facts(
        ("English", unit["unit_name_en"]),
        ("also", ", ".join(unit["names"] or [])),
        ("level", f"{unit['level']}, {unit['branch'].replace('_', ' ')}"),
        ("state", w.state(unit["state_iso"]) if unit["state_iso"] else None),
        (
            "existed",
            f"{unit['active_from'] or 'start not known'} to {unit['active_to'] or 'end not known, or still'}",
        ),
        ("parents", "; ".join(unit["parents"] or []) or "none on record"),
        ("before it", ", ".join(unit["predecessors"] or []) or "none on record"),
        ("after it", ", ".join(unit["successors"] or []) or "none on record"),
        ("role", buys),
        ("note", carried),
        ("notes", unit["notes"]),
        ("source", unit["source_url"] or "none"),
    )


def finding_lines(findings: list[dict[str, Any]], *, with_relation: bool = False) -> Iterator[str]:
    """Findings by status, each as a sentence with what stands beside it in lines of the same weight."""
    if not findings:
        yield "  nothing on record"
    for finding in findings:
        relative = f"({finding['relation']}) " if with_relation else ""
        yield f"  * {relative}{finding['status_told']}: {finding['sentence']}"
        for line in finding["beside"]:
            yield f"      {line}"
        if finding["finding_timing"] != "unknown" or finding["event_timing"] != "unknown":
            yield f"      {timing_told(finding)}"
        source = plain(finding["source_url"] or "no source on record")
        yield f"      {finding['confidence'].replace('_', ' ')}: {source}"


def _recognised(unit: dict[str, Any], party_role: str) -> str:
    role = "" if unit["role"] == party_role else f", as {unit['role'].replace('_', ' ')}"
    time = "; did not exist at the date" if unit["is_out_of_time"] else ""
    rivals = f"; could also be {', '.join(unit['rivals'])}" if unit["rivals"] else ""
    name, words, alias = plain(unit["unit_name"]), plain(unit["matched_text"]), plain(unit["alias"])
    return (
        f'{unit["band"]}: {name} ({unit["unit_id"]}){role} by "{words}", alias "{alias}",'
        f" rule {unit['match_rule']}, score {number(unit['score'])}{time}{rivals}"
    )


def _facts(*facts: tuple[str, Any]) -> Iterator[str]:
    for name, value in facts:
        if value:
            yield f"  {name.ljust(9)} {plain(value)}"


def _printed(ref: str | None, raw: str | None) -> str | None:
    return f"{ref} (printed: {raw})" if ref and raw and ref != raw else ref or raw


def _place(card: dict[str, Any]) -> str | None:
    if not card["document_name"]:
        return None
    place = [f"{name} {card[name]}" for name in ("page", "row") if card[name] is not None]
    return ", ".join([card["document_name"], *place, f"sha256 {card['document_sha256']}"])

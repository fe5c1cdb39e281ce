"""All that a person must see to judge a flag: facts, words, unit, findings, training, questions, decisions.

What is collected here is shown in full by ``armswatch show`` on the local warehouse (units.md section 6).
Findings are told as who attributes what; nothing on a card adds findings up to a judgement of a unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flows.alerts.findings import told_finding
from flows.alerts.news import FindingView
from flows.alerts.wording import Wording
from warehouse.sql import sql_beside

if TYPE_CHECKING:
    import duckdb

    from warehouse.flag_memory import Acknowledgement

_sql = sql_beside(__file__, "queries")

END_USER_STATES = {
    "named": "named: one unit",
    "several": "several units are named",
    "intermediary_only": "NOT STATED: only a body that buys for others is named",
    "collective": "NOT STATED: only a collective wording is given",
    "unsure": "not sure: a person must say which unit is meant",
    "other_body": "named, but no security unit of the registry",
    "not_stated": "NOT STATED: the report names no end user",
}
_TIMING = {
    "before": "before this transfer",
    "same_time": "at the time of this transfer",
    "after": "after this transfer",
    "unknown": "at a time that is not recorded",
}
_LISTS_OF_QUESTIONS = (
    "Who signed the end-user certificate, and for which body?",
    "Who records the receipt of each piece by serial number, and who can see that record?",
    "Which undertaking bars a transfer to another force, and which forces or states are excluded?",
    "Which check after shipment was agreed, by whom, and when?",
)


@dataclass(frozen=True, slots=True)
class Desk:
    """Reads what stands around one thing of the published file."""

    connection: duckdb.DuckDBPyConnection

    def rows(self, query: str, *keys: Any) -> list[dict[str, Any]]:
        """Rows of one query of ``flows/queries``, as dicts."""
        answer = self.connection.execute(_sql(query), list(keys))
        columns = [column[0] for column in answer.description or []]
        return [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]

    def parties(self, transfer_id: str) -> list[dict[str, Any]]:
        """Each party with its role, its text with the recognised words marked, and how it was read."""
        return [
            {**party, "marked": marked(party["party_raw"], party["recognised"])}
            for party in self.rows("parties_of_transfer", transfer_id)
        ]

    def unit(self, unit_id: str | None) -> dict[str, Any] | None:
        """The unit's card: names, level, parents, what was before and after it, its dates and source."""
        if unit_id is None:
            return None
        return next(iter(self.rows("unit_card", unit_id)), None)

    def findings(self, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Findings with the sentences that tell them; those from memory say that they are unverified."""
        w = Wording("en")
        told = []
        for row in rows:
            block = told_finding(FindingView.from_row(row), w)
            told.append(
                {**row, "status_told": block.status, "sentence": block.sentence, "beside": list(block.lines)}
            )
        return told


def marked(text: str, recognised: Sequence[dict[str, Any]]) -> str:
    """The text with brackets around each stretch that names a unit; overlapping ones are joined."""
    spans = sorted((r["span_start"], r["span_end"]) for r in recognised if r["span_start"] is not None)
    joined: list[list[int]] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([start, end])
    for start, end in reversed(joined):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


def flag_card(
    connection: duckdb.DuckDBPyConnection, flag: dict[str, Any], notes: Sequence[Acknowledgement]
) -> dict[str, Any]:
    """What ``out.flags`` says of the flag, and all that stands around it, under plain names.

    ``notes`` are the acknowledgements of the state: newer than what was published.
    """
    desk = Desk(connection)
    findings = desk.findings(desk.rows("findings_of_flag", flag["flag_id"]))
    unit = desk.unit(flag["unit_id"])
    return {
        "kind": "flag",
        **flag,
        "end_user_told": END_USER_STATES.get(flag["end_user_state"] or "", "not known"),
        "parties": desk.parties(flag["transfer_id"]),
        "unit": unit,
        "findings": [f for f in findings if f["relation"] == "direct"],
        "findings_of_relatives": [f for f in findings if f["relation"] != "direct"],
        "training": desk.rows("training_of_unit", flag["unit_id"]) if flag["unit_id"] else [],
        "sightings": [
            line for row in desk.rows("sightings_of_transfer", flag["transfer_id"]) for line in row.values()
        ],
        "questions": questions(flag, unit, bool(findings)),
        "decisions": [
            {"at": n.acknowledged_at, "by": n.acknowledged_by, "note": n.acknowledged_note}
            for n in notes
            if n.flag_id == flag["flag_id"]
        ],
    }


def questions(flag: dict[str, Any], unit: dict[str, Any] | None, has_findings: bool) -> list[str]:
    """What to ask the applicant or the licensing authority, as this flag stands."""
    if flag["end_user_state"] in {"named", "several"}:
        first = "Which unit of the end user named will hold the arms, and where?"
    else:
        first = "Which unit is the ultimate end user, and where will the arms be held?"
    asked = [first, *_LISTS_OF_QUESTIONS]
    if flag["rule_id"] == "unit_out_of_time" and unit is not None:
        after = ", ".join(unit["successors"] or []) or "no successor on record"
        asked.append(f"Why is a body named that did not exist at the date by the registry ({after})?")
    if has_findings:
        asked.append(
            "What was done about the findings on record, and with what result; what does the unit reply?"
        )
    return asked


def timing_told(finding: dict[str, Any]) -> str:
    """When event and finding lie, seen from the transfer."""
    event, found = _TIMING[finding["event_timing"]], _TIMING[finding["finding_timing"]]
    return f"The event lies {event}; it was found {found}."

"""How findings are told: always who attributes what, with status and date, and what speaks for the unit.

What else is on record stands in the same size of type below each sentence. An entry without a public source
is counted and not shown; one that was entered from memory says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flows.alerts.news import FindingView
from flows.alerts.wording import Wording, plain, web_address

_MAX_FINDINGS = 12
_STATUS_ORDER = (
    "conviction",
    "judgment_state_responsibility",
    "finding",
    "state_acknowledged",
    "charged",
    "charges_withdrawn",
    "under_investigation",
    "allegation",
)


@dataclass(frozen=True, slots=True)
class FindingBlock:
    """One finding: its status, the sentence, and lines of the same weight below it."""

    status: str
    sentence: str
    lines: list[str]
    url: str | None


def told_findings(
    findings: Sequence[FindingView], flag_id: str, w: Wording
) -> tuple[list[FindingBlock], list[str]]:
    """The findings that have a source, by status, and notes on how many are not shown and why."""
    sourced = sorted((f for f in findings if web_address(f.source_url)), key=_order)
    # Whatever is cut off, a withdrawal of charges is not.
    kept = [f for i, f in enumerate(sourced) if i < _MAX_FINDINGS or f.status == "charges_withdrawn"]
    notes = []
    if len(sourced) > len(kept):
        notes.append(w("finding.more", n=len(sourced) - len(kept), flag_id=flag_id))
    if len(findings) > len(sourced):
        notes.append(w("finding.not_shown", n=len(findings) - len(sourced)))
    return [told_finding(finding, w) for finding in kept], notes


def counted_findings(findings: Sequence[FindingView], flag_id: str, w: Wording) -> str:
    """How many findings of which status, for a unit whose details stay out of mails."""
    return w("finding.municipal", n=len(findings), statuses=statuses_of(findings, w), flag_id=flag_id)


def statuses_of(findings: Sequence[FindingView], w: Wording) -> str:
    """``finding 2; charges withdrawn 1``, in the order of the statuses."""
    counts = Counter(w.term("status", finding.status).lower() for finding in sorted(findings, key=_order))
    return "; ".join(f"{status} {n}" for status, n in counts.items())


def told_finding(finding: FindingView, w: Wording) -> FindingBlock:
    """One finding, whatever its source, as who attributes what; one from memory says so."""
    unit = plain(finding.unit_name)  # whom it is about, which is not always the unit that the report names
    whom_key = f"whom.{finding.attribution}"
    whom = w(whom_key, unit=unit) if w.has(whom_key) else f"{unit} ({plain(finding.attribution)})"
    status = w.term("status", finding.status)
    key = f"finding.{finding.status}" if w.has(f"status.{finding.status}") else "finding.other"
    category = w.term("category", finding.category)
    sentence = w(key, body=_body(finding), category=category, whom=whom, status=status)
    unknown = w("finding.no_date")
    event_date, finding_date = finding.finding_event_date or unknown, finding.finding_date or unknown
    lines = [
        w("finding.dates", event_date=plain(event_date), finding_date=plain(finding_date)),
        w("finding.note", note=plain(finding.notes)) if finding.notes else w("finding.no_note"),
    ]
    if finding.event:
        lines.insert(0, w("finding.subject", event=plain(finding.event)))
    if finding.is_from_memory:
        lines.insert(0, w("finding.unverified"))
    return FindingBlock(status, sentence, lines, web_address(finding.source_url))


def _body(finding: FindingView) -> str:
    """The body with the number of its recommendation or case, where the number is not in its name already."""
    body, canonical = plain(finding.body), plain(finding.canonical_number or "")
    return body if not canonical or canonical in body else f"{body} {canonical}"


def _order(finding: FindingView) -> tuple[int, str, str]:
    status = finding.status
    rank = _STATUS_ORDER.index(status) if status in _STATUS_ORDER else len(_STATUS_ORDER)
    return (rank, finding.finding_event_date or "", finding.finding_id)

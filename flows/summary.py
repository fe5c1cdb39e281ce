"""What a run says on the terminal and in the log: plain lines, one thing each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.ingest import SourceOutcome

if TYPE_CHECKING:
    from flows.run import Night


def source_line(outcome: SourceOutcome) -> str:
    """What one source brought: documents, rows and what became of them."""
    parts = [f"{outcome.source_id}: {len(outcome.archived)} new, {outcome.unchanged} unchanged documents"]
    if outcome.read:
        parts.append(
            f"read {len(outcome.read)}: {outcome.total('seen')} rows = {outcome.total('records')} kept"
            f" ({outcome.total('records_count')} records) + {outcome.total('rejects')} rejected"
            f" + {outcome.total('totals')} totals + {outcome.total('ignored')} ignored"
        )
        if disagreeing := outcome.total("totals_disagree_count"):
            parts.append(f"{disagreeing} printed totals differ from their rows")
    return "; ".join([*parts, *(f"FAILED: {sentence}" for sentence in outcome.failures)])


def summary_lines(night: Night) -> list[str]:
    """The last words of a run: what was read, flagged, published, mailed; and what went wrong."""
    read = [outcome for outcome in night.outcomes if outcome.read]
    rows = {
        name: sum(o.total(name) for o in read) for name in ("seen", "records", "rejects", "totals", "ignored")
    }
    documents = sum(len(o.read) for o in read)
    lines = [
        f"read {documents} documents: {rows['seen']} rows = {rows['records']} kept + {rows['rejects']} rejected"
        f" + {rows['totals']} totals + {rows['ignored']} ignored"
    ]
    counts = ", ".join(f"{count} {severity}" for severity, count in night.open_flag_counts.items())
    lines.append(f"open flags: {counts or 'none'}; new tonight: {night.new_flag_count}")
    lines += [f"check {'FAILED' if fatal else 'warns'}: {message}" for fatal, message in night.failed_checks]
    lines += [f"mail: {mail}" for mail in night.mails] or ["mail: nothing new"]
    lines += [f"problem: {problem}" for problem in night.problems]
    if night.home.database.exists():
        lines.append(f"warehouse: {night.home.database} (open it read-only)")
    return lines

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
    if outcome.mended:
        parts.append(f"damaged in the archive and whole again: {', '.join(outcome.mended)}")
    return "; ".join([*parts, *(f"FAILED: {sentence}" for sentence in outcome.failures)])


def summary_lines(night: Night) -> list[str]:
    """The last words of a run: what was read, flagged, published, mailed; and what went wrong."""
    read = [outcome for outcome in night.outcomes if outcome.read]
    rows = {
        name: sum(o.total(name) for o in read) for name in ("seen", "records", "rejects", "totals", "ignored")
    }
    documents = sum(len(o.read) for o in read)
    lines = [
        f"read {documents} documents: {rows['seen']} rows = {rows['records']} kept"
        f" + {rows['rejects']} rejected + {rows['totals']} totals + {rows['ignored']} ignored"
    ]
    lines.append(f"open flags: {_counted(night.open_flag_counts)}; new: {len(night.new_flags)}")
    failed = night.verdict.failed if night.verdict else []
    lines += [f"check {'FAILED' if result.is_fatal else 'warns'}: {result.message}" for result in failed]
    lines += [f"mail: {mail}" for mail in night.mails] or ["mail: nothing new"]
    lines += [f"problem: {problem}" for problem in night.problems]
    if night.home.database.exists():
        lines.append(f"warehouse: {night.home.database} (open it read-only)")
    return lines


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {severity}" for severity, count in counts.items()) or "none"


def summary_markdown(night: Night) -> str:
    """The run as a markdown page for Prefect's artifacts; reports' words are shown as code."""
    lines = [f"# Run {night.run_id}", ""]
    lines += [f"* {source_line(outcome).replace('`', chr(39))}" for outcome in night.outcomes]
    lines += ["", *(f"* {line.replace('`', chr(39))}" for line in summary_lines(night))]
    return "\n".join(lines)


def new_flag_rows(night: Night) -> list[dict[str, str]]:
    """The new flags as rows of Prefect's table artifact; at most a hundred, the rest are counted."""
    rows = [{name: str(value or "") for name, value in flag.items()} for flag in night.new_flags[:100]]
    if len(night.new_flags) > len(rows):
        rows.append({"flag_id": f"and {len(night.new_flags) - len(rows)} more in out.flags"})
    return rows

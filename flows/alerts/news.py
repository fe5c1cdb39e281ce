"""What one run has to say, as plain values: new flags, revisions, late reports, failures.

``FlagView`` has the columns of ``out.flags`` and ``FindingView`` those of ``out.findings``; ``from_row``
takes a row of them as a mapping (further columns are left alone). Every piece of news has a stable ``key``:
the outbox mails each key once to each recipient.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self

SEVERITIES = ("high", "medium", "low", "review")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    @classmethod
    def from_row(cls, row: Mapping[str, Any], **more: Any) -> Self:
        """From a row of the view; ``more`` adds what the view lacks. TypeError if a column is missing."""
        names = {entry.name for entry in fields(cls)}
        return cls(**{name: value for name, value in row.items() if name in names}, **more)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView(_Row):
    """Who attributes what to which unit; dates are ISO texts of a day, month, year or interval.

    The unit is the finding's own: on a flag for a relative it is not the unit that the report names.
    """

    finding_id: str
    unit_id: str
    unit_name: str
    body: str
    category: str
    status: str
    attribution: str
    canonical_number: str | None = None
    event: str | None = None
    finding_event_date: str | None = None
    finding_date: str | date | None = None
    source_url: str | None = None
    is_from_memory: bool = False
    notes: str | None = None

    @property
    def is_municipal(self) -> bool:
        """Municipal units have ids that begin with ``mun-``; ids are never renamed."""
        return self.unit_id.startswith("mun-")


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagView(_Row):
    """One flag with all that a person needs to judge it. ``crop`` is a PNG of the page around the row."""

    flag_id: str
    rule_id: str
    rule_title: str
    severity: str
    reason: str
    transfer_id: str
    source_id: str
    source_title: str
    publisher: str
    stage: str
    relation: str | None = None
    unit_id: str | None = None
    unit_name: str | None = None
    level: str | None = None
    state_iso: str | None = None
    is_from_memory: bool | None = None
    report_id: str | None = None
    licence_ref: str | None = None
    licence_ref_raw: str | None = None
    event_date: date | None = None
    period_start: date | None = None
    period_end: date | None = None
    exporter_name: str | None = None
    exporter_country: str | None = None
    destination_country: str | None = None
    item_description: str | None = None
    weapon_class: str | None = None
    quantity: Decimal | int | float | None = None
    quantity_unit: str | None = None
    value: Decimal | int | float | None = None
    currency: str | None = None
    value_basis: str | None = None
    consignee_raw: str | None = None
    intermediary_raw: str | None = None
    end_user_raw: str | None = None
    role: str | None = None
    party_raw: str | None = None
    matched_text: str | None = None
    span_start: int | None = None
    span_end: int | None = None
    alias: str | None = None
    match_rule: str | None = None
    score: float | None = None
    document_url: str | None = None
    document_name: str | None = None
    document_sha256: str | None = None
    page: int | None = None
    row: int | None = None
    first_seen_at: datetime | str | None = None
    findings: tuple[FindingView, ...] = ()
    crop: bytes | None = None

    @property
    def key(self) -> str:
        """``flag:<flag_id>``."""
        return f"flag:{self.flag_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionView(_Row):
    """A figure that changed between two versions of a report, as in ``out.revisions``."""

    source_id: str
    source_title: str
    publisher: str
    report_id: str
    transfer_id: str
    change: str
    new_document_sha256: str
    field: str | None = None
    old_value: str | None = None
    new_value: str | None = None
    licence_ref: str | None = None
    year: int | None = None
    document_url: str | None = None

    @property
    def key(self) -> str:
        """One change of one field by one document."""
        return f"revision:{self.report_id}:{self.transfer_id}:{self.new_document_sha256}:{self.field or ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LateReport(_Row):
    """A report that should exist by now, as in ``out.coverage``."""

    source_id: str
    source_title: str
    period: str
    due_on: date
    late_days: int
    url: str | None = None

    @property
    def key(self) -> str:
        """One report of one period: told once, however long it stays away."""
        return f"late:{self.source_id}:{self.period}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedSource:
    """A source that could not be read; ``since`` is the day of its first failure in a row: told once."""

    source_id: str
    source_title: str
    sentence: str
    since: date
    url: str | None = None

    @property
    def key(self) -> str:
        """One spell of failure."""
        return f"source:{self.source_id}:{self.since.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedCheck:
    """A check that failed. For a fatal one give the run's date as ``since``: it is told daily."""

    check_id: str
    subject: str
    message: str
    is_fatal: bool
    since: date

    @property
    def key(self) -> str:
        """One spell of failure of one check on one subject."""
        return f"check:{self.check_id}:{self.subject}:{self.since.isoformat()}"


Item = FlagView | RevisionView | LateReport | FailedSource | FailedCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestData:
    """All that one run could tell: what holds now, not what is new. The outbox knows who was told what.

    ``loaded_sources`` are the sources with data in this build. For a recipient who has not been told of a
    source yet, its news are a first load: counted in one summary (``first_load``), not mailed one by one.
    ``source_titles`` names them. ``counts`` are figures of the run for the last lines, by the keys of the
    catalogue (``documents``, ``records``, ``rejects`` ...).
    """

    run_id: str
    run_date: date
    flags: tuple[FlagView, ...] = ()
    revisions: tuple[RevisionView, ...] = ()
    late_reports: tuple[LateReport, ...] = ()
    failed_sources: tuple[FailedSource, ...] = ()
    failed_checks: tuple[FailedCheck, ...] = ()
    loaded_sources: tuple[str, ...] = ()
    first_load: tuple[str, ...] = ()
    source_titles: Mapping[str, str] = field(default_factory=dict)
    is_published: bool = True
    counts: Mapping[str, int] = field(default_factory=dict)

    def items(self) -> list[Item]:
        """All news, flags first."""
        return [
            *self.flags,
            *self.revisions,
            *self.late_reports,
            *self.failed_sources,
            *self.failed_checks,
        ]

    def only(self, keys: Iterable[str]) -> DigestData:
        """The same run with only the news of these keys; flags by severity, then newest first."""
        wanted = set(keys)
        return replace(
            self,
            flags=tuple(sorted((f for f in self.flags if f.key in wanted), key=_flag_order)),
            revisions=tuple(r for r in self.revisions if r.key in wanted),
            late_reports=tuple(r for r in self.late_reports if r.key in wanted),
            failed_sources=tuple(s for s in self.failed_sources if s.key in wanted),
            failed_checks=tuple(sorted((c for c in self.failed_checks if c.key in wanted), key=_check_order)),
        )


def _flag_order(flag: FlagView) -> tuple[int, int, str, str]:
    when = flag.event_date or flag.period_end
    return (
        severity_rank(flag.severity),
        -(when.toordinal() if when else 0),
        flag.unit_name or "",
        flag.flag_id,
    )


def _check_order(check: FailedCheck) -> tuple[bool, str, str]:
    return (not check.is_fatal, check.check_id, check.subject)


def severity_rank(severity: str) -> int:
    """0 for high to 3 for review. Raises ValueError for anything else."""
    return SEVERITIES.index(severity)

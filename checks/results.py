"""What a check answers."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One row that failed a check: its key, the column and the value."""

    failed_key: str | None
    failed_column: str | None
    failed_value: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One check of one subject. A fatal failure keeps the last good published file."""

    check_id: str
    category: str
    subject: str
    is_fatal: bool
    is_passed: bool
    expected: str | None = None
    found: str | None = None
    message: str
    failures: tuple[Failure, ...] = field(default=())

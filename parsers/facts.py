"""``source.yml``: what a report is, where it is, how often it comes, what must hold. One typed class."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, ValidationError


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Publisher(_Strict):
    """Who publishes the report."""

    name: str
    country: str = Field(pattern=r"^([A-Z]{2}|EU|UN)$")
    url: HttpUrl


class MonthlyReports(_Strict):
    """Reports whose address holds the month: ``{YYYY}``, ``{MM}`` and ``{M}`` are filled in."""

    url: str
    since: str = Field(pattern=r"^\d{4}-\d{2}$")
    key: str = "{YYYY}-{MM}"


class KnownReport(_Strict):
    """A report at a known address."""

    url: str
    key: str


class Fetch(_Strict):
    """Where the reports are and how to ask for them politely.

    ``secrets`` maps a query parameter to the name of a setting (``api_key: congress_api_key``).
    ``asked_once`` is for reports that an index names and that never change: what is held is not asked again.
    """

    hosts: list[str]
    index: list[str] = []
    reports: list[KnownReport] = []
    months: MonthlyReports | None = None
    accept: list[str]
    max_bytes: int = 50_000_000
    max_index_pages: int = 200
    delay_seconds: float = 1.0
    secrets: dict[str, str] = {}
    empty_means: str | None = None
    asked_once: bool = False


class Bounds(_Strict):
    """Rows that one document may hold: fewer than ``min`` is fatal, more than ``max`` warns.

    ``samples`` are small on purpose, so bounds hold only for documents of the publisher's full size.
    """

    min_rows: int = 1
    max_rows: int


class Totals(_Strict):
    """How this publisher's printed sums relate to its rows."""

    note: str = ""
    may_exceed_parts: bool = False


class SourceFacts(_Strict):
    """All that ``source.yml`` says. Unknown keys are an error, so that a misspelt key is never silent."""

    title: str
    publisher: Publisher
    summary: str
    url: HttpUrl
    law: str
    licence: str
    version: int = 1
    layout: Literal["verified", "unverified"]
    format: str
    stages: list[str]
    frequency: Literal["daily", "monthly", "quarterly", "half_yearly", "yearly", "irregular"]
    expected_lag_days: int
    coverage_start: date
    sample_retrieved_at: datetime
    bounds: Bounds
    totals: Totals = Totals()
    fetch: Fetch
    ignore: dict[str, str] = {}
    layout_settings: dict[str, Any] = {}
    allow_negative: bool = False
    known_limits: list[str] = []


def read_facts(path: Path) -> SourceFacts:
    """Read and check a ``source.yml``. Raises ValueError naming the file and each wrong key."""
    try:
        return SourceFacts.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise ValueError(f"{path.parent.name}/{path.name}: {wrong}") from None


def facts_beside(module_file: str) -> SourceFacts:
    """The facts that stand beside a parser: ``FACTS = facts_beside(__file__)``."""
    return read_facts(Path(module_file).with_name("source.yml"))

"""What every report becomes: Record, Reject, Total and Ignored, with the place where each one stands.

The meaning of each field is in ``warehouse/catalog/fields.yml``; here are its type and the closed lists.
A parser yields these four with their place and cells; ``parsers.registry.Source.parse`` adds the identity
(source, report, document, parser version, transfer_id).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

BBox = tuple[float, float, float, float]
"""A box on a page in PDF points: x0, top, x1, bottom; the origin is the page's top left corner."""


class Stage(StrEnum):
    """Where in its life a transfer stands. Never sum across stages."""

    NOTIFIED = "notified"
    LICENSED = "licensed"
    REFUSED = "refused"
    RETURNED = "returned"
    REVOKED = "revoked"
    SHIPPED = "shipped"
    RECEIVED = "received"
    TRAINED = "trained"


class Grain(StrEnum):
    """What one record stands for: a licence, an item of one, or an aggregate of several."""

    LICENCE = "licence"
    ITEM = "item"
    AGGREGATE = "aggregate"


class WeaponClass(StrEnum):
    """The kind of goods, as far as the report tells."""

    PISTOLS_REVOLVERS = "pistols_revolvers"
    RIFLES_CARBINES = "rifles_carbines"
    AUTOMATIC_RIFLES_SMGS = "automatic_rifles_smgs"
    MACHINE_GUNS = "machine_guns"
    SHOTGUNS = "shotguns"
    LAUNCHERS = "launchers"
    AMMUNITION = "ammunition"
    PARTS = "parts"
    SUPPRESSORS = "suppressors"
    OPTICS = "optics"
    AIR_GUNS = "air_guns"
    OTHER_ARMS = "other_arms"
    NOT_FIREARMS = "not_firearms"
    UNKNOWN = "unknown"


class ValueBasis(StrEnum):
    """What a value means: a ceiling, a legal threshold, what customs saw, ..."""

    LICENSED_CEILING = "licensed_ceiling"
    THRESHOLD_MINIMUM = "threshold_minimum"
    CUSTOMS_FAS = "customs_fas"
    SHIPPED_REPORTED = "shipped_reported"
    ESTIMATED_CASE = "estimated_case"
    CONTRACT = "contract"
    TRAINING_COST = "training_cost"
    UNKNOWN = "unknown"


class Measure(StrEnum):
    """What a printed total adds up; COUNT is the number of licences."""

    VALUE = "value"
    QUANTITY = "quantity"
    COUNT = "count"

    @property
    def record_field(self) -> str:
        """The Record field that this measure sums."""
        return "licence_count" if self is Measure.COUNT else self.value


@dataclass(slots=True, kw_only=True)
class Record:
    """One fact of one row of one report; verbatim cells beside every cleaned value.

    ``key`` is the publisher's own id or natural key and goes into ``transfer_id``; it is not published.
    ``row`` counts from 1 on the page; in a text or table file it is the first line of the entry.
    """

    key: tuple[str, ...]
    stage: Stage
    grain: Grain
    verbatim: Mapping[str, str]
    transfer_id: str = ""
    source_id: str = ""
    report_id: str = ""
    document_sha256: str = ""
    page: int | None = None
    row: int | None = None
    bbox: BBox | None = None
    parser_version: str = ""
    licence_ref: str | None = None
    licence_ref_raw: str | None = None
    exporter_country: str | None = None
    exporter_country_raw: str | None = None
    destination_country: str | None = None
    destination_country_raw: str | None = None
    exporter_name: str | None = None
    consignee_raw: str | None = None
    intermediary_raw: str | None = None
    end_user_raw: str | None = None
    item_description: str | None = None
    control_list: str | None = None
    control_code: str | None = None
    weapon_class: WeaponClass = WeaponClass.UNKNOWN
    quantity: Decimal | None = None
    quantity_unit: str | None = None
    licence_count: int | None = None
    value: Decimal | None = None
    currency: str | None = None
    value_basis: ValueBasis | None = None
    event_date: date | None = None
    period_start: date | None = None
    period_end: date | None = None
    published_on: date | None = None


@dataclass(slots=True, kw_only=True)
class Total:
    """A sum that the publisher printed.

    ``scope`` holds the field values of the rows that it sums (with the printed name beside a code, as
    ``destination_country`` and ``destination_country_raw``); it is empty for a grand total. Reconciliation
    fills ``computed`` and ``agrees``; ``agrees`` stays None where no row of its scope was reported.
    """

    scope: Mapping[str, str]
    measure: Measure
    stage: Stage
    printed: Decimal
    raw: str
    unit: str | None = None
    period_start: date | None = None
    period_end: date | None = None
    page: int | None = None
    row: int | None = None
    bbox: BBox | None = None
    computed: Decimal | None = None
    agrees: bool | None = None
    explanation: str | None = None


@dataclass(slots=True, kw_only=True)
class Reject:
    """A row that could not be read strictly: what it said, where, and why it was not taken."""

    raw: str
    reason: str
    page: int | None = None
    row: int | None = None
    bbox: BBox | None = None


@dataclass(slots=True, kw_only=True)
class Ignored:
    """A row left out by a named rule of the source's ``source.yml`` (section ``ignore``)."""

    rule: str
    raw: str
    page: int | None = None
    row: int | None = None


Outcome = Record | Reject | Total | Ignored

PUBLISHED_FIELDS: tuple[str, ...] = (
    "transfer_id",
    "source_id",
    "report_id",
    "document_sha256",
    "page",
    "row",
    "bbox",
    "parser_version",
    *(
        f.name
        for f in fields(Record)
        if f.name
        not in {
            "key",
            "verbatim",
            "transfer_id",
            "source_id",
            "report_id",
            "document_sha256",
            "page",
            "row",
            "bbox",
            "parser_version",
        }
    ),
    "verbatim",
)
"""The fields of a record in the order in which they are printed and stored."""


class CellError(ValueError):
    """A cell, and so its row, cannot be read strictly. The message says what it held and what is expected."""


class DocumentError(ValueError):
    """The structure of a document is not as known: it is refused whole.

    ``page`` and ``row`` say where, when that is known.
    """

    def __init__(self, reason: str, *, page: int | None = None, row: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.page = page
        self.row = row


@dataclass(slots=True, kw_only=True)
class Row:
    """One row as a reader found it: its cells by header, verbatim, and its place.

    The methods make outcomes that stand at this place, so that a parser never copies page, row and box.
    """

    cells: dict[str, str]
    page: int | None = None
    row: int | None = None
    bbox: BBox | None = None
    text: str | None = field(default=None)

    @property
    def raw(self) -> str:
        """The row as text, for a person to recognise it."""
        if self.text is not None:
            return self.text
        return " | ".join(self.cells.values())

    def record(self, *, key: tuple[str, ...], stage: Stage, grain: Grain, **values: Any) -> Record:
        """A record at this place, carrying all cells of the row as ``verbatim`` unless given others."""
        values.setdefault("verbatim", self.cells)
        return Record(
            key=key, stage=stage, grain=grain, page=self.page, row=self.row, bbox=self.bbox, **values
        )

    def total(
        self, *, scope: Mapping[str, str], measure: Measure, stage: Stage, printed: Decimal, **values: Any
    ) -> Total:
        """A printed sum at this place."""
        return Total(
            scope=scope,
            measure=measure,
            stage=stage,
            printed=printed,
            raw=self.raw,
            page=self.page,
            row=self.row,
            bbox=self.bbox,
            **values,
        )

    def ignored(self, rule: str) -> Ignored:
        """This row, left out by the named rule."""
        return Ignored(rule=rule, raw=self.raw, page=self.page, row=self.row)

    def reject(self, reason: str) -> Reject:
        """This row, not readable, with the reason."""
        return Reject(raw=self.raw, reason=reason, page=self.page, row=self.row, bbox=self.bbox)

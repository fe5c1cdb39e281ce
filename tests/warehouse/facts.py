"""Reports made of records that a test writes down itself: no parser stands between the test and the warehouse."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from parsers.document import Document
from parsers.parsed import Parsed, assign_transfer_ids
from parsers.record import Grain, Record, Stage, WeaponClass
from parsers.registry import load_source
from tests.workshop import Workshop, registry
from warehouse.build import Inputs, build
from warehouse.flag_memory import known_flags, remember
from warehouse.units.registry import Registry

REGISTER, CONGRESS, TRAINING = "us_ddtc_notices", "us_congress_communications", "us_state_fmtr"


def licence(number: int, end_user: str | None = None, **more: Any) -> Record:
    """A notification to Mexico of transmittal DDTC 19-number, with this end user as printed."""
    cells: dict[str, Any] = {
        "stage": Stage.NOTIFIED,
        "grain": Grain.LICENCE,
        "licence_ref": f"DDTC 19-{number:03d}",
        "licence_ref_raw": f"DDTC 19-{number:03d}",
        "exporter_country": "US",
        "destination_country": "MX",
        "weapon_class": WeaponClass.RIFLES_CARBINES,
        "item_description": "rifles",
        "event_date": date(2019, 5, 1),
        "end_user_raw": end_user,
        **more,
    }
    return Record(
        key=(cells["licence_ref"] or "", cells["item_description"]), verbatim={"row": "as printed"}, **cells
    )


def course(unit: str, start: date, **more: Any) -> Record:
    """A course for this unit, as the training report prints it."""
    cells: dict[str, Any] = {"destination_country": "MX", **more}
    return Record(
        key=(unit, start.isoformat()), verbatim={"Student's Unit": unit}, stage=Stage.TRAINED, grain=Grain.ITEM,
        end_user_raw=unit, weapon_class=WeaponClass.NOT_FIREARMS,
        item_description="Infantry course", period_start=start, period_end=start, **cells,
    )  # fmt: skip


class Reports(Workshop):
    """Says what reports say, builds, and remembers what was published as the nightly run does."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.state = sqlite3.connect(":memory:")

    def says(self, source_id: str, report: str, at: datetime, *records: Record) -> None:
        """A document of a report arrives that says this."""
        source = load_source(source_id)
        content = repr((source_id, report, records)).encode()
        document = Document(
            content=content, media_type="text/plain", name=f"{report}.txt", url=f"https://example.org/{report}",
            retrieved_at=at, report_key=report,
        )  # fmt: skip
        entry = self.archive.add(source_id, document, run_id=at.date().isoformat(), now=at)
        assert entry is not None
        assign_transfer_ids(source_id, list(records))
        for row, record in enumerate(records, 1):
            record.source_id, record.report_id, record.row = source_id, f"{source_id}/{report}", row
            record.document_sha256, record.parser_version = entry.sha256, source.parser_version
        parsed = Parsed(report_id=f"{source_id}/{report}", records=list(records))
        self.store.put(source_id, entry.sha256, source.parser_version, parsed)

    def built_with(self, units: Registry | None = None, **more: Any) -> Path:
        """Build with this registry and what was published before, and publish it: the next build remembers it."""
        inputs: Inputs = replace(
            self.inputs(), registry=units or registry(), known_flags=known_flags(self.state), **more
        )
        self.built += 1
        target = self.home.build / f"test-{self.built}.duckdb"
        build(inputs, target)
        with duckdb.connect(str(target), read_only=True) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            remember(self.state, connection, inputs.build_id, inputs.causes_since or datetime(2026, 1, 1))
        return target

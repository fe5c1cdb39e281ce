"""A night with every kind of news, in the shape of real reports; names of companies and references are invented."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from flows.alerts.news import (
    DigestData,
    FailedCheck,
    FailedSource,
    FindingView,
    FlagView,
    LateReport,
    RevisionView,
)

SHA = "9f2b5c1d" * 8


def picture(width: int = 900, height: int = 220) -> bytes:
    """A drawn stand-in for the crop of a page."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for line in range(5):
        draw.text(
            (24, 20 + line * 38),
            f"DDTC 26-0{line}1   Mexico   automatic rifles, 5.56 mm   $1,000,000 or more",
            fill="black",
            font_size=22,
        )
    draw.rectangle((12, 52, width - 12, 86), outline="#c81e1e", width=3)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


FINDINGS = (
    FindingView(
        finding_id="f1",
        unit_id="semar",
        unit_name="SEMAR",
        body="CNDH Recommendation",
        canonical_number="36VG/2020",
        category="enforced_disappearance",
        event="Nuevo Laredo operation: 27 persons detained and disappeared",
        finding_event_date="2018-02/2018-05",
        finding_date="2020-07-28",
        status="finding",
        attribution="unit",
        source_url="https://www.cndh.org.mx/documento/recomendacion-36vg2020",
        notes="SEMAR accepted the recommendation and apologised publicly (2021); 30 marines were arrested in April 2021",
    ),
    FindingView(
        finding_id="f2",
        unit_id="semar",
        unit_name="SEMAR",
        body="FGR",
        canonical_number="causa penal 15/2022",
        category="collusion_organized_crime",
        finding_event_date="2014-09-26",
        status="charges_withdrawn",
        attribution="commander",
        source_url="https://example.org/fgr",
        is_from_memory=True,
        notes="16 of 20 warrants withdrawn on 14 Sep 2022",
    ),
    FindingView(
        finding_id="f3",
        unit_id="semar",
        unit_name="SEMAR",
        body="Press report",
        category="torture",
        status="allegation",
        attribution="unit",
    ),
)


def semar(**more: Any) -> FlagView:
    given: dict[str, Any] = dict(
        flag_id="fl-5e1a77c09b2d",
        rule_id="unit_with_findings",
        rule_title="Unit with findings on record",
        severity="high",
        reason="SEMAR is named as end user in DDTC 26-041.",
        transfer_id="tr-81c2",
        unit_id="semar",
        unit_name="SEMAR",
        level="federal",
        relation="direct",
        source_id="us_congress_communications",
        source_title="Executive communications to Congress",
        publisher="Congressional Record",
        licence_ref="DDTC 26-041",
        licence_ref_raw="Transmittal No. DDTC 26-041",
        stage="notified",
        event_date=date(2026, 11, 3),
        exporter_name="Example Arms, Inc.",
        exporter_country="US",
        destination_country="MX",
        item_description="Automatic rifles, caliber 5.56 mm, with spare barrels and magazines",
        quantity=Decimal("1500"),
        quantity_unit="rifles",
        value=Decimal("1000000.00"),
        currency="USD",
        value_basis="threshold_minimum",
        intermediary_raw="Dirección de Comercialización de Armamento y Municiones (DCAM)",
        end_user_raw="The Secretariat of the Navy (SEMAR) of Mexico, for use by marine infantry",
        role="end_user",
        matched_text="Secretariat of the Navy (SEMAR)",
        span_start=4,
        span_end=35,
        alias="Secretariat of the Navy",
        match_rule="longest_phrase",
        score=100.0,
        document_url="https://www.congress.gov/congressional-record/volume-172/issue-190/senate-section",
        document_name="CREC-2026-11-03-senate.htm",
        document_sha256=SHA,
        page=2,
        row=14,
        findings=FINDINGS,
    )
    return FlagView(**{**given, **more})


def guardia(**more: Any) -> FlagView:
    return semar(**{
        "flag_id": "fl-0c44d1", "unit_name": "Guardia Nacional", "unit_id": "guardia-nacional",
        "source_id": "nl_bz_licences", "source_title": "Dutch licence reports", "publisher": "Ministry of Foreign Affairs",
        "licence_ref": None, "licence_ref_raw": None, "stage": "licensed", "event_date": date(2026, 10, 1),
        "exporter_name": None, "exporter_country": "DE", "quantity": None, "value": Decimal("5523000.5"),
        "currency": "EUR", "value_basis": "licensed_ceiling", "item_description": "Sturmgewehre, 5,56 mm",
        "end_user_raw": "Guardia Nacional de México", "matched_text": "Guardia Nacional", "span_start": 0,
        "alias": "Guardia Nacional", "intermediary_raw": None, "findings": (replace(FINDINGS[0], unit_id="guardia-nacional", unit_name="Guardia Nacional"),), "page": None, **more,
    })  # fmt: skip


def municipal(**more: Any) -> FlagView:
    return semar(**{
        "flag_id": "fl-77aa", "unit_name": "Policía Municipal de Iguala", "unit_id": "mun-iguala", "level": "municipal",
        "state_iso": "MX-GRO", "end_user_raw": "Ayuntamiento de Iguala, Policía Municipal", "matched_text": "Iguala",
        "alias": "Policía Municipal de Iguala", "reason": "Policía Municipal de Iguala is named.", "intermediary_raw": None,
        "findings": (
            FindingView(finding_id="m1", unit_id="mun-iguala", unit_name="Policía Municipal de Iguala", body="FGR", category="enforced_disappearance", status="charged",
                        attribution="unit", event="Iguala", source_url="https://example.org/x", notes="Iguala: releases"),
        ), **more,
    })  # fmt: skip


def undisclosed(number: int = 1, **more: Any) -> FlagView:
    return FlagView(**{
        "flag_id": f"fl-low-{number}", "rule_id": "unattributed_firearms", "severity": "low", "stage": "shipped",
        "rule_title": "Firearms or ammunition to Mexico, no end user in the report",
        "reason": "The row covers firearms to Mexico; the report names no end user.", "transfer_id": f"tr-{number}",
        "source_id": "us_census_exports", "source_title": "US exports by HS code", "publisher": "U.S. Census Bureau",
        "exporter_country": "US", "destination_country": "MX", "weapon_class": "pistols_revolvers",
        "quantity": 2400, "quantity_unit": "number", "value": 812345, "currency": "USD", "value_basis": "customs_fas",
        "period_start": date(2026, 9, 1), "period_end": date(2026, 9, 30), "relation": "none", "row": 31,
        "document_url": "https://api.census.gov/data/timeseries/intltrade/exports/hs?time=2026-09",
        "document_name": "2026-09.json", "document_sha256": SHA, **more,
    })  # fmt: skip


def full_night(**more: Any) -> DigestData:
    given: dict[str, Any] = dict(
        run_id="20261124T050000Z-a1",
        run_date=date(2026, 11, 24),
        flags=(semar(crop=picture()), guardia(), municipal(severity="medium"), undisclosed()),
        revisions=(
            RevisionView(
                source_id="gb_ecju_licences", source_title="UK licence statistics", publisher="ECJU",
                report_id="gb_ecju_licences/2026-Q1", transfer_id="tr-9", change="changed", field="value",
                old_value="12000", new_value="120000", new_document_sha256=SHA, licence_ref="GR/77", year=2026,
            ),
            RevisionView(
                source_id="gb_ecju_licences", source_title="UK licence statistics", publisher="ECJU",
                report_id="gb_ecju_licences/2026-Q1", transfer_id="tr-10", change="withdrawn", new_document_sha256=SHA,
            ),
        ),
        late_reports=(
            LateReport(
                source_id="us_ddtc_655", source_title="Section 655 report", period="2025",
                due_on=date(2026, 8, 1), late_days=115, url="https://www.pmddtc.state.gov/",
            ),
        ),
        failed_sources=(
            FailedSource(
                source_id="eu_eeas_coarm", source_title="EU COARM database",
                sentence="answered 503 Service Unavailable", since=date(2026, 11, 23),
            ),
        ),
        failed_checks=(
            FailedCheck(
                check_id="bounds.max_rows", subject="gb_ecju_licences", is_fatal=False, since=date(2026, 11, 24),
                message="9,120 rows, more than the 8,000 of a usual report",
            ),
        ),
        counts={"documents": 31, "records": 48210, "rejects": 3, "totals_disagree": 1},
    )  # fmt: skip
    return DigestData(**{**given, **more})

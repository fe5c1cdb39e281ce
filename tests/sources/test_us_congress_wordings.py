"""us_congress_communications: entries written by hand in the forms of both chambers, and what must be no record."""

from __future__ import annotations

import random
from datetime import date

import pytest

from parsers.document import Document
from parsers.parsed import Parsed
from parsers.registry import load_source
from tests.generators.letters_layout import Setting, record_shell

STATE = "A letter from the Assistant Secretary, Legislative Affairs, Department of State, transmitting "
FOREIGN = "; to the Committee on Foreign Affairs."
LAW = (
    ", pursuant to 22 U.S.C. 2776(c)(2)(C); Public Law 90-629, Sec. 36(c) (as added by Public Law 94-329, Sec. "
    "211(a)); (82 Stat. 1326)"
)
CERTIFIED = [
    (
        "Transmittal No. DDTC 22-023 Certification of Proposed Issuance of an Export License Pursuant to Sec 36(c) of "
        "the Arms Export Control Act",
        ("DDTC 22-023", "", None, None, None),
    ),
    (
        "certification of a proposed license for the export of firearms abroad controlled under Category I of the "
        f"United States Munitions List sold commercially under a contract to Mexico (Transmittal No. DDTC 22-030){LAW}",
        ("DDTC 22-030", "MX", "firearms", None, None),
    ),
    (
        "certification of a proposed manufacturing license agreement for the manufacture of significant military "
        "equipment abroad and the export of defense articles and defense services to Mexico, Canada and Sweden "
        "(Transmittal No. DDTC 072-11), pursuant to Section 36(c) and (d) of the Arms Export Control Act",
        ("DDTC 11-072", "CA MX SE", "significant military equipment", None, None),
    ),
    (
        "a certification of the proposed transfer of major defense equipment from the Government of Australia to the "
        "Government of Mexico (Transmittal No. RSAT-11-2530), pursuant to Section 3(d) of the Arms Export Control Act",
        ("RSAT 11-2530", "MX", "major defense equipment", "Government of Mexico", None),
    ),
    (
        "notification of a proposed amendment to a license for the export of defense articles to the United Mexican "
        "States (Transmittal No. DDTC 11-095) previously notified as Transmittal No. DDTC 09-001",
        ("DDTC 11-095", "MX", "defense articles", None, "DDTC 09-001"),
    ),
    (
        "pursuant to law, the certification of a proposed amendment of a license for the export of defense articles to "
        "the United Arab Emirates in the amount of $50,000,000 or more",
        (None, "AE", "defense articles", None, None),
    ),
    (
        "pursuant to law, an addendum to a certification, transmittal number: DDTC 22-011, of the proposed sale or "
        "export of defense articles and/or defense services to a Middle East country (OSS-2022-0701)",
        ("DDTC 22-011", "", "defense articles and/or defense services", None, None),
    ),
    (
        "the certification of a proposed export license of firearms to the Mexican Navy pursuant to section 36(c) of the "
        "Arms Export Control Act (DDTC 22-078)",
        ("DDTC 22-078", "MX", "firearms", "Mexican Navy", None),
    ),
]
OTHER_MATTERS = [
    STATE + "notification that the Department will suspend licenses to New Mexico Arms LLC, pursuant to 22 U.S.C. 2778",
    STATE + "copies of international agreements with Mexico, pursuant to 1 U.S.C. 112b",
    STATE + "pursuant to Section 62(a) of the Arms Export Control Act, notification of a proposed lease to the Government "
    "of Mexico (Transmittal No. 05-11)",
    "A letter from the Director, Defense Security Cooperation Agency, transmitting notification of a Proposed Letter of "
    "Offer and Acceptance to Mexico (Transmittal No. 22-14), pursuant to Sec. 36(b)(1) of the Arms Export Control Act",
    "A letter from the Chief Counsel, Fish and Wildlife Service, transmitting a rule on the Reef Fish Fishery of the Gulf "
    "of Mexico",
]  # fmt: skip


def parsed(entries: list[str], chamber: str, seed: int) -> Parsed:
    rng = random.Random(seed)
    letter = chamber[0]
    marker = f"[[Page {letter}{{page}}]]"
    setting = Setting(rng, width=65, indent=7, hang=5, markers=0.06, marker=marker)
    lines = ["                     EXECUTIVE COMMUNICATIONS, ETC.", ""]
    for number, entry in enumerate(entries, start=1530):
        lines += setting.paragraph(f"EC-{number}. {entry}{FOREIGN}")
    content = record_shell(lines, date(2022, 8, 9), chamber, f"[Pages {letter}1-{letter}3]")
    source = load_source("us_congress_communications")
    return source.parse(Document(content=content, media_type="text/html", name="x.htm"))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("chamber", ["House", "Senate"])
def test_certifications_among_other_matters(chamber: str, seed: int) -> None:
    entries = [STATE + text for text, _ in CERTIFIED]
    page = parsed(entries + OTHER_MATTERS, chamber, seed)
    assert (page.refused, page.rejects) == (None, [])
    for number, (text, (ref, codes, items, consignee, amends)) in enumerate(CERTIFIED, start=1530):
        found = [r for r in page.records if r.verbatim["communication"] == f"EC-{number}"]
        assert found, text
        assert " ".join(sorted(r.destination_country or "" for r in found)) == codes
        for record in found:
            assert (record.licence_ref, record.item_description) == (ref, items)
            assert (record.consignee_raw, record.verbatim.get("amends")) == (consignee, amends)
            assert (record.end_user_raw, record.exporter_name, record.event_date) == (
                None,
                None,
                date(2022, 8, 9),
            )
    known = {f"EC-{1530 + n}" for n in range(len(CERTIFIED))}
    assert {r.verbatim["communication"] for r in page.records} == known
    assert sum(page.ignored_by_rule().values()) == len(OTHER_MATTERS)


def test_a_withdrawn_certification_says_so_beside_its_record() -> None:
    text = "a copy of a letter withdrawing Transmittal No. DDTC 12-044, certification of a proposed license for the export of firearms to Mexico"
    setting = Setting(random.Random(1), width=66, indent=7, hang=5)
    entries = [
        *setting.paragraph(f"6701. {STATE}{text}{LAW}{FOREIGN}"),
        *setting.paragraph(f"6702. {STATE}{CERTIFIED[1][0]}{FOREIGN}"),
    ]
    page = load_source("us_congress_communications").parse(
        Document(
            content=record_shell(entries, date(2012, 6, 21), "House", "[Page H4401]"),
            media_type="text/html",
            name="x.htm",
        )
    )
    told = [(r.licence_ref, r.destination_country, r.verbatim.get("withdrawal")) for r in page.records]
    assert told == [("DDTC 12-044", "MX", "withdrawing"), ("DDTC 22-030", "MX", None)]

"""Eras of the State Department's letters: how those of about 2000, 2012 and 2020 were written.

The wordings are this project's own after the statutory phrases; ``letters_register`` fills them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Manner:
    """How the letters of some years are written."""

    numbers: tuple[str, ...]
    enclosures: tuple[str, ...]
    addressees: tuple[str, ...]
    salutations: tuple[str, ...]
    closings: tuple[str, ...]
    openings: dict[str, tuple[str, ...]]
    intro: str


EARLY = Manner(
    numbers=("DTC {seq:03}-{yy}", "DDTC {seq:03}-{yy}", "DTC-{seq:03}-{yy}"),
    enclosures=(
        "Enclosure: Transmittal No. {n}",
        "Enclosure: Transmittal No. {n}.",
        "[Transmittal Number {n}]",
        "(Transmittal No. {n})",
    ),
    addressees=(
        "The Honorable J. Dennis Hastert, Speaker of the House of Representatives.",
        "Honorable J. Dennis Hastert, Speaker of the House of Representatives, Washington, DC 20515.",
    ),
    salutations=("Dear Mr. Speaker:", "Dear Mr. Speaker: "),
    closings=("Sincerely,|{name},|Assistant Secretary, Legislative Affairs.",),
    openings={
        "articles": (
            "Pursuant to Section 36(c) of the Arms Export Control Act, I am transmitting herewith "
            "certification of a proposed license for the export of defense articles or defense services sold "
            "commercially under a contract in the amount of $50,000,000 or more.",
            "Pursuant to Section 36(c) of the Arms Export Control Act, I am transmitting, herewith, "
            "certification of a proposed license for the export of defense articles or defense services sold "
            "commercially under contract in the amount of $50,000,000 or more.",
        ),
        "mde": (
            "Pursuant to section 36(c) of the Arms Export Control Act, I am transmitting, herewith, "
            "certification of a proposed license for the export of major defense equipment sold under a "
            "contract in the amount of $14,000,000 or more.",
        ),
        "firearms": (
            "Pursuant to Section 36(c) of the Arms Export Control Act, I am transmitting, herewith, "
            "certification of a proposed license for the export of firearms controlled under Category I of "
            "the United States Munitions List sold commercially under a contract in the amount of $1,000,000 "
            "or more.",
        ),
        "manufacture": (
            "Pursuant to Section 36(d) of the Arms Export Control Act, I am transmitting, herewith, "
            "certification of a proposed manufacturing license agreement with {P}.",
        ),
    },
    intro="Section 36(f) of the Arms Export Control Act mandates that notifications to the Congress pursuant to "
    "sections 36(c) and 36(d) must be published in the Federal Register when they are transmitted to Congress "
    "or as soon thereafter as practicable.",
)
MIDDLE = Manner(
    numbers=("DDTC {yy}-{seq:03}", "DDTC-{yy}-{seq:03}", "DDTC {yy}-{seq:03}"),
    enclosures=(
        "Enclosure: Transmittal No. {n}",
        "Enclosure: Transmittal No. {n}.",
        "Enclosure: Transmittal Number {n}",
        "Enclosure:|Transmittal No. {n}",
        "(Transmittal No. {n})",
        "Enclosure: Transmittal No.: {n}",
    ),
    addressees=(
        "The Honorable John A. Boehner, Speaker of the House of Representatives.",
        "The Honorable Paul D. Ryan, Speaker of the House of Representatives, Washington, DC 20515.",
        "Honorable Bob Corker, Chairman, Committee on Foreign Relations, United States Senate.",
        "The Honorable Paul D. Ryan,|Speaker of the House of Representatives.",
    ),
    salutations=("Dear Mr. Speaker:", "Dear Mr. Chairman:", "Dear Mr. Speaker,"),
    closings=(
        "Sincerely,|{name},|Acting Assistant Secretary|Legislative Affairs.",
        "Sincerely,|{name}, Assistant Secretary, Legislative Affairs.",
    ),
    openings={
        "articles": (
            "Pursuant to Section 36(c) of the Arms Export Control Act, please find enclosed a certification of "
            "a proposed license for the export of defense articles, including technical data, and defense "
            "services in the amount of $50,000,000 or more.",
            "Pursuant to Section 36(c) of the Arms Export Control Act, please find enclosed a certification of "
            "a proposed technical assistance agreement for the export of defense articles, including technical "
            "data, and defense services in the amount of $100,000,000 or more.",
            "Pursuant to Sections 36(c) and 36(d) of the Arms Export Control Act, please find enclosed a "
            "certification of a proposed amendment to a manufacturing license agreement for the export of "
            "defense articles, to include technical data, and defense services in the amount of $100,000,000 "
            "or more.",
        ),
        "mde": (
            "Pursuant to Section 36(c) of the Arms Export Control Act, please find enclosed a certification of "
            "a proposed license for the export of major defense equipment to be sold under contract in the "
            "amount of $14,000,000 or more.",
        ),
        "firearms": (
            "Pursuant to Section 36(c) of the Arms Export Control Act, please find enclosed a certification of "
            "a proposed license for the export of firearms abroad controlled under Category I of the United "
            "States Munitions List in the amount of $1,000,000 or more.",
            "Pursuant to section 36(c) of the Arms Export Control Act, please find enclosed a certification of "
            "a proposed license for the export of firearm parts and components abroad controlled under "
            "Category I of the United States Munitions Lists in the amount of $1,000,000 or more.",
        ),
        "manufacture": (
            "Pursuant to Section 36(d) of the Arms Export Control Act, please find enclosed a certification of "
            "a proposed license for the manufacture of significant military equipment abroad.",
        ),
    },
    intro="Section 36(f) of the Arms Export Control Act (22 U.S.C. 2776) mandates that notifications to the "
    "Congress pursuant to sections 36(c) and 36(d) must be published in the Federal Register when they are "
    "transmitted to Congress or as soon thereafter as practicable.",
)
NEWER = Manner(
    numbers=("DDTC {yy}-{seq:03}", "DDTC {yy}–{seq:03}", "DDTC-{yy}-{seq:03}", "DDTC {yy}‑{seq:03}"),
    enclosures=(
        "Enclosure: Transmittal No. {n}.",
        "Enclosure: Transmittal No. {n}",
        "Enclosures: Transmittal No. {n}",
        "Enclosure: As stated (Transmittal No. {n}).",
    ),
    addressees=(
        "The Honorable Nancy Pelosi, Speaker of the House of Representatives.",
        "The Honorable James E. Risch, Chairman, Committee on Foreign Relations, United States Senate.",
        "The Honorable Kevin McCarthy, Speaker of the House of Representatives.",
    ),
    salutations=("Dear Madam Speaker:", "Dear Mr. Speaker:", "Dear Mr. Chairman:", "Dear Madam Chair:"),
    closings=(
        "Sincerely,|{name}, Acting Assistant Secretary, Bureau of Legislative Affairs.",
        "Sincerely,|{name},|Senior Bureau Official,|Bureau of Legislative Affairs.",
    ),
    openings={
        "articles": (
            "Pursuant to Section 36(c) of the Arms Export Control Act, please find enclosed a certification of "
            "a proposed license amendment for the export of defense articles, including technical data, and "
            "defense services to {P} in the amount of $50,000,000 or more.",
            "Pursuant to Section 36(c) of the Arms Export Control Act, we are transmitting certification of a "
            "proposed license for the export of defense articles, including technical data and defense "
            "services, to {P} in the amount of $100,000,000 or more.",
        ),
        "mde": (
            "Pursuant to Section 36(c) of the Arms Export Control Act, please find enclosed a certification of "
            "a proposed license for the export of major defense equipment to {P} in the amount of $25,000,000 "
            "or more.",
        ),
        "firearms": (
            "Pursuant to Section 36(c) of the Arms Export Control Act, please find enclosed a certification of "
            "a proposed license for the export of firearms, parts, and components controlled under Category I "
            "of the U.S. Munitions List to {P} in the amount of $1,000,000 or more.",
            "Pursuant to Section 36(c) of the Arms Export Control Act, please find enclosed a certification of "
            "a proposed license for the export of firearms, parts, and components abroad controlled under "
            "Category I of the U.S. Munitions List in the amount of $1,000,000 or more.",
        ),
        "manufacture": (
            "Pursuant to Section 36(d) of the Arms Export Control Act, please find enclosed a certification of "
            "a proposed license for the manufacture of significant military equipment abroad and the export of "
            "defense articles, including technical data, and defense services to {P} in the amount of "
            "$100,000,000 or more.",
        ),
    },
    intro="Section 36(f) of the Arms Export Control Act (22 U.S.C. 2776) requires that notifications to the "
    "Congress pursuant to sections 36(c) and 36(d) be published in the Federal Register in a timely manner. "
    "The following comprise recent such notifications and are published to give notice to the public.",
)
MANNERS = {"early": EARLY, "middle": MIDDLE, "newer": NEWER}

STATEMENTS = {
    "user": (
        "The transaction contained in the attached certification involves the export of {G} to {P} for end use "
        "by the {U}.",
        "The transaction contained in the attached certification involves the export to {P} of {G} for end use "
        "by the {U}.",
        "The transaction described in the attached certification involves the export of {G} to {P} for use by "
        "the {U}.",
        "The transaction contained in the attached certification involves the export of {G} to {P} for "
        "ultimate end-use by the {U}.",
        "The transaction contained in the attached certification involves the permanent export of {G} to {P}. "
        "The ultimate end user is the {U}.",
        "The transaction contained in the attached certification involves the sale of {G} to {P} for the use "
        "of the {U}.",
    ),
    "none": (
        "The transaction contained in the attached certification involves the export of {G} to {P}.",
        "The transaction contained in the attached certification involves the export to {P} of {G}.",
        "The transaction described in the attached certification involves the export of {G} to {P} for "
        "commercial resale.",
    ),
    "consignee": (
        "The transaction contained in the attached certification involves the export of {G} to {F} in {P} for "
        "ultimate end use by the {U}.",
        "The transaction contained in the attached certification involves the export of {G} to {F}, {P}, for "
        "end use by the {U}.",
        "The transaction contained in the attached certification involves the export of {G} to {F} of {P} for "
        "end use by the {U}.",
    ),
    "exporter": (
        "The proposed license would authorize {X} to export {G} to {P} for end use by the {U}.",
        "The transaction contained in the attached certification involves the export by {X} of {G} to {P} for "
        "use by the {U}.",
    ),
    "through": (
        "The transaction contained in the attached certification involves the export of {G} to {P}, through "
        "{F}, for ultimate end use by the {U}.",
    ),
}
MANUFACTURE = (
    "The transaction contained in the attached certification involves the transfer of {G} to {P} to support "
    "the manufacture of the articles there.",
    "The transaction contained in the attached certification involves the export of {G} to {P} for the "
    "manufacture of components.",
)
STANDARD = (
    "The United States Government is prepared to license the export of these items having taken into account "
    "political, military, economic, human rights, and arms control considerations.",
    "More detailed information is contained in the formal certification which, though unclassified, contains "
    "business information submitted to the Department of State by the applicant, publication of which could "
    "cause competitive harm to the United States firm concerned.",
)

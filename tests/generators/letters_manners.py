"""More manners of letters to Congress: roles in other sentences, other heads, other number lines.

Each statement says which cells it fills. ``{G}`` goods, ``{P}`` destination, ``{U}`` user, ``{F}`` a foreign
firm, ``{X}`` the exporter; wordings are own ones.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Statement:
    """One sentence (or two) on the transaction and the roles that it states; ``also`` allows a second form."""

    text: str
    roles: frozenset[str]
    also: str = ""


def _said(text: str, *roles: str, also: str = "") -> Statement:
    return Statement(text, frozenset(roles), also)


INVOLVES = "The transaction contained in the attached certification involves "
STATEMENTS = (
    _said(
        INVOLVES + "the export of {G} to {P} for end use by the {U}, with {F} as the foreign consignee.",
        "user",
        "consignee",
    ),
    _said(
        INVOLVES + "the export of {G} to the foreign consignee, {F}, in {P}. The end user is the {U}.",
        "user",
        "consignee",
    ),
    _said(
        INVOLVES + "the export of {G} by {X} of Newington, New Hampshire, to {P} for end use by the {U}.",
        "user",
        "exporter",
    ),
    _said("{X} proposes to export {G} to {P} for end use by the {U}.", "user", "exporter"),
    _said(
        INVOLVES + "the export of {G} to {F} in {P}. The articles will be used by the {U}.",
        "user",
        "consignee",
    ),
    _said(
        INVOLVES
        + "the export of {G} to {P} via {F}, an intermediate consignee, for ultimate end use by the {U}.",
        "user",
        "intermediary",
    ),
    _said(INVOLVES + "the export of {G} to {F} ({P}) for end use by the {U}.", "user", "consignee"),
    _said(INVOLVES + "the export of {G} for end use by the {U} in {P}.", "user", also=" in {P}"),
    _said(INVOLVES + "the export of {G} for ultimate end use by the {U} of {P}.", "user", also=" of {P}"),
    _said(INVOLVES + "the export of {G} to {P} to be used by the {U} for public security.", "user"),
    _said(
        INVOLVES
        + "the export of {G} to {P} for use by the {U} in counternarcotics operations in the Gulf of "
        "Mexico.",
        "user",
    ),
    _said(INVOLVES + "the export of {G} to {P}, for end-use by the {U}.", "user"),
    _said("This transaction involves the export of {G} to {P} for end use by the {U}.", "user"),
    _said("The attached certification concerns the export of {G} to {P} for end use by the {U}.", "user"),
    _said(INVOLVES + "the delivery of {G} to {P} for the {U}.", "user"),
    _said(INVOLVES + "the export of {G} to {P}.  The foreign end-user is the {U}.", "user"),
    _said(
        INVOLVES
        + "the export of {G} to {P}. The foreign consignee is {F}; the ultimate end user is the {U}.",
        "user",
        "consignee",
    ),
    _said(INVOLVES + "the export of {G}, valued at $2,345,678, to {P} for end use by the {U}.", "user"),
    _said(
        INVOLVES + "the export, by {X}, of {G} to {P} for ultimate end use by the {U}.", "user", "exporter"
    ),
    _said(INVOLVES + "the export of {G} from the United States to {P} for end use by the {U}.", "user"),
    _said(INVOLVES + "the temporary export of {G} to {P} for demonstration to the {U}."),
    _said(INVOLVES + "the export of {G} to {P} for commercial sale."),
    _said(INVOLVES + "the export of {G} to {P} for sale on the civilian market."),
    _said(INVOLVES + "the export of {G} to {P}. The end user has not been determined."),
    _said(
        INVOLVES + "the export of {G} to {P} (end user: {U}; foreign consignee: {F}).", "user", "consignee"
    ),
    _said(
        "The U.S. applicant, {X}, seeks to export {G} to {P} for the end use of the {U}.", "user", "exporter"
    ),
    _said(INVOLVES + "the export of {G} to {P} for the {U}'s use.", "user"),
    _said(INVOLVES + "the sale of {G} to {F} in {P} for delivery to the {U}.", "user", "consignee"),
)
OPENINGS = (
    (
        "In accordance with Section 36(c) of the Arms Export Control Act, I am transmitting herewith a certification "
        "of a proposed license for the export of firearms controlled under Category I of the United States Munitions "
        "List to {P} in the amount of $1,000,000 or more.",
        1_000_000,
        "I",
    ),
    (
        "Pursuant to Section 36(c) of the Arms Export Control Act, please find attached a certification of a proposed "
        "license for the export of firearms, parts, and components controlled under USML Category I in the amount of "
        "[$1,000,000] or more.",
        1_000_000,
        "I",
    ),
    (
        "Pursuant to sections 36(c) and (d) of the Arms Export Control Act, as amended, enclosed is a certification of a "
        "proposed license for the export of firearms controlled under Category I(b) of the U.S. Munitions List valued "
        "at $1 million or more.",
        1_000_000,
        "I(b)",
    ),
    (
        "Pursuant to Section 36(c) of the AECA, please find enclosed a certification of a proposed license for the "
        "export of defense articles and defense services in excess of $50,000,000.",
        50_000_000,
        None,
    ),
    (
        "Consistent with section 36(c) of the Arms Export Control Act, we hereby certify a proposed license for the "
        "export of firearms in the amount of $1,000,000 or more.",
        1_000_000,
        None,
    ),
    (
        "Pursuant to Section 36(c) of the Arms Export Control Act (22 U.S.C. 2776(c)), we are notifying Congress of a "
        "proposed license for the export of firearms controlled under Category I of the United States Munitions List.",
        None,
        "I",
    ),
)
HEADS = (
    "{D}|The Honorable Mike Sample,|Speaker of the House of Representatives.|{S}",
    "[{D}]|The Honorable Mike Sample, Speaker of the House of Representatives.|{S}",
    "Date: {D}|The Honorable Mike Sample, Speaker of the House of Representatives.|{S}",
    "[Date: {D}]|The Honorable Mike Sample, Speaker of the House of Representatives.|{S}",
    "{D}.|Hon. Jim Sample, Chairman, Committee on Foreign Relations, United States Senate, Washington, DC 20510.|{S}",
    "{D} The Honorable Mike Sample, Speaker of the House of Representatives. {S}",
    "The Honorable Mike Sample, Speaker of the House of Representatives.|{D}|{S}",
    "United States Department of State,|Washington, DC 20520.|{D}|The Honorable Mike Sample, Speaker of the House "
    "of Representatives.|{S}",
    "{D}|{S}",
)
SALUTATIONS = (
    "Dear Mr. Speaker:",
    "Dear Madam Speaker:",
    "Dear Mr. Chairman:",
    "Dear Madam Chairwoman:",
    "Dear Chairman Sample:",
    "Dear Speaker Sample:",
    "Dear Mr. Speaker;",
    "Dear Senator Sample:",
    "Dear Mr. President:",
)
CLOSINGS = (
    "Sincerely,|{name}, Senior Bureau Official, Bureau of Legislative Affairs.",
    "Sincerely yours,|{name}.",
    "Respectfully,|{name},|Assistant Secretary.",
    "Sincerely.|{name}, Acting Assistant Secretary.",
)
ENCLOSURES = (
    "Enclosure: Transmittal No. {n}.",
    "Enclosure:|Transmittal No. {n}|Certification of firm.",
    "Enclosures: As stated. (Transmittal No. {n})",
    "Transmittal Number: {n}",
    "TRANSMITTAL NO. {n}",
    "Enclosure: Transmittal No. {n} (unclassified).",
    "[Transmittal Number {n}]",
    "Encl: Transmittal {n}",
    "Enclosure: Transmittal No. {n}",
)
NUMBERS = (
    "DDTC {yy}-{seq:03}",
    "DDTC-{yy}-{seq:03}",
    "DDTC {yy}–{seq:03}",
    "DDTC {yy}—{seq:03}",
    "DDTC  {yy}-{seq:03}",
    "DDTC {yy}- {seq:03}",
    "DDTC No. {yy}-{seq:03}",
    "RSAT-{yy}-{four}",
    "RSAT {yy}-{four}",
)

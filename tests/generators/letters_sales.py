"""Arms sales notifications under section 36(b), as the Federal Register and the Record print them.

Own descriptions in the publisher's form of items (i) to (viii), with the firearms that hide inside packages
and the cells that follow.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from tests.generators.letters_layout import Setting, long_date, record_shell, register_shell

PURCHASERS = (
    ("Government of Mexico", "MX"),
    ("Mexico", "MX"),
    ("Government of the United Mexican States", "MX"),
    ("Kingdom of Saudi Arabia", "SA"),
    ("Government of the Republic of Korea", "KR"),
    ("Libya", "LY"),
    ("Government of Australia", "AU"),
    ("Taipei Economic and Cultural Representative Office in the United States (TECRO)", "TW"),
    ("Government of the United Kingdom", "GB"),
    ("Republic of Colombia", "CO"),
)


@dataclass(frozen=True)
class Hidden:
    """Firearms inside a package: text with its count in words or digits, the item, class and number."""

    text: str
    item: str
    weapon_class: str
    quantity: int


HIDDEN = (
    Hidden("thirty-six (36) M134 7.62mm Machine Guns", "M134 7.62mm Machine Guns", "machine_guns", 36),
    Hidden("12 M-240D machine guns", "M-240D machine guns", "machine_guns", 12),
    Hidden(
        "twelve (12) GAU-21 .50 caliber machine guns", "GAU-21 .50 caliber machine guns", "machine_guns", 12
    ),
    Hidden("4,500 M4A1 5.56mm carbines", "M4A1 5.56mm carbines", "rifles_carbines", 4500),
    Hidden("two hundred (200) M203 40mm grenade launchers", "M203 40mm grenade launchers", "launchers", 200),
    Hidden("500 M9 9mm pistols", "M9 9mm pistols", "pistols_revolvers", 500),
    Hidden("24 M2 .50 caliber machine guns", "M2 .50 caliber machine guns", "machine_guns", 24),
)
CARRIERS = (
    "18 UH-60M Black Hawk Helicopters in standard configuration",
    "eight (8) MH-60R Multi-Mission Helicopters",
    "3,335 High Mobility Multi-Purpose Wheeled Vehicles (HMMWVs)",
    "six (6) CH-47F helicopters with fourteen (14) T55-GA-714A engines",
)
PLAIN = (
    "five (5) Boeing 737-800 aircraft, spare and repair parts, and personnel training",
    "follow-on support for C-130 aircraft, including spares and technical assistance",
    "100 AIM-9X missiles, containers, and test equipment",
)


@dataclass
class Sale:
    """The cells of one notification and of the items inside it."""

    ref: str
    ref_raw: str
    purchaser: str
    code: str
    value: int | None
    day: date
    hidden: tuple[Hidden, ...]


@dataclass
class SalesDocument:
    """A document with its sales in order."""

    name: str
    content: bytes
    media_type: str
    sales: list[Sale]


def _millions(rng: random.Random) -> tuple[str, int]:
    if rng.random() < 0.2:
        return "$1.20 billion", 1_200_000_000
    amount = rng.choice(("680", "225", "98.4", "110", "1,150"))
    return f"${amount} million", int(float(amount.replace(",", "")) * 1_000_000)


def _value_lines(rng: random.Random, total: str) -> list[str]:
    star = rng.choice(("*", " *"))
    word = rng.choice(("Total", "TOTAL"))
    if rng.random() < 0.5:
        return [
            f"    (ii) {rng.choice(('Total Estimated Value', 'Total estimated value'))}:",
            "",
            f"Major Defense Equipment{star}{'.' * 17}  $50 million",
            f"Other{'.' * 34}  $30 million",
            " " * 41 + "-" * 30,
            f"  {word}{'.' * 32}  {total}{rng.choice(('', '.'))}",
            " ",
        ]
    return [
        "    (ii) Total Estimated Value:",
        f"    Major Defense Equipment{star} $50 million",
        "    Other $30 million",
        f"    {word} {total}",
    ]


def _items(rng: random.Random, setting: Setting, number: str, day: date) -> tuple[list[str], Sale]:
    purchaser, code = rng.choice(PURCHASERS)
    hidden = tuple(rng.sample(HIDDEN, rng.choice((0, 1, 1, 2))))
    if hidden:
        inside = " and ".join(each.text for each in hidden)
        description = (
            f"{rng.choice(CARRIERS)}, {inside}, spare and repair parts, support equipment, publications, and other "
            "related elements of logistics and program support."
        )
        if rng.random() < 0.5:
            description = (
                "Major Defense Equipment (MDE): " + description + " Non-MDE: Also included are training."
            )
    else:
        description = rng.choice(PLAIN) + "."
    total, value = _millions(rng)
    lines = [
        f"    (i) {rng.choice(('Prospective Purchaser', 'Purchaser'))}: {purchaser}{rng.choice(('', '.'))}",
        *_value_lines(rng, total),
        *setting.paragraph(
            "(iii) Description and Quantity or Quantities of Articles or Services under Consideration for "
            f"Purchase: {description}"
        ),
        "    (iv) Military Department: Army (XYZ)",
        "    (v) Prior Related Cases, if any: FMS Case ABC-$250M-11Jun12",
        *setting.paragraph("(vi) Sales Commission, Fee, etc., Paid, Offered, or Agreed to be Paid: None"),
        *setting.paragraph(
            "(vii) Sensitivity of Technology Contained in the Defense Article or Defense Services Proposed to be "
            "Sold: See Attached Annex."
        ),
        f"    (viii) Date Report Delivered to Congress: {long_date(day)}{rng.choice(('', '.'))}",
    ]
    prefix = number
    sale = Sale(f"DSCA {prefix}", prefix, purchaser, code, value, day, hidden)
    return lines, sale


def _policy(setting: Setting, sale: Sale) -> list[str]:
    lines = ["", "Policy Justification", ""]
    inside = ", ".join(each.text for each in sale.hidden) or "the articles"
    lines += setting.paragraph(
        f"{sale.purchaser} has requested a possible sale of {inside}. The proposed sale will support the foreign "
        "policy of the United States. There is a ranger training site in New Mexico and another at the Gulf of "
        "Mexico."
    )
    lines += setting.paragraph("The principal contractor will be Example Aircraft in Fort Worth, Texas.")
    return lines


def register_notice(seed: int, year: int) -> SalesDocument:
    """A Federal Register notice of one sale."""
    rng = random.Random(f"{seed}/sale")
    day = date(year, 1, 10) + timedelta(days=rng.randrange(330))
    number = f"{year % 100:02}-{rng.randrange(1, 99):02}"
    setting = Setting(rng, indent=4, markers=0.06)
    items, sale = _items(rng, setting, number, day)
    published = day + timedelta(days=40)
    plain = Setting(rng, indent=0, markers=0, hyphenate=0)
    heading = rng.choice(
        ("[Transmittal Nos. {n}]", "[Transmittal No. {n}]", "[Transmittal No. {n}, Docket ID]")
    )
    lines = [
        "=" * 71,
        "",
        "DEPARTMENT OF DEFENSE",
        "",
        "Office of the Secretary",
        "",
        heading.format(n=number),
        "",
        "",
        rng.choice(("36(b)(1) Arms Sales Notification", "Arms Sales Notification")),
        "",
        "AGENCY: Department of Defense, Defense Security Cooperation Agency.",
        "",
        "ACTION: Notice.",
        "",
        *plain.paragraph(
            "SUMMARY: The Department of Defense is publishing the unclassified text of a section 36(b)(1) arms "
            "sales notification. This is published to fulfill the requirements of section 155 of Public Law "
            "104-164 dated July 21, 1996."
        ),
        "",
        "FOR FURTHER INFORMATION CONTACT: Ms. A. Sample, (703) 555-0100.",
        *setting.paragraph(
            "The following is a copy of a letter to the Speaker of the House of Representatives, Transmittal "
            f"{number} with attached transmittal, policy justification, and Sensitivity of Technology."
        ),
        "",
        f"    Dated: {long_date(published - timedelta(days=4))}.",
        "Sample Person,",
        "Alternate OSD Federal Register Liaison Officer, Department of Defense.",
        "[GRAPHIC] [TIFF OMITTED] TN31JA14.000",
        "",
        f"Transmittal No. {number}",
        "Notice of Proposed Issuance of Letter of Offer Pursuant to Section ",
        "36(b)(1) of the Arms Export Control Act, as amended",
        *items,
        "    * As defined in Section 47(6) of the Arms Export Control Act.",
        *_policy(setting, sale),
        f"[FR Doc. {published.year}-{seed:05} Filed 1-30-14; 8:45 am]",
        "BILLING CODE 5001-06-P",
    ]
    name = f"{published.year}-{20000 + seed}.txt"
    return SalesDocument(name, register_shell(lines, published, name[:-4]), "text/plain", [sale])


def record_page(seed: int, year: int, count: int) -> SalesDocument:
    """A page of the Record with the letters and notices of ``count`` sales."""
    rng = random.Random(f"{seed}/record")
    day = date(year, 3, 1) + timedelta(days=rng.randrange(200))
    setting = Setting(rng, width=65, indent=7, hang=5, markers=0.05, marker="[[Page S{page}]]", page=1785)
    lines = ["                        ARMS SALES NOTIFICATION", ""]
    lines += Setting(rng, indent=2, markers=0).paragraph(
        "Mr. SAMPLE. Mr. President, section 36(b) of the Arms Export Control Act requires that Congress receive "
        "prior notification of certain proposed arms sales as defined by that statute."
    )
    made = []
    for n in range(count):
        number = f"{year % 100:02}-{10 + seed % 50 + n:02}"
        items, sale = _items(rng, setting, number, day - timedelta(days=2))
        total = f"${sale.value / 1_000_000:g} million" if sale.value else "$1 million"
        lines += [
            "",
            "                                                  Defense Security",
            "                                           Cooperation Agency,",
            "                                                   Arlington, VA.",
            "     Hon. Sample Chairman,",
            "     Chairman, Committee on Foreign Relations,",
            "     U.S. Senate, Washington, DC.",
        ]
        lines += setting.paragraph(
            "Dear Mr. Chairman: Pursuant to the reporting requirements of Section 36(b)(1) of the Arms Export "
            f"Control Act, as amended, we are forwarding herewith Transmittal No. {number} concerning the Army's "
            f"proposed Letter(s) of Offer and Acceptance to {sale.purchaser} for defense articles and services "
            f"estimated to cost {total}. After this letter is delivered to your office, we plan to issue a news "
            "release."
        )
        lines += [
            "           Sincerely,",
            "                                                  Sample Director,",
            "                                                        Director.",
            "       Enclosures.",
            "",
            f"                         transmittal no. {number}"
            if rng.random() < 0.3
            else f"                         Transmittal No. {number}",
            "",
            "       Notice of Proposed Issuance of Letter of Offer Pursuant to ",
            "     Section 36(b)(1) of the Arms Export Control Act, as amended",
            "",
            *items,
            *_policy(setting, sale),
        ]
        made.append(sale)
    lines += ["", "                          ____________________", ""]
    content = record_shell(lines, day, "Senate", "[Pages S1785-S1788]")
    return SalesDocument(f"CREC-{day}-pt1-PgS{seed}.htm", content, "text/html", made)

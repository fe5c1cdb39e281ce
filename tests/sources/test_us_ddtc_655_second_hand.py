"""Section 655 reports of another hand: titles close above the header, points that lead, blocks cut, notes below.

The three eras once more, set by a generator that knows nothing of the parser; every cell and every sum is compared.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

import pytest

from checks.reconcile import reconcile
from parsers.document import Document
from parsers.parsed import Parsed
from parsers.registry import load_source
from tests.generators.sheets import Sheet, column
from tests.sources.facts_655 import facts

SOURCE = load_source("us_ddtc_655")
NATIONS = {
    "Belize": "BZ", "Congo, Democratic Republic of the": "CD", "Mexico": "MX", "New Zealand": "NZ",
    "Trinidad and Tobago": "TT", "Taiwan": "TW",
}  # fmt: skip
ITEMS = (
    "Ammunition, rifle - caliber .223 and below", "Shotguns, 12 gauge (combat)", "Silencers, mufflers",
    "Pistol and revolver holsters, magazines, grips, and other components n.e.s.", "Cal .50 M2 HB machine guns",
)  # fmt: skip
ARTICLES = (
    ("I", "a", "Nonautomatic/Semiautomatic Firearms"), ("I", "b", "Fully Automatic Firearms"),
    ("I", "h", "Firearms components, parts, accessories, and attachments"), ("III", "a", "Ammunition"),
    ("III", "d", "Ammunition components"), ("VIII", "a", "Aircraft"),
)  # fmt: skip
TITLED = {
    "I": "Category I Firearms and Related Articles",
    "III": "Category III Ammunition and Ordnance",
    "XIV": "Category XIV Toxicological Agents, Including Chemical Agents, Biological Agents, and Equipment",
}

Fact = tuple[str, str, str | None, str | None, int | None, int]
"""Stage, country, description, code, quantity, value"""
Printed = tuple[str | None, str | None, str, str, int, bool | None]
"""Country, code, stage, measure, figure, whether the rows give it"""


@dataclass
class Report:
    content: bytes = b""
    facts: list[Fact] = field(default_factory=list)
    sums: list[Printed] = field(default_factory=list)


def _quantities(facts: list[Fact]) -> tuple[int, bool | None]:
    """The sum of the quantities, and whether there is anything to hold it against."""
    known = [fact[4] for fact in facts if fact[4] is not None]
    return sum(known), True if known else None


def item_lines(seed: int, *, leaders: bool, cut: bool, label: str) -> Report:
    chance, made = random.Random(seed), Report()
    sheet = Sheet(
        [
            column("Commodity", 50, 330), column("Quantity|Authorized", 330, 420, "right"),
            column("Dollar Value|Authorized", 420, 540, "right"),
        ],
        page=(612, chance.randint(300, 420)),
        running="Report by the Department of State pursuant to Section 655 of the Foreign Assistance Act",
    )  # fmt: skip
    sheet.title("Direct Commercial Sales Authorizations for Fiscal Year 2006")
    sheet.header()
    for name, code in NATIONS.items():
        printed = name.upper() if label.isupper() else name
        if sheet.room() < 4:
            sheet.turn()
        sheet.text(50, sheet.y, printed, bold=True)
        sheet.y += 14
        own: list[Fact] = []
        for item in chance.sample(ITEMS, chance.randint(1, 4)):
            quantity, value = chance.choice([None, chance.randint(1, 99_999)]), chance.randint(1, 99_999_999)
            points = " " + "." * chance.randint(5, 12) if leaders else ""
            cells = [item + points, "" if quantity is None else f"{quantity:,}", f"${value:,}"]
            room = sheet.room()
            sheet.row(cells, cut=room if cut and 1 <= room < sheet.height(cells) else 0)
            own.append(("licensed", code, item, None, quantity, value))
        people, known = _quantities(own)
        total = sum(fact[5] for fact in own)
        sheet.row([label.format(printed), f"{people:,}" if known else "", f"${total:,}"], bold=True)
        made.sums += [(code, None, "licensed", "quantity", people, True)] if known else []
        made.sums.append((code, None, "licensed", "value", total, True))
        made.facts += own
    total = sum(fact[5] for fact in made.facts)
    sheet.row(["GRAND TOTAL", "", f"${total + 1:,}"], bold=True)
    made.sums.append((None, None, "licensed", "value", total + 1, False))
    sheet.note("Totals may not add because licenses amended after the close of the year")
    sheet.note("are shown in the year of their approval.")
    made.content = sheet.content()
    return made


def categories(seed: int, *, ruled: bool, once: bool, by_category: bool) -> Report:
    chance, made = random.Random(seed), Report()
    sheet = Sheet(
        [
            column("Country", 30, 140), column("USML|Category", 140, 200, "centre"),
            column("Subcategory", 200, 270, "centre"), column("Description", 270, 480),
            column("Quantity", 480, 560, "right"), column("Value", 560, 680, "right"),
        ],
        page=(792, chance.randint(300, 420)),
        ruled=ruled,
    )  # fmt: skip
    sheet.title("Section 655 Report - Direct Commercial Sales Licenses - FY 2014")
    sheet.header()

    def printed_sum(label: str, own: list[Fact], place: str | None, category: str | None) -> None:
        quantity, known = _quantities(own)
        value = sum(fact[5] for fact in own)
        sheet.row([label, "", "", "", f"{quantity:,}", f"${value:,}"], bold=True)
        made.sums.append((place, category, "licensed", "quantity", quantity, known))
        made.sums.append((place, category, "licensed", "value", value, True))

    for name, code in NATIONS.items():
        country: list[Fact] = []
        for category in ("I", "III", "VIII"):
            own: list[Fact] = []
            for roman, letter, text in ARTICLES:
                if roman != category or chance.random() < 0.3:
                    continue
                quantity, value = (
                    chance.choice([None, chance.randint(0, 9_999)]),
                    chance.randint(1, 9_999_999),
                )
                first = not (country or own)
                turned = sheet.room() < sheet.height(["", roman, letter, text, "1", "$1"])
                place = name if first or not once else f"{name} (cont.)" if turned else ""
                cells = [
                    place,
                    roman,
                    f"({letter})",
                    text,
                    "" if quantity is None else f"{quantity:,}",
                    f"${value:,}",
                ]
                sheet.row(cells)
                own.append(("licensed", code, text, f"{roman}({letter})", quantity, value))
            if by_category and len(own) > 1:
                printed_sum(f"{name} Category {category} Total", own, code, category)
            country += own
        if country:
            printed_sum(f"{name} Total", country, code, None)
            made.facts += country
    printed_sum("Grand Total", made.facts, None, None)
    made.content = sheet.content()
    return made


def licensed_and_shipped(seed: int, *, valign: str, blocks: bool) -> Report:
    chance, made = random.Random(seed), Report()
    columns = [
        column("Country", 40, 150), column("Category", 150, 330), column("Licensed|Value (USD)", 330, 440, "right"),
        column("Shipped|Value (USD)", 440, 560, "right"),
    ]  # fmt: skip
    sheet = Sheet(columns[blocks:], page=(612, chance.randint(300, 500)), valign=valign)
    sheet.title("Section 655 Report to Congress, Fiscal Year 2019")
    sheet.header()
    for name, code in NATIONS.items():
        if blocks:
            if sheet.room() < 4:
                sheet.turn()
            sheet.text(150, sheet.y, name, bold=True)
            sheet.y += 14
        own: list[Fact] = []
        for category in chance.sample(list(TITLED), chance.randint(1, 3)):
            licensed = chance.choice([None, chance.randint(0, 9_999_999)])
            shipped = chance.choice([0, chance.randint(1, 9_999_999)])
            figures = ["–" if licensed is None else f"${licensed:,}", f"${shipped:,}"]
            sheet.row([*([] if blocks else [name]), TITLED[category], *figures])
            own += [] if licensed is None else [("licensed", code, None, category, None, licensed)]
            own.append(("shipped", code, None, category, None, shipped))
        _both(sheet, made, own, [f"Total {name}", *([] if blocks else [""])], code)
        made.facts += own
    _both(sheet, made, made.facts, ["Grand Total", *([] if blocks else [""])], None)
    sheet.note("Shipped values are those reported by U.S. Customs and Border Protection.")
    made.content = sheet.content()
    return made


def _both(sheet: Sheet, made: Report, facts: list[Fact], labels: list[str], place: str | None) -> None:
    parts = {stage: [fact[5] for fact in facts if fact[0] == stage] for stage in ("licensed", "shipped")}
    sheet.row([*labels, *(f"${sum(own):,}" for own in parts.values())], bold=True)
    made.sums += [
        (place, None, stage, "value", sum(own), True if own else None) for stage, own in parts.items()
    ]


REPORTS = {
    "items": lambda seed: item_lines(seed, leaders=False, cut=False, label="Total, {}"),
    "items with leading points": lambda seed: item_lines(seed, leaders=True, cut=False, label="{} Total"),
    "items cut by page ends": lambda seed: item_lines(seed, leaders=False, cut=True, label="TOTAL {}"),
    "ruled categories": lambda seed: categories(seed, ruled=True, once=False, by_category=True),
    "ruled, country once": lambda seed: categories(seed, ruled=True, once=True, by_category=False),
    "unruled, country once": lambda seed: categories(seed, ruled=False, once=True, by_category=True),
    "unruled categories": lambda seed: categories(seed, ruled=False, once=False, by_category=False),
    "shipped": lambda seed: licensed_and_shipped(seed, valign="top", blocks=False),
    "shipped, centred": lambda seed: licensed_and_shipped(seed, valign="middle", blocks=False),
    "shipped, in blocks": lambda seed: licensed_and_shipped(seed, valign="middle", blocks=True),
}


def read(content: bytes) -> Parsed:
    parsed = SOURCE.parse(Document(content=content, media_type="application/pdf", name="655.pdf"))
    reconcile(parsed.records, parsed.totals, SOURCE.meta.totals)
    return parsed


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", REPORTS)
def test_every_cell_and_every_sum_is_exact(kind: str, seed: int) -> None:
    made = REPORTS[kind](40 + seed)
    parsed = read(made.content)
    assert (parsed.refused, parsed.rejects) == (None, [])
    assert facts(parsed.records, described=not kind.startswith("shipped")) == Counter(made.facts)
    sums = Counter(
        (t.scope.get("destination_country"), t.scope.get("control_code"), str(t.stage), str(t.measure), int(t.printed), t.agrees)
        for t in parsed.totals
    )  # fmt: skip
    assert sums == Counter(made.sums)


def test_a_row_behind_a_note_below_the_sum_of_everything_has_no_country_of_above() -> None:
    sheet = Sheet([column("Commodity", 50, 330), column("Quantity", 330, 420), column("Value", 420, 540)])
    sheet.title("Section 655 Report, Fiscal Year 2006")
    sheet.header()
    sheet.text(50, sheet.y, "Mexico", bold=True)
    sheet.y += 14
    sheet.row(["Rifles", "1", "$10"])
    sheet.row(["GRAND TOTAL", "1", "$10"])
    sheet.text(50, sheet.y, "Freedonia and the other lands of that region", bold=True)
    sheet.y += 14
    sheet.row(["Rifles", "2", "$20"])
    parsed = read(sheet.content())
    assert [(r.destination_country, r.value) for r in parsed.records] == [("MX", 10)]
    assert len(parsed.rejects) == 1

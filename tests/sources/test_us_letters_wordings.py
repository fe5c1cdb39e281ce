"""Letters to Congress in many manners, and the same certifications as both chambers print them, cell by cell.

The documents come from generators and from a table of letters written by hand; neither imports a parser.
"""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from parsers.document import Document
from parsers.parsed import Parsed
from parsers.record import Record
from parsers.registry import load_source
from tests.generators import letters_chambers, letters_other, letters_register
from tests.generators.letters_eras import STANDARD
from tests.generators.letters_layout import Setting, long_date, register_shell
from tests.generators.letters_register import Letter, Notice

YEARS = {"early": 2004, "middle": 2014, "newer": 2021}
BY_HAND = Path(__file__).parents[1] / "generators" / "letters_by_hand.csv"
TITLE = (
    "Bureau of Political-Military Affairs, Directorate of Defense Trade Controls: Notifications to the Congress "
    "of Proposed Commercial Export Licenses"
)
SPEAKER = "The Honorable Nancy Sample, Speaker of the House of Representatives."


def parsed(name: str, content: bytes, media_type: str = "text/plain") -> Parsed:
    source = "us_ddtc_notices" if media_type == "text/plain" else "us_congress_communications"
    return load_source(source).parse(Document(content=content, media_type=media_type, name=name))


def by_row(page: Parsed) -> list[list[Record]]:
    """The records of each letter, in the order printed."""
    assert (page.refused, page.rejects, page.ignored) == (None, [], [])
    rows: dict[int, list[Record]] = defaultdict(list)
    for record in page.records:
        rows[record.row or 0].append(record)
    return [rows[row] for row in sorted(rows)]


def cells_of(records: list[Record]) -> dict[str, Any]:
    """What all records of a letter say together; equal in all of them but for the destination."""
    first = records[0]
    for record in records:
        assert (record.licence_ref, record.value, record.end_user_raw, record.item_description) == (
            first.licence_ref, first.value, first.end_user_raw, first.item_description
        )  # fmt: skip
    return {
        "ref": first.licence_ref,
        "ref_raw": first.licence_ref_raw,
        "day": first.event_date,
        "codes": sorted(record.destination_country or "" for record in records),
        "end_user": first.end_user_raw,
        "intermediary": first.intermediary_raw,
        "exporter": first.exporter_name,
        "items": first.item_description,
        "value": None if first.value is None else int(first.value),
        "category": first.control_code,
    }


def check_letter(letter: Letter, records: list[Record]) -> None:
    want = {name: getattr(letter, name) for name in cells_of(records) if name not in ("codes", "items")}
    want |= {"codes": sorted(letter.codes), "items": letter.goods.text}
    found = cells_of(records)
    if found["end_user"] == letter.end_user_also:
        want["end_user"] = letter.end_user_also
    assert found == want, letter.paragraphs
    assert {record.consignee_raw for record in records} == {letter.consignee}, letter.paragraphs
    if letter.goods.weapon_class and letter.category != "I(b)":  # I(b) tells the class by itself
        assert (records[0].weapon_class.value, records[0].quantity) == (
            letter.goods.weapon_class, letter.goods.quantity
        ), letter.paragraphs  # fmt: skip


def check_notice(notice: Notice) -> None:
    rows = by_row(parsed(notice.name, notice.content))
    assert len(rows) == len(notice.letters)
    for letter, records in zip(notice.letters, rows, strict=True):
        check_letter(letter, records)
        assert {record.published_on for record in records} == {notice.published}


@pytest.mark.parametrize("manner", YEARS)
@pytest.mark.parametrize("seed", [1, 2])
def test_letters_of_each_era_read_cell_by_cell(seed: int, manner: str) -> None:
    check_notice(letters_register.notice(seed, manner, YEARS[manner], 9))


@pytest.mark.parametrize("seed", range(6))
def test_letters_in_other_words_heads_and_number_lines_read_cell_by_cell(seed: int) -> None:
    check_notice(letters_other.notice(seed, (2012, 2019, 2022)[seed % 3], 9))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 160))
def test_many_letters_read_cell_by_cell(seed: int) -> None:
    manner = list(YEARS)[seed % 3]
    check_notice(letters_register.notice(seed, manner, YEARS[manner], 9))
    check_notice(letters_other.notice(seed, (2012, 2019, 2022)[seed % 3], 9))


# -- letters written by hand ---------------------------------------------------------------------------------


def by_hand() -> list[dict[str, str]]:
    with BY_HAND.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def notice_of(letters: list[list[str]], setting: Setting) -> bytes:
    lines = [
        "DEPARTMENT OF STATE",
        "",
        *Setting(setting.rng, indent=0, hyphenate=0, markers=0).paragraph(TITLE),
    ]
    for paragraphs in letters:
        lines.append("")
        for paragraph in paragraphs:
            lines += setting.paragraph(paragraph)
    return register_shell(lines, date(2023, 2, 15), "2023-03170")


@pytest.mark.parametrize("seed", [1, 2])
def test_letters_written_by_hand_read_cell_by_cell(seed: int) -> None:
    """``?`` in the table is not compared: the words leave more than one reading."""
    told = by_hand()
    days = [date(2021, 1, 4) + timedelta(days=n) for n in range(len(told))]
    letters = [
        [
            long_date(day),
            SPEAKER,
            f"Dear Madam Speaker: {row['opening']}",
            row["transaction"],
            *STANDARD,
            "Sincerely,",
            "A. Sample, Assistant Secretary, Bureau of Legislative Affairs.",
            f"Enclosure: Transmittal No. DDTC 21-{number:03}",
        ]
        for number, (row, day) in enumerate(zip(told, days, strict=True), start=1)
    ]
    rows = by_row(
        parsed("x.txt", notice_of(letters, Setting(random.Random(seed), markers=0.05, hyphenate=0.5)))
    )
    assert len(rows) == len(told)
    for number, (row, day, records) in enumerate(zip(told, days, rows, strict=True), start=1):
        first, found = records[0], cells_of(records)
        found |= {
            "consignee": first.consignee_raw,
            "quantity": None if first.quantity is None else int(first.quantity),
            "weapon_class": first.weapon_class.value,
            "amends": first.verbatim.get("amends"),
        }
        assert (found["ref"], found["day"]) == (f"DDTC 21-{number:03}", day)
        assert found["codes"] == sorted(row["countries"].split()), row
        for name in set(row) - {"opening", "transaction", "countries"}:
            if row[name] != "?":
                assert str(found[name] or "").rstrip(".") == row[name].rstrip("."), (name, row)


# -- shapes of a notice ----------------------------------------------------------------------------------------

OPENING = (
    "Pursuant to Section 36(c) of the Arms Export Control Act, please find enclosed a certification of a proposed "
    "license for the export of firearms, parts, and components controlled under Category I of the U.S. Munitions "
    "List to {C} in the amount of $1,000,000 or more."
)
BODY = "The transaction contained in the attached certification involves the export of {G} to {C} for end use by the {U}."
TEXT = (OPENING, BODY, *STANDARD)
END = "Enclosure: Transmittal No. {N}"
SHAPES: dict[str, tuple[str, ...]] = {
    "number under the letter": ("{D}", SPEAKER, "Dear Madam Speaker:", *TEXT, "Sincerely,", "A. Sample.", END),
    "number above the letter": ("Transmittal No. {N}", "{D}", SPEAKER, "Dear Madam Speaker:", *TEXT, "Sincerely,", "A. Sample."),
    "number and country as heading": ("{N}", "{C}", "{D}", SPEAKER, "Dear Madam Speaker:", *TEXT, "Sincerely,", "A. Sample."),
    "number between date and addressee": ("{D}", "Transmittal No. {N}", SPEAKER, "Dear Madam Speaker:", *TEXT, "Sincerely,", "A. Sample."),
    "number in the text": ("{D}", SPEAKER, "Dear Madam Speaker:", OPENING[:-1] + " (Transmittal No. {N}).", BODY, *STANDARD, "Sincerely,", "A. Sample."),
    "addressee at the end": ("United States Department of State", "{D}", "Dear Mr. Speaker:", *TEXT, "Sincerely,", "A. Sample,", END, SPEAKER),
    "addressee before the enclosure": ("{D}", "Dear Mr. Speaker:", *TEXT, "Sincerely,", "A. Sample,", SPEAKER, END),
    "no salutation": ("{D}", SPEAKER, *TEXT, "Sincerely,", "A. Sample,", END),
    "neither salutation nor addressee": ("{D}", *TEXT, END),
    "notification number": ("Please find enclosed the following notification from the Department of State.", "Department Notification Number: {N}", "Date: {D}", *TEXT, "Sincerely,", "A. Sample."),
    "one paragraph": ("{D} " + SPEAKER + " Dear Madam Speaker: " + " ".join(TEXT) + " Sincerely, A. Sample. " + END,),
    "capitals": ("{D}", SPEAKER.upper(), "DEAR MADAM SPEAKER:", *TEXT, "SINCERELY,", "A. SAMPLE.", END.upper().replace("{N}", "{N}")),
    "other dates inside": ("{D}", SPEAKER, "Dear Madam Speaker:", OPENING, BODY + " The license will expire on March 31, 2025.", *STANDARD, "Sincerely,", "A. Sample.", END),
    "two addressees": ("{D}", SPEAKER, "The Honorable Bob Sample, Chairman, Committee on Foreign Relations.", "Dear Madam Speaker and Mr. Chairman:", *TEXT, "Sincerely,", "A. Sample.", END),
    "number twice": ("{D}", SPEAKER, "Dear Madam Speaker:", *TEXT, "Sincerely,", "A. Sample.", END, "Certification of Proposed License: Transmittal No. {N}; date {D}; destination: {C}."),
}  # fmt: skip
DEALS = (
    ("Mexico", "MX", "5.56mm automatic rifles", "Mexican Navy"),
    ("Canada", "CA", "9mm pistols", "Canadian Army"),
    ("Mexico", "MX", "12-gauge shotguns", "Federal Police"),
    ("Oman", "OM", "machine guns", "Royal Oman Police"),
)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("width", [40, 72])
def test_a_notice_in_another_shape_keeps_each_letter_whole(shape: str, width: int) -> None:
    letters, want = [], []
    for number, (country, code, goods, user) in enumerate(DEALS, start=1):
        day = date(2021, 1, 3 + number)
        fill = {"D": long_date(day), "N": f"DDTC 21-{number:03}", "C": country, "G": goods, "U": user}
        letters.append([part.format(**fill) for part in SHAPES[shape]])
        want.append((fill["N"], day, code, goods, user))
    setting = Setting(random.Random(shape), width=width, hyphenate=0.6, markers=0.05)
    rows = by_row(parsed("x.txt", notice_of(letters, setting)))
    assert [
        (r.licence_ref, r.event_date, r.destination_country, r.item_description, r.end_user_raw)
        for (r,) in rows
    ] == want


def test_a_date_under_the_letter_is_never_given_to_the_next_one() -> None:
    shape = ("Department Notification Number: {N}", *TEXT, "Sincerely,", "A. Sample.", "{D}")
    fills = [
        {"D": f"May {n}, 2021", "N": f"DDTC 21-00{n}", "C": "Mexico", "G": "rifles", "U": "Mexican Navy"}
        for n in (1, 2, 3)
    ]
    letters = [[part.format(**fill) for part in shape] for fill in fills]
    rows = by_row(parsed("x.txt", notice_of(letters, Setting(random.Random(1)))))
    assert [(r.licence_ref, r.event_date) for (r,) in rows] == [(fill["N"], None) for fill in fills]


def test_a_date_in_brackets_may_end_in_a_full_stop() -> None:
    shape = (
        "[{D}.]",
        "The Honorable A. Speaker.",
        *TEXT,
        "Sincerely,",
        "A. Sample.",
        "Enclosure: Transmittal No. {N}",
    )
    fills = [
        {"D": f"May {n}, 2019", "N": f"DDTC 18-00{n}", "C": "Mexico", "G": goods, "U": "Mexican Navy"}
        for n, goods in enumerate(("rifles", "pistols"), start=1)
    ]
    letters = [[part.format(**fill) for part in shape] for fill in fills]
    rows = by_row(parsed("x.txt", notice_of(letters, Setting(random.Random(1)))))
    assert [(r.licence_ref, r.event_date) for (r,) in rows] == [
        ("DDTC 18-001", date(2019, 5, 1)),
        ("DDTC 18-002", date(2019, 5, 2)),
    ]


def test_a_letter_without_pursuant_is_no_copy_of_another() -> None:
    """Two letters that begin otherwise are two; the same words to the other chamber are one."""

    def letter(to: str, opening: str, number: str) -> list[str]:
        return ["May 3, 2021", f"The Honorable {to}.", "Dear Sir:", opening, BODY.format(G="rifles", C="Mexico", U="Mexican Navy"),
                "Sincerely,", "A. Sample.", f"Enclosure: Transmittal No. {number}"]  # fmt: skip

    opening = "As section 36(c) of the Arms Export Control Act demands, I certify a proposed license for {}."
    letters = [
        letter("A. Speaker", opening.format("rifles"), "DDTC 21-001"),
        letter("A. Speaker", opening.format("carbines"), "DDTC 21-002"),
        letter("B. Chairman", opening.format("carbines"), "DDTC 21-002"),
    ]
    page = parsed("x.txt", notice_of(letters, Setting(random.Random(1), hyphenate=0, markers=0)))
    assert [r.licence_ref for r in page.records] == ["DDTC 21-001", "DDTC 21-002"]
    assert page.ignored_by_rule() == {"copy_to_other_chamber": 1}


# -- both chambers -----------------------------------------------------------------------------------------------

Maker = Callable[[int, str, int], letters_chambers.ChamberDocument]


def page_of(seed: int, chamber: str, year: int) -> letters_chambers.ChamberDocument:
    return letters_chambers.record_page(seed, chamber, year, 5)


@pytest.mark.parametrize("make", [page_of, letters_chambers.api_item])
@pytest.mark.parametrize("chamber", ["House", "Senate"])
@pytest.mark.parametrize("year", [2005, 2013, 2024])
@pytest.mark.parametrize("seed", [1, 2])
def test_certifications_of_both_chambers_read_cell_by_cell(
    make: Maker, chamber: str, year: int, seed: int
) -> None:
    made = make(seed, chamber, year)
    page = parsed(made.name, made.content, made.media_type)
    assert (page.refused, page.rejects) == (None, [])
    found: dict[str | None, list[Record]] = defaultdict(list)
    for record in page.records:
        found[record.licence_ref].append(record)
    assert set(found) == {each.ref for each in made.certifications}
    for each in made.certifications:
        cells = cells_of(found[each.ref])
        assert cells == {
            "ref": each.ref, "ref_raw": each.ref_raw, "day": each.day, "codes": sorted(each.codes), "end_user": None,
            "intermediary": None, "exporter": None, "items": each.item, "value": each.value, "category": each.category,
        }  # fmt: skip

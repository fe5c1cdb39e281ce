"""Letters, communications, resolutions and sales of 2001 to 2026 written by hand, in the shells of their years."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date

import pytest

from parsers.document import Document
from parsers.record import Record
from parsers.registry import load_source
from tests.generators import letters_sets
from tests.generators.letters_sets import Letter, Notice, Page

SETS = sorted(path.stem for path in letters_sets.FOLDER.glob("notices_*.txt"))
NOTICES = [
    pytest.param(each, id=f"{name}-{each.number}") for name in SETS for each in letters_sets.notices(name)
]


def text(cell: object) -> str:
    return "" if cell is None else str(cell).rstrip(".")


def cells_of(record: Record) -> dict[str, str]:
    return {
        "usd": text(None if record.value is None else int(record.value)),
        "cat": text(record.control_code),
        "items": text(record.item_description),
        "qty": text(None if record.quantity is None else int(record.quantity)),
        "class": record.weapon_class.value,
        "end_user": text(record.end_user_raw),
        "consignee": text(record.consignee_raw),
        "intermediary": text(record.intermediary_raw),
        "exporter": text(record.exporter_name),
        "amends": text(record.verbatim.get("amends")),
    }


def check(letter: Letter, records: list[Record]) -> None:
    first = records[0]
    assert (first.licence_ref, first.event_date) == (letter.ref, letter.on)
    codes = {record.destination_country for record in records} - {None}
    told = {code for code in letter.codes if not code.startswith("?")}
    assert told <= codes <= told | {code[1:] for code in letter.codes}, letter.paragraphs
    found = cells_of(first)
    want = {name: letter.cells.get(name, "?" if name == "class" else "").rstrip(".") for name in found}
    for record in records:
        assert {k: v for k, v in cells_of(record).items() if want[k] != "?"} == {
            k: v for k, v in want.items() if v != "?"
        }, letter.paragraphs


@pytest.mark.parametrize("notice", NOTICES)
@pytest.mark.parametrize("seed", [1, 2])
def test_letters_written_before_the_parser_ran_read_cell_by_cell(notice: Notice, seed: int) -> None:
    document = Document(
        content=letters_sets.content(notice, seed), media_type="text/plain", name=f"{notice.number}.txt"
    )
    page = load_source("us_ddtc_notices").parse(document)
    assert (page.refused, page.rejects, page.ignored) == (None, [], [])
    rows: dict[int, list[Record]] = defaultdict(list)
    for record in page.records:
        rows[record.row or 0].append(record)
    assert len(rows) == len(notice.letters)
    for letter, row in zip(notice.letters, sorted(rows), strict=True):
        check(letter, rows[row])


PAGES = [
    pytest.param(each, id=f"{path.stem}-{each.chamber}")
    for path in sorted(letters_sets.FOLDER.glob("record_*.txt"))
    for each in letters_sets.pages(path.stem)
]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("seed", [1, 2])
def test_every_certification_of_a_page_is_read_and_no_other_entry(page: Page, seed: int) -> None:
    content = letters_sets.page_content(page, seed)
    parsed = load_source("us_congress_communications").parse(
        Document(content=content, media_type="text/html", name="x.htm")
    )
    assert (parsed.refused, parsed.rejects) == (None, [])
    found: dict[str, list[Record]] = defaultdict(list)
    for record in parsed.records:
        assert record.event_date == page.on
        found[record.licence_ref or "none"].append(record)
    told = {ref: (codes, items, usd) for entry in page.entries for ref, codes, items, usd in entry.told}
    assert set(found) == set(told)
    for ref, (codes, items, usd) in told.items():
        first = found[ref][0]
        assert sorted(r.destination_country for r in found[ref] if r.destination_country) == codes, ref
        assert items in ("?", text(first.item_description)), ref
        assert usd in ("?", text(None if first.value is None else int(first.value))), ref


# Whom a letter that names Mexico in one place only means: namesakes never, every other form of the name always.
MEXICO = {
    "New Mexico Arms LLC, of Las Cruces, New Mexico": "",
    "a platform in the Gulf of Mexico": "",
    "the Mexican Gulf coast": "",
    "Golfo de México": "",
    "Mexico, Missouri": "",
    "Mexico (Missouri)": "",
    "Mexico, Mo.": "",
    "Mexico, Audrain County, Missouri": "",
    "the city of Mexico, in Missouri": "",
    "the Mexico, Missouri Police Department": "",
    "the New-Mexico State Police": "",
    "NEW MEXICO": "",
    "Nuevo México": "",
    "Santa Fe, NM": "",
    "Mexico, Maine; to Mexico, N.Y.": "",
    "Mexican Hat, Utah": "",
    "New Mexican law enforcement": "",
    "the government of New Mexico": "",
    "Mexican-American dealers in Texas": "",
    "MEXICO": "MX",
    "Méjico": "MX",
    "the United Mexican States": "MX",
    "the Mexican Republic": "MX",
    "Oman and the Mexican Republic": "MX OM",
    "the Estados Unidos Mexicanos": "MX",
    "Mexico (D.F.)": "MX",
    "Mexico City": "MX",
    "Ciudad de México": "MX",
    "Monterrey, N.L., Mexico": "MX",
    "Mexico's Navy": "MX",
    "the Mexican military": "MX",
    "Mexican law enforcement": "MX",
    "the Mexican state of Jalisco": "MX",
    "the State of Mexico, Mexico": "MX",
    "a commercial reseller in Hermosillo, Sonora, Mexico": "MX",
    "wholesalers and gun shops in Mexico": "MX",
    "Mexico and New Mexico": "MX",
    "Mexico via New Mexico": "MX",
    "Mexico/Guatemala": "GT MX",
    "Mexico and/or Canada": "CA MX",
    "Spain for subsequent delivery to the Mexican Navy": "MX",
    "Mexico, Canada, and the State of New Mexico": "CA MX",
    "Germany for resale in Mexico": "MX",
    "X GmbH in Germany for resale in Germany, Austria and Mexico": "AT DE MX",
    "X S.A. in Spain for sale on the commercial market in Mexico": "MX",
    "Brazil for resale on the Mexican market": "MX",
    "Belgium for final assembly in Mexico": "MX",
    "Panama for sale to gun shops in Mexico and Honduras": "HN MX PA",
    "Canada for private security companies in Mexico": "CA MX",
    "Canada for the training of forces in Mexico": "CA MX",
    "Mexican gun importers": "MX",
    "Mexican ranchers and Guatemala": "GT MX",
    "Spain, with final destination Mexico": "MX",
    "Spain destined for Mexico": "MX",
    "Spain destined for the Mexican Navy": "MX",
    "Example GmbH in Germany, whose ultimate destination is Mexico": "MX",
    "Canada for resale in Mexico, Missouri": "CA",
    "Guatemala and the Mexican Navy": "GT MX",
    "Canada, Colombia, and Mexican law enforcement agencies": "CA CO MX",
    "Guatemala, Belize and the Mexican states of Chiapas and Tabasco": "BZ GT MX",
    "the Colombian Army and the Mexican Navy": "CO MX",
    "the Government of Guatemala and to the Mexican Secretariat of the Navy": "GT MX",
    "the Mexican Secretariat of the Navy and to the Government of Guatemala": "GT MX",
    "Canada and Mexico's Secretariat of the Navy": "CA MX",
    "Colombia for end use by the Colombian Army and the Mexican Navy": "CO MX",
    "Panama for end use by the Colombian Army and the Mexican Navy": "CO MX",
    "Canada for the training of troopers in New Mexico": "CA",
    "units along the U.S.-Mexico border": "",
    "Canada for units along the U.S.-Mexico border": "CA",
    "the Secretaría de Marina": "MX",
    "the Secretaria de la Defensa Nacional": "MX",
    "the Secretaría de Seguridad Pública of Nuevo León in Monterrey": "MX",
    "the State Police of Tamaulipas": "MX",
    "the Police Department of Sonora, Texas": "",
    "the Secretaría de Defensa Nacional of Honduras": "HN",
    "Belgium to support the manufacture of rifles for Mexico": "BE MX",
    "Belgium to support the manufacture of rifles for Canada and Mexico": "BE CA MX",
    "Belgium to support the manufacture of rifles for Mexico, Missouri": "BE",
    "Spain for purchase by the Government of Mexico": "MX",
    "Canada for Mexico-based customers": "CA MX",
    "Canada for the Mexico City metro police": "CA MX",
    "Italy for display at the Mexico pavilion": "IT",
    "Chile for New Mexico Arms": "CL",
    "Panama for resale to state and municipal police forces in Mexico": "MX",
}


@pytest.mark.parametrize("whom", MEXICO)
def test_mexico_is_found_in_every_form_and_its_namesakes_never(whom: str) -> None:
    first = letters_sets.notices("notices_3")[1]
    letter = Letter("October 3, 2013", "Transmittal No. DDTC 13-124", [
        "Pursuant to Section 36(c) of the Arms Export Control Act, please find enclosed a certification of a proposed "
        "license for the export of firearms in the amount of $1,000,000 or more.",
        f"The transaction contained in the attached certification involves the export of rifles to {whom}.",
    ])  # fmt: skip
    notice = Notice(first.number, first.published, first.frame, [letter])
    document = Document(content=letters_sets.content(notice, 1), media_type="text/plain", name="x.txt")
    page = load_source("us_ddtc_notices").parse(document)
    assert (page.refused, page.rejects) == (None, [])
    assert " ".join(sorted(record.destination_country or "" for record in page.records)) == MEXICO[whom]


# How a letter's number stands beside its date, where the notice prints it above the letter.
HEADS = (
    "{day} (Transmittal No. {number})", "{day} (Transmittal No. {number}.)", "{day}. (Transmittal No. {number})",
    "{day} [Transmittal No. {number}]", "{day}, Transmittal No. {number}", "{day} -- Transmittal No. {number}",
    "{day}    Transmittal Number: {number}", "{day}|Transmittal No. {number}", "{day}|(Transmittal No. {number})",
    "Transmittal No. {number}|{day}", "Transmittal No. {number}, {day}", "(Transmittal No. {number}) {day}",
)  # fmt: skip


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("is_enclosed", [True, False])
def test_a_number_beside_the_date_takes_it_from_no_letter(head: str, is_enclosed: bool) -> None:
    first = letters_sets.notices("notices_18")[1]
    days = {
        "DDTC 078-09": "September 3, 2009",
        "DDTC 085-09": "October 1, 2009",
        "DDTC 091-09": "October 22, 2009",
    }
    written = [
        Letter(
            "\n".join(head.format(day=day, number=number).split("|")),
            f"Transmittal No. {number}" if is_enclosed else "-",
            first.letters[0].paragraphs,
        )
        for number, day in days.items()
    ]
    notice = Notice(first.number, first.published, first.frame, written)
    document = Document(content=letters_sets.content(notice, 1), media_type="text/plain", name="x.txt")
    page = load_source("us_ddtc_notices").parse(document)
    assert (page.refused, page.rejects, page.ignored) == (None, [], [])
    assert [(record.licence_ref, record.event_date) for record in page.records] == [
        ("DDTC 09-078", date(2009, 9, 3)), ("DDTC 09-085", date(2009, 10, 1)), ("DDTC 09-091", date(2009, 10, 22)),
    ]  # fmt: skip


# -- resolutions and sales: documents/, each written before its parser was run ----------------------------------

DOCUMENTS = letters_sets.FOLDER / "documents"


def expected() -> dict[str, list[dict[str, str]]]:
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    with (DOCUMENTS / "expected.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            rows[row.pop("document")].append(row)
    return rows


@pytest.mark.parametrize("name", expected())
def test_resolutions_and_sales_give_exactly_their_licences_and_arms(name: str) -> None:
    source = "us_congress_resolutions" if name.startswith("BILLS") else "us_dsca_notices"
    media_type = {".htm": "text/html", ".xml": "text/xml", ".txt": "text/plain"}[name[-4:]]
    page = load_source(source).parse(
        Document(content=(DOCUMENTS / name).read_bytes(), media_type=media_type, name=name)
    )
    assert (page.refused, page.rejects) == (None, [])
    found = [
        {
            "grain": record.grain.value,
            "ref": text(record.licence_ref),
            "day": text(record.event_date),
            "country": text(record.destination_country),
            "value": text(None if record.value is None else int(record.value)),
            "item": text(record.item_description),
            "class": record.weapon_class.value,
            "quantity": text(None if record.quantity is None else int(record.quantity)),
            "consignee": text(record.consignee_raw),
            "end_user": text(record.end_user_raw),
        }
        for record in page.records
    ]
    want = sorted(expected()[name], key=lambda row: (row["grain"], row["item"]))
    found.sort(key=lambda row: (row["grain"], row["item"]))
    assert len(found) == len(want)
    for row, told in zip(found, want, strict=True):
        assert {k: v for k, v in row.items() if told[k] != "?"} == {
            k: v.rstrip(".") for k, v in told.items() if v != "?"
        }

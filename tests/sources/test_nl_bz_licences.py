"""Dutch licences: three date forms, renewals, final destinations; Mexico as origin is no export to Mexico."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, datetime
from decimal import Decimal

import pytest

from parsers.document import Document
from parsers.parsed import Parsed
from parsers.record import Record
from parsers.registry import load_source
from tests.generators import dutch
from tests.paths import SHARED, needs_shared

SOURCE = load_source("nl_bz_licences")
REAL = SHARED / "data" / "nl_licences" / "uitvoer_militaire_goederen_part1.csv"
HEADER = ",".join(dutch.HEADER)
CELLS = {
    "afgifte datum": "01/26/2007", "nummer": "26708648", "SGP": "ML1a", "CAT": "A08", "goederen omschrijving": "Kogelgeweer",
    "D/T": "D", "Verl.": "N", "V/N": "N", "U/D": "2", "T.v.v.": "", "land van bestemming": "MEXICO",
    "land van eindbestemming": "MEXICO", "oorsprong /herkomst": "NEDERLAND", "land van oorsprong": "", "waarde (€)": "30000",
    "verval datum": "01/31/2008",
}  # fmt: skip
TRANSIT = (
    "Datum aanvraag,Consent nummer,Aantal,Goederen omschrijving,land van herkomst,land van bestemming (**)"
)


def document(content: bytes | str) -> Document:
    raw = content if isinstance(content, bytes) else content.encode()
    return Document(content=raw, media_type="text/csv", name="lijst.csv")


def listed(*changes: dict[str, str]) -> Parsed:
    """Parse a list that holds the row CELLS with the given cells changed, a row each."""
    lines = [",".join(f'"{cell}"' for cell in {**CELLS, **change}.values()) for change in changes]
    return SOURCE.parse(document("\n".join([HEADER, *lines, ""])))


def licence(record: Record) -> dutch.Licence:
    assert record.exporter_country == "NL"
    assert record.event_date is not None
    return dutch.Licence(
        number=record.licence_ref or "",
        issued=record.event_date,
        category=record.control_code or "",
        goods=record.item_description or "",
        destination=record.destination_country,
        euros=None if record.value is None else int(record.value),
    )


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("pad", [0, 9])
def test_generated_list_in_any_order_gives_exactly_its_licences(seed: int, pad: int) -> None:
    made = dutch.make(seed, pad=pad, bom=seed == 0, end="\r\n" if seed % 2 else "\n")
    parsed = SOURCE.parse(document(made.content))
    assert parsed.rejects == []
    assert {licence(record) for record in parsed.records} == made.licences
    assert len(parsed.records) == len(made.licences) == len({r.transfer_id for r in parsed.records})


@pytest.mark.parametrize(
    ("printed", "day"),
    [("01/05/2004", date(2004, 1, 5)), ("05012004", date(2004, 1, 5)), ("5012004", date(2004, 1, 5)), ("3122003", date(2003, 12, 3)),
     ("1112003", date(2003, 11, 1)), ("11112003", date(2003, 11, 11)), (" 12/31/2009   ", date(2009, 12, 31))],
)  # fmt: skip
def test_three_date_forms_in_one_column(printed: str, day: date) -> None:
    assert [record.event_date for record in listed({"afgifte datum": printed}).records] == [day]


@pytest.mark.parametrize("printed", ["13/06/2008", "31132003", "311203", "4-7-2006", "38837", "", "0012004"])
def test_date_in_no_known_form_rejects_the_row(printed: str) -> None:
    parsed = listed({"afgifte datum": printed}, {})
    assert [(reject.row, reject.reason.split(" is ")[0]) for reject in parsed.rejects] == [(2, repr(printed))]


def test_renewal_repeats_the_number_and_is_a_transfer_of_its_own() -> None:
    first, renewed = listed({}, {"afgifte datum": "01/01/2008", "Verl.": "J"}).records
    assert first.licence_ref == renewed.licence_ref == "26708648"
    assert (first.event_date, renewed.event_date) == (date(2007, 1, 26), date(2008, 1, 1))
    assert first.transfer_id != renewed.transfer_id


def test_mexico_as_origin_is_not_a_destination() -> None:
    (record,) = listed({"land van bestemming": "TANZANIA", "land van eindbestemming": "TANZANIA", "oorsprong /herkomst": "MEXICO",
                        "land van oorsprong": "MEXICO", "U/D": "3"}).records  # fmt: skip
    assert (record.destination_country, record.exporter_country) == ("TZ", "NL")
    assert record.verbatim["oorsprong /herkomst"] == "MEXICO"


def test_final_destination_counts_and_not_where_the_goods_go_first() -> None:
    to_oman, to_mexico = listed(
        {"land van bestemming": "VK", "land van eindbestemming": "OMAN"}, {"land van bestemming": "VS"}
    ).records
    assert (to_oman.destination_country, to_oman.destination_country_raw) == ("OM", "OMAN")
    assert (to_mexico.destination_country, to_mexico.verbatim["land van bestemming"]) == ("MX", "VS")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("EU, NAVO, ZUID-AFRIKA", [(None, 30000), ("ZA", None)]),
        ("VS, MEXICO", [("US", 30000), ("MX", None)]),
        ("SPANJE, CH, BE", [("ES", 30000), ("CH", None), ("BE", None)]),
        ("Chili via België", [("CL", 30000)]),
        ("Mexico via België", [("MX", 30000)]),
        ("Diverse landen", [(None, 30000)]),
        ("VOORM. JOEGOSL. REPUBL. MACEDONIË", [("MK", 30000)]),
    ],
)
def test_several_destinations_are_a_record_each_with_the_value_once(
    cell: str, expected: list[tuple[str | None, int | None]]
) -> None:
    parsed = listed({"land van eindbestemming": cell})
    assert [(record.destination_country, record.value) for record in parsed.records] == expected
    assert {record.destination_country_raw for record in parsed.records} == {cell}
    assert len({record.transfer_id for record in parsed.records}) == len(expected)
    assert parsed.row_counts()["records"] == 1


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "NIEUW MEXICO",
        "New Mexico",
        "EU, ATLANTIS",
        "België via",
        "Mexico via Atlantis",
        "via België",
        "EU, NAVO, ?",
    ],
)
def test_destination_that_is_not_wholly_known_rejects_the_row(cell: str) -> None:
    parsed = listed({"land van eindbestemming": cell}, {})
    assert [reject.row for reject in parsed.rejects] == [2]
    assert [record.row for record in parsed.records] == [3]


@pytest.mark.parametrize(
    ("cell", "code"),
    [("ML15b", "ML15b"), ("ML3   ", "ML3"), ("ML8a24", "ML8a24"), ("ML2,6", "ML2,ML6"), ("ML21/5", "ML21,ML5"), ("ML2.ML6", "ML2,ML6"),
     ("Ml10,22", "ML10,ML22"), ("ML10b,d", "ML10b,ML10d"), ("ML10ab", "ML10a,ML10b"), ("M10", "ML10"), ("DIV", None), ("Diverse", None)],
)  # fmt: skip
def test_category_cell_of_one_several_or_no_code(cell: str, code: str | None) -> None:
    (record,) = listed({"SGP": cell}).records
    assert record.control_code == code
    assert record.verbatim["SGP"] == cell


@pytest.mark.parametrize("cell", ["", "ML", "ML23", "A08", "ML2,", "6,ML2", "ML2-6"])
def test_unknown_category_rejects_the_row(cell: str) -> None:
    assert [reject.row for reject in listed({"SGP": cell}).rejects] == [2]


@pytest.mark.parametrize(
    ("goods", "weapon_class"),
    [("Kogelgeweren, kalibers .300  en .416", "rifles_carbines"), ("Pistool, kaliber 9mm", "pistols_revolvers"), ("Machinegeweer 7,62", "machine_guns"),
     ("Revolver en kogelgeweer", "other_arms"), ("Loop, kaliber .223", "parts"), ("Vizierkijkers", "optics"), ("", "other_arms")],
)  # fmt: skip
def test_words_tell_the_class_where_the_category_cannot(goods: str, weapon_class: str) -> None:
    (record,) = listed({"goederen omschrijving": goods}).records
    assert record.weapon_class.value == weapon_class
    assert record.item_description == (goods or None)


@pytest.mark.parametrize(
    ("cell", "value"), [("1187", Decimal(1187)), ("0", Decimal(0)), ("12.50", Decimal("12.50")), ("", None)]
)
def test_value_is_read_in_euros_and_blank_is_null(cell: str, value: Decimal | None) -> None:
    (record,) = listed({"waarde (€)": cell}).records
    assert (record.value, record.currency) == (value, None if value is None else "EUR")


@pytest.mark.parametrize("cell", ["1.033.243", "1.250", "25,740", "30 000", "-5", "1e5", "€ 5", "onbekend"])
def test_odd_value_rejects_the_row(cell: str) -> None:
    parsed = listed({"waarde (€)": cell}, {})
    assert [(reject.row, repr(cell) in reject.reason) for reject in parsed.rejects] == [(2, True)]


@pytest.mark.parametrize(
    ("column", "cell"),
    [("U/D", "1"), ("U/D", ""), ("nummer", "2670864"), ("nummer", "26708648 A"), ("nummer", "")],
)
def test_unknown_direction_or_number_rejects_the_row(column: str, cell: str) -> None:
    assert [reject.row for reject in listed({column: cell}).rejects] == [2]


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (HEADER.replace("waarde (€)", "waarde"), "missing 'waarde (€)'; unknown 'waarde'"),
        (
            HEADER.replace("land van eindbestemming", "land van bestemming"),
            "'land van bestemming' more than once",
        ),
        (HEADER.replace("SGP,CAT", "CAT,SGP"), "another order"),
        (TRANSIT, "this is the list of transits"),
    ],
)
def test_changed_header_or_another_list_is_refused_with_what_differs(header: str, told: str) -> None:
    parsed = SOURCE.parse(document(f"{header}\n"))
    assert parsed.refused is not None
    assert told in parsed.refused


def test_lossy_bytes_are_refused_and_not_decoded_otherwise() -> None:
    parsed = SOURCE.parse(document(HEADER.encode() + b"\nBELGI\xcb\n"))
    assert parsed.refused is not None
    assert "not utf-8" in parsed.refused


def test_letters_that_change_no_field_stay_in_verbatim() -> None:
    (record,) = listed(
        {"D/T": "", "Verl.": "?", "V/N": "X", "T.v.v.": "31-02-2009", "verval datum": "38837"}
    ).records
    assert record.destination_country == "MX"
    assert (record.verbatim["Verl."], record.verbatim["verval datum"]) == ("?", "38837")


def test_list_without_a_row_is_refused() -> None:
    assert SOURCE.parse(document(f"{HEADER}\n")).refused is not None


def test_report_is_named_by_its_first_month_of_issue() -> None:
    parsed = listed({"afgifte datum": "31122009"}, {"afgifte datum": "5012004"}, {"afgifte datum": "?"})
    assert parsed.report_id == "nl_bz_licences/from-2004-01"
    assert SOURCE.meta.fetch.reports[0].key == "from-2004-01"


# --- the real list, against a selection by the csv module alone --------------------------------------------------


@pytest.fixture(scope="module")
def real() -> Parsed:
    return SOURCE.parse(Document.from_file(REAL))


@pytest.fixture(scope="module")
def real_lines() -> list[dict[str, str]]:
    with REAL.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@needs_shared
def test_real_list_has_every_row_accounted_for(real: Parsed, real_lines: list[dict[str, str]]) -> None:
    assert real.row_counts() == {"seen": 9199, "records": 9199, "rejects": 0, "totals": 0, "ignored": 0}
    assert sum(r.value for r in real.records if r.value is not None) == sum(
        int(line["waarde (€)"]) for line in real_lines
    )
    assert len({record.transfer_id for record in real.records}) == len(real.records)
    unplaced = Counter(r.destination_country_raw for r in real.records if r.destination_country is None)
    assert all(
        any(word in (raw or "") for word in ("EU", "EG", "EEG", "NAVO", "DIVERSE", "Demo", "VS-bases"))
        for raw in unplaced
    )


@needs_shared
def test_real_mexico_rows_are_exact(real: Parsed, real_lines: list[dict[str, str]]) -> None:
    expected = Counter(
        dutch.Licence(
            number=line["nummer"].strip(),
            issued=datetime.strptime(line["afgifte datum"].strip(), "%m/%d/%Y").date(),
            category=line["SGP"].strip(),
            goods=line["goederen omschrijving"].strip(),
            destination="MX",
            euros=int(line["waarde (€)"]),
        )
        for line in real_lines
        if line["land van eindbestemming"].strip().upper() == "MEXICO"
    )
    found = Counter(licence(record) for record in real.records if record.destination_country == "MX")
    assert found == expected
    assert sum(expected.values()) == 7
    assert (
        sum("MEXICO" in line["oorsprong /herkomst"].upper() for line in real_lines) == 9
    )  # none of them among the seven

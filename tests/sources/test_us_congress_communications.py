"""us_congress_communications: every numbered entry is kept or ignored by name; the API's list and item."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from parsers.document import Document
from parsers.parsed import Parsed
from parsers.record import DocumentError
from parsers.registry import IndexRef, ReportRef, load_source
from tests.generators import letters_record

SOURCE = load_source("us_congress_communications")
REAL = Path(__file__).parents[3] / "shared" / "data" / "us_congress_communications"
real = pytest.mark.skipif(not REAL.is_dir(), reason="the folder shared is not beside this checkout")
HOUSE = (SOURCE.folder / "sample" / "house-2005-07-20.htm").read_text("utf-8")


def parsed(text: str, name: str = "page.htm") -> Parsed:
    return SOURCE.parse(Document(content=text.encode(), media_type="text/html", name=name))


def item(**changes: object) -> str:
    cells: dict[str, object] = {
        "abstract": "A letter from the Senior Bureau Official, Department of State, transmitting Transmittal No. "
        "DDTC 20-056, pursuant to 22 U.S.C. 2776(c)(2)(C); to the Committee on Foreign Affairs.",
        "chamber": "House",
        "communicationNumber": 4321,
        "communicationType": {"code": "EC", "name": "Executive Communication"},
        "congressNumber": 116,
        "congressionalRecordDate": "2020-09-08",
    }
    cells.update(changes)
    return json.dumps({"houseCommunication": {k: v for k, v in cells.items() if v is not None}})


@real
@pytest.mark.parametrize("ending", ["htm", "json"])
def test_the_real_page_accounts_for_every_numbered_entry(ending: str) -> None:
    page = SOURCE.parse(Document.from_file(REAL / f"CREC-2005-07-20-pt1-PgH6202-4.{ending}"))
    assert page.refused is None and not page.rejects
    assert page.row_counts() == {"seen": 52, "records": 3, "rejects": 0, "totals": 0, "ignored": 49}
    found = [
        (r.licence_ref, r.licence_ref_raw, r.exporter_country, r.destination_country) for r in page.records
    ]
    assert found == [
        ("DDTC 05-016", "DDTC 016-05", "US", None),
        ("DDTC 05-023", "DDTC 023-05", "US", "JP"),
        ("RSAT 05-0001", "RSAT-01-05", "NL", "PT"),
    ]
    numbers = [int(r.verbatim["communication"][3:]) for r in page.records] + [
        int(re.match(r"\d+", i.raw).group())
        for i in page.ignored  # type: ignore[union-attr]
    ]
    assert sorted(numbers) == list(range(2891, 2943))
    assert page.report_id == "us_congress_communications/2005-07-20-house-H6202-H6204"


@real
def test_each_real_record_stands_at_the_line_of_its_number() -> None:
    page = SOURCE.parse(Document.from_file(REAL / "CREC-2005-07-20-pt1-PgH6202-4.htm"))
    lines = (REAL / "CREC-2005-07-20-pt1-PgH6202-4.htm").read_text().splitlines()
    assert [lines[r.row - 1].strip()[:5] for r in page.records if r.row] == ["2914.", "2915.", "2916."]


def test_a_missing_entry_is_reported_with_the_number_expected() -> None:
    without = re.sub(r" {7}2914\..*?(?= {7}2915)", "", HOUSE, flags=re.DOTALL)
    assert [reject.reason for reject in parsed(without).rejects] == [
        "the numbers of the communications do not run on: 2914 expected after line 23, 2915 found at line 27"
    ]


def test_a_page_that_lost_its_line_breaks_still_gives_every_entry() -> None:
    page = parsed(" ".join(HOUSE.split()).replace("[House]", "\n[House]\n").replace("[Pages", "\n[Pages", 1))
    again = parsed(HOUSE)
    assert page.row_counts()["seen"] == 5 and page.rejects == []
    assert [r.transfer_id for r in page.records] == [r.transfer_id for r in again.records]


def test_a_wrapped_line_that_begins_with_a_year_is_no_entry() -> None:
    assert "2004. Also" in HOUSE
    assert parsed(HOUSE).row_counts()["seen"] == 5


@pytest.mark.parametrize(
    "broken",
    [
        HOUSE.replace("[House]", ""),
        HOUSE.replace("July 20, 2005", "2005"),
        HOUSE.replace("July 20, 2005", "July 40, 2005"),
        HOUSE.replace("A letter", "x").replace(". ", " "),
        "<html><body>Service Unavailable</body></html>",
        "",
        "{}",
        "[1]",
        "{" * 5000,
        item(abstract=None),
        item(chamber=None),
        item(chamber="Assembly"),
        item(congressionalRecordDate=None),
        item(congressionalRecordDate="soon"),
    ],
)
def test_a_changed_structure_refuses_the_document_in_one_sentence(broken: str) -> None:
    page = parsed(broken)
    assert page.refused and not page.records and len(page.rejects) == 1


def test_bytes_that_are_no_text_are_refused() -> None:
    page = SOURCE.parse(Document(content=b"\xff\xfe\x00", media_type="text/html", name="x.htm"))
    assert page.refused == "not UTF-8 text: byte 0 cannot be decoded"


@pytest.mark.parametrize("name", ["house-communication", "houseCommunication", "senateCommunication"])
def test_an_api_item_under_any_of_its_names(name: str) -> None:
    cells = json.loads(item())["houseCommunication"]
    page = parsed(json.dumps({name: cells, "request": {"format": "json"}}))
    (record,) = page.records
    assert (record.licence_ref, str(record.event_date), record.row) == ("DDTC 20-056", "2020-09-08", 1)
    assert page.report_id == "us_congress_communications/116-house-ec-4321"


def test_keys_of_an_api_item_come_and_go() -> None:
    cells = json.loads(item(congressNumber=None, communicationNumber=None))["houseCommunication"]
    cells |= {"congress": 116, "number": "4321", "surprise": [1]}
    assert parsed(json.dumps({"house-communication": cells})).records[0].licence_ref == "DDTC 20-056"


@pytest.mark.parametrize(
    "gone", ["congressNumber", "communicationNumber", "communicationType", "communicationType as text"]
)
def test_an_api_item_needs_no_more_than_abstract_chamber_and_day(gone: str) -> None:
    key, _, text = gone.partition(" as ")
    page = parsed(item(**{key: "EC" if text else None}))
    (record,) = page.records
    assert (record.licence_ref, str(record.event_date)) == ("DDTC 20-056", "2020-09-08")
    assert record.transfer_id == parsed(item()).records[0].transfer_id
    assert "communication" not in record.verbatim
    assert page.report_id.startswith("us_congress_communications/2020-09-08-house-")
    other = parsed(
        item(**{key: None}, abstract="A letter from the Department of State, transmitting a report.")
    )
    assert other.report_id != page.report_id and other.ignored_by_rule() == {"other_state_communication": 1}


def test_the_list_names_reports_by_the_key_that_the_item_itself_has_and_never_a_secret() -> None:
    listed = {
        "houseCommunications": [
            {
                "chamber": "House",
                "communicationNumber": 4321,
                "communicationType": {"code": "EC", "name": "Executive Communication"},
                "congressNumber": 116,
                "url": "https://api.congress.gov/v3/house-communication/116/ec/4321?format=json&api_key=s3cret",
            }
        ],
        "pagination": {
            "count": 2,
            "next": "https://api.congress.gov/v3/house-communication/116/ec?offset=1&api_key=s3cret&format=json",
        },
    }
    index = Document(content=json.dumps(listed).encode(), media_type="application/json", name="list.json")
    assert SOURCE.find_reports(index) == [
        ReportRef(
            url="https://api.congress.gov/v3/house-communication/116/ec/4321?format=json",
            report_key="116-house-ec-4321",
        ),
        IndexRef("https://api.congress.gov/v3/house-communication/116/ec?offset=1&format=json"),
    ]


def test_a_list_that_is_an_error_message_says_so() -> None:
    answer = b'{"error": {"code": "API_KEY_MISSING", "message": "No api_key was supplied."}}'
    with pytest.raises(DocumentError, match="No api_key was supplied"):
        SOURCE.find_reports(Document(content=answer, media_type="application/json", name="list.json"))


def test_several_transmittals_in_one_entry_are_a_record_each() -> None:
    text = "transmitting certifications (Transmittal Nos. DDTC 14-033, 14-041 and RSAT 13-3590), pursuant to "
    page = parsed(item(abstract=f"A letter from the Department of State, {text}22 U.S.C. 2776(c)."))
    assert [r.licence_ref for r in page.records] == ["DDTC 14-033", "DDTC 14-041", "RSAT 13-3590"]
    assert len({r.transfer_id for r in page.records}) == 3


def test_an_amendment_keeps_the_number_that_it_amends_apart() -> None:
    text = (
        "certification of a proposed amendment to Transmittal No. DDTC 15-012 (Transmittal No. DDTC 19-050)"
    )
    page = parsed(item(abstract=f"A letter from the Department of State, transmitting {text}."))
    (record,) = page.records
    assert (record.licence_ref, record.verbatim["amends"]) == ("DDTC 19-050", "DDTC 15-012")


@pytest.mark.parametrize(
    ("abstract", "rule"),
    [
        ("A letter from the Director, Department of Energy, transmitting a report.", "other_agency"),
        ("A letter from the Department of State, transmitting a treaty.", "other_state_communication"),
        (
            "A letter from the Director, Defense Security Cooperation Agency, transmitting Transmittal No. 21-69, "
            "pursuant to 22 U.S.C. 2776(b)(1).",
            "foreign_military_sale",
        ),
    ],
)
def test_what_is_no_certification_is_ignored_by_name(abstract: str, rule: str) -> None:
    page = parsed(item(abstract=abstract))
    assert page.ignored_by_rule() == {rule: 1} and not page.records


def test_a_certification_without_a_number_is_kept_with_no_reference() -> None:
    text = "transmitting certification of a proposed license for the export of rifles to Mexico, pursuant to 22 U.S.C. 2776(c)."
    (record,) = parsed(item(abstract=f"A letter from the Department of State, {text}")).records
    assert (record.licence_ref, record.licence_ref_raw, record.destination_country) == (None, None, "MX")


@pytest.mark.parametrize("seed", range(150))
def test_every_entry_of_a_generated_page_is_kept_or_ignored_and_read_exactly(seed: int) -> None:
    text, truths, count = letters_record.record_page(seed)
    page = parsed(text)
    assert page.refused is None and page.rejects == [] and page.row_counts()["seen"] == count
    found = [
        (r.licence_ref, r.destination_country, r.exporter_country, r.event_date, r.value, r.consignee_raw)
        for r in page.records
    ]
    assert found == [
        (t.licence_ref, next(iter(t.countries), None), t.source or "US", t.event_date, t.value, t.consignee)
        for t in truths
    ]

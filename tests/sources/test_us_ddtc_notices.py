"""us_ddtc_notices: letters cut right and each field exact, on notices made by a generator that knows no parser."""

from __future__ import annotations

import json
from itertools import groupby

import pytest

from parsers.document import Document
from parsers.parsed import Parsed
from parsers.record import DocumentError, Record
from parsers.registry import IndexRef, ReportRef, load_source
from tests.generators import letters

SOURCE = load_source("us_ddtc_notices")
SAMPLE = (SOURCE.folder / "sample" / "2021-99901.txt").read_text("utf-8")
INTRO = "[FR Doc No: 2021-12345]\nNotifications to the Congress of Proposed Commercial Export Licenses\n\n"


def parsed(text: str) -> Parsed:
    return SOURCE.parse(Document(content=text.encode(), media_type="text/plain", name="notice.txt"))


def letter(
    transaction: str, general: str = "", enclosure: str = "Enclosure: Transmittal No. DDTC 20-001"
) -> str:
    return (
        f"{INTRO}June 30, 2020\n\nThe Honorable A. Example, Speaker of the House of Representatives.\n\n"
        "    Dear Madam Speaker: Pursuant to Section 36(c) of the Arms Export Control Act, please find\n"
        "enclosed a certification of a proposed license for the export of firearms, parts, and components\n"
        f"controlled under Category I of the U.S. Munitions List{general} in the amount of $1,000,000 or more.\n"
        f"    The transaction contained in the attached certification involves the {transaction}.\n"
        "    The U.S. government is prepared to license the export of these items.\n"
        f"    Sincerely,\nB. Example,\nActing Assistant Secretary.\n    {enclosure}\n"
    )


def one(transaction: str, general: str = "") -> Record:
    page = parsed(letter(transaction, general))
    assert not page.rejects, page.rejects[0].reason
    (record,) = page.records
    return record


def facts(records: list[Record]) -> letters.Truth:
    """What the records of one letter say, in the generator's terms."""
    first = records[0]
    listed = json.loads(first.verbatim.get("items", "[]"))
    return letters.Truth(
        licence_ref=first.licence_ref,
        countries=[r.destination_country for r in records if r.destination_country],
        event_date=first.event_date,
        exporter=first.exporter_name,
        consignee=first.consignee_raw,
        intermediary=first.intermediary_raw,
        end_user=first.end_user_raw,
        items=[(entry.get("quantity"), entry["description"]) for entry in listed],
        item_description=first.item_description,
        category=first.control_code,
        value=None if first.value is None else int(first.value),
        amends=first.verbatim.get("amends"),
    )


@pytest.mark.parametrize("seed", range(150))
def test_every_letter_of_a_generated_notice_is_cut_and_read_exactly(seed: int) -> None:
    text, truths = letters.notice(seed)
    page = parsed(text)
    assert page.refused is None and page.rejects == []
    by_letter = [list(group) for _, group in groupby(page.records, key=lambda record: record.row)]
    assert [facts(records) for records in by_letter] == truths


@pytest.mark.parametrize("seed", range(20))
def test_a_letter_taken_out_takes_only_its_own_records(seed: int) -> None:
    text, _ = letters.notice(seed)
    page = parsed(text)
    rows = sorted({record.row or 0 for record in page.records})
    lines = text.split("\n")
    without = "\n".join(lines[: rows[0] - 1] + (lines[rows[1] - 1 :] if len(rows) > 1 else []))
    left = parsed(without)
    if len(rows) == 1:
        assert left.refused
    else:
        kept = {r.transfer_id for r in page.records if r.row != rows[0]}
        assert {r.transfer_id for r in left.records} == kept


@pytest.mark.parametrize(
    ("transaction", "destination"),
    [
        ("export of rifles made in Albuquerque, New Mexico, to Canada", "CA"),
        ("export of rifles to Canada for use on platforms in the Gulf of Mexico", "CA"),
        ("export of rifles from Mexico, Missouri to Peru", "PE"),
        ("export of rifles from Mexico, NY, to Peru", "PE"),
        ("export of rifles from Mexico (Missouri) to Peru", "PE"),
        ("export of rifles to the State of Mexico", None),
        ("export of rifles to the Estado de México", None),
        ("export of rifles to Smyrna, Georgia and on to Chile", "CL"),
        ("export of rifles to Tbilisi, Georgia", "GE"),
        ("export of rifles to Colt Canada Corporation in the Netherlands", "NL"),
        ("export of rifles to Sig Sauer Mexico S.A. de C.V. in Guatemala", "GT"),
        ("export of rifles to Mexico via Panama", "MX"),
        ("export of rifles to Acme Ltd in Panama for ultimate end use by the Army of Mexico", "MX"),
        ("export of rifles to the Mexican Navy (SEMAR)", "MX"),
        ("export of rifles to the Ministry of Defense in Mexico City, Mexico", "MX"),
        ("export of rifles to the Secretariat of the Navy, Mexico City, Mexico", "MX"),
        ("export to Mexico of rifles", "MX"),
        ("export of rifles to the United Mexican States", "MX"),
        ("export of rifles to the Government of Mexico", "MX"),
        ("export of rifles of Belgian origin from Belgium to México", "MX"),
        ("export of rifles for end use in Mexico", "MX"),
        ("manufacture in Mexico of rifles", "MX"),
        ("export of rifles for the New Mexican branch of an importer in Chile to Chile", "CL"),
    ],
)
def test_the_destination_is_the_country_and_never_its_namesake(
    transaction: str, destination: str | None
) -> None:
    assert one(transaction).destination_country == destination


def test_a_country_that_is_not_known_rejects_the_letter_and_says_which() -> None:
    (reject,) = parsed(letter("export of rifles to Freedonia for end use by the Army")).rejects
    assert reject.reason == "the destination 'Freedonia' is not a known country"
    (reject,) = parsed(letter("export of rifles to Canada, Freedonia, and Mexico")).rejects
    assert "'Freedonia, and Mexico' in the list" in reject.reason


def test_consignee_intermediary_and_end_user_stay_apart() -> None:
    record = one(
        "export of 10 rifles by Sig Sauer, Inc. to the Secretariat of National Defense (SEDENA) in Mexico through "
        "the intermediary Example Brokers Ltd for ultimate end use by the Puebla State Police"
    )
    roles = (record.exporter_name, record.consignee_raw, record.intermediary_raw, record.end_user_raw)
    assert roles == (
        "Sig Sauer, Inc.",
        "Secretariat of National Defense (SEDENA)",
        "Example Brokers Ltd",
        "Puebla State Police",
    )


def test_several_destinations_are_a_record_each_with_the_same_reference_and_value() -> None:
    page = parsed(letter("export of rifles to Canada, Mexico, and the United Kingdom"))
    assert [(r.destination_country, r.licence_ref, r.value) for r in page.records] == [
        (country, "DDTC 20-001", 1_000_000) for country in ("CA", "MX", "GB")
    ]
    assert len({r.transfer_id for r in page.records}) == 3


@pytest.mark.parametrize(
    ("enclosure", "reference"),
    [
        ("Enclosure: Transmittal No. DDTC 016-05", "DDTC 05-016"),
        ("Enclosure: Transmittal No. DDTC-20–056", "DDTC 20-056"),
        ("Enclosure: Transmittal Number DDTC 23--085.", "DDTC 23-085"),
        ("Enclosure:\nTransmittal\nNo. DDTC 23-\n085", "DDTC 23-085"),
        ("Enclosure: Transmittal No. RSAT-20-8124", "RSAT 20-8124"),
        ("Transmittal No. DDTC 20 - 056", "DDTC 20-056"),
        ("", None),
    ],
)
def test_the_transmittal_under_the_letter(enclosure: str, reference: str | None) -> None:
    (record,) = parsed(letter("export of rifles to Chile", enclosure=enclosure)).records
    assert record.licence_ref == reference


def test_the_number_amended_is_never_the_letters_own() -> None:
    general = " as an amendment to Transmittal No. DDTC 15-012,"
    (record,) = parsed(letter("export of rifles to Chile", general, enclosure="")).records
    assert (record.licence_ref, record.verbatim["amends"]) == (None, "DDTC 15-012")


def test_two_letters_without_number_do_not_share_an_identity() -> None:
    first = letter("export of rifles to Chile", enclosure="")
    second = letter("export of rifles to Peru", enclosure="").removeprefix(INTRO)
    page = parsed(first + second)
    assert [r.licence_ref for r in page.records] == [None, None]
    assert len({r.transfer_id for r in page.records}) == 2


def test_the_same_letter_to_the_other_chamber_counts_once() -> None:
    text = letter("export of rifles to Chile")
    copy = text.removeprefix(INTRO).replace("Speaker of the House of Representatives", "Chairman")
    page = parsed(text + copy)
    assert len(page.records) == 1 and page.ignored_by_rule() == {"copy_to_other_chamber": 1}


def test_a_date_that_does_not_exist_rejects_its_letter_alone() -> None:
    page = parsed(SAMPLE.replace("June 30, 2020", "June 31, 2020"))
    assert len(page.rejects) == 1 and len(page.records) == 4


def test_a_date_of_the_notice_is_not_taken_for_a_letter_without_one() -> None:
    (record,) = parsed(letter("export of rifles to Chile").replace("June 30, 2020\n", "")).records
    assert record.event_date is None


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "nothing here",
        INTRO,
        SAMPLE.replace("Dear Madam Speaker:", "").replace("Pursuant to", "Under"),
        SAMPLE.replace("Export", "Import").replace("notifications", "words"),
        SAMPLE.replace("FR Doc", "Doc"),
        SAMPLE.replace("February 17, 2021", "February 30, 2021"),
        SAMPLE.replace("ACTION: Notice.", "See Transmittal No. DDTC 18-044."),
    ],
)
def test_an_unknown_layout_refuses_the_notice_in_one_sentence(broken: str) -> None:
    page = parsed(broken)
    assert page.refused and not page.records


def test_paging_of_the_register() -> None:
    answer = {
        "count": 2,
        "results": [
            {
                "document_number": "2021-03122",
                "publication_date": "2021-02-17",
                "title": "Bureau of Political-Military Affairs, Directorate of Defense Trade Controls: "
                "Notifications to the Congress of Proposed Commercial Export Licenses",
                "raw_text_url": "https://www.federalregister.gov/documents/full_text/text/2021/02/17/2021-03122.txt",
            },
            {"document_number": "2021-1", "title": "Another notice", "raw_text_url": None},
        ],
        "next_page_url": "https://www.federalregister.gov/api/v1/documents.json?page=2",
    }
    index = Document(
        content=json.dumps(answer).encode(), media_type="application/json", name="documents.json"
    )
    report, following = SOURCE.find_reports(index)
    assert isinstance(report, ReportRef) and isinstance(following, IndexRef)
    assert (report.report_key, str(report.published_on)) == ("2021-03122", "2021-02-17")
    assert following.url.endswith("page=2")


def test_an_empty_search_is_no_failure_but_an_unknown_answer_is() -> None:
    def index(text: str) -> Document:
        return Document(content=text.encode(), media_type="application/json", name="documents.json")

    assert SOURCE.find_reports(index('{"count": 0, "description": "none"}')) == []
    with pytest.raises(DocumentError, match="no results"):
        SOURCE.find_reports(index('{"errors": "bad query"}'))

"""us_congress_resolutions: goods, consignee and ultimate end user as the verified resolutions word them."""

from __future__ import annotations

import json
import random

import pytest

from parsers.document import Document
from parsers.parsed import Parsed
from parsers.record import DocumentError
from parsers.registry import IndexRef, ReportRef, load_source
from tests.generators import letters

SOURCE = load_source("us_congress_resolutions")
HTM = (SOURCE.folder / "sample" / "BILLS-119sjres40is.htm").read_text("utf-8")
XML = (SOURCE.folder / "sample" / "BILLS-119sjres70is.xml").read_text("utf-8")


def parsed(text: str) -> Parsed:
    return SOURCE.parse(Document(content=text.encode(), media_type="text/html", name="bill.htm"))


def index(answer: object) -> Document:
    return Document(content=json.dumps(answer).encode(), media_type="application/json", name="list.json")


@pytest.mark.parametrize("seed", range(60))
def test_a_resolution_with_several_generated_exports(seed: int) -> None:
    rng = random.Random(seed)
    paragraphs, truths = [], []
    for ordinal in range(1, rng.randrange(2, 6)):
        name = rng.choice(list(letters.COUNTRIES))
        consignee, user = rng.choice(letters.CONSIGNEES), rng.choice(letters.GENERAL_USERS)
        what, _ = letters.goods(rng)
        year, number, communication = rng.randrange(15, 25), rng.randrange(1, 999), rng.randrange(1, 4000)
        paragraphs.append(
            f"({ordinal}) The export of the following firearms, parts, and components controlled under Category I of "
            f"the United States Munitions List in the amount of $1,000,000 or more and described in Transmittal No. "
            f"DDTC {year}{rng.choice(letters.DASHES)}{number:03d}, which was submitted to Congress pursuant to section "
            "36(c) of the Arms Export Control Act (22 U.S.C. 2776(c)) and communication of which was published in the "
            f"Congressional Record on March 24, 2025 (Executive Communication {communication}): {what} to {consignee} "
            f"in {name} for ultimate end use by the {user}."
        )
        country = letters.COUNTRIES[name]
        truths.append((f"DDTC {year}-{number:03d}", country, consignee, user, what, f"EC-{communication}"))
    head, _, rest = HTM.partition("            (1) The")
    lines = [line for text in paragraphs for line in letters.wrap(rng, text, 72, "            ", "        ")]
    page = parsed("\n".join([head, *letters.with_markers(rng, lines, "S", 1), "<all>", rest[-30:]]))
    assert page.refused is None and page.rejects == []
    assert [
        (r.licence_ref, r.destination_country, r.consignee_raw, r.end_user_raw, r.item_description,
         r.verbatim["communication"])
        for r in page.records
    ] == truths  # fmt: skip


CLAUSES = {
    "That the export to Mexico of 5,000 lower receivers, as described in Transmittal No. DDTC 25-052 and submitted to "
    "Congress pursuant to section 36(c) of the Arms Export Control Act (Executive Communication 2202), for ultimate "
    "end use by the Direccion General de Industria Militar, is prohibited.":
        ("MX", None, "Direccion General de Industria Militar", "5,000 lower receivers"),
    "That Congress disapproves of the proposed export to the Peruvian Army of 3,000 5.56mm automatic rifles described "
    "in Transmittal No. DDTC 25-030, submitted pursuant to section 36(c) of the Arms Export Control Act.":
        ("PE", "Peruvian Army", None, "3,000 5.56mm automatic rifles"),
    "That, notwithstanding any other provision of law, the following proposed license for the export of defense "
    "articles to Mexico shall not be issued: the license described in Transmittal Number DDTC 25-014, submitted "
    "pursuant to section 36(c) of the Arms Export Control Act, for 750 MPX-K 9mm submachine guns to the Fiscalia "
    "General de la Republica in Mexico.":
        ("MX", "Fiscalia General de la Republica", None, "750 MPX-K 9mm submachine guns"),
    "That the following proposed export of firearms to Jordan is prohibited: (1) The export described in Transmittal "
    "No. DDTC 24-066, submitted to the Congress pursuant to section 36(c) (Executive Communication 505), consisting "
    "of 150 MRAD bolt-action rifles to the Jordan Armed Forces.":
        ("JO", "Jordan Armed Forces", None, "150 MRAD bolt-action rifles"),
    "That the issuance of a license with respect to the following proposed export to the Philippines is prohibited: "
    "up to 1,200 semi-automatic pistols of .45 caliber, consigned to X Incorporated, Quezon City, Philippines, the "
    "ultimate end user of which is the Philippine National Police, described in Transmittal No. DDTC 24-015, "
    "submitted to Congress pursuant to section 36(c) of the Arms Export Control Act (Executive Communication 4390).":
        ("PH", "X Incorporated", "Philippine National Police", "up to 1,200 semi-automatic pistols of .45 caliber"),
    "That the following export is prohibited: The export of firearms controlled under Category I of the United States "
    "Munitions List, described in Transmittal No. DDTC 23-072, submitted to Congress pursuant to section 36(c) "
    "(Executive Communication 3312): 1,850 SIG516, 5.56mm caliber, semi-automatic rifles to the Secretariat of "
    "National Defense in Mexico for ultimate end use by municipal police forces in Mexico.":
        ("MX", "Secretariat of National Defense", "municipal police forces",
         "1,850 SIG516, 5.56mm caliber, semi-automatic rifles"),
    "That the proposed sale to the Government of Guatemala of 500 automatic rifles, for end use by the Guatemalan "
    "Ministry of Defense, as described in Transmittal No. DDTC 24-040, is prohibited.":
        ("GT", "Government of Guatemala", "Guatemalan Ministry of Defense", "500 automatic rifles"),
}  # fmt: skip


@pytest.mark.parametrize("clause", CLAUSES)
def test_resolutions_in_other_words_name_goods_consignee_and_end_user(clause: str) -> None:
    head = HTM.partition("That the following proposed")[0]
    page = parsed(f"{head}{clause}\n<all>")
    assert page.refused is None and page.rejects == []
    [record] = page.records
    found = (record.destination_country, record.consignee_raw, record.end_user_raw, record.item_description)
    assert found == CLAUSES[clause]


def test_a_sale_between_governments_is_ignored_by_name() -> None:
    text = HTM.replace("Transmittal No. DDTC 23-085", "Transmittal No. 23-85").replace("36(c)", "36(b)(1)")
    page = parsed(text)
    assert page.ignored_by_rule() == {"foreign_military_sale": 1} and not page.records


@pytest.mark.parametrize(
    "broken",
    [
        "",
        HTM.replace("S. J. RES. 40", "").replace("S.J. Res. 40", ""),
        HTM.replace("119th C", "C"),
        HTM.replace("119th C", "C").replace("Resolved", "x"),
        HTM.replace("DDTC 23-085", "the letter"),
        HTM.replace("That the following proposed", "Whereas").replace("Resolved", "Whereas"),
        HTM.replace("March 27, 2025", "March 32, 2025"),
        XML.replace("<legis-num>S. J. RES. 70</legis-num>", ""),
    ],
)
def test_an_unknown_structure_is_refused(broken: str) -> None:
    page = parsed(broken)
    assert page.refused and not page.records


def test_a_record_date_that_does_not_exist_rejects_its_paragraph() -> None:
    assert "June 31" in parsed(XML.replace("July 15, 2025", "June 31, 2025")).rejects[0].reason


def test_bills_to_texts_to_reports() -> None:
    bills = {
        "bills": [
            {
                "title": "A joint resolution providing for congressional disapproval of the proposed export of certain "
                "defense articles to Israel.",
                "url": "https://api.congress.gov/v3/bill/119/sjres/40?format=json&api_key=s3cret",
            },
            {
                "title": "A joint resolution on a post office.",
                "url": "https://api.congress.gov/v3/bill/119/sjres/41",
            },
        ],
        "pagination": {"next": "https://api.congress.gov/v3/bill/119/sjres?offset=250&api_key=s3cret"},
    }
    assert SOURCE.find_reports(index(bills)) == [
        IndexRef("https://api.congress.gov/v3/bill/119/sjres/40/text?format=json"),
        IndexRef("https://api.congress.gov/v3/bill/119/sjres?offset=250"),
    ]
    place = "https://www.congress.gov/119/bills/sjres40/BILLS-119sjres40"
    texts = {
        "textVersions": [
            {"date": None, "formats": [], "type": "Placed on Calendar Senate"},
            {
                "date": "2025-03-27T04:00:00Z",
                "formats": [
                    {"type": "PDF", "url": f"{place}is.pdf"},
                    {"type": "Formatted XML", "url": f"{place}is.xml"},
                    {"type": "Formatted Text", "url": f"{place}is.htm"},
                ],
                "type": "Introduced in Senate",
            },
        ]
    }
    (report,) = SOURCE.find_reports(index(texts))
    assert isinstance(report, ReportRef)
    assert (report.url, report.report_key) == (f"{place}is.htm", "119-sjres-40")
    assert parsed(HTM).report_id == "us_congress_resolutions/119-sjres-40"


def test_an_answer_that_is_an_error_says_so() -> None:
    with pytest.raises(DocumentError, match="API_KEY_INVALID"):
        SOURCE.find_reports(index({"error": {"code": "API_KEY_INVALID"}}))

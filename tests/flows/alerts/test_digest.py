"""The digest: who, what, how many, from whom, why, where it stands; the same in HTML and text, in two languages."""

from __future__ import annotations

import html
import re
import string
from dataclasses import replace
from datetime import date
from decimal import Decimal
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
from examples import FINDINGS, full_night, guardia, municipal, picture, semar, undisclosed
from hypothesis import given
from hypothesis import strategies as st
from nights import night

from flows.alerts import digest as digest_module
from flows.alerts.digest import Digest, cid_of, operator_message
from flows.alerts.news import DigestData, FindingView, FlagView
from flows.alerts.page import Page
from flows.alerts.wording import LANGUAGES, Wording, money, number, plain, sentences, web_address, when
from flows.settings import Recipient, load_settings

ALERTS = Path(digest_module.__file__).parent
DIGEST = Digest("armswatch@example.org", operator_address="desk@example.org")


def reader(language: str = "en") -> Recipient:
    return Recipient(address="anna@example.org", language=language)  # type: ignore[arg-type] # from a parameter


def mail(data: DigestData, language: str = "en", digest: Digest = DIGEST) -> EmailMessage:
    ordered = data.only(item.key for item in data.items())
    rendered = digest(ordered, reader(language), "<20261124-ab@example.org>")
    parsed = message_from_bytes(rendered.as_bytes(policy=SMTP), policy=SMTP)
    assert isinstance(parsed, EmailMessage)
    return parsed


def text(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def source(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def words(markup: str) -> str:
    """What a reader of the HTML sees."""
    body = markup.partition("<body")[2]
    return " ".join(
        html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"<br>|</t[dr]>|</h\d>|</p>", " ", body))).split()
    )


def one(flag: FlagView, **more: Any) -> DigestData:
    return night(flag, **more)


# -- the subject


@pytest.mark.parametrize(
    ("data", "language", "subject"),
    [
        (night(guardia(), semar()), "en", "2 high: SEMAR, Guardia Nacional - armswatch 2026-11-24"),
        (night(guardia(), semar()), "es", "alta 2: SEMAR, Guardia Nacional - armswatch 2026-11-24"),
        (night(undisclosed()), "en", "1 low: No end user named - armswatch 2026-11-24"),
        (night(municipal()), "en", "1 high: Municipal police in Guerrero - armswatch 2026-11-24"),
        (
            night(*(semar(flag_id=f"f{n}", unit_name=f"Unit {n}") for n in range(6))),
            "en",
            "6 high: Unit 0, Unit 1, Unit 2, +3 - armswatch 2026-11-24",
        ),
        (full_night(flags=()), "en", "2 revised, 1 late, 2 failed - armswatch 2026-11-24"),
        (full_night(flags=(), is_published=False, revisions=(), late_reports=()), "en",
         "NOT PUBLISHED, 2 failed - armswatch 2026-11-24"),
        (night(), "en", "nothing new - armswatch 2026-11-24"),
        (night(), "es", "sin novedades - armswatch 2026-11-24"),
        (night(undisclosed(), first_load=("us_census_exports",)), "en",
         "first load, flags on record: 1 - armswatch 2026-11-24"),
    ],
)  # fmt: skip
def test_the_subject_says_what_is_inside(data: DigestData, language: str, subject: str) -> None:
    assert mail(data, language)["Subject"] == subject


# -- the two forms


def facts_of(page: Page) -> list[str]:
    """Every piece that a reader must find in both forms."""
    found = [page.headline, page.glance_more, *page.intro, *page.footer]
    for glance in page.glance:
        found += [glance.badge, glance.who, glance.source, glance.what, glance.stands, glance.why]
    for card in page.cards:
        found += [card.title, card.subtitle, card.findings_title, *card.findings_notes, card.crop_note]
        for fact in (*card.facts, *card.proof):
            found += [fact.label, fact.url or "", *(fact.marked or (fact.value,))]
        for finding in card.findings:
            found += [finding.status, finding.sentence, *finding.lines, finding.url or ""]
    for section in page.sections:
        found += [section.title, section.intro, *(line.text for line in section.lines)]
        found += [line.url or "" for line in section.lines]
    return [" ".join(piece.split()) for piece in found if piece]


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_and_text_say_the_same(language: str) -> None:
    data = full_night()
    data = replace(data, flags=(*data.flags, *(undisclosed(n) for n in range(2, 8))))
    ordered = data.only(item.key for item in data.items())
    message = mail(data, language)
    seen, read = words(source(message)), " ".join(text(message).split())
    facts = facts_of(DIGEST.page(ordered, reader(language)))
    assert len(facts) > 100
    assert [fact for fact in facts if fact not in seen] == []
    assert [fact for fact in facts if fact not in read] == []


def test_the_first_screen_answers_the_six_questions() -> None:
    """Who, what, how many, from whom, why it matters, where it stands: in order, before anything else."""
    seen = words(source(mail(one(semar()))))
    answers = [
        "SEMAR", "Automatic rifles, caliber 5.56 mm", "1,500 rifles", "Example Arms, Inc. (United States of America)",
        "The unit named in this report has findings on record", "Notified: an intention, not a shipment (2026-11-03)",
        "at least USD 1,000,000 (reporting threshold: the least that it can be, not the value)",
    ]  # fmt: skip
    places = [seen.find(answer) for answer in answers]
    assert -1 not in places
    assert places == sorted(places)
    assert places[-1] < 700


def test_a_flag_carries_its_whole_proof() -> None:
    read = text(mail(one(semar())))
    for piece in (
        "End user, as printed: The >>Secretariat of the Navy (SEMAR)<< of Mexico, for use by marine infantry",
        "Intermediary, as printed: Dirección de Comercialización de Armamento y Municiones (DCAM)",
        "“Secretariat of the Navy (SEMAR)” matches the alias “Secretariat of the Navy” (rule longest_phrase, score 100)",
        "Licence: DDTC 26-041 (printed: Transmittal No. DDTC 26-041)",
        "https://www.congress.gov/congressional-record/volume-172/issue-190/senate-section",
        "page 2, row 14",
        f"CREC-2026-11-03-senate.htm, sha256 {'9f2b5c1d' * 8}",
        "fl-5e1a77c09b2d (unit_with_findings)",
    ):
        assert piece in read
    assert "<mark" in source(mail(one(semar())))


def test_nothing_in_the_mail_is_fetched_from_elsewhere() -> None:
    markup = source(mail(full_night()))
    assert re.findall(r"<(?:link|script|iframe|object|base|form)\b", markup) == []
    assert re.findall(r"url\(|@import|background=", markup) == []
    assert re.findall(r'src="(?!cid:)', markup) == []
    assert re.findall(r'href="(?!https?://)', markup) == []


def test_the_crop_is_a_part_of_the_mail_and_referred_to() -> None:
    crop = picture()
    message = mail(one(semar(crop=crop)))
    (image,) = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert image.get_content() == crop
    assert image["Content-ID"] == f"<{cid_of('fl-5e1a77c09b2d')}>"
    assert f'src="cid:{cid_of("fl-5e1a77c09b2d")}"' in source(message)
    assert "the row framed: CREC-2026-11-03-senate.htm, page 2, row 14" in source(message)
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "multipart/related"]


def test_crops_come_from_the_callback_and_stop_when_the_mail_is_full() -> None:
    asked = []

    def crop_of(flag: FlagView) -> bytes | None:
        asked.append(flag.flag_id)
        return b"\x89PNG\r\n\x1a\n" + b"0" * 400_000

    small = replace(DIGEST, crop_of=crop_of, max_bytes=1_000_000)
    message = mail(night(*(semar(flag_id=f"f{n}") for n in range(3))), digest=small)
    assert asked == ["f0", "f1", "f2"]
    assert sum(part.get_content_type() == "image/png" for part in message.walk()) == 1
    assert text(message).count("The picture of the page was left out") == 2
    assert len(message.as_bytes()) < 1_000_000


def test_a_crop_that_is_no_png_is_left_out() -> None:
    assert "cid:" not in source(mail(one(semar(crop=b"<svg onload=alert(1)>"))))


def test_many_flags_are_all_named() -> None:
    flags = [undisclosed(n) for n in range(90)]
    read = text(mail(night(*flags)))
    assert "Further flags in short: 50" in read
    assert [flag.flag_id for flag in flags if not re.search(rf"\b{flag.flag_id}\b", read)] == []


def test_the_same_news_is_the_same_mail_byte_for_byte() -> None:
    twice = [DIGEST(full_night(), reader(), "<a@example.org>").as_bytes(policy=SMTP) for _ in range(2)]
    assert twice[0] == twice[1]


# -- wording with legal care


def finding(**more: Any) -> FindingView:
    return replace(FINDINGS[0], **more)


def told(finding_view: FindingView, language: str = "en") -> list[str]:
    page = DIGEST.page(one(semar(findings=(finding_view,))), reader(language))
    (block,) = page.cards[0].findings
    return [block.status, block.sentence, *block.lines]


@pytest.mark.parametrize(
    ("more", "status", "sentence"),
    [
        ({}, "Finding", "CNDH Recommendation 36VG/2020 attributes enforced disappearance to SEMAR personnel."),
        ({"attribution": "institution"}, "Finding",
         "CNDH Recommendation 36VG/2020 attributes enforced disappearance to SEMAR as an institution."),
        ({"body": "CNDH Recommendation 36VG/2020"}, "Finding",
         "CNDH Recommendation 36VG/2020 attributes enforced disappearance to SEMAR personnel."),
        ({"status": "conviction", "attribution": "commander", "category": "torture", "body": "Federal court", "canonical_number": None},
         "Conviction", "Federal court: conviction for torture, attributed to a commander of SEMAR (not the unit)."),
        ({"status": "judgment_state_responsibility", "body": "Inter-American Court", "canonical_number": "C-216"},
         "Judgment on the State",
         "Inter-American Court C-216 holds the Mexican State responsible for enforced disappearance and attributes it to"
         " SEMAR personnel. The judgment binds the State, not the unit."),
        ({"status": "charged"}, "Charged, no verdict on record",
         "CNDH Recommendation 36VG/2020: charges of enforced disappearance against SEMAR personnel. The charged are presumed innocent."),
        ({"status": "charges_withdrawn"}, "Charges withdrawn",
         "CNDH Recommendation 36VG/2020: charges of enforced disappearance against SEMAR personnel were withdrawn."),
        ({"status": "allegation", "body": "An NGO", "canonical_number": None}, "Allegation",
         "An NGO alleges enforced disappearance by SEMAR personnel. It is an allegation, not a finding of an authority."),
        ({"status": "acquitted", "attribution": "squad"}, "acquitted",
         "CNDH Recommendation 36VG/2020: enforced disappearance, SEMAR (squad) (acquitted)."),
    ],
)  # fmt: skip
def test_a_finding_is_who_attributes_what(more: dict[str, Any], status: str, sentence: str) -> None:
    assert told(finding(**more))[:2] == [status, sentence]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_says_that_a_unit_did_something(language: str) -> None:
    """The subject of every finding's sentence is the body that speaks, never the unit."""
    for key, sentence in sentences(language).items():
        if re.fullmatch(
            r"finding\.(conviction|judgment.*|finding|state_ack.*|charge.*|under_.*|allegation|other)", key
        ):
            assert sentence.startswith("{body}"), key


def test_what_speaks_for_the_unit_stands_in_the_same_size_of_type() -> None:
    lines = told(finding())
    assert "Also on record, for and against: SEMAR accepted the recommendation" in lines[-1]
    assert told(finding(notes=None))[-1] == "Nothing further on record, for or against."
    markup = source(mail(one(semar())))
    block = markup[markup.index("CNDH Recommendation 36VG/2020 attributes") : markup.index("SEMAR accepted")]
    assert "<small" not in block
    assert "font-size" not in block
    assert "color" not in block


def test_from_memory_is_unverified_and_no_source_is_not_shown() -> None:
    read = text(mail(one(semar(is_from_memory=True))))
    assert "[HIGH] SEMAR (registry entry from memory, UNVERIFIED)" in read
    assert "UNVERIFIED: entered from memory, not yet checked against the source." in read
    assert "Press report" not in read
    assert "Entries not shown, because no source is on record for them: 1" in read


def test_the_findings_of_a_relative_are_never_put_on_the_unit_named() -> None:
    related = semar(
        rule_id="relative_with_findings",
        unit_id="semar-infanteria",
        unit_name="Marine Infantry",
        relation="parent",
    )
    read = text(mail(one(related)))
    assert "[HIGH] Marine Infantry" in read
    assert "attributes enforced disappearance to SEMAR personnel." in read
    assert "Marine Infantry personnel" not in read
    assert "On record about related bodies, not about the unit named" in read
    assert "That says nothing about the unit named." in read


def test_many_findings_are_cut_but_a_withdrawal_of_charges_never_is() -> None:
    many = [finding(finding_id=f"f{n:02}") for n in range(20)]
    withdrawn = finding(finding_id="w", status="charges_withdrawn")
    (card,) = DIGEST.page(one(semar(findings=(*many, withdrawn))), reader()).cards
    assert len(card.findings) == 13
    assert card.findings[-1].status == "Charges withdrawn"
    assert card.findings_notes == ["Further findings: 8. All of them: armswatch show fl-5e1a77c09b2d"]


def test_a_municipal_unit_is_its_state_unless_the_settings_ask_for_more() -> None:
    flag = municipal(crop=picture(), item_description="Pistols")
    message = mail(night(flag, semar()))
    assert "Iguala" not in message.as_string() + text(message) + source(message)
    assert "image/png" not in message.as_string()
    assert "Municipal police in Guerrero" in text(message)
    assert "Findings on record: 1 (charged, no verdict on record 1)" in text(message)
    detailed = mail(night(flag, semar()), digest=replace(DIGEST, show_municipal_detail=True))
    assert "Policía Municipal de Iguala" in text(detailed)
    assert "Ayuntamiento de >>Iguala<<, Policía Municipal" in text(detailed)


def test_a_municipal_relative_stays_out_too() -> None:
    related = replace(
        FINDINGS[0], unit_id="mun-iguala", unit_name="Policía de Iguala", notes="Iguala", event="Iguala"
    )
    message = mail(one(semar(findings=(FINDINGS[0], related), reason="Policía de Iguala is under it")))
    assert "Iguala" not in text(message) + source(message)
    assert "CNDH Recommendation 36VG/2020 attributes" in text(message)


def test_a_licence_is_never_called_a_shipment() -> None:
    for stage, said in (
        ("licensed", "Licensed: a ceiling that may hold for years, not a shipment"),
        ("notified", "Notified: an intention, not a shipment"),
        ("refused", "Refused: no licence was given"),
        ("shipped", "Shipped: what was counted as it left"),
    ):
        assert f"Where it stands: {said} (2026-11-03)" in text(mail(one(semar(stage=stage))))


# -- hostile text


HOSTILE = '<img src=x onerror="alert(1)">{{ 7*7 }} ${x} %s {body}'


def test_foreign_text_cannot_become_markup_or_template() -> None:
    flag = semar(
        unit_name=HOSTILE, exporter_name=HOSTILE, item_description=HOSTILE, reason=HOSTILE, alias=HOSTILE,
        end_user_raw=f"for {HOSTILE} now", matched_text=HOSTILE, span_start=4, source_title=HOSTILE,
        document_name=HOSTILE, licence_ref=HOSTILE, quantity_unit=HOSTILE,
        findings=(finding(body=HOSTILE, notes=HOSTILE, event=HOSTILE, unit_name=HOSTILE),),
    )  # fmt: skip
    message = mail(one(flag))
    markup = source(message)
    assert "<img src=x" not in markup
    assert "49" not in markup.replace("2849", "")
    assert html.escape(HOSTILE, quote=False) in markup.replace("&#34;", '"')
    assert HOSTILE in text(message)


@pytest.mark.parametrize("breaker", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x85", "\0"])
def test_a_name_with_line_breaks_adds_no_header(breaker: str) -> None:
    name = f"SEMAR{breaker}Bcc: evil@example.org{breaker}{breaker}body"
    message = mail(one(semar(unit_name=name)))
    assert message["Bcc"] is None
    assert "\n" not in str(message["Subject"])
    assert message.get_content_type() == "multipart/alternative"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "https://", "http://[x", "https://a b/", "", None]
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert web_address(url) is None
    assert 'href="javascript' not in source(mail(one(semar(document_url=url))))


def test_text_that_turns_direction_around_is_shown_as_such() -> None:
    assert plain("SEMAR\u202eGNP") == "SEMAR\ufffdGNP"
    assert plain("a\ud800b") == "a\ufffdb"


def test_long_foreign_text_is_cut_and_says_where_the_whole_is() -> None:
    long = semar(
        item_description="x" * 5000, end_user_raw="y" * 5000 + "SEMAR" + "z" * 5000, matched_text="SEMAR"
    )
    read = text(mail(one(long)))
    assert "whole text: armswatch show fl-5e1a77c09b2d" in read
    assert "yyy>>SEMAR<<zzz" in read
    assert len(read) < 6000


@given(st.text(max_size=300))
def test_any_foreign_text_makes_a_mail_that_can_be_sent(foreign: str) -> None:
    flag = semar(unit_name=foreign, end_user_raw=foreign, matched_text=foreign[:4], item_description=foreign)
    sent = DIGEST(one(flag), reader(), "<a@example.org>").as_bytes(policy=SMTP)
    sent.decode("ascii")
    assert max(map(len, sent.split(b"\r\n"))) <= 998


def test_words_are_marked_only_where_they_are() -> None:
    elsewhere = semar(matched_text="Guardia Nacional", role="end_user")
    assert ">>" not in text(mail(one(elsewhere)))
    consignee = semar(consignee_raw="SEMAR", role="consignee", matched_text="SEMAR", span_start=0)
    read = text(mail(one(consignee)))
    assert "Consignee, as printed: >>SEMAR<<" in read
    assert "End user, as printed: The Secretariat of the Navy (SEMAR) of Mexico" in read


# -- first load, sections, nothing


def test_a_first_load_is_counted_not_mailed_one_by_one() -> None:
    flags = [undisclosed(n) for n in range(1200)]
    data = night(*flags, semar(), first_load=("us_census_exports", "us_congress_communications", "nl_bz_licences"),
                 source_titles={"nl_bz_licences": "Dutch licence reports"})  # fmt: skip
    message = mail(data)
    read = text(message)
    assert "US exports by HS code: 1,200 low" in read
    assert "Executive communications to Congress: 1 high" in read
    assert "Dutch licence reports: no flag" in read
    assert "The most serious of them" in read
    assert "fl-5e1a77c09b2d" in read
    assert "fl-low-7" not in read
    assert len(message.as_bytes()) < 20_000


def test_flags_of_known_sources_are_full_cards_beside_a_first_load() -> None:
    data = night(semar(), undisclosed(), first_load=("us_census_exports",))
    message = mail(data)
    assert message["Subject"] == "1 high: SEMAR, first load, flags on record: 1 - armswatch 2026-11-24"
    assert "[HIGH] SEMAR" in text(message)
    assert "[LOW]" not in text(message)


def test_other_news_in_its_sections() -> None:
    read = text(mail(full_night()))
    for piece in (
        "- UK licence statistics, gb_ecju_licences/2026-Q1 GR/77 2026: value was 12000, is now 120000",
        "- UK licence statistics, gb_ecju_licences/2026-Q1 tr-10: withdrawn by the publisher",
        "- Section 655 report, 2025: due 2026-08-01, days late: 115",
        "- EU COARM database: answered 503 Service Unavailable (since 2026-11-23)",
        "- Check bounds.max_rows on gb_ecju_licences: 9,120 rows, more than the 8,000 of a usual report",
        "This run: documents 31, records 48,210, rows rejected 3, printed totals that disagree 1",
        "Corrections and replies of the bodies named: desk@example.org",
    ):
        assert piece in read


def test_a_run_that_was_not_published_says_so_first() -> None:
    fatal = replace(full_night().failed_checks[0], is_fatal=True)
    message = mail(full_night(flags=(), is_published=False, failed_checks=(fatal,)))
    read = text(message)
    assert read.index("nothing was published in this run") < read.index("(publication withheld)")
    assert read.index("(publication withheld)") < read.index("Late reports")


def test_long_lists_are_cut_with_their_count() -> None:
    revision = full_night().revisions[0]
    data = night(revisions=tuple(replace(revision, transfer_id=f"t{n}") for n in range(45)))
    assert "- and 20 more: armswatch changes" in text(mail(data))


def test_many_late_reports_of_one_source_share_a_line() -> None:
    late = full_night().late_reports[0]
    years = [
        replace(late, period=str(year), due_on=date(year + 1, 8, 1), late_days=115)
        for year in range(2013, 2026)
    ]
    read = text(mail(night(late_reports=tuple(years))))
    assert (
        "- Section 655 report: 13 reports, from 2013 to 2025. The latest was due 2026-08-01, days late: 115\n"
        in read
    )
    assert read.count("Section 655") == 1


def test_the_glance_keeps_to_the_first_screen() -> None:
    read = text(mail(night(*(semar(flag_id=f"f{n}") for n in range(9)))))
    assert read.count(" - from Example Arms, Inc.") == 6
    assert "Further flags below: 3" in read


def test_nothing_new_is_short() -> None:
    read = text(mail(night()))
    assert read.startswith("Nothing new\n")
    assert "found nothing that you have not been told" in read
    assert len(read) < 500


# -- numbers, dates, words


def test_numbers_are_exact_and_never_exponents() -> None:
    assert [number(v) for v in (1500, Decimal("1E+6"), Decimal("0.50"), 2400.0, Decimal("1234567.125"))] == [
        "1,500", "1,000,000", "0.5", "2,400", "1,234,567.125",
    ]  # fmt: skip
    assert [money(v) for v in (Decimal("5523000.5"), Decimal("7"), Decimal("7.125"))] == [
        "5,523,000.50",
        "7",
        "7.125",
    ]


@pytest.mark.parametrize(
    ("given_dates", "shown"),
    [
        ((date(2026, 1, 2), None, None), "2026-01-02"),
        ((None, date(2025, 1, 1), date(2025, 12, 31)), "2025"),
        ((None, date(2024, 2, 1), date(2024, 2, 29)), "2024-02"),
        ((None, date(2024, 10, 1), date(2025, 9, 30)), "2024-10-01 – 2025-09-30"),
        ((None, date(2024, 10, 1), None), "2024-10-01"),
        ((None, None, None), None),
    ],
)
def test_dates_and_periods(
    given_dates: tuple[date | None, date | None, date | None], shown: str | None
) -> None:
    assert when(*given_dates) == shown


def test_what_is_missing_is_said_not_left_blank() -> None:
    bare = semar(
        item_description=None, weapon_class=None, quantity=None, value=None, currency=None, exporter_name=None,
        exporter_country=None, event_date=None, end_user_raw=None, matched_text=None, licence_ref=None,
        licence_ref_raw=None, page=None, row=None, unit_name=None, findings=(), relation=None, score=None,
    )  # fmt: skip
    read = text(mail(one(bare)))
    for piece in (
        "[HIGH] No end user named", "What: not described", "How many: not stated", "From whom: company not named",
        "(date not stated)", "End user, as printed: not named in the report", "Licence: no number printed",
        "Place: no place recorded",
    ):  # fmt: skip
        assert piece in read
    assert "Value:" not in read
    assert text(mail(one(semar(page=None)))).count("Place: row 14") == 1
    assert text(mail(one(semar(row=None)))).count("Place: page 2") == 1


def test_a_rule_that_the_catalogue_lacks_speaks_for_itself() -> None:
    read = text(mail(one(semar(rule_id="new_rule", rule_title="A new rule", reason="Because.")), "es"))
    assert "A new rule" in read
    assert "Por qué importa: Because." in read


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_the_languages_have_the_same_sentences_with_the_same_places() -> None:
    english, spanish = sentences("en"), sentences("es")
    assert set(english) == set(spanish)
    assert {k for k in english if places(english[k]) != places(spanish[k])} == set()
    assert all(sentence.strip() for sentence in (*english.values(), *spanish.values()))


def test_no_sentence_is_missing_or_unused() -> None:
    code = "".join(path.read_text("utf-8") for path in ALERTS.glob("*.py"))
    direct = set(re.findall(r'\bw\(\s*"([a-z_.]+)"|self\._w\("([a-z_.]+)"', code))
    named = {key for pair in direct for key in pair if key} | set(
        re.findall(r"""["']((?:\w+)\.(?:\w+)(?:\.\w+)?)["']""", code)
    )
    groups = {"severity", "stage", "value_basis", "relation", "rule", "category", "whom", "status", "finding", "counts",
              "revision", "subject", "label", "weapon_class", "quantity_unit"}  # fmt: skip
    known = set(sentences("en"))
    assert {
        key for key in named if key.partition(".")[0] in {k.partition(".")[0] for k in known}
    } - known == set()
    assert {key for key in known if key not in named and key.partition(".")[0] not in groups} == set()


def test_every_closed_list_of_the_record_has_its_words() -> None:
    from parsers.record import Stage, ValueBasis, WeaponClass

    for language in LANGUAGES:
        known = sentences(language)
        for group, values in (("stage", Stage), ("value_basis", ValueBasis), ("weapon_class", WeaponClass)):
            assert [v.value for v in values if f"{group}.{v.value}" not in known] == []


def test_every_rule_and_every_kind_of_finding_has_its_words() -> None:
    import warehouse
    from warehouse.flagging import SEVERITIES
    from warehouse.units.fields import ATTRIBUTIONS, CATEGORIES, STATUSES

    rules = [path.stem for path in (Path(warehouse.__file__).parent / "rules").glob("*.sql")]
    groups = {
        "category": CATEGORIES,
        "status": STATUSES,
        "finding": STATUSES,
        "whom": ATTRIBUTIONS,
        "severity": SEVERITIES,
    }
    for language in LANGUAGES:
        known = sentences(language)
        assert [r for r in rules if f"rule.{r}.title" not in known or f"rule.{r}.why" not in known] == []
        for group, values in groups.items():
            assert {value for value in values if f"{group}.{value}" not in known} == set()


def test_countries_and_states_are_named_in_the_language() -> None:
    assert [Wording(language).country("DE") for language in LANGUAGES] == ["Germany", "Alemania"]
    assert Wording("en").state("MX-COA") == "Coahuila"
    assert Wording("es").state(None) == "México"
    with pytest.raises(KeyError):
        Wording("fr")


def test_a_row_of_the_view_becomes_a_flag() -> None:
    flag = semar()
    row = {
        name: getattr(flag, name)
        for name in FlagView.__dataclass_fields__
        if name not in {"findings", "crop"}
    }
    assert FlagView.from_row({**row, "a_new_column": 1}, findings=FINDINGS) == flag
    with pytest.raises(TypeError):
        FlagView.from_row({"flag_id": "f"})


# -- the operator


def test_the_operator_is_told_in_one_plain_mail() -> None:
    settings = load_settings(operator_address="op@example.org", from_address="armswatch@example.org")
    message = operator_message("gate:\r\nBcc: x@y.z failed", "r1", date(2026, 11, 24), settings)
    assert message["To"] == "op@example.org"
    assert message["Subject"] == "run failed: gate: Bcc: x@y.z failed - armswatch 2026-11-24"
    assert message["Bcc"] is None
    assert "What was published before stays in place." in message.get_content()
    with pytest.raises(ValueError, match="operator_address is not set"):
        operator_message("x", "r1", date(2026, 11, 24), load_settings())


def test_the_digest_takes_its_limits_from_the_settings() -> None:
    settings = load_settings(max_mail_flags=3, show_municipal_detail=True, operator_address="op@example.org")
    made = Digest.of(settings)
    assert (made.max_flags, made.show_municipal_detail, made.operator_address) == (3, True, "op@example.org")

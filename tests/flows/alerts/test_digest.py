"""The digest: who, what, how many, from whom, why, where it stands; the same in HTML and text, in two languages."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date
from email.policy import SMTP

import pytest
from examples import full_night, guardia, municipal, picture, semar, undisclosed
from hypothesis import given
from hypothesis import strategies as st
from mailing import DIGEST, finding, mail, one, reader, source, text, words
from nights import night

from flows.alerts.digest import Digest, cid_of, operator_message
from flows.alerts.news import DigestData, FlagView
from flows.alerts.page import Page
from flows.alerts.wording import LANGUAGES, plain, web_address
from flows.settings import load_settings

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
        for shown in card.findings:
            found += [shown.status, shown.sentence, *shown.lines, shown.url or ""]
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

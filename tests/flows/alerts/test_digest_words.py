"""The digest's words: care with findings, numbers and dates, two languages that say the same."""

from __future__ import annotations

import re
import string
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from examples import FINDINGS, municipal, picture, semar
from mailing import ALERTS, DIGEST, finding, mail, one, reader, source, text
from nights import night

from flows.alerts.news import FindingView, FlagView
from flows.alerts.wording import LANGUAGES, Wording, money, number, sentences, when

# -- wording with legal care


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

"""Folding and tokenising: what the reports' damaged text becomes, and that no text breaks or stalls it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.costs import calls
from warehouse.units.normalise import (
    fold,
    normalise,
    roman_value,
    tokenise,
    undo_digit_lookalikes,
)

ANY_TEXT = st.text(max_size=300)
# Text that looks like the reports': letters, digits, mojibake, separators.
LIKELY_TEXT = st.text(
    alphabet="aábcdeéinñoórsuúzABCDEÉINÑOÓRSUÚZ0123456789 .,;:/-()?'&º°ªÃ­¡¢£¤�\t\n", max_size=300
)


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("Secretaría de la Defensa Nacional", "secretaria de la defensa nacional"),
        ("SecretarÃ­a", "secretaria"),
        ("Secretar¡a de Seguridad P£blica", "secretaria de seguridad publica"),
        ("Jur?dica", "jur?dica"),
        ("Who?", "who"),
        ("S.E.D.E.N.A.", "sedena"),
        ("S.A. de C.V.", "sa de cv"),
        ("27/o. B.I.", "27 bi"),
        ("27º, 27° and 27th", "27 27 and 27"),
        ("3/er. R.C.M.", "3 rcm"),
        ("SEDENA5", "sedena 5"),
        ("SSP-DF", "ssp df"),
        ("Mexico's", "mexico s"),
        ("\x00SEMAR\x07", "semar"),
        ("", ""),
    ],
)
def test_printed_text_folds_to_plain_words(printed: str, folded: str) -> None:
    assert normalise(printed) == folded


@pytest.mark.parametrize(
    ("numeral", "value"), [("xxvii", 27), ("iv", 4), ("xli", 41), ("ix", 9), ("lxxxix", 89)]
)
def test_roman_numerals_have_values(numeral: str, value: int) -> None:
    assert roman_value(numeral) == value


@pytest.mark.parametrize("word", ["", "iiii", "mix", "vix", "marina"])
def test_other_words_are_no_roman_numerals(word: str) -> None:
    assert roman_value(word) is None


def test_digits_read_for_letters_are_undone() -> None:
    assert undo_digit_lookalikes("5ecretar1a") == "secretaria"


@pytest.mark.parametrize(
    "text", ["Secretaría de Marina", "SecretarÃ­a de Marina", "S.E.M.A.R., México", "27/o. Batallón", "ﬁn"]
)
def test_spans_point_into_the_original_text(text: str) -> None:
    for token in tokenise(text):
        assert normalise(text[token.start : token.end]) == token.word


@given(ANY_TEXT | LIKELY_TEXT)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(ANY_TEXT | LIKELY_TEXT)
def test_spans_are_ordered_and_inside_the_text(text: str) -> None:
    last = 0
    for token in tokenise(text):
        assert last <= token.start < token.end <= len(text)
        last = token.start


@given(ANY_TEXT | LIKELY_TEXT)
def test_every_folded_character_knows_its_place(text: str) -> None:
    folded = fold(text)
    assert len(folded.chars) == len(folded.starts) == len(folded.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True))


@pytest.mark.parametrize("unit", ["a", "?", "a?", "A.", "1/o.", "Ã­", "¡", "é́", "ivx", "\u202e", "🇲🇽"])
def test_ten_times_the_text_costs_about_ten_times_the_work(unit: str) -> None:
    some = 1_000 // len(unit)
    assert calls(normalise, unit * 10 * some) < 15 * calls(normalise, unit * some)


def test_a_text_of_100_000_characters_is_folded_in_proportion() -> None:
    assert calls(normalise, "a?" * 50_000) < 12 * calls(normalise, "a?" * 5_000)

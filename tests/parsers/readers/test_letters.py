"""Running text out of printed columns: what is joined, what keeps its hyphen, and on which line it stood."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.readers.letters import flow, numbered_entries, places, without_markers, words_of
from parsers.readers.markup import Line


def lines(text: str) -> list[Line]:
    return [Line(number, line) for number, line in enumerate(text.split("\n"), start=1)]


def joined(text: str) -> str:
    cleaned = without_markers(lines(text))
    return flow(cleaned, words_of(cleaned)).text


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("transmitting a re-\nport", "transmitting a report"),
        ("semi-\nautomatic pistols", "semi-automatic pistols"),
        ("the semiautomatic kind; semi-\nautomatic", "the semiautomatic kind; semiautomatic"),
        ("5.56-\nmm rifles", "5.56-mm rifles"),
        ("DDTC 23-\n085", "DDTC 23-085"),
        ("DDTC 23–\n085", "DDTC 23–085"),
        ("Export-\nImport Bank", "Export-Import Bank"),
        ("Over-\nthe-Counter", "Overthe-Counter"),
        ("for end-\nuse by", "for end-use by"),
        ("belt-\nfed", "belt-fed"),
        ("in-\nformation", "information"),
        ("firearms, hand-\nguns", "firearms, handguns"),
        ("a rule --\nAlmonds", "a rule -- Almonds"),
        ("the Mexi-\ncan Navy", "the Mexican Navy"),
        ("follow-on and follow-\non", "follow-on and follow-on"),
        ("a  b \n   c", "a b c"),
        ("", ""),
    ],
)
def test_a_word_broken_at_a_line_end(printed: str, text: str) -> None:
    if "Over" in printed:
        printed, text = f"over the hill\n{printed}", f"over the hill {text.replace('Overthe', 'Over-the')}"
    assert joined(printed) == text


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("export\n\n[[Page H6203]]\n\nof rifles", "export of rifles"),
        ("manu-\n\n[[Page 47169]]\n\nfacture", "manufacture"),
        ("automatic rifles\nauto\n\n[[Page 47169]]\n\nmatic rifles", "automatic rifles automatic rifles"),
        ("auto[[Page 47169]]matic", "automatic"),
        ("the export [[Page 47169]] of", "the export of"),
        ("a\n{time}  1230\nb", "a b"),
        ("not a [[marker]]", "not a [[marker]]"),
    ],
)
def test_page_markers_vanish_wherever_they_stand(printed: str, text: str) -> None:
    assert joined(printed) == text


@given(st.lists(st.text("ab c-", max_size=8), max_size=12))
def test_every_character_knows_the_line_on_which_it_stood(texts: list[str]) -> None:
    numbered = [Line(number, f"{text}{number}") for number, text in enumerate(texts, start=10)]
    running = flow(numbered)
    for match in re.finditer(r"\d+", running.text):
        assert running.line_at(match.start()) == int(match.group())


def test_entries_begin_where_the_count_goes_on_and_nowhere_else() -> None:
    text = "title\n  7. A letter\n  2004. Also\n  8. An act of\n  1999. The end\n  9. A letter\n____\nafter"
    entries = numbered_entries(
        lines(text),
        re.compile(r"\s*(?P<kind>EC)?(?P<number>\d+)\. "),
        re.compile(r"\s*\d+\. A letter"),
        lambda line: line.startswith("____"),
    )
    assert [[line.number for line in entry] for entry in entries] == [[2, 3], [4, 5], [6]]


def test_places_are_lines_or_ordinals_when_lines_are_shared() -> None:
    assert (places([4, 9]), places([4, 4, 9]), places([])) == ([4, 9], [1, 2, 3], [])

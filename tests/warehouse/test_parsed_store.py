"""The parse cache: whole folders, exact values, and a hash of what a document says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from flows.reading import read_document
from parsers.document import Document
from parsers.parsed import Parsed
from parsers.registry import load_source
from tests.workshop import uk
from warehouse.parsed_store import ParsedStore, record_hash

SOURCE = load_source("gb_ecju_licences")


def parsed(*lines: str) -> Parsed:
    return read_document(SOURCE, Document(content=uk(*lines), media_type="text/csv", name="v.csv"))


def test_a_record_is_kept_to_the_penny_and_beside_its_words(tmp_path: Path) -> None:
    store = ParsedStore(tmp_path)
    summary = store.put("gb_ecju_licences", "ab", "1", parsed("10,2010-04-07,ML1,1,185500.25,Mexico,0"))
    (row,) = pq.read_table(store.path_of("gb_ecju_licences", "ab", "1") / "records.parquet").to_pylist()
    assert (row["value"], row["currency"], row["event_date"]) == (
        Decimal("185500.250000"),
        "GBP",
        date(2010, 4, 7),
    )
    assert '"value": "185500.25"' in row["verbatim"]
    assert (summary.seen, summary.records, summary.period_start) == (1, 1, "2010-04-07")


def test_what_is_kept_is_kept_once_and_found_again(tmp_path: Path) -> None:
    store = ParsedStore(tmp_path)
    one = parsed("10,2010-04-07,ML1,1,1,Mexico,0")
    assert store.put("gb_ecju_licences", "ab", "1", one) == store.put("gb_ecju_licences", "ab", "1", parsed())
    assert store.holds("gb_ecju_licences", "ab", "1")
    assert not store.holds("gb_ecju_licences", "ab", "2"), "another parser version reads anew"


def test_a_failure_while_writing_leaves_nothing_behind(tmp_path: Path) -> None:
    store = ParsedStore(tmp_path)
    broken = parsed("10,2010-04-07,ML1,1,1,Mexico,0")
    broken.records[0].value = Decimal("0.1234567")  # finer than the warehouse keeps
    with pytest.raises(ValueError, match="data loss"):
        store.put("gb_ecju_licences", "ab", "1", broken)
    assert not store.holds("gb_ecju_licences", "ab", "1")
    assert list((tmp_path / "gb_ecju_licences").iterdir()) == []


def test_equal_figures_in_other_print_say_the_same(tmp_path: Path) -> None:
    plain, padded = parsed("10,2010-04-07,ML1,1,5,Mexico,0"), parsed("10,2010-04-07,ML1,1,5.00,Mexico,0")
    assert record_hash(plain.records[0]) == record_hash(padded.records[0])
    other = parsed("10,2010-04-07,ML1,1,6,Mexico,0")
    assert record_hash(plain.records[0]) != record_hash(other.records[0])


@pytest.mark.parametrize("lines", [["a,2010-04-07,ML1,1,5,Mexico,0", "b,2010-04-07,ML1,1,5,Peru,0"]])
def test_a_document_says_the_same_whatever_the_order_of_its_rows(tmp_path: Path, lines: list[str]) -> None:
    store = ParsedStore(tmp_path)
    one = store.put("gb_ecju_licences", "ab", "1", parsed(*lines))
    two = store.put("gb_ecju_licences", "cd", "1", parsed(*reversed(lines)))
    assert one.says == two.says

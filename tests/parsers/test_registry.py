"""One face for each source folder; what a parser may not do is stopped here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from parsers import registry
from parsers.document import Document, media_type_of
from parsers.facts import read_facts
from parsers.record import DocumentError, Grain, Outcome, Row, Stage
from parsers.registry import Source, UnknownSourceError, load_source, source_ids

YML = """
title: A test report
publisher: {name: Nobody, country: XX, url: "https://example.org"}
summary: Made for a test.
url: https://example.org/reports
law: none
licence: none
layout: unverified
format: CSV
stages: [licensed]
frequency: yearly
expected_lag_days: 10
coverage_start: 2005-01-01
sample_retrieved_at: 2026-01-01T00:00:00Z
bounds: {max_rows: 10}
fetch: {hosts: [example.org], accept: [text/csv]}
ignore: {blank_row: a row that is wholly blank says nothing}
"""
DOCUMENT = Document(content=b"a\n1\n", media_type="text/csv", name="x.csv", published_on=date(2020, 1, 2))
ROW = Row(cells={"a": "1"}, row=2)


@pytest.fixture
def make_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Source]:
    """A source folder whose parser is the given functions."""

    def make(
        parse: Callable[[Document], Iterator[Outcome]], identify: Callable[[Document], str] = lambda _: "2020"
    ) -> Source:
        folder = tmp_path / "xx_test_report"
        folder.mkdir(exist_ok=True)
        (folder / "source.yml").write_text(YML, "utf-8")
        source = Source("xx_test_report", folder)
        module = type("Module", (), {"parse": staticmethod(parse), "identify": staticmethod(identify)})
        monkeypatch.setattr(Source, "_module", module)
        return source

    return make


def record(**values: Any) -> Any:
    return ROW.record(key=("1",), stage=Stage.LICENSED, grain=Grain.LICENCE, **values)


def test_identity_is_stamped_on_every_record(make_source: Callable[..., Source]) -> None:
    source = make_source(lambda _: iter([record(value=Decimal(1), currency="EUR")]))
    monkey_version = "1-test"
    source.__dict__["parser_version"] = monkey_version
    (kept,) = source.parse(DOCUMENT).records
    assert (kept.source_id, kept.report_id) == ("xx_test_report", "xx_test_report/2020")
    assert (kept.document_sha256, kept.parser_version) == (DOCUMENT.sha256, monkey_version)
    assert kept.published_on == date(2020, 1, 2)
    assert len(kept.transfer_id) == 24


def test_key_that_find_reports_named_goes_before_the_text(make_source: Callable[..., Source]) -> None:
    source = make_source(lambda _: iter([record()]))
    source.__dict__["parser_version"] = "1-test"
    named = Document(content=b"", media_type="text/csv", name="x", report_key="edition-7")
    assert source.parse(named).report_id == "xx_test_report/edition-7"


def test_document_of_unknown_structure_is_refused_whole_with_one_sentence(
    make_source: Callable[..., Source],
) -> None:
    def parse(_: Document) -> Iterator[Outcome]:
        yield record()
        raise DocumentError("page 2 has a column 'Total' that is not known", page=2)

    refused = make_source(parse).parse(DOCUMENT)
    assert refused.refused == "page 2 has a column 'Total' that is not known"
    assert (refused.records, refused.totals) == ([], [])
    assert [(reject.page, reject.reason) for reject in refused.rejects] == [(2, refused.refused)]


def test_document_that_cannot_be_named_is_refused(make_source: Callable[..., Source]) -> None:
    def identify(_: Document) -> str:
        raise DocumentError("no year stands in it")

    assert make_source(lambda _: iter([]), identify).parse(DOCUMENT).refused == "no year stands in it"


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"value": Decimal(1)}, id="value without currency"),
        pytest.param({"currency": "EUR"}, id="currency without value"),
        pytest.param({"destination_country": "Mexico"}, id="name in place of a code"),
        pytest.param({"exporter_country": "mx"}, id="code in lower case"),
    ],
)
def test_what_no_parser_may_break_is_a_defect_and_not_data(
    make_source: Callable[..., Source], wrong: dict[str, Any]
) -> None:
    source = make_source(lambda _: iter([record(**wrong)]))
    source.__dict__["parser_version"] = "1-test"
    with pytest.raises(AssertionError):
        source.parse(DOCUMENT)


def test_rule_that_source_yml_does_not_name_may_not_ignore_a_row(make_source: Callable[..., Source]) -> None:
    with pytest.raises(AssertionError, match="made_up"):
        make_source(lambda _: iter([ROW.ignored("made_up")])).parse(DOCUMENT)
    assert make_source(lambda _: iter([ROW.ignored("blank_row")])).parse(DOCUMENT).ignored_by_rule() == {
        "blank_row": 1
    }


def test_sources_are_found_by_themselves_and_unknown_ones_named() -> None:
    assert source_ids() == sorted(source_ids())
    assert {"eu_eeas_coarm", "gb_ecju_licences", "nl_bz_licences"} <= set(source_ids())
    assert load_source("eu_eeas_coarm") is load_source("eu_eeas_coarm")
    for wrong in ("eu_unknown", "../sources", "", "__pycache__"):
        with pytest.raises(UnknownSourceError, match="nl_bz_licences"):
            load_source(wrong)


def test_parser_version_changes_with_any_file_that_can_change_a_parse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "sources" / "xx_test_report"
    folder.mkdir(parents=True)
    (tmp_path / "values").mkdir()
    (folder / "source.yml").write_text(YML, "utf-8")
    monkeypatch.setattr(registry, "_ROOT", tmp_path)
    versions = []
    for path in (
        folder / "parser.py",
        folder / "codes.csv",
        tmp_path / "values" / "names.csv",
        tmp_path / "record.py",
    ):
        path.write_text("1", "utf-8")
        versions.append(Source("xx_test_report", folder).parser_version)
    sample = folder / "sample"
    sample.mkdir()
    (sample / "one.csv").write_text("a", "utf-8")
    assert len(set(versions)) == 4
    assert Source("xx_test_report", folder).parser_version == versions[-1]  # a sample changes no parse
    assert versions[0].startswith("1-")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("law: none", "laws: none", "laws: Extra inputs are not permitted"),
        ("stages: [licensed]", "", "stages: Field required"),
        ("layout: unverified", "layout: guessed", "layout: Input should be"),
        ("country: XX", "country: Nowhere", "publisher.country: String should match"),
    ],
)
def test_wrong_source_yml_names_file_and_key(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "source.yml"
    path.write_text(YML.replace(old, new), "utf-8")
    with pytest.raises(ValueError, match=r"source\.yml") as caught:
        read_facts(path)
    assert told in str(caught.value)


def test_document_is_known_by_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "report.PDF"
    path.write_bytes(b"abc")
    document = Document.from_file(path)
    assert document.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert (document.media_type, document.name, document.url) == ("application/pdf", "report.PDF", None)
    assert document.retrieved_at is not None
    assert document.retrieved_at.tzinfo is not None
    assert media_type_of("x.unknown") == "application/octet-stream"
    with pytest.raises(OSError, match="missing"):
        Document.from_file(tmp_path / "missing.csv")

"""The desk: worked questions, exports, evidence, the dictionary and the charts, as a person calls them."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import shutil
from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from flows.alerting import renderer
from flows.alerts.news import DigestData, FlagView
from flows.charts import charts_page
from flows.cli import main
from flows.dictionary_page import dictionary_page
from flows.examples import examples
from flows.settings import Recipient, load_settings
from tests.workshop import Workshop, moment, uk
from warehouse.catalog import Column, Field, Table, fields, tables

EXAMPLES = [each.name for each in examples()]
NEEDS_A_REVISION = {"revisions"}


def run(*words: str | Path) -> int:
    return main([str(word) for word in words])


@pytest.fixture(scope="module")
def revised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which a report was changed by its publisher; no bundled sample has two versions."""
    shop = Workshop(tmp_path_factory.mktemp("revised"))
    shop.arrives("gb_ecju_licences", "v1.csv", uk("10,2010-04-07,ML1,1,185500,Mexico,0"), moment(1), key="r")
    shop.arrives("gb_ecju_licences", "v2.csv", uk("10,2010-04-07,ML1,1,99000,Mexico,0"), moment(2), key="r")
    shop.build().rename(shop.home.database)
    return shop.home.root


# -- worked questions ----------------------------------------------------------------------------------------


def test_there_are_ten_and_each_says_what_its_answer_does_not_mean(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert len(EXAMPLES) == 10
    assert all(each.title and "?" in each.question and each.not_meant for each in examples())
    assert run("query", "--examples") == 0
    told = capsys.readouterr().out
    assert all(name in told for name in EXAMPLES) and told.count("What it does not mean:") == 10


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_runs_and_returns_rows(
    name: str, sample_home: Path, revised: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = revised if name in NEEDS_A_REVISION else sample_home
    assert run("query", "--example", name, "--format", "json", "--home", home) == 0
    assert json.loads(capsys.readouterr().out)


def test_the_revision_is_the_one_that_was_made(revised: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("query", "--example", "revisions", "--format", "json", "--home", revised) == 0
    (change,) = json.loads(capsys.readouterr().out)
    assert (change["field"], float(change["old_value"]), float(change["new_value"])) == (
        "value",
        185500,
        99000,
    )


def test_a_setting_changes_the_question(sample_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for exporter in ("GB", "NL"):
        words = (
            "query",
            "--example",
            "authorised_for_mexico",
            "--set",
            f"exporter={exporter}",
            "--format",
            "json",
        )
        assert run(*words, "--home", sample_home) == 0
        assert {row["exporter_country"] for row in json.loads(capsys.readouterr().out)} == {exporter}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--example", "nothing"], "there is no example 'nothing'; there are: authorised_for_mexico"),
        (["--example", "who_armed", "--set", "exporter=GB"], "the settings of this query are: unit=..."),
        (["SELECT 1", "--set", "unit=x"], "the settings of this query are: none"),
        ([], "give one SELECT, or --example NAME"),
        (["SELECT 1", "--example", "who_armed"], "give one SELECT, or --example NAME"),
        (["SELECT 1", "--format", "xlsx"], "add --out FILE.xlsx"),
        (["SELECT 1", "--out", "a.doc"], "name a file that ends in"),
        (["SELECT 1", "--out", "a.csv", "--format", "json"], "does not fit --format json"),
    ],
)
def test_bad_usage_is_one_sentence(
    words: list[str], says: str, sample_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("query", *words, "--home", sample_home) == 2
    assert says in capsys.readouterr().err


# -- exports -------------------------------------------------------------------------------------------------

SQL = "SELECT transfer_id, value, document_sha256, '=1+1' AS trap FROM out.mexico_transfers ORDER BY transfer_id"


def test_all_formats_hold_the_same_rows(sample_home: Path, tmp_path: Path) -> None:
    for ending in ("csv", "json", "parquet", "xlsx"):
        assert run("query", SQL, "--out", tmp_path / f"a.{ending}", "--home", sample_home) == 0
    lines = list(csv.DictReader((tmp_path / "a.csv").open(encoding="utf-8")))
    entries = json.loads((tmp_path / "a.json").read_text("utf-8"))
    columns = pq.read_table(tmp_path / "a.parquet").to_pydict()
    book = CalamineWorkbook.from_path(tmp_path / "a.xlsx")
    rows = book.get_sheet_by_name("answer").to_python()[1:]
    ids = [line["transfer_id"] for line in lines]
    assert ids and ids == [e["transfer_id"] for e in entries] == columns["transfer_id"] == [
        row[0] for row in rows
    ]
    assert {line["trap"] for line in lines} == {"'=1+1"}, "a CSV cell never begins a formula"
    assert {row[3] for row in rows} == {"=1+1"}, "a workbook's cell is typed as text"


def test_a_workbook_says_where_its_figures_come_from(sample_home: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.xlsx"
    assert run("query", SQL, "--out", out, "--home", sample_home) == 0
    sheet = CalamineWorkbook.from_path(out).get_sheet_by_name("provenance").to_python()
    facts = {row[0]: row[1] for row in sheet}
    with duckdb.connect(str(sample_home / "published" / "armswatch.duckdb"), read_only=True) as connection:
        ((build_id,),) = connection.execute("SELECT build_id FROM meta.build").fetchall()
        named = connection.execute("SELECT DISTINCT document_sha256 FROM out.mexico_transfers").fetchall()
    assert (facts["query"], facts["build_id"]) == (SQL, build_id)
    told = {cell for row in sheet for cell in row}
    assert {sha256 for (sha256,) in named} <= told
    assert "US government work, public domain" in told


# -- evidence ------------------------------------------------------------------------------------------------


@pytest.fixture
def ids(sample_home: Path) -> dict[str, str]:
    with duckdb.connect(str(sample_home / "published" / "armswatch.duckdb"), read_only=True) as connection:
        ask = "SELECT {} FROM {} WHERE {} ORDER BY ALL LIMIT 1"
        asked = {
            "page": ask.format("transfer_id", "out.transfers", "page IS NOT NULL AND bbox IS NOT NULL"),
            "flag": ask.format("flag_id", "out.flags", "unit_id = 'mx-navy'"),
            "document": ask.format("document_sha256", "out.documents", "media_type = 'text/csv'"),
        }
        return {name: connection.execute(sql).fetchall()[0][0] for name, sql in asked.items()}


def test_the_page_of_a_pdf_as_a_picture(sample_home: Path, ids: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "page.png"
    assert run("evidence", ids["page"], "--out", out, "--home", sample_home) == 0
    assert out.read_bytes().startswith(b"\x89PNG") and out.stat().st_size < 150_000


@pytest.mark.parametrize("kind", ["page", "flag", "document"])
def test_evidence_as_a_page_and_as_text(
    kind: str, sample_home: Path, ids: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "e.html"
    assert run("evidence", ids[kind], "--out", out, "--home", sample_home) == 0
    page = out.read_text("utf-8")
    assert "SHA-256" in page and "http-equiv" in page and 'src="http' not in page
    capsys.readouterr()
    assert run("evidence", ids[kind], "--home", sample_home) == 0
    assert re.search(r"SHA-256 +[0-9a-f]{64}", capsys.readouterr().out)


def test_evidence_that_cannot_be_given_is_one_sentence(
    sample_home: Path, ids: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("evidence", "f" * 24, "--home", sample_home) == 2
    assert run("evidence", ids["flag"], "--out", tmp_path / "a.doc", "--home", sample_home) == 2
    assert run("evidence", ids["flag"], "--out", tmp_path / "a.png", "--home", sample_home) == 1
    told = capsys.readouterr().err
    assert "nothing published has the id" in told and "ends in .png" in told and "is no PDF" in told
    assert "Traceback" not in told and not list(tmp_path.iterdir())


def test_a_document_that_changed_in_the_archive_is_not_shown(
    revised: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    shutil.copytree(revised, home)
    with duckdb.connect(str(home / "published" / "armswatch.duckdb"), read_only=True) as connection:
        ((key, sha256),) = connection.execute(
            "SELECT transfer_id, document_sha256 FROM out.transfers"
        ).fetchall()
    path = home / "raw" / sha256[:2] / sha256
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b"x")
    assert run("evidence", key, "--home", home) == 1
    assert "its bytes have changed on disk" in capsys.readouterr().err


def test_the_mail_shows_the_page_of_a_flag_that_has_one(sample_home: Path) -> None:
    settings = load_settings(home=sample_home)
    with duckdb.connect(str(sample_home / "published" / "armswatch.duckdb"), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        answer = connection.execute("SELECT * FROM out.flags WHERE page IS NOT NULL ORDER BY flag_id LIMIT 1")
        columns = [column[0] for column in answer.description or []]
        flag = FlagView.from_row(dict(zip(columns, answer.fetchall()[0], strict=True)))
    data = DigestData(run_id="2026-11-24", run_date=date(2026, 11, 24), flags=(flag,))
    mail = renderer(settings)(data, Recipient(address="a@example.org"), "<1@example.org>")
    (page,) = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    content = page.get_payload(decode=True)
    assert isinstance(content, bytes) and content.startswith(b"\x89PNG") and len(content) < 150_000


# -- pages ---------------------------------------------------------------------------------------------------


def test_the_dictionary_page_holds_every_view_and_column(tmp_path: Path) -> None:
    out = tmp_path / "d.html"
    assert run("dictionary", "--html", out) == 0
    page = out.read_text("utf-8")
    for table in tables().values():
        assert f'id="{table.name}"' in page and html.escape(table.description, quote=False)[
            :30
        ] in html.unescape(page)
        for column in table.columns:
            assert f"<code>{column.name}</code>" in page
    assert not re.search(r"(src|href)=\"(?!#)", page), "nothing is loaded"


def test_every_column_has_a_meaning_and_an_example_a_closed_list_or_two_values() -> None:
    for field in fields().values():
        assert field.description and (field.example or field.enum or field.type == "BOOLEAN"), field.name
        if field.pattern and field.example:
            assert re.search(field.pattern, field.example), field.name


def test_every_column_of_every_view_for_analysts_has_its_comment(sample_home: Path) -> None:
    with duckdb.connect(str(sample_home / "published" / "armswatch.duckdb"), read_only=True) as connection:
        silent = connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'out' AND comment IS NULL"
        ).fetchall()
    assert not silent


def test_what_the_catalog_says_is_never_markup() -> None:
    hostile = "<script>x</script>"
    field = Field(
        name="a", type="VARCHAR", description=hostile, unit=hostile, example=hostile, enum=(hostile,)
    )
    table = Table(name="out.t", description=hostile, columns=(Column(field, required=False),), kind="view")
    assert dictionary_page([table]).count("<script>") == 1


@pytest.fixture(scope="module")
def charts(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    out = tmp_path_factory.mktemp("charts") / "c.html"
    assert run("charts", "--out", out, "--home", sample_home) == 0
    return out.read_text("utf-8")


def test_charts_are_one_offline_page_with_words_and_figures(charts: str) -> None:
    assert charts.count("<picture>") == 5 and charts.count("max-width: 760px") == 5
    assert all(len(alternative) > 40 for alternative in re.findall(r'alt="([^"]*)"', charts))
    assert "<script" not in charts and not re.search(r"(src|srcset|href)=\"(?!data:|#)", charts)
    assert "leave USML Categories I and III" in charts, "the breaks of the series are told"


def test_charts_are_written_as_a_page_only(sample_home: Path, tmp_path: Path) -> None:
    assert run("charts", "--out", tmp_path / "c.png", "--home", sample_home) == 2


def test_figures_of_several_currencies_and_stages_are_never_added(charts: str, sample_home: Path) -> None:
    with duckdb.connect(str(sample_home / "published" / "armswatch.duckdb"), read_only=True) as connection:
        ((total,),) = connection.execute(
            "SELECT sum(value) FROM out.yearly WHERE destination_country = 'MX' AND source_id = 'us_ddtc_655'"
            " AND stage = 'shipped' AND year = 2017 AND weapon_class <> 'not_firearms'"
        ).fetchall()
    assert f"us_ddtc_655 shipped is highest in 2017 with {total:,.0f} USD" in charts


def test_charts_without_data_say_so(tmp_path: Path) -> None:
    shop = Workshop(tmp_path / "home")
    shop.arrives("gb_ecju_licences", "v1.csv", uk("10,2010-04-07,ML1,1,185500,Chile,0"), moment(1))
    with duckdb.connect(str(shop.build()), read_only=True) as connection:
        page = charts_page(connection, datetime(2026, 1, 1))
    assert page.count("No data:") == 4 and "No report in the archive gives a value of arms to Mexico." in page


def test_a_table_on_the_terminal_has_its_question_above(
    sample_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("query", "--example", "who_armed", "--home", sample_home) == 0
    lines = io.StringIO(capsys.readouterr().out).readlines()
    assert lines[0].startswith("Who armed a unit.") and lines[1].startswith("What it does not mean:")

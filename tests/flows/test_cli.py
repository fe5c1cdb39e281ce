"""The command line as its users meet it: a process of its own, its words, its exit codes."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flows.cli import main
from parsers.registry import load_source, source_ids
from tests.workshop import uk

pytestmark = pytest.mark.usefixtures("shared_readers")

HEAVY = {"prefect", "great_expectations", "pandas", "duckdb", "httpx", "pydantic_settings"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, sample_home: Path) -> Path:
    """A copy: some commands write."""
    return shutil.copytree(sample_home, tmp_path_factory.mktemp("copy") / "home")


def armswatch(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **environment},
    )


def say(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run a command in this process: exit code, stdout, stderr."""
    try:
        code = main(list(arguments))
    except SystemExit as exit_:
        code = int(exit_.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


def test_nothing_heavy_is_imported_before_a_command_is_chosen() -> None:
    program = "import sys, flows.cli; flows.cli._parser(); print(*{m.partition('.')[0] for m in sys.modules})"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert HEAVY.isdisjoint(loaded)


def test_help_names_every_command_and_bad_usage_is_2() -> None:
    told = armswatch("--help")
    assert told.returncode == 0
    for verb in (
        "nightly",
        "sources",
        "parse",
        "match",
        "flags",
        "show",
        "query",
        "alerts",
        "verify",
        "new-source",
    ):
        assert verb in told.stdout
    assert armswatch("frobnicate").returncode == 2


# -- parse ---------------------------------------------------------------------------------------------


def test_parse_prints_one_line_a_thing_and_counts_on_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "uk.csv"
    path.write_bytes(uk("10,2010-04-07,ML1,1,185500.5,Mexico,0", "11,2010-04-07,ML1,1,5,Atlantis,0"))
    code, out, err = say(capsys, "parse", "gb_ecju_licences", str(path))
    record, reject = (json.loads(line) for line in out.splitlines())
    assert code == 0
    assert (record["kind"], record["value"], record["currency"], record["row"]) == (
        "record",
        185500.5,
        "GBP",
        2,
    )
    assert record["verbatim"]["value"] == "185500.5"
    assert (reject["kind"], reject["row"]) == ("reject", 3)
    assert "Atlantis" in reject["reason"]
    assert err.startswith("seen 2 rows: 1 kept (1 records), 1 rejected, 0 totals")


def test_parse_names_each_total_that_disagrees_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = 'unique-id;" ""year""";importing-country;exporting-country;CML-category;num-licenses-imported;val-licenses-imported;val-arms-imported'
    path = tmp_path / "eu.csv"
    path.write_text(
        f"{header}\r\n1;2007;Mexico;Germany;ML1;14;100;\r\n2;2007;Mexico;Germany;Total;14;250;\r\n"
    )
    code, out, err = say(capsys, "parse", "eu_eeas_coarm", str(path))
    totals = [line for line in map(json.loads, out.splitlines()) if line["kind"] == "total"]
    assert code == 0
    assert [(t["measure"], t["printed"], t["computed"], t["agrees"]) for t in totals] == [
        ("count", 14, 14, True),
        ("value", 250, 100, False),
    ]
    assert "row 3: printed licensed value of" in err
    assert "is 250, the rows give 100" in err


def test_a_document_refused_whole_is_1_with_a_sentence_and_a_reject_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "page.csv"
    path.write_text("<html>sorry</html>")
    code, out, err = say(capsys, "parse", "gb_ecju_licences", str(path))
    assert code == 1
    assert [json.loads(line)["kind"] for line in out.splitlines()] == ["reject"]
    assert err.count("\n") == 1
    assert "refused" in err


def test_no_row_that_could_be_read_is_1_and_none_at_all_is_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "uk.csv"
    path.write_bytes(uk("11,2010-04-07,ML1,1,5,Atlantis,0"))
    assert say(capsys, "parse", "gb_ecju_licences", str(path))[0] == 1
    empty = tmp_path / "month.json"
    empty.write_bytes(b"")
    assert say(capsys, "parse", "us_census_exports", str(empty))[0] == 0


@pytest.mark.parametrize(
    ("source", "file"),
    [("gb_ecju_licences", "missing.csv"), ("no_such_source", __file__), ("../evil", __file__)],
)
def test_an_unknown_source_or_file_is_2_with_one_sentence(
    capsys: pytest.CaptureFixture[str], source: str, file: str
) -> None:
    code, out, err = say(capsys, "parse", source, file)
    assert (code, out, err.count("\n")) == (2, "", 1)


def test_parse_as_csv_holds_no_formula(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "uk.csv"
    path.write_bytes(uk("=1+1,2010-04-07,ML1,1,5,Mexico,0"))
    code, out, _ = say(capsys, "parse", "gb_ecju_licences", str(path), "--format", "csv")
    (row,) = csv.DictReader(out.splitlines())
    assert (code, row["kind"], row["raw"][:6]) == (1, "reject", "'=1+1,")
    assert not any(cell.startswith(("=", "@")) for cell in row.values())


@pytest.mark.parametrize("source_id", source_ids())
def test_every_sample_is_read_from_the_command_line(
    source_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for sample in load_source(source_id).samples:
        code, out, err = say(capsys, "parse", source_id, str(sample))
        kinds = {json.loads(line)["kind"] for line in out.splitlines()}
        assert code == 0, err
        assert kinds <= {"record", "total", "reject"}


# -- match ---------------------------------------------------------------------------------------------


def test_match_says_unit_span_alias_rule_and_score(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = say(capsys, "match", "for end use by SEMAR", "--json")
    found = json.loads(out)
    assert (code, found["band"], found["units"][0]["unit_id"]) == (0, "match", "semar")


def test_match_csv_keeps_columns_and_rows_in_order_and_adds_five(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "in.csv"
    path.write_text('id,who\n2,SEMAR\n1,"=HYPERLINK(1)"\n3,New Mexico State Police\n', "utf-8")
    code, out, _ = say(capsys, "match", "--csv", str(path), "--column", "who")
    rows = list(csv.reader(out.splitlines()))
    assert code == 0
    assert rows[0] == ["id", "who", "unit_ids", "band", "score", "alias", "rule"]
    assert [row[0] for row in rows[1:]] == ["2", "1", "3"]
    assert rows[1][2:4] == ["semar", "match"]
    assert rows[2][1] == "'=HYPERLINK(1)"
    assert rows[3][3] != "match"


@pytest.mark.parametrize(
    "arguments",
    [
        ["match"],
        ["match", "SEMAR", "--on", "yesterday"],
        ["match", "--csv", "missing.csv", "--column", "who"],
        ["match", "--csv", __file__, "--column", "who"],
        ["match", "--csv", "x.csv"],
    ],
)
def test_what_cannot_be_matched_is_bad_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = say(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("armswatch: ")


def test_the_registry_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert say(capsys, "units", "check")[0] == 0


# -- looking -------------------------------------------------------------------------------------------


def test_sources_flags_tables_rules_dictionary_and_changes_answer(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["sources"], ["flags"], ["changes"]):
        code, out, _ = say(capsys, *command, "--home", str(home), "--json")
        assert code == 0
        assert isinstance(json.loads(out), list)
    for command in (["tables"], ["rules"], ["dictionary"]):
        assert isinstance(json.loads(say(capsys, *command, "--json")[1]), list)
        assert say(capsys, *command)[1]
    assert say(capsys, "sources", "--home", str(home / "nowhere"))[1].count("\n") == len(source_ids()) + 2


def test_show_finds_a_flag_its_transfer_its_unit_and_its_document(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = json.loads(say(capsys, "flags", "--home", str(home), "--json")[1])
    named = next(flag for flag in flags if flag["unit_name"])
    card = json.loads(say(capsys, "show", named["flag_id"], "--home", str(home), "--json")[1])
    assert card["kind"] == "flag"
    for key in ("transfer_id", "document_sha256", "unit_id"):
        code, out, _ = say(capsys, "show", card[key], "--home", str(home))
        assert code == 0
        assert card[key] in out
    assert say(capsys, "show", "feedbeef", "--home", str(home))[0] == 2
    assert say(capsys, "show", "' OR 1=1", "--home", str(home))[0] == 2


def test_query_prints_tables_json_and_csv_without_formulas(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sql = "SELECT '=1' AS a, 2.50::DECIMAL(5, 2) AS b, NULL AS c"
    assert say(capsys, "query", sql, "--home", str(home), "--format", "csv")[1] == "a,b,c\n'=1,2.5,\n"
    assert json.loads(say(capsys, "query", sql, "--home", str(home), "--format", "json")[1]) == [
        {"a": "=1", "b": 2.5, "c": None}
    ]
    assert "2.5" in say(capsys, "query", sql, "--home", str(home))[1]


@pytest.mark.parametrize("sql", ["SELEC 1", "DELETE FROM core.transfers", "CREATE TABLE x (i INT)"])
def test_a_query_that_fails_or_writes_is_one_sentence(
    home: Path, sql: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = say(capsys, "query", sql, "--home", str(home))
    assert (code, out, err.count("\n")) == (2, "", 1)


def test_before_the_first_run_every_question_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["flags"], ["query", "SELECT 1"], ["show", "abc"], ["changes"], ["verify"]):
        code, _, err = say(capsys, *command, "--home", str(tmp_path))
        assert code == 2
        assert "armswatch nightly" in err


def test_alerts_show_the_mail_and_where_it_stands(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = say(capsys, "alerts", "preview", "--home", str(home))
    assert (code, out.startswith("Subject: ")) == (0, True)
    page = tmp_path / "mail.html"
    assert say(capsys, "alerts", "preview", "--home", str(home), "--out", str(page))[0] == 0
    assert "<table" in page.read_text("utf-8")
    assert "sent" in say(capsys, "alerts", "status", "--home", str(home))[1]
    assert say(capsys, "alerts", "send", "--home", str(home))[0] == 0
    assert say(capsys, "alerts", "preview", "--home", str(home), "--out", "mail.doc")[0] == 2


def test_a_wrong_setting_is_one_sentence_without_its_value() -> None:
    told = armswatch("flags", ARMSWATCH_SMTP_PORT="hunter2")
    assert told.returncode == 2
    assert told.stderr.count("\n") == 1
    assert "smtp_port" in told.stderr
    assert "hunter2" not in told.stderr
    assert "Traceback" not in told.stderr


def test_nightly_refuses_reports_that_name_nothing_before_prefect_starts(tmp_path: Path) -> None:
    told = armswatch("nightly", "--reports", str(tmp_path / "nowhere"), "--home", str(tmp_path / "home"))
    assert told.returncode == 2
    assert told.stderr.endswith("is neither 'sample', 'live' nor a folder\n")

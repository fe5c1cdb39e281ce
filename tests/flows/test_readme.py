"""README is true: its tables are those of the code, its questions run, its commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from flows.cli import _parser
from flows.examples import examples
from flows.readme import with_tables
from flows.settings import PREFIX, Settings
from tests.workshop import Workshop, moment, uk

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def test_the_tables_are_those_of_source_yml_rules_and_catalog() -> None:
    assert with_tables(README) == README, "run: python -m flows.readme"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shop = Workshop(tmp_path_factory.mktemp("readme"))
    shop.arrives("gb_ecju_licences", "v1.csv", uk("10,2010-04-07,ML1,1,185500,Mexico,0"), moment(1))
    return shop.build()


def test_ten_questions_are_named_and_the_sql_that_is_shown_runs(warehouse: Path) -> None:
    assert len(examples()) == 10
    (block,) = re.findall(r"```sql\n(.*?)```", README, re.DOTALL)
    questions = [statement for statement in block.split(";") if statement.strip()]
    assert questions
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for question in questions:
            connection.execute(question).fetchall()


def test_every_command_and_setting_that_is_named_exists() -> None:
    verbs = set(re.findall(r"armswatch ([a-z-]+)", README)) - {"below", "--help"}
    known = next(a for a in _parser()._actions if a.choices).choices
    assert known is not None
    assert verbs <= set(known), verbs - set(known)
    names = set(re.findall(rf"{PREFIX}([A-Z_]+)", README)) - {"CONFIG"}
    assert {name.lower() for name in names} <= set(Settings.model_fields)

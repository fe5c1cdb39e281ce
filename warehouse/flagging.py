"""Flag rules: one SQL file each, with a header; their answers become core.flags."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.sql import sql_beside

if TYPE_CHECKING:
    import duckdb

_sql = sql_beside(__file__, "steps")

RULES_FOLDER = Path(__file__).parent / "rules"
SEVERITIES = ("high", "medium", "low", "review")
_COLUMNS = ("transfer_id", "unit_id", "relation", "evidence")
_HEADER = re.compile(r"^-- (id|title|severity|reason): (.+)$", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_PLACEHOLDERS = {"unit_name", "role", "licence", "relation"}


class RuleError(ValueError):
    """A rule cannot be used; the message names its file, the line and what to do."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One flag rule. ``sql`` selects transfer_id, unit_id, relation, evidence.

    It reads ``transfers`` and ``matches``, views of one moment: what reports say now, or ceased to say.
    """

    rule_id: str
    title: str
    severity: str
    reason: str
    sql: str
    path: Path


def load_rules(folder: Path = RULES_FOLDER) -> list[Rule]:
    """All rules in name order. Raises RuleError for a header that is missing or wrong."""
    return [_load(path) for path in sorted(folder.glob("*.sql"))]


def _load(path: Path) -> Rule:
    text = path.read_text("utf-8")
    header = dict(_HEADER.findall(text))
    missing = {"id", "title", "severity", "reason"} - header.keys()
    if missing:
        raise RuleError(f"{path.name}, line 1: the header lacks {', '.join(sorted(missing))}")
    if header["id"] != path.stem:
        raise RuleError(f"{path.name}, line 1: id is {header['id']!r}; it must be the file's name")
    if header["severity"] not in SEVERITIES:
        raise RuleError(f"{path.name}: severity {header['severity']!r} is none of {', '.join(SEVERITIES)}")
    unknown = set(_PLACEHOLDER.findall(header["reason"])) - _PLACEHOLDERS
    if unknown:
        raise RuleError(f"{path.name}: the reason names {sorted(unknown)}; known are {sorted(_PLACEHOLDERS)}")
    return Rule(header["id"], header["title"], header["severity"], header["reason"], text, path)


def raise_flags(connection: duckdb.DuckDBPyConnection, rules: list[Rule]) -> None:
    """Fill ``core.flags``: open where a current fact raises it, closed where only a superseded one did.

    Raises RuleError for a rule that does not compile or answers other columns than it must.
    """
    connection.execute(_EMPTY_ANSWERS)
    for is_current in (True, False):
        _show_moment(connection, is_current)
        for rule in rules:
            _ask(connection, rule, is_current)
    connection.execute(_sql("flags"))
    connection.execute("DROP VIEW matches; DROP VIEW transfers; DROP TABLE rule_answers")


_EMPTY_ANSWERS = """
CREATE TEMP TABLE rule_answers (rule_id VARCHAR, rule_title VARCHAR, severity VARCHAR, template VARCHAR,
    is_current BOOLEAN, transfer_id VARCHAR, unit_id VARCHAR, relation VARCHAR, evidence VARCHAR)
"""


def _show_moment(connection: duckdb.DuckDBPyConnection, is_current: bool) -> None:
    """Superseded facts are those whose span has ended; a fact that stands in another report is not one."""
    spans = "is_current" if is_current else "superseded_at IS NOT NULL"
    connection.execute(f"CREATE OR REPLACE TEMP VIEW transfers AS SELECT * FROM core.transfers WHERE {spans}")
    connection.execute(
        "CREATE OR REPLACE TEMP VIEW matches AS SELECT * FROM core.unit_matches"
        " WHERE transfer_id IN (SELECT transfer_id FROM transfers)"
        + (" AND is_current" if is_current else "")
    )


def _ask(connection: duckdb.DuckDBPyConnection, rule: Rule, is_current: bool) -> None:
    import duckdb

    try:
        answer = connection.sql(rule.sql)
        columns = tuple(answer.columns)
        if columns != _COLUMNS:
            raise RuleError(
                f"{rule.path.name}: selects {', '.join(columns)}; it must select {', '.join(_COLUMNS)}"
            )
        connection.execute(
            "INSERT INTO rule_answers SELECT DISTINCT $id, $title, $severity, $reason, $now, *"
            f" FROM ({_body(rule)})",
            {
                "id": rule.rule_id,
                "title": rule.title,
                "severity": rule.severity,
                "reason": rule.reason,
                "now": is_current,
            },
        )
    except duckdb.Error as error:
        raise RuleError(f"{rule.path.name}{_line_of(error)}: {str(error).splitlines()[0]}") from None


def _body(rule: Rule) -> str:
    return rule.sql.rstrip().rstrip(";") + "\n"


def _line_of(error: Exception) -> str:
    found = re.search(r"LINE (\d+):", str(error))
    return f", line {found.group(1)}" if found else ""

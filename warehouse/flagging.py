"""Flag rules: one SQL file each, with a header. Their answers and what was flagged before are core.flags."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.sql import sql_beside

if TYPE_CHECKING:
    import duckdb

    from warehouse.flag_memory import KnownFlag

_sql = sql_beside(__file__, "steps")

RULES_FOLDER = Path(__file__).parent / "rules"
SEVERITIES = ("high", "medium", "low", "review")
RELATIONS = ("direct", "predecessor", "successor", "parent", "child", "intermediary", "none")
"""In the order in which a flag with several is named."""

COLUMNS = ("transfer_id", "unit_id", "relation", "evidence")
_KEYS = ("id", "title", "severity", "reason")
_HEADER = re.compile(r"-- (\w+): (.+)")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_PLACEHOLDERS = {"title": {"relation"}, "reason": {"unit_name", "role", "licence", "relation"}}

_MOMENTS = (
    # Only what the newest versions say now raises a flag that is open.
    ("is_current", "TRUE"),
    # What each report gives by itself: a cause that another report answers is closed, not forgotten.
    ("is_current", "FALSE"),
    # What reports ceased to say. A fact that still stands in another report is not of these.
    ("superseded_at IS NOT NULL", "FALSE"),
)


class RuleError(ValueError):
    """A rule cannot be used; the message names its file, the line and what to do."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One flag rule. ``sql`` is one SELECT of transfer_id, unit_id, relation, evidence.

    It reads the views of one moment, which steps/moment.sql makes: transfers, matches, readings, end_users,
    end_users_elsewhere; and the tables of core that hold the registry.
    """

    rule_id: str
    title: str
    severity: str
    reason: str
    sql: str
    path: Path

    @property
    def first_line(self) -> int:
        """The line on which the query begins, below the header."""
        lines = self.sql.splitlines()
        return next((n for n, line in enumerate(lines, 1) if line.strip() and line[:2] != "--"), 1)


def load_rules(folder: Path = RULES_FOLDER) -> list[Rule]:
    """All rules in name order. Raises RuleError for a header that is missing or wrong, or for no SELECT."""
    return [_load(path) for path in sorted(folder.glob("*.sql"))]


def _load(path: Path) -> Rule:
    text = path.read_text("utf-8")
    lines: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if found := _HEADER.fullmatch(line.rstrip()):
            if found[1] in lines:
                raise RuleError(f"{path.name}, line {number}: {found[1]} stands twice in the header")
            lines[found[1]] = (number, found[2])
        elif not line.startswith("--"):
            break
    if missing := [key for key in _KEYS if key not in lines]:
        raise RuleError(
            f"{path.name}, line 1: the header lacks {', '.join(missing)}; write -- {missing[0]}: "
        )
    _check_header(path.name, path.stem, lines)
    rule_id, title, severity, reason = (lines[key][1] for key in _KEYS)
    rule = Rule(rule_id, title, severity, reason, text, path)
    _check_statement(rule)
    return rule


def _check_header(name: str, stem: str, lines: dict[str, tuple[int, str]]) -> None:
    number, rule_id = lines["id"]
    if rule_id != stem:
        raise RuleError(f"{name}, line {number}: id is {rule_id!r}; it must be the file's name")
    number, severity = lines["severity"]
    if severity not in SEVERITIES:
        raise RuleError(f"{name}, line {number}: severity {severity!r} is none of {', '.join(SEVERITIES)}")
    for key, known in _PLACEHOLDERS.items():
        number, template = lines[key]
        if unknown := sorted(set(_PLACEHOLDER.findall(template)) - known):
            raise RuleError(f"{name}, line {number}: the {key} names {unknown}; known are {sorted(known)}")


def _check_statement(rule: Rule) -> None:
    import duckdb

    try:
        statements = duckdb.extract_statements(rule.sql)
    except duckdb.Error as error:
        raise _rule_error(rule, error) from None
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise RuleError(f"{rule.path.name}, line {rule.first_line}: a rule is one SELECT and nothing else")


def raise_flags(
    connection: duckdb.DuckDBPyConnection,
    rules: list[Rule],
    known: Iterable[KnownFlag] = (),
    causes_since: datetime | None = None,
) -> None:
    """Fill ``core.end_users`` and ``core.flags``: open where a current fact raises it, else closed.

    ``known`` are flags that were published before: one that nothing gives any more is closed and kept.
    ``causes_since`` is when this registry and these rules were first used: what only they ended, ended then.
    Raises RuleError for a rule that does not compile or answers other columns or words than it must.
    """
    from warehouse.flag_memory import offer

    connection.execute(_EMPTY_ANSWERS)
    for moment, (span, others) in enumerate(_MOMENTS):
        connection.execute(_sql("elsewhere").replace("$OTHER_REPORTS$", others))
        if moment != 1:  # the second moment has the versions of the first
            connection.execute(_sql("moment").replace("$SPAN$", span))
        if moment == 0:
            connection.execute(_END_USERS)
        for rule in rules:
            if moment != 1 or "end_users_elsewhere" in rule.sql:
                _ask(connection, rule, moment)
    offer(connection, known)
    connection.execute(_sql("flagged"))
    connection.execute(_sql("flags"), {"causes_since": causes_since, "relations": list(RELATIONS)})
    connection.execute(_FLAGGED)
    connection.execute(_FORGET)


_EMPTY_ANSWERS = """
CREATE TEMP TABLE rule_answers (rule_id VARCHAR, rule_title VARCHAR, severity VARCHAR, template VARCHAR,
    moment INTEGER, transfer_id VARCHAR, licence_key VARCHAR, stage VARCHAR, is_item BOOLEAN,
    source_id VARCHAR,
    first_seen_at TIMESTAMPTZ, superseded_at TIMESTAMPTZ, unit_id VARCHAR, relation VARCHAR, evidence VARCHAR)
"""
_END_USERS = """
INSERT INTO core.end_users BY NAME
SELECT left(transfer_id, 24) AS transfer_id, end_user_state, intermediary_unit_id FROM end_users ORDER BY ALL
"""
_FLAGGED = """
INSERT INTO core.flagged_transfers
-- by the number of the row: only the row groups that hold one are read whole
FROM core.transfers WHERE rowid IN (
    SELECT rowid FROM core.transfers WHERE transfer_id IN (SELECT transfer_id FROM core.flags))
ORDER BY transfer_id, report_id, first_seen_at
"""
_FORGET = """
DROP TABLE rule_answers; DROP TABLE known_flags; DROP TABLE end_users; DROP TABLE end_users_elsewhere;
DROP TABLE readings; DROP TABLE matches; DROP TABLE flagged; DROP VIEW transfers;
DROP TABLE IF EXISTS answer; DROP TABLE IF EXISTS near; DROP TABLE IF EXISTS answered
"""
_KEEP = """
INSERT INTO rule_answers
SELECT DISTINCT $id, $title, $severity, $reason, $moment, transfer_id, licence_key, stage,
    grain = 'item', source_id, first_seen_at, superseded_at, unit_id, relation, evidence
FROM answered
"""


def _ask(connection: duckdb.DuckDBPyConnection, rule: Rule, moment: int) -> None:
    """Keep a rule's answer."""
    import duckdb

    try:
        answer = connection.sql(rule.sql)
        _check_columns(rule, answer.columns)
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE answer AS"
            " SELECT transfer_id::VARCHAR AS transfer_id, unit_id::VARCHAR AS unit_id, relation,"
            f" evidence::VARCHAR AS evidence FROM ({rule.sql.rstrip().rstrip(';')}\n)"
        )
        connection.execute(_sql("answered").replace("$SPAN$", _MOMENTS[moment][0]))
        _check_words(connection, rule)
        told = {"id": rule.rule_id, "title": rule.title, "severity": rule.severity, "reason": rule.reason}
        connection.execute(_KEEP, {**told, "moment": moment})
    except duckdb.Error as error:
        raise _rule_error(rule, _error_of_the_file(connection, rule) or error) from None


def _error_of_the_file(connection: duckdb.DuckDBPyConnection, rule: Rule) -> Exception | None:
    """Behind EXPLAIN DuckDB tells lines of the file as it stands, header and all."""
    import duckdb

    try:
        connection.execute(f"EXPLAIN {rule.sql}")
    except duckdb.Error as error:
        return error
    return None


def _check_columns(rule: Rule, columns: list[str]) -> None:
    if sorted(columns) != sorted(COLUMNS):
        raise RuleError(
            f"{rule.path.name}, line {rule.first_line}: selects {', '.join(columns)};"
            f" it must select {', '.join(COLUMNS)}"
        )


_WORDS = """
SELECT 'relation', relation FROM answer
WHERE relation IS NULL OR NOT list_contains($relations, relation::VARCHAR)
UNION ALL
SELECT 'transfer_id', transfer_id FROM answer
WHERE transfer_id IS NULL OR transfer_id NOT IN (SELECT version_id FROM answered)
UNION ALL
SELECT 'unit_id', unit_id FROM answer
WHERE unit_id IS NOT NULL AND unit_id NOT IN (SELECT unit_id FROM core.units)
ORDER BY ALL LIMIT 1
"""
_EXPECTED = {
    "relation": f"one of {', '.join(RELATIONS)}",
    "transfer_id": "a transfer_id of the view transfers",
    "unit_id": "a unit of the registry, or null",
}


def _check_words(connection: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    wrong = connection.execute(_WORDS, {"relations": list(RELATIONS)}).fetchone()
    if wrong is not None:
        column, value = wrong
        raise RuleError(
            f"{rule.path.name}, line {rule.first_line}: answers the {column} {value!r};"
            f" it must be {_EXPECTED[column]}"
        )


def _rule_error(rule: Rule, error: Exception) -> RuleError:
    """The file and line of a rule that DuckDB cannot run; where it tells no line, that of the query."""
    found = re.search(r"LINE (\d+):", str(error))
    line = int(found.group(1)) if found else rule.first_line
    return RuleError(f"{rule.path.name}, line {line}: {str(error).splitlines()[0]}")

"""The published file with municipal detail drawn up to the state, for everything that leaves as a file.

A municipal force is small: its name beside one consignment can point at persons. Exports therefore say "a
municipal force in MX-GRO" where a municipal unit was recognised, in the unit's columns and in every text of
that transfer; figures, dates, documents and places stay. The setting ``show_municipal_detail`` lifts this.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.sql import sql_beside

if TYPE_CHECKING:
    import duckdb

_view = sql_beside(__file__, "views")

_SCHEMAS = ("raw", "core", "meta", "out")
# fmt: off
_TOLD = frozenset({
    "consignee_raw", "intermediary_raw", "end_user_raw", "party_raw", "matched_text", "alias", "reason",
    "evidence", "rivals", "verbatim", "acknowledged_note", "raw_text", "unit_name", "unit_name_en",
    "about_unit_name", "place", "event", "old_value", "new_value",
})
# fmt: on
"""Columns whose texts can name the force."""
_OF_FINDINGS = frozenset({"finding_id", "notes", "source_title", "source_url", "canonical_number"})
"""The same in a finding that is shown beside a flag."""
_IDS = ("unit_id", "about_unit_id", "intermediary_unit_id", "relative_unit_id", "other_unit_id")
_REGISTRY = frozenset(
    f"core.{name}" for name in ("units", "unit_aliases", "unit_relations", "unit_relatives", "unit_findings")
)
"""Who exists and what is on record is public; only what ties a municipal unit to a transfer is drawn up."""


def discreet_connection(database: Path) -> duckdb.DuckDBPyConnection:
    """A connection on which the published file's tables answer as usual, with municipal detail drawn up.

    The file itself is attached read-only as ``published``; each table is shadowed by a view of its name.
    """
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"ATTACH '{str(database).replace(chr(39), chr(39) * 2)}' AS published (READ_ONLY)")
    connection.execute("SET TimeZone = 'UTC'")
    for statement in _WITHHELD:
        connection.execute(statement)
    for schema in _SCHEMAS:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    for name, columns in _tables(connection).items():
        connection.execute(f"CREATE VIEW {name} AS {drawn_up(name, columns)}")
    connection.execute(_view("transfers_as_of"))
    return connection


_WITHHELD = (
    """CREATE TEMP TABLE municipal AS
    SELECT unit_id, 'a municipal force in ' || coalesce(state_iso, 'Mexico') AS drawn_up
    FROM published.core.units WHERE level = 'municipal' OR unit_id LIKE 'mun-%'""",
    """CREATE TEMP TABLE withheld AS
    SELECT transfer_id, string_agg(DISTINCT drawn_up, ', ' ORDER BY drawn_up) AS drawn_up FROM (
        SELECT m.transfer_id, u.drawn_up FROM published.core.unit_matches m JOIN municipal u USING (unit_id)
        UNION SELECT f.transfer_id, u.drawn_up FROM published.core.flags f JOIN municipal u USING (unit_id)
    ) GROUP BY transfer_id""",
)


def _tables(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Every table and view of the published file with its columns and their types."""
    rows = connection.execute(
        "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns()"
        " WHERE database_name = 'published' AND schema_name IN ('raw', 'core', 'meta', 'out')"
        " ORDER BY ALL"
    ).fetchall()
    tables: dict[str, dict[str, str]] = {}
    for schema, table, column, kind in rows:
        tables.setdefault(f'{schema}."{table}"', {})[column] = kind
    return tables


def drawn_up(name: str, columns: dict[str, str]) -> str:
    """The SELECT over one published table that draws municipal detail up to the state."""
    plain = name.replace('"', "")
    if plain in _REGISTRY:
        return f"FROM published.{name}"
    fact = _fact(plain, columns)
    replaced = []
    if fact:
        for column, kind in columns.items():
            if column in _IDS:
                replaced.append(_told_unit(column))
            elif column in _TOLD or (plain == "out.flag_findings" and column in _OF_FINDINGS):
                words = _words(column, kind, fact)
                replaced.append(
                    f"""CASE WHEN {fact} IS NOT NULL AND t."{column}" IS NOT NULL
                    THEN {words} ELSE t."{column}" END AS "{column}\""""
                )
    if plain == "out.units":
        replaced.append("CASE WHEN t.level <> 'municipal' THEN t.open_flag_count END AS open_flag_count")
    if not replaced:
        return f"FROM published.{name}"
    return f"SELECT * REPLACE ({', '.join(replaced)}) FROM published.{name} t"


def _told_unit(column: str) -> str:
    return f"""coalesce((SELECT m.drawn_up FROM municipal m WHERE m.unit_id = t."{column}"),
        t."{column}") AS "{column}\""""


def _fact(name: str, columns: dict[str, str]) -> str:
    """What a row's transfer is drawn up to; empty for a table whose rows belong to no transfer."""
    if "transfer_id" in columns:
        return "(SELECT w.drawn_up FROM withheld w WHERE w.transfer_id = t.transfer_id)"
    if "flag_id" in columns:
        return (
            "(SELECT w.drawn_up FROM published.core.flags f JOIN withheld w USING (transfer_id)"
            " WHERE f.flag_id = t.flag_id)"
        )
    if "licence_key" in columns:
        return """(SELECT any_value(w.drawn_up) FROM published.core.transfers x
            JOIN withheld w USING (transfer_id) WHERE x.licence_key = t.licence_key)"""
    if name.startswith("raw."):
        return """(SELECT any_value(w.drawn_up) FROM published.core.transfers x
            JOIN withheld w USING (transfer_id) WHERE x.document_sha256 = t.document_sha256
            AND x.page IS NOT DISTINCT FROM t.page AND x."row" IS NOT DISTINCT FROM t."row")"""
    return ""


def _words(column: str, kind: str, fact: str) -> str:
    """What stands in place of a text, in the column's own type."""
    if kind.endswith("[]"):
        return f"CAST([] AS {kind})"
    if kind == "JSON":
        return f"json_object('withheld', {fact})"
    if column in ("old_value", "new_value"):
        return f"""CASE WHEN t.field LIKE '%\\_raw' ESCAPE '\\' OR t.field = 'verbatim'
            THEN '(' || {fact} || ')' ELSE t."{column}" END"""
    return f"'(' || {fact} || ')'"

"""The charts page: one offline HTML file with pictures, their text alternatives and the figures behind them.

Each chart is drawn twice, for a wide page and a narrow one, as SVG; the page shows the one that fits. No
script runs in it and nothing is loaded.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows.chart_drawings import (
    NARROW,
    WIDE,
    Break,
    Chart,
    Rows,
    Size,
    flags_in_time,
    late_reports,
    undisclosed_share,
    values_by,
)
from warehouse.sql import sql_beside
from warehouse.table_files import plain_text

if TYPE_CHECKING:
    import duckdb

_sql = sql_beside(__file__, "chart_queries")
_TEMPLATE = Path(__file__).with_name("templates") / "charts.html.j2"
_MOST_ROWS = 2_000
_UNITS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Figure:
    """One chart: pictures (none where there is no data), what they show in words, the rows behind them."""

    name: str
    title: str
    note: str
    alternative: str
    pictures: tuple[str, str] | None
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    cut: int = 0
    breaks: tuple[Break, ...] = ()


def charts_page(connection: duckdb.DuckDBPyConnection, published_at: datetime) -> str:
    """The page as HTML, from a published file."""
    import jinja2

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    build = connection.execute("SELECT build_id FROM meta.build").fetchone() or ("",)
    return environment.from_string(_TEMPLATE.read_text("utf-8")).render(
        figures=figures(connection),
        published=published_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        build_id=build[0],
    )


def figures(connection: duckdb.DuckDBPyConnection) -> list[Figure]:
    """All charts, in the page's order."""
    values = _rows(connection, "values")
    breaks = _breaks(connection, values)
    fiscal = [row["source_id"] for row in _rows(connection, "fiscal")]
    flags = _busiest(_rows(connection, "flags"))
    shares = _rows(connection, "undisclosed")
    late = _rows(connection, "late")
    never = "Sources, stages and currencies are never added: each has a panel and a scale of its own."
    return [
        _figure(
            "by-class",
            "Arms to Mexico by year and kind of goods",
            f"{never} A licence is a ceiling, not a delivery. Dashed lines: breaks, listed below by number.",
            _told_values(values, "weapon_class", "kinds of goods"),
            values,
            lambda size: values_by(values, "weapon_class", "kind of goods", breaks, size, fiscal),
            breaks,
        ),
        _figure(
            "by-exporter",
            "Arms to Mexico by year and exporter",
            f"{never} Statistics of one country and of its union can tell of the same arms.",
            _told_values(values, "exporter_country", "exporters"),
            values,
            lambda size: values_by(values, "exporter_country", "exporter", breaks, size, fiscal),
            breaks,
        ),
        _figure(
            "flags",
            "Open flags in time",
            "A flag asks a person to look; it is no accusation. Its date is that of the licence or report.",
            _told_flags(flags),
            flags,
            lambda size: flags_in_time(flags, size),
        ),
        _figure(
            "end-users",
            "Who will use the arms: how far reports say so",
            "Rows of reports on arms to Mexico, counted. Statistics by country never state an end user.",
            _told_shares(shares),
            shares,
            lambda size: undisclosed_share(shares, size),
        ),
        _figure(
            "late",
            "Reports expected, arrived and late",
            "Late means not in this archive; it may stand elsewhere. Irregular reports do not count.",
            _told_late(late),
            late,
            lambda size: late_reports(late, size),
        ),
    ]


def _figure(
    name: str,
    title: str,
    note: str,
    alternative: str,
    rows: Rows,
    draw: Callable[[Size], Chart],
    breaks: Sequence[Break] = (),
) -> Figure:
    columns = tuple(rows[0]) if rows else ()
    return Figure(
        name=name,
        title=title,
        note=note,
        alternative=alternative,
        pictures=(_svg(draw(WIDE)), _svg(draw(NARROW))) if rows else None,
        columns=columns,
        rows=tuple(tuple(plain_text(row[column]) for column in columns) for row in rows[:_MOST_ROWS]),
        cut=max(0, len(rows) - _MOST_ROWS),
        breaks=tuple(breaks) if rows else (),
    )


def _svg(chart: Chart) -> str:
    """The picture as a data address; as an image it keeps its ids and styles to itself."""
    buffer = io.StringIO()
    chart.save(buffer, format="svg")
    return "data:image/svg+xml;base64," + base64.b64encode(buffer.getvalue().encode()).decode()


# -- rows --------------------------------------------------------------------------------------------------


def _rows(connection: duckdb.DuckDBPyConnection, name: str) -> Rows:
    answer = connection.execute(_sql(name))
    columns = [column[0] for column in answer.description or []]
    return [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]


def _breaks(connection: duckdb.DuckDBPyConnection, values: Rows) -> list[Break]:
    """Breaks of the series that are drawn, in their years, numbered from 1."""
    sources = {row["source_id"] for row in values}
    years = [row["year"] for row in values] or [0]
    known = [
        Break(0, row["break_date"], tuple(row["source_ids"]), row["what"], row["is_from_memory"])
        for row in _rows(connection, "breaks")
        if sources & set(row["source_ids"])
    ]
    shown = [each for each in known if each.is_within((min(years), max(years)))]
    return [replace(each, number=number) for number, each in enumerate(shown, 1)]


def _busiest(flags: Rows) -> Rows:
    """Flags of the units that are flagged most gravely and most often; the others as one line."""
    rank = {"high": 0, "medium": 1, "low": 2, "review": 3}
    weight: dict[str, tuple[int, int]] = {}
    for row in flags:
        gravest, count = weight.get(row["unit_name"], (9, 0))
        weight[row["unit_name"]] = (min(gravest, rank[row["severity"]]), count - row["flag_count"])
    shown = set(sorted(weight, key=lambda name: (weight[name], name))[:_UNITS_SHOWN])
    rest = f"other units ({len(weight) - len(shown)})"
    return [row if row["unit_name"] in shown else {**row, "unit_name": rest} for row in flags]


# -- words -------------------------------------------------------------------------------------------------


def _told_values(rows: Rows, field: str, what: str) -> str:
    if not rows:
        return "No report in the archive gives a value of arms to Mexico."
    years = sorted({row["year"] for row in rows})
    panels = sorted({(row["source_id"], row["stage"], row["currency"]) for row in rows})
    names = sorted({row[field] for row in rows})
    tops = []
    for source, stage, currency in panels:
        by_year: dict[int, float] = {}
        for row in rows:
            if (row["source_id"], row["stage"], row["currency"]) == (source, stage, currency):
                by_year[row["year"]] = by_year.get(row["year"], 0) + row["value"]
        year = max(by_year, key=lambda each: (by_year[each], -each))
        tops.append(f"{source} {stage} is highest in {year} with {by_year[year]:,.0f} {currency}")
    return f"Bars by year, {years[0]} to {years[-1]}, for {len(names)} {what}. " + "; ".join(tops) + "."


def _told_flags(rows: Rows) -> str:
    if not rows:
        return "There are no open flags."
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["severity"]] = counts.get(row["severity"], 0) + row["flag_count"]
    told = ", ".join(f"{counts[s]} {s}" for s in ("high", "medium", "low", "review") if s in counts)
    days = sorted(row["date"] for row in rows)
    units = {row["unit_name"] for row in rows} - {"no unit named"}
    return (
        f"Open flags from {days[0]} to {days[-1]}: {told}. Units named: {', '.join(sorted(units)) or 'none'}."
    )


def _told_shares(rows: Rows) -> str:
    if not rows:
        return "No report in the archive tells of arms to Mexico."
    told = []
    for stage in dict.fromkeys(row["stage"] for row in rows):
        here = [row for row in rows if row["stage"] == stage]
        total = sum(row["row_count"] for row in here)
        kept = ("not_stated", "collective", "intermediary_only")
        silent = sum(row["row_count"] for row in here if row["end_user_state"] in kept)
        told.append(f"{stage}: {silent} of {total} rows do not state who will use the arms")
    return "; ".join(told) + "."


def _told_late(rows: Rows) -> str:
    if not rows:
        return "No report is expected at fixed times."
    late = [f"{row['source_id']} {row['late_count']}" for row in rows if row["late_count"]]
    total = sum(row["late_count"] for row in rows)
    return f"{total} expected reports are late: {', '.join(late)}." if late else "No expected report is late."

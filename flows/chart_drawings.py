"""How each chart is drawn: plain rows in, an Altair chart out, for a wide page or a narrow one.

Currencies, stages and sources stand in panels of their own, since they are never added; all panels share the
years.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt

Rows = list[dict[str, Any]]
Chart = alt.VConcatChart | alt.LayerChart | alt.Chart

# Okabe and Ito's colours: told apart by colour-blind readers; the last stands for the rest
_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#9CA3AF")
_FONT = "Arial, Liberation Sans, Helvetica, sans-serif"
OTHERS = "others"
SEVERITIES = ("high", "medium", "low", "review")
END_USERS = ("named", "several", "other_body", "unsure", "collective", "intermediary_only", "not_stated")


@dataclass(frozen=True, slots=True)
class Size:
    """The room of one drawing: width of the plot in pixels, print size, columns of the legend."""

    plot: int
    font: int
    legend_columns: int
    label_limit: int


WIDE = Size(plot=900, font=13, legend_columns=7, label_limit=230)
NARROW = Size(plot=300, font=12, legend_columns=2, label_limit=130)


@dataclass(frozen=True, slots=True)
class Break:
    """A break of a series: its number in the list, its first day, the sources it concerns, what changed."""

    number: int
    day: date
    sources: tuple[str, ...]
    what: str
    is_from_memory: bool

    def at(self, *, fiscal: bool) -> float:
        """The day on an axis where a year's bar lies around its number: the year's first day is 0.5 before.

        A US fiscal year begins on 1 October of the year before.
        """
        day = (self.day.timetuple().tm_yday - 1) / 365.25
        return self.day.year + day - (0.25 if fiscal else 0.5)

    def is_within(self, years: tuple[int, int]) -> bool:
        """True where a chart of these years shows it, whichever years its source counts."""
        return all(years[0] - 0.7 <= self.at(fiscal=fiscal) <= years[1] + 0.7 for fiscal in (False, True))


def largest(rows: Rows, field: str, measure: str, most: int = 7) -> list[str]:
    """The names with most rows behind them, ties by name; values of several currencies cannot be ranked."""
    weight: dict[str, int] = {}
    for row in rows:
        weight[row[field]] = weight.get(row[field], 0) + (1 if row[measure] else 0)
    return sorted(weight, key=lambda name: (-weight[name], name))[:most]


def values_by(
    rows: Rows, field: str, title: str, breaks: Sequence[Break], size: Size, fiscal: Collection[str] = ()
) -> Chart:
    """Bars of value by year, a panel for each source, stage, currency and basis, coloured by ``field``."""
    shown = largest(rows, field, "value")
    years = (min(row["year"] for row in rows), max(row["year"] for row in rows))
    domain = [*shown, *([OTHERS] if any(row[field] not in shown for row in rows) else [])]
    panels: dict[tuple[str, str, str, str], Rows] = {}
    for row in rows:
        key = (row["source_id"], row["stage"], row["currency"], row["value_basis"])
        name = row[field] if row[field] in shown else OTHERS
        panels.setdefault(key, []).append(
            {
                "name": name.replace("_", " "),
                "value": row["value"],
                "start": row["year"] - 0.4,
                "end": row["year"] + 0.4,
                "rank": domain.index(name),
            }
        )
    worded = [name.replace("_", " ") for name in domain]
    colour = alt.Color("name:N").title(title).scale(domain=worded, range=_colours(domain))
    drawn = []
    for number, (key, entries) in enumerate(sorted(panels.items())):
        source, stage, currency, basis = key
        bars = (
            alt.Chart(_data(values=_stacked(entries)))
            .mark_rect(stroke="white", strokeWidth=0.5)
            .encode(
                _year_axis("start", years, is_last=number == len(panels) - 1),
                alt.X2("end"),
                alt.Y("low:Q").title(f"{stage}, {currency}").axis(format="~s", tickCount=4, grid=True),
                alt.Y2("high"),
                colour,
            )
        )
        known = [(each.number, each.at(fiscal=source in fiscal)) for each in breaks if source in each.sources]
        panel = alt.layer(bars, *_break_marks(known, size)).properties(
            width=size.plot,
            height=110,
            title=alt.Title(
                f"{source}: {stage}, {currency} ({basis.replace('_', ' ')})",
                anchor="start",
                limit=size.plot + 60,
            ),
        )
        drawn.append(panel)
    return _configured(alt.vconcat(*drawn, spacing=14), size)


def _stacked(entries: Rows) -> Rows:
    """Entries of one year one upon the other, in the legend's order; equal names are added."""
    summed: dict[tuple[float, int], dict[str, Any]] = {}
    for entry in entries:
        key = (entry["start"], entry["rank"])
        if key in summed:
            summed[key]["value"] += entry["value"]
        else:
            summed[key] = dict(entry)
    tops: dict[float, float] = {}
    for (start, _), entry in sorted(summed.items()):
        entry["low"] = tops.get(start, 0.0)
        entry["high"] = tops[start] = entry["low"] + entry.pop("value")
    return [summed[key] for key in sorted(summed)]


def _year_axis(field: str, years: tuple[int, int], *, is_last: bool) -> alt.X:
    return (
        alt.X(f"{field}:Q")
        .title("year" if is_last else None)
        .scale(domain=[years[0] - 0.7, years[1] + 0.7], nice=False, zero=False)
        .axis(format="d", tickMinStep=1, grid=False)
    )


def _break_marks(breaks: Sequence[tuple[int, float]], size: Size) -> list[alt.Chart]:
    """A dashed line at each break with its number in the list below the chart."""
    if not breaks:
        return []
    data = _data(values=[{"at": at, "number": str(number)} for number, at in breaks])
    place = alt.X("at:Q")
    line = alt.Chart(data).mark_rule(strokeDash=[4, 3], color="#111827").encode(place)
    number = (
        alt.Chart(data)
        .mark_text(
            align="left", baseline="top", dx=3, fontWeight="bold", fontSize=size.font - 1, color="#111827"
        )
        .encode(place, alt.Text("number:N"), y=alt.value(1))
    )
    return [line, number]


def flags_in_time(rows: Rows, size: Size) -> Chart:
    """Open flags at the date of the licence, a line for each unit, shape and colour by severity."""
    units = sorted({row["unit_name"] for row in rows}, key=lambda name: (name == "no unit named", name))
    used = [severity for severity in SEVERITIES if any(row["severity"] == severity for row in rows)]
    colours = {"high": "#B91C1C", "medium": "#E69F00", "low": "#0072B2", "review": "#6B7280"}
    shapes = {"high": "triangle-up", "medium": "square", "low": "circle", "review": "cross"}
    values = [{**row, "date": row["date"].isoformat()} for row in rows]
    most = max(row["flag_count"] for row in rows)
    chart = (
        alt.Chart(_data(values=values))
        .mark_point(filled=True, opacity=0.8)
        .encode(
            alt.X("date:T")
            .title("date of the licence, or end of its period")
            .scale(padding=14)
            .axis(format="%Y", grid=True, labelOverlap=True),
            alt.Y("unit_name:N").title(None).sort(units).axis(labelLimit=size.label_limit, grid=True),
            alt.Color("severity:N").scale(domain=used, range=[colours[s] for s in used]),
            alt.Shape("severity:N").scale(domain=used, range=[shapes[s] for s in used]),
            alt.Size("flag_count:Q")
            .title("flags")
            .scale(range=[60, 400], domain=[1, max(2, most)])
            .legend(values=sorted({1, most}), format="d"),
        )
        .properties(width=size.plot - size.label_limit + 60, height=max(80, 28 * len(units)))
    )
    return _configured(chart, size)


def undisclosed_share(rows: Rows, size: Size) -> Chart:
    """Shares of rows by how far they state the end user, a panel for each stage."""
    used = [state for state in END_USERS if any(row["end_user_state"] == state for row in rows)]
    colours = dict(
        zip(
            END_USERS,
            ("#0072B2", "#56B4E9", "#9CA3AF", "#F0E442", "#CC79A7", "#E69F00", "#D55E00"),
            strict=True,
        )
    )
    years = (min(row["year"] for row in rows), max(row["year"] for row in rows))
    drawn = []
    stages = [
        s
        for s in ("notified", "licensed", "refused", "returned", "revoked", "shipped", "received")
        if any(r["stage"] == s for r in rows)
    ]
    for number, stage in enumerate(stages):
        bars = (
            alt.Chart(_data(values=_shares([row for row in rows if row["stage"] == stage], used)))
            .mark_rect(stroke="white", strokeWidth=0.5)
            .encode(
                _year_axis("start", years, is_last=number == len(stages) - 1),
                alt.X2("end"),
                alt.Y("low:Q").title("share of rows").scale(domain=[0, 1]).axis(format="%", tickCount=3),
                alt.Y2("high"),
                alt.Color("name:N")
                .title("end user")
                .scale(domain=[s.replace("_", " ") for s in used], range=[colours[s] for s in used]),
            )
            .properties(width=size.plot, height=90, title=alt.Title(stage, anchor="start"))
        )
        drawn.append(bars)
    return _configured(alt.vconcat(*drawn, spacing=14), size)


def _shares(rows: Rows, order: Sequence[str]) -> Rows:
    totals: dict[int, int] = {}
    for row in rows:
        totals[row["year"]] = totals.get(row["year"], 0) + row["row_count"]
    return _stacked(
        [
            {
                "name": row["end_user_state"].replace("_", " "),
                "value": row["row_count"] / totals[row["year"]],
                "start": row["year"] - 0.4,
                "end": row["year"] + 0.4,
                "rank": order.index(row["end_user_state"]),
            }
            for row in rows
        ]
    )


def late_reports(rows: Rows, size: Size) -> Chart:
    """Expected reports by source: arrived, late, not yet due."""
    order = [row["source_id"] for row in rows]
    states = (
        ("arrived", "arrived_count", "#0072B2"),
        ("late", "late_count", "#D55E00"),
        ("not yet due", "not_due_count", "#D1D5DB"),
    )
    values = [
        {"source": row["source_id"], "state": state, "rank": rank, "count": row[field]}
        for row in rows
        for rank, (state, field, _) in enumerate(states)
    ]
    chart = (
        alt.Chart(_data(values=values))
        .mark_bar(stroke="white", strokeWidth=0.5)
        .encode(
            alt.X("count:Q").title("expected reports").axis(tickMinStep=1, format="d"),
            alt.Y("source:N").title(None).sort(order).axis(labelLimit=size.label_limit),
            alt.Color("state:N")
            .title(None)
            .scale(domain=[s[0] for s in states], range=[s[2] for s in states]),
            alt.Order("rank:Q"),
        )
        .properties(width=size.plot - size.label_limit + 60, height=26 * len(rows))
    )
    return _configured(chart, size)


def _data(values: Rows) -> Any:
    return alt.Data(values=values)  # type: ignore[no-untyped-call]  # altair's class has no annotations


def _colours(names: Sequence[str]) -> list[str]:
    return [_COLOURS[-1] if name == OTHERS else _COLOURS[at % 7] for at, name in enumerate(names)]


def _configured(chart: Chart, size: Size) -> Chart:
    configured: Chart = (
        chart.configure(font=_FONT, background="white", padding=8)
        .configure_axis(labelFontSize=size.font, titleFontSize=size.font, titleFontWeight="normal")
        .configure_title(fontSize=size.font + 1)
        .configure_legend(
            orient="top",
            direction="horizontal",
            columns=size.legend_columns,
            labelFontSize=size.font,
            titleFontSize=size.font,
            labelLimit=200,
            symbolLimit=20,
        )
        .configure_view(stroke="#E5E7EB")
    )
    return configured

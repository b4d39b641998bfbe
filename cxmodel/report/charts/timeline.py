"""The curves over time: what a plan does month by month, with its interval, and as is behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt
import numpy as np
import pandas as pd

from cxmodel.report.charts.base import CHARTS, Drawing, chart, compose
from cxmodel.report.charts.layout import apart, month_labels
from cxmodel.report.text.journey_tables import timeline_table
from cxmodel.report.text.numbers import at_month, figure
from cxmodel.vocabulary import EVERYONE, METRICS, humanise

if TYPE_CHECKING:
    from cxmodel.results.result import Result

HEIGHT: Final = 168
STYLES: Final = (("lived", [1, 0]), ("second", [6, 3]), ("third", [2, 2]))
"""Colour and dash of the first, second and third line of a chart."""

CURVES: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "gap_over_time": ("Expectation gap [points]", {"expectation_gap": ""}),
    "satisfaction_over_time": ("Satisfaction [0–100]", {"satisfaction": ""}),
    "nps_over_time": (
        "NPS",
        {"nps": "current", "nps_everyone": "all acquired", "nps_lost": "former"},
    ),
    "leaving_over_time": ("Monthly churn", {"churn_monthly": ""}),
    "customers_over_time": ("Customers", {"customers": ""}),
    "contacts_over_time": ("Contacts per customer per year", {"contacts_per_customer": ""}),
    "waiting_over_time": ("Waiting time [minutes]", {"wait_minutes": ""}),
}
"""Every chart of curves: its title, and its metrics with the words at the end of their lines."""


def curves(result: Result, baseline: Result | None, title: str, lines: dict[str, str]) -> Drawing:
    """Metrics over time with their intervals; as is of the first of them behind, thin and grey."""
    rows, pale = _rows(result, lines), _rows(baseline, dict(list(lines.items())[:1]))
    if len(rows) == 0:
        return compose([_nothing()], f"{title}: no such figures in this scenario.", title=title, height=HEIGHT)
    seen = pd.concat([rows, pale])
    x, y = _months(seen, room=len(lines) > 1), _values(seen, next(iter(lines)))
    layers: list[alt.Chart] = []
    if len(pale):
        ghost = alt.Chart(pale).mark_line(style="ghost", strokeWidth=1.5, strokeDash=[4, 3])
        layers.append(ghost.encode(x=x, y=y))
    for metric, (style, dash) in zip(lines, STYLES, strict=False):
        mine = alt.Chart(rows[rows["metric"] == metric])
        band = mine.mark_area(style=style, opacity=0.16, line=False, clip=True)
        line = mine.mark_line(style=style, strokeWidth=2.2, strokeDash=dash)
        layers += [band.encode(x=x, y=_low(y), y2=alt.Y2("high:Q")), line.encode(x=x, y=y)]
    layers += [_hover(rows, x, y), *_ends(rows, lines, x, y, _domain(seen))]
    return compose(layers, _alt(title, rows, lines), title=title, height=HEIGHT)


def _nothing() -> alt.Chart:
    """What is drawn where no month has a figure."""
    words = pd.DataFrame({"words": ["no such figures in this scenario"]})
    drawn: alt.Chart = alt.Chart(words).mark_text(style="muted").encode(text=alt.Text("words:N"))
    return drawn


def _months(seen: pd.DataFrame, *, room: bool) -> alt.X:
    """The axis of months, with room for names at the end of the lines where there are several."""
    span = float(seen["month"].max())
    step = next((step for step in (1, 2, 3, 6, 12, 24) if span / step <= 6), 60)
    ticks = list(range(0, int(span) + 1, step))
    words = month_labels(ticks)
    scale = alt.Scale(domain=[0, max(span, 1.0) * (1.36 if room else 1.0)], nice=False)
    return alt.X("month:Q", title=None, scale=scale, axis=alt.Axis(values=ticks, grid=False, labelExpr=words))


def _values(seen: pd.DataFrame, metric: str) -> alt.Y:
    """The axis of values, in the unit of the metric."""
    share = metric in METRICS and METRICS[metric].unit.startswith("share")
    many = "~s" if float(seen["value"].max()) >= 10_000 else ",.4~g"
    axis = alt.Axis(tickCount=4, format=".1%" if share else many, labelPadding=4)
    return alt.Y("value:Q", title=None, axis=axis, scale=alt.Scale(domain=_domain(seen), nice=False, zero=False))


def _rows(result: Result | None, lines: dict[str, str]) -> pd.DataFrame:
    """The timeline's rows of these metrics, all segments together."""
    if result is None:
        return pd.DataFrame(columns=["month", "metric", "value", "low", "high", "words", "line"])
    timeline = (row for row in result.tables.rows("timeline") if row["segment"] == EVERYONE and row["metric"] in lines)
    rows = [
        {
            **{name: row[name] for name in ("month", "metric", "value")},
            **{end: row["value"] if row[end] is None else row[end] for end in ("low", "high")},
            "words": figure(row["value"], row["unit"]),
            "line": lines[row["metric"]] or humanise(row["metric"]),
        }
        for row in timeline
        if row["value"] is not None
    ]
    return pd.DataFrame(rows, columns=["month", "metric", "value", "low", "high", "words", "line"]).round(6)


def _low(y: alt.Y) -> alt.Y:
    """The same scale and axis, for the lower end of an interval."""
    lower = y.copy()
    lower.shorthand = "low:Q"
    return lower


def _domain(rows: pd.DataFrame) -> list[float]:
    """The range of what is shown and of most of its intervals; never so fine that noise looks like news."""
    low = min(float(rows["value"].min()), float(rows["low"].quantile(0.2)))
    high = max(float(rows["value"].max()), float(rows["high"].quantile(0.8)))
    least = max(abs(low), abs(high)) * 0.12
    middle, half = (low + high) / 2, max(high - low, least) * 0.62
    bottom = middle - half
    return [max(0.0, bottom) if low >= 0 else bottom, middle + half]


def _hover(rows: pd.DataFrame, x: alt.X, y: alt.Y) -> alt.Chart:
    """Invisible points that tell the figure under the pointer."""
    tips = [
        alt.Tooltip("line:N", title="Line"),
        alt.Tooltip("month:Q", title="Month", format=".0f"),
        alt.Tooltip("words:N", title="Value"),
    ]
    dots = alt.Chart(rows).mark_point(style="lived", opacity=0, size=120, filled=True)
    hover: alt.Chart = dots.encode(x=x, y=y, tooltip=tips)
    return hover


def _ends(rows: pd.DataFrame, lines: dict[str, str], x: alt.X, y: alt.Y, domain: list[float]) -> list[alt.Chart]:
    """The name of each line at its end, in its colour."""
    if len(lines) < 2:
        return []
    last = rows.sort_values("month").groupby("metric").tail(1).set_index("metric")
    named = [metric for metric in lines if metric in last.index]
    least = 14 * (domain[1] - domain[0]) / HEIGHT
    heights = apart([float(np.asarray(last.loc[metric, "value"])) for metric in named], least)
    marks = []
    for metric, height in zip(named, heights, strict=True):
        style = STYLES[list(lines).index(metric)][0]
        row = pd.DataFrame({"month": [last.loc[metric, "month"]], "value": [height], "words": [lines[metric]]})
        mark: Any = alt.Chart(row).mark_text(style=style, align="left", dx=5, fontWeight=600, fontSize=11)
        marks.append(mark.encode(x=x, y=y, text=alt.Text("words:N")))
    return marks


def _alt(title: str, rows: pd.DataFrame, lines: dict[str, str]) -> str:
    """The curves for those who hear them read."""
    parts = []
    for metric, name in lines.items():
        mine = rows[rows["metric"] == metric].sort_values("month")
        if len(mine):
            ends = [f"{row['words']} {at_month(row['month'])}" for _, row in mine.iloc[[0, -1]].iterrows()]
            parts.append(f"{name} from {ends[0]} to {ends[1]}".strip())
    return f"{title}: {'; '.join(parts)}."


def _enter(name: str, title: str, lines: dict[str, str]) -> None:
    """Register one chart of curves."""

    def draw(result: Result, baseline: Result | None) -> Drawing:
        return curves(result, baseline, title, lines)

    def table(result: Result, baseline: Result | None) -> pd.DataFrame:
        return timeline_table(result, baseline, list(lines))

    chart(name, title, table)(draw)


for _name, (_title, _lines) in CURVES.items():
    _enter(_name, _title, _lines)

__all__ = ["CHARTS", "CURVES", "curves"]

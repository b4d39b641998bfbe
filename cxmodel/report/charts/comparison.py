"""Chart of a comparison: how far plans part from as is over time, as lines with their bands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import altair as alt
import pandas as pd

from cxmodel.report.charts.base import Drawing, compose, nothing
from cxmodel.report.charts.layout import apart, month_labels
from cxmodel.report.charts.plans import DASHES, Look, look_of
from cxmodel.report.text.captions import future_within, plan_name
from cxmodel.report.text.numbers import at_month, with_interval, wrap
from cxmodel.vocabulary import EVERYONE, METRICS, unit_of

if TYPE_CHECKING:
    from cxmodel.studies.comparison import Comparison


HEIGHT: Final = 190
AXES: Final = 70
"""Pixels of it that the title and the axis may take."""
LETTERS: Final = 20
"""Of a line of a name."""
LINE: Final = 13
"""Pixels of such a line."""


FOLLOWED: Final = {
    "expectation_gap": f"{METRICS['expectation_gap'].label} [points]",
    "satisfaction": f"{METRICS['satisfaction'].label} [points]",
    "nps": f"{METRICS['nps'].label} [points]",
    "churn_monthly": f"{METRICS['churn_monthly'].label} [percentage points]",
}
"""The differences that are followed over time, and how their chart is called."""


def bands(found: Comparison, metric: str) -> Drawing:
    """How the difference in one metric unfolds over time, a line and its interval for each pair."""
    title, rows = FOLLOWED[metric], bands_rows(found, metric)
    if len(rows) == 0:
        return nothing(f"{title}: no such figures.", HEIGHT)
    lines = _lines(found)
    names = list(dict.fromkeys(rows["line"]))
    span = float(rows["month"].max())
    step = next((step for step in (1, 2, 3, 6, 12, 24) if span / step <= 6), 60)
    ticks = list(range(0, int(span) + 1, step))
    words = month_labels(ticks)
    x = alt.X(
        "month:Q",
        title=None,
        scale=alt.Scale(domain=[0, max(span, 1.0) * 1.42], nice=False),
        axis=alt.Axis(values=ticks, grid=False, labelExpr=words),
    )
    low, high = _domain(rows)
    scale = alt.Scale(domain=[low, high], nice=False, zero=False)
    words = "datum.value == 0 ? '0' : datum.label"
    axis = alt.Axis(tickCount=4, format="+,.3~g", labelPadding=4, labelExpr=words)
    y = alt.Y("value:Q", title=None, scale=scale, axis=axis)
    zero = alt.Chart(pd.DataFrame({"month": [0.0, span], "value": [0.0, 0.0]}))
    layers: list[alt.Chart] = [zero.mark_line(style="ghost", strokeWidth=1.2).encode(x=x, y=y)]
    for name in names:
        style, dash = lines[name]
        mine = alt.Chart(rows[rows["line"] == name])
        lower = y.copy()
        lower.shorthand = "low:Q"
        area = mine.mark_area(style=style, opacity=0.18, line=False, clip=True)
        line = mine.mark_line(style=style, strokeWidth=2.2, strokeDash=list(dash))
        layers += [area.encode(x=x, y=lower, y2=alt.Y2("high:Q")), line.encode(x=x, y=y)]
    called = {name: wrap(name, LETTERS) for name in names}
    room = LINE * max(words.count("\n") + 1 for words in called.values())
    height = max(HEIGHT, room * len(names) + AXES)
    ends = {name: rows[rows["line"] == name].sort_values("month").iloc[-1] for name in names}
    places = apart([float(row["value"]) for row in ends.values()], room * (high - low) / (height - AXES))
    layers.append(_hover(rows, x, y))
    for (name, row), place in zip(ends.items(), places, strict=True):
        end = pd.DataFrame({"month": [row["month"]], "value": [place], "words": [called[name]]})
        layers.append(_name(end, lines[name].style).encode(x=x, y=y, text=alt.Text("words:N")))
    return compose(layers, _alt(title, ends), title=title, height=height)


def bands_rows(found: Comparison, metric: str) -> pd.DataFrame:
    """month, line, value, low, high, words: the course of the difference of every pair, all segments together."""
    scale = 100.0 if unit_of(metric) == "share" else 1.0
    rows = []
    for row in found.courses:
        if row["metric"] != metric or row["segment"] != EVERYONE:
            continue
        name = _line(found, row["plan"], row["future"])
        value, low, high = (None if row[end] is None else scale * row[end] for end in ("difference", "low", "high"))
        low, high = (value if end is None else end for end in (low, high))
        words = "{} ({})".format(*with_interval(value, low, high, "points", sign=True))
        rows.append({"month": row["month"], "line": name, "value": value, "low": low, "high": high, "words": words})
    return pd.DataFrame(rows, columns=["month", "line", "value", "low", "high", "words"]).round(6)


def _line(found: Comparison, plan: str, future: str | None) -> str:
    """What the line of a pair is called."""
    scenario = next(iter(found.results.values())).scenario
    name = plan_name(scenario, plan)
    if len({pair.run.future for pair in found.pairs}) == 1:
        return name
    return f"{name}, if {future_within(scenario, future)}" if future else f"{name}, no external scenario"


def _lines(found: Comparison) -> dict[str, Look]:
    """How each line looks: as its plan does; in several worlds a plan keeps its colour, and each world has its dash."""
    worlds = list(dict.fromkeys(pair.run.future for pair in found.pairs))
    looks = {}
    for pair in found.pairs:
        look = look_of(pair.run.plan, found.results[pair.run].scenario)
        if len(worlds) > 1:
            look = look._replace(dash=DASHES[worlds.index(pair.run.future) % len(DASHES)])
        looks[_line(found, pair.run.plan, pair.run.future)] = look
    return looks


def bands_table(found: Comparison) -> pd.DataFrame:
    """The differences over time as rows, a column for each pair."""
    parts = []
    for metric, title in FOLLOWED.items():
        rows = bands_rows(found, metric)
        if len(rows):
            wide = rows.pivot(index="month", columns="line", values="words").reset_index()
            parts.append(wide.assign(Figure=title))
    if not parts:
        return pd.DataFrame()
    whole = pd.concat(parts)
    return whole[["Figure", "month", *(name for name in whole.columns if name not in ("Figure", "month"))]].rename(
        columns={"month": "Month"}
    )


def _domain(rows: pd.DataFrame) -> tuple[float, float]:
    """The range of the lines and of most of their intervals, zero always within."""
    low = min(0.0, float(rows["value"].min()), float(rows["low"].quantile(0.1)))
    high = max(0.0, float(rows["value"].max()), float(rows["high"].quantile(0.9)))
    air = max(high - low, 0.05) * 0.08
    return low - air, high + air


def _hover(rows: pd.DataFrame, x: alt.X, y: alt.Y) -> alt.Chart:
    """Invisible points that tell the figure under the pointer."""
    tips = [
        alt.Tooltip("line:N", title="Line"),
        alt.Tooltip("month:Q", title="Month", format=".0f"),
        alt.Tooltip("words:N", title="Difference"),
    ]
    hover: alt.Chart = alt.Chart(rows).mark_point(style="lived", opacity=0, size=120, filled=True)
    return hover.encode(x=x, y=y, tooltip=tips)


def _name(end: pd.DataFrame, style: str) -> alt.Chart:
    """The name of a line at its end, whole, in its colour."""
    size: dict[str, Any] = {"fontWeight": 600, "fontSize": 11, "lineBreak": "\n", "lineHeight": LINE - 1}
    mark: alt.Chart = alt.Chart(end).mark_text(style=style, align="left", baseline="middle", dx=5, **size)
    return mark


def _alt(title: str, ends: Mapping[str, Any]) -> str:
    """The bands for those who hear them read."""
    parts = [f"{name} ends at {end['words']} {at_month(end['month'])}" for name, end in ends.items()]
    return f"Difference in {title}: {'; '.join(parts)}."

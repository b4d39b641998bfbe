"""Two charts of bars: where the contacts begin, and what the dashboard shows against what is true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt
import pandas as pd

from cxmodel.report.charts.base import Drawing, chart, compose, from_right, nothing
from cxmodel.report.charts.layout import ROW, down, names
from cxmodel.report.text.numbers import figure, interval
from cxmodel.vocabulary import humanise

if TYPE_CHECKING:
    from cxmodel.results.result import Result

MOST: Final = 6
"""Bars that are drawn; the table has them all."""
LEAST: Final = 0.005
"""Share of the contacts from which on a cause is drawn."""
NAMES: Final = 128
"""Pixels left of the bars, for their names."""
FIGURES: Final = 236
"""Pixels right of them, for their figures."""
CAUSES: Final = {"failure": ("something failed", "short"), "shortfall": ("unmet expectation", "third")}
"""Why people call, in words, and the style it is drawn in."""
SCORES: Final = {
    "nps_measured": ("Surveyed", "second"),
    "nps": ("Actual: current customers", "lived"),
    "nps_everyone": ("Actual: all ever acquired", "ghost"),
    "nps_lost": ("Actual: former customers", "ghost"),
}


def causes_table(result: Result, baseline: Result | None = None) -> pd.DataFrame:
    """Where contacts begin, the most frequent first."""
    rows = sorted(result.rows("contacts"), key=lambda row: -row["share"])
    return pd.DataFrame(
        {
            "Touchpoint": [result.scenario.label("journey", row["touchpoint"]) for row in rows],
            "Root cause": [_cause(row["cause"]) for row in rows],
            "Share": [figure(row["share"], "share") for row in rows],
            "Share, 95 %": [interval(row["low"], row["high"], "share") for row in rows],
        }
    )


@chart("causes", "Root causes of contacts", table=causes_table)
def causes(result: Result, baseline: Result | None) -> Drawing:
    """The share of contacts that each touchpoint causes, by failing or by falling short."""
    found = sorted(result.rows("contacts"), key=lambda row: -row["share"])
    found = [row for row in found if row["share"] >= LEAST][:MOST]
    if not found:
        return nothing("No customer had a reason to call.", ROW)
    rows = pd.DataFrame(found).assign(place=[ROW * (place + 0.5) for place in range(len(found))], zero=0.0)
    rows["name"] = [result.scenario.label("journey", name) for name in rows["touchpoint"]]
    rows["words"] = [
        f"{figure(row['share'], 'share')} ({interval(row['low'], row['high'], 'share')}) {_cause(row['cause'])}"
        for row in found
    ]
    rows["style"] = [CAUSES.get(cause, ("", "muted"))[1] for cause in rows["cause"]]
    scale = alt.Scale(domain=[0, float(rows["share"].max())], range=[NAMES, from_right(FIGURES)], nice=False)
    x: Any = alt.X("zero:Q", scale=scale, axis=None)
    y = down("place", len(found))
    layers: list[alt.Chart] = []
    for style in dict.fromkeys(rows["style"]):
        mine = alt.Chart(rows[rows["style"] == style])
        bars = mine.mark_bar(style=style, height=12, cornerRadius=2)
        layers.append(bars.encode(x=x, x2=alt.X2("share:Q"), y=y))
        figures = mine.mark_text(style=style, align="left", dx=6, fontSize=11.5)
        end: Any = alt.X("share:Q", scale=scale, axis=None)
        layers.append(figures.encode(x=end, y=y, text=alt.Text("words:N")))
    layers.append(names(rows, y))
    told = [
        f"{figure(row['share'], 'share')} at {name} {_cause(row['cause'])}"
        for row, name in zip(found, rows["name"], strict=True)
    ]
    return compose(layers, f"Root causes of contacts: {'; '.join(told)}.", height=ROW * len(found) + 4)


def scores_table(result: Result, baseline: Result | None = None) -> pd.DataFrame:
    """The dashboard's score beside the true ones."""
    rows = [(name, words, result.metric(metric)) for metric, (name, words) in SCORES.items()]
    return pd.DataFrame(
        {
            "Score": [name for name, _, _ in rows],
            "NPS": [figure(each.value, "points") for _, _, each in rows],
            "NPS, 95 %": [interval(each.low, each.high, "points") for _, _, each in rows],
        }
    )


@chart("dashboard", "Surveyed and actual NPS", table=scores_table)
def dashboard(result: Result, baseline: Result | None) -> Drawing:
    """The score that the company measures with its own interval, above the score that is true."""
    found = {metric: result.metric(metric) for metric in SCORES}
    known = [(metric, each) for metric, each in found.items() if each.value is not None]
    if not known:
        return nothing("There is no NPS to show.", ROW)
    rows = pd.DataFrame(
        {
            "place": [ROW * (place + 0.5) for place in range(len(known))],
            "name": [SCORES[metric][0] for metric, _ in known],
            "style": [SCORES[metric][1] for metric, _ in known],
            "value": [each.value for _, each in known],
            "low": [each.value if each.low is None else each.low for _, each in known],
            "high": [each.value if each.high is None else each.high for _, each in known],
            "words": [
                f"{figure(each.value, 'points')} ({interval(each.low, each.high, 'points')})" for _, each in known
            ],
        }
    )
    low, high = float(rows["low"].min()), float(rows["high"].max())
    air = max(high - low, 1.0) * 0.06
    scale = alt.Scale(domain=[low - air, high + air], range=[NAMES, from_right(116)], nice=False, zero=False)
    y = down("place", len(known))
    layers: list[alt.Chart] = [
        alt.Chart(rows[rows["name"] == SCORES["nps"][0]])
        .mark_rule(style="lived", strokeDash=[3, 3], strokeWidth=1, opacity=0.7)
        .encode(x=alt.X("value:Q", scale=scale, axis=None))
    ]
    for style in dict.fromkeys(rows["style"]):
        mine = alt.Chart(rows[rows["style"] == style])
        bar = mine.mark_bar(style=style, height=7, cornerRadius=3, opacity=0.4)
        dot = mine.mark_point(style=style, filled=True, size=90, opacity=1)
        layers.append(bar.encode(x=alt.X("low:Q", scale=scale, axis=None), x2=alt.X2("high:Q"), y=y))
        layers.append(dot.encode(x=alt.X("value:Q", scale=scale, axis=None), y=y))
    layers.append(names(rows, y))
    figures = alt.Chart(rows).mark_text(style="ink", align="right", fontSize=11.5)
    right = alt.XValue(from_right(2))  # type: ignore[no-untyped-call]
    layers.append(figures.encode(x=right, y=y, text=alt.Text("words:N")))
    told = "; ".join(f"{name} {words}" for name, words in zip(rows["name"], rows["words"], strict=True))
    return compose(layers, f"NPS: {told}.", height=ROW * len(known) + 4)


def _cause(cause: str) -> str:
    return CAUSES.get(cause, (humanise(cause).lower(), ""))[0]

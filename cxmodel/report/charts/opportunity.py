"""The opportunity matrix: what each initiative brings by itself against what it costs. Reads rows; plays nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import altair as alt
import pandas as pd

from cxmodel.report.charts.base import Drawing, at_x, at_y, compose, from_right, nothing
from cxmodel.report.charts.layout import apart
from cxmodel.report.text.captions import NO_COST_GIVEN
from cxmodel.report.text.numbers import NONE, listed, money, with_interval, wrap
from cxmodel.vocabulary import JsonDict

if TYPE_CHECKING:
    from cxmodel.scenario import Scenario

HEIGHT: Final = 320
AXES: Final = 50
"""Pixels of it that the axis may take."""
LETTERS: Final = 24
"""Of a line of a name."""
LINE: Final = 13
"""Pixels of such a line."""
QUARTERS: Final = {
    ("left", "top"): "cheap and valuable",
    ("right", "top"): "valuable, at a price",
    ("left", "bottom"): "cheap, of little value",
    ("right", "bottom"): "dear, of little value",
}
"""What each corner means."""


def opportunity(rows: Sequence[JsonDict], scenario: Scenario) -> Drawing:
    """Initiatives, each done alone: cost across, customer equity gained (95 %) up; above the line it pays by itself.

    `rows` have initiative, cost (None where it is not given), value, low, high.
    """
    known = [row for row in rows if row["cost"] is not None and row["value"] is not None]
    if not known:
        return nothing("Opportunity matrix: no initiative has a cost and a value.", 2 * LINE)
    points = pd.DataFrame([_point(row, scenario) for row in known])
    far = max(float(points["cost"].max()), 1.0) * 1.08
    low, high = min(0.0, float(points["low"].min())), max(0.0, float(points["high"].max()))
    air = 0.16 * max(high - low, 1.0)
    low, high = low - air, high + air
    symbol = json.dumps(money(0, scenario.currency).removesuffix("0"))
    label = f"(datum.value < 0 ? '−' : '') + {symbol} + format(abs(datum.value), '~s')"
    axis = alt.Axis(labelExpr=label, tickCount=5, grid=False)
    across = alt.Scale(domain=[-0.04 * far, far], nice=False)
    x: Any = alt.X("cost:Q", title="cost over the horizon", scale=across, axis=axis)
    y: Any = alt.Y(
        "value:Q", title="customer equity gained alone", scale=alt.Scale(domain=[low, high], nice=False), axis=axis
    )
    base = alt.Chart(points)
    hover = [
        alt.Tooltip("name:N", title="Initiative"),
        alt.Tooltip("spent:N", title="Cost"),
        alt.Tooltip("said:N", title="Customer equity gained alone"),
    ]
    even = pd.DataFrame({"cost": [0.0, min(far, high)], "value": [0.0, min(far, high)]})
    middle = pd.DataFrame({"cost": [far / 2], "value": [high / 2]})
    line: dict[str, Any] = {"style": "grid", "strokeWidth": 1.5}
    layers: list[alt.Chart] = [
        alt.Chart(middle).mark_rule(**line).encode(x=x),
        alt.Chart(middle).mark_rule(**line).encode(y=y),
        *_corners(),
        alt.Chart(even).mark_line(style="ghost", strokeDash=[4, 3]).encode(x=x, y=y),
        alt.Chart(even[1:])
        .mark_text(style="muted", align="right", baseline="bottom", dx=-8, fontSize=11, text="gain = cost")
        .encode(x=x, y=y),
        base.mark_rule(style="lived", strokeWidth=2).encode(x=x, y=alt.Y("low:Q"), y2=alt.Y2("high")),
        base.mark_point(style="lived", size=90, filled=True, opacity=1).encode(x=x, y=y, tooltip=hover),
    ]
    room = LINE * max(name.count("\n") + 1 for name in points["words"])
    points["place"] = apart(points["value"].tolist(), room * (high - low) / (HEIGHT - AXES))
    for left, mine in points.groupby(points["cost"] > 0.6 * far):
        side: dict[str, Any] = {"align": "right", "dx": -9} if left else {"align": "left", "dx": 9}
        text = alt.Chart(mine).mark_text(style="ink", baseline="middle", lineBreak="\n", lineHeight=LINE, **side)
        layers.append(text.encode(x=x, y=alt.Y("place:Q"), text=alt.Text("words:N")))
    told = "; ".join(f"{row['name']} costs {row['spent']} and gains {row['said']}" for row in points.to_dict("records"))
    return compose(layers, f"Opportunity matrix: {told}. {left_out(rows, scenario)}".strip(), height=HEIGHT)


def left_out(rows: Sequence[JsonDict], scenario: Scenario) -> str:
    """Which initiatives the matrix cannot show; empty where there are none."""
    lacking = [scenario.label("initiatives", row["initiative"]) for row in rows if row["cost"] is None]
    return f"No cost is given for {listed(lacking)}." if lacking else ""


def opportunity_table(rows: Sequence[JsonDict], scenario: Scenario) -> pd.DataFrame:
    """The matrix as a table, those without a cost too."""
    points = [_point(row, scenario) for row in rows]
    heads = {"name": "Initiative", "spent": "Cost over the horizon", "said": "Customer equity gained alone"}
    return pd.DataFrame(points, columns=list(heads)).rename(columns=heads)


def _point(row: JsonDict, scenario: Scenario) -> dict[str, Any]:
    value, currency = row["value"], scenario.currency
    size, span = with_interval(value, row["low"], row["high"], "money", currency, sign=True, brief=True)
    name = scenario.label("initiatives", row["initiative"])
    return {
        "name": name,
        "words": wrap(name, LETTERS),
        "cost": row["cost"],
        "spent": NO_COST_GIVEN if row["cost"] is None else money(row["cost"], currency, brief=True),
        "value": value,
        "low": value if row["low"] is None else row["low"],
        "high": value if row["high"] is None else row["high"],
        "said": NONE if value is None else size if row["low"] is None else f"{size} ({span})",
    }


def _corners() -> list[alt.Chart]:
    """What each corner means, in words."""
    found = []
    for (side, edge), words in QUARTERS.items():
        x = at_x(8) if side == "left" else alt.XValue(from_right(8))  # type: ignore[no-untyped-call]
        look: dict[str, Any] = {"align": side, "baseline": edge, "fontStyle": "italic"}
        mark = alt.Chart(pd.DataFrame({"words": [words]})).mark_text(style="muted", **look)
        y = at_y(4) if edge == "top" else alt.YValue({"expr": "height - 4"})  # type: ignore[no-untyped-call]
        found.append(mark.encode(x=x, y=y, text=alt.Text("words:N")))
    return found

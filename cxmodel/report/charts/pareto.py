"""The chart of what money buys: cost against what it changes, set by set. Reads an optimum as a document."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import altair as alt
import pandas as pd

from cxmodel.report.charts.base import Drawing, compose
from cxmodel.report.text.numbers import money
from cxmodel.report.text.optimisation import change, named, row_of, sets_of, spent
from cxmodel.vocabulary import METRICS, MONEY, JsonDict, unit_of

if TYPE_CHECKING:
    from cxmodel.scenario import Scenario

HEIGHT: Final = 240


def front(document: JsonDict, metric: str, scenario: Scenario) -> Drawing:
    """Each set of the front: what it costs, and what it changes of a metric with its 95 % interval; the best filled."""
    rows = pd.DataFrame([_point(document, some, metric, scenario) for some in sets_of(document)])
    unit = unit_of(metric)
    symbol = json.dumps(money(0, document["currency"]).removesuffix("0"))  # what a scenario says, as a string of Vega's
    value = "100 * datum.value" if unit == "share" else "datum.value"  # figures tell shares in customers of 100
    cost = f"{symbol} + format(datum.value, '~s')"
    label = cost if unit == MONEY else f"format({value}, '+.2~f')"
    far = max(float(rows["cost"].max()), 1.0)
    air = alt.Scale(domain=[-0.06 * far, 1.08 * far], nice=False)
    x: Any = alt.X("cost:Q", title="cost over the horizon", scale=air, axis=alt.Axis(labelExpr=cost, tickCount=4))
    axis = alt.Axis(labelExpr=label, tickCount=5)
    y: Any = alt.Y("value:Q", title=None, axis=axis, scale=alt.Scale(zero=True))
    hover = [
        alt.Tooltip("name:N", title="Initiatives"),
        alt.Tooltip("spent:N", title="Cost"),
        alt.Tooltip("said:N", title=METRICS[metric].label),
    ]
    base = alt.Chart(rows)
    dot: dict[str, Any] = {"filled": True, "opacity": 1}
    layers: list[alt.Chart] = [
        base.mark_line(style="ghost", interpolate="step-after", strokeDash=[3, 3]).encode(x=x, y=y),
        base.mark_rule(style="lived", strokeWidth=2).encode(x=x, y=alt.Y("low:Q"), y2=alt.Y2("high")),
        alt.Chart(rows[:-1]).mark_point(style="lived", size=70, **dot).encode(x=x, y=y, tooltip=hover),
        alt.Chart(rows[-1:]).mark_point(style="short", size=150, **dot).encode(x=x, y=y, tooltip=hover),
    ]
    told = "; ".join(f"{row['spent']} for {row['name']}: {row['said']}" for row in rows.to_dict("records"))
    words = f"Cost and benefit, {METRICS[metric].label}: {told}."
    return compose(layers, words, height=HEIGHT, title=METRICS[metric].label)


def _point(document: JsonDict, some: tuple[str, ...], metric: str, scenario: Scenario) -> dict[str, Any]:
    row = row_of(document, some, metric)
    value = row["value"]
    return {
        "name": named(some, scenario),
        "cost": row["cost"],
        "spent": spent(row["cost"], document),
        "value": value,
        "low": value if row["low"] is None else row["low"],
        "high": value if row["high"] is None else row["high"],
        "said": change(row, document),
    }

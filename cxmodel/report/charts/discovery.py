"""Charts of when a plan fails: its box, number by number, and the boxes there were. Reads a discovery as a document."""

from __future__ import annotations

from typing import Any, Final

import altair as alt
import pandas as pd

from cxmodel.report.charts.base import Drawing, compose, from_right
from cxmodel.report.charts.layout import down, names
from cxmodel.report.text.discovery import condition
from cxmodel.report.text.numbers import percent
from cxmodel.vocabulary import JsonDict

ROW: Final = 46
NAMES: Final = 252
"""Pixels left of the tracks, for their names."""
WORDS: Final = 176
"""Pixels right of them."""
HEIGHT: Final = 210


def box(document: JsonDict) -> Drawing:
    """The conditions under which it fails: a track for each number of the box, the failing part thick."""
    rows = pd.DataFrame([_track(row, place) for place, row in enumerate(document["box"])])
    scale = alt.Scale(domain=[0, 1], range=[NAMES, from_right(WORDS)], nice=False)
    y = down("place", len(rows), ROW)
    base = alt.Chart(rows)
    x: Any = {name: alt.X(f"{name}:Q", scale=scale, axis=None) for name in ("zero", "from", "at", "one")}
    right = alt.XValue(from_right(WORDS - 12))  # type: ignore[no-untyped-call]
    foot = down("foot", len(rows), ROW)
    layers: list[alt.Chart] = [
        base.mark_rule(style="ghost", strokeWidth=2).encode(x=x["zero"], x2=alt.X2("one"), y=y),
        base.mark_bar(style="short", height=12, cornerRadius=3).encode(x=x["from"], x2=alt.X2("to"), y=y),
        base.mark_point(style="expected_dot", filled=True, size=110, opacity=1).encode(x=x["at"], y=y),
        base.mark_text(style="muted", align="left", fontSize=11).encode(x=x["zero"], y=foot, text=alt.Text("low:N")),
        base.mark_text(style="muted", align="right", fontSize=11).encode(x=x["one"], y=foot, text=alt.Text("high:N")),
        base.mark_text(style="ink", align="left", fontSize=11).encode(x=right, y=foot, text=alt.Text("said:N")),
        base.mark_text(style="short", align="left", fontWeight=600).encode(x=right, y=y, text=alt.Text("words:N")),
        names(rows, y),
    ]
    told = "; ".join(condition(row) for row in document["box"])
    return compose(
        layers, f"Conditions under which it fails: {told}. The dot is what the scenario says.", height=ROW * len(rows)
    )


def trade(document: JsonDict) -> Drawing:
    """What a denser box costs in failures that it leaves out: every box there was, the chosen one marked."""
    steps = pd.DataFrame(document["trajectory"])
    steps["says"] = [
        (
            f"{percent(step['density'])} of its assumption scenarios fail; it holds "
            f"{percent(step['coverage'])} of all failures"
        )
        for step in document["trajectory"]
    ]
    axis = alt.Axis(format="%", tickCount=5, grid=True)
    scale = alt.Scale(domain=[0, 1], nice=False)
    x = alt.X("coverage:Q", title="of all failures, in the box", axis=axis, scale=scale)
    y = alt.Y("density:Q", title="of the assumption scenarios in the box, that fail", axis=axis, scale=scale)
    hover = [alt.Tooltip("says:N", title="A box"), alt.Tooltip("restricted:Q", title="Numbers it takes")]
    base = alt.Chart(steps).mark_line(style="ghost", strokeWidth=1).encode(x=x, y=y, order="coverage:Q")
    others = alt.Chart(steps[~steps["chosen"]]).mark_point(style="muted", filled=True, size=36, opacity=0.7)
    mine = alt.Chart(steps[steps["chosen"]]).mark_point(style="short", filled=True, size=150, opacity=1)
    layers = [base, *(each.encode(x=x, y=y, tooltip=hover) for each in (others, mine))]
    (chosen,) = (step for step in document["trajectory"] if step["chosen"])
    words = (
        f"Boxes to choose from: the one shown holds {percent(chosen['coverage'])} of all failures, and"
        f" {percent(chosen['density'])} of its assumption scenarios fail; others are denser and hold fewer, or "
        f"the other way round."
    )
    return compose(layers, words, height=HEIGHT)


def _track(row: Any, place: int) -> dict[str, Any]:
    """A number of the box: where on its range the box lies, and what is said."""
    low, high = row["range"]

    def share(value: float | None, end: float) -> float:
        return end if value is None else min(1.0, max(0.0, (value - low) / (high - low)))

    return {
        "place": ROW * (place + 0.34),
        "foot": ROW * (place + 0.78),
        "name": row["name"],
        "zero": 0.0,
        "one": 1.0,
        "from": share(row["low"], 0.0),
        "to": share(row["high"], 1.0),
        "at": share(row["value"], 0.0),
        "low": row["range_said"][0],
        "high": row["range_said"][1],
        "said": f"taken as {row['value_said']}",
        "words": condition({**row, "name": ""}).removeprefix(" is "),
    }

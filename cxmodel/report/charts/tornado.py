"""Charts of what matters most: how far each number moves the outcome, with whiskers. Reads a study as a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import altair as alt
import pandas as pd

from cxmodel.report.charts.base import Drawing, compose, from_right, nothing
from cxmodel.report.charts.layout import down, names
from cxmodel.report.text.numbers import figure, percent
from cxmodel.report.text.sensitivity import CLASSES, cells, outcome, sentence, span
from cxmodel.vocabulary import METRICS, JsonDict

if TYPE_CHECKING:
    from cxmodel.scenario import Scenario

MOST: Final = 12
"""Numbers that are drawn; the table has them all."""
ROW: Final = 31
"""Pixels of one row."""
HEAD: Final = 1
"""Rows above the first, for what the colours mean."""
LETTERS: Final = 54
"""Of a name."""
NAMES: Final = 292
"""Pixels left of the bars, for their names."""
WORDS: Final = 226
"""Pixels right of them, for what they say."""
APART: Final = 5.5
"""Pixels between the middle of a row and its bars."""
Rows = Iterator[dict[str, Any]]

MARKS: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "tornado": {"low": ("at its low", "second"), "high": ("at its high", "lived")},
    "morris": {
        "mu_star": ("how far it moves it over its range", "lived"),
        "floor": ("what chance would reach", "muted"),
    },
    "sobol": {"ST": ("in all", "lived"), "S1": ("alone", "second"), "floor": ("what chance would reach", "muted")},
}
"""The marks of a method: what each means, and its style."""


def tornado(document: JsonDict, scenario: Scenario) -> Drawing:
    """The strongest numbers, a row each: bars, with whiskers (95 %); what is not told from noise is pale."""
    rows = (row for row in document["rows"] if row["class"] not in ("nothing", None) and not row.get("screened"))
    shown = list(rows)[:MOST]
    if not shown:
        return nothing(sentence(document, scenario), ROW)
    bars = pd.DataFrame([bar for place, row in enumerate(shown, HEAD) for bar in _bars(row, place, document)])
    count = len(shown) + HEAD
    ends = bars[["from", "to", "value"]].to_numpy()
    low, high = min(0.0, float(ends.min())), max(0.0, float(ends.max()))
    scale = alt.Scale(domain=[low, high], range=[NAMES, from_right(WORDS)], nice=False)
    y = down("place", count, ROW)
    zero = pd.DataFrame({"at": [0.0], "top": [HEAD * ROW - 4], "foot": [count * ROW]})
    rule: Any = alt.X("at:Q", scale=scale, axis=None)
    layers: list[alt.Chart] = [
        alt.Chart(zero).mark_rule(style="muted").encode(x=rule, y=down("top", count, ROW), y2=alt.Y2("foot"))
    ]
    for (style, pale), mine in bars.groupby(["style", "pale"], sort=False):
        size: dict[str, Any] = {"height": 9, "cornerRadius": 2, "opacity": 0.4 if pale else 1.0}
        bar = alt.Chart(mine.assign(zero=0.0)).mark_bar(style=str(style), **size)
        layers.append(bar.encode(x=alt.X("zero:Q", scale=scale, axis=None), x2=alt.X2("value"), y=y, tooltip=_hover()))
    line = alt.Chart(bars[bars["from"] < bars["to"]]).mark_rule(style="ink", strokeWidth=1.3)
    layers.append(line.encode(x=alt.X("from:Q", scale=scale, axis=None), x2=alt.X2("to"), y=y))
    lines = pd.DataFrame([_line(row, place, document) for place, row in enumerate(shown, HEAD)])
    layers.append(names(lines, y))
    right = alt.XValue(from_right(WORDS - 10))  # type: ignore[no-untyped-call]
    said = alt.Chart(lines).mark_text(style="muted", align="left", fontSize=11.5)
    layers.append(said.encode(x=right, y=y, text=alt.Text("words:N")))
    layers += _legend(document["method"], count)
    told = "; ".join(f"{row['name']} {row['words']}" for row in lines.to_dict("records")[:3])
    return compose(layers, f"What matters most to {outcome(document, scenario)}: {told}.", height=ROW * count)


def _bars(row: Mapping[str, Any], place: int, document: JsonDict) -> Rows:
    """The bars of a number, each with the ends of its whisker."""
    marks = MARKS[document["method"]]
    apart = APART if len(marks) == 2 else APART + 2
    for number, (name, (means, style)) in enumerate(marks.items()):
        if document["method"] == "tornado":
            value, low, high = (row[f"at_{name}{end}"] for end in ("", "_from", "_to"))
        else:
            value, low, high = row[name], row.get(f"{name}_low"), row.get(f"{name}_high")
        if value is None:
            continue
        yield {
            "name": row["name"],
            "range": span(row),
            "means": means,
            "said": _said(value, document),
            "value": value,
            "from": value if low is None else low,
            "to": value if high is None else high,
            "place": ROW * (place + 0.5) + apart * (2 * number / (len(marks) - 1) - 1),
            "style": style,
            "pale": row["class"] != "matters",
        }


def _line(row: Mapping[str, Any], place: int, document: JsonDict) -> dict[str, Any]:
    """The name of a row, and what its bars say."""
    mark = " (A)" if row["assumed"] else ""
    room = LETTERS - len(mark)
    name = (row["name"] if len(row["name"]) <= room else f"{row['name'][: room - 1].rstrip()}…") + mark
    found = cells(row, document)
    words = CLASSES[row["class"]]
    if not words and document["method"] == "tornado":
        ends = (("low", row["at_low"]), ("high", row["at_high"]))
        words = ", ".join(f"{_said(value, document)} at {row[f'{end}_said']}" for end, value in ends if value)
    elif not words:
        words = f"{found[0]} ({found[1]})"
    return {"place": ROW * (place + 0.5), "name": name, "words": words}


def _legend(method: str, count: int) -> Iterator[alt.Chart]:
    """What the colours mean."""
    left = float(NAMES)
    for means, style in (*MARKS[method].values(), ("(A): an assumption of the model", "ghost")):
        words = means if means.startswith("(") else f"■ {means}"
        mark = alt.Chart(pd.DataFrame({"words": [words], "top": [ROW * 0.4]})).mark_text(style=style, align="left")
        x = alt.XValue(left)  # type: ignore[no-untyped-call]
        yield mark.encode(x=x, y=down("top", count, ROW), text=alt.Text("words:N"))
        left += 6.3 * len(words) + 22


def _said(value: float, document: JsonDict) -> str:
    if document["method"] == "sobol":
        return percent(min(1.0, max(0.0, value)))
    signed = document["method"] == "tornado"
    return figure(value, METRICS[document["metric"]].unit, document["currency"], sign=signed, brief=True)


def _hover() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("name:N", title="Number"),
        alt.Tooltip("range:N", title="Range"),
        alt.Tooltip("means:N", title="What"),
        alt.Tooltip("said:N", title="By"),
    ]

"""The charts of why: what is lost between what is needed and what is felt, link by link of the chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt
import pandas as pd

from cxmodel.report.charts.base import Drawing, at_x, chart, compose, nothing
from cxmodel.report.text.numbers import MINUS, figure, interval
from cxmodel.report.text.shortfalls import PARTIAL_GAPS, Shortfall, sentence, shortfalls, why_table

if TYPE_CHECKING:
    from cxmodel.results.result import Result

STYLES: Final = dict(zip(("know", "decide", "do", "say"), ("lived", "second", "third", "short"), strict=True))
HEIGHT: Final = 210
COLUMN: Final = 82
"""Pixels from one part's words to the next."""
ROW: Final = 50
"""Pixels of one shortfall among several."""
NONE: Final = "Nothing falls short of expectation."


@chart("waterfall", "From need to experience: where points are lost", table=why_table)
def waterfall(result: Result, baseline: Result | None, at: tuple[str, str] | None = None) -> Drawing:
    """Know, decide, do and say add up to the gap: at the heaviest shortfall, or at a touchpoint and attribute."""
    found = shortfalls(result)
    missed = next((each for each in found if at is None or (each.touchpoint, each.attribute) == at), None)
    if missed is None:
        return nothing(NONE, HEIGHT)
    rows, top = _steps(missed), 0.0
    x = alt.X("name:N", sort=None, title=None, axis=alt.Axis(labelAngle=0, labelFontSize=13, labelFontWeight=600))
    ends = rows[["start", "end"]].to_numpy()
    low, top = float(min(0, ends.min())), float(ends.max())
    scale = alt.Scale(domain=[low - 0.02 * (top - low), top + 0.16 * (top - low)], nice=False, zero=False)
    y: Any = alt.Y("start:Q", scale=scale, title=None, axis=alt.Axis(tickCount=4, labelPadding=4))
    base = alt.Chart(rows)
    layers: list[alt.Chart] = [
        base.mark_rule(style="ghost", strokeDash=[2, 2], xOffset=0)
        .transform_filter("datum.name != 'gap'")
        .encode(x=x, x2=alt.X2("next:N"), y=alt.Y("end:Q", scale=scale, axis=None))
    ]
    for style in dict.fromkeys(rows["style"]):
        bars = alt.Chart(rows[rows["style"] == style]).mark_bar(style=style, size=46, cornerRadius=3)
        layers.append(bars.encode(x=x, y=y, y2=alt.Y2("end:Q"), tooltip=_hover()))
    look: dict[str, Any] = {"style": "ink", "dy": -9, "fontSize": 13, "fontWeight": 700}
    high = alt.Y("high:Q", scale=scale, axis=None)
    layers.append(base.mark_text(**look).encode(x=x, y=high, text=alt.Text("words:N")))
    return compose(layers, f"{sentence(missed)}", title=_title(missed), height=HEIGHT)


@chart("why", "Unmet expectation by cause", table=why_table)
def why(result: Result, baseline: Result | None, most: int = 3) -> Drawing:
    """The heaviest shortfalls, a bar each, cut into what we don't know, decide and do, and what we say too much."""
    found = shortfalls(result, most)
    if not found:
        return nothing(NONE, ROW)
    rows = pd.concat([_cut(missed, place) for place, missed in enumerate(found)])
    height = ROW * len(found)
    low, high = min(0.0, float(rows["left"].min())), max(float(rows["right"].max()), 1.0)
    over = alt.Scale(domain=[low, high * 1.02], nice=False, zero=False)
    x: Any = alt.X("left:Q", axis=None, scale=over)
    down = alt.Scale(domain=[0, height], range=[0, height], nice=False)
    y: Any = alt.Y("bar:Q", axis=None, scale=down)
    zero = alt.Chart(rows.assign(zero=0.0, top=rows["bar"] - 9, foot=rows["bar"] + 9)).mark_rule(style="muted")
    layers: list[alt.Chart] = [
        zero.encode(
            x=alt.X("zero:Q", axis=None, scale=over), y=alt.Y("top:Q", axis=None, scale=down), y2=alt.Y2("foot:Q")
        )
    ]
    for style in dict.fromkeys(rows["style"]):
        bars = alt.Chart(rows[rows["style"] == style]).mark_bar(style=style, size=12, cornerRadius=2)
        layers.append(bars.encode(x=x, x2=alt.X2("right:Q"), y=y, tooltip=_hover()))
    label: dict[str, Any] = {"align": "left", "baseline": "top", "fontSize": 11.5, "fontWeight": 600, "dy": 9}
    for place, part in enumerate(PARTIAL_GAPS):
        mine = alt.Chart(rows[rows["part"] == part.key])
        mark = mine.mark_text(style=STYLES[part.key], **label)
        layers.append(mark.encode(x=at_x(COLUMN * place), y=y, text=alt.Text("words:N")))
    heads = pd.DataFrame(
        {"head": [ROW * place + 1 for place in range(len(found))], "words": [_title(each) for each in found]}
    )
    head = alt.Chart(heads).mark_text(style="ink", align="left", baseline="top", fontSize=12.5, fontWeight=600)
    layers.append(head.encode(x=at_x(0), y=alt.Y("head:Q", scale=down, axis=None), text=alt.Text("words:N")))
    return compose(layers, " ".join(sentence(missed) for missed in found), height=height)


def _steps(missed: Shortfall) -> pd.DataFrame:
    """The bars of one waterfall, from the need down to what is felt."""
    rows, level = [], 0.0
    names = [part.key for part in PARTIAL_GAPS] + ["gap"]
    for place, (part, size) in enumerate(zip(PARTIAL_GAPS, missed.parts, strict=True)):
        rows.append(
            {
                "name": part.key,
                "next": names[place + 1],
                "start": level,
                "end": level + size,
                "high": max(level, level + size),
                "words": figure(size, "points", sign=True),
                "means": missed.means(part, size),
                "owners": part.owners,
                "style": STYLES[part.key],
            }
        )
        level += size
    rows.append(
        {
            "name": "gap",
            "next": "gap",
            "start": 0.0,
            "end": missed.gap,
            "high": max(0.0, missed.gap),
            "words": figure(missed.gap, "points"),
            "means": "short of expectation",
            "owners": "all of them",
            "style": "expected",
        }
    )
    return pd.DataFrame(rows)


def _cut(missed: Shortfall, place: int) -> pd.DataFrame:
    """One bar cut into its parts: what is made up for lies left of zero, what is missed right of it."""
    right, left, rows = 0.0, 0.0, []
    for part, size, whole in zip(PARTIAL_GAPS, missed.parts, missed.whole, strict=True):
        start, right, left = (right, right + size, left) if size >= 0 else (left + size, right, left + size)
        rows.append(
            {
                "left": start,
                "right": start + abs(size),
                "bar": ROW * place + 23,
                "words": f"■ {part.key} {str(whole).replace('-', MINUS)}",
                "part": part.key,
                "means": missed.means(part, size),
                "owners": part.owners,
                "style": STYLES[part.key],
            }
        )
    return pd.DataFrame(rows)


def _title(missed: Shortfall) -> str:
    return f"{missed.name}: {missed.gap:.1f} points short ({interval(missed.low, missed.high, 'points')})"


def _hover() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("words:N", title="Points"),
        alt.Tooltip("means:N", title="What it means"),
        alt.Tooltip("owners:N", title="Rests on"),
    ]


__all__ = ["STYLES", "waterfall", "why"]

"""One customer's life as a timeline: visit by visit what was expected, what was lived, and how satisfied it left them.

Takes the rows of `Result.customers`, which are of one customer among thousands: a story, not a figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt
import numpy as np
import pandas as pd

from cxmodel.report.charts.base import Drawing, at_x, at_y, compose, from_right, nothing
from cxmodel.report.charts.layout import apart
from cxmodel.report.text.numbers import SCALE_WORDS, count, length, short_or_ahead, tone, wrap
from cxmodel.vocabulary import MONTH, humanise

if TYPE_CHECKING:
    from cxmodel.scenario import Scenario

HEIGHT: Final = 190
TOP: Final = 18
FLOOR: Final = 150
LEFT: Final = 84
RIGHT: Final = 84
NOMINAL: Final = 760
"""Pixels that a life is laid out for; on wider pages its words stand further apart."""
LETTER: Final = 6.2
"""Pixels of a letter."""
TOLD: Final = {
    "typical": "A typical customer",
    "delighted": "A delighted customer",
    "lost": "A lost customer",
}


def people(visits: pd.DataFrame) -> list[pd.DataFrame]:
    """The visits of each customer, one table for each."""
    if len(visits) == 0:
        return []
    return [each.reset_index(drop=True) for _, each in visits.groupby("customer", sort=True)]


def title(visits: pd.DataFrame) -> str:
    """Whose life it is, and what it comes to."""
    first, last = visits.iloc[0], visits.iloc[-1]
    span = f"{count(len(visits), 'visit')} in {length(max(1.0, last['day'] - first['day']))}"
    who = TOLD.get(first["kind"], humanise(first["kind"]))
    return f"{who}: {span}, satisfaction {first['satisfaction']:.0f} at first and {last['satisfaction']:.0f} at the end"


def life(visits: pd.DataFrame, scenario: Scenario) -> Drawing:
    """One customer's visits in their order: expected, lived, and the satisfaction they leave."""
    judged = visits.dropna(subset=["expected", "perceived"])
    if len(judged) == 0:
        return nothing("This customer reached no touchpoint that they rated.", HEIGHT)
    rows = visits.assign(
        x=np.arange(len(visits), dtype=float),
        name=[scenario.label("journey", name) for name in visits["touchpoint"]],
        month=(visits["day"] / MONTH).astype(int) + 1,
        tone=[tone(gap) if gap is not None else "muted" for gap in visits["gap"].astype(float)],
        lived=visits["perceived"],
        said=[short_or_ahead(gap) for gap in visits["gap"].astype(float)],
    )
    levels = rows[["expected", "lived", "satisfaction"]].to_numpy(dtype=float)
    low, high = max(0.0, float(np.nanmin(levels)) - 3), min(100.0, float(np.nanmax(levels)) + 3)
    scale = alt.Scale(domain=[low, high], range=[FLOOR, TOP], nice=False, zero=False)
    across = alt.Scale(domain=[-0.6, len(rows) - 0.4], range=[LEFT, from_right(RIGHT)], nice=False, zero=False)
    x: Any = alt.X("x:Q", axis=None, scale=across)

    def y(field: str) -> Any:
        return alt.Y(f"{field}:Q", scale=scale, axis=None, title=None)

    ticks = [level for level in SCALE_WORDS if low <= level <= high]
    ground = alt.Chart(
        pd.DataFrame({"level": ticks, "words": [f"{level} {SCALE_WORDS[level]}" for level in ticks]})
    ).mark_text(style="muted", align="left", fontSize=11)
    drawn, base = rows.dropna(subset=["expected", "lived"]), alt.Chart(rows)
    lines = alt.Chart(drawn)
    layers: list[alt.Chart] = [
        *_runs(rows, across),
        ground.encode(x=at_x(0), y=y("level"), text=alt.Text("words:N")),
        base.mark_line(style="ghost", strokeWidth=2.2, opacity=0.8).encode(x=x, y=y("satisfaction")),
        lines.mark_line(style="expected", strokeDash=[6, 4], strokeWidth=1.5).encode(x=x, y=y("expected")),
    ]
    for name in ("short", "ahead"):
        mine = alt.Chart(drawn[drawn["tone"] == name])
        layers.append(mine.mark_rule(style=name, strokeWidth=2).encode(x=x, y=y("expected"), y2=alt.Y2("lived:Q")))
    dots = lines.mark_point(style="lived_dot", filled=True, size=64, opacity=1)
    layers.append(dots.encode(x=x, y=y("lived"), tooltip=_hover()))
    failed = alt.Chart(drawn[drawn["failed"].astype(bool)])
    layers.append(failed.mark_text(style="short", text="✕", dy=14, fontSize=13).encode(x=x, y=y("lived")))
    layers += _ends(drawn, rows, y, (FLOOR - TOP) / (high - low))
    return compose(layers, _alt(visits, scenario), title=title(visits), height=HEIGHT)


def life_table(visits: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """The same visit by visit."""
    return pd.DataFrame(
        {
            "Day": visits["day"].round(1),
            "Touchpoint": [scenario.label("journey", name) for name in visits["touchpoint"]],
            "Expected": visits["expected"].round(1),
            "Experienced": visits["perceived"].round(1),
            "Gap": [short_or_ahead(gap) for gap in visits["gap"].astype(float)],
            "Failed": ["yes" if failed else "" for failed in visits["failed"]],
            "Satisfaction after": visits["satisfaction"].round(1),
        }
    )


def _runs(rows: pd.DataFrame, across: alt.Scale) -> list[alt.Chart]:
    """Under the visits the touchpoint they are to, where there is room for its name; above them the month."""
    x: Any = alt.X("x:Q", axis=None, scale=across)
    turns = (rows["touchpoint"] != rows["touchpoint"].shift()).cumsum()
    spans = (
        rows.groupby(turns).agg(left=("x", "min"), right=("x", "max"), name=("name", "first")).reset_index(drop=True)
    )
    pitch = NOMINAL / max(len(rows), 1)
    spans["x"] = (spans["left"] + spans["right"]) / 2
    spans["words"] = [
        wrap(name, max(6, int((right - left + 1) * pitch / LETTER)))
        for left, right, name in zip(spans["left"], spans["right"], spans["name"], strict=True)
    ]
    longest = spans["words"].map(lambda words: max(len(line) for line in words.split("\n")))
    fits = longest * LETTER <= (spans["right"] - spans["left"] + 1) * pitch + LETTER
    bands = spans.assign(left=spans["left"] - 0.46, right=spans["right"] + 0.46)
    band = alt.Chart(bands).mark_rect(style="grid", opacity=0.42, cornerRadius=3)
    months = rows.groupby("month").first().reset_index()
    kept, last = [], -np.inf
    for place, month in zip(months["x"], months["month"], strict=True):
        if (place - last) * pitch >= 62:
            kept.append({"x": place, "words": f"month {month}" if month else "start"})
            last = place
    look: dict[str, Any] = {"style": "muted", "baseline": "top", "fontSize": 10.5, "lineBreak": "\n", "lineHeight": 12}
    return [
        band.encode(
            x=alt.X("left:Q", axis=None, scale=across), x2=alt.X2("right:Q"), y=at_y(TOP - 4), y2=_y2(FLOOR + 4)
        ),
        alt.Chart(spans[fits]).mark_text(**look).encode(x=x, y=at_y(FLOOR + 10), text=alt.Text("words:N")),
        alt.Chart(pd.DataFrame(kept))
        .mark_text(**look | {"align": "left"})
        .encode(x=x, y=at_y(0), text=alt.Text("words:N")),
    ]


def _ends(drawn: pd.DataFrame, rows: pd.DataFrame, y: Any, pixel: float) -> list[alt.Chart]:
    """The name of each line at its right end."""
    names = (("expected", "expected"), ("lived", "experienced"), ("muted", "satisfaction"))
    last = drawn.iloc[-1]
    heights = [float(last["expected"]), float(last["lived"]), float(rows["satisfaction"].iloc[-1])]
    place = alt.XValue(from_right(RIGHT - 6))  # type: ignore[no-untyped-call]
    marks = []
    for (style, name), height in zip(names, apart(heights, least=13 / pixel), strict=True):
        frame = pd.DataFrame({"level": [height], "words": [name]})
        mark: Any = alt.Chart(frame).mark_text(style=style, align="left", fontSize=11.5, fontWeight=600)
        marks.append(mark.encode(x=place, y=y("level"), text=alt.Text("words:N")))
    return marks


def _hover() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("name:N", title="Touchpoint"),
        alt.Tooltip("day:Q", title="Day", format=".1f"),
        alt.Tooltip("expected:Q", title="Expected", format=".1f"),
        alt.Tooltip("lived:Q", title="Experienced", format=".1f"),
        alt.Tooltip("said:N", title="Gap"),
        alt.Tooltip("satisfaction:Q", title="Satisfaction after", format=".1f"),
    ]


def _alt(visits: pd.DataFrame, scenario: Scenario) -> str:
    gaps = visits["gap"].astype(float).to_numpy()
    worst = visits.iloc[int(np.nanargmax(gaps))]
    furthest = f"{scenario.label('journey', worst['touchpoint'])}, {short_or_ahead(float(worst['gap']))}"
    failed = int(visits["failed"].sum())
    ends = f"{failed} failed visit{'' if failed == 1 else 's'}"
    return f"{title(visits)}. Furthest from what was expected: {furthest}. {ends}."


def _y2(place: float) -> Any:
    return alt.Y2Value(place)  # type: ignore[no-untyped-call]

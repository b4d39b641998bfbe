"""The journey chart: what customers expect at each touchpoint, what they live there, and the gap between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt
import numpy as np
import pandas as pd
from scipy.interpolate import PchipInterpolator

from cxmodel.report.charts.base import Drawing, at_x, at_y, chart, compose, from_right, nothing
from cxmodel.report.charts.layout import apart
from cxmodel.report.text.captions import journey_alt
from cxmodel.report.text.journey_tables import journey_table, touchpoints
from cxmodel.report.text.mending import Mending
from cxmodel.report.text.numbers import SCALE_WORDS, wrap

if TYPE_CHECKING:
    from cxmodel.results.result import Result

LEFT: Final = 84
"""Pixels left of the journey, for what the levels and the rows below it mean."""
RIGHT: Final = 80
"""Pixels right of it, for the names of the lines."""
TOP: Final = 47
"""Pixel of the highest level; the stages and the words over a touchpoint are written above it."""
FLOOR: Final = 192
"""Pixel of the lowest level; names, shares and prices are written below it."""
ROOMY: Final = 7
"""Touchpoints up to which there is room for words at full size."""
STEPS: Final = 24
"""Points of the drawn curve from one touchpoint to the next."""
TAIL: Final = 0.46
"""How far the lines run on beyond the first and the last touchpoint, so that they can be named at their end."""


@chart("journey", "Customer journey: expected against experienced", table=journey_table)
def journey(result: Result, baseline: Result | None, mending: Mending | None = None) -> Drawing:
    """Expected and lived level per touchpoint, the gap shaded and put in words; as is behind it.

    With `mending`, a row tells the value at stake at each touchpoint.
    """
    stops = touchpoints(result)
    ghosts = touchpoints(baseline) if baseline is not None else None
    seen = stops if ghosts is None else pd.concat([stops, ghosts])
    levels = seen[["expected", "lived"]].to_numpy(dtype=float)
    if not np.isfinite(levels).any():
        return nothing("No touchpoint was rated.", FLOOR)
    stops = priced(stops, mending, result.scenario.currency)
    low, high = max(0.0, float(np.nanmin(levels)) - 3), min(100.0, float(np.nanmax(levels)) + 1)
    place = _Place(stops, low, high)
    layers: list[alt.Chart] = [*place.stages(stops), *place.ground()]
    now = place.curves(stops)
    if ghosts is not None:
        was = place.curves(ghosts)
        layers += [*place.filled(now, was), *place.lines(was, ghost=True)]
    layers += [*place.shades(now), *place.lines(now), *place.marks(stops), *place.ends(stops, ghosts)]
    layers += [*place.words(stops), *place.feet(stops, mending)]
    return compose(layers, journey_alt(result, stops), height=place.height(mending))


def priced(stops: pd.DataFrame, mending: Mending | None, currency: str | None) -> pd.DataFrame:
    """The touchpoints with the price of mending each, and its interval, in words."""
    said = [mending.words(name, currency) if mending is not None else ("", "") for name in stops["id"]]
    return stops.assign(price=[words for words, _ in said], price_span=[span for _, span in said])


class _Place:
    """Where things lie on the chart: one shared pair of scales, and the layers drawn on them."""

    def __init__(self, stops: pd.DataFrame, low: float, high: float) -> None:
        self.count, self.low, self.high = len(stops), low, high
        self.crowded = self.count > ROOMY
        across: Any = [LEFT, from_right(RIGHT)]
        self.x_scale = alt.Scale(domain=[-0.5, self.count - 0.5], range=across, nice=False, zero=False)
        self.x: Any = alt.X("x:Q", axis=None, scale=self.x_scale)
        self.top = TOP + 8 * self.crowded
        self.scale = alt.Scale(domain=[low, high], range=[FLOOR, self.top], nice=False, zero=False)
        self.names = [wrap(name, 8 if self.crowded else 13) for name in stops["touchpoint"]]
        self.line = 13 if self.crowded else 14
        self.share = FLOOR + 15 + self.line * max(name.count("\n") + 1 for name in self.names)
        """Pixel of the row of shares."""

    def height(self, mending: Mending | None) -> int:
        """Pixels of the whole chart."""
        return self.share + (24 if mending is None else 58 + 12 * self.crowded)

    def y(self, field: str) -> Any:
        """A level on the shared scale."""
        return alt.Y(f"{field}:Q", scale=self.scale, axis=None, title=None)

    def ground(self) -> list[alt.Chart]:
        """Lines where the scale of levels has words, and those words."""
        ticks = [level for level in SCALE_WORDS if self.low <= level <= self.high]
        rows = pd.DataFrame({"level": ticks, "words": [f"{level} {SCALE_WORDS[level]}" for level in ticks]})
        rule = alt.Chart(rows).mark_rule(style="grid", strokeWidth=1)
        mark = alt.Chart(rows).mark_text(style="muted", align="left", baseline="middle", fontSize=11)
        return [
            rule.encode(x=at_x(LEFT), x2=_x2(from_right(RIGHT)), y=self.y("level")),
            mark.encode(x=at_x(0), y=self.y("level"), text=alt.Text("words:N")),
        ]

    def stages(self, stops: pd.DataFrame) -> list[alt.Chart]:
        """The stages of the journey: a pale band behind the touchpoints of each, its name on top."""
        spans = stops.groupby("stage", sort=False)["x"].agg(["min", "max"]).reset_index()
        edge = 0.5 - 0.025 * self.count / 8
        spans = spans.assign(
            x=(spans["min"] + spans["max"]) / 2,
            left=spans["min"] - edge,
            right=spans["max"] + edge,
            words=spans["stage"].str.upper(),
        )
        bar = alt.Chart(spans).mark_rect(style="grid", opacity=0.42, cornerRadius=4)
        band = bar.encode(
            x=alt.X("left:Q", scale=self.x_scale, axis=None), x2=alt.X2("right:Q"), y=at_y(0), y2=_y2(FLOOR + 4)
        )
        look: dict[str, Any] = {"fontSize": 9.5 if self.crowded else 10.5, "fontWeight": 600}
        return [band, _text(spans, "muted", y=6, x=self.x, **look)]

    def curves(self, stops: pd.DataFrame) -> pd.DataFrame:
        """Both lines drawn through their touchpoints without overshooting them, a point every pixel or so."""
        known = stops.dropna(subset=["expected", "lived"])
        at = known["x"].to_numpy(dtype=float)
        ends = np.concatenate([[at[0] - TAIL], at, [at[-1] + TAIL]])
        fine = np.unique(np.concatenate([ends, np.linspace(ends[0], ends[-1], STEPS * len(ends))]))
        lines = {
            name: PchipInterpolator(ends, np.pad(known[name].to_numpy(dtype=float), 1, mode="edge"))(fine)
            for name in ("expected", "lived")
        }
        return pd.DataFrame({"x": fine, **lines}).round(3)

    def shades(self, curves: pd.DataFrame) -> list[alt.Chart]:
        """The gap: one shade where customers got less than they expected, another where they got more."""
        both = curves["expected"], curves["lived"]
        base = alt.Chart(curves.assign(above=np.maximum(*both), below=np.minimum(*both)))
        short = base.mark_area(style="short", opacity=0.3, line=False).encode(
            x=self.x, y=self.y("above"), y2=alt.Y2("lived:Q")
        )
        ahead = base.mark_area(style="ahead", opacity=0.3, line=False).encode(
            x=self.x, y=self.y("lived"), y2=alt.Y2("below:Q")
        )
        return [short, ahead]

    def filled(self, now: pd.DataFrame, was: pd.DataFrame) -> list[alt.Chart]:
        """What the plan fills of the hole that customers fall into as things stand."""
        if len(now) != len(was) or not np.array_equal(now["x"], was["x"]):
            return []
        top = np.minimum(np.minimum(now["expected"], now["lived"]), was["expected"])
        rows = was.assign(top=np.maximum(top, was["lived"]))
        area = alt.Chart(rows).mark_area(style="ghost", opacity=0.17, line=False)
        return [area.encode(x=self.x, y=self.y("top"), y2=alt.Y2("lived:Q"))]

    def lines(self, curves: pd.DataFrame, *, ghost: bool = False) -> list[alt.Chart]:
        """The expected line (dashed) and the lived line (solid); of as is both thin and grey."""
        base = alt.Chart(curves)
        dash = [2, 3] if ghost else [6, 4]
        expected = base.mark_line(
            style="ghost" if ghost else "expected", strokeDash=dash, strokeWidth=1.3 if ghost else 1.8
        )
        lived = base.mark_line(style="ghost" if ghost else "lived", strokeWidth=1.5 if ghost else 3.2)
        return [expected.encode(x=self.x, y=self.y("expected")), lived.encode(x=self.x, y=self.y("lived"))]

    def marks(self, stops: pd.DataFrame) -> list[alt.Chart]:
        """A bar for the gap, a diamond for what was expected, a dot as large as its share of memory."""
        known = stops.dropna(subset=["expected", "lived"])
        hover = [
            alt.Tooltip("touchpoint:N", title="Touchpoint"),
            alt.Tooltip("words:N", title="Customers"),
            alt.Tooltip("expected:Q", title="Expected", format=".1f"),
            alt.Tooltip("lived:Q", title="Experienced", format=".1f"),
            alt.Tooltip("interval:N", title="Gap, 95 %"),
            alt.Tooltip("memory:N", title="Share of remembered experience"),
        ]
        base = alt.Chart(known).encode(x=self.x, tooltip=hover)
        bars = [
            alt.Chart(known[known["tone"] == tone])
            .mark_rule(style=tone, strokeWidth=1.6)
            .encode(x=self.x, y=self.y("expected"), y2=alt.Y2("lived:Q"))
            for tone in ("short", "ahead")
        ]
        diamond = base.mark_point(style="expected", shape="diamond", size=52, filled=True, opacity=1)
        dot = base.mark_point(style="lived_dot", filled=True, opacity=1).encode(
            size=alt.Size("share:Q", legend=None, scale=alt.Scale(domain=[0, 0.5], range=[70, 460], clamp=True))
        )
        return [*bars, dot.encode(y=self.y("lived")), diamond.encode(y=self.y("expected"))]

    def ends(self, stops: pd.DataFrame, ghosts: pd.DataFrame | None) -> list[alt.Chart]:
        """The name of each line at its right end, kept from lying on one another."""
        names = [(stops, "expected", "expected", "expected"), (stops, "lived", "lived", "experienced")]
        if ghosts is not None:
            names.append((ghosts, "lived", "ghost", "today"))
        rows = []
        for table, field, style, name in names:
            last = table.dropna(subset=[field])
            if len(last):
                rows.append((float(last[field].iloc[-1]), style, name))
        pixel = (FLOOR - self.top) / max(self.high - self.low, 1.0)
        layers = []
        for (_, style, name), height in zip(rows, apart([row[0] for row in rows], least=14 / pixel), strict=True):
            mark = alt.Chart(pd.DataFrame({"level": [height], "words": [name]})).mark_text(
                style="muted" if style == "ghost" else style,
                align="left",
                baseline="middle",
                fontSize=12,
                fontWeight="normal" if style == "ghost" else 600,
            )
            place = _x(from_right(RIGHT - 6))
            layers.append(mark.encode(x=place, y=self.y("level"), text=alt.Text("words:N")))
        return layers

    def words(self, stops: pd.DataFrame) -> list[alt.Chart]:
        """*falls short by 36* over each touchpoint."""
        known = stops.dropna(subset=["expected", "lived"]).copy()
        known["top"] = known[["expected", "lived"]].max(axis=1)
        look: dict[str, Any] = {"dy": -14, "fontSize": 13, "fontWeight": 700, "lineBreak": "\n"}
        if self.crowded:
            known["words"] = known["words"].str.replace(" by ", "\nby ").str.replace("as e", "as\ne")
            look |= {"dy": -24, "fontSize": 12, "lineHeight": 12}
        halo = alt.Chart(known).mark_text(style="halo", strokeWidth=4, strokeJoin="round", opacity=0.85, **look)
        layers = [halo.encode(x=self.x, y=self.y("top"), text=alt.Text("words:N"))]
        for tone in ("short", "ahead", "muted"):
            mark = alt.Chart(known[known["tone"] == tone]).mark_text(style=tone, **look)
            layers.append(mark.encode(x=self.x, y=self.y("top"), text=alt.Text("words:N")))
        return layers

    def feet(self, stops: pd.DataFrame, mending: Mending | None) -> list[alt.Chart]:
        """Under each touchpoint its name, its share of remembered experience, and the value at stake."""
        small = {"fontSize": 11, "lineHeight": 12}
        left: dict[str, Any] = {"x": at_x(0), "align": "left", **small}
        size = 11 if self.crowded else 12.5
        named = stops.assign(words=self.names)
        layers = [
            _text(named, "ink", y=FLOOR + 12, x=self.x, fontWeight=600, fontSize=size, lineHeight=self.line),
            _text(stops.assign(words=stops["memory"]), "muted", y=self.share, x=self.x, fontSize=size),
            _text(pd.DataFrame({"words": ["remembered\nexperience"]}), "muted", y=self.share, **left),
        ]
        if mending is not None:
            row = self.share + 28
            span = stops["price_span"].str.replace(" to ", " to\n") if self.crowded else stops["price_span"]
            layers += [
                _text(stops.assign(words=stops["price"]), "ink", y=row, x=self.x, fontWeight=600, fontSize=size),
                _text(stops.assign(words=span), "muted", y=row + 15, x=self.x, **small | {"fontSize": 10.25}),
                _text(pd.DataFrame({"words": [mending.foot]}), "muted", y=row + 1, **left),
            ]
        return layers


def _text(rows: pd.DataFrame, style: str, *, y: float, x: Any, **look: Any) -> alt.Chart:
    """Words at a fixed height in pixels."""
    mark = alt.Chart(rows).mark_text(style=style, baseline="top", lineBreak="\n", **look)
    text: alt.Chart = mark.encode(x=x, y=at_y(y), text=alt.Text("words:N"))
    return text


def _x(place: Any) -> Any:
    return alt.XValue(place)  # type: ignore[no-untyped-call]


def _x2(place: Any) -> Any:
    return alt.X2Value(place)  # type: ignore[no-untyped-call]


def _y2(place: Any) -> Any:
    return alt.Y2Value(place)  # type: ignore[no-untyped-call]

"""The journey chart: what customers expect at each touchpoint, what they live there, and the gap between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt
import numpy as np
import pandas as pd
from scipy.interpolate import PchipInterpolator

from cxmodel.report.captions import journey_alt
from cxmodel.report.drawing import Drawing, at_x, at_y, chart, compose
from cxmodel.report.figures import wrap
from cxmodel.report.spacing import apart
from cxmodel.report.tables import journey_table, touchpoints

if TYPE_CHECKING:
    from cxmodel.results import Result

HEIGHT: Final = 346
TOP: Final = 58
"""Pixels kept above the highest level for the words over a touchpoint."""
FLOOR: Final = 268
"""Pixel of the lowest level; names and shares are written below it."""
ROOMY: Final = 9
"""Touchpoints up to which there is room for words at full size."""
STEPS: Final = 24
"""Points of the drawn curve from one touchpoint to the next."""
SCALE_WORDS: Final = {20: "broken", 40: "people complain", 60: "gets by", 75: "decent", 95: "best anywhere"}
"""What a level means, on the scale that scenarios are written in."""


@chart("journey", "The journey: expected against lived", table=journey_table)
def journey(result: Result, baseline: Result | None) -> Drawing:
    """Expected and lived level per touchpoint, the gap shaded and put in words; as is behind it."""
    stops = touchpoints(result)
    ghosts = touchpoints(baseline) if baseline is not None else None
    seen = stops if ghosts is None else pd.concat([stops, ghosts])
    levels = seen[["expected", "lived"]].to_numpy(dtype=float)
    if not np.isfinite(levels).any():
        nothing = pd.DataFrame({"words": ["No touchpoint was judged."]})
        words = _text(nothing, "muted", y=120, x=at_x(0), align="left")
        return compose([words], "No touchpoint was judged.", height=HEIGHT)
    low, high = max(0.0, float(np.nanmin(levels)) - 4), min(100.0, float(np.nanmax(levels)) + 2)
    place = _Place(stops, low, high)
    layers: list[alt.Chart | alt.LayerChart] = [*place.ground(), *place.stages(stops)]
    if ghosts is not None:
        layers += [place.pit(ghosts), *place.lines(ghosts, ghost=True)]
    layers += [*place.shades(stops), *place.lines(stops), *place.marks(stops), *place.ends(stops, ghosts)]
    layers += [*place.words(stops), *place.feet(stops)]
    return compose(layers, journey_alt(result, stops), height=HEIGHT)


class _Place:
    """Where things lie on the chart: one shared pair of scales, and the layers drawn on them."""

    def __init__(self, stops: pd.DataFrame, low: float, high: float) -> None:
        self.count, self.low, self.high = len(stops), low, high
        self.x_scale = alt.Scale(domain=[-0.98, self.count - 0.22], nice=False, zero=False)
        self.x: Any = alt.X("x:Q", axis=None, scale=self.x_scale)
        self.scale = alt.Scale(domain=[low, high], range=[FLOOR, TOP], nice=False, zero=False)

    def y(self, field: str, axis: Any = None) -> Any:
        """A level on the shared scale."""
        return alt.Y(f"{field}:Q", scale=self.scale, axis=axis, title=None)

    def ground(self) -> list[alt.Chart]:
        """Lines where the scale of levels has words, those words, and what the last row means."""
        ticks = [level for level in SCALE_WORDS if self.low <= level <= self.high]
        rows = pd.DataFrame({"level": ticks, "words": [f"{level} {SCALE_WORDS[level]}" for level in ticks]})
        rule = alt.Chart(rows).mark_rule(style="grid", strokeWidth=1).encode(y=self.y("level"))
        mark = alt.Chart(rows).mark_text(style="muted", align="left", baseline="bottom", dy=-2, fontSize=11)
        label = mark.encode(x=at_x(0), y=self.y("level"), text=alt.Text("words:N"))
        foot = pd.DataFrame({"words": ["share of\nmemory"]})
        return [
            rule,
            label,
            _text(foot, "muted", y=FLOOR + 53, x=at_x(0), align="left", fontSize=11, lineHeight=12),
        ]

    def stages(self, stops: pd.DataFrame) -> list[alt.Chart]:
        """The stages of the journey along the top, each over its touchpoints."""
        spans = stops.groupby("stage", sort=False)["x"].agg(["min", "max"]).reset_index()
        spans = spans.assign(
            x=(spans["min"] + spans["max"]) / 2,
            left=spans["min"] - 0.44,
            right=spans["max"] + 0.44,
            words=spans["stage"].str.upper(),
        )
        bar = alt.Chart(spans).mark_rule(style="ghost", strokeWidth=1.5)
        line = bar.encode(x=alt.X("left:Q", scale=self.x_scale, axis=None), x2=alt.X2("right:Q"), y=at_y(17))
        return [line, _text(spans, "muted", y=2, x=self.x, fontSize=10.5, fontWeight=600)]

    def curves(self, stops: pd.DataFrame) -> pd.DataFrame:
        """Both lines drawn through their touchpoints without overshooting them, a point every pixel or so."""
        known = stops.dropna(subset=["expected", "lived"])
        at = known["x"].to_numpy(dtype=float)
        if len(known) < 2:
            return known[["x", "expected", "lived"]]
        fine = np.unique(np.concatenate([at, np.linspace(at[0], at[-1], STEPS * len(at))]))
        lines = {name: PchipInterpolator(at, known[name].to_numpy(dtype=float))(fine) for name in ("expected", "lived")}
        return pd.DataFrame({"x": fine, **lines}).round(3)

    def shades(self, stops: pd.DataFrame) -> list[alt.Chart]:
        """The gap: one shade where customers got less than they expected, another where they got more."""
        curves = self.curves(stops)
        curves["above"] = curves[["expected", "lived"]].max(axis=1)
        curves["below"] = curves[["expected", "lived"]].min(axis=1)
        base = alt.Chart(curves)
        short = base.mark_area(style="short", opacity=0.24, line=False).encode(
            x=self.x, y=self.y("above"), y2=alt.Y2("lived:Q")
        )
        ahead = base.mark_area(style="ahead", opacity=0.24, line=False).encode(
            x=self.x, y=self.y("lived"), y2=alt.Y2("below:Q")
        )
        return [short, ahead]

    def pit(self, ghosts: pd.DataFrame) -> alt.Chart:
        """Where customers get less than they expect as things stand: the hole a plan has to fill."""
        curves = self.curves(ghosts)
        curves["above"] = curves[["expected", "lived"]].max(axis=1)
        area = alt.Chart(curves).mark_area(style="ghost", opacity=0.13, line=False)
        pit: alt.Chart = area.encode(x=self.x, y=self.y("above"), y2=alt.Y2("lived:Q"))
        return pit

    def lines(self, stops: pd.DataFrame, *, ghost: bool = False) -> list[alt.Chart]:
        """The expected line (dashed) and the lived line (solid); of as is both thin and grey."""
        base = alt.Chart(self.curves(stops))
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
            alt.Tooltip("lived:Q", title="Lived", format=".1f"),
            alt.Tooltip("interval:N", title="Gap, 95 %"),
            alt.Tooltip("memory:N", title="Share of what is remembered"),
        ]
        base = alt.Chart(known).encode(x=self.x, tooltip=hover)
        bars = [
            alt.Chart(known[known["tone"] == tone])
            .mark_rule(style=tone, strokeWidth=1.6)
            .encode(x=self.x, y=self.y("expected"), y2=alt.Y2("lived:Q"))
            for tone in ("short", "ahead")
        ]
        diamond = base.mark_point(style="expected", shape="diamond", size=58, filled=True, opacity=1)
        dot = base.mark_point(style="lived", filled=True, opacity=1).encode(
            size=alt.Size("share:Q", legend=None, scale=alt.Scale(domain=[0, 0.5], range=[45, 420], clamp=True))
        )
        return [*bars, dot.encode(y=self.y("lived")), diamond.encode(y=self.y("expected"))]

    def ends(self, stops: pd.DataFrame, ghosts: pd.DataFrame | None) -> list[alt.Chart]:
        """The name of each line at its right end, kept from lying on one another."""
        names = [(stops, "expected", "expected", "expected"), (stops, "lived", "lived", "lived")]
        if ghosts is not None:
            names.append((ghosts, "lived", "ghost", "as is"))
        rows = []
        for table, field, style, name in names:
            last = table.dropna(subset=[field])
            if len(last):
                rows.append((float(last[field].iloc[-1]), style, name, float(last["x"].iloc[-1])))
        pixel = (FLOOR - TOP) / max(self.high - self.low, 1.0)
        heights = apart([row[0] for row in rows], least=14 / pixel)
        top = max((row[0] for row in rows[:2]), default=0.0) + 16 / pixel
        aside = 0.36 if any(abs(height - top) < 14 / pixel for height in heights) else 0.15
        layers = []
        for (_, style, name, at), height in zip(rows, heights, strict=True):
            frame = pd.DataFrame({"x": [at + aside], "level": [height], "words": [name]})
            mark = alt.Chart(frame).mark_text(
                style=style,
                align="left",
                baseline="middle",
                fontSize=12,
                fontWeight="normal" if style == "ghost" else 600,
            )
            layers.append(mark.encode(x=self.x, y=self.y("level"), text=alt.Text("words:N")))
        return layers

    def words(self, stops: pd.DataFrame) -> list[alt.Chart]:
        """*short by 36* over each touchpoint."""
        known = stops.dropna(subset=["expected", "lived"]).copy()
        known["top"] = known[["expected", "lived"]].max(axis=1)
        crowded = self.count > ROOMY
        if crowded:
            known["words"] = known["words"].str.replace(" by ", " by\n")
        look: dict[str, Any] = {
            "dy": -28 if crowded else -16,
            "fontSize": 13,
            "fontWeight": 700,
            "lineBreak": "\n",
        }
        halo = alt.Chart(known).mark_text(style="halo", strokeWidth=5, strokeJoin="round", **look)
        layers = [halo.encode(x=self.x, y=self.y("top"), text=alt.Text("words:N"))]
        for tone in ("short", "ahead", "muted"):
            mark = alt.Chart(known[known["tone"] == tone]).mark_text(style=tone, **look)
            layers.append(mark.encode(x=self.x, y=self.y("top"), text=alt.Text("words:N")))
        return layers

    def feet(self, stops: pd.DataFrame) -> list[alt.Chart]:
        """Under each touchpoint its name, and how much of what is remembered it makes."""
        width, look = (13, {"fontSize": 13, "lineHeight": 14})
        if self.count > ROOMY:
            width, look = (8, {"fontSize": 11, "lineHeight": 12})
        names = stops.assign(words=[wrap(name, width) for name in stops["touchpoint"]])
        return [
            _text(names, "ink", y=FLOOR + 16, x=self.x, fontWeight=600, **look),
            _text(stops.assign(words=stops["memory"]), "muted", y=FLOOR + 54, x=self.x, fontSize=13),
        ]


def _text(rows: pd.DataFrame, style: str, *, y: float, x: Any, **look: Any) -> alt.Chart:
    """Words at a fixed height in pixels."""
    mark = alt.Chart(rows).mark_text(style=style, baseline="top", lineBreak="\n", **look)
    text: alt.Chart = mark.encode(x=x, y=at_y(y), text=alt.Text("words:N"))
    return text

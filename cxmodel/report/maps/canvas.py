"""The strategy canvas and the value map of one segment, as charts; both as a sheet, segments side by side."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

import altair as alt
import pandas as pd

from cxmodel.report.charts.base import Drawing, at_x, at_y, compose, from_right, nothing
from cxmodel.report.charts.layout import apart
from cxmodel.report.maps.proposition import WE, bargains, equal_value
from cxmodel.report.maps.sheet import Run, Sheet
from cxmodel.report.text.numbers import SCALE_WORDS, money, percent, wrap

if TYPE_CHECKING:
    from cxmodel.report.maps.proposition import Bargain, Provider
    from cxmodel.results.result import Result

LEFT: Final = 84
"""Pixels left of a chart, for what its scale means."""
RIGHT: Final = 108
"""Pixels right of the canvas, for the names of its lines."""
TOP: Final = 14
FLOOR: Final = 230
"""Pixel of the lowest level; attributes are named below it."""
ROW: Final = 13
"""Pixels of a line of words there."""
OURS: Final = (
    ("need", "needed", "expected", "diamond", [6, 4], 1.8),
    ("offered", "offered", "second", "square", [2, 2], 1.6),
    ("promised", "promised", "third", "triangle-up", [8, 3, 2, 3], 1.6),
    ("delivered", "delivered", "lived", "circle", [1, 0], 3.2),
)
"""Our own lines: field, name, style, mark, dashes, width."""
THEIRS: Final = (("ghost", "cross", [4, 3]), ("fourth", "triangle-down", [4, 3]), ("muted", "stroke", [1, 3]))
"""How rivals are drawn, one after the other: style, mark, dashes."""
FIT: Final = {"type": "fit-x", "contains": "padding"}
"""As wide as the place it is put in; never squeezed in height, as places are fixed there."""
HALF: Final = 0.4
"""The weight of price from which on the line of equal value is so steep that names stand beside their marks."""
TODAY: Final = "delivered today"
STEEP: Final = 85.0
"""How dear a bargain may feel where the line of equal value leaves the map for its name to stand beside it."""
VALUE: Final = 260
"""Pixels of the value map, down to its axis."""
DEAR: Final = "How dear it feels [0–100]"
SIDE: Final = 620
"""Pixels of a segment beside another."""
ALONE: Final = 920
PAD: Final = 20


def canvas(bargain: Bargain, behind: Bargain | None = None) -> Drawing:
    """The strategy canvas of a segment: levels by attribute, the heaviest first, with gaps and over-delivery marked.

    With today's `behind` it, what is delivered today is a thin line.
    """
    series = _series(bargain)
    if behind is not None:
        today = [each.delivered for each in behind.attributes]
        series.insert(0, (TODAY, "muted", "circle", [2, 3], 1.4, today))
    levels = [level for _, _, _, _, _, values in series for level in values if level is not None]
    if not levels:
        return nothing("Nothing is known of this segment yet.", FLOOR)
    low, high = max(0.0, min(levels) - 4), min(100.0, max(levels) + 4)
    count = len(bargain.attributes)
    across: Any = [LEFT, from_right(RIGHT)]
    x_scale = alt.Scale(domain=[-0.35, count - 0.65], range=across, nice=False, zero=False)
    y_scale = alt.Scale(domain=[low, high], range=[FLOOR, TOP], nice=False, zero=False)
    x: Any = alt.X("x:Q", axis=None, scale=x_scale)
    y: Any = alt.Y("level:Q", axis=None, scale=y_scale)
    layers = [*_ground(low, high, y), *_shades(bargain, x, y_scale)]
    for name, style, shape, dash, width, values in series:
        rows = pd.DataFrame(
            [
                {"x": place, "level": value, "series": name, "attribute": each.name}
                for place, (each, value) in enumerate(zip(bargain.attributes, values, strict=True))
                if value is not None
            ]
        )
        if not len(rows):
            continue
        base = alt.Chart(rows).encode(x=x, y=y)
        hover = [
            alt.Tooltip("attribute:N", title="Attribute"),
            alt.Tooltip("series:N", title="Level"),
            alt.Tooltip("level:Q", title="Points", format=".0f"),
        ]
        layers.append(base.mark_line(style=style, strokeDash=dash, strokeWidth=width))
        size = 130 if name == "delivered" else 75
        layers.append(
            base.mark_point(style=style, shape=shape, size=size, filled=True, opacity=1).encode(tooltip=hover)
        )
    pixel = (FLOOR - TOP) / (high - low)
    layers += [*_ends(series, pixel, y_scale), *_feet(bargain, x)]
    lines = 4 + max(wrap(each.name, 10).count("\n") for each in bargain.attributes)
    return compose(layers, _canvas_alt(bargain), height=FLOOR + 24 + ROW * lines)


def _series(bargain: Bargain) -> list[tuple[str, str, str, list[int], float, list[float | None]]]:
    """Name, style, mark, dashes, width and levels of each line; what nobody says anything of is left out."""
    found = []
    for place, (id, name) in enumerate(bargain.rivals.items()):
        style, shape, dash = THEIRS[place % len(THEIRS)]
        found.append((name, style, shape, dash, 1.5, [each.rivals[id] for each in bargain.attributes]))
    for key, name, style, shape, dash, width in OURS:
        found.append((name, style, shape, dash, width, [getattr(each, key) for each in bargain.attributes]))
    return [each for each in found if any(level is not None for level in each[5])]


def _ground(low: float, high: float, y: Any) -> list[alt.Chart]:
    """Lines where the scale of levels has words, and those words."""
    rows = pd.DataFrame(
        [{"level": level, "words": f"{level} {words}"} for level, words in SCALE_WORDS.items() if low <= level <= high],
        columns=["level", "words"],
    )
    end = alt.X2Value(from_right(RIGHT))  # type: ignore[no-untyped-call]
    rule = alt.Chart(rows).mark_rule(style="grid").encode(x=at_x(LEFT), x2=end, y=y)
    mark = alt.Chart(rows).mark_text(style="muted", align="left", baseline="middle", fontSize=11)
    return [rule, mark.encode(x=at_x(0), y=y, text=alt.Text("words:N"))]


def _shades(bargain: Bargain, x: Any, scale: alt.Scale) -> list[alt.Chart]:
    """A bar from the need to what is delivered, where that is a gap or over-delivery."""
    layers = []
    for style, sign in (("short", 1), ("ahead", -1)):
        rows = pd.DataFrame(
            [
                {"x": place, "level": each.need, "end": each.delivered}
                for place, each in enumerate(bargain.attributes)
                if each.verdict and sign * each.gap > 0
            ],
            columns=["x", "level", "end"],
        )
        bar = alt.Chart(rows).mark_rule(style=style, strokeWidth=13, opacity=0.28)
        layers.append(bar.encode(x=x, y=alt.Y("level:Q", axis=None, scale=scale), y2=alt.Y2("end:Q")))
    return layers


def _ends(series: Sequence[Any], pixel: float, scale: alt.Scale) -> list[alt.Chart]:
    """The name of each line at its right end, kept from lying on one another."""
    last = [next(level for level in reversed(values) if level is not None) for *_, values in series]
    names = [wrap(name, 16) for name, *_ in series]
    lines = max(name.count("\n") + 1 for name in names)
    layers = []
    for (name, style, *_), height, words in zip(
        series, apart(last, least=(2 + 12 * lines) / pixel), names, strict=True
    ):
        mark = alt.Chart(pd.DataFrame({"level": [height], "words": [words]})).mark_text(
            style="muted" if style == "ghost" else style,
            align="left",
            baseline="middle",
            fontSize=11.5,
            lineBreak="\n",
            lineHeight=12,
            fontWeight=700 if name == "delivered" else "normal",
        )
        place = alt.XValue(from_right(RIGHT - 8))  # type: ignore[no-untyped-call]
        layers.append(mark.encode(x=place, y=alt.Y("level:Q", axis=None, scale=scale), text=alt.Text("words:N")))
    return layers


def _feet(bargain: Bargain, x: Any) -> list[alt.Chart]:
    """Under each attribute its name, its weight, its part of the price, and gap or over-delivery in words."""
    names = [wrap(_capital(each.name), 10) for each in bargain.attributes]
    places = pd.DataFrame({"x": range(len(names))})
    layers = [_text(places.assign(words=names), "ink", FLOOR + 14, x, fontWeight=600, fontSize=12)]
    down = FLOOR + 18 + ROW * (1 + max(name.count("\n") for name in names))
    rows = [("weight", [percent(each.weight) for each in bargain.attributes])]
    if any(each.paid is not None for each in bargain.attributes):
        paid = [
            "" if each.paid is None else money(each.paid, bargain.currency, brief=True) for each in bargain.attributes
        ]
        rows.append(("of the price", paid))
    for number, (head, words) in enumerate(rows):
        at = down + ROW * number
        layers.append(_text(pd.DataFrame({"words": [head]}), "muted", at, at_x(0), align="left", fontSize=11))
        layers.append(_text(places.assign(words=words), "muted", at, x, fontSize=11))
    for style, sign in (("short", 1), ("ahead", -1)):
        marks = places.assign(words=[each.mark if sign * each.gap > 0 else "" for each in bargain.attributes])
        under = down + ROW * len(rows) + 3
        layers.append(_text(marks[marks["words"] != ""], style, under, x, fontWeight=700, fontSize=11))
    return layers


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _text(rows: pd.DataFrame, style: str, y: float, x: Any, **look: Any) -> alt.Chart:
    mark = alt.Chart(rows).mark_text(style=style, baseline="top", lineBreak="\n", lineHeight=ROW, **look)
    text: alt.Chart = mark.encode(x=x, y=at_y(y), text=alt.Text("words:N"))
    return text


def _canvas_alt(bargain: Bargain) -> str:
    """The canvas for those who hear it."""
    parts = []
    for each in bargain.attributes:
        levels = [("needed", each.need), ("offered", each.offered), ("promised", each.promised)]
        levels += [("delivered", each.delivered), *((bargain.rivals[id], level) for id, level in each.rivals.items())]
        said = ", ".join(f"{name} {level:.0f}" for name, level in levels if level is not None)
        parts.append(f"{each.name} (weight {percent(each.weight)}): {said}{each.verdict and f', {each.verdict}'}")
    return (
        f"Strategy canvas for {bargain.name.lower()}. {'; '.join(parts)}. {bargain.fit} {bargain.overpromised}".strip()
    )


def value_map(bargain: Bargain) -> Drawing:
    """Perceived value against price, for us and every rival; value alone where prices of rivals are not known."""
    priced = [each for each in bargain.providers if each.price is not None and each.quality is not None]
    felt = [each for each in bargain.providers if each.dear is not None and each.quality is not None]
    if len(felt) > 1:
        return _against(bargain, felt, DEAR, lambda each: each.dear or 0.0)
    if len(priced) > 1:
        head = "Price per month" + (f" [{bargain.currency}]" if bargain.currency else "")
        return _against(bargain, priced, head, lambda each: each.price or 0.0)
    return _ranked(bargain)


def _against(bargain: Bargain, found: Sequence[Provider], head: str, price: Callable[[Provider], float]) -> Drawing:
    """Providers by what they cost and what they give for it, with a line of equal value through ours."""
    rows = _rows(bargain, found).assign(
        price=[price(each) for each in found], quality=[each.quality or 0.0 for each in found]
    )
    felt = head == DEAR
    spread = max(10.0, float(rows["price"].max() - rows["price"].min()))
    left, right = max(0.0, float(rows["price"].min()) - 0.35 * spread), float(rows["price"].max()) + 0.35 * spread
    if felt:
        left, right = 0.0, 100.0
    low = max(0.0, float(rows["quality"].min()) - 14)
    high = min(100.0, float(rows["quality"].max()) + 14)
    x_scale = alt.Scale(domain=[left, right], range=[LEFT, from_right(24)], nice=False, zero=False)
    y_scale = alt.Scale(domain=[low, high], range=[VALUE, TOP], nice=False, zero=False)
    axis = alt.Axis(title=head, grid=False, tickCount=5)
    x: Any = alt.X("price:Q", scale=x_scale, axis=axis)
    y: Any = alt.Y("quality:Q", scale=y_scale, axis=None)
    layers = [_title("What they get for it [0–100]")]
    layers += _levels(low, high, y_scale)
    if felt and 0 < bargain.price_weight < 1:
        layers += _equal_value(bargain, found, x_scale, y_scale, (low, high))
    steep = felt and bargain.price_weight > HALF
    layers += _dots(rows, x, y, left + 0.25 * (right - left), steep)
    return compose(layers, _value_alt(bargain), height=VALUE, autosize=FIT)


def _title(words: str) -> alt.Chart:
    mark = alt.Chart(pd.DataFrame({"words": [words]})).mark_text(
        style="muted", align="left", baseline="bottom", fontSize=11
    )
    titled: alt.Chart = mark.encode(x=at_x(0), y=at_y(4), text=alt.Text("words:N"))
    return titled


def _levels(low: float, high: float, scale: alt.Scale) -> list[alt.Chart]:
    rows = pd.DataFrame(
        [
            {"quality": level, "words": f"{level} {words}"}
            for level, words in SCALE_WORDS.items()
            if low <= level <= high
        ],
        columns=["quality", "words"],
    )
    y = alt.Y("quality:Q", scale=scale, axis=None)
    end = alt.X2Value(from_right(24))  # type: ignore[no-untyped-call]
    mark = alt.Chart(rows).mark_text(style="muted", align="left", baseline="middle", fontSize=11)
    return [
        alt.Chart(rows).mark_rule(style="grid").encode(x=at_x(LEFT), x2=end, y=y),
        mark.encode(x=at_x(0), y=y, text=alt.Text("words:N")),
    ]


def _equal_value(
    bargain: Bargain, found: Sequence[Provider], x_scale: alt.Scale, y_scale: alt.Scale, spread: tuple[float, float]
) -> list[alt.Chart]:
    """The line on which a bargain is worth as much as ours: dearer is made up for by more quality."""
    mine = next((each for each in found if each.id == WE), None)
    if mine is None or mine.value is None:
        return []
    weight = bargain.price_weight
    rows = []
    for step in range(201):
        dear = 0.5 * step
        quality = (mine.value - weight * (100 - dear)) / (1 - weight)
        if spread[0] <= quality <= spread[1]:
            rows.append({"price": dear, "quality": quality})
    line = pd.DataFrame(rows, columns=["price", "quality"])
    x: Any = alt.X("price:Q", scale=x_scale)
    y: Any = alt.Y("quality:Q", scale=y_scale, axis=None)
    steep = len(line) > 0 and float(line["price"].iloc[-1]) < STEEP
    side: dict[str, Any] = {"align": "left", "dx": 8} if steep else {"align": "right", "dy": -12}
    named = alt.Chart(line.tail(1).assign(words="worth as much as ours"))
    corner = alt.Chart(pd.DataFrame({"words": ["better value up here"]}))
    return [
        alt.Chart(line).mark_line(style="ghost", strokeDash=[5, 4], strokeWidth=1.6).encode(x=x, y=y),
        named.mark_text(style="muted", baseline="middle", fontSize=11, **side).encode(x=x, y=y, text="words:N"),
        corner.mark_text(style="muted", align="left", baseline="top", fontSize=11).encode(
            x=at_x(LEFT + 4), y=at_y(TOP + 4), text="words:N"
        ),
    ]


def _rows(bargain: Bargain, found: Sequence[Provider]) -> pd.DataFrame:
    """Providers, each with its words, and how it is drawn: a rival as on the canvas."""
    rows, rivals = [], list(bargain.rivals)
    for each in found:
        style, shape = "lived", "circle"
        if each.id != WE:
            style, shape, _ = THEIRS[rivals.index(each.id) % len(THEIRS)]
        value = math.nan if each.value is None else each.value
        words = f"{each.name}: value {value:.0f}"
        rows.append({"name": each.name, "value": value, "words": words, "style": style, "shape": shape})
    return pd.DataFrame(rows)


def _dots(rows: pd.DataFrame, x: Any, y: Any, left: float, steep: bool) -> list[alt.Chart]:
    """A mark for each provider, with its name and what it is worth: over it, or beside it where there is more room."""
    layers = []
    hover = [alt.Tooltip("name:N", title="Provider"), alt.Tooltip("value:Q", title="Value for money", format=".1f")]
    for row in rows.to_dict("records"):
        base = alt.Chart(pd.DataFrame([row])).encode(x=x, y=y)
        mark = base.mark_point(style=row["style"], shape=row["shape"], size=240, filled=True, opacity=1)
        layers.append(mark.encode(tooltip=hover))
        style = "muted" if row["style"] == "ghost" else row["style"]
        place: dict[str, Any] = {"align": "center", "baseline": "bottom", "dy": -12}
        if row["price"] < left:
            place = {"align": "left", "baseline": "middle", "dx": 13}
        elif steep:
            place = {"align": "right", "baseline": "middle", "dx": -13}
        place |= {"fontSize": 12.5, "fontWeight": 700}
        halo = base.mark_text(style="halo", strokeWidth=5, strokeJoin="round", opacity=0.9, **place)
        said = base.mark_text(style=style, **place)
        layers += [each.encode(text=alt.Text("words:N")) for each in (halo, said)]
    return layers


def _ranked(bargain: Bargain) -> Drawing:
    """Value for money alone, a row for each provider, the most valuable first."""
    known = sorted(
        (each for each in bargain.providers if each.value is not None), key=lambda each: -(each.value or 0.0)
    )
    if not known:
        return nothing("Nobody has lived what this segment is given yet.", VALUE)
    deep = 34
    rows = _rows(bargain, known).assign(y=[deep * place + 30 for place in range(len(known))])
    prices = [_price(each, bargain) for each in known]
    rows = rows.assign(words=[f"{name}, {price}" for name, price in zip(rows["name"], prices, strict=True)])
    low, high = max(0.0, float(rows["value"].min()) - 15), min(100.0, float(rows["value"].max()) + 15)
    scale = alt.Scale(domain=[low, high], range=[210, from_right(60)], nice=False, zero=False)
    down = alt.Scale(domain=[0, 1], range=[0, 1], nice=False)
    foot = deep * len(known) + 24
    x: Any = alt.X("value:Q", scale=scale, axis=alt.Axis(title="Value for money [0–100]", tickCount=5, grid=True))
    y: Any = alt.Y("y:Q", scale=down, axis=None)
    layers = []
    for row in rows.to_dict("records"):
        base = alt.Chart(pd.DataFrame([row | {"told": f"{row['value']:.0f}"}]))
        named = base.mark_text(style="ink", align="left", baseline="middle", fontSize=12.5)
        layers.append(named.encode(x=at_x(0), y=y, text=alt.Text("words:N")))
        mark = base.mark_point(style=row["style"], shape=row["shape"], size=220, filled=True, opacity=1)
        layers.append(mark.encode(x=x, y=y))
        said = base.mark_text(style="ink", align="left", baseline="middle", dx=13, fontSize=12.5, fontWeight=700)
        layers.append(said.encode(x=x, y=y, text=alt.Text("told:N")))
    return compose(layers, _value_alt(bargain), height=foot, autosize=FIT)


def _price(each: Provider, bargain: Bargain) -> str:
    return "price not known" if each.price is None else f"{money(each.price, bargain.currency)} a month"


def _value_alt(bargain: Bargain) -> str:
    """The value map for those who hear it."""
    parts = [
        f"{each.name} {each.value:.0f} ({_price(each, bargain)}"
        + (f", how dear it feels {each.dear:.0f}, what they get {each.quality:.0f})" if each.dear is not None else ")")
        for each in bargain.providers
        if each.value is not None
    ]
    return f"Value map for {bargain.name.lower()}: value for money {'; '.join(parts)}."


def canvas_sheet(result: Result, behind: Result | None = None) -> Sheet:
    """The strategy canvas of each segment, two beside one another, with today's `behind` it."""
    was = {} if behind is None else {one.segment: one for one in bargains(behind)}

    def draw(one: Bargain) -> Drawing:
        return canvas(one, was.get(one.segment))

    return _beside(result, "Strategy canvas", draw, lambda one: [one.fit, one.overpromised])


def value_sheet(result: Result) -> Sheet:
    """The value map of each segment, two beside one another."""
    return _beside(result, "Value map", value_map, lambda one: [one.standing, unpriced(one)])


def unpriced(bargain: Bargain) -> str:
    """Why the value map has no axis of prices; empty where it has one."""
    rivals = [each for each in bargain.providers if each.id != WE]
    if not rivals or any(each.price is not None or each.dear is not None for each in rivals):
        return ""
    return "No rival has a price in the scenario, so value stands alone."


def _beside(
    result: Result, title: str, draw: Callable[[Bargain], Drawing], told: Callable[[Bargain], list[str]]
) -> Sheet:
    """A chart for each segment under its name, with its sentences."""
    found = bargains(result)
    each = ALONE if len(found) == 1 else SIDE
    width = 2 * PAD + each * min(2, len(found)) + PAD * (len(found) > 1)
    said = equal_value(result.whole)
    drawings = [draw(bargain) for bargain in found]
    words = [f"{title} of {result.scenario.name}.", said, *(drawing.description for drawing in drawings)]
    sheet = Sheet(width, " ".join(word for word in words if word))
    y = 16.0
    heading = [Run(result.scenario.name, bold=True), Run(f"· {title}", "muted")]
    y += sheet.words(PAD, y, heading, width - 2 * PAD, 17) + 6
    y += sheet.words(PAD, y, [Run(said, bold=True)], width - 2 * PAD, 14) + 6 if said else 0
    for first in range(0, len(found), 2):
        deepest = 0.0
        for place, bargain in enumerate(found[first : first + 2]):
            x = PAD + place * (each + PAD)
            price = f"· {bargain.price}" if bargain.price else ""
            runs = [Run(bargain.name, bold=True), *([Run(price, "muted")] if price else [])]
            used = sheet.words(x, y, runs, each, 14) + 8
            used += sheet.chart(drawings[first + place], x, y + used, each, first + place) + 6
            for sentence in told(bargain):
                used += sheet.words(x, y + used, [Run(sentence)], each - 20, 12.5) + 3 if sentence else 0
            deepest = max(deepest, used)
        y += deepest + 16
    sheet.height = y
    return sheet

"""How charts are drawn: their registry, and the light and the dark look. Knows no chart.

A chart names the *style* of its marks ("lived", "short", "ghost"), never a colour; `dress` gives them one.
The palette is Okabe and Ito's (2008), which readers with any common colour blindness can tell apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import altair as alt
import pandas as pd
from altair.utils.schemapi import SchemaBase, debug_mode

if TYPE_CHECKING:
    from cxmodel.results.result import Result

Look = Literal["light", "dark"]

FONT: Final = '"Source Sans", "Source Sans 3", "Helvetica Neue", Arial, sans-serif'

WIDTH: Final = 960
"""Pixels of a chart that no page gives its width to."""

COLOURS: Final[dict[Look, dict[str, str]]] = {
    "light": {
        "ink": "#1b2333",
        "muted": "#5b6475",
        "grid": "#e4e7ed",
        "ghost": "#8c95a6",
        "lived": "#0b5fa5",
        "expected": "#1b2333",
        "short": "#c24e00",
        "ahead": "#00785a",
        "second": "#a8457d",
        "third": "#8a6d00",
        "fourth": "#5a4fb0",
        "paper": "#ffffff",
    },
    "dark": {
        "ink": "#eef1f6",
        "muted": "#a7b0c0",
        "grid": "#2c3342",
        "ghost": "#7a8496",
        "lived": "#6cb8f2",
        "expected": "#eef1f6",
        "short": "#ff9a57",
        "ahead": "#4fd0a9",
        "second": "#e79ac6",
        "third": "#e3c35a",
        "fourth": "#b4a9f5",
        "paper": "#171614",
    },
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """Layers on one ground. Altair's own layering copies and searches each layer again and again."""

    layers: Sequence[alt.Chart]
    description: str
    """The alt text."""
    properties: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """The Vega-Lite document, without a look."""
        head = {"$schema": alt.SCHEMA_URL, "width": "container", "description": self.description}
        rows = {id(layer.data): plain_rows(layer.data) for layer in self.layers}
        layers = [_layer(layer) | {"data": {"values": rows[id(layer.data)]}} for layer in self.layers]
        return {**head, **self.properties, "layer": layers}


def _layer(layer: alt.Chart) -> dict[str, Any]:
    """A layer's document but for its rows: Altair would look through each, and guess types, which takes longer."""
    bare = layer.copy(deep=False)
    bare.data = alt.Undefined
    return SchemaBase.to_dict(bare, validate=False, context={"datasets": {}})


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of a result, and the same as a table."""

    name: str
    title: str
    draw: Callable[..., Drawing]
    table: Callable[..., pd.DataFrame]

    def __call__(self, result: Result, baseline: Result | None = None, **more: Any) -> Drawing:
        """The picture; its `description` is the alt text. What else a chart may show is its own to say."""
        with debug_mode(False):  # Altair would check every part of it against its schema
            return self.draw(result, baseline, **more)


CHARTS: Final[dict[str, Chart]] = {}
"""Every chart by name."""


def chart(name: str, title: str, table: Callable[..., pd.DataFrame]) -> Callable[[Callable[..., Drawing]], Chart]:
    """Enter a function into `CHARTS`: this decorator is all that a new chart needs."""

    def enter(draw: Callable[..., Drawing]) -> Chart:
        CHARTS[name] = Chart(name, title, draw, table)
        return CHARTS[name]

    return enter


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A table as Vega-Lite takes it: what is missing is null."""
    names = [str(name) for name in frame.columns]
    columns = [[None if each != each else each for each in frame[name].tolist()] for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def at_x(pixel: float) -> alt.XValue:
    """A fixed place from the left [pixels]."""
    return alt.XValue(pixel)  # type: ignore[no-untyped-call]


def at_y(pixel: float) -> alt.YValue:
    """A fixed place from the top [pixels]."""
    return alt.YValue(pixel)  # type: ignore[no-untyped-call]


def compose(layers: Sequence[alt.Chart], description: str, **properties: Any) -> Drawing:
    """Layers as one chart, as wide as the place it is put in, with its alt text; those without a row are left out."""
    return Drawing([layer for layer in layers if len(layer.data)], description, properties)


def nothing(words: str, height: int) -> Drawing:
    """A chart of which there is nothing to draw says so."""
    mark = alt.Chart(pd.DataFrame({"words": [words]})).mark_text(style="muted", align="left", baseline="top")
    return compose([mark.encode(x=at_x(0), y=at_y(8), text=alt.Text("words:N"))], words, height=height)


def from_right(pixels: float) -> dict[str, str]:
    """A place so many pixels from the right edge, whatever the width."""
    return {"expr": f"width - {pixels:g}"}


def dress(drawing: Drawing, look: Look = "light", *, paper: bool = False, width: int | None = None) -> dict[str, Any]:
    """The Vega-Lite document of a chart in one look; on transparent ground unless `paper`.

    As wide as the place it is put in, or as `width` [pixels] where there is no such place.
    """
    colours = COLOURS[look]
    document = drawing.to_dict()
    if width is not None:
        document |= {"width": width, "autosize": {"type": "fit-x", "contains": "padding"}}
    text = {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "labelColor": colours["muted"],
        "titleColor": colours["muted"],
    }
    document["config"] = {
        "background": colours["paper"] if paper else "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "text": {"fontSize": 12, "color": colours["ink"]},
        "axis": text
        | {
            "gridColor": colours["grid"],
            "domain": False,
            "ticks": False,
            "titleFontWeight": "normal",
            "labelPadding": 6,
        },
        "title": {
            "color": colours["ink"],
            "subtitleColor": colours["muted"],
            "anchor": "start",
            "fontSize": 14,
        },
        "style": {name: {"color": colour} for name, colour in colours.items()}
        | {"halo": {"color": colours["paper"], "stroke": colours["paper"]}}
        | {
            f"{name}_dot": {"color": colours[name], "fill": colours[name], "stroke": colours["paper"], "strokeWidth": 2}
            for name in ("lived", "expected")
        },
    }
    return document


def svg(drawing: Drawing, look: Look = "light", *, width: int = WIDTH, paper: bool = True) -> str:
    """The chart as SVG text, without a browser."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(dress(drawing, look, paper=paper, width=width)))


def png(drawing: Drawing, look: Look = "light", scale: float = 2.0, *, width: int = WIDTH) -> bytes:
    """The chart as PNG bytes, without a browser."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(dress(drawing, look, paper=True, width=width), scale=scale))

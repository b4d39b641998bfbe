"""Charts as SVG inside a page: ids of their own, as wide as their place, heard by their alt text, in both looks."""

from __future__ import annotations

import re
from html import escape
from typing import Final

from cxmodel.report.charts.base import COLOURS, Drawing, svg

CLIP: Final = re.compile(r'(id="|url\(#)([A-Za-z]+)(\d+)')
HEAD: Final = re.compile(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)"[^>]*>')


def inline(drawing: Drawing, name: str, width: int) -> str:
    """The chart as an SVG element to put into HTML; the same bits whatever was drawn before it."""
    drawn = own_ids(svg(drawing, width=width, paper=False), name)
    words = escape(drawing.description, quote=True)
    body = HEAD.sub("", drawn, count=1).removesuffix("</svg>").rstrip()
    size = HEAD.search(drawn)
    assert size is not None
    view = f'viewBox="0 0 {size[1]} {size[2]}"'
    return (
        f'<svg class="chart" id="chart-{name}" role="img" aria-label="{words}" {view} '
        f'style="max-width:{size[1]}px" xmlns="http://www.w3.org/2000/svg">{body}</svg>'
    )


def own_ids(drawn: str, name: str) -> str:
    """SVG text with ids that begin with a name and count from 0, whatever was drawn before it."""
    numbers: dict[str, int] = {}

    def own(found: re.Match[str]) -> str:
        number = numbers.setdefault(found[2] + found[3], len(numbers))
        return f"{found[1]}{name}-{found[2]}{number}"

    return CLIP.sub(own, drawn)


def dark_rules() -> str:
    """The style rules that turn the light look's colours in a page's charts into the dark look's."""
    pairs = {light: COLOURS["dark"][name] for name, light in COLOURS["light"].items()}
    return "".join(
        f'svg.chart [{paint}="{light}"]{{{paint}:{dark}}}'
        for light, dark in pairs.items()
        for paint in ("fill", "stroke")
    )

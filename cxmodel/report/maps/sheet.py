"""A sheet that is laid out by hand, as SVG in either look and as PNG: words that wrap, boxes and lines. Knows no map.

Colours are named by style (`ink`, `short` …), as in charts; lengths are in pixels.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final, NamedTuple

from cxmodel.report.charts.base import COLOURS, FONT, Drawing, Look
from cxmodel.report.charts.base import svg as drawn_svg
from cxmodel.report.charts.svg import HEAD, own_ids
from cxmodel.report.text_fit import LEADING, long_of

_STYLE: Final = re.compile('="@([a-z]+)"')
_ID: Final = re.compile(r'(id="|url\(#)@(\d+-)')
BOLD: Final = 1.06
"""How much wider bold letters are."""
ASCENT: Final = 0.95
"""Where the foot of letters is below the top of their line, over their size."""


SIGNS: Final = {
    "★": ((0.5, 0.0), (0.62, 0.36), (1.0, 0.38), (0.7, 0.6), (0.81, 0.97), (0.5, 0.76), (0.19, 0.97), (0.3, 0.6),
          (0.0, 0.38), (0.38, 0.36)),
    "⚠": ((0.5, 0.05), (1.0, 0.95), (0.0, 0.95)),
    "◆": ((0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5)),
}  # fmt: skip
"""Signs that begin words and are drawn as shapes, corners within a box of 1: few fonts have them."""


class Run(NamedTuple):
    """Words in one style."""

    text: str
    style: str = "ink"
    bold: bool = False
    italic: bool = False


@dataclass
class Sheet:
    """What is drawn, from the top left; whoever draws says at the end how deep it is."""

    width: float
    description: str
    """The alt text."""
    height: float = 0.0
    _shapes: list[str] = field(default_factory=list)

    def words(self, x: float, y: float, runs: Sequence[Run], width: float, size: float, anchor: str = "start") -> float:
        """Words in a place of this width; gives how deep they are. `x` is the left end, or the middle."""
        rows = flow(runs, width, size)
        for number, row in enumerate(rows):
            foot, left = y + number * size * LEADING + size * ASCENT, x
            if row[0].text in SIGNS:
                sign, *row = row
                self._sign(sign, x, foot, 0.82 * size)
                left += size * 1.1
            spans = "".join(_span(run, first=place == 0) for place, run in enumerate(row))
            at = f'x="{left:.1f}" y="{foot:.1f}"' + ("" if anchor == "start" else f' text-anchor="{anchor}"')
            self._shapes.append(f'<text {at} font-size="{size:g}" xml:space="preserve">{spans}</text>')
        return len(rows) * size * LEADING

    def _sign(self, sign: Run, x: float, foot: float, size: float) -> None:
        """A sign as large as the letters beside it."""
        corners = " ".join(
            f"{x + size * across:.1f},{foot - size * (1 - down):.1f}" for across, down in SIGNS[sign.text]
        )
        paint = f'stroke="@{sign.style}" fill="none"' if sign.text == "⚠" else f'fill="@{sign.style}"'
        self._shapes.append(f'<polygon points="{corners}" stroke-width="1.3" stroke-linejoin="round" {paint}/>')
        if sign.text == "⚠":
            self.line([(x + size / 2, foot - 0.65 * size), (x + size / 2, foot - 0.28 * size)], sign.style, 1.3)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str = "",
        *,
        opacity: float = 1.0,
        round: float = 0.0,
        line: str = "",
        dashed: bool = False,
    ) -> None:
        """A box, filled, outlined, or both."""
        paint = f'fill="@{fill}" fill-opacity="{opacity:g}"' if fill else 'fill="none"'
        edge = f' stroke="@{line}"' if line else ""
        edge += ' stroke-dasharray="3 2"' if dashed else ""
        self._shapes.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{round:g}" {paint}{edge}/>'
        )

    def line(
        self, points: Sequence[tuple[float, float]], style: str, width: float = 1.0, *, dash: str = "", close: str = ""
    ) -> None:
        """A line through points; with `close`, the name of a style, the pale surface within it instead."""
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        if close:
            self._shapes.append(f'<path d="{path}Z" fill="@{close}" fill-opacity="0.17" stroke="none"/>')
            return
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._shapes.append(f'<path d="{path}" fill="none" stroke="@{style}" stroke-width="{width:g}"{dashes}/>')

    def dot(self, x: float, y: float, size: float, style: str) -> None:
        """A dot of this width with a rim of paper."""
        self._shapes.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size / 2:.1f}" fill="@{style}" stroke="@paper" stroke-width="2"/>'
        )

    def chart(self, drawing: Drawing, x: float, y: float, width: int, name: int) -> float:
        """A chart of Vega-Lite in its place, the `name`-th of the sheet; gives how deep it is."""
        drawn = own_ids(drawn_svg(drawing, width=width, paper=False), f"@{name}")
        head = HEAD.search(drawn)
        assert head is not None
        body = HEAD.sub("", drawn, count=1).removesuffix("</svg>").rstrip()
        for style, colour in COLOURS["light"].items():
            body = body.replace(f'="{colour}"', f'="@{style}"')
        self._shapes.append(f'<g transform="translate({x:g} {y:g})">{body}</g>')
        return float(head[2])

    def svg(self, look: Look = "light", *, paper: bool = True) -> str:
        """The sheet as SVG text that stands by itself."""
        ground = f'<rect width="100%" height="100%" fill="{COLOURS[look]["paper"]}"/>' if paper else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{self.width:.0f}" height="{self.height:.0f}" '
            f'viewBox="0 0 {self.width:.0f} {self.height:.0f}" font-family="{escape(FONT, quote=True)}">'
            f"<title>{escape(self.description)}</title>{ground}{self._painted(look, 'map')}</svg>"
        )

    def inline(self, name: str) -> str:
        """The sheet as an element of a page in the light look, whose `dark_rules` turn it into the dark one."""
        words, font = (escape(each, quote=True) for each in (self.description, FONT))
        return (
            f'<svg class="chart" id="chart-{name}" role="img" aria-label="{words}" font-family="{font}" '
            f'viewBox="0 0 {self.width:.0f} {self.height:.0f}" style="max-width:{self.width:.0f}px" '
            f'xmlns="http://www.w3.org/2000/svg">{self._painted("light", name)}</svg>'
        )

    def png(self, look: Look = "light", scale: float = 2.0) -> bytes:
        """The sheet as PNG bytes, without a browser."""
        import vl_convert

        return bytes(vl_convert.svg_to_png(self.svg(look), scale=scale))

    def _painted(self, look: Look, name: str) -> str:
        """The shapes in the colours of a look, their ids beginning with a name."""
        colours, shapes = COLOURS[look], "".join(self._shapes)
        painted = _STYLE.sub(lambda found: f'="{colours[found[1]]}"', shapes)
        return _ID.sub(lambda found: f"{found[1]}{name}-{found[2]}", painted)


def flow(runs: Sequence[Run], width: float, size: float) -> list[list[Run]]:
    """Words of several styles as the rows that they wrap to."""
    rows: list[list[Run]] = [[]]
    used = 0.0
    for run in runs:
        for word in run.text.split(" "):
            long = long_of(word, False) * size * (BOLD if run.bold else 1.0)
            gap = long_of(" ", False) * size if rows[-1] else 0.0
            if rows[-1] and used + gap + long > width:
                rows.append([])
                used = gap = 0.0
            _put(rows[-1], run, word)
            used += gap + long
    return rows if rows[0] else []


def deep(runs: Sequence[Run], width: float, size: float) -> float:
    """How deep words are in a place of this width."""
    return len(flow(runs, width, size)) * size * LEADING


def _put(row: list[Run], run: Run, word: str) -> None:
    """A word at the end of a row, in the run before it where that has the same style."""
    if row and row[-1][1:] == run[1:] and not {word, row[-1].text} & SIGNS.keys():
        row[-1] = row[-1]._replace(text=f"{row[-1].text} {word}")
    else:
        row.append(run._replace(text=word))


def _span(run: Run, *, first: bool) -> str:
    look = f'fill="@{run.style}"' + (' font-weight="700"' if run.bold else "")
    look += ' font-style="italic"' if run.italic else ""
    return f"<tspan {look}>{'' if first else ' '}{escape(run.text)}</tspan>"

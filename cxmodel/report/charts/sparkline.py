"""The journey as a sparkline for a small card: the gap by touchpoint, with words for those who hear it read."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING, Final

import numpy as np

from cxmodel.report.charts.base import COLOURS, Look
from cxmodel.report.text.journey_tables import touchpoints

if TYPE_CHECKING:
    from cxmodel.results.result import Result

WIDTH: Final = 240
HEIGHT: Final = 44
FEW: Final = 3
"""Touchpoints named in the alt text."""


def sparkline(result: Result, look: Look = "light") -> str:
    """An SVG: bars down from the line of what was expected where it falls short, up where it is ahead."""
    stops, colours = touchpoints(result), COLOURS[look]
    gaps = stops["gap"].to_numpy(dtype=float)
    short, ahead = (float(np.nanmax([0.0, *(sign * gaps)])) for sign in (1, -1))
    unit = (HEIGHT - 6) / max(short + ahead, 10.0)
    base = 3 + ahead * unit
    step = WIDTH / max(len(stops), 1)
    bars = []
    for place, (gap, tone) in enumerate(zip(gaps, stops["tone"], strict=True)):
        if not np.isfinite(gap) or tone == "muted":
            bars.append(f'<circle cx="{step * (place + 0.5):.1f}" cy="{base:.1f}" r="2" fill="{colours["muted"]}"/>')
            continue
        top, size = (base, gap * unit) if gap > 0 else (base + gap * unit, -gap * unit)
        bars.append(
            f'<rect x="{step * place + step * 0.18:.1f}" y="{top:.1f}" width="{step * 0.64:.1f}" '
            f'height="{max(size, 1.5):.1f}" rx="1.5" fill="{colours[tone]}"/>'
        )
    line = f'<line x1="0" x2="{WIDTH}" y1="{base:.1f}" y2="{base:.1f}" stroke="{colours["ink"]}" '
    words = escape(described(result))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{words}" '
        f'preserveAspectRatio="none"><title>{words}</title>{"".join(bars)}'
        f'{line}stroke-width="1.2" stroke-dasharray="4 3"/></svg>'
    )


def image(result: Result, look: Look = "light") -> str:
    """The same as an HTML image with alt text, for pages that take no SVG in their text."""
    code = b64encode(sparkline(result, look).encode()).decode()
    words = escape(described(result), quote=True)
    return (
        f'<img class="cx-spark" src="data:image/svg+xml;base64,{code}" alt="{words}" width="{WIDTH}" height="{HEIGHT}">'
    )


def described(result: Result) -> str:
    """What the sparkline shows, in words: where customers get least of what they expect.

    The gap of each touchpoint, those that fall short most first.
    """
    stops = touchpoints(result).dropna(subset=["gap"])
    worst = stops.sort_values("gap", ascending=False)[:FEW]
    named = [f"{name} {words}" for name, words in zip(worst["touchpoint"], worst["words"], strict=True)]
    return f"Gap by touchpoint: {'; '.join(named)}." if named else "No touchpoint was rated."

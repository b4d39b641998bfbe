"""The journey in two small lines, expected and experienced, for whoever is still writing it down."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING, Final

import numpy as np

from cxmodel.report.charts.base import COLOURS, Look
from cxmodel.report.charts.sparkline import described
from cxmodel.report.text.journey_tables import touchpoints

if TYPE_CHECKING:
    from cxmodel.results.result import Result

WIDTH: Final = 260
HEIGHT: Final = 96
EDGE: Final = 6


def first_look(result: Result, look: Look = "light") -> str:
    """An HTML image: what is expected along the journey as a dashed line, what is experienced as a solid one."""
    stops, colours = touchpoints(result), COLOURS[look]
    stops = stops[np.isfinite(stops["expected"].to_numpy(dtype=float))]
    words = escape(described(result), quote=True)
    expected, lived = (stops[name].to_numpy(dtype=float) for name in ("expected", "lived"))
    if len(stops):
        low, high = min(expected.min(), lived.min()) - 2, max(expected.max(), lived.max()) + 2
        across = np.linspace(EDGE, WIDTH - EDGE, len(stops)) if len(stops) > 1 else np.array([WIDTH / 2])
        down = [EDGE + (high - line) / (high - low) * (HEIGHT - 2 * EDGE) for line in (expected, lived)]
    else:
        across, down = np.array([]), [np.array([]), np.array([])]
    lines = [" ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, line, strict=True)) for line in down]
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{colours["lived"]}"/>'
        for x, y in zip(across, down[1], strict=True)
    )
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<polyline points="{lines[0]}" fill="none" stroke="{colours["ink"]}" stroke-width="1.5" '
        f'stroke-dasharray="5 4"/><polyline points="{lines[1]}" fill="none" stroke="{colours["lived"]}" '
        f'stroke-width="2.4" stroke-linejoin="round"/>{dots}</svg>'
    )
    code = b64encode(drawn.encode()).decode()
    return f'<img class="cx-firstlook" src="data:image/svg+xml;base64,{code}" alt="{words}">'

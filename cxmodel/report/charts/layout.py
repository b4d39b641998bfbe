"""What charts share that have a row for each thing: its name on the left, marks on one scale, words on the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import altair as alt

from cxmodel.report.charts.base import at_x

if TYPE_CHECKING:
    import pandas as pd

ROW: Final = 27
"""Pixels of one row."""


def down(field: str, count: int, row: float = ROW) -> Any:
    """Places from the top, in pixels."""
    end = row * count
    return alt.Y(f"{field}:Q", axis=None, scale=alt.Scale(domain=[0, end], range=[0, end], nice=False))


def names(rows: pd.DataFrame, y: Any) -> alt.Chart:
    """The names of the rows, from the left edge."""
    mark = alt.Chart(rows).mark_text(style="ink", align="left", fontSize=12)
    named: alt.Chart = mark.encode(x=at_x(0), y=y, text=alt.Text("name:N"))
    return named


def apart(heights: list[float], least: float) -> list[float]:
    """The same heights in the same order, moved until they lie `least` apart, their mean unmoved.

    >>> apart([10.0, 10.0, 50.0], least=4.0)
    [8.0, 12.0, 50.0]
    """
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    groups = [[heights[i]] for i in order]
    k = 1
    while k < len(groups):
        below, above = _spread(groups[k - 1], least)[-1], _spread(groups[k], least)[0]
        if above - below < least:
            groups[k - 1 : k + 1] = [groups[k - 1] + groups[k]]
            k = max(1, k - 1)
        else:
            k += 1
    placed = [height for group in groups for height in _spread(group, least)]
    return [placed[order.index(i)] for i in range(len(heights))]


def _spread(group: list[float], least: float) -> list[float]:
    """Heights that are too close, laid out evenly about their mean."""
    mean = sum(group) / len(group)
    return [mean + least * (k - (len(group) - 1) / 2) for k in range(len(group))]


def month_labels(ticks: Sequence[int]) -> str:
    """How the ticks of an axis of months are written (a Vega expression): the last says that they are months."""
    last = f"datum.value == {ticks[-1]} ? 'month ' + datum.value : datum.value"
    return last if ticks[-1] > 1 else "datum.value == 0 ? 'start' : 'end'"

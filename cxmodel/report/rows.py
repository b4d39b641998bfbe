"""What charts share that have a row for each thing: its name on the left, marks on one scale, words on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt

from cxmodel.report.drawing import at_x

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

"""The curve of a journey map: expected and experienced level through the touchpoints, smooth without overshooting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.interpolate import PchipInterpolator

from cxmodel.report.text.numbers import MINUS, tone

if TYPE_CHECKING:
    import pandas as pd

    from cxmodel.report.maps.cells import Tone
    from cxmodel.vocabulary import Floats

STEPS: Final = 16
"""Points of the drawn curve from one touchpoint to the next."""
AIR: Final = 4.0
"""Points of level kept free above and below the curve."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A touchpoint on the curve; `at` from the left [0-1], heights from the top [0-1]."""

    at: float
    lived: float
    top: float
    share: float
    """Of what is remembered: how large its dot is."""
    words: str
    """The gap, signed."""
    tone: Tone


@dataclass(frozen=True, slots=True)
class Curve:
    """Lines as points (x, y) within a box of width and height 1, y from the top."""

    expected: Floats
    lived: Floats
    today: Floats | None
    """What is experienced today, where that is drawn behind it."""
    marks: tuple[Mark, ...]
    spread: tuple[float, float]
    """The levels at the bottom and at the top."""

    @property
    def shade(self) -> Floats:
        """Where experience stays below expectation: out along the one line and back along the other."""
        low = np.column_stack([self.lived[:, 0], np.maximum(self.lived[:, 1], self.expected[:, 1])])
        return np.concatenate([self.expected, low[::-1]])


def curve(now: pd.DataFrame, was: pd.DataFrame | None = None) -> Curve | None:
    """The curve of touchpoints with `expected`, `lived`, `gap` and `share`; None where nothing was rated."""
    known = now[["expected", "lived"]].notna().all(axis=1).to_numpy()
    if not known.any():
        return None
    levels = now.loc[known, ["expected", "lived"]].to_numpy(dtype=float)
    if was is not None:
        levels = np.concatenate([levels, was[["lived"]].dropna().to_numpy(dtype=float).repeat(2, axis=1)])
    low, high = max(0.0, float(levels.min()) - AIR), min(100.0, float(levels.max()) + AIR)

    def down(level: Floats | float) -> Floats:
        return np.asarray((high - np.asarray(level)) / max(high - low, 1.0))

    def line(table: pd.DataFrame, name: str) -> Floats:
        rated = table[name].notna().to_numpy()
        at = (np.flatnonzero(rated) + 0.5) / len(table)
        heights = table[name].to_numpy(dtype=float)[rated]
        if len(at) == 1:
            return np.column_stack([at, down(heights)])
        fine = np.unique(np.concatenate([at, np.linspace(at[0], at[-1], STEPS * len(at))]))
        return np.column_stack([fine, down(PchipInterpolator(at, heights)(fine))]).round(4)

    marks = []
    for place, row in enumerate(now.itertuples()):
        if known[place]:
            size = round(abs(row.gap))
            words = "0" if size == 0 else f"{MINUS if row.gap > 0 else '+'}{size}"
            top = float(down(max(row.expected, row.lived)))
            marks.append(
                Mark((place + 0.5) / len(now), float(down(row.lived)), top, float(row.share), words, tone(row.gap))
            )
    behind = None if was is None or not was["lived"].notna().any() else line(was, "lived")
    return Curve(line(now, "expected"), line(now, "lived"), behind, tuple(marks), (low, high))

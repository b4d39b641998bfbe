"""The curve of a journey map: expected and experienced level through the touchpoints, smooth without overshooting."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from scipy.interpolate import PchipInterpolator

from cxmodel.report.maps.cells import Tone, tone_of
from cxmodel.report.text.numbers import MINUS

if TYPE_CHECKING:
    from cxmodel.vocabulary import Floats

STEPS: Final = 16
"""Points of the drawn curve from one touchpoint to the next."""
AIR: Final = 4.0
"""Points of level kept free above and below the curve."""


class Level(NamedTuple):
    """What is expected and experienced at a touchpoint [0-100], nan where it was not rated."""

    expected: float
    lived: float
    gap: float
    share: float
    """Of what is remembered [0-1]."""

    @property
    def rated(self) -> bool:
        """Whether anybody judged it."""
        return math.isfinite(self.expected) and math.isfinite(self.lived)


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


def curve(now: Sequence[Level], was: Sequence[Level] | None = None) -> Curve | None:
    """The curve through the touchpoints of a journey; None where nothing was rated."""
    rated = [each for each in now if each.rated]
    if not rated:
        return None
    behind = [each.lived for each in was or () if each.rated]
    levels = [*behind, *(each.expected for each in rated), *(each.lived for each in rated)]
    low, high = max(0.0, min(levels) - AIR), min(100.0, max(levels) + AIR)

    def down(level: float) -> float:
        return (high - level) / max(high - low, 1.0)

    def line(levels: Sequence[Level], height: Callable[[Level], float]) -> Floats:
        at = [(place + 0.5) / len(levels) for place, each in enumerate(levels) if each.rated]
        known = [down(height(each)) for each in levels if each.rated]
        if len(at) == 1:
            return np.array([[at[0], known[0]]])
        fine = np.unique(np.concatenate([at, np.linspace(at[0], at[-1], STEPS * len(at))]))
        return np.column_stack([fine, PchipInterpolator(at, known)(fine)]).round(4)

    marks = tuple(
        Mark(
            (place + 0.5) / len(now),
            down(each.lived),
            down(max(each.expected, each.lived)),
            each.share,
            _signed(each.gap),
            tone_of(each.gap),
        )
        for place, each in enumerate(now)
        if each.rated
    )
    lived = attrgetter("lived")
    today = line(was, lived) if was is not None and behind else None
    return Curve(line(now, attrgetter("expected")), line(now, lived), today, marks, (low, high))


def _signed(gap: float) -> str:
    """What is short, or ahead, in figures.

    >>> _signed(33.4), _signed(-2.0), _signed(0.2)
    ('−33', '+2', '0')
    """
    size = round(abs(gap))
    return "0" if size == 0 else f"{MINUS if gap > 0 else '+'}{size}"

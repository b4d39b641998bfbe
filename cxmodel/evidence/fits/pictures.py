"""What is needed to draw a fit: what was observed, and the curve through it. It draws nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cxmodel.vocabulary import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Observed points and the curve through them; `at` and `observed` have one shape, `along` and `fitted` another."""

    name: str
    """What it is of, in words."""
    at: Floats
    observed: Floats
    along: Floats
    fitted: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """A picture of curves over one pair of axes."""

    name: str
    """Its heading."""
    across: str
    """What the horizontal axis shows, with its unit."""
    up: str
    """What the vertical axis shows, with its unit."""
    curves: Sequence[Curve]


@dataclass(frozen=True, slots=True, eq=False)
class Bar:
    """A value by name with its interval."""

    name: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """A picture of values beside one another, each with its interval."""

    name: str
    """Its heading."""
    up: str
    """What is shown, with its unit."""
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True, eq=False)
class Swing:
    """How far one thing pulls satisfaction down and up: penalty below, reward above [points]."""

    name: str
    penalty: float
    reward: float


@dataclass(frozen=True, slots=True, eq=False)
class Swings:
    """A picture of penalties and rewards beside one another."""

    name: str
    """Its heading."""
    swings: Sequence[Swing]


Picture = Curves | Bars | Swings
"""Any of the kinds of picture."""

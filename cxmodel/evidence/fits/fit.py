"""A number that was fitted: its value and interval, what it rests on, and the sentence that says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

CONFIDENCE: Final = 0.90
"""Of every interval of a fit."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A number of the model, as the data have it."""

    path: tuple[str, ...]
    """Where the scenario says it; empty where it says it nowhere."""
    name: str
    """What it is, in words."""
    value: float
    low: float
    high: float
    unit: str
    """As the scenario writes it: points, share, per month, seconds, per hour …"""
    size: int
    """Answers, customers or calls that it rests on."""
    source: str
    """The file."""
    sentence: str
    """What the data say, in one sentence."""
    as_of: str = ""
    """The latest month or wave in the data."""


@dataclass(frozen=True, slots=True)
class Unfitted:
    """What the data cannot tell, and why, in words."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Fitted:
    """All that one kind of fit has found."""

    fits: Sequence[Fit] = ()
    unfitted: Sequence[Unfitted] = ()

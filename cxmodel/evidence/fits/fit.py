"""A number that was fitted: its value and interval, what it rests on, and the sentence that says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cxmodel.evidence.fits.pictures import Picture

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
class Suggestion:
    """What the data suggest where the scenario holds a word or a timetable, not a number."""

    path: tuple[str, ...]
    """Where the scenario says it; empty where it says it nowhere."""
    name: str
    """What it is, in words."""
    value: object
    """As the scenario writes it: `must_be`, `"09:00-18:00"`, `{mon-fri: "08:00-20:00"}`."""
    size: int
    """Answers or calls that it rests on."""
    source: str
    """The file."""
    sentence: str
    """What the data say, in one sentence."""


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
    suggestions: Sequence[Suggestion] = ()
    pictures: Sequence[Picture] = ()


def together(parts: Sequence[Fitted]) -> Fitted:
    """Several results as one, in their order."""
    return Fitted(
        tuple(fit for part in parts for fit in part.fits),
        tuple(gap for part in parts for gap in part.unfitted),
        tuple(suggestion for part in parts for suggestion in part.suggestions),
        tuple(picture for part in parts for picture in part.pictures),
    )

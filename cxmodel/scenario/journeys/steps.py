"""A customer journey as somebody drew it: its steps in order, before it is a scenario."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from cxmodel.errors import Problem, ScenarioError
from cxmodel.scenario.journeys.ratings import Rating

CODE: Final = "CXM123"
EXPERIENCE: Final = "Experience"
"""What is rated where a drawing only rates."""
MOST_STEPS: Final = 300
"""Steps of the longest journey that is read."""


@dataclass(slots=True)
class Step:
    """A step of a journey: what it is called, and what is said of it."""

    label: str
    phase: str = ""
    """The section or stage that it stands in, in the drawing's own words."""
    line: int = 0
    ratings: dict[str, Rating] = field(default_factory=dict)
    """By what is rated."""
    channel: str = ""
    owner: str = ""
    doing: str = ""
    thinking: str = ""
    feeling: str = ""
    beside: dict[str, str] = field(default_factory=dict)
    """What the model has no place for, such as pain points, by what it is."""


@dataclass(slots=True)
class Drawn:
    """A journey as it was drawn."""

    kind: str
    """What it was drawn as, in words."""
    file: str
    title: str = ""
    steps: list[Step] = field(default_factory=list)
    customers: list[str] = field(default_factory=list)
    """Who lives it, one for each group of customers."""
    quote: str = ""
    unread: list[str] = field(default_factory=list)
    """Columns that nothing was read of, by name."""
    remarks: list[str] = field(default_factory=list)
    """How it was read, where that is not plain."""


def refuse(file: str, message: str, expected: str, line: int = 0, code: str = CODE) -> ScenarioError:
    """The error of a drawing that cannot be read."""
    return ScenarioError([problem(file, message, expected, line, code)])


def problem(file: str, message: str, expected: str, line: int = 0, code: str = CODE, path: str = "") -> Problem:
    """One thing wrong in a drawing."""
    return Problem(code, file, line, 1 if line else 0, path, message, expected)

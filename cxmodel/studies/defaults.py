"""Which of the defaults in a scenario its answer hangs on: NPS with each turned to its low and to its high.

A tornado of few simulation runs, for somebody who has just brought in a journey and wants to know what to find out
first. As many numbers are tried as fit into a bounded amount of work, reckoned beforehand, so that the answer is the
same on every computer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cxmodel.errors import RunError, UsageError
from cxmodel.results.request import RunRequest
from cxmodel.simulation.effort import effort_of
from cxmodel.studies.sensitivity.study import sensitivity
from cxmodel.vocabulary import AS_IS

if TYPE_CHECKING:
    from cxmodel.scenario import Scenario
    from cxmodel.vocabulary import Progress

METRIC: Final = "nps"
REPLICATIONS: Final = 4
SEED: Final = 1
WORK: Final = 40.0
"""Seconds of one core that may be reckoned for the study; mostly it takes a fraction of that."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a number does to NPS [points]."""

    at_low: float | None
    at_high: float | None
    clear: bool
    """Whether it can be told from chance."""

    @property
    def size(self) -> float:
        """The larger of the two, whatever its sign."""
        return max(abs(self.at_low or 0.0), abs(self.at_high or 0.0))


@dataclass(frozen=True, slots=True)
class Weighed:
    """NPS at the end of the horizon, and what each number that was tried does to it."""

    base: float | None
    """None where it cannot be had."""
    effects: dict[str, Effect] = field(default_factory=dict)
    """By path, the strongest first."""
    why_not: str = ""
    """Why nothing, or not everything, was tried; empty where all was."""


def weigh_defaults(scenario: Scenario, paths: Sequence[str], progress: Progress | None = None) -> Weighed:
    """How far NPS moves with each of these numbers, as many of them as fit."""
    each = effort_of([RunRequest(scenario, AS_IS, None, REPLICATIONS, SEED)], 1).seconds
    fitting = list(paths)[: max(0, int((WORK / each - 1) / 2))]
    if not fitting:
        return Weighed(None, why_not="simulating this journey often enough would take long" if paths else "")
    try:
        found = sensitivity(
            scenario, metric=METRIC, over=fitting, replications=REPLICATIONS, seed=SEED, progress=progress
        )
    except (RunError, UsageError) as error:
        return Weighed(None, why_not=str(error))
    effects = {row["path"]: Effect(row["at_low"], row["at_high"], row["class"] == "matters") for row in found.rows}
    left = len(paths) - len(fitting)
    return Weighed(found.base.value, effects, f"{left} further numbers were not tried, to be quick" if left else "")

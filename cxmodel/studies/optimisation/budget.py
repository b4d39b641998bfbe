"""Sets of initiatives and what they cost, before anything is played. Knows no budget's best use."""

from __future__ import annotations

import math
from collections.abc import Sequence

from cxmodel.engine.inputs import company
from cxmodel.engine.inputs.journey_tables import Route
from cxmodel.engine.inputs.trajectories import Trajectories, changes_of
from cxmodel.scenario import Scenario
from cxmodel.studies.explanation import acting, named
from cxmodel.vocabulary import AS_IS

Set = tuple[str, ...]
"""Some of the initiatives, in the order of the scenario; none of them is as is."""


def bare(scenario: Scenario) -> Scenario:
    """The scenario without its plans, which are no part of the question: one more of them plays no run again."""
    found = scenario.model_copy(update={"plans": {}})
    found._hash = found._numbers_hash = ""  # it is another scenario than the one it is copied from
    return found


def under(scenario: Scenario, some: Set) -> tuple[Scenario, str]:
    """A scenario in which these initiatives are a plan, and what that plan is called."""
    return (acting(scenario, some), named(some)) if some else (scenario, AS_IS)


class Costs:
    """What sets of initiatives cost over the horizon, more than as is [money]; nothing is played for it."""

    def __init__(self, scenario: Scenario, future: str | None = None) -> None:
        self.scenario, self.future = scenario, future
        self.known: dict[Set, float] = {}
        self.standing = self._spent(())

    def of(self, some: Set) -> float:
        """The whole cost of a set, to a millionth."""
        if some not in self.known:
            self.known[some] = round(self._spent(some) - self.standing, 6) + 0.0
        return self.known[some]

    def rank(self, some: Set) -> tuple[float, int, Set]:
        """What comes first of sets that cannot be told apart: the cheaper, the smaller, by name."""
        return self.of(some), len(some), some

    def _spent(self, some: Set) -> float:
        scenario, plan = under(self.scenario, some)
        days = math.ceil(scenario.horizon) + 1
        trajectories = Trajectories.of(days, changes_of(scenario, plan, self.future))
        return float(company.cost(scenario, Route.of(scenario), trajectories, plan).sum())


def sets_of(names: Sequence[str]) -> list[Set]:
    """Every set of these, the smaller first.

    >>> sets_of(["a", "b"])
    [(), ('a',), ('b',), ('a', 'b')]
    """
    masks = sorted(range(2 ** len(names)), key=lambda mask: (mask.bit_count(), mask))
    return [tuple(name for place, name in enumerate(names) if mask >> place & 1) for mask in masks]

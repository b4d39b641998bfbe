"""Where the numbers of a scenario stand under a plan: their mean over the months results tell of. Plays nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cxmodel.engine.inputs import company
from cxmodel.engine.inputs.prices import Prices
from cxmodel.engine.inputs.trajectories import Trajectories, changes_of
from cxmodel.vocabulary import MONTH, Floats

if TYPE_CHECKING:
    from cxmodel.results.result import Result
    from cxmodel.scenario import Scenario


@dataclass(frozen=True)
class Standing:
    """A scenario under a plan, averaged over the last twelve months, or over the horizon where that is shorter."""

    scenario: Scenario
    plan: str
    future: str | None = None

    @classmethod
    def of(cls, result: Result) -> Standing:
        """What a result was made from."""
        return cls(result.scenario, result.plan, result.future)

    def number(self, path: str, today: float, moves: float = 0.0) -> float:
        """A number by its dotted path; `moves` is how much it rises a day by itself."""
        return self._mean(self._trajectories.smooth(path, today) + moves * self._trajectories.noons)

    def level(self, path: str, today: float, moves: float = 0.0) -> float:
        """The same of a level, which stays between 0 and 100."""
        raised = self._trajectories.smooth(path, today) + moves * self._trajectories.noons
        return self._mean(np.clip(raised, 0.0, 100.0))

    @cached_property
    def levers(self) -> dict[str, float]:
        """The five Ps, as far as culture lets their changes reach people."""
        found = company.levers(self.scenario, self._trajectories, self.scenario.parameters)
        return {name: self._mean(level) for name, level in found.items()}

    @cached_property
    def price_levels(self) -> tuple[dict[str, float], dict[str, float]]:
        """The level that prices deliver where customers need `price`: of ours by segment, and of each rival's."""
        prices = Prices.of(self.scenario, self._trajectories)
        ours = {name: self._mean(prices.level[:, s]) for s, name in enumerate(self.scenario.segments)}
        return ours, {name: self._mean(level) for name, level in prices.rivals.items()}

    @cached_property
    def _trajectories(self) -> Trajectories:
        days = int(np.ceil(self.scenario.horizon))
        return Trajectories.of(days, changes_of(self.scenario, self.plan, self.future))

    def _mean(self, values: Floats) -> float:
        last = round(min(12 * MONTH, len(values)))
        return float(values[-last:].mean())

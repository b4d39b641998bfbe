"""What came of looking for the best use of a budget: the chosen set and the front. Knows no words for people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from cxmodel.results.display import Charted
from cxmodel.results.estimates import Estimate
from cxmodel.scenario import Scenario
from cxmodel.studies.optimisation.budget import Set

if TYPE_CHECKING:
    import pandas as pd


class Lost(NamedTuple):
    """A set that could not be played, and why."""

    initiatives: Set
    why: str


@dataclass(frozen=True)
class Optimum(Charted):
    """The best use of a budget, and the front of what less money buys."""

    scenario: Scenario
    budget: float
    maximise: str
    chosen: Set
    cost: float
    """Whole cost of the chosen set over the horizon."""
    rows: tuple[dict[str, Any], ...] = field(repr=False)
    """The front, the cheapest set first and the chosen one last, a row per set and metric."""
    considered: int
    """Sets there are within the budget; of a search, sets there are at all."""
    evaluated: int
    exact: bool
    """Every set was tried; else it was a search, which proves nothing."""
    indistinguishable: tuple[Set, ...]
    """What could not be told from the best either, the cheapest first, without the chosen set."""
    notes: tuple[str, ...]
    seed: int
    fresh_seed: int
    """The seed of the replications that are reported."""
    replications: int
    future: str | None = None
    failures: tuple[Lost, ...] = ()

    @property
    def table(self) -> pd.DataFrame:
        """initiatives, cost, metric, value, low, high, level, against, verdict, unit: the front.

        `value` is the difference to as is, replication by replication, with its 95 % Student interval; `level` the
        metric's own mean.
        """
        import pandas as pd

        return pd.DataFrame(list(self.rows))

    @property
    def value(self) -> Estimate:
        """What the chosen set changes of the metric against as is, with its interval."""
        (row,) = (row for row in self.rows if (row["metric"], row["initiatives"]) == (self.maximise, list(self.chosen)))
        return Estimate(row["value"], row["low"], row["high"])

    def members(self, cost: float | None = None) -> Set:
        """The initiatives of the chosen set, or of the best of the front that costs no more than this."""
        fit = [row for row in self.rows if row["cost"] <= (self.cost if cost is None else cost)]
        return tuple(fit[-1]["initiatives"]) if fit else ()

    def plan_changes(self, name: str = "best_use", members: Iterable[str] | None = None) -> dict[str, Any]:
        """The change that puts the chosen set, or another, among the scenario's plans: for `with_changes`."""
        plans = self.scenario.written.get("plans") or {}
        return {"plans": {**plans, name: list(self.chosen if members is None else members)}}

    def document(self) -> dict[str, Any]:
        """The whole as one JSON document."""
        from importlib.metadata import version

        return {
            "scenario": {"name": self.scenario.name, "hash": self.scenario.hash},
            "question": self.scenario.question,
            "currency": self.scenario.currency,
            "future": self.future,
            "seed": self.seed,
            "fresh_seed": self.fresh_seed,
            "replications": self.replications,
            "version": version("cxmodel"),
            "budget": self.budget,
            "maximise": self.maximise,
            "chosen": list(self.chosen),
            "cost": self.cost,
            "value": self.value._asdict(),
            "front": [dict(row) for row in self.rows],
            "sets": {"considered": self.considered, "evaluated": self.evaluated},
            "exact": self.exact,
            "indistinguishable": [list(some) for some in self.indistinguishable],
            "notes": list(self.notes),
            "failures": [{"initiatives": list(lost.initiatives), "why": lost.why} for lost in self.failures],
        }

"""The verdict over the plans of a scenario: which of them is worth most after its cost, and whether any is worth doing.

Reads results that share their luck; knows no words for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cxmodel.results.paired import Change, change
from cxmodel.results.result import Result
from cxmodel.scenario import Scenario
from cxmodel.studies.comparison import Comparison, Pair
from cxmodel.studies.objective import costed, objective
from cxmodel.vocabulary import AS_IS


class Standing(NamedTuple):
    """A plan among the others."""

    plan: str
    change: Change
    """Of what it is judged by, against today."""

    @property
    def gains(self) -> bool:
        """Whether it clearly does better than today."""
        return self.change.clear and self.change.value > 0


class Verdict(NamedTuple):
    """The plans of a scenario, the one worth most first."""

    metric: str
    """What they are judged by: net_value; nps without economics; customer_equity where no plan has a cost."""
    ranked: tuple[Standing, ...]
    """Those that can be judged by it."""
    uncosted: tuple[str, ...]
    """Plans whose cost nobody has given, and which have no net value."""

    @property
    def best(self) -> str:
        """The plan that is worth most; today where none clearly does better."""
        return self.ranked[0].plan if self.ranked and self.ranked[0].gains else AS_IS

    @property
    def order(self) -> tuple[str, ...]:
        """All plans: those that can be judged, the one worth most first, then those without a cost."""
        return (*(each.plan for each in self.ranked), *self.uncosted)


def acting_plans(scenario: Scenario) -> tuple[str, ...]:
    """The plans of a scenario that change something."""
    return tuple(plan for plan in scenario.plans if scenario.initiatives_of(plan))


def verdict(results: Mapping[str, Result]) -> Verdict:
    """The verdict over results by plan, that of `as_is` among them; raises KeyError without it."""
    today = results[AS_IS]
    scenario = today.scenario
    plans = [plan for plan in results if plan != AS_IS and scenario.initiatives_of(plan)]
    metrics = {plan: objective(scenario, plan) for plan in plans}
    metric = next((name for name in ("net_value", "nps") if name in metrics.values()), "customer_equity")
    judged = [plan for plan in plans if metrics[plan] == metric]
    found = [Standing(plan, change(results[plan], today, metric)) for plan in judged]
    uncosted = tuple(plan for plan in plans if metric == "net_value" and not costed(scenario, plan))
    return Verdict(metric, tuple(sorted(found, key=lambda each: -each.change.value)), uncosted)


def among(found: Comparison) -> Verdict | None:
    """The verdict over the plans of a comparison, in the first of its worlds; None where not all are against today."""
    if any(pair.against.plan != AS_IS or pair.against.scenario != pair.run.scenario for pair in found.pairs):
        return None
    first = found.pairs[0].run.future
    pairs = [pair for pair in found.pairs if pair.run.future == first]
    return verdict({cell.plan: found.results[cell] for pair in pairs for cell in (pair.against, pair.run)})


def ranked(found: Comparison) -> list[Pair]:
    """The pairs of a comparison in the order of the verdict, in each world; as asked for where there is none."""
    told = among(found)
    order = [] if told is None else [*told.order]
    worlds = [pair.run.future for pair in found.pairs]

    def place(pair: Pair) -> tuple[int, int]:
        return worlds.index(pair.run.future), order.index(pair.run.plan) if pair.run.plan in order else len(order)

    return sorted(found.pairs, key=place)

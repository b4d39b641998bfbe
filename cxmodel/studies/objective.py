"""What a plan is judged by unless told otherwise: its net value, or the next best figure where there is none."""

from __future__ import annotations

from cxmodel.scenario import Scenario
from cxmodel.studies.optimisation.budget import Costs
from cxmodel.vocabulary import AS_IS


def objective(scenario: Scenario, plan: str = AS_IS) -> str:
    """Net value; customer equity of today and where no cost is given; NPS where there is no economics."""
    if scenario.economics is None:
        return "nps"
    return "net_value" if costed(scenario, plan) else "customer_equity"


def costed(scenario: Scenario, plan: str) -> bool:
    """Whether anything is said of what a plan costs, were it that it is free."""
    some = scenario.initiatives_of(plan)
    return any(scenario.initiatives[name].cost is not None for name in some) or bool(Costs(scenario).of(some))

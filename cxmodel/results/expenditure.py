"""What a company spends as it stands: counted where two companies are held against each other. Plays nothing."""

from cxmodel.scenario import Scenario
from cxmodel.vocabulary import LEVERS


def standing(scenario: Scenario) -> float:
    """What levers at their levels of today and touchpoints take over the horizon [money]; `cost` tells what is more."""
    levers, view = scenario.levers, scenario.levers.single_view
    daily = sum(touchpoint.spend for touchpoint in scenario.journey.values())
    daily += sum(levers.cost(name) * levers.level(name) for name in LEVERS)
    if view is not None:
        daily += view.cost * view.level
    return float(daily * scenario.horizon)

"""The market: what customers need, what they are promised and offered, and what rivals deliver, day by day.

Knows no levers and no customers. Shapes: D days, K attributes, S segments; levels in points, noon of each day.
"""

from dataclasses import dataclass

import numpy as np

from cxmodel.engine.inputs.journey_tables import Route
from cxmodel.engine.inputs.prices import Prices
from cxmodel.engine.inputs.trajectories import Trajectories
from cxmodel.model import loyalty
from cxmodel.model.assumptions import Assumptions
from cxmodel.scenario import Scenario
from cxmodel.vocabulary import PRICE, Floats


@dataclass(frozen=True, slots=True)
class Promise:
    """A brand promise over time; arrays (D,). `made_at` empty: the brand itself tells it before the journey."""

    attribute: int
    made_at: frozenset[int]
    level: Floats
    reach: Floats
    believed: Floats


def needs(scenario: Scenario, route: Route, trajectories: Trajectories) -> Floats:
    """Needs N (D, S, K), nan where a segment does not need the attribute."""
    grid = np.full((trajectories.days, len(route.segments), len(route.attributes)), np.nan)
    for s, (name, segment) in enumerate(scenario.segments.items()):
        for attribute, need in segment.needs.items():
            path = f"segments.{name}.needs.{attribute}.level"
            level = trajectories.smooth(path, need.level)
            if need.drift:
                level = np.clip(level + need.drift * trajectories.noons, 0.0, 100.0)
            grid[:, s, route.attributes.index(attribute)] = level
    return grid


def need_weights(scenario: Scenario, route: Route) -> Floats:
    """Weights of needs (S, K), 0 where a segment does not need the attribute."""
    weights = np.zeros((len(route.segments), len(route.attributes)))
    for s, segment in enumerate(scenario.segments.values()):
        for attribute, wanted in segment.needs.items():
            weights[s, route.attributes.index(attribute)] = wanted.weight
    return weights


def rivals(
    scenario: Scenario,
    route: Route,
    trajectories: Trajectories,
    need: Floats,
    weights: Floats,
    prices: Prices,
    assumptions: Assumptions,
) -> tuple[Floats, Floats]:
    """Best in class B (D, K) and the best offer C (D, S)."""
    best = np.full((trajectories.days, len(route.attributes)), np.nan)
    offers = []
    for name, rival in scenario.rivals.items():
        levels = np.full((trajectories.days, len(route.attributes)), np.nan)
        for attribute, level in rival.levels.items():
            drift = rival.moves.get(attribute, 0.0) * trajectories.noons
            moved = trajectories.smooth(f"rivals.{name}.levels.{attribute}", level) + drift
            levels[:, route.attributes.index(attribute)] = np.clip(moved, 0.0, 100.0)
        if name in prices.rivals and PRICE in route.attributes and PRICE not in rival.levels:
            levels[:, route.attributes.index(PRICE)] = prices.rivals[name]
        best = np.fmax(best, levels)
        if rival.switch:
            known = np.where(np.isnan(levels)[:, None, :], need, levels[:, None, :])
            offers.append(loyalty.offer(weights, np.nan_to_num(known)))
    if not offers:
        return best, np.full((trajectories.days, len(route.segments)), assumptions.market_standard)
    return best, np.max(offers, axis=0)


def promises(
    scenario: Scenario, route: Route, trajectories: Trajectories, assumptions: Assumptions
) -> tuple[Promise, ...]:
    """The brand promises over time."""
    return tuple(
        Promise(
            attribute=route.attributes.index(promise.attribute),
            made_at=frozenset(route.touchpoints.index(name) for name in promise.made_at),
            level=trajectories.smooth(f"brand_promises.{name}.level", promise.level),
            reach=trajectories.smooth(f"brand_promises.{name}.reach", promise.reach),
            believed=trajectories.smooth(
                f"brand_promises.{name}.believed",
                assumptions.believed if promise.believed is None else promise.believed,
            ),
        )
        for name, promise in scenario.brand_promises.items()
    )


def offers(scenario: Scenario, route: Route) -> Floats:
    """What the propositions imply to each segment (S, K); of two for one segment the first that speaks counts."""
    offers = np.full((len(route.segments), len(route.attributes)), np.nan)
    for proposition in reversed(list(scenario.value_propositions.values())):
        for segment in proposition.segments:
            for attribute, level in proposition.offers.items():
                offers[route.segments.index(segment), route.attributes.index(attribute)] = level
    return offers

"""The world that customers meet, day by day: delivered levels, promises, rivals, prices.

Compiled once per scenario and plan from the courses of its numbers; customers do not change it.
Shapes: D days, T touchpoints, A slots, K attributes, S segments. Levels in points, noon of each day.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxmodel.arrays import LEVERS, Floats
from cxmodel.assumptions import Assumptions
from cxmodel.engine.chain import Chain
from cxmodel.engine.courses import Courses, changes_of
from cxmodel.engine.route import Route
from cxmodel.model import loyalty
from cxmodel.scenario import Scenario
from cxmodel.scenario.customers import Arrivals, Bass


@dataclass(frozen=True, slots=True)
class Promise:
    """A brand promise over time; arrays (D,). `made_at` empty: the brand itself tells it before the journey."""

    attribute: int
    made_at: frozenset[int]
    level: Floats
    reach: Floats
    believed: Floats


@dataclass(frozen=True, slots=True)
class Staffing:
    """A desk's roster over time; arrays (D,), durations in days, `callers` per day of opening."""

    touchpoint: int
    agents: NDArray[np.int64]
    handling: Floats
    patience: Floats
    opens: Floats  # shares of a day
    closes: Floats
    callers: Floats


@dataclass(frozen=True)
class World:
    """Everything outside the customers' heads."""

    scenario: Scenario
    route: Route
    assumptions: Assumptions
    days: int
    pictured: Floats  # U (D, T, A), likewise designed D and delivered Q
    designed: Floats
    delivered: Floats
    failing: Floats  # (D, T) probability that a visit fails
    severity: Floats  # (D, T) points a failure costs
    effort: Floats  # (D, T)
    importance: Floats  # (D, T)
    solves: Floats  # (D, T) share of contacts solved
    policies: Floats  # (D,) lever, for recovery
    need: Floats  # N (D, S, K), nan where a segment does not need the attribute
    best: Floats  # B (D, K) best in class, nan where no rival lists the attribute
    standard: Floats  # C (D, S) best offer of a rival one can switch to
    choice_standard: Floats  # (D, S)
    promises: tuple[Promise, ...]
    staffing: tuple[Staffing, ...]
    arrivals: tuple[Floats | None, ...]  # per segment, prospects per day; None where adoption is otherwise
    bass: tuple[Floats | None, ...]  # per segment, innovation and imitation per day (2, D)
    price: Floats  # (D, S) paid at buying and at each renewal
    fee: Floats  # (D, S) paid per day while a customer
    margin: Floats  # (D,) per customer and day
    contact_cost: Floats  # (D,)
    acquisition_cost: Floats  # (D,)
    cost: float  # of initiatives and insight over the horizon, undiscounted
    offers: Floats  # (S, K) what the proposition implies, nan where it is silent
    need_weight: Floats  # (S, K) 0 where not needed
    switching_cost: Floats  # (S,)

    @property
    def rivals(self) -> bool:
        """Whether any rival sets a bar."""
        return bool(self.scenario.rivals)

    @property
    def bar(self) -> Floats:
        """max(B, N), N where no rival lists the attribute (D, S, K)."""
        return np.fmax(self.best[:, None, :], self.need)

    @classmethod
    def of(
        cls,
        scenario: Scenario,
        plan: str = "as_is",
        future: str | None = None,
        assumptions: Assumptions | None = None,
    ) -> "World":
        """The world of a scenario under a plan."""
        assumptions = assumptions or Assumptions.of(scenario.assumptions.model_dump())
        route = Route.of(scenario)
        days = int(np.ceil(scenario.horizon)) + 1
        courses = Courses.of(days, changes_of(scenario, plan, future))
        need = _needs(scenario, route, courses)
        weights = _need_weights(scenario, route)
        best, standard = _rivals(scenario, route, courses, need, weights, assumptions)
        per_touchpoint = {
            name: _by_touchpoint(scenario, route, courses, name, group, otherwise)
            for name, group, otherwise in (
                ("rate", "fails", 0.0),
                ("severity", "fails", 0.0),
                ("effort", None, 0.0),
                ("importance", None, 1.0),
                ("resolves", "staffed", 0.7),
            )
        }
        levers = {name: courses.smooth(f"levers.{name}.level", scenario.levers.level(name)) for name in LEVERS}
        chain = Chain(scenario, route, courses, levers, need, best, assumptions)
        pictured, designed, delivered = chain.levels()
        switchable = any(rival.switch for rival in scenario.rivals.values())
        return cls(
            scenario=scenario,
            route=route,
            assumptions=assumptions,
            days=days,
            pictured=pictured,
            designed=designed,
            delivered=delivered,
            failing=np.clip(chain.failing(per_touchpoint["rate"]), 0.0, 1.0),
            severity=per_touchpoint["severity"],
            effort=per_touchpoint["effort"],
            importance=per_touchpoint["importance"],
            solves=per_touchpoint["resolves"],
            policies=levers["policies"],
            need=need,
            best=best,
            standard=standard,
            choice_standard=standard if switchable else np.full_like(standard, assumptions.choice_standard),
            promises=_promises(scenario, route, courses, assumptions),
            staffing=_staffing(scenario, route, courses),
            arrivals=tuple(
                courses.smooth(f"segments.{name}.adoption.arrivals", segment.adoption.arrivals)
                if isinstance(segment.adoption, Arrivals)
                else None
                for name, segment in scenario.segments.items()
            ),
            bass=tuple(
                np.stack([courses.smooth(f"segments.{name}.adoption.{rate}", getattr(way, rate)) for rate in "pq"])
                if isinstance(way := segment.adoption, Bass)
                else None
                for name, segment in scenario.segments.items()
            ),
            **_money(scenario, route, courses, plan),
            offers=_offers(scenario, route),
            need_weight=weights,
            switching_cost=np.array([segment.switching_cost for segment in scenario.segments.values()]),
        )


def _by_touchpoint(
    scenario: Scenario, route: Route, courses: Courses, name: str, group: str | None, otherwise: float
) -> Floats:
    """One number of every touchpoint over time (D, T), `otherwise` where it is not given."""
    grid = np.full((courses.days, len(route.touchpoints)), otherwise)
    for t, touchpoint in enumerate(route.touchpoints):
        holder = scenario.journey[touchpoint]
        path = f"journey.{touchpoint}.{name}"
        if group is not None:
            holder, path = getattr(holder, group), f"journey.{touchpoint}.{group}.{name}"
        if holder is not None:
            grid[:, t] = courses.smooth(path, getattr(holder, name))
    return grid


def _needs(scenario: Scenario, route: Route, courses: Courses) -> Floats:
    grid = np.full((courses.days, len(route.segments), len(route.attributes)), np.nan)
    for s, (name, segment) in enumerate(scenario.segments.items()):
        for attribute, need in segment.needs.items():
            path = f"segments.{name}.needs.{attribute}.level"
            grid[:, s, route.attributes.index(attribute)] = courses.smooth(path, need.level)
    return grid


def _need_weights(scenario: Scenario, route: Route) -> Floats:
    weights = np.zeros((len(route.segments), len(route.attributes)))
    for s, segment in enumerate(scenario.segments.values()):
        for attribute, wanted in segment.needs.items():
            weights[s, route.attributes.index(attribute)] = wanted.weight
    return weights


def _rivals(
    scenario: Scenario, route: Route, courses: Courses, need: Floats, weights: Floats, assumptions: Assumptions
) -> tuple[Floats, Floats]:
    """Best in class B (D, K) and the best offer C (D, S)."""
    best = np.full((courses.days, len(route.attributes)), np.nan)
    offers = []
    for name, rival in scenario.rivals.items():
        levels = np.full((courses.days, len(route.attributes)), np.nan)
        for attribute, level in rival.levels.items():
            drift = rival.moves.get(attribute, 0.0) * courses.noons
            moved = courses.smooth(f"rivals.{name}.levels.{attribute}", level) + drift
            levels[:, route.attributes.index(attribute)] = np.clip(moved, 0.0, 100.0)
        best = np.fmax(best, levels)
        if rival.switch:
            known = np.where(np.isnan(levels)[:, None, :], need, levels[:, None, :])
            offers.append(loyalty.offer(weights, np.nan_to_num(known)))
    if not offers:
        return best, np.full((courses.days, len(route.segments)), assumptions.market_standard)
    return best, np.max(offers, axis=0)


def _promises(scenario: Scenario, route: Route, courses: Courses, assumptions: Assumptions) -> tuple[Promise, ...]:
    return tuple(
        Promise(
            attribute=route.attributes.index(promise.attribute),
            made_at=frozenset(route.touchpoints.index(name) for name in promise.made_at),
            level=courses.smooth(f"brand_promises.{name}.level", promise.level),
            reach=courses.smooth(f"brand_promises.{name}.reach", promise.reach),
            believed=courses.smooth(
                f"brand_promises.{name}.believed",
                assumptions.believed if promise.believed is None else promise.believed,
            ),
        )
        for name, promise in scenario.brand_promises.items()
    )


def _staffing(scenario: Scenario, route: Route, courses: Courses) -> tuple[Staffing, ...]:
    desks = []
    for t, name in enumerate(route.touchpoints):
        staffed = scenario.journey[name].staffed
        if staffed is None:
            continue
        path = f"journey.{name}.staffed"
        hours = np.stack([courses.steps(f"{path}.hours[{side}]", staffed.hours[side]) for side in (0, 1)], axis=1)
        desks.append(
            Staffing(
                touchpoint=t,
                agents=np.maximum(1, np.rint(courses.steps(f"{path}.agents", staffed.agents))).astype(np.int64),
                handling=courses.smooth(f"{path}.handling", staffed.handling),
                patience=courses.smooth(f"{path}.patience", staffed.patience),
                opens=hours[:, 0],
                closes=hours[:, 1],
                callers=courses.smooth(f"{path}.other_calls", staffed.other_calls),
            )
        )
    return tuple(desks)


def _money(scenario: Scenario, route: Route, courses: Courses, plan: str) -> dict[str, Any]:
    """Prices, margin and costs over time; of two propositions for one segment the first with a price counts."""
    shape = (courses.days, len(route.segments))
    price, fee = np.zeros(shape), np.zeros(shape)
    for name, proposition in reversed(list(scenario.value_propositions.items())):
        if proposition.price is None:
            continue
        amount = courses.smooth(f"value_propositions.{name}.price", proposition.price.amount)
        for segment in proposition.segments:
            s = route.segments.index(segment)
            price[:, s], fee[:, s] = (
                (amount, 0.0) if proposition.price.per is None else (0.0, amount / proposition.price.per)
            )
    money = scenario.economics
    rates = {
        name: courses.smooth(f"economics.{name}", getattr(money, name) if money else 0.0)
        for name in ("margin", "contact_cost", "acquisition_cost")
    }
    return {"price": price, "fee": fee, "cost": _cost(scenario, courses, plan), **rates}


def _cost(scenario: Scenario, courses: Courses, plan: str) -> float:
    """Cost of initiatives (once at the start, running to the horizon) and of insight, undiscounted."""
    horizon = scenario.horizon
    days = np.minimum(1.0, np.maximum(0.0, horizon - np.arange(courses.days)))
    spent = 0.0
    for name, source in scenario.insight_sources.items():
        spent += float((courses.smooth(f"insight_sources.{name}.cost", source.cost) * days).sum())
    for name in scenario.initiatives_of(plan):
        act = scenario.initiatives[name]
        if act.cost is not None and act.starts < horizon:
            spent += act.cost.once + act.cost.running * (horizon - act.starts)
    return spent


def _offers(scenario: Scenario, route: Route) -> Floats:
    """What the propositions imply to each segment (S, K); of two for one segment the first that speaks counts."""
    offers = np.full((len(route.segments), len(route.attributes)), np.nan)
    for proposition in reversed(list(scenario.value_propositions.values())):
        for segment in proposition.segments:
            for attribute, level in proposition.offers.items():
                offers[route.segments.index(segment), route.attributes.index(attribute)] = level
    return offers

"""The world that customers meet, day by day: what the company and the market come to, in one place.

Made once per scenario and plan from the trajectories of its numbers; customers do not change it.
Shapes: D days, T touchpoints, A slots, K attributes, S segments. Levels in points, noon of each day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxmodel.engine.inputs import company, market
from cxmodel.engine.inputs.channels import Choice, choices
from cxmodel.engine.inputs.company import Staffing
from cxmodel.engine.inputs.delivery import Delivery
from cxmodel.engine.inputs.journey_tables import Route, visits_of
from cxmodel.engine.inputs.market import Promise
from cxmodel.engine.inputs.prices import Prices
from cxmodel.engine.inputs.trajectories import Trajectories, changes_of
from cxmodel.model.assumptions import Assumptions
from cxmodel.scenario import Scenario
from cxmodel.scenario.fields.customers import Arrivals, Bass
from cxmodel.vocabulary import AS_IS, Floats


@dataclass(frozen=True)
class World:
    """Everything outside the customers' heads."""

    scenario: Scenario
    route: Route
    assumptions: Assumptions
    days: int
    trajectories: Trajectories
    delivery: Delivery
    pictured: Floats  # U (D, T, A), likewise designed D and delivered Q
    designed: Floats
    delivered: Floats
    failing: Floats  # (D, T) probability that a visit fails
    severity: Floats  # (D, T) points a failure costs
    effort: Floats  # (D, T)
    importance: Floats  # (D, T)
    visits: NDArray[np.int64]  # (D, T) how many times it is lived
    every: Floats  # (D, T) days from one visit to the next
    calls: Floats  # (2, D, T) share who call after a shortfall and after a failure
    beyond: Floats  # (D, T) weighted gap from which a visit fell short
    solves: Floats  # (D, T) share of contacts solved, exceptions among them
    exceptions: Floats  # (D, T) share of contacts that end in an exception
    exception_cost: Floats  # (D, T)
    contact_cost: Floats  # (D, T) of a contact at each touchpoint
    channels: dict[int, Choice]  # by touchpoint
    levers: dict[str, Floats]  # (D,) the five, as far as culture lets them reach
    need: Floats  # N (D, S, K), nan where a segment does not need the attribute
    best: Floats  # B (D, K) best in class, nan where no rival lists the attribute
    standard: Floats  # C (D, S) best offer of a rival one can switch to
    choice_standard: Floats  # (D, S)
    promises: tuple[Promise, ...]
    staffing: tuple[Staffing, ...]
    arrivals: tuple[Floats | None, ...]  # per segment, prospects per day; None where adoption is otherwise
    bass: tuple[Floats | None, ...]  # per segment, innovation and imitation per day (2, D)
    prices: Prices
    margin: Floats  # (D, S) per customer and day
    acquisition_cost: Floats  # (D,)
    spend: Floats  # (D, T) that each touchpoint takes per day
    cost: Floats  # (D,) of initiatives, levers, touchpoints and insight, spent each day, undiscounted
    foreseen: Floats  # W (S, K) of a newcomer: what the proposition implies, else today's best in class, else the need
    need_weight: Floats  # (S, K) 0 where not needed
    switching_cost: Floats  # (D, S)
    today: World | None  # the same before anything changes, as one day; None where this is it

    @property
    def base(self) -> World:
        """The world as it stands today."""
        return self.today or self

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
        plan: str = AS_IS,
        future: str | None = None,
        assumptions: Assumptions | None = None,
        today: World | None = None,
    ) -> World:
        """The world of a scenario under a plan; `today` may be handed over where it is known."""
        if today is None:
            today = cls.of_today(scenario, assumptions)
        trajectories = Trajectories.of(int(np.ceil(scenario.horizon)) + 1, changes_of(scenario, plan, future))
        ahead = Trajectories.of(trajectories.days + _ahead(scenario), changes_of(scenario, plan, future))
        return cls._of(scenario, plan, today.assumptions, trajectories, ahead, today)

    @classmethod
    def of_today(cls, scenario: Scenario, assumptions: Assumptions | None = None) -> World:
        """The world as it stands before anything changes, as a single day."""
        ahead = Trajectories.today(_ahead(scenario))
        return cls._of(scenario, AS_IS, assumptions or scenario.parameters, Trajectories.today(), ahead, None)

    @classmethod
    def _of(
        cls,
        scenario: Scenario,
        plan: str,
        assumptions: Assumptions,
        trajectories: Trajectories,
        ahead: Trajectories,
        today: World | None,
    ) -> World:
        days = trajectories.days
        visits = {
            name: np.rint(trajectories.steps(f"journey.{name}.visits", visits_of(place))).astype(np.int64)
            for name, place in scenario.journey.items()
        }
        route = Route.of(scenario, {name: int(counts.max()) for name, counts in visits.items()})
        far_need = market.needs(scenario, route, ahead)
        need = far_need[:days]
        prices = Prices.of(scenario, trajectories)
        weights = market.need_weights(scenario, route)
        best, standard = market.rivals(scenario, route, trajectories, need, weights, prices, assumptions)

        def given(name: str, group: str | None, otherwise: float) -> Floats:
            return company.by_touchpoint(scenario, route, trajectories, name, group, otherwise)

        levers = company.levers(scenario, trajectories, assumptions)
        base = None if today is None else today.delivery
        delivery = Delivery(scenario, route, trajectories, levers, far_need, best, assumptions, base)
        pictured, designed, delivered = delivery.levels()
        exceptions = given("exceptions", "staffed", 0.0)
        money = scenario.economics
        rates = {
            name: trajectories.smooth(f"economics.{name}", getattr(money, name) if money else 0.0)
            for name in ("margin", "contact_cost", "acquisition_cost")
        }
        switchable = any(rival.switch for rival in scenario.rivals.values())
        return cls(
            scenario=scenario,
            route=route,
            assumptions=assumptions,
            days=days,
            trajectories=trajectories,
            delivery=delivery,
            pictured=pictured,
            designed=designed,
            delivered=delivered,
            failing=np.clip(delivery.failing(given("rate", "fails", 0.0)), 0.0, 1.0),
            severity=given("severity", "fails", 0.0),
            effort=given("effort", None, 0.0),
            importance=given("importance", None, 1.0),
            visits=np.stack([visits[t] for t in route.touchpoints], axis=1),
            every=given("every", None, 1.0),
            calls=np.stack(
                [
                    given("calls", "shortfall", assumptions.calls_after_shortfall),
                    given("calls", "fails", assumptions.calls_after_failure),
                ]
            ),
            beyond=given("beyond", "shortfall", assumptions.shortfall_beyond),
            solves=exceptions + (1 - exceptions) * given("resolves", "staffed", 0.7),
            exceptions=exceptions,
            exception_cost=given("exception_cost", "staffed", 0.0),
            contact_cost=company.contact_cost(scenario, route, trajectories, rates["contact_cost"]),
            channels=choices(scenario, route, trajectories),
            levers=levers,
            need=need,
            best=best,
            standard=standard,
            choice_standard=standard if switchable else np.full_like(standard, assumptions.choice_standard),
            promises=market.promises(scenario, route, trajectories, assumptions),
            staffing=company.staffing(scenario, route, trajectories),
            arrivals=tuple(
                trajectories.smooth(f"segments.{name}.adoption.arrivals", segment.adoption.arrivals)
                if isinstance(segment.adoption, Arrivals)
                else None
                for name, segment in scenario.segments.items()
            ),
            bass=tuple(
                np.stack([trajectories.smooth(f"segments.{name}.adoption.{rate}", getattr(way, rate)) for rate in "pq"])
                if isinstance(way := segment.adoption, Bass)
                else None
                for name, segment in scenario.segments.items()
            ),
            prices=prices,
            margin=rates["margin"][:, None] + prices.extra,
            acquisition_cost=rates["acquisition_cost"],
            spend=company.spend(scenario, route, trajectories),
            cost=company.cost(scenario, route, trajectories, plan),
            foreseen=_foreseen(market.offers(scenario, route), best, need) if today is None else today.foreseen,
            need_weight=weights,
            switching_cost=np.stack(
                [
                    trajectories.smooth(f"segments.{name}.switching_cost", segment.switching_cost)
                    for name, segment in scenario.segments.items()
                ],
                axis=1,
            ),
            today=today,
        )


def _ahead(scenario: Scenario) -> int:
    """Days that the insight sources see ahead at most."""
    return max((int(source.ahead) for source in scenario.insight_sources.values()), default=0)


def _foreseen(offers: Floats, best: Floats, need: Floats) -> Floats:
    """What a newcomer foresees (S, K) where the propositions imply `offers` (S, K): today's best or need else."""
    otherwise = np.where(np.isnan(best[0]), need[0], best[0])
    return np.nan_to_num(np.where(np.isnan(offers), otherwise, offers))

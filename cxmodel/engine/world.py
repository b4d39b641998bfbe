"""The world that customers meet, day by day: what the company and the market come to, in one place.

Compiled once per scenario and plan from the courses of its numbers; customers do not change it.
Shapes: D days, T touchpoints, A slots, K attributes, S segments. Levels in points, noon of each day.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxmodel.arrays import Floats
from cxmodel.assumptions import Assumptions
from cxmodel.engine import company, market
from cxmodel.engine.chain import Chain
from cxmodel.engine.channels import Choice, choices
from cxmodel.engine.company import Staffing
from cxmodel.engine.courses import Courses, changes_of
from cxmodel.engine.market import Promise
from cxmodel.engine.prices import Prices
from cxmodel.engine.route import Route, visits_of
from cxmodel.scenario import Scenario
from cxmodel.scenario.customers import Arrivals, Bass


@dataclass(frozen=True)
class World:
    """Everything outside the customers' heads."""

    scenario: Scenario
    route: Route
    assumptions: Assumptions
    days: int
    courses: Courses
    chain: Chain
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
    offers: Floats  # (S, K) what the proposition implies, nan where it is silent
    need_weight: Floats  # (S, K) 0 where not needed
    switching_cost: Floats  # (D, S)

    @property
    def rivals(self) -> bool:
        """Whether any rival sets a bar."""
        return bool(self.scenario.rivals)

    @property
    def bar(self) -> Floats:
        """max(B, N), N where no rival lists the attribute (D, S, K)."""
        return np.fmax(self.best[:, None, :], self.need)

    def bare(self, segment: int, touchpoint: int) -> Floats:
        """Levels (A,) that a touchpoint delivers to a segment today, whatever the channel."""
        levels: Floats = self.delivered[0, touchpoint].copy()
        if (slot := self.route.priced[touchpoint]) >= 0:
            levels[slot] = np.nan_to_num(self.prices.level[0, segment])
        return levels

    def standing(self, segment: int, touchpoint: int) -> tuple[Floats, float]:
        """Levels (A,) that a touchpoint delivers to a segment today, and its effort, in the mean over channels."""
        levels, effort = self.bare(segment, touchpoint), float(self.effort[0, touchpoint])
        if touchpoint in self.channels:
            offset, fallen = self.channels[touchpoint].usual()
            levels, effort = levels + offset, effort + fallen * self.assumptions.fallback_effort
        return levels, effort

    @classmethod
    def of(
        cls,
        scenario: Scenario,
        plan: str = "as_is",
        future: str | None = None,
        assumptions: Assumptions | None = None,
    ) -> "World":
        """The world of a scenario under a plan."""
        assumptions = assumptions or scenario.parameters
        days = int(np.ceil(scenario.horizon)) + 1
        changes = changes_of(scenario, plan, future)
        courses = Courses.of(days, changes)
        visits = {
            name: np.rint(courses.steps(f"journey.{name}.visits", visits_of(place))).astype(np.int64)
            for name, place in scenario.journey.items()
        }
        route = Route.of(scenario, {name: int(counts.max()) for name, counts in visits.items()})
        ahead = max((int(source.ahead) for source in scenario.insight_sources.values()), default=0)
        far_need = market.needs(scenario, route, Courses.of(days + ahead, changes))
        need = far_need[:days]
        prices = Prices.of(scenario, courses)
        weights = market.need_weights(scenario, route)
        best, standard = market.rivals(scenario, route, courses, need, weights, prices, assumptions)

        def given(name: str, group: str | None, otherwise: float) -> Floats:
            return company.by_touchpoint(scenario, route, courses, name, group, otherwise)

        levers = company.levers(scenario, courses, assumptions)
        chain = Chain(scenario, route, courses, levers, far_need, best, assumptions)
        pictured, designed, delivered = chain.levels()
        exceptions = given("exceptions", "staffed", 0.0)
        spend = np.stack(
            [courses.steps(f"journey.{t}.spend", scenario.journey[t].spend) for t in route.touchpoints], axis=1
        )
        money = scenario.economics
        rates = {
            name: courses.smooth(f"economics.{name}", getattr(money, name) if money else 0.0)
            for name in ("margin", "contact_cost", "acquisition_cost")
        }
        switchable = any(rival.switch for rival in scenario.rivals.values())
        return cls(
            scenario=scenario,
            route=route,
            assumptions=assumptions,
            days=days,
            courses=courses,
            chain=chain,
            pictured=pictured,
            designed=designed,
            delivered=delivered,
            failing=np.clip(chain.failing(given("rate", "fails", 0.0)), 0.0, 1.0),
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
            contact_cost=company.contact_cost(scenario, route, courses, rates["contact_cost"]),
            channels=choices(scenario, route, courses),
            levers=levers,
            need=need,
            best=best,
            standard=standard,
            choice_standard=standard if switchable else np.full_like(standard, assumptions.choice_standard),
            promises=market.promises(scenario, route, courses, assumptions),
            staffing=company.staffing(scenario, route, courses),
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
            prices=prices,
            margin=rates["margin"][:, None] + prices.extra,
            acquisition_cost=rates["acquisition_cost"],
            spend=spend,
            cost=company.cost(scenario, courses, plan)
            + ((spend - spend[0]).T * company.lasting(scenario, days)).sum(0),
            offers=market.offers(scenario, route),
            need_weight=weights,
            switching_cost=np.stack(
                [
                    courses.smooth(f"segments.{name}.switching_cost", segment.switching_cost)
                    for name, segment in scenario.segments.items()
                ],
                axis=1,
            ),
        )

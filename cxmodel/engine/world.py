"""The world that customers meet, day by day: delivered levels, promises, rivals, prices.

Compiled once per scenario and plan from the courses of its numbers; customers do not change it.
Shapes: D days, T touchpoints, A slots, K attributes, S segments. Levels in points, noon of each day.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxmodel.arrays import LEVERS, Floats
from cxmodel.assumptions import Assumptions
from cxmodel.engine.chain import Chain
from cxmodel.engine.channels import Choice, choices
from cxmodel.engine.courses import Courses, changes_of
from cxmodel.engine.prices import ATTRIBUTE, Prices
from cxmodel.engine.route import Route, visits_of
from cxmodel.model import delivery, loyalty
from cxmodel.model.closed_loop import answering
from cxmodel.scenario import Scenario
from cxmodel.scenario.customers import Arrivals, Bass

LOOP = (
    "every",
    "questions",
    "response",
    "actions",
    "deadline",
    "lift",
    "share_words",
    "tell_customers",
    "tell_team",
)
"""Settings of the closed loop, in the order of the columns of `World.loop`."""


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
    visits: NDArray[np.int64]  # (D, T) how many times it is lived
    every: Floats  # (D, T) days from one visit to the next
    calls: Floats  # (2, D, T) share who call after a shortfall and after a failure
    beyond: Floats  # (D, T) weighted gap from which a visit fell short
    solves: Floats  # (D, T) share of contacts solved, exceptions among them
    exceptions: Floats  # (D, T) share of contacts that end in an exception
    exception_cost: Floats  # (D, T)
    contact_cost: Floats  # (D, T) of a contact at each touchpoint
    wear: Floats  # (D, T, A) points, and (D, T) chances of failing, for each unit of -ln(people lever kept)
    wear_failing: Floats
    wear_above: Floats  # (D, T, A) levels above the need, of which a worn lever leaves kept^share
    channels: dict[int, Choice]  # by touchpoint
    levers: dict[str, Floats]  # (D,) the five, as far as culture lets them reach
    loop: Floats | None  # (D, 9) settings of the closed loop, in the order of `LOOP`
    room: Floats  # (D, T, A) how far a lift may take a level: to the need, 0 where there is none
    response: Floats  # (D, S) share who answer the company's survey
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
    switching_cost: Floats  # (S,)

    @property
    def rivals(self) -> bool:
        """Whether any rival sets a bar."""
        return bool(self.scenario.rivals)

    @property
    def bar(self) -> Floats:
        """max(B, N), N where no rival lists the attribute (D, S, K)."""
        return np.fmax(self.best[:, None, :], self.need)

    def standing(self, segment: int, touchpoint: int) -> tuple[Floats, float]:
        """Levels (A,) that a touchpoint delivers to a segment today, and its effort, in the mean over channels."""
        levels, effort = self.delivered[0, touchpoint].copy(), float(self.effort[0, touchpoint])
        if (slot := self.route.priced[touchpoint]) >= 0:
            levels[slot] = np.nan_to_num(self.prices.level[0, segment])
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
        assumptions = assumptions or Assumptions.of(scenario.assumptions.model_dump())
        days = int(np.ceil(scenario.horizon)) + 1
        changes = changes_of(scenario, plan, future)
        courses = Courses.of(days, changes)
        visits = {
            name: np.rint(courses.steps(f"journey.{name}.visits", visits_of(place))).astype(np.int64)
            for name, place in scenario.journey.items()
        }
        route = Route.of(scenario, {name: int(counts.max()) for name, counts in visits.items()})
        ahead = max((int(source.ahead) for source in scenario.insight_sources.values()), default=0)
        far_need = _needs(scenario, route, Courses.of(days + ahead, changes))
        need = far_need[:days]
        prices = Prices.of(scenario, courses)
        weights = _need_weights(scenario, route)
        best, standard = _rivals(scenario, route, courses, need, weights, prices, assumptions)

        def given(name: str, group: str | None, otherwise: float) -> Floats:
            return _by_touchpoint(scenario, route, courses, name, group, otherwise)

        levers = _levers(scenario, courses, assumptions)
        chain = Chain(scenario, route, courses, levers, far_need, best, assumptions)
        pictured, designed, delivered = chain.levels()
        wear, wear_failing, wear_above = chain.wearing()
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
            contact_cost=_contact_cost(scenario, route, courses, rates["contact_cost"]),
            wear=wear,
            wear_failing=wear_failing,
            wear_above=wear_above,
            channels=choices(scenario, route, courses),
            levers=levers,
            loop=_loop(scenario, courses, assumptions),
            room=_room(route, chain, delivered),
            response=_response(scenario, courses, assumptions),
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
            prices=prices,
            margin=rates["margin"][:, None] + prices.extra,
            acquisition_cost=rates["acquisition_cost"],
            spend=spend,
            cost=_cost(scenario, courses, plan) + ((spend - spend[0]).T * _lasting(scenario, days)).sum(0),
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
        if holder is not None and getattr(holder, name) is not None:
            grid[:, t] = courses.smooth(path, getattr(holder, name))
        elif holder is not None:
            grid[:, t] = courses.smooth(path, otherwise)
    return grid


def _contact_cost(scenario: Scenario, route: Route, courses: Courses, usual: Floats) -> Floats:
    """Cost of a contact at each touchpoint (D, T)."""
    grid = np.repeat(usual[:, None], len(route.touchpoints), axis=1)
    for t, name in enumerate(route.touchpoints):
        path, own = f"journey.{name}.contact_cost", scenario.journey[name].contact_cost
        if own is not None or courses.moved(path):
            grid[:, t] = courses.smooth(path, usual[0] if own is None else own)
    return grid


def _levers(scenario: Scenario, courses: Courses, assumptions: Assumptions) -> dict[str, Floats]:
    """The five levers (D,), as far as culture lets them reach."""
    levers = {name: courses.smooth(f"levers.{name}.level", scenario.levers.level(name)) for name in LEVERS}
    culture = scenario.levers.culture
    if culture is None:
        return levers
    level = courses.smooth("levers.culture.level", culture.level)
    steepness = assumptions.culture_steepness
    return {
        name: delivery.reaching(lever, lever[0], level, culture.threshold, steepness)
        if courses.moved(f"levers.{name}.level")
        else lever
        for name, lever in levers.items()
    }


def _loop(scenario: Scenario, courses: Courses, assumptions: Assumptions) -> Floats | None:
    """The settings of the closed loop over time (D, 9); None without one."""
    loop = scenario.closed_loop
    if loop is None:
        return None
    columns = []
    for name in LOOP:
        value, path = getattr(loop, name), f"closed_loop.{name}"
        follow = courses.smooth if name in ("response", "lift", "deadline") else courses.steps
        columns.append(follow(path, assumptions.loop_lift if value is None else value))
    return np.stack(columns, axis=1)


def _room(route: Route, chain: Chain, delivered: Floats) -> Floats:
    """How far a lift may take a level (D, T, A): to the mean need, and a price nowhere."""
    room = np.zeros_like(delivered)
    for t, columns in enumerate(route.touched):
        for a, column in enumerate(columns):
            if a != route.priced[t]:
                need = np.nan_to_num(chain.mean_need(route.attributes[column]))
                room[:, t, a] = np.maximum(0.0, need - delivered[:, t, a])
    return room


def _response(scenario: Scenario, courses: Courses, assumptions: Assumptions) -> Floats:
    """Share who answer the company's survey (D, S)."""
    survey = scenario.survey
    usual = assumptions.survey_response if survey.response is None else survey.response
    everyone = courses.smooth("survey.response", usual)
    questions = courses.steps("survey.questions", survey.questions)
    shares = []
    for name, segment in scenario.segments.items():
        path, own = f"segments.{name}.response_rate", segment.response_rate
        known = own is not None or courses.moved(path)
        shares.append(courses.smooth(path, usual if own is None else own) if known else everyone)
    return answering(np.stack(shares, axis=1), questions[:, None], assumptions.survey_length)


def _needs(scenario: Scenario, route: Route, courses: Courses) -> Floats:
    grid = np.full((courses.days, len(route.segments), len(route.attributes)), np.nan)
    for s, (name, segment) in enumerate(scenario.segments.items()):
        for attribute, need in segment.needs.items():
            path = f"segments.{name}.needs.{attribute}.level"
            level = courses.smooth(path, need.level)
            if need.drift:
                level = np.clip(level + need.drift * courses.noons, 0.0, 100.0)
            grid[:, s, route.attributes.index(attribute)] = level
    return grid


def _need_weights(scenario: Scenario, route: Route) -> Floats:
    weights = np.zeros((len(route.segments), len(route.attributes)))
    for s, segment in enumerate(scenario.segments.values()):
        for attribute, wanted in segment.needs.items():
            weights[s, route.attributes.index(attribute)] = wanted.weight
    return weights


def _rivals(
    scenario: Scenario,
    route: Route,
    courses: Courses,
    need: Floats,
    weights: Floats,
    prices: Prices,
    assumptions: Assumptions,
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
        if name in prices.rivals and ATTRIBUTE in route.attributes and ATTRIBUTE not in rival.levels:
            levels[:, route.attributes.index(ATTRIBUTE)] = prices.rivals[name]
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


def _lasting(scenario: Scenario, days: int) -> Floats:
    """How much of each day lies within the horizon (D,)."""
    return np.asarray(np.clip(scenario.horizon - np.arange(days), 0.0, 1.0))


def _cost(scenario: Scenario, courses: Courses, plan: str) -> Floats:
    """Spent each day (D,), undiscounted: initiatives, insight, and levers beyond what they take today."""
    horizon, days = scenario.horizon, _lasting(scenario, courses.days)
    spent = np.zeros(courses.days)
    for name, source in scenario.insight_sources.items():
        spent += courses.smooth(f"insight_sources.{name}.cost", source.cost) * days
    for name in LEVERS:
        more = courses.steps(f"levers.{name}.level", scenario.levers.level(name)) - scenario.levers.level(name)
        spent += scenario.levers.cost(name) * more * days
    view = scenario.levers.single_view
    if view is not None:
        spent += view.cost * (courses.steps("levers.single_view.level", view.level) - view.level) * days
    for name in scenario.initiatives_of(plan):
        act = scenario.initiatives[name]
        if act.cost is not None and act.starts < horizon:
            begins = np.arange(courses.days)
            running = np.maximum(0.0, np.minimum(begins + 1, horizon) - np.maximum(begins, act.starts))
            spent[int(act.starts)] += act.cost.once
            spent += act.cost.running * running
    return spent


def _offers(scenario: Scenario, route: Route) -> Floats:
    """What the propositions imply to each segment (S, K); of two for one segment the first that speaks counts."""
    offers = np.full((len(route.segments), len(route.attributes)), np.nan)
    for proposition in reversed(list(scenario.value_propositions.values())):
        for segment in proposition.segments:
            for attribute, level in proposition.offers.items():
                offers[route.segments.index(segment), route.attributes.index(attribute)] = level
    return offers

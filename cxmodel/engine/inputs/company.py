"""The company: its levers, its desks and what it spends, day by day.

Knows no customers. Shapes: D days, T touchpoints; durations in days, noon of each day.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxmodel.engine.inputs.journey_tables import Route
from cxmodel.engine.inputs.trajectories import Trajectories, week
from cxmodel.model import delivery
from cxmodel.model.assumptions import Assumptions
from cxmodel.scenario import Scenario
from cxmodel.vocabulary import LEVERS, Floats


@dataclass(frozen=True, slots=True)
class Staffing:
    """A desk's roster over time; arrays (D,), durations in days, `callers` per day of opening.

    What is open over midnight is two openings to the calendar: the day ends open, and the next begins so.
    """

    touchpoint: int
    agents: NDArray[np.int64]
    handling: Floats
    patience: Floats
    until: Floats  # shares of a day: until when the opening of the day before lasts, 0 where it closed then
    opens: Floats  # both 1 on a day that is closed
    closes: Floats
    callers: Floats
    week: Floats  # (7, 3) until, opens and closes of each day from Monday on, as things stand today

    @property
    def open(self) -> Floats:
        """The share of each day that it is open."""
        return self.closes - self.opens + self.until

    @property
    def weekly(self) -> bool:
        """Whether the days of a week differ today."""
        return bool((self.week != self.week[0]).any())

    @property
    def open_today(self) -> float:
        """The share of a day that it is open today, in the mean of a week."""
        shares = self.week[:, 2] - self.week[:, 1] + self.week[:, 0]
        return float(shares.mean() if self.weekly else shares[0])


def levers(scenario: Scenario, trajectories: Trajectories, assumptions: Assumptions) -> dict[str, Floats]:
    """The five levers (D,), as far as culture lets them reach."""
    today = {name: scenario.levers.level(name) for name in LEVERS}
    levers = {name: trajectories.smooth(f"levers.{name}.level", level) for name, level in today.items()}
    culture = scenario.levers.culture
    if culture is None:
        return levers
    level = trajectories.smooth("levers.culture.level", culture.level)
    steepness = assumptions.culture_steepness
    return {
        name: delivery.reaching(lever, today[name], level, culture.threshold, steepness)
        if trajectories.moved(f"levers.{name}.level")
        else lever
        for name, lever in levers.items()
    }


def by_touchpoint(
    scenario: Scenario, route: Route, trajectories: Trajectories, name: str, group: str | None, otherwise: float
) -> Floats:
    """One number of every touchpoint over time (D, T), `otherwise` where it is not given."""
    grid = np.full((trajectories.days, len(route.touchpoints)), otherwise)
    for t, touchpoint in enumerate(route.touchpoints):
        holder = scenario.journey[touchpoint]
        path = f"journey.{touchpoint}.{name}"
        if group is not None:
            holder, path = getattr(holder, group), f"journey.{touchpoint}.{group}.{name}"
        if holder is not None:
            own = getattr(holder, name)
            grid[:, t] = trajectories.smooth(path, otherwise if own is None else own)
    return grid


def staffing(scenario: Scenario, route: Route, trajectories: Trajectories) -> tuple[Staffing, ...]:
    desks = []
    for t, name in enumerate(route.touchpoints):
        staffed = scenario.journey[name].staffed
        if staffed is None:
            continue
        path = f"journey.{name}.staffed"
        today = week(staffed.hours)
        until, opens, closes = _calendar(_by_day(trajectories, f"{path}.hours", today), today)
        desks.append(
            Staffing(
                touchpoint=t,
                agents=np.maximum(1, np.rint(trajectories.steps(f"{path}.agents", staffed.agents))).astype(np.int64),
                handling=trajectories.smooth(f"{path}.handling", staffed.handling),
                patience=trajectories.smooth(f"{path}.patience", staffed.patience),
                until=until,
                opens=opens,
                closes=closes,
                callers=trajectories.smooth(f"{path}.other_calls", staffed.other_calls),
                week=np.stack(_calendar(today, today), axis=1),
            )
        )
    return tuple(desks)


def _by_day(trajectories: Trajectories, path: str, today: Floats) -> Floats:
    """When each day opens and closes (D, 2), by the weekday that it is; `today` (7, 2)."""
    days = np.arange(trajectories.days)
    table = np.empty((7, 2, trajectories.days))
    for (day, side), value in np.ndenumerate(today):
        table[day, side] = trajectories.steps(f"{path}[{day}][{side}]", float(value))
    return np.asarray(table[days % 7, :, days])


def _calendar(hours: Floats, today: Floats) -> tuple[Floats, Floats, Floats]:
    """Until when the opening of the day before lasts, when each day opens, and closes by midnight, from hours (D, 2).

    Before the first day everything was as it is today, (7, 2).
    """
    opens, closes = hours.T
    until = np.maximum(np.concatenate([today[-1:, 1], closes[:-1]]) - 1, 0.0)
    together = np.where(until > opens, np.maximum(closes, until), closes)
    return np.minimum(until, opens), opens, np.minimum(together, 1.0)


def contact_cost(scenario: Scenario, route: Route, trajectories: Trajectories, usual: Floats) -> Floats:
    """Cost of a contact at each touchpoint (D, T); `usual` is that of the economics."""
    today = scenario.economics.contact_cost if scenario.economics else 0.0
    grid = np.empty((trajectories.days, len(route.touchpoints)))
    for t, name in enumerate(route.touchpoints):
        own = scenario.journey[name].contact_cost
        grid[:, t] = trajectories.unless(usual, f"journey.{name}.contact_cost", own, today)
    return grid


def lasting(scenario: Scenario, days: int) -> Floats:
    """How much of each day lies within the horizon (D,)."""
    return np.asarray(np.clip(scenario.horizon - np.arange(days), 0.0, 1.0))


def spend(scenario: Scenario, route: Route, trajectories: Trajectories) -> Floats:
    """Money that each touchpoint takes per day (D, T)."""
    journey = scenario.journey
    return np.stack([trajectories.steps(f"journey.{t}.spend", journey[t].spend) for t in route.touchpoints], axis=1)


def cost(scenario: Scenario, route: Route, trajectories: Trajectories, plan: str) -> Floats:
    """Spent each day (D,), undiscounted: initiatives, insight, and what levers and touchpoints take beyond today."""
    horizon, days = scenario.horizon, lasting(scenario, trajectories.days)
    spent = np.zeros(trajectories.days)
    for name, source in scenario.insight_sources.items():
        spent += trajectories.smooth(f"insight_sources.{name}.cost", source.cost) * days
    for name in LEVERS:
        more = trajectories.steps(f"levers.{name}.level", scenario.levers.level(name)) - scenario.levers.level(name)
        spent += scenario.levers.cost(name) * more * days
    view = scenario.levers.single_view
    if view is not None:
        spent += view.cost * (trajectories.steps("levers.single_view.level", view.level) - view.level) * days
    today = np.array([scenario.journey[name].spend for name in route.touchpoints])
    spent += (spend(scenario, route, trajectories) - today).sum(1) * days
    for name in scenario.initiatives_of(plan):
        act = scenario.initiatives[name]
        if act.cost is not None and act.starts < horizon:
            begins = np.arange(trajectories.days)
            running = np.maximum(0.0, np.minimum(begins + 1, horizon) - np.maximum(begins, act.starts))
            spent[int(act.starts)] += act.cost.once
            spent += act.cost.running * running
    return spent

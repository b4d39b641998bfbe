"""A run: the clock of one pool of replications, and what it leaves behind.

SimPy keeps the time. Two processes live on its clock: the journeys, period by period, and the month's end.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from cxmodel.arrays import MONTH
from cxmodel.engine.desks import Crowded, Line
from cxmodel.engine.journeys import Journeys
from cxmodel.engine.ledger import Ledger
from cxmodel.engine.loop import loop_of
from cxmodel.engine.months import Months
from cxmodel.engine.population import Population, populate
from cxmodel.engine.today import Today
from cxmodel.engine.visits import Lived
from cxmodel.engine.wear import Wear
from cxmodel.engine.world import World

PERIOD = np.inf
"""Days that journeys are moved on at a time, a month at most: a cost knob, no result depends on it."""

Event = simpy.events.Event
Witness = Callable[[Population], Callable[[Lived], None]]
"""Given the people of a run, tells what to call with every batch of visits; called again if a run is begun anew."""


@dataclass(frozen=True)
class History:
    """What a pool of replications leaves behind; the arrays of its parts say their shapes."""

    world: World
    today: Today
    replications: range
    people: Population
    ledger: Ledger
    months: Months
    lines: tuple[Line, ...]
    hazard: NDArray[Any]  # monthly, of each customer at the end (rows of `staying`)
    staying: NDArray[np.intp]


def play(
    world: World,
    today: Today,
    seed: int,
    replications: range,
    period: float = PERIOD,
    progress: Callable[[float], None] | None = None,
    witness: Witness | None = None,
) -> History:
    """Play these replications of a world together; `progress` is told the share of the horizon that is done,
    `witness` of every batch of visits.

    Large desks are first taken to keep nobody waiting. That is proved month by month; where the proof fails the run
    is played again with every desk in full. Both ways give the same bits wherever the first one holds.
    """
    try:
        return _play(world, today, seed, replications, period, progress, witness, trusting=True)
    except Crowded:
        return _play(world, today, seed, replications, period, progress, witness, trusting=False)


def _play(
    world: World,
    today: Today,
    seed: int,
    replications: range,
    period: float,
    progress: Callable[[float], None] | None,
    witness: Witness | None,
    trusting: bool,
) -> History:
    people = populate(world, today, seed, replications)
    horizon = world.scenario.horizon
    months = int(np.ceil(horizon / MONTH - 1e-9))
    route = world.route
    groups = len(replications) * len(route.segments)
    ledger = Ledger(months, groups, len(route.touchpoints), route.slots)
    if witness is not None:
        ledger.listeners.append(witness(people))
    lines = tuple(
        Line(number, staffing, world.assumptions.handling_cv, seed, replications, horizon, trusting)
        for number, staffing in enumerate(world.staffing)
    )
    wear = Wear(world, today, lines, replications)
    bar = np.nan_to_num(world.need[0])
    journeys = Journeys(world, people, lines, ledger, bar, today, wear.failing_at_most())
    monthly = Months(journeys, months)
    wear.judge = journeys.judge
    loop = loop_of(world, journeys.judge, seed, replications)
    if loop is not None:
        ledger.listeners.append(loop.hear)
    clock = simpy.Environment()

    def month_by_month() -> Generator[Event, None, None]:
        monthly.begin()
        for month in range(months):
            end = min((month + 1) * MONTH, horizon)
            yield clock.process(until_end(end))
            ledger.write(month, people.group)
            monthly.end(month, end)
            for line in lines:
                line.close(end)
            wear.end(end)
            if progress is not None:
                progress(end / horizon)

    def until_end(end: float) -> Generator[Event, None, None]:
        while clock.now < end:
            until = min(end, float(np.floor(clock.now / period + 1e-9) + 1) * period)
            if loop is not None:
                until = min(until, loop.next)
            yield clock.timeout(until - clock.now)
            journeys.advance(until)
            if loop is not None:
                loop.happen(until)

    clock.process(month_by_month())
    clock.run()
    staying = np.flatnonzero((people.joined < horizon) & (people.left > horizon))
    hazard = journeys.hazard(staying, world.days - 1)
    return History(world, today, replications, people, ledger, monthly, lines, hazard, staying)

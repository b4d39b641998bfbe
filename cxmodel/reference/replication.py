"""One replication: a company and its people from time 0 to the horizon, on one clock."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import simpy

from cxmodel.engine.inputs.world import World
from cxmodel.reference import closed_loop, months, strain
from cxmodel.reference.company import Company
from cxmodel.reference.contacts import note_call
from cxmodel.reference.desks import Desk, Events
from cxmodel.reference.journeys import begin
from cxmodel.reference.ledger import Ledger
from cxmodel.reference.person import ONBOARDING, Due, Person
from cxmodel.reference.setting import Setting
from cxmodel.scenario.fields.customers import Bass
from cxmodel.vocabulary import MONTH


def play_one(setting: Setting, customers: list[Person], luck: list[int], progress: Callable[[float], None]) -> Company:
    """A company as it ends, that starts with these customers of today; `luck` seeds all that falls to chance."""
    world, clock, chance = setting.world, simpy.Environment(), np.random.default_rng(luck)
    horizon = world.scenario.horizon
    c = Company(setting, chance, clock, horizon, Ledger(world, months_of(horizon)))
    c.people = [*customers, *prospects(world, chance)]
    for person in customers:
        begin(c, person)
    for number, staffing in enumerate(world.staffing):
        open_desk(c, number, Desk(clock, staffing, world.assumptions.handling_cv, chance, number))
    for s, rates in enumerate(world.arrivals):
        if rates is not None:
            clock.process(arrivals(c, s))
    clock.process(calendar(c, progress))
    clock.run()
    return c


def months_of(horizon: float) -> int:
    """Months of a horizon [days], the last of which may be short."""
    return int(np.ceil(horizon / MONTH - 1e-9))


def prospects(world: World, chance: np.random.Generator) -> list[Person]:
    """Everybody who may become aware; those who adopt do so when exposure reaches their exponential threshold."""
    people = []
    for s, segment in enumerate(world.scenario.segments.values()):
        adopts = isinstance(segment.adoption, Bass)
        thresholds = chance.exponential(size=segment.prospects) if adopts else np.full(segment.prospects, np.inf)
        people += [Person(s, threshold) for threshold in thresholds.tolist()]
    return people


def open_desk(c: Company, number: int, desk: Desk) -> None:
    """A desk begins to be called from outside."""
    c.desks[desk.staffing.touchpoint] = desk
    c.clock.process(desk.outside_callers(0.0, c.end, lambda came, call: note_call(c, desk, came, call)))


def arrivals(c: Company, segment: int) -> Events:
    """Prospects become aware at a rate per day, one after the other, until they are used up."""
    rates = c.world.arrivals[segment]
    waiting = iter([person for person in c.people if person.segment == segment and person.status == "unaware"])
    for day, rate in enumerate([] if rates is None else rates.tolist()):
        for time in day + np.sort(c.chance.random(c.chance.poisson(rate))):
            person = next(waiting, None)
            if person is None or time >= c.end:
                return
            yield c.clock.timeout(float(time) - c.now)
            person.agenda[ONBOARDING] = Due(c.now)
            begin(c, person)


def calendar(c: Company, progress: Callable[[float], None]) -> Events:
    """What the company does at its own times: the closed loop when it is due, then the month's end."""
    loop, since = closed_loop.closed_loop_of(c), 0.0
    usual = strain.usual_strain(c.setting) if c.world.staffing else 0.0
    months.note_states(c, 0)
    months.spread(c, 0.0)
    for month in range(months_of(c.end)):
        until = min((month + 1) * MONTH, c.end)
        while loop is not None and loop.next <= until:
            yield c.clock.timeout(loop.next - c.now)
            closed_loop.happen(c, loop)
        yield c.clock.timeout(until - c.now)
        net_talk = months.end_month(c, since, until)
        if until < c.end:
            months.spread(c, net_talk)
        if c.world.staffing and int(until) > int(since):
            strain.end_month(c, usual, int(since), int(until))
        since = until
        progress(until / c.end)

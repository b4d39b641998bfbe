"""How far ahead it is known that somebody makes no call, so that a desk need not wait for him.

Whether a visit may lead to a call falls to chance, which is known beforehand; what the visit will be is not. Times are
lower bounds. Knows no desks.
"""

import numpy as np

from cxmodel.arrays import Column
from cxmodel.engine import luck
from cxmodel.engine.luck import Purpose
from cxmodel.engine.population import NEVER, PORTION, Population, Status
from cxmodel.engine.world import World

BARELY = 1 - 1e-9
"""Keeps a sum of days below the same days added in another order."""


class Foresight:
    """What is known of visits of onboarding (V) before they are lived."""

    def __init__(self, world: World, people: Population, calls_at_most: Column, fails_at_most: Column) -> None:
        """`calls_at_most` (2, T) after a shortfall and a failure."""
        self.people, route = people, world.route
        self.calls_at_most, self.fails_at_most = calls_at_most, fails_at_most
        visits = len(route.onboarding)
        # days from the first visit to each, at the least: those that may be left out take no time
        sure = route.ordinal < world.visits.min(0)[route.onboarding]
        gap = np.where(route.ordinal > 0, world.every.min(0)[route.onboarding], 1.0)
        elapsed = np.cumsum(np.where(sure, gap, 0.0))
        # days from each visit to any other, after the last of which there is nothing more
        self.days = np.full((visits + 1, visits + 1), NEVER)
        self.days[:visits, :visits] = elapsed - elapsed[:, None]
        # the first visit from each one on that may lead to a call (V + 1, N)
        self.first = np.full((visits + 1, people.size), visits, dtype=np.int16)
        fresh = (people.status == Status.UNAWARE).nonzero()[0]
        for begin in range(0, len(fresh), PORTION):
            self._look_through(route.onboarding, fresh[begin : begin + PORTION])
        # days from each visit until something begins with the choice, or with the end of onboarding
        shortest = world.every.min(0) * 0.8
        renewing = min((shortest[s.touchpoint] for s in route.recurring if s.renews), default=NEVER)
        using = min((shortest[s.touchpoint] for s in route.recurring if not s.renews), default=NEVER)
        begins = np.full(visits + 1, NEVER)
        last = max(visits - 1, 0)
        for visit in range(visits):
            begins[visit] = self.days[visit, last] + using
            if visit <= route.choice:
                begins[visit] = min(begins[visit], self.days[visit, min(route.choice, last)] + renewing)
        if route.choice == visits:
            begins[visits] = min(using, renewing)
        self.begins = begins

    def _look_through(self, onboarding: Column, rows: Column) -> None:
        """Go through the visits of these newcomers from the last to the first."""
        key, following = self.people.key[rows], self.first[-1, rows]
        for visit in range(len(onboarding) - 1, -1, -1):
            touchpoint = int(onboarding[visit])
            short, failed = self.calls_at_most[:, touchpoint]
            own = luck.at(key, onboarding[[visit]])
            limit = np.where(
                luck.uniform(own, Purpose.EVENT, visit) < self.fails_at_most[touchpoint], max(short, failed), short
            )
            may_call = luck.uniform(own, Purpose.EVENT, visit, part=1) < limit
            following = np.where(may_call, np.int16(visit), following)
            self.first[visit, rows] = following

    def calm(self, rows: Column) -> Column:
        """A time before which no visit of these people leads to a call."""
        people = self.people
        visit = people.count[0].take(rows)
        days = self.days[visit, self.first[visit, rows]]
        onboarding = people.due[0].take(rows) + BARELY * np.minimum(days, self.begins.take(visit))
        return np.asarray(np.minimum(np.minimum.reduce(people.due[1:].take(rows, axis=1)), onboarding))

    def frontier(self, ready: Column) -> Column:
        """Per replication, a time before which none of these people, who are on the move, calls."""
        people = self.people
        bound, soonest = people.next.take(ready), people.soonest.take(ready)
        through = (soonest <= bound).nonzero()[0]
        if len(through):
            rows = ready[through]
            people.soonest[rows] = soonest[through] = self.calm(rows)
        frontier = np.full(people.replications, NEVER)
        np.minimum.at(frontier, people.replication.take(ready), np.maximum(bound, soonest))
        return frontier

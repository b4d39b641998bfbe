"""Coming back: at each month's end some of those lost return, live the touchpoints of returning, and use again.

How they left decides how many (equation 9). A journey without touchpoints of stage `return` has none of this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cxmodel.arrays import Column
from cxmodel.engine import luck
from cxmodel.engine.luck import Purpose
from cxmodel.engine.population import NEVER, Spell, Status
from cxmodel.model import loyalty

if TYPE_CHECKING:
    from cxmodel.engine.journeys import Journeys


class Returns:
    """Winning back; `stream` is the stream of events that coming back is."""

    def __init__(self, journeys: Journeys, stream: int) -> None:
        self.journeys, self.stream = journeys, stream
        self.world, self.people = journeys.world, journeys.people

    def end(self, month: int, since: float, time: float) -> None:
        """Who comes back at the end of a month; they are customers from then on."""
        people, a, world = self.people, self.world.assumptions, self.world
        rows = ((people.status == Status.FORMER) & (people.left < time)).nonzero()[0]
        standard = world.standard[min(int(time), world.days - 1), people.segment[rows]]
        per_year = loyalty.won_back(self.journeys.loyal(rows), standard, a.satisfaction_slope, a.won_back)
        chance = loyalty.returning(per_year, time - np.maximum(since, people.left[rows]))
        rows = rows[luck.uniform(people.key[rows], Purpose.RETURN, month) < chance]
        if len(rows):
            people.ended.append(Spell(rows, people.joined[rows], people.left[rows]))
            people.status[rows] = Status.CUSTOMER
            people.joined[rows], people.decided[rows], people.left[rows] = time, time, NEVER
            people.issue[rows], people.due[:, rows], people.soonest[rows] = -1, NEVER, 0.0
            self._begin(rows, np.full(len(rows), time))
            people.look_ahead(rows)

    def _begin(self, rows: Column, time: Column) -> None:
        """They pay as at buying, renew from now on, and live the touchpoints of returning."""
        people, journeys = self.people, self.journeys
        journeys.pay(rows, time)
        for stream in journeys.renews.nonzero()[0].tolist():
            journeys.restart(rows, stream, time)
        people.due[self.stream, rows] = time
        visits = len(self.world.route.returning)
        people.count[self.stream, rows] += -people.count[self.stream, rows] % visits

    def go_on(self, rows: Column, time: Column) -> None:
        """The next visit of coming back, a day later; after the last, use begins again."""
        people, visits = self.people, len(self.world.route.returning)
        here = people.left[rows] == NEVER
        rows, time = rows[here], time[here]
        over = people.count[self.stream, rows] % visits == 0
        people.due[self.stream, rows] = np.where(over, NEVER, time + 1.0)
        self.journeys.settle_in(rows[over], time[over])

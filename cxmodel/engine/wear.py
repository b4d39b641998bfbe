"""What strain at the desks does to the people lever, replication by replication (equation 14).

At each month's end the desks' loads wear it or let it recover; what is left holds for the next month. Knows desks and
the tables of the world, no customers. Shapes: R replications, T touchpoints, A slots.
"""

from collections.abc import Sequence

import numpy as np

from cxmodel.arrays import Floats
from cxmodel.engine.desks import Line
from cxmodel.engine.today import Today
from cxmodel.engine.visits import Judge
from cxmodel.engine.world import World
from cxmodel.model import queueing, strain


class Wear:
    """How much of the people lever is left (R,), and what that does to levels."""

    def __init__(self, world: World, today: Today, lines: Sequence[Line], judge: Judge) -> None:
        self.world, self.lines, self.judge = world, lines, judge
        self.reaches = bool(lines) and any(table.any() for table in (world.wear, world.wear_failing, world.wear_above))
        journey = world.scenario.journey
        self.share = np.array([journey[name].relies_on.get("people", 0.0) for name in world.route.touchpoints])
        self.kept: Floats = np.ones(judge.people.replications)
        self.usual = self._usual(today) if self.reaches else 0.0
        self.day = 0

    def _usual(self, today: Today) -> float:
        """Strain of today, by closed form: what the company makes good every month."""
        found = []
        for line in self.lines:
            desk = line.staffing
            own = float(today.contacts[desk.touchpoint]) / max(float(desk.closes[0] - desk.opens[0]), 1e-9)
            load, agents = float((desk.callers[0] + own) * desk.handling[0]), int(desk.agents[0])
            _, abandoned, _ = queueing.erlang_a(load, agents, float(desk.handling[0]), float(desk.patience[0]))
            busy = 100 * load * (1 - abandoned) / agents
            found.append(float(strain.strain(busy, self.world.assumptions.strain_from)))
        return float(np.mean(found))

    def end(self, time: float) -> None:
        """A month is over, and its calls are counted: what is left of the lever from now on."""
        if not self.reaches:
            return
        a, span = self.world.assumptions, slice(self.day, int(time))
        self.day = int(time)
        if span.stop <= span.start:
            return
        loads = [
            100 * line.busy[:, span].sum(1)
            / (line.staffing.agents * (line.staffing.closes - line.staffing.opens))[span].sum()
            for line in self.lines
        ]  # fmt: skip
        strained = np.mean([strain.strain(load, a.strain_from) for load in loads], axis=0)
        self.kept = strain.worn(self.kept, strained, self.usual, a.strain_wear)
        self._apply(min(self.day, self.world.days - 1))

    def _apply(self, day: int) -> None:
        judge = self.judge
        if (self.kept == 1).all():
            judge.worn = judge.worn_failing = None
            return
        gone = -np.log(self.kept)
        slots = self.world.wear.shape[2]
        left = self.kept[:, None] ** self.share  # (R, T)
        worn = (
            gone[:, None, None] * self.world.wear[day] + (left[..., None] - 1) * self.world.wear_above[day]
        )  # (R, T, A)
        judge.worn = np.ascontiguousarray(worn.reshape(-1, slots).T, dtype=np.float32)
        judge.worn_failing = (gone[:, None] * self.world.wear_failing[day]).ravel()

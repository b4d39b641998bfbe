"""What strain at the desks does to the people lever, replication by replication (equation 14).

At each month's end the desks' loads wear it or let it recover; what is left holds for the next month. Knows desks and
the tables of the world, no customers. Shapes: R replications, T touchpoints, A slots.
"""

from collections.abc import Sequence

import numpy as np

from cxmodel.arrays import Floats
from cxmodel.engine.chain import Chain
from cxmodel.engine.desks import Line
from cxmodel.engine.today import Today
from cxmodel.engine.visits import Judge
from cxmodel.engine.world import World
from cxmodel.model import queueing, strain


class Wear:
    """How much of the people lever is left (R,), and what that does to levels."""

    def __init__(self, world: World, today: Today, lines: Sequence[Line], replications: range) -> None:
        self.world, self.lines = world, lines
        journey = world.scenario.journey
        self.share = np.array([journey[name].relies_on.get("people", 0.0) for name in world.route.touchpoints])
        self.reaches = bool(lines) and bool(self.share.any())
        if self.reaches:
            self.levels, self.failing, self.above = _tables(world.chain)
        self.kept: Floats = np.ones(len(replications))
        self.judge: Judge | None = None
        self.usual = self._usual(today) if self.reaches else 0.0
        self.day = 0

    def failing_at_most(self) -> Floats:
        """The greatest chance of failing that a visit to each touchpoint can come to (T,)."""
        most = self.world.failing.max(0)
        if self.reaches:
            most = np.minimum(1.0, most - np.log(strain.LEAST) * self.failing.max(0))
        return np.asarray(most)

    def _usual(self, today: Today) -> float:
        """Strain of today, by closed form: what the company makes good every month."""
        found, route = [], self.world.route
        for line in self.lines:
            desk = self.world.scenario.journey[route.touchpoints[line.staffing.touchpoint]].staffed
            assert desk is not None
            own = float(today.contacts[line.staffing.touchpoint]) / (desk.hours[1] - desk.hours[0])
            load = (desk.other_calls + own) * desk.handling
            _, abandoned, _ = queueing.erlang_a(load, desk.agents, desk.handling, desk.patience)
            busy = 100 * load * (1 - abandoned) / desk.agents
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
        assert judge is not None
        if (self.kept == 1).all():
            judge.worn = judge.worn_failing = None
            return
        gone = -np.log(self.kept)
        slots = self.levels.shape[2]
        left = self.kept[:, None] ** self.share  # (R, T)
        worn = gone[:, None, None] * self.levels[day] + (left[..., None] - 1) * self.above[day]  # (R, T, A)
        judge.worn = np.ascontiguousarray(worn.reshape(-1, slots).T, dtype=np.float32)
        judge.worn_failing = (gone[:, None] * self.failing[day]).ravel()


def _tables(chain: Chain) -> tuple[Floats, Floats, Floats]:
    """What a worn people lever does: points (D, T, A) and chances of failing (D, T) for each unit of -ln(kept).

    And the levels (D, T, A) above the need, of which it leaves kept^share.
    """
    journey, route, once = chain.scenario.journey, chain.route, np.exp(-1.0)
    levels = np.zeros((chain.courses.days, len(route.touchpoints), route.slots))
    failing, above = np.zeros(levels.shape[:2]), np.zeros_like(levels)
    commit = chain.commitment()
    for t, name in enumerate(route.touchpoints):
        place = journey[name]
        share, able = place.relies_on.get("people", 0.0), chain.able(name)
        if not share:
            continue
        for a, (attribute, level) in enumerate(place.delivers.items()):
            _, standard, reached = chain.links(name, attribute, level, commit, able)
            if level < chain.mean_need(attribute)[0]:
                lacking = 1 - max(level, 1.0) / standard[0]
                levels[:, t, a] = strain.worn_level(standard, lacking, share, once, able[0])
            else:
                above[:, t, a] = reached
        if place.fails is not None:
            rate = chain.courses.smooth(f"journey.{name}.fails.rate", place.fails.rate)
            failing[:, t] = strain.worn_failing(rate, share, once, able[0])
    return levels, failing, above

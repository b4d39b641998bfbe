"""Strain: what overwork at the desks does to the people lever of a replication (equation 14).

At each month's end the desks' loads wear it or let it recover; what is left holds for the next month. Knows desks and
the tables of the world, no customers. Shapes: D days, T touchpoints, A slots.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cxmodel.engine.accumulators import GRAIN, Sums
from cxmodel.engine.inputs.delivery import Delivery
from cxmodel.engine.inputs.today import Today
from cxmodel.engine.inputs.world import World
from cxmodel.engine.population import People
from cxmodel.model import queueing, strain
from cxmodel.vocabulary import Floats


@dataclass(frozen=True)
class StrainTables:
    """What a worn people lever does, for each unit of -ln(what is left of it)."""

    world: World
    usual: float  # strain of today, which the company makes good every month
    share: Floats  # (T,) how far each touchpoint relies on people
    levels: Floats  # (D, T, A) points
    failing: Floats  # (D, T) chances of failing
    above: Floats  # (D, T, A) levels above the need, of which left^share stays

    @classmethod
    def of(cls, world: World, today: Today) -> StrainTables | None:
        """The tables of a world; None where no touchpoint that relies on people could be strained."""
        journey = world.scenario.journey
        share = np.array([journey[name].relies_on.get("people", 0.0) for name in world.route.touchpoints])
        if not world.staffing or not share.any():
            return None
        return cls(world, usual_strain(world, today), share, *_tables(world.delivery))


@dataclass
class Strain:
    """How much of the people lever is left in one replication."""

    tables: StrainTables
    left: float = 1.0
    day: int = field(default=0)

    def end(self, time: float, people: People, sums: Sums) -> None:
        """A month is over, and its calls are counted: what is left of the lever from now on."""
        world, span = self.tables.world, slice(self.day, int(time))
        self.day = int(time)
        if span.stop <= span.start:
            return
        loads = [
            100 * sums.desk["busy"][line, span].sum() / GRAIN
            / max((staffing.agents * staffing.open)[span].sum(), 1e-300)
            for line, staffing in enumerate(world.staffing)
        ]  # fmt: skip
        a = world.assumptions
        before, strained = self.left, float(np.mean([strain.strain(load, a.strain_from) for load in loads]))
        self.left = float(strain.worn(before, strained, self.tables.usual, a.strain_wear))
        if min(before, self.left) < 1:
            self._apply(min(self.day, world.days - 1), people)

    def _apply(self, day: int, people: People) -> None:
        tables = self.tables
        gone, kept = -np.log(self.left), self.left**tables.share
        people.worn[:] = gone * tables.levels[day] + (kept[:, None] - 1) * tables.above[day]
        people.worn_failing[:] = gone * tables.failing[day]
        people.reacts[:] = (people.worn != 0).any(1) | (people.worn_failing != 0) | (people.lift > 0)


def usual_strain(world: World, today: Today) -> float:
    """Strain of today [points over the bearable], by closed form: what the company makes good every month."""
    base, strains = world.base, []
    for staffing in base.staffing:
        calls = float(staffing.callers[0]) + float(today.contacts[staffing.touchpoint]) / staffing.open_today
        agents, handling, patience = int(staffing.agents[0]), float(staffing.handling[0]), float(staffing.patience[0])
        _, abandoned, _ = queueing.erlang_a(calls * handling, agents, handling, patience)
        busy = 100 * calls * handling * (1 - abandoned) / agents
        strains.append(float(strain.strain(busy, world.assumptions.strain_from)))
    return float(np.mean(strains))


def _tables(chain: Delivery) -> tuple[Floats, Floats, Floats]:
    """Points (D, T, A), chances of failing (D, T), and levels (D, T, A) above the need."""
    journey, route, once = chain.scenario.journey, chain.route, np.exp(-1.0)
    levels = np.zeros((chain.trajectories.days, len(route.touchpoints), route.slots))
    failing, above = np.zeros(levels.shape[:2]), np.zeros_like(levels)
    for t, name in enumerate(route.touchpoints):
        place = journey[name]
        share, able_today = place.relies_on.get("people", 0.0), chain.base.able(name)[0]
        if not share:
            continue
        for a, (attribute, level) in enumerate(place.delivers.items()):
            _, standard, reached = chain.links(name, attribute, level)
            if level < chain.base.mean_need(attribute)[0]:
                first = chain.base.links(name, attribute, level)[1][0]
                lacking = 1 - max(level, 1.0) / first
                levels[:, t, a] = strain.worn_level(standard, lacking, share, once, able_today)
            else:
                above[:, t, a] = reached
        if place.fails is not None:
            rate = chain.trajectories.smooth(f"journey.{name}.fails.rate", place.fails.rate)
            failing[:, t] = strain.worn_failing(rate, share, once, able_today)
    return levels, failing, above

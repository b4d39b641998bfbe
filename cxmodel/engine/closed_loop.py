"""The closed loop at work: who is asked, what is heard, what is done about the worst and told (equation 13).

Every replication is a company of its own: it hears its own customers and acts on what it heard. Knows no journeys.
Shapes: T touchpoints, D days.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cxmodel.engine import rng
from cxmodel.engine.accumulators import GRAIN, Sums
from cxmodel.engine.compilation import entry
from cxmodel.engine.inputs.closed_loop import (
    ACTIONS,
    DEADLINE,
    LIFT,
    TELL_CUSTOMERS,
    TELL_TEAM,
    WORDS,
    LoopPlan,
)
from cxmodel.engine.inputs.world import World
from cxmodel.engine.population import CUSTOMER, People
from cxmodel.model import closed_loop
from cxmodel.vocabulary import MONTH


@dataclass(frozen=True, slots=True)
class Action:
    """What is being done about touchpoints, to be completed at a time."""

    time: float
    touchpoint: NDArray[np.bool_]  # (T,)
    completes: NDArray[np.bool_]  # (T,)
    lift: float
    tells: bool


@dataclass
class ClosedLoop:
    """The closed loop of one replication."""

    world: World
    plan: LoopPlan
    key: rng.Key  # (1,)
    turns: int = 0
    begun: float = np.inf  # day of the first turn with actions
    open: list[Action] = field(default_factory=list)

    @classmethod
    def of(cls, world: World, plan: LoopPlan, seed: int, replication: int) -> ClosedLoop:
        """The closed loop of a company."""
        return cls(world, plan, rng.keys(seed, replication, rng.COMPANY, np.zeros(1)))

    @property
    def next(self) -> float:
        """When something happens next."""
        turn = self.plan.turns_at[self.turns : self.turns + 1]
        return min([*turn, *(action.time for action in self.open)], default=np.inf)

    def happen(self, time: float, people: People, sums: Sums) -> None:
        """Actions that are completed now, then the turn if it is its time, then what it completes at once."""
        while self.next <= time:
            done = [action for action in self.open if action.time <= time]
            self.open = [action for action in self.open if action.time > time]
            for action in done:
                self._complete(action, people)
            if self.turns < len(self.plan.turns_at) and self.plan.turns_at[self.turns] <= time:
                self._turn(time, sums)

    def _turn(self, time: float, sums: Sums) -> None:
        """The worst of what was heard is acted on."""
        day = min(int(time), self.world.days - 1)
        now, heard, answers = self.plan.settings[day], sums.heard[:, 0] / GRAIN, sums.heard[:, 1].copy()
        gap = np.divide(heard, answers, out=np.zeros(len(heard)), where=answers > 0)
        sums.heard[:] = 0.0
        for action in self.open:
            gap[action.touchpoint] = 0.0
        rank = np.argsort(np.argsort(-gap, kind="stable"), kind="stable")
        chosen = (rank < round(now[ACTIONS])) & (gap > 0)
        if now[ACTIONS] > 0:
            self.begun = min(self.begun, time)
            untold = 0.0 if now[TELL_TEAM] > 0.5 else (time - self.begun) / MONTH
            a = self.world.assumptions
            practices = self.world.levers["practices"][day]
            chance = closed_loop.completing(practices, now[WORDS], untold, a.loop_words, a.loop_fading)
            luck = rng.uniform(rng.occurring(rng.at(self.key, np.arange(len(gap))), np.array([self.turns])), rng.ACTION)
            tells = bool(now[TELL_CUSTOMERS] > 0.5)
            self.open.append(Action(time + now[DEADLINE], chosen, chosen & (luck < chance), float(now[LIFT]), tells))
        self.turns += 1

    def _complete(self, action: Action, people: People) -> None:
        """The touchpoints gain, and customers hear of it."""
        people.lift += action.completes * action.lift
        people.reacts |= people.lift > 0
        if not action.tells:
            return
        for touchpoint in np.flatnonzero(action.completes).tolist():
            for column in self.world.route.touched[touchpoint]:
                tell_customers(people, column, self.world.assumptions.loop_told)


@entry
def tell_customers(p: People, column: int, told: float) -> None:
    """Customers expect so many points more of an attribute, for they were told what was done about it."""
    for who in range(len(p.person)):
        if p.person[who].status == CUSTOMER:
            p.will[who, column] = min(100.0, np.float64(p.will[who, column]) + told)

"""The closed loop at work: who is asked, what is heard, what is done about the worst and told (equation 13).

Every replication is a company of its own: it hears its own customers and acts on what it heard. Knows no journeys.
Shapes: R replications, T touchpoints, D days.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxmodel.arrays import MONTH, Column, Floats
from cxmodel.engine import luck
from cxmodel.engine.ledger import summed
from cxmodel.engine.luck import Purpose
from cxmodel.engine.population import Status
from cxmodel.engine.visits import Judge, Lived
from cxmodel.engine.world import World
from cxmodel.model import closed_loop

SETTINGS = (
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
"""Settings of the closed loop, in the order of the columns they are held in."""
EVERY, QUESTIONS, RESPONSE, ACTIONS, DEADLINE, LIFT, WORDS, TELL_CUSTOMERS, TELL_TEAM = range(len(SETTINGS))


OF_THE_COMPANY = 1 << 40
"""Kind of key for luck that is the company's, no customer's."""


@dataclass(frozen=True, slots=True)
class Action:
    """What is being done about touchpoints, to be completed at a time."""

    time: float
    touchpoint: NDArray[np.bool_]  # (R, T)
    completes: NDArray[np.bool_]  # (R, T)
    lift: float
    tells: bool


class Loop:
    """The closed loop of every replication."""

    def __init__(self, world: World, judge: Judge, settings: Floats, seed: int, replications: range) -> None:
        self.world, self.judge, self.people, self.settings = world, judge, judge.people, settings
        judge.room = _room(world)
        self.shape = (len(replications), len(world.route.touchpoints))
        names = world.route.touchpoints
        stages = [world.scenario.journey[name].stage for name in names]
        self.asked = np.array([stage not in ("leave", "return") for stage in stages])
        self.keys = np.stack([luck.keys(seed, r, OF_THE_COMPANY, np.arange(self.shape[1])) for r in replications])
        self.heard, self.answers = np.zeros(self.shape), np.zeros(self.shape)
        self.lift = np.zeros(self.shape)
        self.open: list[Action] = []
        self.begun = np.inf  # day of the first turn with actions
        self.turns_at = _multiples(settings[:, EVERY], world.scenario.horizon)
        self.turns = 0

    @property
    def next(self) -> float:
        """When something happens next."""
        return min(
            [*self.turns_at[self.turns : self.turns + 1], *(action.time for action in self.open)], default=np.inf
        )

    def hear(self, lived: Lived) -> None:
        """Some of those who lived a visit answer right after it."""
        visits, people, a = lived.visits, self.people, self.world.assumptions
        day = visits.time.astype(np.int64)
        response = closed_loop.answering(self.settings[day, RESPONSE], self.settings[day, QUESTIONS], a.survey_length)
        answering = luck.uniform(lived.key, Purpose.ASKED) < response
        answering &= (lived.rate > 0) & self.asked[visits.touchpoint]
        answering[visits.vain] = False
        own = answering.nonzero()[0]
        noise = luck.normal(lived.key[own], Purpose.ASKED, part=1)
        place = people.replication[visits.who[own]] * self.shape[1] + visits.touchpoint[own]
        size = self.heard.size
        self.heard += summed(place, lived.gap[own] + a.score_noise * noise, size).reshape(self.shape)
        self.answers += np.bincount(place, minlength=size).reshape(self.shape)

    def happen(self, time: float) -> None:
        """Actions that are completed now, then the turn if it is its time, then what it completes at once."""
        while self.next <= time:
            done = [action for action in self.open if action.time <= time]
            self.open = [action for action in self.open if action.time > time]
            for action in done:
                self._complete(action)
            if self.turns < len(self.turns_at) and self.turns_at[self.turns] <= time:
                self._turn(time)

    def _turn(self, time: float) -> None:
        """The worst of what was heard is acted on."""
        day = min(int(time), self.world.days - 1)
        now = self.settings[day]
        gap = np.divide(self.heard, self.answers, out=np.zeros(self.shape), where=self.answers > 0)
        self.heard[:], self.answers[:] = 0.0, 0.0
        for action in self.open:
            gap[action.touchpoint] = 0.0
        order = np.argsort(-gap, axis=1, kind="stable")
        rank = np.argsort(order, axis=1, kind="stable")
        chosen = (rank < round(now[ACTIONS])) & (gap > 0)
        if now[ACTIONS] > 0:
            self.begun = min(self.begun, time)
            untold = 0.0 if now[TELL_TEAM] > 0.5 else (time - self.begun) / MONTH
            a = self.world.assumptions
            chance = closed_loop.completing(
                self.world.levers["practices"][day], now[WORDS], untold, a.loop_words, a.loop_fading
            )
            completes = chosen & (
                luck.uniform(self.keys.ravel(), Purpose.ACTION, self.turns).reshape(self.shape) < chance
            )
            self.open.append(
                Action(time + now[DEADLINE], chosen, completes, float(now[LIFT]), bool(now[TELL_CUSTOMERS] > 0.5))
            )
        self.turns += 1

    def _complete(self, action: Action) -> None:
        """The touchpoints gain, and customers hear of it."""
        self.lift += action.completes * action.lift
        self.judge.lift = self.lift.ravel().astype(np.float32)
        if not action.tells:
            return
        people, told = self.people, self.world.assumptions.loop_told
        for touchpoint in np.flatnonzero(action.completes.any(0)).tolist():
            here = action.completes[people.replication, touchpoint] & (people.status == Status.CUSTOMER)
            rows = here.nonzero()[0]
            for column in self.world.route.touched[touchpoint]:
                will: Column = people.mind[column]
                will[rows] = np.minimum(100.0, will[rows] + told)


def loop_of(world: World, judge: Judge, seed: int, replications: range) -> Loop | None:
    """The closed loop of a world; None where it has none."""
    settings = _settings(world)
    return None if settings is None else Loop(world, judge, settings, seed, replications)


def _settings(world: World) -> Floats | None:
    """The settings over time (D, 9); None without a loop."""
    loop, courses = world.scenario.closed_loop, world.courses
    if loop is None:
        return None
    columns = []
    for name in SETTINGS:
        value, path = getattr(loop, name), f"closed_loop.{name}"
        follow = courses.smooth if name in ("response", "lift", "deadline") else courses.steps
        columns.append(follow(path, world.assumptions.loop_lift if value is None else value))
    return np.stack(columns, axis=1)


def _room(world: World) -> NDArray[np.float32]:
    """How far a lift may take a level (A, D*T): to the mean need, and a price nowhere."""
    route, room = world.route, np.zeros_like(world.delivered)
    for t, columns in enumerate(route.touched):
        for a, column in enumerate(columns):
            if a != route.priced[t]:
                need = np.nan_to_num(world.chain.mean_need(route.attributes[column]))
                room[:, t, a] = closed_loop.lifted(world.delivered[:, t, a], need, np.inf)
    return np.ascontiguousarray(room.reshape(-1, route.slots).T, dtype=np.float32)


def _multiples(every: Floats, horizon: float) -> list[float]:
    """Multiples of `every` (D,), as it is on the day they fall on, after time 0 and up to the horizon."""
    found: list[float] = []
    for day, days in enumerate(every.tolist()):
        first, last = max(1, int(np.ceil(day / days - 1e-9))), int(np.ceil((day + 1) / days - 1e-9))
        found += [number * days for number in range(first, last) if number * days <= horizon]
    return found

"""A company and its people in one replication: the clock, the luck, the desks and what the company does back.

Its luck is one stream of NumPy's own generator, drawn from in the order in which things happen.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import simpy

from cxmodel.engine.inputs.world import World
from cxmodel.model.assumptions import Assumptions
from cxmodel.reference.desks import Desk
from cxmodel.reference.ledger import Ledger
from cxmodel.reference.person import Person
from cxmodel.reference.setting import Setting
from cxmodel.vocabulary import Floats


@dataclass(eq=False)
class Company:
    """Shapes: T touchpoints, A slots, S segments, K attributes."""

    setting: Setting
    chance: np.random.Generator
    clock: simpy.Environment
    end: float  # time at which nothing happens any more [days]
    ledger: Ledger
    desks: dict[int, Desk] = field(default_factory=dict)  # by touchpoint
    offered: dict[int, Floats] | None = None  # in the past: waits [days] that callers of each desk are offered
    people: list[Person] = field(default_factory=list)  # everybody, customers of today first
    month: int = 0  # months that are over
    bars: list[list[float]] = field(init=False)  # (S, K) H that newcomers arrive with
    exposure: Floats = field(init=False)  # (S,) to Bass adoption so far
    lever_left: float = 1.0  # share of the people lever that strain has left
    worn: Floats = field(init=False)  # (T, A) points that strain takes from levels
    worn_failing: Floats = field(init=False)  # (T,) chance of failing that it adds
    lifts: list[float] = field(init=False)  # (T) points of completed actions

    def __post_init__(self) -> None:
        route = self.world.route
        self.bars = np.nan_to_num(self.world.base.need[0]).tolist()
        self.exposure = np.zeros(len(route.segments))
        self.worn = np.zeros((len(route.touchpoints), route.slots))
        self.worn_failing, self.lifts = np.zeros(len(route.touchpoints)), [0.0] * len(route.touchpoints)

    @property
    def world(self) -> World:
        """What everybody meets."""
        return self.setting.world

    @property
    def assumptions(self) -> Assumptions:
        """The parameters of the model."""
        return self.setting.world.assumptions

    @property
    def past(self) -> bool:
        """Whether the past is played, in which every day is today."""
        return self.offered is not None

    @property
    def now(self) -> float:
        """Days since time 0."""
        return float(self.clock.now)

    def day(self, time: float | None = None) -> int:
        """The day whose tables hold now, or at a time."""
        return min(max(int(self.clock.now if time is None else time), 0), self.setting.world.days - 1)

    def happens(self, probability: float) -> bool:
        """Whether something of this probability comes true."""
        return bool(self.chance.random() < probability)

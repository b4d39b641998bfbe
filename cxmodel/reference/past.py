"""The past is played: a customer of today is somebody who came, chose, has lived since, and is still here.

Whoever came is drawn as the company's history says; he lives as any newcomer in the world as it stands today, from his
first touchpoint on; and if he is still a customer at time 0, he is one of today's. Else another is drawn.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field

import numpy as np
import simpy

from cxmodel.engine.inputs.today import Today
from cxmodel.engine.inputs.world import World
from cxmodel.reference.company import Company
from cxmodel.reference.desks import Events, offered_waits
from cxmodel.reference.journeys import ONWARD_DAYS, begin
from cxmodel.reference.ledger import Ledger
from cxmodel.reference.months import decide_monthly, drift
from cxmodel.reference.person import ONBOARDING, Due, Person
from cxmodel.reference.setting import Setting
from cxmodel.vocabulary import MONTH, Floats


@dataclass(eq=False)
class Past:
    """The past of one world, whatever is planned; the customers of today of each replication are played once."""

    world: World  # as it stands today
    today: Today
    played: dict[tuple[int, int], list[Person]] = field(default_factory=dict)  # by seed and replication
    setting: Setting = field(init=False)
    waits: dict[int, Floats] = field(init=False)  # that each desk offers [days], by touchpoint

    def __post_init__(self) -> None:
        self.setting, cv = Setting(self.world, self.today), self.world.assumptions.handling_cv
        self.waits = {
            desk.touchpoint: offered_waits(desk, self.today.contacts[desk.touchpoint], cv, np.random.default_rng(t))
            for t, desk in enumerate(self.world.staffing)
        }

    def customers(self, seed: int, replication: int) -> list[Person]:
        """The customers of today of a replication, as they stand at time 0."""
        key = seed, replication
        if key not in self.played:
            chance = np.random.default_rng([seed, replication, 0])
            segments = enumerate(self.world.scenario.segments.values())
            self.played[key] = [self.customer(s, chance) for s, people in segments for _ in range(people.customers)]
        return deepcopy(self.played[key])

    def customer(self, segment: int, chance: np.random.Generator) -> Person:
        """One customer of today."""
        while True:
            person = self.newcomer(segment, chance)
            if person.status == "customer":
                return person

    def newcomer(self, segment: int, chance: np.random.Generator) -> Person:
        """Somebody who came at a time of the past, as he is at time 0, or when he declined or left.

        He was to buy in a month that is drawn by how many came in each, at an even time of it.
        """
        came = self.today.inflow[segment] / self.today.inflow[segment].sum()
        months = float(chance.choice(len(came), p=came) + chance.random())
        enters = -months * MONTH - days_to_choice(self.setting)
        clock = simpy.Environment(enters)
        c = Company(self.setting, chance, clock, 0.0, Ledger(self.world, 1), offered=self.waits)
        person = Person(segment, agenda={ONBOARDING: Due(enters)})
        begin(c, person)
        clock.process(months_ends(c, person))
        while clock.peek() <= 0 and person.status not in ("gone", "former"):
            clock.step()
        person.process = None
        return person


def months_ends(c: Company, person: Person) -> Events:
    """The ends of his months, counted backwards from today: bars drift to today's best, and he may decide to leave."""
    for ago in range(int(-c.now / MONTH), -1, -1):
        until = -ago * MONTH
        yield c.clock.timeout(until - c.now)
        drift(c, [person], until - MONTH, until)
        decide_monthly(c, [person], until - MONTH, until)
        person.strongest = 0.0


def days_to_choice(setting: Setting) -> float:
    """Days from entering to the choice, as the journey stands today."""
    world = setting.world
    before = setting.onboarding[: setting.choice]
    return float(sum((world.visits[0, t] - 1) * world.every[0, t] + ONWARD_DAYS for t in before))

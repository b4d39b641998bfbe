"""The oracle's contacts: issues of customers, exits left unfixed, and the desks where people answer (equation 8).

One SimPy process for each open issue, unfixed exit and outside caller; `simpy.Resource` for the people at a desk.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from oracle_person import Person

from cxmodel.arrays import MONTH
from cxmodel.model import contacts, memory, perception

if TYPE_CHECKING:
    from oracle import World
else:
    World = object


class Contacts(World):
    """The side of a world on which people call and are answered."""

    # --- who calls ----------------------------------------------------------------------------------------

    def call(self, person: Person, name: str, failed: bool, lost: float) -> None:
        """An issue opens, where there is somewhere to turn to."""
        where = self.company.turn_to(name, failed)
        if where is not None:
            person.issue = object()
            self.env.process(self.issue(person, where, lost, self.scenario.journey[name].role))

    def issue(self, person: Person, name: str, lost: float, role: str) -> Iterator[Any]:
        """Calls until it is solved, or nobody calls again."""
        own = person.issue
        for attempt in range(1 + int(self.a.repeat_calls)):
            if attempt:
                yield self.env.timeout(self.chance.exponential(self.a.calls_again_after))
            answered, back = yield from self.contact(person, name, lambda: person.issue is own)
            if person.issue is not own:
                return
            self.give_back(person, role, back * lost)
            if back or not self.chances(1.0 if answered else self.a.calls_again_abandoned):
                break
        person.issue = None

    def leave_unfixed(self, person: Person, name: str, failed: bool, lost: float) -> None:
        """An exit that is left unfixed, where there is somewhere to turn to and no other of his is."""
        where = self.company.turn_to(name, failed)
        if where is not None and person.unfixed is None and self.a.unfixed_exit > 0:
            person.unfixed = object()
            self.env.process(self.exit(person, where, lost, self.scenario.journey[name].role))

    def exit(self, person: Person, name: str, lost: float, role: str) -> Iterator[Any]:
        """Contacts without an end, until one solves it."""
        own = person.unfixed
        while True:
            yield self.env.timeout(self.chance.exponential(MONTH / self.a.unfixed_exit))
            _, back = yield from self.contact(person, name, lambda: person.unfixed is own)
            if person.unfixed is not own:
                return
            if back:
                self.give_back(person, role, back * lost)
                person.unfixed = None
                return

    def give_back(self, person: Person, role: str, points: float) -> None:
        """What recovery returns, in S and in the role in which it was lost."""
        person.satisfaction["all"] += points
        person.satisfaction[role] += points

    # --- one contact --------------------------------------------------------------------------------------

    def contact(self, person: Person, name: str, cares: Callable[[], bool]) -> Iterator[Any]:
        """One contact: (answered, share of what was lost that it returns); ends early for who cares no more."""
        desk = self.scenario.journey[name].staffed
        if desk:
            yield self.env.timeout(self.arrival(name) - self.env.now)
        if not cares():
            return False, 0.0
        self.own_calls += 1
        if desk is None:
            self.visit(person, name, self.a.quiet_days)
            return True, self.solved(name)
        return (yield from self.line(name, person, cares))

    def solved(self, name: str) -> float:
        """Share of the satisfaction lost that this contact returns: all by an exception, rho if settled, else none."""
        exceptions, resolves = self.company.solves(name, self.day)
        draw = self.chance.random()
        if draw < exceptions:
            return 1.0
        if draw >= exceptions + (1 - exceptions) * resolves:
            return 0.0
        policies = self.company.lever("policies", self.day)
        return float(contacts.returned(policies, self.a.recovery, self.a.recovery_by_policy))

    def arrival(self, name: str) -> float:
        """When a call made now arrives: at once while open, else at an even time of the next opening."""
        day, moment = divmod(self.env.now, 1.0)
        opens, closes = self.company.hours(name, int(day))
        if opens <= moment < closes:
            return self.env.now
        day += moment >= closes
        opens, closes = self.company.hours(name, int(day))
        return day + self.chance.uniform(opens, closes)

    def line(self, name: str, person: Person | None = None, cares: Callable[[], bool] | None = None) -> Iterator[Any]:
        """In the line of a desk, first come first served, until answered or out of patience, open or not."""
        asked, back = self.env.now, 0.0
        patience = self.company.patience(name, self.day)
        with self.lines[name].request() as turn:
            yield turn | self.env.timeout(self.chance.exponential(patience))
            answered, wait = turn.triggered, self.env.now - asked
            self.calls += 1
            self.abandoned += not answered
            self.waited += wait
            if person is not None and cares():
                if answered:
                    back = self.solved(name)
                    self.visit(person, name, self.a.quiet_days, wait)
                else:
                    self.given_up(person, name, wait)
            if answered:
                handling = self.handling(name)
                self.busy[name][int(asked)] += handling  # docs: belongs to the day it came
                yield self.env.timeout(handling)
        return answered, back

    def given_up(self, person: Person, name: str, wait: float) -> None:
        """docs: nothing is lived; S moves towards S - effort - wait_loss, weight importance x omega."""
        here = self.company.encounter(name, person.segment)
        if here is None:
            return
        _, effort = self.reached_by(person, name)
        loss = effort + float(self.wait_loss(wait, name))
        importance = self.company.number(("journey", name, "importance"), self.day) * here.omega
        # read: each from its own S; an experience that n counts
        for which in (self.scenario.journey[name].role, "all"):
            rate = self.learning_rate(person.experiences[which], importance)
            person.satisfaction[which] -= rate * loss
            person.experiences[which] += 1

    def wait_loss(self, wait: float, name: str) -> float:
        patience = self.company.patience(name, self.day)
        return float(perception.wait_loss(wait, patience, self.a.wait_scale, self.a.free_wait))

    def learning_rate(self, experiences: float, weight: float) -> float:
        a = self.a
        return float(memory.learning_rate(experiences, weight, a.memory_start, a.memory_floor, a.memory_ceiling))

    # --- the desk -----------------------------------------------------------------------------------------

    def handling(self, name: str) -> float:
        """Lognormal with the mean of the desk and the coefficient of variation of call centres."""
        spread = math.log(1 + self.a.handling_cv**2)
        mean = self.company.number(("journey", name, "staffed", "handling"), self.day)
        return float(self.chance.lognormal(math.log(mean) - spread / 2, math.sqrt(spread)))

    def outside_callers(self, name: str) -> Iterator[Any]:
        """Callers from outside the model, evenly over the opening hours; they do not call again."""
        for day in range(math.ceil(self.horizon)):
            opens, closes = self.company.hours(name, day)
            rate = self.company.number(("journey", name, "staffed", "other_calls"), day)
            for moment in np.sort(self.chance.uniform(opens, closes, self.chance.poisson(rate * (closes - opens)))):
                yield self.env.timeout(day + moment - self.env.now)
                self.outside += 1
                self.env.process(self.line(name))

    def staffing(self, name: str) -> Iterator[Any]:
        """People come and go at the start of an initiative; who is being served is served."""
        for when, agents in self.company.switches(("journey", name, "staffed", "agents")):
            yield self.env.timeout(when - self.env.now)
            self.lines[name]._capacity = agents
            self.lines[name]._trigger_put(None)

    def open_time(self, name: str, day: int) -> float:
        """Agent-days that a desk is open on a day."""
        opens, closes = self.company.hours(name, day)
        return self.company.number(("journey", name, "staffed", "agents"), day) * (closes - opens)

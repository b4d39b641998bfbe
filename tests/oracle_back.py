"""What the oracle's company does back, by replication: overwork wears people, the closed loop lifts what it hears of.

docs, "What the company does back". Knows touchpoints and days; who was heard is told by the world.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from oracle_person import Person

from cxmodel.arrays import MONTH
from cxmodel.model import closed_loop, strain

if TYPE_CHECKING:
    from oracle import World
else:
    World = object


class Back(World):
    """The side of a world on which the company answers to what it causes."""

    def set_out(self) -> None:
        """Nothing worn, nothing heard, nothing lifted."""
        self.kept, self.month_day = 1.0, 0  # of the people lever; first day of the month
        self.said: dict[str, list[float]] = defaultdict(list)  # weighted gaps heard since the last turn
        self.lifts: dict[str, float] = defaultdict(float)
        self.under_way: set[str] = set()
        self.first_actions: float | None = None

    # --- strain -------------------------------------------------------------------------------------------

    def wear(self, begun: float, end: float) -> None:
        """At a month's end: the strain of the days that ended since the last one, and what it leaves of people."""
        days = [day for day in range(math.ceil(self.horizon)) if begun < day + 1 <= end]
        if not self.lines or not days:
            return
        found = []
        for name in self.lines:
            busy = sum(self.busy[name][day] for day in days) / sum(self.open_time(name, day) for day in days)
            found.append(float(strain.strain(100 * busy, self.a.strain_from)))
        self.kept = float(strain.worn(self.kept, float(np.mean(found)), self.today.strain, self.a.strain_wear))
        self.month_day = min(int(end), math.ceil(self.horizon) - 1)

    def shifts(self, name: str, needs: tuple[str, ...]) -> Any:
        """Points that wear and lifts add to the levels of a touchpoint; a price has neither."""
        if self.kept == 1 and not self.lifts[name]:
            return 0.0
        delivered = self.scenario.journey[name].delivers
        return np.array([self.shift(name, need) if need in delivered else 0.0 for need in needs])

    def shift(self, name: str, attribute: str) -> float:
        """docs: Q + wear + lift, the lift's room counted from Q without wear."""
        worn = self.company.worn(name, attribute, self.month_day, self.kept) if self.kept < 1 else 0.0
        level, need = self.company.level(name, attribute, self.day), self.company.need(attribute, self.day)
        return worn + float(closed_loop.lifted(level, need, self.lifts[name]))

    def failing(self, name: str) -> float:
        """How often a touchpoint fails today."""
        rate = self.company.fails(name, self.day)
        if self.kept < 1:
            rate += self.company.worn_fails(name, self.month_day, self.kept)
        return min(1.0, rate)

    # --- the closed loop ----------------------------------------------------------------------------------

    def setting(self, name: str) -> Any:
        """A setting of the loop on this day."""
        return self.company.number(("closed_loop", name), self.day)

    def hear_of(self, name: str, gap: float) -> None:
        """After a judged visit some answer, and their gap is heard with an error."""
        if self.scenario.closed_loop is None or self.scenario.journey[name].stage in ("leave", "return"):
            return
        response, questions = self.setting("response"), self.setting("questions")  # read: of the day of the visit
        if self.chances(float(closed_loop.answering(response, questions, self.a.survey_length))):
            self.said[name].append(gap + self.chance.normal(0.0, self.a.score_noise))

    def turns(self) -> list[float]:
        """docs: the loop turns at multiples of `every` (as it is that day) from day 0 on, first after one `every`."""
        if self.scenario.closed_loop is None:
            return []
        found = []
        for day in range(math.ceil(self.horizon)):
            every = self.company.number(("closed_loop", "every"), day)
            first = max(1, math.ceil(day / every - 1e-9))
            found += [k * every for k in range(first, math.ceil((day + 1) / every - 1e-9))]
        return [time for time in found if time <= self.horizon]

    def calendar(self) -> Iterator[Any]:
        """docs: at one moment actions completed, then the turn of the loop, then the month's end."""
        agenda: list[tuple[float, int, float, Any]] = [(round(time, 6), 1, time, None) for time in self.turns()]
        for month in range(math.ceil(self.horizon / MONTH - 1e-9)):
            end = min((month + 1) * MONTH, self.horizon)
            agenda.append((round(end, 6), 2, end, month))
        heapq.heapify(agenda)
        self.begin_month()
        while agenda:
            _, what, time, detail = heapq.heappop(agenda)
            yield self.env.timeout(max(0.0, time - self.env.now))
            if what == 0:
                self.complete(*detail)
            elif what == 2:
                self.end_month(detail * MONTH, time)
            else:
                for name, lift in self.turn():
                    done = time + self.setting("deadline")
                    if done <= self.horizon:
                        told = bool(self.setting("tell_customers"))
                        heapq.heappush(agenda, (round(done, 6), 0, done, (name, lift, told)))

    def turn(self) -> list[tuple[str, float]]:
        """The worst heard of get an action each: touchpoint, and the lift if it will be completed."""
        heard = {name: float(np.mean(gaps)) for name, gaps in self.said.items()}
        self.said.clear()
        free = [name for name in self.in_order if heard.get(name, 0.0) > 0 and name not in self.under_way]
        actions = self.setting("actions")
        if actions and self.first_actions is None:
            self.first_actions = self.env.now
        # read: an action is under way until its deadline, whether it will be completed or not
        begun = sorted(free, key=lambda name: -heard[name])[:actions]
        self.under_way |= set(begun)
        return [(name, self.setting("lift") if self.chances(self.completing()) else 0.0) for name in begun]

    def completing(self) -> float:
        """Probability that an action is completed."""
        months = 0.0
        if not self.setting("tell_team") and self.first_actions is not None:
            months = (self.env.now - self.first_actions) / MONTH
        practices, words = self.company.lever("practices", self.day), self.setting("share_words")
        return float(closed_loop.completing(practices, words, months, self.a.loop_words, self.a.loop_fading))

    def complete(self, name: str, lift: float, told: bool) -> None:
        """The deadline of an action: if it was completed its touchpoint is lifted, and customers may be told."""
        self.under_way.discard(name)
        self.lifts[name] += lift
        if not lift or not told:
            return
        delivered = self.scenario.journey[name].delivers
        for person in self.people:
            here = self.company.encounter(name, person.segment)
            if person.state == "customer" and here is not None:
                own = [k for k, need in zip(here.needs, here.names, strict=True) if need in delivered]
                person.will[own] = np.minimum(100.0, person.will[own] + self.a.loop_told)

    # --- the company's own survey -------------------------------------------------------------------------

    def survey(self, begun: float, end: float) -> None:
        """docs: held at the first month's end on or after each multiple of `survey.every`."""
        if not falls_due(self.company.number(("survey", "every"), self.day), begun, end):
            return
        scores = []
        response, questions = (self.company.number(("survey", part), self.day) for part in ("response", "questions"))
        for person in self.people:
            if person.state == "customer":
                own = self.response_rate(person, response)
                if self.chances(float(closed_loop.answering(own, questions, self.a.survey_length))):
                    scores.append(person.satisfaction["all"] + self.chance.normal(0.0, self.a.score_noise))
        votes = [(score >= self.a.promoter_from) - int(score <= self.a.detractor_to) for score in scores]
        self.measured = 100 * float(np.mean(votes)) if votes else math.nan

    def response_rate(self, person: Person, usual: float) -> float:
        own = self.scenario.segments[person.segment].response_rate
        return usual if own is None else self.company.number(("segments", person.segment, "response_rate"), self.day)


def falls_due(every: float, begun: float, end: float) -> bool:
    """Does a multiple of so many days fall after the last month's end and up to this one?"""
    return math.floor(end / every + 1e-9) > math.floor(begun / every + 1e-9)

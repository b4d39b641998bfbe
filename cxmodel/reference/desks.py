"""Staffed desks: a line, first come first served, with agents, handling time, patience and opening hours (equation 8).

The agents of a desk are a SimPy resource. Knows no customers, only calls. Times in days.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, Final

import numpy as np
import simpy

from cxmodel.engine.inputs.company import Staffing
from cxmodel.reference.person import Call
from cxmodel.vocabulary import Floats

Events = Generator[simpy.Event, Any, None]
CALLER, OFF_DUTY = 1, 0
"""Priorities with which agents are taken: who goes off duty does not take one more call."""
CALLS_PLAYED: Final = 20_000
"""Calls that a desk of today is played for, to learn what waits it offers."""
DAYS_PLAYED: Final = (20, 1000)
"""Days that it is played for at the least and at the most."""
PROBES: Final = 5_000
"""Waits that are learned."""


def roster_day(staffing: Staffing, time: float) -> int:
    """The day of the roster that holds at a time; in the past that of today."""
    return min(max(int(time), 0), len(staffing.agents) - 1)


def hours_of(staffing: Staffing, day: int) -> tuple[float, float, float]:
    """Until when on a day the opening of the day before lasts, when the day opens and closes.

    In the past every week is that of today.
    """
    if 0 <= day < len(staffing.opens):
        return float(staffing.until[day]), float(staffing.opens[day]), float(staffing.closes[day])
    until, opens, closes = staffing.week[day % 7].tolist()
    return until, opens, closes


def opening(staffing: Staffing, time: float, chance: np.random.Generator) -> float:
    """When a call that somebody makes at `time` arrives: at once, or at an even time of the next opening."""
    day = int(np.floor(time))
    until, opens, closes = hours_of(staffing, day)
    if time - day < until or opens <= time - day < closes:
        return time
    if time - day >= closes:
        day += 1
    while opens_at(staffing, day) is None:
        day += 1
    _, opens, closes = hours_of(staffing, day)
    lasts = hours_of(staffing, day + 1)[0] if closes == 1 else 0.0
    return day + float(chance.uniform(opens, closes + lasts))


def opens_at(staffing: Staffing, day: int) -> float | None:
    """When a desk opens on a day; None where it does not."""
    _, opens, closes = hours_of(staffing, day)
    return opens if opens < closes else None


def patience(staffing: Staffing, time: float, chance: np.random.Generator) -> float:
    """How long a caller waits before he gives up: exponential."""
    return float(chance.exponential(staffing.patience[roster_day(staffing, time)]))


def handling(staffing: Staffing, time: float, cv: float, chance: np.random.Generator) -> float:
    """How long a call takes once it is answered: lognormal, `cv` its sd over its mean."""
    variance = np.log1p(cv**2)
    mean = staffing.handling[roster_day(staffing, time)]
    return float(mean * chance.lognormal(-variance / 2, np.sqrt(variance)))


class Desk:
    """The agents of one desk and those who call it from outside."""

    def __init__(
        self, clock: simpy.Environment, staffing: Staffing, cv: float, chance: np.random.Generator, number: int = 0
    ) -> None:
        self.clock, self.staffing, self.cv, self.chance, self.number = clock, staffing, cv, chance, number
        self.agents = simpy.PriorityResource(clock, int(staffing.agents.max()))
        for number in range(int(staffing.agents.min()), int(staffing.agents.max())):
            clock.process(self.off_duty(number))

    def off_duty(self, number: int) -> Events:
        """An agent is away as long as the roster has no place for him; he comes and goes at midnight."""
        absent = np.concatenate([[False], number >= self.staffing.agents, [False]])
        for since, until in np.flatnonzero(np.diff(absent)).reshape(-1, 2).tolist():
            yield self.clock.timeout(since - self.clock.now)
            with self.agents.request(priority=OFF_DUTY):
                yield self.clock.timeout(until - self.clock.now)

    def call(self, patience: float, handling: float, hang_up: Callable[[Call], None]) -> Events:
        """One call: the first agent to be free takes it, unless patience ends before; who waits at closing is served.

        `hang_up` is told how it went as soon as the wait is over.
        """
        came = self.clock.now
        with self.agents.request(priority=CALLER) as turn:
            if not turn.triggered:
                yield turn | self.clock.timeout(patience)
            call = Call(self.clock.now - came, not turn.triggered, handling)
            hang_up(call)
            if not call.gave_up:
                yield self.clock.timeout(handling)

    def outside_callers(self, more: float, end: float, note: Callable[[float, Call], None]) -> Events:
        """Callers from outside, and `more` a day, come evenly while the desk is open; they do not call again.

        `note` is told when each came, and how it went.
        """
        staffing, day = self.staffing, 0
        while day < end:
            until, opens, closes = hours_of(staffing, day)
            hours = closes - opens + until
            calls = staffing.callers[roster_day(staffing, day)] * hours + more * (hours / staffing.open_today)
            for time in self.evenly(day, float(calls)):
                if time >= end:
                    return
                yield self.clock.timeout(time - self.clock.now)
                waits, takes = patience(staffing, time, self.chance), handling(staffing, time, self.cv, self.chance)
                self.clock.process(self.call(waits, takes, lambda call, came=time: note(came, call)))  # type: ignore[misc]
            day += 1

    def evenly(self, day: int, mean: float) -> list[float]:
        """Times of a Poisson number of calls, evenly over the hours of a day at which the desk is open."""
        until, opens, closes = hours_of(self.staffing, day)
        times = np.sort(self.chance.uniform(opens - until, closes, self.chance.poisson(mean)))
        return (day + np.where(times < opens, times - opens + until, times)).tolist()  # type: ignore[no-any-return]


def offered_waits(staffing: Staffing, own: float, cv: float, chance: np.random.Generator) -> Floats:
    """Waits that a desk offers who calls it today and adds nothing to its load [days]; a sample.

    Its load is the callers from outside and `own` contacts of customers a day. Callers who wait for ever and then take
    no time find out: what they waited is what anybody would have had to wait.
    """
    calls = float(staffing.callers[0] * staffing.open_today) + own
    if calls <= 0:
        return np.zeros(1)
    days = int(np.clip(CALLS_PLAYED / calls, *DAYS_PLAYED))
    clock, waits = simpy.Environment(), list[float]()
    desk = Desk(clock, staffing, cv, chance)

    def probes() -> Events:
        for day in range(days // 10, days):  # it opens empty, and needs some time to be as it usually is
            until, opens, closes = hours_of(staffing, day)
            share = (closes - opens + until) / staffing.open_today
            for time in desk.evenly(day, PROBES / (days - days // 10) * share):
                yield clock.timeout(time - clock.now)
                clock.process(desk.call(np.inf, 0.0, lambda call: waits.append(call.waited)))

    clock.process(desk.outside_callers(own, days, lambda came, call: None))
    clock.process(probes())
    clock.run()
    return np.array(waits or [0.0])

"""One company and its people, on a clock kept by SimPy; a large one is moved by several threads at once.

Two kinds of process live on the clock: the journeys, month by month, and what the company does at its own times.
Between two of its moments compiled code moves the people, who do not know of each other but through desks, word of
mouth and the company. The same bits for any period and any split among threads.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import simpy

from cxmodel.engine.accumulators import Sums, add, nothing
from cxmodel.engine.closed_loop import ClosedLoop
from cxmodel.engine.desks import open_desks
from cxmodel.engine.initial_state import Start, State
from cxmodel.engine.inputs.closed_loop import LoopPlan, plan_of
from cxmodel.engine.inputs.survey import survey_every
from cxmodel.engine.inputs.world import World
from cxmodel.engine.journeys import NOBODY, live_until, move
from cxmodel.engine.months import end_month, falls_due, note_start
from cxmodel.engine.population import NEVER, UNAWARE, People, blank, entrants, greet, months_of
from cxmodel.engine.strain import Strain, StrainTables
from cxmodel.engine.tables import Tables, tables
from cxmodel.model import adoption
from cxmodel.vocabulary import MONTH, Floats

PERIOD: Final = np.inf
"""Days that journeys are moved on at a time, a month at most: a cost knob, no result depends on it."""
CHUNK: Final = 65536
"""People of a replication that one thread moves at a time. A cost knob."""
MOMENTS: Final = np.linspace(0.0, MONTH, 33)
"""Days of a month at which the spread of awareness is evaluated."""

Event = simpy.events.Event
ShareDone = Callable[[float], None]
"""Told the share of the horizon that is done; may raise to end it."""


@dataclass(frozen=True)
class Inputs:
    """What a run is made from, but for its luck: a world under a plan, and where it starts from."""

    world: World
    start: Start
    tables: Tables = field(init=False, repr=False)
    strain: StrainTables | None = field(init=False, repr=False)
    survey: Floats = field(init=False, repr=False)
    loop: LoopPlan | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tables", tables(self.world, self.start.today))
        object.__setattr__(self, "strain", StrainTables.of(self.world, self.start.today))
        object.__setattr__(self, "survey", survey_every(self.world))
        object.__setattr__(self, "loop", plan_of(self.world))


@dataclass
class Replication:
    """One company and its people, as they end."""

    inputs: Inputs
    seed: int
    number: int
    people: People
    sums: Sums
    outside: int  # prospects who will not enter within the horizon
    first: list[int]  # row of the first person of each segment, and the number of rows
    exposure: Floats  # (S,) to Bass adoption so far

    @classmethod
    def of(cls, inputs: Inputs, seed: int, number: int, customers: State, pages: int = 0) -> Replication:
        """The company at time 0 with its customers of today; `pages` of a diary."""
        world, w = inputs.world, inputs.tables
        segments = list(world.scenario.segments.values())
        entering = [entrants(world, s, seed, number) for s in range(len(segments))]
        sizes = [each.customers + len(new.key) for each, new in zip(segments, entering, strict=True)]
        first = [0, *np.cumsum(sizes).tolist()]
        people = blank(w, first[-1])
        begun = 0
        for s, (segment, new) in enumerate(zip(segments, entering, strict=True)):
            own = State(*(part[begun : begun + segment.customers] for part in customers))
            _rerouted(inputs, own).put(people, first[s])
            greet(w, people, s, first[s] + segment.customers, new.key, new.time, new.threshold)
            begun += segment.customers
        open_desks(w, people, np.uint64(seed), number)
        outside = sum(each.prospects - len(new.key) for each, new in zip(segments, entering, strict=True))
        sums = nothing(w, months_of(world.scenario.horizon), first[-1], pages)
        return cls(inputs, seed, number, people, sums, outside, first, np.zeros(len(segments)))

    def play(self, period: float = PERIOD, threads: int = 1, progress: ShareDone | None = None) -> None:
        """Everybody lives up to the horizon."""
        clock = simpy.Environment()
        with Crew(self, threads) as crew:
            clock.process(self._month_by_month(clock, crew, period, progress))
            clock.run()

    def _month_by_month(
        self, clock: simpy.Environment, crew: Crew, period: float, progress: ShareDone | None
    ) -> Generator[Event, None, None]:
        inputs, people, sums, w = self.inputs, self.people, self.sums, self.inputs.tables
        world, horizon, since = inputs.world, inputs.world.scenario.horizon, 0.0
        loop = None if inputs.loop is None else ClosedLoop.of(world, inputs.loop, self.seed, self.number)
        strain = None if inputs.strain is None else Strain(inputs.strain)
        note_start(w, people, sums)
        self._spread(0, 0.0)
        for month in range(months_of(horizon)):
            until = min((month + 1) * MONTH, horizon)
            yield clock.process(self._live(clock, crew, loop, month, until, period))
            every = float(inputs.survey[min(int(until), world.days - 1)])
            surveyed = bool(falls_due(every, since, until))
            net = end_month(w, people, sums, month, since, until, self.outside, surveyed)
            self._spread(month + 1, net)
            if strain is not None:
                strain.end(until, people, sums)
            since = until
            if progress is not None:
                progress(until / horizon)

    def _live(
        self, clock: simpy.Environment, crew: Crew, loop: ClosedLoop | None, month: int, end: float, period: float
    ) -> Generator[Event, None, None]:
        """The month's journeys, and what the closed loop does meanwhile."""
        while clock.now < end:
            until = min(end, float(np.floor(clock.now / period + 1e-9) + 1) * period)
            if loop is not None:
                until = min(until, loop.next)
            yield clock.timeout(until - clock.now)
            crew.live_until(month, until)
            if loop is not None:
                loop.happen(until, self.people, self.sums)

    def _spread(self, month: int, net_talk: float) -> None:
        """Who becomes aware in the coming month, by themselves and from others (equation 11, Bass)."""
        world, begins = self.inputs.world, month * MONTH
        if begins >= world.scenario.horizon:
            return
        for s, segment in enumerate(world.scenario.segments.values()):
            if (bass := world.bass[s]) is None:
                continue
            rows = slice(self.first[s] + segment.customers, self.first[s + 1])
            people, due = self.people.person[rows], self.people.due[rows, 0]
            waiting = (people["status"] == UNAWARE) & (due == NEVER)
            aware = (len(people) - waiting.sum()) / max(segment.prospects, 1)
            p, q = bass[:, min(int(begins), world.days - 1)]
            growth = adoption.bass_exposure(MOMENTS, aware, p, q * (1 + net_talk)) + self.exposure[s]
            enters = waiting & (people["threshold"] < growth[-1])
            due[enters] = begins + np.interp(people["threshold"][enters], growth, MOMENTS)
            self.exposure[s] = growth[-1]


class Crew:
    """The threads that move the people of one replication, in chunks, each with a book of sums of its own."""

    def __init__(self, replication: Replication, threads: int) -> None:
        self.replication = replication
        n, w = len(replication.people.person), replication.inputs.tables
        self.starts = np.arange(0, n, CHUNK) if threads > 1 and n > CHUNK else np.zeros(0, np.int64)
        self.books = [nothing(w, len(replication.sums.visits)) for _ in self.starts]
        self.pool = ThreadPoolExecutor(threads) if len(self.starts) else None

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        if self.pool is not None:
            self.pool.shutdown()

    def live_until(self, month: int, until: float) -> None:
        """Everything that happens before `until`."""
        people, sums, w = self.replication.people, self.replication.sums, self.replication.inputs.tables
        if self.pool is None:
            move(w, people, sums, month, until)
            return

        def alone(chunk: int) -> int:
            begin = int(self.starts[chunk])
            end = min(begin + CHUNK, len(people.person))
            return int(live_until(w, people, self.books[chunk], month, until, begin, end, NOBODY, 0))

        callers = np.array(list(self.pool.map(alone, range(len(self.starts)))), dtype=np.int64)
        live_until(w, people, sums, month, until, 0, 0, callers, CHUNK)
        for book in self.books:
            add(sums, book)


def _rerouted(inputs: Inputs, state: State) -> State:
    """Customers of today who are in the middle of onboarding, at the same visit of the plan's journey."""
    now, then = inputs.world.route, inputs.start.world.route
    if np.array_equal(now.onboarding, then.onboarding):
        return state
    at = {(int(t), int(n)): visit for visit, (t, n) in enumerate(zip(now.onboarding, now.ordinal, strict=True))}
    visits = [at[int(t), int(n)] for t, n in zip(then.onboarding, then.ordinal, strict=True)]
    coming = state.coming.copy()
    coming["count"][:, 0] = np.array([*visits, len(now.onboarding)])[np.minimum(coming["count"][:, 0], len(visits))]
    return state._replace(coming=coming)

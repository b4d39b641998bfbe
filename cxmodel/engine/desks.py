"""Staffed desks: exact first come, first served, with agents, handling time, patience and opening hours.

A line is one desk in all replications. Callers from outside the model are laid out day by day and served ahead of
time; a customer's call is then inserted at its moment, and later callers are served again until nothing differs.
Desks empty overnight: who waits at closing is served, nobody arrives before opening.
"""

from bisect import bisect_left, insort
from dataclasses import dataclass, field
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxmodel.engine.luck import Purpose
from cxmodel.engine.world import Staffing

BLOCK = 28
"""Days of outside callers that are laid out at a time."""
_AFTER_ALL = 1e18
_EXACT = 2.0**30

Column = NDArray[Any]


def lognormal(cv: float, normals: Column) -> Column:
    """Lognormal draws of mean 1 and this coefficient of variation."""
    variance = np.log1p(cv * cv)
    return np.exp(np.sqrt(variance) * normals - variance / 2)


class _Block:
    """Outside callers of some days; a lane is a day of one replication, callers of a lane stand in a row.

    Waits are the patience of those who gave up, whose service ends at -inf. Columns are (lanes, callers) arrays;
    a single caller is read and written through memory views of them, which is what makes a call cheap.
    """

    def __init__(self, first_day: int, arrives: Column, handling: Column, patience: Column, agents: Column) -> None:
        self.first_day, self.width = first_day, arrives.shape[1]
        self.arrives, self.handling, self.patience = arrives, handling, patience
        self.ends, self.waits = served(arrives, handling, patience, agents)
        taken = np.where(arrives < _AFTER_ALL, self.ends - arrives, 0.0)
        self.longest: list[float] = taken.max(1, initial=0.0).tolist()  # time in the desk's hands, per lane
        self.own: dict[int, list[float]] = {}  # ends of service of customers' calls, per lane
        self.views = tuple(
            memoryview(column.reshape(-1)) for column in (arrives, handling, patience, self.ends, self.waits)
        )

    def arrive(
        self, lane: int, agents: int, time: float, handling: float, patience: float
    ) -> tuple[float, bool]:
        """A customer's call: (days waited, whether given up)."""
        arrives, ends = self.views[0], self.views[3]
        first = lane * self.width
        place = bisect_left(arrives, time, first, first + self.width)
        earliest = time - self.longest[lane]
        busy = []
        before = place - 1
        while before >= first and arrives[before] >= earliest:
            end = ends[before]
            if end > time:
                busy.append(end)
            before -= 1
        own = self.own.setdefault(lane, [])
        busy += [end for end in own if end > time]
        busy.sort()
        busy = busy[-agents:]
        full = len(busy) == agents
        begins = busy[0] if full else time
        if begins - time > patience:
            return patience, True
        end = begins + handling
        own.append(end)
        after = busy[1:] if full else busy[:]
        insort(after, end)
        self._serve_again(lane, place, agents, busy, after)
        return begins - time, False

    def _serve_again(self, lane: int, place: int, agents: int, old: list[float], new: list[float]) -> None:
        """Serve outside callers from `place` on until the line is as it was: `old`, `new` are ends of service."""
        arrivals, handlings, patiences, ends, waits = self.views
        longest = self.longest[lane]
        for caller in range(place, (lane + 1) * self.width):
            arrives = arrivals[caller]
            while old and old[0] <= arrives:
                del old[0]
            while new and new[0] <= arrives:
                del new[0]
            if old == new:
                break
            end = ends[caller]
            if end > arrives:
                if len(old) == agents:
                    del old[0]
                insort(old, end)
            begins = arrives if len(new) < agents else new[0]
            if begins - arrives <= patiences[caller]:
                if len(new) == agents:
                    del new[0]
                end = begins + handlings[caller]
                insort(new, end)
                ends[caller], waits[caller] = end, begins - arrives
                longest = max(longest, end - arrives)
            else:
                ends[caller], waits[caller] = -inf, patiences[caller]
        self.longest[lane] = longest


@dataclass
class Line:
    """One desk in all pooled replications."""

    number: int
    staffing: Staffing
    cv: float
    seed: int
    replications: range
    horizon: float
    blocks: dict[int, _Block] = field(default_factory=dict)

    def __post_init__(self) -> None:
        days = len(self.staffing.agents)
        shape = (len(self.replications), days)
        self.calls, self.abandoned = np.zeros(shape), np.zeros(shape)
        self.waiting, self.busy = np.zeros(shape), np.zeros(shape)  # days
        self.agents: list[int] = self.staffing.agents.tolist()
        self.counted: set[int] = set()
        self.noted: list[tuple[Column, ...]] = []

    def opening(self, time: Column, chance: Column) -> Column:
        """When a call made at `time` arrives: at once, or at an even time of the next opening."""
        day, clock = np.floor(time), time % 1.0
        opens, closes = self.staffing.opens, self.staffing.closes
        closed = (clock < opens) | (clock >= closes)
        later = day + (clock >= closes) + opens + chance * (closes - opens)
        return np.where(closed, later, time)

    def arrive(self, replication: int, time: float, handling: float, patience: float) -> tuple[float, bool]:
        """One customer's call takes its place: (days waited, whether given up). Calls come in order of time."""
        day = int(time)
        block = self.blocks.get(day // BLOCK) or self._block(day // BLOCK)
        lane = replication * BLOCK + day - block.first_day
        return block.arrive(lane, self.agents[day], time, handling, patience)

    def note(self, replication: Column, time: Column, waited: Column, abandoned: Column, handling: Column) -> None:
        """Keep customers' calls and what became of them until they are counted."""
        self.noted.append((replication, time, waited, abandoned, handling))

    def _count_own(self) -> None:
        if not self.noted:
            return
        replication, time, waited, abandoned, handling = (np.concatenate(c) for c in zip(*self.noted, strict=True))
        self.noted = []
        place = replication * self.calls.shape[1] + time.astype(np.int64)
        for total, values in (
            (self.calls, np.ones(len(place))),
            (self.abandoned, abandoned),
            (self.waiting, _exact(waited)),
            (self.busy, np.where(abandoned, 0.0, _exact(handling))),
        ):
            total += np.bincount(place, weights=values, minlength=total.size).reshape(total.shape)

    def close(self, until: float) -> None:
        """Count customers' calls, and outside callers of all days before `until`; their blocks are done with."""
        self._count_own()
        last = int(np.ceil(until)) // BLOCK
        for number in range(len(self.staffing.agents) // BLOCK + 1 if until >= self.horizon else last):
            if number not in self.counted:
                self._count(self._block(number))
                self.blocks.pop(number)
                self.counted.add(number)

    def _count(self, block: _Block) -> None:
        came = block.arrives < self.horizon
        given_up = came & (block.ends < 0)
        served = came & ~given_up
        days = min(BLOCK, self.calls.shape[1] - block.first_day)
        span = slice(block.first_day, block.first_day + days)
        for total, values in (
            (self.calls, came),
            (self.abandoned, given_up),
            (self.waiting, np.where(came, _exact(block.waits), 0.0)),
            (self.busy, np.where(served, _exact(block.handling), 0.0)),
        ):
            total[:, span] += values.sum(1).reshape(len(self.replications), BLOCK)[:, :days]

    def _block(self, number: int) -> _Block:
        if number not in self.blocks:
            self.blocks[number] = self._laid_out(number)
        return self.blocks[number]

    def _laid_out(self, number: int) -> _Block:
        """Outside callers of a block, served as if no customer called."""
        first = number * BLOCK
        staffing, days = self.staffing, np.arange(first, first + BLOCK)
        known = np.minimum(days, len(staffing.agents) - 1)
        length = staffing.closes - staffing.opens
        rates = staffing.callers[known]
        moments = [self._callers(replication, number, rates * length) for replication in self.replications]
        counts = np.concatenate([np.bincount(np.floor(m[0]).astype(int), minlength=BLOCK) for m in moments])
        filled = np.arange(counts.max(initial=0)) < counts[:, None]
        arrives = np.full(filled.shape, _AFTER_ALL)
        handling, patience = np.zeros(filled.shape), np.zeros(filled.shape)
        place = np.concatenate([m[0] for m in moments])
        day = np.floor(place)
        arrives[filled] = first + day + staffing.opens + (place - day) * length
        day_of = known[day.astype(int)]
        handling[filled] = np.concatenate([m[1] for m in moments]) * staffing.handling[day_of]
        patience[filled] = np.concatenate([m[2] for m in moments]) * staffing.patience[day_of]
        agents = np.tile(staffing.agents[known], len(self.replications))
        return _Block(first, arrives, handling, patience, agents)

    def _callers(self, replication: int, number: int, loads: Column) -> tuple[Column, Column, Column]:
        """Outside callers of one replication: place (day + share of opening), handling and patience of mean 1."""
        key = (self.seed & (2**64 - 1), (Purpose.CALLERS << 48) + (self.number << 40) + (replication << 16) + number)
        generator = np.random.Generator(np.random.Philox(key=np.array(key, dtype=np.uint64)))
        total = float(loads.sum())
        if total <= 0:
            return np.empty(0), np.empty(0), np.empty(0)
        most = int(total + 8 * np.sqrt(total) + 16)
        reached = np.cumsum(generator.standard_exponential(most))
        reached = reached[reached < total]
        exposure = np.concatenate([[0.0], np.cumsum(loads)])
        place = np.interp(reached, exposure, np.arange(len(exposure)))
        n = len(place)
        handling = lognormal(self.cv, generator.standard_normal(n))
        return np.minimum(place, np.nextafter(len(loads), 0)), handling, generator.standard_exponential(n)


def served(arrives: Column, handling: Column, patience: Column, agents: Column) -> tuple[Column, Column]:
    """Ends and waits (lanes, callers) of lines that begin each day empty; `agents` per lane.

    Who gives up has end -inf and his patience for a wait.
    """
    ends, waits = arrives + handling, np.zeros(arrives.shape)
    lanes = np.flatnonzero(_crowded(arrives, ends, agents))
    if not len(lanes):
        return ends, waits
    t, s, p = (np.ascontiguousarray(column[lanes].T) for column in (arrives, handling, patience))
    most = int(agents[lanes].max())
    free = np.where(np.arange(most)[:, None] < agents[lanes], 0.0, _AFTER_ALL)
    new_ends, new_waits = np.empty(t.shape), np.empty(t.shape)
    for j in range(len(t)):
        begins = np.maximum(free[0], t[j])
        wait = begins - t[j]
        patient = wait <= p[j]
        moved = np.where(patient, begins + s[j], free[0])
        new_ends[j] = np.where(patient, moved, -np.inf)
        new_waits[j] = np.where(patient, wait, p[j])
        for agent in range(most - 1):
            following = free[agent + 1]
            free[agent], moved = np.minimum(moved, following), np.maximum(moved, following)
        free[-1] = moved
    ends[lanes], waits[lanes] = new_ends.T, new_waits.T
    return ends, waits


def _crowded(arrives: Column, ends: Column, agents: Column) -> Column:
    """Lanes in which someone would find every agent busy."""
    crowded = np.zeros(len(arrives), dtype=bool)
    for number in np.unique(agents):
        lanes = np.flatnonzero(agents == number)
        if number >= arrives.shape[1]:
            continue
        freed = np.sort(ends[lanes], axis=1)[:, :-number]
        later = arrives[lanes][:, number:]
        crowded[lanes] = ((freed > later) & (later < _AFTER_ALL)).any(1)
    return crowded


def _exact(value: Any) -> Any:
    """Values rounded so that their sums do not depend on the order of adding."""
    return np.rint(np.asarray(value) * _EXACT) / _EXACT

"""Staffed desks: exact first come, first served, with agents, handling time, patience and opening hours.

A line is one desk in all replications. Callers from outside the model are laid out day by day and served ahead of
time; a customer's call is then inserted at its moment, and later callers are served again until nothing differs.
Desks empty overnight: who waits at closing is served, nobody arrives before opening.
"""

from bisect import insort
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxmodel.engine.luck import Purpose
from cxmodel.engine.world import Staffing

BLOCK = 28
"""Days of outside callers that are laid out at a time."""
_AFTER_ALL = 1e18
_GLANCE = 24
_EXACT = 2.0**30

Column = NDArray[Any]


def lognormal(cv: float, normals: Column) -> Column:
    """Lognormal draws of mean 1 and this coefficient of variation."""
    variance = np.log1p(cv * cv)
    return np.exp(np.sqrt(variance) * normals - variance / 2)


@dataclass
class _Block:
    """Outside callers of some days; a lane is a day of one replication, arrays are (lanes, callers)."""

    first_day: int
    arrives: Column
    handling: Column
    patience: Column
    ends: Column  # when service ends, -inf for who gave up
    waits: Column  # patience for who gave up
    own_ends: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))


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
        block = self._block(day // BLOCK)
        lane = replication * BLOCK + day - block.first_day
        agents = int(self.staffing.agents[day])
        own = block.own_ends[lane]
        arrives, ends = block.arrives[lane], block.ends[lane]
        place = int(arrives.searchsorted(time))
        before = ends[:place]
        busy = before[before > time].tolist()
        if own:
            busy += [end for end in own if end > time]
        busy.sort()
        busy = busy[-agents:]
        begins = time if len(busy) < agents else busy[0]
        self.calls[replication, day] += 1
        if begins - time > patience:
            self.abandoned[replication, day] += 1
            self.waiting[replication, day] += _exact(patience)
            return patience, True
        self.waiting[replication, day] += _exact(begins - time)
        self.busy[replication, day] += _exact(handling)
        after = busy[1:] if len(busy) == agents else busy[:]
        insort(after, begins + handling)
        own.append(begins + handling)
        if place < len(arrives):
            _serve_again(block, lane, place, agents, busy, after)
        return begins - time, False

    def close(self, until: float) -> None:
        """Count the outside callers of all days before `until`; their blocks are done with."""
        last = int(np.ceil(until)) // BLOCK
        for number in range(len(self.staffing.agents) // BLOCK + 1 if until >= self.horizon else last):
            if number not in self._counted:
                self._count(self._block(number))
                self.blocks.pop(number)
                self._counted.add(number)

    @property
    def _counted(self) -> set[int]:
        return self.__dict__.setdefault("counted", set())

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
        lanes = len(self.replications) * BLOCK
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
        block = _Block(first, arrives, handling, patience, np.empty(0), np.empty(0))
        block.ends, block.waits = served(arrives, handling, patience, agents)
        assert block.ends.shape == (lanes, filled.shape[1])
        return block

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


def _serve_again(
    block: _Block, lane: int, place: int, agents: int, old: list[float], new: list[float]
) -> None:
    """Serve outside callers from `place` on until the line is as it was: `old`, `new` are ends of service."""
    while place < block.arrives.shape[1]:
        glance = slice(place, place + _GLANCE)
        columns = (block.arrives, block.handling, block.patience, block.ends)
        for arrives, handling, patience, end in zip(*(c[lane, glance].tolist() for c in columns), strict=True):
            while old and old[0] <= arrives:
                del old[0]
            while new and new[0] <= arrives:
                del new[0]
            if old == new:
                return
            if end > arrives:
                if len(old) == agents:
                    del old[0]
                insort(old, end)
            begins = arrives if len(new) < agents else new[0]
            if begins - arrives <= patience:
                if len(new) == agents:
                    del new[0]
                insort(new, begins + handling)
                block.ends[lane, place], block.waits[lane, place] = begins + handling, begins - arrives
            else:
                block.ends[lane, place], block.waits[lane, place] = -np.inf, patience
            place += 1


def _exact(value: Any) -> Any:
    """Values rounded so that their sums do not depend on the order of adding."""
    return np.rint(np.asarray(value) * _EXACT) / _EXACT

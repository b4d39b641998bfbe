"""Callers from outside the model: when they reach a desk, and how it serves them as if no customer called.

They are laid out in blocks of days. A lane is a day of one replication, replication by replication; every lane begins
empty. Times in days since the start. Knows neither customers nor what is in hand overnight.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import cast

import numpy as np

from cxmodel.arrays import Column
from cxmodel.engine.company import Staffing
from cxmodel.engine.luck import Purpose

BLOCK = 56
"""Days of outside callers that are laid out at a time."""
NOBODY = 1e18
"""Arrival of a caller who does not exist: lanes of a block are of one length."""


class Block:
    """Outside callers of some days: columns (callers, lanes), callers of a lane in order of time.

    Waits are the patience of those who gave up, whose service ends at -inf. Single callers are read and written
    through memory views of their lane, which is what makes a customer's call cheap.
    """

    def __init__(self, first_day: int, arrives: Column, handling: Column, patience: Column, agents: Column) -> None:
        self.first_day, self.lanes = first_day, arrives.shape[1]
        self.columns = (arrives, handling, patience, *served(arrives, handling, patience, agents))
        self.views = [cast("memoryview[float]", column.reshape(-1).data) for column in self.columns]
        spent = np.where(arrives < NOBODY, self.columns[3] - arrives, 0.0)
        self.longest: list[float] = spent.max(0, initial=0.0).tolist()  # from call to end of service, per lane
        self.in_hand: dict[int, list[float]] = {}  # ends of service of customers' calls and of the night, per lane
        self.seen: dict[int, list[memoryview[float]]] = {}

    def lane(self, number: int) -> list[memoryview[float]]:
        """Views of arrivals, handling, patience, ends and waits of a lane."""
        if number not in self.seen:
            self.seen[number] = [view[number :: self.lanes] for view in self.views]
        return self.seen[number]


@dataclass(frozen=True, slots=True)
class Callers:
    """The outside callers of one desk in all pooled replications."""

    desk: int
    staffing: Staffing
    cv: float  # of handling times
    seed: int
    replications: range

    def block(self, number: int) -> Block:
        """The callers of a block of days, served as if no customer called."""
        first, staffing = number * BLOCK, self.staffing
        days = np.arange(first, first + BLOCK)
        known = np.minimum(days, len(staffing.agents) - 1)
        opens = staffing.opens[known]
        length = staffing.closes[known] - opens
        came = [self._drawn(replication, number, staffing.callers[known] * length) for replication in self.replications]
        shape = (max(len(share) for share, _, _ in came), len(came) * BLOCK)
        arrives = np.full(shape, NOBODY)
        handling, patience = np.zeros(shape), np.zeros(shape)
        for r, (share, handled, borne) in enumerate(came):
            place = slice(0, len(share)), slice(r * BLOCK, (r + 1) * BLOCK)
            arrives[place] = np.where(share < 1.0, days + opens + share * length, NOBODY)
            np.multiply(handled, staffing.handling[known], out=handling[place])
            np.multiply(borne, staffing.patience[known], out=patience[place])
        return Block(first, arrives, handling, patience, np.tile(staffing.agents[known], len(came)))

    def _drawn(self, replication: int, block: int, loads: Column) -> tuple[Column, Column, Column]:
        """Share of the opening gone by when they call, handling time and patience of mean 1, each (callers, days).

        A share of 1 or more is nobody. `loads` are callers expected per day (days,).
        """
        key = (
            self.seed & (2**64 - 1),
            (Purpose.CALLERS << 56) + (self.desk << 48) + (replication << 16) + block,
        )
        generator = np.random.Generator(np.random.Philox(key=np.array(key, dtype=np.uint64)))
        most = float(loads.max())
        if most <= 0:
            return (np.zeros((0, BLOCK)),) * 3
        rows = int(most + 3 * np.sqrt(most) + 8)
        reached = np.cumsum(generator.standard_exponential((rows, BLOCK)), axis=0)
        while (reached[-1] < loads).any():
            more = np.cumsum(generator.standard_exponential((rows, BLOCK)), axis=0)
            reached = np.concatenate([reached, reached[-1] + more])
        reached = reached[: int((reached < loads).sum(0).max())]
        share = np.divide(reached, loads, out=np.full(reached.shape, inf), where=loads > 0)
        handling = lognormal(self.cv, generator.standard_normal(share.shape, dtype=np.float32))
        return share, handling, generator.standard_exponential(share.shape, dtype=np.float32)


def lognormal(cv: float, normals: Column) -> Column:
    """Lognormal draws of mean 1 and this coefficient of variation."""
    variance = np.log1p(cv * cv)
    return np.asarray(np.exp(np.sqrt(variance) * normals - variance / 2))


def served(arrives: Column, handling: Column, patience: Column, agents: Column) -> tuple[Column, Column]:
    """Ends and waits (callers, lanes) of lines that begin empty; callers of a lane stand in order of time.

    `agents` per lane. Who gives up has end -inf and his patience for a wait.
    """
    ends, waits = arrives + handling, np.zeros(arrives.shape)
    lanes = _crowded(arrives, ends, agents).nonzero()[0]
    if not len(lanes):
        return ends, waits
    some = slice(None) if len(lanes) == len(agents) else lanes
    t, s, p = arrives[:, some], handling[:, some], patience[:, some]
    most = int(agents[some].max())
    free = np.where(np.arange(most)[:, None] < agents[some], 0.0, NOBODY)
    new_ends, new_waits = np.empty(t.shape), np.empty(t.shape)
    for j in range(len(t)):
        begins = np.maximum(free[0], t[j])
        wait = np.subtract(begins, t[j], out=new_waits[j])
        gives_up = wait > p[j]
        begins += s[j]
        np.copyto(new_ends[j], begins)
        np.copyto(begins, free[0], where=gives_up)
        np.copyto(new_ends[j], -inf, where=gives_up)
        np.copyto(wait, p[j], where=gives_up)
        moved = begins
        for agent in range(most - 1):
            following = free[agent + 1]
            free[agent], moved = np.minimum(moved, following), np.maximum(moved, following)
        free[-1] = moved
    ends[:, some], waits[:, some] = new_ends, new_waits
    return ends, waits


def _crowded(arrives: Column, ends: Column, agents: Column) -> Column:
    """Lanes in which someone would find every agent busy."""
    crowded = np.zeros(len(agents), dtype=bool)
    for number in np.unique(agents):
        lanes = (agents == number).nonzero()[0]
        if number >= len(arrives):
            continue
        later = arrives[number:, lanes]
        quick = ends[:-number, lanes] > later  # a caller still served when the next but so many arrives: look closer
        if quick.any(0).mean() > 0.5 and number <= 2:
            crowded[lanes] = True
            continue
        freed = np.sort(ends[:, lanes], axis=0)[:-number]
        crowded[lanes] = ((freed > later) & (later < NOBODY)).any(0)
    return crowded

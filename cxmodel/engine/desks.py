"""Staffed desks: exact first come, first served, with agents, handling time, patience and opening hours.

A line is one desk in all replications. Callers from outside the model are laid out day by day and served ahead of
time, as if no customer called and each day began empty. What is in hand overnight, and each customer's call at its
moment, is then put in, and later callers are served again until nothing differs any more.
"""

from bisect import bisect_left, insort
from math import inf
from typing import Any

import numpy as np

from cxmodel.arrays import Column
from cxmodel.engine.luck import Purpose
from cxmodel.engine.world import Staffing

BLOCK = 56
"""Days of outside callers that are laid out at a time."""
_NOBODY = 1e18
"""Arrival of a caller who does not exist."""
_EXACT = 2.0**30


def lognormal(cv: float, normals: Column) -> Column:
    """Lognormal draws of mean 1 and this coefficient of variation."""
    variance = np.log1p(cv * cv)
    return np.asarray(np.exp(np.sqrt(variance) * normals - variance / 2))


class Crowded(Exception):
    """Somebody would have had to wait at a desk that was taken to have an agent free for everyone."""


class _Block:
    """Outside callers of some days: columns (callers, lanes), a lane is a day of one replication.

    Waits are the patience of those who gave up, whose service ends at -inf. Single callers are read and written
    through memory views of their lane, which is what makes a customer's call cheap.
    """

    def __init__(self, first_day: int, arrives: Column, handling: Column, patience: Column, agents: Column) -> None:
        self.first_day, self.lanes = first_day, arrives.shape[1]
        self.columns = (arrives, handling, patience, *served(arrives, handling, patience, agents))
        self.views = tuple(memoryview(column.reshape(-1)) for column in self.columns)
        spent = np.where(arrives < _NOBODY, self.columns[3] - arrives, 0.0)
        self.longest: list[float] = spent.max(0, initial=0.0).tolist()  # from call to end of service, per lane
        self.in_hand: dict[int, list[float]] = {}  # ends of service of customers' calls and of the night, per lane

    def lane(self, number: int) -> list[memoryview]:
        """Views of arrivals, handling, patience, ends and waits of a lane."""
        return [view[number :: self.lanes] for view in self.views]


class Line:
    """One desk in all pooled replications; sums are (replications, days), times in days."""

    def __init__(
        self,
        number: int,
        staffing: Staffing,
        cv: float,
        seed: int,
        replications: range,
        horizon: float,
        trusting: bool = False,
    ) -> None:
        self.number, self.staffing, self.cv, self.seed = number, staffing, cv, seed
        self.replications, self.horizon = replications, horizon
        self.days = len(staffing.agents)
        shape = (len(replications), self.days)
        self.calls, self.abandoned = np.zeros(shape), np.zeros(shape)
        self.waiting, self.busy = np.zeros(shape), np.zeros(shape)
        self.agents: list[int] = staffing.agents.tolist()
        self.opens: list[float] = (np.arange(self.days) + staffing.opens).tolist()
        self.blocks: dict[int, _Block] = {}
        self.closed: set[int] = set()
        self.noted: list[tuple[Column, ...]] = []
        load = staffing.callers * staffing.handling
        # taken to have an agent free for everyone until proved otherwise: nobody then has to wait for the desk
        self.roomy = trusting and bool((2 * load + 3 < staffing.agents).all())
        self.late: tuple[Column, Column] = (np.empty(0), np.empty(0))  # calls of last month still in service

    def opening(self, time: Column, chance: Column) -> Column:
        """When a call made at `time` arrives: at once, or at an even time of the next opening."""
        day, clock = np.floor(time), time % 1.0
        opens, closes = self.staffing.opens[self._known(day)], self.staffing.closes[self._known(day)]
        late = clock >= closes
        following = self._known(day + late)
        opens, closes = (
            np.where(late, self.staffing.opens[following], opens),
            np.where(late, self.staffing.closes[following], closes),
        )
        return np.where(late | (clock < opens), day + late + opens + chance * (closes - opens), time)

    def _known(self, day: Column) -> Column:
        return np.minimum(day.astype(np.int64), self.days - 1)

    def arrive(self, replication: int, time: float, handling: float, patience: float) -> tuple[float, bool]:
        """One customer's call takes its place: (days waited, whether given up). Calls come in order of time."""
        day = int(time)
        block = self.blocks.get(day // BLOCK) or self._block(day // BLOCK)
        lane = replication * BLOCK + day - block.first_day
        agents = self.agents[day]
        views = block.lane(lane)
        arrives, ends = views[0], views[3]
        place = bisect_left(arrives, time)
        earliest = time - block.longest[lane]
        in_hand = block.in_hand.setdefault(lane, [])
        busy = [end for end in in_hand if end > time]
        before = place - 1
        while before >= 0 and arrives[before] >= earliest:
            if (end := ends[before]) > time:
                busy.append(end)
            before -= 1
        busy.sort()
        busy = busy[-agents:]
        full = len(busy) == agents
        begins = busy[0] if full else time
        if begins - time > patience:
            return patience, True
        end = begins + handling
        in_hand.append(end)
        after = busy[1:] if full else busy[:]
        insort(after, end)
        self._serve_again(replication, day, place, busy, after, views)
        return begins - time, False

    def _serve_again(
        self,
        replication: int,
        day: int,
        place: int,
        old: list[float],
        new: list[float],
        views: list[memoryview] | None = None,
    ) -> None:
        """Serve outside callers from `place` on until the line is as it was: `old`, `new` are ends of service."""
        block = self.blocks[day // BLOCK]
        lane, agents = replication * BLOCK + day - block.first_day, self.agents[day]
        arrivals, handlings, patiences, ends, waits = views or block.lane(lane)
        longest = block.longest[lane]
        for caller in range(place, len(arrivals)):
            arrives = arrivals[caller]
            if arrives == _NOBODY:
                break
            while old and old[0] <= arrives:
                del old[0]
            while new and new[0] <= arrives:
                del new[0]
            if old == new:
                block.longest[lane] = longest
                return
            end = ends[caller]
            if end > arrives:
                if len(old) >= agents:
                    del old[0]
                insort(old, end)
            begins = arrives if len(new) < agents else new[-agents]
            if begins - arrives <= patiences[caller]:
                if len(new) >= agents:
                    del new[0]
                end = begins + handlings[caller]
                insort(new, end)
                ends[caller], waits[caller] = end, begins - arrives
                longest = max(longest, end - arrives)
            else:
                ends[caller], waits[caller] = -inf, patiences[caller]
        block.longest[lane] = longest
        self._hand_over(replication, day + 1, old, new)

    def _hand_over(self, replication: int, day: int, old: list[float], new: list[float]) -> None:
        """What is still in hand when the next day opens; a block that is not laid out yet will see for itself."""
        if not new or day >= self.days or new[-1] <= self.opens[day]:
            if not old or day >= self.days or old[-1] <= self.opens[day]:
                return
        block = self.blocks.get(day // BLOCK)
        if block is None:
            return
        opens = self.opens[day]
        old, new = [end for end in old if end > opens], [end for end in new if end > opens]
        if old != new:
            block.in_hand[replication * BLOCK + day - block.first_day] = new[:]
            self._serve_again(replication, day, 0, old, new)

    def note(self, replication: Column, time: Column, waited: Column, abandoned: Column, handling: Column) -> None:
        """Keep customers' calls and what became of them until they are counted."""
        self.noted.append((replication, time, waited, abandoned, handling))

    def close(self, until: float) -> None:
        """Count customers' calls, and outside callers of all days before `until`; their blocks are done with."""
        if self.roomy:
            self._prove_roomy(until)
        self._count_own()
        last = (self.days - 1) // BLOCK + 1 if until >= self.horizon else int(until) // BLOCK
        for number in range(last):
            if number not in self.closed:
                self._count(self._block(number))
                self.closed.add(number)
                if number:
                    self.blocks.pop(number - 1, None)  # a day's callers may still be served when the next block begins

    def _prove_roomy(self, until: float) -> None:
        """Nobody found every agent busy in the days noted, or the run has to be played again, desks and all."""
        replication, time, _, _, handling = (
            (np.concatenate(c) for c in zip(*self.noted, strict=True)) if self.noted else (np.empty(0),) * 5
        )
        far = 1e6  # days between replications
        arrives, ends = (
            [time + far * replication, self.late[0]],
            [time + handling + far * replication, self.late[1]],
        )
        first = int((until - 32) // BLOCK)
        for number in range(max(0, first), int(until) // BLOCK + 1):
            columns = self._block(number).columns
            here = columns[0] < _NOBODY
            lane = far * np.repeat(np.arange(len(self.replications)), BLOCK)
            arrives.append((columns[0] + lane)[here])
            ends.append((columns[0] + columns[1] + lane)[here])
        came, gone = np.concatenate(arrives), np.concatenate(ends)
        agents = min(self.agents)
        if len(came) > agents and (np.sort(gone)[:-agents] > np.sort(came)[agents:]).any():
            raise Crowded
        recent = gone[: len(time) + len(self.late[0])] % far > until
        self.late = came[: len(recent)][recent], gone[: len(recent)][recent]

    def _count_own(self) -> None:
        if not self.noted:
            return
        replication, time, waited, abandoned, handling = (np.concatenate(c) for c in zip(*self.noted, strict=True))
        self.noted = []
        place = replication * self.days + time.astype(np.int64)
        for total, values in (
            (self.calls, np.ones(len(place))),
            (self.abandoned, abandoned),
            (self.waiting, _exact(waited)),
            (self.busy, np.where(abandoned, 0.0, _exact(handling))),
        ):
            total += np.bincount(place, weights=values, minlength=total.size).reshape(total.shape)

    def _count(self, block: _Block) -> None:
        arrives, handling, _, ends, waits = block.columns
        came = arrives < self.horizon
        given_up = came & (ends < 0)
        days = min(BLOCK, self.days - block.first_day)
        span = slice(block.first_day, block.first_day + days)
        for total, values in (
            (self.calls, came),
            (self.abandoned, given_up),
            (self.waiting, _exact(waits * came)),
            (self.busy, _exact(handling * (came ^ given_up))),
        ):
            total[:, span] += values.sum(0).reshape(len(self.replications), BLOCK)[:, :days]

    def _block(self, number: int) -> _Block:
        if number not in self.blocks:
            self.blocks[number] = self._laid_out(number)
            self._spend_nights(number)
        return self.blocks[number]

    def _laid_out(self, number: int) -> _Block:
        """Outside callers of a block, served as if no customer called."""
        first, staffing = number * BLOCK, self.staffing
        days = np.arange(first, first + BLOCK)
        known = np.minimum(days, self.days - 1)
        opens = staffing.opens[known]
        length = staffing.closes[known] - opens
        came = [
            self._callers(replication, number, staffing.callers[known] * length) for replication in self.replications
        ]
        shape = (max(len(share) for share, _, _ in came), len(came) * BLOCK)
        arrives = np.full(shape, _NOBODY)
        handling, patience = np.zeros(shape), np.zeros(shape)
        for r, (share, handled, borne) in enumerate(came):
            place = slice(0, len(share)), slice(r * BLOCK, (r + 1) * BLOCK)
            arrives[place] = np.where(share < 1.0, days + opens + share * length, _NOBODY)
            np.multiply(handled, staffing.handling[known], out=handling[place])
            np.multiply(borne, staffing.patience[known], out=patience[place])
        return _Block(first, arrives, handling, patience, np.tile(staffing.agents[known], len(came)))

    def _callers(self, replication: int, number: int, loads: Column) -> tuple[Column, Column, Column]:
        """Outside callers of a block and replication (callers, days): share of the opening gone by when they call
        (1 or more: nobody), handling time and patience of mean 1. `loads` are callers expected per day."""
        key = (
            self.seed & (2**64 - 1),
            (Purpose.CALLERS << 56) + (self.number << 48) + (replication << 16) + number,
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

    def _spend_nights(self, number: int) -> None:
        """Put in what is in hand when each day of a new block opens."""
        block, reps = self.blocks[number], len(self.replications)
        last = np.where(np.isfinite(block.columns[3]) & (block.columns[0] < _NOBODY), block.columns[3], 0.0)
        ends = last.max(0, initial=0.0).reshape(reps, BLOCK)
        first = block.first_day
        opens = np.array(self.opens[first + 1 : first + BLOCK])
        late = ends[:, : len(opens)] > opens
        for replication in range(reps):
            if number and (before := self.blocks.get(number - 1)) is not None:
                self._night(before, replication, first - 1)
            for day in (late[replication]).nonzero()[0].tolist():
                self._night(block, replication, first + day)

    def _night(self, block: _Block, replication: int, day: int) -> None:
        """Hand over what a day leaves in hand to the next."""
        lane = replication * BLOCK + day - block.first_day
        ends = block.columns[3][:, lane]
        opens = self.opens[day + 1]
        late = ends[(ends > opens) & (block.columns[0][:, lane] < _NOBODY)].tolist()
        late += [end for end in block.in_hand.get(lane, ()) if end > opens]
        if late:
            self._hand_over(replication, day + 1, [], sorted(late))


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
    free = np.where(np.arange(most)[:, None] < agents[some], 0.0, _NOBODY)
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
        crowded[lanes] = ((freed > later) & (later < _NOBODY)).any(0)
    return crowded


def _exact(value: Any) -> Any:
    """Values rounded so that their sums do not depend on the order of adding."""
    return np.rint(np.asarray(value) * _EXACT) * (1 / _EXACT)

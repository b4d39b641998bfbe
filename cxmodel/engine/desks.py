"""Staffed desks: exact first come, first served, with agents, handling time, patience and opening hours.

A line is one desk in all replications. Callers from outside the model come served ahead of time (`callers`). What is
in hand overnight, and each customer's call at its moment, is then put in, and later callers are served again until
nothing differs any more. Times in days since the start. Knows no customers, only their calls.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from math import inf

import numpy as np

from cxmodel.arrays import Column
from cxmodel.engine.callers import BLOCK, NOBODY, Block, Callers
from cxmodel.engine.company import Staffing
from cxmodel.engine.ledger import exact

GRAIN = 2.0**30
"""Waits and handling times are rounded to this part of a day, so that their sums are exact in any order."""


class Crowded(Exception):
    """Somebody would have had to wait at a desk that was taken to have an agent free for everyone."""


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
        self.staffing, self.replications, self.horizon = staffing, replications, horizon
        self.callers = Callers(number, staffing, cv, seed, replications)
        self.days = len(staffing.agents)
        shape = (len(replications), self.days)
        self.calls, self.abandoned = np.zeros(shape), np.zeros(shape)
        self.waiting, self.busy = np.zeros(shape), np.zeros(shape)
        self.agents: list[int] = staffing.agents.tolist()
        self.opens: list[float] = (np.arange(self.days) + staffing.opens).tolist()
        self.blocks: dict[int, Block] = {}
        self.counted = 0  # days whose outside callers are counted
        self.noted: list[tuple[Column, ...]] = []
        load = staffing.callers * staffing.handling
        # taken to have an agent free for everyone until proved otherwise: nobody then has to wait for the desk
        self.roomy = trusting and bool((2 * load + 3 < staffing.agents).all())
        self.late: tuple[Column, Column] = (np.empty(0), np.empty(0))  # calls of last month still in service

    def opening(self, time: Column, chance: Column) -> Column:
        """When a call made at `time` arrives: at once, or at an even time of the next opening."""
        day, clock = time.astype(np.int64), time % 1.0
        known = np.minimum(day, self.days - 1)
        opens, closes = self.staffing.opens.take(known), self.staffing.closes.take(known)
        late = clock >= closes
        if np.count_nonzero(late):
            day = day + late
            known = np.minimum(day, self.days - 1)
            opens, closes = self.staffing.opens.take(known), self.staffing.closes.take(known)
        return np.where(late | (clock < opens), day + opens + chance * (closes - opens), time)

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
        views: list[memoryview[float]] | None = None,
    ) -> None:
        """Serve outside callers from `place` on until the line is as it was: `old`, `new` are ends of service."""
        block = self.blocks[day // BLOCK]
        lane, agents = replication * BLOCK + day - block.first_day, self.agents[day]
        arrivals, handlings, patiences, ends, waits = views or block.lane(lane)
        longest = block.longest[lane]
        for caller in range(place, len(arrivals)):
            arrives = arrivals[caller]
            if arrives == NOBODY:
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
        block = self.blocks.get(day // BLOCK)
        if block is None or day >= self.days:
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
        last = self.days if until >= self.horizon else int(until)
        for number in range(self.counted // BLOCK, (last - 1) // BLOCK + 1):
            block = self._block(number)
            end = min(last, block.first_day + BLOCK)
            self._count(block, self.counted, end)
            self.counted = end
            if end == block.first_day + BLOCK:
                self.blocks.pop(number - 1, None)  # a day's callers may still be served when the next block begins

    def _prove_roomy(self, until: float) -> None:
        """Nobody found every agent busy in the days noted, or the run has to be played again, desks and all."""
        replication, time, _, _, handling = (
            (np.concatenate(c) for c in zip(*self.noted, strict=True)) if self.noted else (np.empty(0),) * 5
        )
        far = 1e6  # days between replications
        arrives = [time + far * replication, self.late[0]]
        ends = [time + handling + far * replication, self.late[1]]
        first = int((until - 32) // BLOCK)
        for number in range(max(0, first), int(until) // BLOCK + 1):
            columns = self._block(number).columns
            here = columns[0] < NOBODY
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
            (self.waiting, exact(waited, GRAIN) / GRAIN),
            (self.busy, np.where(abandoned, 0.0, exact(handling, GRAIN) / GRAIN)),
        ):
            total += np.bincount(place, weights=values, minlength=total.size).reshape(total.shape)

    def _count(self, block: Block, first: int, end: int) -> None:
        """Count the outside callers of these days of a block."""
        arrives, handling, _, ends, waits = block.columns
        came = arrives < self.horizon
        given_up = came & (ends < 0)
        own = slice(first - block.first_day, end - block.first_day)
        for total, values in (
            (self.calls, came),
            (self.abandoned, given_up),
            (self.waiting, exact(waits * came, GRAIN) / GRAIN),
            (self.busy, exact(handling * (came ^ given_up), GRAIN) / GRAIN),
        ):
            total[:, first:end] += values.sum(0).reshape(len(self.replications), BLOCK)[:, own]

    def _block(self, number: int) -> Block:
        if number not in self.blocks:
            self.blocks[number] = self.callers.block(number)
            self._spend_nights(number)
        return self.blocks[number]

    def _spend_nights(self, number: int) -> None:
        """Put in what is in hand when each day of a new block opens."""
        block, reps = self.blocks[number], len(self.replications)
        last = np.where(np.isfinite(block.columns[3]) & (block.columns[0] < NOBODY), block.columns[3], 0.0)
        ends = last.max(0, initial=0.0).reshape(reps, BLOCK)
        first = block.first_day
        opens = np.array(self.opens[first + 1 : first + BLOCK])
        late = ends[:, : len(opens)] > opens
        for replication in range(reps):
            if number and (before := self.blocks.get(number - 1)) is not None:
                self._night(before, replication, first - 1)
            for day in (late[replication]).nonzero()[0].tolist():
                self._night(block, replication, first + day)

    def _night(self, block: Block, replication: int, day: int) -> None:
        """Hand over what a day leaves in hand to the next."""
        lane = replication * BLOCK + day - block.first_day
        ends = block.columns[3][:, lane]
        opens = self.opens[day + 1]
        late = ends[(ends > opens) & (block.columns[0][:, lane] < NOBODY)].tolist()
        late += [end for end in block.in_hand.get(lane, ()) if end > opens]
        if late:
            self._hand_over(replication, day + 1, [], sorted(late))

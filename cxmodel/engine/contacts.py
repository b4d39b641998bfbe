"""Contacts: who calls, when he is served, what becomes of it and who calls again (equation 8).

A contact is the last stream of events of a person. At a touchpoint that keeps somebody waiting it is first a call that
joins a line, and its caller has no next event until the desk has served him. Knows nothing of the other streams but
when they could lead to a call. Columns have one entry a person or call.
"""

from collections.abc import Sequence
from heapq import heappop, heappush
from typing import Any, NamedTuple

import numpy as np
from scipy.special import ndtri

from cxmodel.arrays import MONTH, Column
from cxmodel.engine import luck
from cxmodel.engine.callers import lognormal
from cxmodel.engine.desks import Line
from cxmodel.engine.foresight import Foresight
from cxmodel.engine.ledger import Ledger
from cxmodel.engine.luck import Purpose
from cxmodel.engine.population import NEVER, Population
from cxmodel.engine.visits import NOBODY, Lived
from cxmodel.engine.world import World
from cxmodel.model import contacts, perception

# what the halves of a call's three words of luck are for; the last spreads calls over the next opening
HANDLING, PATIENCE, SOLVING, RETURNING, PAUSE, OPENING = range(6)

MANY = 100
"""Repeats of an issue that are counted at most."""


class Call(NamedTuple):
    """A customer's call to a desk that keeps somebody waiting; times in days."""

    time: float
    who: int
    line: int
    handling: float
    patience: float
    solving: float  # luck that decides whether the issue is solved
    returning: float  # luck that decides whether one who gives up calls again
    pause: float  # from the end of the call until he calls again
    calm: float  # a time before which no visit of his leads to another call


class Answer(NamedTuple):
    """What a call came to."""

    who: int
    line: int
    time: float
    handling: float
    waited: float
    abandoned: bool
    again: bool
    soonest: float  # a time before which no further call comes
    pause: float  # days from the end of waiting until he calls again


class Contacts:
    """The contacts of a population, and the lines they stand in."""

    def __init__(
        self,
        world: World,
        people: Population,
        lines: Sequence[Line],
        ledger: Ledger,
        factor: float,
        failing_at_most: Column,
    ) -> None:
        self.world, self.people, self.lines, self.ledger = world, people, lines, ledger
        route = world.route
        self.stream = len(people.due) - 1
        # of each touchpoint, -1 for none; one more, so that there is none at touchpoint -1 either
        self.desk_of = np.full(len(route.touchpoints) + 1, -1, dtype=np.intp)
        self.line_of = self.desk_of.copy()
        for number, line in enumerate(lines):
            self.desk_of[line.staffing.touchpoint] = number
            if not line.roomy:
                self.line_of[line.staffing.touchpoint] = number
        none = np.zeros((world.days, 0))
        self.handling = np.stack([d.staffing.handling for d in lines], axis=1) if lines else none  # (D, desks)
        self.patience = np.stack([d.staffing.patience for d in lines], axis=1) if lines else none
        self.solving = [world.solves[:, d.staffing.touchpoint].tolist() for d in lines]
        # share who call after a shortfall and a failure, (2, D*T), and the gap from which a visit fell short (D*T)
        self.calls = np.minimum(1.0, factor * world.calls).reshape(2, -1)
        self.beyond = world.beyond.ravel()
        self.exceptional = bool((world.exceptions > 0).any())
        self.parts = len(route.partings) > 0
        self.contact, self.leads = route.contact.ravel(), route.contact >= 0
        # share of what an issue cost that comes back (D,)
        a = world.assumptions
        self.returned = contacts.returned(world.levers["policies"], a.recovery, a.recovery_by_policy)
        self.exits = np.isin(np.arange(len(route.touchpoints)), [parting.touchpoint for parting in route.partings])
        self.luck = luck.offsets(Purpose.CALL, 3)
        self.returning = world.assumptions.calls_again_abandoned
        self.crowded = any(not line.roomy for line in lines)
        # what the latest call to a desk of each caller is, but for its last entry, until it joins the line
        self.made: dict[int, tuple[Any, ...]] = {}
        self.in_line: list[list[Call]] = [[] for _ in range(people.replications)]  # heaps
        if self.crowded:
            calls_at_most = self.calls.reshape(2, world.days, -1).max(1)
            self.foresight = Foresight(world, people, calls_at_most, failing_at_most)

    # beginning and ending ------------------------------------------------------------------------------------

    def follow(self, lived: Lived, first: int) -> None:
        """Contacts that these visits end, which are those from the `first` on, and those that the others begin."""
        visits = lived.visits
        calls = [self._ended(visits.who[first:], visits.time[first:])] if first < len(visits.who) else []
        calls += self._begun(lived, first)
        if len(calls) == 1:
            self._call(*calls[0])
        elif calls:
            self._call(*(np.concatenate(column) for column in zip(*calls, strict=True)))

    def _ended(self, rows: Column, time: Column) -> tuple[Column, Column]:
        """A contact is over; a solved issue gives back part of what it cost. Who calls again, and when."""
        people, world = self.people, self.world
        solved = people.solved.take(rows).nonzero()[0]
        if len(solved):
            self._mend(rows[solved], time[solved])
        goes_on = people.tries.take(rows) < world.assumptions.repeat_calls
        if self.parts:
            gone = (people.left.take(rows) < NEVER).nonzero()[0]
            if len(gone):
                goes_on[gone] = self._unfixed(rows[gone])
        calls = people.again.take(rows) & goes_on
        people.due[self.stream][rows] = NEVER
        people.count[self.stream][rows] += 1
        people.issue[rows[~calls]] = -1
        again = calls.nonzero()[0]
        callers = rows[again]
        people.tries[callers] = np.minimum(people.tries[callers] + 1, MANY)
        return callers, time[again] + people.pause[callers]

    def _mend(self, rows: Column, time: Column) -> None:
        """Solved issues give back part of what they cost, overall and in the role in which they cost it."""
        people, score, day = self.people, self.people.columns.satisfaction, time.astype(np.int64)
        share = self.returned.take(day)
        if self.exceptional:
            share = np.where(self._excepted(rows, day), 1.0, share)
        role = 1 + self.world.route.role.take(people.issue.take(rows))
        places = np.array([rows, role * people.size + rows])
        places += score * people.size
        mind = people.mind.reshape(-1)
        mind[places] = np.minimum(100.0, mind.take(places) + share * people.lost.take(rows))

    def _unfixed(self, rows: Column) -> Column:
        """Whether the issues of these people are exits left unfixed; of nobody without an issue."""
        issue: Column = self.people.issue.take(rows)
        unfixed: Column = (issue >= 0) & self.exits.take(issue)
        return unfixed

    def _excepted(self, rows: Column, day: Column) -> Column:
        """Whether those who answered these contacts made an exception, which is paid for (equation 8)."""
        people, world = self.people, self.world
        touchpoint = self.turned_to(rows)
        made = self._drawn(rows)[SOLVING] < world.exceptions[day, touchpoint]
        self.ledger.served(people.group[rows[made]], world.exception_cost[day[made], touchpoint[made]])
        return np.asarray(made)

    def turned_to(self, rows: Column) -> Column:
        """The support touchpoints that the open issues of these people lead to."""
        people = self.people
        place = people.failed.take(rows) * self.leads.shape[1] + people.issue.take(rows)
        return np.asarray(self.contact.take(place))

    def _begun(self, lived: Lived, others: int) -> list[tuple[Column, Column]]:
        """Who calls now, and when: failures and shortfalls of those who stay and have no open issue become contacts."""
        people, visits = self.people, lived.visits
        short = lived.gap[:others] > self.beyond.take(lived.at[:others])
        short |= lived.failed[:others]
        bad = short.nonzero()[0]
        if not len(bad):
            return []
        who, touchpoint, failed = visits.who[bad], visits.touchpoint[bad], lived.failed[bad]
        able = (people.issue.take(who) < 0) & self.leads.take(failed * self.leads.shape[1] + touchpoint)
        staying = people.left.take(who) == NEVER
        able &= staying | self.exits.take(touchpoint) if self.parts else staying
        own = able.nonzero()[0]
        if not len(own):
            return []
        if len(own) < len(bad):
            bad, who, touchpoint, failed = bad[own], who[own], touchpoint[own], failed[own]
        key, at = lived.key[bad], lived.at[bad]
        after_shortfall, after_failure = self.calls.take(at, axis=1)
        chance = contacts.calling(failed, lived.gap[bad], after_failure, after_shortfall, self.beyond.take(at))
        calls = luck.uniform(key, Purpose.EVENT, part=1) < chance
        time = visits.time[bad]
        leaving = self.exits.take(touchpoint).nonzero()[0] if self.parts else NOBODY
        if len(leaving):
            calls[leaving] = True
            time[leaving] += -np.log(luck.uniform(key[leaving], Purpose.EXIT)) * self._rest
        own = calls.nonzero()[0]
        if not len(own):
            return []
        who, bad, time = who[own], bad[own], time[own]
        people.issue[who] = touchpoint[own]
        people.failed[who] = failed[own]
        people.lost[who] = np.maximum(0.0, lived.lost[bad])
        people.tries[who] = 0
        if len(leaving):
            soon = time < NEVER
            who, time = who[soon], time[soon]
        return [(who, time)]

    @property
    def _rest(self) -> float:
        """Mean days from one contact of an exit left unfixed to the next."""
        monthly = self.world.assumptions.unfixed_exit
        return MONTH / monthly if monthly else NEVER

    def _pause(self, unfixed: Column, chance: Column) -> Column:
        """Days from the end of a contact that did not help until the next one; `unfixed` are these exits."""
        pause = -np.log(chance)
        usual = pause * self.world.assumptions.calls_again_after
        if len(unfixed):
            usual[unfixed] = pause[unfixed] * self._rest
        return usual

    def _exits(self, who: Column) -> Column:
        """Which of these people, by position, have an exit left unfixed for an issue."""
        return self._unfixed(who).nonzero()[0] if self.parts else NOBODY

    def _call(self, who: Column, time: Column) -> None:
        """A contact is made: at once, or at a desk when it opens."""
        people = self.people
        touchpoint, drawn = self.turned_to(who), self._drawn(who)
        desk = self.desk_of.take(touchpoint)
        for number, line in enumerate(self.lines):
            own = (desk == number).nonzero()[0]
            if len(own) == len(who):
                time = line.opening(time, drawn[OPENING])
            elif len(own):
                time[own] = line.opening(time[own], drawn[OPENING, own])
        queues = self.line_of.take(touchpoint) >= 0
        people.due[self.stream][who] = time
        people.soonest[who] = time  # with an issue open nobody opens another
        people.calling[who] = queues
        people.abandoned[who] = False
        people.waited[who] = 0.0
        own = queues.nonzero()[0]
        if len(own) == len(who):
            self._expect(who, desk, time, drawn)
            return
        if len(own):
            self._expect(who[own], desk[own], time[own], drawn[:, own])
        own = (~queues).nonzero()[0]
        self._settle(who[own], touchpoint[own], time[own], drawn[:, own])

    def _expect(self, who: Column, desk: Column, time: Column, drawn: Column) -> None:
        """What calls that will join a line bring with them."""
        day = self._day(time)
        handling = self._handling(drawn[HANDLING], day, desk)
        patience = -np.log(drawn[PATIENCE]) * self.patience[day, desk]
        unfixed, returning = self._exits(who), drawn[RETURNING]
        pause = self._pause(unfixed, drawn[PAUSE])
        returning[unfixed] = -1.0  # an exit left unfixed is never given up
        columns = (time, who, desk, handling, patience, drawn[SOLVING], returning, pause)
        made = zip(*(column.tolist() for column in columns), strict=True)
        self.made.update(zip(columns[1].tolist(), made, strict=True))

    def _settle(self, who: Column, touchpoint: Column, time: Column, drawn: Column) -> None:
        """What becomes of contacts that nobody waits for is known when they are made."""
        people, day, desk = self.people, self._day(time), self.desk_of[touchpoint]
        handling = np.where(desk >= 0, self._handling(drawn[HANDLING], day, desk), 0.0)
        people.pause[who] = handling + self._pause(self._exits(who), drawn[PAUSE])
        solved = drawn[SOLVING] < self.world.solves[day, touchpoint]
        people.solved[who], people.again[who] = solved, ~solved

    def _drawn(self, who: Column) -> Column:
        """Luck of these people's contact at hand (6, n)."""
        people = self.people
        key = luck.occurring(people.key.take(who), people.count[self.stream].take(who))
        return luck.fractions(key, self.luck)

    def _handling(self, chance: Column, day: Column, desk: Column) -> Column:
        """Handling times [days] at these quantiles."""
        if not self.lines:
            return np.zeros(len(chance))
        return lognormal(self.world.assumptions.handling_cv, ndtri(chance)) * self.handling[day, desk]

    def _day(self, time: Column) -> Column:
        return np.minimum(time.astype(np.int64), self.world.days - 1)

    # being answered ------------------------------------------------------------------------------------------

    def answered(self, rows: Column, touchpoint: Column, time: Column) -> Column:
        """Points that waiting takes from these contacts, which are lived now; those without a line are made now."""
        people, a, line = self.people, self.world.assumptions, self.line_of.take(touchpoint)
        direct = (line < 0).nonzero()[0]
        if len(direct):
            self._answered_at_once(rows[direct], touchpoint[direct], time[direct])
        if not self.lines:
            return np.zeros(len(rows), dtype=np.float32)
        patience = self.patience[time.astype(np.int64), line]
        patience[direct] = 1.0
        return perception.wait_loss(people.waited.take(rows), patience, a.wait_scale, a.free_wait)

    def _answered_at_once(self, rows: Column, touchpoint: Column, time: Column) -> None:
        """Contacts that nobody waits for are counted when they are lived, at a desk if there is one."""
        people, desk = self.people, self.desk_of.take(touchpoint)
        self._note_called(rows, time)
        for number, line in enumerate(self.lines):
            own = (desk == number).nonzero()[0]
            if not len(own):
                continue
            drawn = self._drawn(rows[own])
            handling = self._handling(drawn[HANDLING], self._day(time[own]), desk[own])
            nothing = np.zeros(len(own))
            self.ledger.queueing(people.group[rows[own]], nothing, nothing > 0)
            line.note(people.replication[rows[own]], time[own], nothing, nothing > 0, handling)

    # standing in line ----------------------------------------------------------------------------------------

    def join(self, ready: Column) -> Column:
        """Those of these people whose next event is a call join a line; the others.

        A caller's next event is not known until he is served.
        """
        people = self.people
        joining = people.calling.take(ready)
        if not np.count_nonzero(joining):
            return ready
        joining &= people.due[self.stream].take(ready) == people.next.take(ready)
        rows = ready[joining]
        if not len(rows):
            return ready
        self._note_called(rows, people.next.take(rows))
        people.due[self.stream][rows] = people.next[rows] = NEVER
        replication, calm = people.replication.take(rows).tolist(), self.foresight.calm(rows).tolist()
        for who, r, until in zip(rows.tolist(), replication, calm, strict=True):
            heappush(self.in_line[r], Call._make((*self.made.pop(who), until)))
        return ready[~joining]

    def _note_called(self, rows: Column, time: Column) -> None:
        """Write down contacts that are made, with what they cost."""
        people = self.people
        group = people.group.take(rows)
        self.ledger.called(group, people.issue.take(rows), people.failed.take(rows))
        self.ledger.served(group, self.world.contact_cost[self._day(time), self.turned_to(rows)])

    # being served --------------------------------------------------------------------------------------------

    @property
    def waiting(self) -> bool:
        """Whether anybody stands in line."""
        return any(self.in_line)

    def serve(self, ready: Column) -> Column:
        """Serve the calls in line before which no other can come; whom it concerns. `ready` are on the move."""
        frontier = self.foresight.frontier(ready).tolist()
        answers: list[Answer] = []
        for replication, (calls, until) in enumerate(zip(self.in_line, frontier, strict=True)):
            # what a call leads to is known as soon as it is served, so that the frontier moves with each
            while calls and calls[0].time <= until:
                answer = self._answer(heappop(calls), replication)
                until = min(until, answer.soonest)
                answers.append(answer)
        return self._settled(answers) if answers else NOBODY

    def _answer(self, call: Call, replication: int) -> Answer:
        """What a call comes to at its desk."""
        time, who, line, handling, patience, solving, returning, pause, calm = call
        waited, abandoned = self.lines[line].arrive(replication, time, handling, patience)
        end = time + waited
        if abandoned:
            again, busy = returning < self.returning, 0.0
        else:
            again, busy = solving >= self.solving[line][int(end)], handling
        soonest = min(calm, end + busy + pause) if again else calm
        return Answer(who, line, time, handling, waited, abandoned, again, soonest, pause + busy)

    def _settled(self, answers: list[Answer]) -> Column:
        """Those whom these answers concern, who live them next."""
        people = self.people
        who, line, time, handling, waited, abandoned, again, soonest, pause = map(np.array, zip(*answers, strict=True))
        self._note_served(who, line, time, handling, waited, abandoned)
        people.waited[who], people.abandoned[who] = waited, abandoned
        people.again[who], people.solved[who] = again, ~(again | abandoned)
        people.soonest[who], people.pause[who] = soonest, pause
        people.calling[who] = False
        people.due[self.stream][who] = time + waited
        people.look_ahead(who)
        return who

    def _note_served(
        self, who: Column, line: Column, time: Column, handling: Column, waited: Column, abandoned: Column
    ) -> None:
        people = self.people
        self.ledger.queueing(people.group.take(who), waited, abandoned)
        columns = people.replication.take(who), time, waited, abandoned, handling
        if len(self.lines) == 1:
            self.lines[0].note(*columns)
            return
        for number, desk in enumerate(self.lines):
            own = (line == number).nonzero()[0]
            desk.note(*(column[own] for column in columns))

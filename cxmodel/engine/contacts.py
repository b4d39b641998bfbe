"""Contacts: who calls, when he is served, what becomes of it and who calls again (equation 8).

A contact is the last stream of events of a person. At a touchpoint that keeps somebody waiting it is first a call that
joins a line, and its caller has no next event until the desk has served him. Knows nothing of the other streams but
when they could lead to a call. Columns have one entry a person or call.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from cxmodel.arrays import MONTH, Column
from cxmodel.engine import luck
from cxmodel.engine.callers import lognormal
from cxmodel.engine.desks import Line
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

Answer = tuple[float, bool, bool, float]
"""What a call came to: days waited, given up, calls again, a time before which no further call comes."""


class Waiting(NamedTuple):
    """Calls in line."""

    who: Column
    line: Column
    time: Column
    handling: Column  # days
    patience: Column  # days
    solving: Column  # luck that decides whether the issue is solved
    returning: Column  # luck that decides whether one who gives up calls again
    pause: Column  # days from the end of the call until he calls again
    calm: Column  # a time before which no visit of his leads to another call


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
        self.exits = np.isin(np.arange(len(route.touchpoints)), [parting.touchpoint for parting in route.partings])
        self.fails_at_most = failing_at_most
        self.calls_at_most = self.calls.reshape(2, world.days, -1).max(1)
        # days from the first visit of onboarding to each, at the least: those that may be left out take no time
        sure = route.ordinal < world.visits.min(0)[route.onboarding]
        gap = np.where(route.ordinal > 0, world.every.min(0)[route.onboarding], 1.0)
        self.elapsed = np.cumsum(np.where(sure, gap, 0.0))
        # visits of onboarding ahead of or after which something new begins: the choice, and use
        self.milestone = np.arange(len(route.onboarding)) == len(route.onboarding) - 1
        self.milestone[min(route.choice, len(self.milestone) - 1) :][:1] = True
        self.waiting: list[Waiting] = []

    # beginning and ending ------------------------------------------------------------------------------------

    def follow(self, lived: Lived, stream: Column) -> None:
        """Contacts that these visits end, and those that they begin."""
        visits = lived.visits
        own = (stream == self.stream).nonzero()[0]
        calls = [self._ended(visits.who[own], visits.time[own])] if len(own) else []
        calls += self._begun(lived, stream)
        if calls:
            self._call(*(np.concatenate(column) for column in zip(*calls, strict=True)))

    def _ended(self, rows: Column, time: Column) -> tuple[Column, Column]:
        """A contact is over; a solved issue gives back part of what it cost. Who calls again, and when."""
        people, world = self.people, self.world
        solved = people.solved[rows]
        a, happy, columns = world.assumptions, rows[solved], people.columns
        day = time[solved].astype(np.int64)
        share = contacts.returned(world.levers["policies"][day], a.recovery, a.recovery_by_policy)
        if self.exceptional:
            share = np.where(self._excepted(happy, day), 1.0, share)
        back = share * people.lost[happy]
        role = 1 + world.route.role[people.issue[happy]]
        for score in (columns.satisfaction, columns.satisfaction + role):
            people.mind[score, happy] = np.minimum(100.0, people.mind[score, happy] + back)
        former = people.left[rows] < NEVER
        again = people.again[rows] & np.where(former, self._unfixed(rows), people.tries[rows] < a.repeat_calls)
        people.due[self.stream, rows] = NEVER
        people.count[self.stream, rows] += 1
        people.issue[rows[~again]] = -1
        callers = rows[again]
        people.tries[callers] = np.minimum(people.tries[callers] + 1, MANY)
        return callers, time[again] + people.pause[callers]

    def _unfixed(self, rows: Column) -> Column:
        """Whether the issues of these people are exits left unfixed; of nobody without an issue."""
        issue: Column = self.people.issue[rows]
        unfixed: Column = (issue >= 0) & self.exits[issue]
        return unfixed

    def _excepted(self, rows: Column, day: Column) -> Column:
        """Whether those who answered these contacts made an exception, which is paid for (equation 8)."""
        people, world = self.people, self.world
        touchpoint = self.turned_to(rows)
        made = self._drawn(rows, words=2)[SOLVING] < world.exceptions[day, touchpoint]
        self.ledger.served(people.group[rows[made]], world.exception_cost[day[made], touchpoint[made]])
        return np.asarray(made)

    def turned_to(self, rows: Column) -> Column:
        """The support touchpoints that the open issues of these people lead to."""
        people = self.people
        return self.world.route.contact[people.failed[rows].astype(np.intp), people.issue[rows]]

    def _begun(self, lived: Lived, stream: Column) -> list[tuple[Column, Column]]:
        """Who calls now, and when: failures and shortfalls of those who stay and have no open issue become contacts."""
        people, route, visits = self.people, self.world.route, lived.visits
        at = visits.time.astype(np.int64) * len(route.touchpoints) + visits.touchpoint
        short = lived.failed | (lived.gap > self.beyond.take(at))
        bad = (short & (stream != self.stream)).nonzero()[0]
        who, failed = visits.who[bad], lived.failed[bad]
        able = (people.issue[who] < 0) & (route.contact[failed.astype(np.intp), visits.touchpoint[bad]] >= 0)
        leaving = self.exits[visits.touchpoint[bad]]
        bad = bad[able & (leaving | (people.left[who] == NEVER))]
        if not len(bad):
            return []
        who, touchpoint, failed = visits.who[bad], visits.touchpoint[bad], lived.failed[bad]
        key, occurrence = luck.at(people.key[who], touchpoint), visits.occurrence[bad]
        after_shortfall, after_failure = self.calls[:, at[bad]]
        chance = contacts.calling(failed, lived.gap[bad], after_failure, after_shortfall, self.beyond[at[bad]])
        calls = luck.uniform(key, Purpose.EVENT, occurrence, part=1) < chance
        time = visits.time[bad]
        if self.parts:
            leaving = self.exits[touchpoint]
            calls |= leaving
            unrest = -np.log(luck.uniform(key, Purpose.EXIT, occurrence)) * self._rest
            time = np.where(leaving, time + unrest, time)
        who, bad, time = who[calls], bad[calls], time[calls]
        people.issue[who] = touchpoint[calls]
        people.failed[who] = failed[calls]
        people.lost[who] = np.maximum(0.0, lived.lost[bad])
        people.tries[who] = 0
        soon = time < NEVER
        return [(who[soon], time[soon])]

    @property
    def _rest(self) -> float:
        """Mean days from one contact of an exit left unfixed to the next."""
        monthly = self.world.assumptions.unfixed_exit
        return MONTH / monthly if monthly else NEVER

    def _pause(self, who: Column, chance: Column) -> Column:
        """Days from the end of a contact that did not help until the next one."""
        usual = self.world.assumptions.calls_again_after
        mean = np.where(self._unfixed(who), self._rest, usual) if self.parts else usual
        return -np.log(chance) * mean

    def _call(self, who: Column, time: Column) -> None:
        """A contact is made: at once, or at a desk when it opens."""
        people = self.people
        people.soonest[who] = 0.0
        touchpoint = self.turned_to(who)
        people.calling[who] = self.line_of[touchpoint] >= 0
        people.abandoned[who] = False
        people.waited[who] = 0.0
        arrives = time.copy()
        drawn = self._drawn(who, words=3)
        for number, line in enumerate(self.lines):
            own = (self.desk_of[touchpoint] == number).nonzero()[0]
            arrives[own] = line.opening(time[own], drawn[OPENING, own])
        people.due[self.stream, who] = arrives
        direct = (self.line_of[touchpoint] < 0).nonzero()[0]
        if len(direct):
            self._settle(who[direct], touchpoint[direct], arrives[direct], drawn[:, direct])

    def _settle(self, who: Column, touchpoint: Column, time: Column, drawn: Column) -> None:
        """What becomes of contacts that nobody waits for is known when they are made."""
        people, day, desk = self.people, self._day(time), self.desk_of[touchpoint]
        handling = np.where(desk >= 0, self._handling(drawn[HANDLING], day, desk), 0.0)
        people.pause[who] = handling + self._pause(who, drawn[PAUSE])
        solved = drawn[SOLVING] < self.world.solves[day, touchpoint]
        people.solved[who], people.again[who] = solved, ~solved

    def _drawn(self, who: Column, words: int) -> Column:
        """Luck of these people's contact at hand (2 * words, n)."""
        people = self.people
        return luck.fractions(people.key[who], Purpose.CALL, people.count[self.stream, who], words)

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
        self._answered_at_once(rows, touchpoint, time)
        if not self.lines:
            return np.zeros(len(rows), dtype=np.float32)
        people, a, line = self.people, self.world.assumptions, self.line_of[touchpoint]
        patience = np.where(line >= 0, self.patience[time.astype(np.int64), line], 1.0)
        return perception.wait_loss(people.waited[rows], patience, a.wait_scale, a.free_wait)

    def _answered_at_once(self, rows: Column, touchpoint: Column, time: Column) -> None:
        """Contacts that nobody waits for are counted when they are lived, at a desk if there is one."""
        direct = (self.line_of[touchpoint] < 0).nonzero()[0]
        if not len(direct):
            return
        people = self.people
        rows, time, desk = rows[direct], time[direct], self.desk_of[touchpoint[direct]]
        self._note_called(rows, time)
        for number, line in enumerate(self.lines):
            own = (desk == number).nonzero()[0]
            if not len(own):
                continue
            drawn = self._drawn(rows[own], words=1)
            handling = self._handling(drawn[HANDLING], self._day(time[own]), desk[own])
            nothing = np.zeros(len(own))
            self.ledger.queueing(people.group[rows[own]], nothing, nothing > 0)
            line.note(people.replication[rows[own]], time[own], nothing, nothing > 0, handling)

    # standing in line ----------------------------------------------------------------------------------------

    def join(self, rows: Column) -> None:
        """Calls arrive at their desks; the callers' next event is not known until they are served."""
        people = self.people
        time = people.next[rows]
        self._note_called(rows, time)
        drawn = self._drawn(rows, words=3)
        line = self.line_of[self.turned_to(rows)]
        day = time.astype(np.int64)
        handling = self._handling(drawn[HANDLING], day, line)
        patience = -np.log(drawn[PATIENCE]) * self.patience[day, line]
        pause = self._pause(rows, drawn[PAUSE])
        returning = np.where(self._unfixed(rows), -1.0, drawn[RETURNING])  # an exit left unfixed is never given up
        people.due[self.stream, rows] = NEVER
        others = people.due[1:].take(rows, axis=1).min(0)
        calm = np.minimum(others, self._harmless_until(rows))
        people.next[rows] = NEVER
        self.waiting.append(Waiting(rows, line, time, handling, patience, drawn[SOLVING], returning, pause, calm))

    def _note_called(self, rows: Column, time: Column) -> None:
        """Write down contacts that are made, with what they cost."""
        people = self.people
        self.ledger.called(people.group[rows], people.issue[rows], people.failed[rows])
        cost = self.world.contact_cost[self._day(time), self.turned_to(rows)]
        self.ledger.served(people.group[rows], cost)

    def _harmless_until(self, rows: Column) -> Column | float:
        """The first visit of onboarding that may lead to a call, or after which something new begins."""
        people = self.people
        if not len(self.milestone):
            return NEVER
        last = len(self.milestone) - 1
        done = np.minimum(people.count[0, rows], last)
        visit = np.minimum(done + np.arange(last + 1)[:, None], last)  # (V, n)
        touchpoint = self.world.route.onboarding[visit]
        key = luck.at(people.key[rows], touchpoint)
        may_fail = luck.uniform(key, Purpose.EVENT, visit) < self.fails_at_most[touchpoint]
        short, failed = self.calls_at_most[:, touchpoint]
        limit = np.where(may_fail, np.maximum(short, failed), short)
        matters = (luck.uniform(key, Purpose.EVENT, visit, part=1) < limit) | self.milestone[visit]
        first = visit[matters.argmax(0), np.arange(len(rows))]
        harmless: Column = people.due[0, rows] + self.elapsed[first] - self.elapsed[done]
        return harmless

    # being served --------------------------------------------------------------------------------------------

    def serve(self, ready: Column) -> Column:
        """Serve the calls in line before which no other can come; whom it concerns. `ready` are on the move."""
        people, waiting = self.people, self.waiting[0]
        if len(self.waiting) > 1:
            waiting = Waiting(*(np.concatenate(columns) for columns in zip(*self.waiting, strict=True)))
        frontier = self._frontier(ready)
        replication = people.replication[waiting.who]
        turn = (waiting.time <= frontier[replication]).nonzero()[0]
        turn = turn[np.lexsort((waiting.time[turn], replication[turn]))]
        answers = self._serve_in_turn(waiting, turn, replication[turn].tolist(), frontier.tolist())
        turn = turn[np.array([answer is not None for answer in answers], dtype=bool)]
        left = np.ones(len(waiting.who), dtype=bool)
        left[turn] = False
        self.waiting = [Waiting(*(column[left] for column in waiting))] if left.any() else []
        if not len(turn):
            return NOBODY
        known = (answer for answer in answers if answer is not None)
        waited, abandoned, again, soonest = (np.array(column) for column in zip(*known, strict=True))
        served = Waiting(*(column[turn] for column in waiting))
        self._note_served(served, waited, abandoned)
        who = served.who
        people.waited[who], people.abandoned[who] = waited, abandoned
        people.again[who], people.solved[who] = again, ~(again | abandoned)
        people.soonest[who] = soonest
        people.pause[who] = served.pause + np.where(abandoned, 0.0, served.handling)
        people.calling[who] = False
        people.due[self.stream, who] = served.time + waited
        people.look_ahead(who)
        return who

    def _frontier(self, ready: Column) -> Column:
        """Per replication, a time before which none of these people calls."""
        people = self.people
        frontier = np.full(people.replications, NEVER)
        # with an issue open nobody opens another: his next call is the one that is under way
        bound = np.where(people.calling[ready], people.due[self.stream, ready], people.next[ready])
        np.minimum.at(frontier, people.replication[ready], np.maximum(bound, people.soonest[ready]))
        return frontier

    def _serve_in_turn(
        self, waiting: Waiting, turn: Column, replications: list[int], frontier: list[float]
    ) -> list[Answer | None]:
        """What each call comes to, None for those before which another may still come.

        What a call leads to is known as soon as it is served, so that the frontier moves with each.
        """
        returning = self.world.assumptions.calls_again_abandoned
        columns = (column[turn].tolist() for column in waiting[1:])
        answers: list[Answer | None] = []
        for r, line, time, handling, patience, solving, giving_up, pause, calm in zip(
            replications, *columns, strict=True
        ):
            if time > frontier[r]:
                answers.append(None)
                continue
            waited, abandoned = self.lines[line].arrive(r, time, handling, patience)
            end = time + waited
            again = giving_up < returning if abandoned else solving >= self.solving[line][int(end)]
            over = end if abandoned else end + handling
            soonest = min(calm, over + pause) if again else calm
            if soonest < frontier[r]:
                frontier[r] = soonest
            answers.append((waited, abandoned, again, soonest))
        return answers

    def _note_served(self, calls: Waiting, waited: Column, abandoned: Column) -> None:
        people = self.people
        self.ledger.queueing(people.group[calls.who], waited, abandoned)
        replication = people.replication[calls.who]
        for number, desk in enumerate(self.lines):
            own = (calls.line == number).nonzero()[0] if len(self.lines) > 1 else slice(None)
            desk.note(replication[own], calls.time[own], waited[own], abandoned[own], calls.handling[own])

"""What people do next: who enters, chooses, comes back, calls, leaves; in rounds of at most one event a person.

A round takes everyone whose next event is due, whatever it is, and lives their visits as one batch. Who calls a
staffed desk waits there until the desk has served every call that could have come before his.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from cxmodel.arrays import MONTH, Column
from cxmodel.engine import luck
from cxmodel.engine.desks import Line, lognormal
from cxmodel.engine.ledger import Ledger
from cxmodel.engine.luck import Purpose
from cxmodel.engine.population import NEVER, Population, Status
from cxmodel.engine.visits import Judge, Lived, Visits
from cxmodel.engine.world import World
from cxmodel.model import adoption, contacts, loyalty, perception

CHUNK = 16384
"""Rows of a batch, so that its columns stay in the processor's cache."""
FEW = 2048
"""People on the move from which on the desks wait for them: a cost knob, no result depends on it."""
NOBODY = np.empty(0, dtype=np.intp)


class _Waiting(NamedTuple):
    """Callers in line."""

    who: Column
    line: Column
    time: Column
    handling: Column
    patience: Column
    solving: Column  # luck that decides whether the issue is solved
    returning: Column  # luck that decides whether one who gives up calls again
    pause: Column  # days until he does
    calm: Column  # a time before which no visit of theirs leads to another call


class Journeys:
    """Moves a population through its journeys; `leave` is h0, `bar` (S, K) the H that newcomers arrive with."""

    def __init__(
        self,
        world: World,
        people: Population,
        lines: Sequence[Line],
        ledger: Ledger,
        bar: Column,
        leave: float,
    ) -> None:
        self.world, self.people, self.lines, self.ledger = world, people, lines, ledger
        self.leave = leave
        self.judge = Judge(world, people)
        self.bar = bar
        route = world.route
        self.first_parting = 1 + len(route.recurring)
        self.contact = self.first_parting + len(route.partings)
        streams = [0, *(s.touchpoint for s in route.recurring), *(p.touchpoint for p in route.partings), 0]
        self.touchpoint = np.array(streams, dtype=np.intp)
        self.line_of = np.full(len(route.touchpoints) + 1, -1, dtype=np.intp)
        self.desk_of = self.line_of.copy()
        for number, line in enumerate(lines):
            self.desk_of[line.staffing.touchpoint] = number
            if not line.roomy:
                self.line_of[line.staffing.touchpoint] = number
        self.every = np.array([0.0, *(s.every for s in route.recurring)])
        self.jitter = np.array([0.0, *(s.jitter for s in route.recurring)])
        self.renews = np.array([False, *(s.renews for s in route.recurring)])
        self.elapsed = np.cumsum(route.onboarding_gap)
        self.milestone = np.arange(len(route.onboarding)) == len(route.onboarding) - 1
        self.milestone[min(route.choice, len(self.milestone) - 1) :][:1] = True
        self.handling = np.stack([d.staffing.handling for d in lines], axis=1) if lines else np.zeros((0, 0))
        self.patience = np.stack([d.staffing.patience for d in lines], axis=1) if lines else np.zeros((0, 0))
        self.solving = [world.solves[:, d.staffing.touchpoint].tolist() for d in lines]
        self.fails_at_most = world.failing.max(0)
        self.waiting: list[_Waiting] = []
        self.month = 0

    def advance(self, until: float, month: int) -> None:
        """Everything that happens before `until`, all within one month."""
        self.month = month
        people = self.people
        ready = (people.next < until).nonzero()[0]
        while len(ready) or self.waiting:
            joining = people.calling[ready] & (people.due[self.contact, ready] == people.next[ready])
            if joining.any():
                self._join(ready[joining])
                ready = ready[~joining]
            if self.waiting and len(ready) < FEW:
                served = self._serve(ready)
                ready = np.concatenate([ready, served[people.next[served] < until]])
            for first in range(0, len(ready), CHUNK):
                self._round(ready[first : first + CHUNK])
            ready = ready[people.next[ready] < until]

    # one round -----------------------------------------------------------------------------------------------

    def _round(self, rows: Column) -> None:
        """The next event of each of these people."""
        people = self.people
        due = people.due.take(rows, axis=1)
        stream = due.argmin(0)
        time = people.next[rows]
        visiting = np.ones(len(rows), dtype=bool)
        starting = (stream == 0).nonzero()[0]
        if len(starting):
            visiting[starting] = self._begin(rows[starting], time[starting])
        if not visiting.all():
            self._note_next(rows[~visiting])
            rows, stream, time = rows[visiting], stream[visiting], time[visiting]
        if len(rows):
            self._live(self._visits(rows, stream, time), stream)
            self._note_next(rows)

    def _live(self, visits: Visits, stream: Column) -> None:
        """Live these visits; many at a time by how many attributes they touch, so that none pays for another's."""
        self._hear(visits, stream)
        slots = self.judge.slots[visits.touchpoint]
        if len(slots) < FEW:
            groups = [(slots.max(initial=1), slice(None))]
        else:
            groups = [(count, (slots == count).nonzero()[0]) for count in range(self.world.route.slots + 1)]
        for count, own in groups:
            if not isinstance(own, slice) and not len(own):
                continue
            part = visits if isinstance(own, slice) else visits.only(own)
            lived = self.judge.live(part, max(1, int(count)))
            self.ledger.record(lived)
            self._go_on(lived, stream[own])

    def _hear(self, visits: Visits, stream: Column) -> None:
        """Promises are renewed just before a visit; those of the first purchase were heard before the choice."""
        told = self.judge.told_at[visits.touchpoint]
        if told.any():
            told &= (stream != 0) | (visits.occurrence != self.world.route.choice)
            told[visits.vain] = False
            self.judge.hear(visits.who[told], visits.touchpoint[told], visits.time[told])

    def _note_next(self, rows: Column) -> None:
        """What comes next for these people."""
        self.people.next[rows] = self.people.due.take(rows, axis=1).min(0)

    def _visits(self, rows: Column, stream: Column, time: Column) -> Visits:
        """The visits that these events are."""
        people, route = self.people, self.world.route
        touchpoint = self.touchpoint[stream]
        occurrence = people.count[stream, rows]
        since = people.since[stream, rows]
        starting = stream == 0
        if starting.any():
            onboarding = np.where(starting, occurrence, 0)
            touchpoint = np.where(starting, route.onboarding[onboarding], touchpoint)
            since = np.where(starting, route.onboarding_since[onboarding], since)
        contact = (stream == self.contact).nonzero()[0]
        waiting: Column | float = 0.0
        vain = NOBODY
        if len(contact):
            touchpoint[contact] = route.contact[people.issue[rows[contact]]]
            if (self.line_of[touchpoint[contact]] < 0).any():
                self._answered_at_once(rows[contact], touchpoint[contact], time[contact])
            waiting = np.zeros(len(rows), dtype=np.float32)
            waiting[contact] = self._wait_loss(rows[contact], touchpoint[contact], time[contact])
            vain = contact[people.abandoned[rows[contact]]]
        return Visits(rows, touchpoint, time, occurrence, since, waiting, vain)

    def _go_on(self, lived: Lived, stream: Column) -> None:
        """What follows from these visits, each kind of event in its own way."""
        visits = lived.visits
        own = (stream == 0).nonzero()[0]
        if len(own):
            self._next_onboarding(visits.who[own], visits.time[own])
        own = ((stream > 0) & (stream < self.first_parting)).nonzero()[0]
        if len(own):
            self._next_recurring(visits.who[own], stream[own], visits.time[own])
        own = ((stream >= self.first_parting) & (stream < self.contact)).nonzero()[0]
        if len(own):
            self.people.due[stream[own], visits.who[own]] = NEVER
            self.people.count[stream[own], visits.who[own]] += 1
        own = (stream == self.contact).nonzero()[0]
        calls = [self._ended(visits.who[own], visits.time[own])] if len(own) else []
        calls += self._new_calls(lived, stream)
        if calls:
            self._call(*(np.concatenate(column) for column in zip(*calls, strict=True)))
        if self.renews.any():
            own = ((stream < self.first_parting) & self.renews[np.minimum(stream, len(self.renews) - 1)]).nonzero()[0]
            if len(own):
                rows = visits.who[own]
                self.decide(rows, visits.time[own], self.people.count[stream[own], rows])

    # newcomers -----------------------------------------------------------------------------------------------

    def _begin(self, rows: Column, time: Column) -> Column:
        """Entering and choosing, ahead of a visit of onboarding; which of these people then make it."""
        people, route = self.people, self.world.route
        entering = people.status[rows] == Status.UNAWARE
        if entering.any():
            self._enter(rows[entering], time[entering])
        visit = people.count[0, rows]
        going = np.ones(len(rows), dtype=bool)
        choosing = ((visit == route.choice) & (people.status[rows] == Status.CHOOSING)).nonzero()[0]
        if len(choosing):
            if route.choice < len(route.onboarding):
                where = np.full(len(choosing), route.onboarding[route.choice])
                self.judge.hear(rows[choosing], where, time[choosing])
            going[choosing] = self._choose(rows[choosing], time[choosing])
        over = going & (visit >= len(route.onboarding))
        if over.any():
            self._settle_in(rows[over], time[over])
            going &= ~over
        return going

    def _enter(self, rows: Column, time: Column) -> None:
        people, columns, world = self.people, self.people.columns, self.world
        people.status[rows] = Status.CHOOSING
        segment, day = people.segment[rows], time.astype(np.int64)
        need = world.need[day, segment]
        offered, best = world.offers[segment], world.best[day]
        will = np.where(np.isnan(offered), np.where(np.isnan(best), need, best), offered)
        people.mind[: columns.attributes, rows] = np.nan_to_num(will).T
        people.mind[columns.should : columns.should + columns.attributes, rows] = self.bar[segment].T
        for number, promise in enumerate(world.promises):
            if not promise.made_at:
                self.judge.tell(number, rows, time)

    def _choose(self, rows: Column, time: Column) -> Column:
        """Whether each buys (equation 11)."""
        people, world = self.people, self.world
        segment, day = people.segment[rows], time.astype(np.int64)
        wanted = world.need_weight[segment]
        will = people.mind[: people.columns.attributes].take(rows, axis=1).T
        expected = loyalty.offer(wanted, will)
        standard = world.choice_standard[day, segment]
        chance = adoption.choosing(expected, standard, world.assumptions.satisfaction_slope)
        chance = people.chance_scale[rows] * chance + people.chance_shift[rows]
        buys = luck.uniform(people.key[rows], Purpose.CHOICE) < chance
        new, when = rows[buys], time[buys]
        people.status[new] = Status.CUSTOMER
        people.joined[new], people.decided[new] = when, when
        people.referred[new] = people.recommendations[new]
        self._pay(new, when)
        for stream in (self.renews).nonzero()[0]:
            people.due[stream, new] = when + self._interval(new, stream, 0)
        gone = rows[~buys]
        people.status[gone] = Status.GONE
        people.due[:, gone] = NEVER
        return buys

    def _next_onboarding(self, rows: Column, time: Column) -> None:
        people, route = self.people, self.world.route
        people.count[0, rows] += 1
        visit = people.count[0, rows]
        last = len(route.onboarding)
        if route.choice == last:
            people.due[0, rows] = time + np.append(route.onboarding_gap, 1.0)[visit]
            return
        done = visit == last
        people.due[0, rows] = np.where(done, NEVER, time + np.append(route.onboarding_gap, 0.0)[visit])
        if done.any():
            self._settle_in(rows[done], time[done])

    def _settle_in(self, rows: Column, time: Column) -> None:
        """Onboarding is over: use begins."""
        people = self.people
        people.due[0, rows] = NEVER
        customers = people.status[rows] == Status.CUSTOMER
        rows, time = rows[customers], time[customers]
        for stream in range(1, self.first_parting):
            if not self.renews[stream]:
                people.due[stream, rows] = time + self._interval(rows, stream, 0)

    # coming back, staying, leaving ---------------------------------------------------------------------------

    def _interval(self, rows: Column, stream: Column | int, occurrence: Column | int) -> Column:
        """Days to the next visit of a recurring touchpoint."""
        key = self.people.key[rows]
        if isinstance(stream, int | np.integer):
            drawn = luck.uniform(key, Purpose.INTERVAL, occurrence, part=int(stream))
        else:
            drawn = luck.uniform(luck.at(key, stream), Purpose.INTERVAL, occurrence)
        return self.every[stream] * (1 + self.jitter[stream] * (2 * drawn - 1))

    def _next_recurring(self, rows: Column, stream: Column, time: Column) -> None:
        people = self.people
        people.count[stream, rows] += 1
        interval = self._interval(rows, stream, people.count[stream, rows])
        people.left_over[stream, rows] -= 1
        more = people.left_over[stream, rows] > 0
        people.due[stream, rows] = np.where(more, time + interval, NEVER)
        people.since[stream, rows] = interval

    def decide(self, rows: Column, time: Column, occurrence: Column) -> None:
        """The decision to stay, for the months since the last one (equation 9)."""
        people = self.people
        hazard = self.hazard(rows, time.astype(np.int64))
        months = np.maximum(0.0, (time - people.decided[rows]) / MONTH)
        leaves = luck.uniform(people.key[rows], Purpose.STAY, occurrence) < loyalty.leaving(hazard, months)
        people.decided[rows] = time
        self._leave(rows[leaves], time[leaves])
        if self.world.route.renews:
            self._pay(rows[~leaves], time[~leaves])

    def _pay(self, rows: Column, time: Column) -> None:
        people = self.people
        self.ledger.sold(people.group[rows], self.world.price[time.astype(np.int64), people.segment[rows]])

    def hazard(self, rows: Column, day: Column | int) -> Column:
        """Monthly probability that each of these customers leaves."""
        people, a, columns = self.people, self.world.assumptions, self.people.columns
        scores = people.mind[columns.satisfaction : columns.satisfaction + 3].take(rows, axis=1)
        lived = people.mind[columns.experiences + 1 : columns.experiences + 3].take(rows, axis=1) > 0
        segment = people.segment[rows]
        return loyalty.hazard(
            loyalty.lived_roles(scores, lived, a.customer_share),
            self.world.standard[day, segment],
            people.frailty[rows] * np.where(people.referred[rows], a.referred_hazard, 1.0),
            self.leave,
            self.world.switching_cost[segment],
            a.satisfaction_slope,
            a.switching_weight,
        )

    def _leave(self, rows: Column, time: Column) -> None:
        people = self.people
        people.status[rows] = Status.FORMER
        people.soonest[rows] = 0.0
        people.left[rows] = time
        people.due[:, rows] = NEVER
        people.issue[rows] = -1
        for number, parting in enumerate(self.world.route.partings, start=self.first_parting):
            people.due[number, rows] = time + parting.after
        self._note_next(rows)

    # contacts ------------------------------------------------------------------------------------------------

    def _new_calls(self, lived: Lived, stream: Column) -> list[tuple[Column, Column]]:
        """Who calls now and when: failures and shortfalls become contacts (equation 8)."""
        people, a, route, visits = self.people, self.world.assumptions, self.world.route, lived.visits
        bad = (
            (lived.failed | (lived.gap > a.shortfall_beyond))
            & (stream != self.contact)
            & (route.contact[visits.touchpoint] >= 0)
        ).nonzero()[0]
        bad = bad[people.issue[visits.who[bad]] < 0]
        if not len(bad):
            return []
        who, touchpoint = visits.who[bad], visits.touchpoint[bad]
        chance = contacts.calling(
            lived.failed[bad],
            lived.gap[bad],
            a.calls_after_failure,
            a.calls_after_shortfall,
            a.shortfall_beyond,
        )
        drawn = luck.uniform(luck.at(people.key[who], touchpoint), Purpose.EVENT, visits.occurrence[bad], part=1)
        calls = drawn < chance
        who, bad = who[calls], bad[calls]
        people.issue[who] = touchpoint[calls]
        people.failed[who] = lived.failed[bad]
        people.lost[who] = np.maximum(0.0, lived.lost[bad])
        people.tries[who] = 0
        return [(who, visits.time[bad])]

    def _call(self, who: Column, time: Column) -> None:
        """A contact is made: at once, or at a desk when it opens."""
        people, route = self.people, self.world.route
        people.soonest[who] = 0.0
        touchpoint = route.contact[people.issue[who]]
        people.calling[who] = self.line_of[touchpoint] >= 0
        people.abandoned[who] = False
        people.waited[who] = 0.0
        arrives = time.copy()
        drawn = luck.fractions(people.key[who], Purpose.CALL, people.count[self.contact, who], 3)
        for number, desk in enumerate(self.lines):
            own = (self.desk_of[touchpoint] == number).nonzero()[0]
            arrives[own] = desk.opening(time[own], drawn[5, own])
        people.due[self.contact, who] = arrives
        direct = (self.line_of[touchpoint] < 0).nonzero()[0]
        if len(direct):
            people.pause[who[direct]] = -np.log(drawn[4, direct]) * self.world.assumptions.calls_again_after
            solved = drawn[2, direct] < self.world.solves[self._day(arrives[direct]), touchpoint[direct]]
            people.solved[who[direct]], people.again[who[direct]] = solved, ~solved

    def _day(self, time: Column) -> Column:
        return np.minimum(time.astype(np.int64), self.world.days - 1)

    def _answered_at_once(self, rows: Column, touchpoint: Column, time: Column) -> None:
        """Contacts that nobody waits for are made when they are lived."""
        people, a = self.people, self.world.assumptions
        direct = (self.line_of[touchpoint] < 0).nonzero()[0]
        rows, time, desk = rows[direct], time[direct], self.desk_of[touchpoint[direct]]
        self.ledger.called(people.group[rows], people.issue[rows], people.failed[rows])
        for number, line in enumerate(self.lines):
            own = (desk == number).nonzero()[0]
            if not len(own):
                continue
            drawn = luck.fractions(people.key[rows[own]], Purpose.CALL, people.count[self.contact, rows[own]], 1)
            normals = ndtri(drawn[0])
            handling = lognormal(a.handling_cv, normals) * self.handling[self._day(time[own]), number]
            nothing = np.zeros(len(own))
            self.ledger.queueing(people.group[rows[own]], nothing, nothing > 0)
            line.note(people.replication[rows[own]], time[own], nothing, nothing > 0, handling)

    def _join(self, rows: Column) -> None:
        """Calls arrive at their desks; the callers' next event is not known until they are served."""
        time = self.people.next[rows]
        people, a = self.people, self.world.assumptions
        self.ledger.called(people.group[rows], people.issue[rows], people.failed[rows])
        touchpoint = self.world.route.contact[people.issue[rows]]
        drawn = luck.fractions(people.key[rows], Purpose.CALL, people.count[self.contact, rows], 3)
        at = time.astype(np.int64), self.line_of[touchpoint]
        handling = lognormal(a.handling_cv, ndtri(drawn[0])) * self.handling[at]
        patience = -np.log(drawn[1]) * self.patience[at]
        pause = -np.log(drawn[4]) * a.calls_again_after
        people.due[self.contact, rows] = NEVER
        others = people.due[1:].take(rows, axis=1).min(0)
        calm = np.minimum(others, self._harmless_until(rows))
        people.in_line[rows] = True
        people.next[rows] = NEVER
        people.pause[rows] = pause
        self.waiting.append(_Waiting(rows, at[1], time, handling, patience, drawn[2], drawn[3], pause, calm))

    def _harmless_until(self, rows: Column) -> Column | float:
        """The first visit of onboarding that may lead to a call, or after which something new begins."""
        people, a = self.people, self.world.assumptions
        if not len(self.milestone):
            return NEVER
        last = len(self.milestone) - 1
        done = np.minimum(people.count[0, rows], last)
        visit = np.minimum(done + np.arange(last + 1)[:, None], last)  # (V, n)
        touchpoint = self.world.route.onboarding[visit]
        key = luck.at(people.key[rows], touchpoint)
        may_fail = luck.uniform(key, Purpose.EVENT, visit) < self.fails_at_most[touchpoint]
        limit = np.where(may_fail, max(a.calls_after_failure, a.calls_after_shortfall), a.calls_after_shortfall)
        matters = (luck.uniform(key, Purpose.EVENT, visit, part=1) < limit) | self.milestone[visit]
        first = visit[matters.argmax(0), np.arange(len(rows))]
        return people.due[0, rows] + self.elapsed[first] - self.elapsed[done]

    def _serve(self, ready: Column) -> Column:
        """Serve the calls before which no other can come, of those in line or on the move; whom it concerns."""
        waiting = self.waiting[0]
        if len(self.waiting) > 1:
            waiting = _Waiting(*(np.concatenate(columns) for columns in zip(*self.waiting, strict=True)))
        people = self.people
        frontier = np.full(people.replications, NEVER)
        # with an issue open nobody opens another: his next call is the one that is under way
        bound = np.where(people.calling[ready], people.due[self.contact, ready], people.next[ready])
        np.minimum.at(frontier, people.replication[ready], np.maximum(bound, people.soonest[ready]))
        replication = people.replication[waiting.who]
        turn = (waiting.time <= frontier[replication]).nonzero()[0]
        turn = turn[np.lexsort((waiting.time[turn], replication[turn]))]
        outcomes = self._serve_in_turn(waiting, turn, replication[turn].tolist(), frontier.tolist())
        served = np.array([outcome is not None for outcome in outcomes], dtype=bool)
        turn = turn[served]
        left = np.ones(len(waiting.who), dtype=bool)
        left[turn] = False
        self.waiting = [_Waiting(*(column[left] for column in waiting))] if left.any() else []
        if not len(turn):
            return NOBODY
        waited, abandoned, again, soonest = (
            np.array(column) for column in zip(*(o for o in outcomes if o is not None), strict=True)
        )
        self._note_served(_Waiting(*(column[turn] for column in waiting)), waited, abandoned)
        who = waiting.who[turn]
        people.waited[who], people.abandoned[who] = waited, abandoned
        people.again[who], people.solved[who] = again, ~(again | abandoned)
        people.soonest[who] = soonest
        people.calling[who] = people.in_line[who] = False
        people.due[self.contact, who] = waiting.time[turn] + waited
        self._note_next(who)
        return who

    def _serve_in_turn(
        self, waiting: "_Waiting", turn: Column, replications: list[int], frontier: list[float]
    ) -> list[tuple[float, bool, bool, float] | None]:
        """Per call: (days waited, given up, calls again, soonest next call), None once one before it may still come.

        What a call leads to is known as soon as it is served, so that the frontier moves with each.
        """
        returning = self.world.assumptions.calls_again_abandoned
        columns = (column[turn].tolist() for column in waiting[1:])
        outcomes: list[tuple[float, bool, bool, float] | None] = []
        for r, line, time, handling, patience, solving, giving_up, pause, calm in zip(
            replications, *columns, strict=True
        ):
            if time > frontier[r]:
                outcomes.append(None)
                continue
            waited, abandoned = self.lines[line].arrive(r, time, handling, patience)
            end = time + waited
            again = giving_up < returning if abandoned else solving >= self.solving[line][int(end)]
            soonest = min(calm, end + pause) if again else calm
            if soonest < frontier[r]:
                frontier[r] = soonest
            outcomes.append((waited, abandoned, again, soonest))
        return outcomes

    def _note_served(self, calls: "_Waiting", waited: Column, abandoned: Column) -> None:
        people = self.people
        self.ledger.queueing(people.group[calls.who], waited, abandoned)
        replication = people.replication[calls.who]
        for number, desk in enumerate(self.lines):
            own = (calls.line == number).nonzero()[0] if len(self.lines) > 1 else slice(None)
            desk.note(replication[own], calls.time[own], waited[own], abandoned[own], calls.handling[own])

    def _wait_loss(self, rows: Column, touchpoint: Column, time: Column) -> Column:
        people, a, day = self.people, self.world.assumptions, time.astype(np.int64)
        line = self.line_of[touchpoint]
        if not len(self.lines):
            return np.zeros(len(rows), dtype=np.float32)
        patience = np.where(line >= 0, self.patience[day, line], 1.0)
        return perception.wait_loss(people.waited[rows], patience, a.wait_scale, a.free_wait)

    def _ended(self, rows: Column, time: Column) -> tuple[Column, Column]:
        """A contact is over; a solved issue gives back part of what it cost. Who calls again, and when."""
        people, world = self.people, self.world
        solved = people.solved[rows]
        a, happy, columns = world.assumptions, rows[solved], people.columns
        share = contacts.returned(world.policies[time[solved].astype(np.int64)], a.recovery, a.recovery_by_policy)
        back = share * people.lost[happy]
        people.mind[columns.satisfaction, happy] += back
        people.mind[columns.satisfaction + 1 + world.route.role[people.issue[happy]], happy] += back
        again = people.again[rows] & (people.tries[rows] < a.repeat_calls) & (people.left[rows] == NEVER)
        people.due[self.contact, rows] = NEVER
        people.count[self.contact, rows] += 1
        people.issue[rows[~again]] = -1
        callers = rows[again]
        people.tries[callers] += 1
        return callers, time[again] + people.pause[callers]

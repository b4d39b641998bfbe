"""What people do next: who enters, chooses, comes back, calls, leaves; in rounds of at most one event a person.

A round takes everyone whose next event is due, whatever it is, and lives their visits as one batch. Who calls a
staffed desk waits there until the desk has served every call that could have come before his.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cxmodel.arrays import MONTH
from cxmodel.engine import luck
from cxmodel.engine.desks import Line, lognormal
from cxmodel.engine.ledger import Ledger
from cxmodel.engine.luck import Purpose
from cxmodel.engine.population import NEVER, Population, Status
from cxmodel.engine.route import FIRST_VISIT_DAYS
from cxmodel.engine.visits import Judge, Lived, Visits
from cxmodel.engine.world import World
from cxmodel.model import adoption, contacts, loyalty, perception

Column = NDArray[Any]
CHUNK = 16384
"""Rows of a batch, so that its columns stay in the processor's cache."""
NOBODY = np.empty(0, dtype=np.intp)


class _Waiting(NamedTuple):
    """Callers in line."""

    who: Column
    line: Column
    time: Column
    handling: Column
    patience: Column
    soonest: Column  # earliest time of a further call of theirs


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
        for number, line in enumerate(lines):
            self.line_of[line.staffing.touchpoint] = number
        self.every = np.array([0.0, *(s.every for s in route.recurring)])
        self.jitter = np.array([0.0, *(s.jitter for s in route.recurring)])
        self.renews = np.array([False, *(s.renews for s in route.recurring)])
        self.waiting: list[_Waiting] = []
        self.month = 0

    def advance(self, until: float, month: int) -> None:
        """Everything that happens before `until`, all within one month."""
        self.month = month
        rows = np.flatnonzero(self.people.next < until)
        while len(rows):
            while len(rows):
                for first in range(0, len(rows), CHUNK):
                    self._round(rows[first : first + CHUNK])
                rows = rows[self.people.next[rows] < until]
            rows = self._serve()
            rows = rows[self.people.next[rows] < until]

    # one round -----------------------------------------------------------------------------------------------

    def _round(self, rows: Column) -> None:
        """The next event of each of these people."""
        people = self.people
        due = people.due[rows]
        stream = due.argmin(1)
        time = due[np.arange(len(rows)), stream]
        visiting = np.ones(len(rows), dtype=bool)
        contact = stream == self.contact
        if contact.any():
            joining = contact & people.calling[rows]
            visiting &= ~joining
            self._join(rows[joining], time[joining])
            given_up = contact & ~joining & people.abandoned[rows]
            visiting &= ~given_up
            self._give_up(rows[given_up], time[given_up])
        starting = np.flatnonzero(stream == 0)
        if len(starting):
            visiting[starting] = self._begin(rows[starting], time[starting])
        if not visiting.all():
            self._note_next(rows[~visiting])
            rows, stream, time = rows[visiting], stream[visiting], time[visiting]
        if len(rows):
            lived = self.judge.live(self._visits(rows, stream, time))
            self.ledger.record(lived)
            self._go_on(lived, stream)
            self._note_next(rows)

    def _note_next(self, rows: Column) -> None:
        self.people.next[rows] = self.people.due[rows].min(1)

    def _visits(self, rows: Column, stream: Column, time: Column) -> Visits:
        """The visits that these events are."""
        people, route = self.people, self.world.route
        touchpoint = self.touchpoint[stream]
        occurrence = people.count[rows, stream]
        since = people.since[rows, stream]
        starting = stream == 0
        if starting.any():
            onboarding = np.where(starting, occurrence, 0)
            touchpoint = np.where(starting, route.onboarding[onboarding], touchpoint)
            since = np.where(starting, route.onboarding_since[onboarding], since)
        contact = np.flatnonzero(stream == self.contact)
        waiting: Column | float = 0.0
        if len(contact):
            touchpoint[contact] = route.contact[people.issue[rows[contact]]]
            waiting = np.zeros(len(rows), dtype=np.float32)
            waiting[contact] = self._wait_loss(rows[contact], touchpoint[contact], time[contact])
        return Visits(rows, touchpoint, time, occurrence, since, waiting)

    def _go_on(self, lived: Lived, stream: Column) -> None:
        """What follows from these visits, each kind of event in its own way."""
        visits = lived.visits
        own = np.flatnonzero(stream == 0)
        if len(own):
            self._next_onboarding(visits.who[own], visits.time[own])
        own = np.flatnonzero((stream > 0) & (stream < self.first_parting))
        if len(own):
            self._next_recurring(visits.who[own], stream[own], visits.time[own])
        own = np.flatnonzero((stream >= self.first_parting) & (stream < self.contact))
        if len(own):
            self.people.due[visits.who[own], stream[own]] = NEVER
            self.people.count[visits.who[own], stream[own]] += 1
        own = np.flatnonzero(stream == self.contact)
        if len(own):
            self._answered(visits.who[own], visits.touchpoint[own], visits.time[own])
        self._perhaps_call(lived, stream)
        if self.renews.any():
            own = np.flatnonzero((stream < self.first_parting) & self.renews[np.minimum(stream, len(self.renews) - 1)])
            if len(own):
                rows = visits.who[own]
                self.decide(rows, visits.time[own], self.people.count[rows, stream[own]])

    # newcomers -----------------------------------------------------------------------------------------------

    def _begin(self, rows: Column, time: Column) -> Column:
        """Entering and choosing, ahead of a visit of onboarding; which of these people then make it."""
        people, route = self.people, self.world.route
        entering = people.status[rows] == Status.UNAWARE
        if entering.any():
            self._enter(rows[entering], time[entering])
        visit = people.count[rows, 0]
        going = np.ones(len(rows), dtype=bool)
        choosing = np.flatnonzero((visit == route.choice) & (people.status[rows] == Status.CHOOSING))
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
        people.mind[rows, : columns.attributes] = np.nan_to_num(will)
        people.mind[rows, columns.should : columns.should + columns.attributes] = self.bar[segment]
        for number, promise in enumerate(world.promises):
            if not promise.made_at:
                self.judge.tell(number, rows, time)

    def _choose(self, rows: Column, time: Column) -> Column:
        """Whether each buys (equation 11)."""
        people, world = self.people, self.world
        segment, day = people.segment[rows], time.astype(np.int64)
        wanted = world.need_weight[segment]
        will = people.mind[rows, : people.columns.attributes]
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
        for stream in np.flatnonzero(self.renews):
            people.due[new, stream] = when + self._interval(new, stream, 0)
        gone = rows[~buys]
        people.status[gone] = Status.GONE
        people.due[gone] = NEVER
        return buys

    def _next_onboarding(self, rows: Column, time: Column) -> None:
        people, route = self.people, self.world.route
        people.count[rows, 0] += 1
        visit = people.count[rows, 0]
        last = len(route.onboarding)
        if route.choice == last:
            people.due[rows, 0] = time + np.append(route.onboarding_gap, 1.0)[visit]
            return
        done = visit == last
        people.due[rows, 0] = np.where(done, NEVER, time + np.append(route.onboarding_gap, 0.0)[visit])
        if done.any():
            self._settle_in(rows[done], time[done])

    def _settle_in(self, rows: Column, time: Column) -> None:
        """Onboarding is over: use begins."""
        people = self.people
        people.due[rows, 0] = NEVER
        customers = people.status[rows] == Status.CUSTOMER
        rows, time = rows[customers], time[customers]
        for stream in range(1, self.first_parting):
            if not self.renews[stream]:
                people.due[rows, stream] = time + self._interval(rows, stream, 0)

    # coming back, staying, leaving ---------------------------------------------------------------------------

    def _interval(self, rows: Column, stream: Column | int, occurrence: Column | int) -> Column:
        """Days to the next visit of a recurring touchpoint."""
        key = self.people.key[rows]
        if isinstance(stream, int | np.integer):
            drawn = luck.uniform(key, Purpose.INTERVAL, occurrence, part=int(stream))
        else:
            drawn = luck.fraction(luck.mixed(luck.at(luck.bits(key, Purpose.INTERVAL, occurrence), stream)))
        return self.every[stream] * (1 + self.jitter[stream] * (2 * drawn - 1))

    def _next_recurring(self, rows: Column, stream: Column, time: Column) -> None:
        people = self.people
        people.count[rows, stream] += 1
        interval = self._interval(rows, stream, people.count[rows, stream])
        people.left_over[rows, stream] -= 1
        more = people.left_over[rows, stream] > 0
        people.due[rows, stream] = np.where(more, time + interval, NEVER)
        people.since[rows, stream] = interval

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
        scores = people.mind[rows, columns.satisfaction : columns.satisfaction + 3]
        lived = people.mind[rows, columns.experiences + 1 : columns.experiences + 3] > 0
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
        people.left[rows] = time
        people.due[rows] = NEVER
        people.issue[rows] = -1
        for number, parting in enumerate(self.world.route.partings, start=self.first_parting):
            people.due[rows, number] = time + parting.after
        self._note_next(rows)

    # contacts ------------------------------------------------------------------------------------------------

    def _perhaps_call(self, lived: Lived, stream: Column) -> None:
        """Failures and shortfalls become contacts (equation 8)."""
        people, a, route, visits = self.people, self.world.assumptions, self.world.route, lived.visits
        bad = np.flatnonzero(
            (lived.failed | (lived.gap > a.shortfall_beyond))
            & (stream != self.contact)
            & (route.contact[visits.touchpoint] >= 0)
        )
        bad = bad[people.issue[visits.who[bad]] < 0]
        if not len(bad):
            return
        who, touchpoint = visits.who[bad], visits.touchpoint[bad]
        chance = contacts.calling(
            lived.failed[bad], lived.gap[bad], a.calls_after_failure, a.calls_after_shortfall, a.shortfall_beyond
        )
        drawn = luck.uniform(luck.at(people.key[who], touchpoint), Purpose.EVENT, visits.occurrence[bad], part=1)
        calls = drawn < chance
        who, bad = who[calls], bad[calls]
        people.issue[who] = touchpoint[calls]
        people.failed[who] = lived.failed[bad]
        people.lost[who] = np.maximum(0.0, lived.lost[bad])
        people.tries[who] = 0
        self._call(who, visits.time[bad])

    def _call(self, who: Column, time: Column) -> None:
        """A contact is made: at once, or at a desk when it opens."""
        people, route = self.people, self.world.route
        line = self.line_of[route.contact[people.issue[who]]]
        people.calling[who] = line >= 0
        people.abandoned[who] = False
        people.waited[who] = 0.0
        arrives = time.copy()
        for number, desk in enumerate(self.lines):
            own = np.flatnonzero(line == number)
            drawn = luck.uniform(people.key[who[own]], Purpose.OPENING, people.count[who[own], self.contact])
            arrives[own] = desk.opening(time[own], drawn)
        people.due[who, self.contact] = arrives
        direct = line < 0
        self._count_calls(who[direct])

    def _count_calls(self, who: Column) -> None:
        people = self.people
        self.ledger.called(self.month, people.group[who], people.issue[who], people.failed[who])

    def _join(self, rows: Column, time: Column) -> None:
        """Calls arrive at their desks; the callers' next event is not known until they are served."""
        if not len(rows):
            return
        people, a = self.people, self.world.assumptions
        self._count_calls(rows)
        line = self.line_of[self.world.route.contact[people.issue[rows]]]
        key, occurrence = people.key[rows], people.count[rows, self.contact]
        day = time.astype(np.int64)
        means = np.array([(d.staffing.handling[day], d.staffing.patience[day]) for d in self.lines])
        own = np.arange(len(rows))
        normals = luck.normal(key, Purpose.HANDLING, occurrence)
        handling = lognormal(a.handling_cv, normals) * means[line, 0, own]
        patience = luck.exponential(key, Purpose.PATIENCE, occurrence) * means[line, 1, own]
        people.due[rows, self.contact] = NEVER
        again = time + luck.exponential(key, Purpose.AGAIN_AFTER, occurrence) * a.calls_again_after
        soonest = np.minimum(people.due[rows].min(1), again)
        self.waiting.append(_Waiting(rows, line, time, handling, patience, soonest))

    def _serve(self) -> Column:
        """Serve the calls before which no other can still come; whom it concerns."""
        if not self.waiting:
            return NOBODY
        waiting = _Waiting(*(np.concatenate(columns) for columns in zip(*self.waiting, strict=True)))
        people = self.people
        replication = people.group[waiting.who] // people.segments
        frontier = np.full(people.replications, NEVER)
        np.minimum.at(frontier, replication, waiting.soonest)
        safe = waiting.time <= frontier[replication]
        left = ~safe
        self.waiting = [_Waiting(*(column[left] for column in waiting))] if left.any() else []
        turn = np.flatnonzero(safe)
        turn = turn[np.lexsort((waiting.time[turn], replication[turn]))]
        who = waiting.who[turn]
        outcomes = [
            self.lines[line].arrive(r, time, handling, patience)
            for line, r, time, handling, patience in zip(
                waiting.line[turn].tolist(),
                replication[turn].tolist(),
                waiting.time[turn].tolist(),
                waiting.handling[turn].tolist(),
                waiting.patience[turn].tolist(),
                strict=True,
            )
        ]
        waited = np.array([outcome[0] for outcome in outcomes])
        abandoned = np.array([outcome[1] for outcome in outcomes])
        people.waited[who], people.abandoned[who], people.calling[who] = waited, abandoned, False
        people.due[who, self.contact] = waiting.time[turn] + waited
        self.ledger.queueing(self.month, people.group[who], waited, abandoned)
        self._note_next(who)
        return who

    def _wait_loss(self, rows: Column, touchpoint: Column, time: Column) -> Column:
        people, a, day = self.people, self.world.assumptions, time.astype(np.int64)
        loss = np.zeros(len(rows), dtype=np.float32)
        for desk in self.lines:
            own = np.flatnonzero((touchpoint == desk.staffing.touchpoint) & (people.waited[rows] > 0))
            patience = desk.staffing.patience[day[own]]
            loss[own] = perception.wait_loss(people.waited[rows[own]], patience, a.wait_scale, a.free_wait)
        return loss

    def _give_up(self, rows: Column, time: Column) -> None:
        if not len(rows):
            return
        people, a = self.people, self.world.assumptions
        touchpoint = self.world.route.contact[people.issue[rows]]
        occurrence = people.count[rows, self.contact]
        since = np.full(len(rows), FIRST_VISIT_DAYS, dtype=np.float32)
        loss = self._wait_loss(rows, touchpoint, time)
        self.judge.wait_in_vain(Visits(rows, touchpoint, time, occurrence, since, loss))
        again = luck.uniform(people.key[rows], Purpose.AGAIN, occurrence) < a.calls_again_abandoned
        self._end_contact(rows, time, again)

    def _answered(self, rows: Column, touchpoint: Column, time: Column) -> None:
        """The contact was lived; a solved issue gives back part of what it cost."""
        people, world, day = self.people, self.world, time.astype(np.int64)
        occurrence = people.count[rows, self.contact]
        solved = luck.uniform(people.key[rows], Purpose.SOLVED, occurrence) < world.solves[day, touchpoint]
        a, happy, columns = world.assumptions, rows[solved], people.columns
        share = contacts.returned(world.policies[day[solved]], a.recovery, a.recovery_by_policy)
        role = 1 + world.route.role[people.issue[happy]]
        for column in (np.full(len(happy), columns.satisfaction), columns.satisfaction + role):
            people.mind[happy, column] += share * people.lost[happy]
        self._end_contact(rows, time, ~solved)

    def _end_contact(self, rows: Column, time: Column, again: Column) -> None:
        people, a = self.people, self.world.assumptions
        again = again & (people.tries[rows] < a.repeat_calls) & (people.left[rows] == NEVER)
        occurrence = people.count[rows, self.contact]
        pause = luck.exponential(people.key[rows], Purpose.AGAIN_AFTER, occurrence) * a.calls_again_after
        people.due[rows, self.contact] = NEVER
        people.count[rows, self.contact] += 1
        closed = rows[~again]
        people.issue[closed] = -1
        callers = rows[again]
        people.tries[callers] += 1
        self._call(callers, time[again] + pause[again])

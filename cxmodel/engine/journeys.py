"""What people do next: who enters, chooses, comes back, leaves; in rounds of at most one event a person.

A round takes everyone whose next event is due, whatever it is, and lives their visits as one batch. Knows neither how a
visit feels (`visits`) nor what becomes of a call (`contacts`). Columns have one entry a person.
"""

from collections.abc import Sequence

import numpy as np

from cxmodel.arrays import MONTH, Column
from cxmodel.engine import luck
from cxmodel.engine.contacts import Contacts
from cxmodel.engine.desks import Line
from cxmodel.engine.ledger import Ledger
from cxmodel.engine.luck import Purpose
from cxmodel.engine.population import NEVER, Population, Status
from cxmodel.engine.returns import Returns
from cxmodel.engine.route import FIRST_VISIT_DAYS
from cxmodel.engine.today import Today
from cxmodel.engine.visits import NOBODY, Judge, Lived, Visits
from cxmodel.engine.world import World
from cxmodel.model import adoption, loyalty

CHUNK = 32768
"""Rows of a batch, so that its columns stay in the processor's cache."""
FEW = 2048
"""People on the move from which on the desks wait for them: a cost knob, no result depends on it."""


class Journeys:
    """Moves a population through its journeys; `bar` (S, K) is the H that newcomers arrive with."""

    def __init__(
        self,
        world: World,
        people: Population,
        lines: Sequence[Line],
        ledger: Ledger,
        bar: Column,
        today: Today,
        failing_at_most: Column,
    ) -> None:
        self.world, self.people, self.ledger = world, people, ledger
        self.leave, self.bar = today.leave, bar
        self.judge = Judge(world, people)
        self.contacts = Contacts(world, people, lines, ledger, today.calling, failing_at_most)
        route = world.route
        # streams of events: onboarding, the recurring ones, the partings, coming back, the contact
        self.first_parting = 1 + len(route.recurring)
        self.coming_back = self.first_parting + len(route.partings) if route.comes_back else -1
        self.returns = Returns(self, self.coming_back)
        streams = [0, *(s.touchpoint for s in route.recurring), *(p.touchpoint for p in route.partings)]
        streams += [0] * (1 + route.comes_back)
        self.touchpoint = np.array(streams, dtype=np.intp)
        self.every, self.visits = world.every.ravel(), world.visits.ravel()  # (D*T)
        self.jitter = np.array([0.0, *(s.jitter for s in route.recurring)])
        self.renews = np.zeros(len(streams), dtype=bool)  # of each stream
        self.renews[1 : self.first_parting] = [s.renews for s in route.recurring]
        self.renewals: list[int] = self.renews.nonzero()[0].tolist()
        self.uses = [stream for stream in range(1, self.first_parting) if stream not in self.renewals]
        self.edges = np.arange(len(streams) + 1)
        self.next_ordinal = route.ordinal + 1

    def advance(self, until: float) -> None:
        """Everything that happens before `until`."""
        people, contacts = self.people, self.contacts
        ready = (people.next < until).nonzero()[0]
        while len(ready) or contacts.waiting:
            ready = contacts.join(ready)
            if contacts.waiting and len(ready) < FEW:
                served = contacts.serve(ready)
                ready = np.concatenate([ready, served[people.next[served] < until]])
            for first in range(0, len(ready), CHUNK):
                self._round(ready[first : first + CHUNK])
            ready = ready[people.next.take(ready) < until]

    # one round -----------------------------------------------------------------------------------------------

    def _round(self, rows: Column) -> None:
        """The next event of each of these people."""
        people = self.people
        stream = people.due.take(rows, axis=1).argmin(0)
        order = stream.argsort(kind="stable")
        rows, stream = rows.take(order), stream.take(order)
        time, entering = people.next.take(rows), self._own(stream)[0]
        if entering.stop:
            staying_behind = self._begin(rows[entering], time[entering])
            if len(staying_behind):
                people.look_ahead(rows[staying_behind])
                rows, stream, time = (np.delete(column, staying_behind) for column in (rows, stream, time))
        if len(rows):
            self._live(self._visits(rows, stream, time), stream)
            people.look_ahead(rows)

    def _own(self, stream: Column) -> list[slice]:
        """Where the events of each stream stand in a batch, which has them in the order of streams."""
        edges = stream.searchsorted(self.edges).tolist()
        return list(map(slice, edges, edges[1:]))

    def _live(self, visits: Visits, stream: Column) -> None:
        """Live these visits; many at a time by how many attributes they touch, so that none pays for another's."""
        self._hear(visits, stream)
        slots = self.judge.slots.take(visits.touchpoint)
        if len(slots) < FEW:
            self._live_together(visits, stream, int(slots.max(initial=1)))
            return
        for count in range(self.world.route.slots + 1):
            own = (slots == count).nonzero()[0]
            if len(own):
                self._live_together(visits.only(own), stream[own], max(1, count))

    def _live_together(self, visits: Visits, stream: Column, slots: int) -> None:
        lived = self.judge.live(visits, slots)
        self.ledger.record(lived)
        self._go_on(lived, stream)

    def _hear(self, visits: Visits, stream: Column) -> None:
        """Promises are renewed just before a visit; those of the first purchase were heard before the choice."""
        told = self.judge.told_at.take(visits.touchpoint)
        if np.count_nonzero(told):
            told &= (stream != 0) | (visits.occurrence != self.world.route.choice)
            told[visits.vain] = False
            if np.count_nonzero(told):
                self.judge.hear(visits.who[told], visits.touchpoint[told], visits.time[told])

    def _visits(self, rows: Column, stream: Column, time: Column) -> Visits:
        """The visits that these events are."""
        people, route = self.people, self.world.route
        touchpoint, place = self.touchpoint.take(stream), stream * people.size + rows
        occurrence, since = people.count.reshape(-1).take(place), people.since.reshape(-1).take(place)
        first, *_, contact = own = self._own(stream)
        if first.stop:
            touchpoint[first] = route.onboarding.take(occurrence[first])
        if route.comes_back:
            back = own[self.coming_back]
            touchpoint[back] = route.returning[occurrence[back] % len(route.returning)]
        visits = Visits(rows, touchpoint, time, occurrence, since)
        return self._answered(visits, contact) if contact.start < len(rows) else visits

    def _answered(self, visits: Visits, contact: slice) -> Visits:
        """The same visits, with what waiting takes from those that are contacts, which are the last."""
        people, callers, time = self.people, visits.who[contact], visits.time[contact]
        touchpoint = self.contacts.turned_to(callers)
        visits.touchpoint[contact] = touchpoint
        waiting = np.zeros(len(visits.who), dtype=np.float32)
        waiting[contact] = self.contacts.answered(callers, touchpoint, time)
        return visits._replace(waiting=waiting, vain=contact.start + people.abandoned.take(callers).nonzero()[0])

    def _go_on(self, lived: Lived, stream: Column) -> None:
        """What follows from these visits, each kind of event in its own way."""
        visits, streams = lived.visits, self._own(stream)
        onboarding, contact = streams[0], streams[-1]
        if onboarding.stop:
            self._next_onboarding(visits.who[onboarding], visits.time[onboarding], lived.at[onboarding])
        own = slice(onboarding.stop, streams[self.first_parting].start)
        if own.start < own.stop:
            self._next_recurring(visits.who[own], stream[own], visits.time[own], lived.at[own])
        own = slice(own.stop, contact.start)
        if own.start < own.stop:
            # partings, and coming back, which says itself when it goes on
            self.people.due[stream[own], visits.who[own]] = NEVER
            self.people.count[stream[own], visits.who[own]] += 1
            if self.world.route.comes_back:
                own = streams[self.coming_back]
                self.returns.go_on(visits.who[own], visits.time[own])
        self.contacts.follow(lived, contact.start)
        for number in self.renewals:
            own = streams[number]
            if own.start < own.stop:
                self._renew(visits.who[own], visits.time[own], number)

    # newcomers -----------------------------------------------------------------------------------------------

    def _begin(self, rows: Column, time: Column) -> Column:
        """Entering and choosing, ahead of a visit of onboarding; which of these people, by position, do not make it."""
        people, route = self.people, self.world.route
        status, visit = people.status.take(rows), people.count[0].take(rows)
        entering = (status == Status.UNAWARE).nonzero()[0]
        if len(entering):
            self._enter(rows[entering], time[entering])
        at_choice = visit == route.choice
        choosing = (at_choice & (status <= Status.CHOOSING)).nonzero()[0]
        behind = NOBODY
        if len(choosing):
            if route.choice < len(route.onboarding):
                where = np.full(len(choosing), route.onboarding[route.choice])
                self.judge.hear(rows[choosing], where, time[choosing])
            behind = choosing[~self._choose(rows[choosing], time[choosing])]
        if route.choice == len(route.onboarding):
            over = at_choice.copy()
            over[behind] = False
            self.settle_in(rows[over], time[over])
            behind = at_choice.nonzero()[0]
        return behind

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
        self.pay(new, when)
        for stream in self.renewals:
            self.restart(new, stream, when)
        gone = rows[~buys]
        people.status[gone] = Status.GONE
        people.due[:, gone] = NEVER
        return buys

    def _next_onboarding(self, rows: Column, time: Column, at: Column) -> None:
        """The next visit to the same touchpoint, if there is to be one, or the first one to the next."""
        people, route = self.people, self.world.route
        visit, last = people.count[0].take(rows), len(route.onboarding)
        more = self.next_ordinal.take(visit) < self.visits.take(at)
        following = np.where(more, visit + 1, route.onward.take(visit))
        days = np.where(more, self.every.take(at), 1.0)
        people.count[0][rows] = following
        people.since[0][rows] = np.where(more, days, FIRST_VISIT_DAYS)
        people.due[0][rows] = time + days
        if route.choice < last:
            done = (following == last).nonzero()[0]
            if len(done):
                self.settle_in(rows[done], time[done])

    def settle_in(self, rows: Column, time: Column) -> None:
        """Onboarding is over: use begins."""
        people = self.people
        people.due[0][rows] = NEVER
        customers = (people.status.take(rows) == Status.CUSTOMER).nonzero()[0]
        if len(customers) < len(rows):
            rows, time = rows[customers], time[customers]
        if len(rows):
            for stream in self.uses:
                self.restart(rows, stream, time)

    # coming back, staying, leaving ---------------------------------------------------------------------------

    def _interval(self, rows: Column, stream: Column | int, occurrence: Column | int, time: Column) -> Column:
        """Days to the next visit of a recurring touchpoint."""
        at = np.minimum(time.astype(np.int64), self.world.days - 1) * len(self.world.route.touchpoints)
        every = self.every.take(at + self.touchpoint[stream])
        key = self.people.key[rows]
        if isinstance(stream, int):
            drawn = luck.uniform(key, Purpose.INTERVAL, occurrence, part=stream)
        else:
            drawn = luck.uniform(luck.at(key, stream), Purpose.INTERVAL, occurrence)
        return every * (1 + self.jitter[stream] * (2 * drawn - 1))

    def restart(self, rows: Column, stream: int, time: Column) -> None:
        """A recurring touchpoint begins, or begins again, an interval from now, unless its visits are used up."""
        people = self.people
        following = time + self._interval(rows, stream, people.count[stream].take(rows), time)
        people.due[stream][rows] = np.where(people.left_over[stream].take(rows) > 0, following, NEVER)
        people.since[stream][rows] = FIRST_VISIT_DAYS

    def _next_recurring(self, rows: Column, stream: Column, time: Column, at: Column) -> None:
        people = self.people
        place, count, left_over = stream * people.size + rows, people.count.reshape(-1), people.left_over.reshape(-1)
        count[place] += 1
        interval = self._interval(rows, stream, count[place], time)
        left_over[place] -= 1
        more = left_over[place] + (self.visits.take(at) - self.visits.take(self.touchpoint[stream])) > 0
        people.due.reshape(-1)[place] = np.where(more, time + interval, NEVER)
        people.since.reshape(-1)[place] = interval

    def _renew(self, rows: Column, time: Column, stream: int) -> None:
        """Who decides at renewals does; who stays pays."""
        people = self.people
        deciding = self.world.route.decides[people.segment[rows]] == 0
        own = rows[deciding]
        key = luck.at(people.key[own], np.full(len(own), stream))
        self.decide(own, time[deciding], key, people.count[stream][own])
        staying = people.left[rows] == NEVER
        self.pay(rows[staying], time[staying])

    def decide(self, rows: Column, time: Column, key: Column, occurrence: Column) -> None:
        """The decision to stay, for the months since the last one (equation 9)."""
        people = self.people
        hazard = self.hazard(rows, time.astype(np.int64))
        months = np.maximum(0.0, (time - people.decided[rows]) / MONTH)
        leaves = luck.uniform(key, Purpose.STAY, occurrence) < loyalty.leaving(hazard, months)
        people.decided[rows] = time
        self._leave(rows[leaves], time[leaves])

    def pay(self, rows: Column, time: Column) -> None:
        """The price of buying or renewing."""
        people = self.people
        self.ledger.sold(people.group[rows], self.world.prices.once[time.astype(np.int64), people.segment[rows]])

    def hazard(self, rows: Column, day: Column | int) -> Column:
        """Monthly probability that each of these customers leaves."""
        people, a = self.people, self.world.assumptions
        segment = people.segment[rows]
        return loyalty.hazard(
            self.loyal(rows),
            self.world.standard[day, segment],
            people.frailty[rows] * np.where(people.referred[rows], a.referred_hazard, 1.0),
            self.leave[segment],
            self.world.switching_cost[day, segment],
            a.satisfaction_slope,
            a.switching_weight,
        )

    def loyal(self, rows: Column) -> Column:
        """Satisfaction that loyalty answers to, blended from the roles lived."""
        people, columns = self.people, self.people.columns
        scores = people.mind[columns.satisfaction : columns.satisfaction + 3].take(rows, axis=1)
        lived = people.mind[columns.experiences + 1 : columns.experiences + 3].take(rows, axis=1) > 0
        return loyalty.lived_roles(scores, lived, self.world.assumptions.customer_share)

    def _leave(self, rows: Column, time: Column) -> None:
        people = self.people
        people.status[rows] = Status.FORMER
        people.soonest[rows] = 0.0
        people.left[rows] = time
        people.due[:, rows] = NEVER
        people.issue[rows] = -1
        for number, parting in enumerate(self.world.route.partings, start=self.first_parting):
            people.due[number, rows] = time + parting.after
        people.look_ahead(rows)

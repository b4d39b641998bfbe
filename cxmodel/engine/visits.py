"""A batch of visits at once: what was lived, how it felt, what is remembered and expected next.

Takes people, touchpoints and times; knows nothing of why they came. Everyone in a batch is a different person.
Arrays per visit have shape (n,), per attribute touched (A, n).
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cxmodel.arrays import Column
from cxmodel.engine import luck
from cxmodel.engine.luck import NORMAL_POINTS, Purpose
from cxmodel.engine.population import Population
from cxmodel.engine.world import World
from cxmodel.model import expectation, memory, perception

NOBODY = np.empty(0, dtype=np.intp)
SLOT_LIMIT = 4
"""Normal draws that one hashed word gives."""


class Visits(NamedTuple):
    """Who visits what, when; `occurrence` counts this person's visits to this touchpoint."""

    who: NDArray[np.intp]
    touchpoint: NDArray[np.intp]
    time: NDArray[np.float64]
    occurrence: NDArray[np.int32]
    since: NDArray[np.float32]
    waiting: NDArray[np.float32] | float = 0.0  # points that waiting takes from the episode
    vain: NDArray[np.intp] = NOBODY  # which of these are calls given up: nothing is judged but effort and waiting

    def only(self, own: NDArray[np.intp]) -> "Visits":
        """Those of these visits, by position in increasing order."""
        waiting = self.waiting if isinstance(self.waiting, float) else self.waiting[own]
        vain = np.isin(own, self.vain).nonzero()[0] if len(self.vain) else NOBODY
        return Visits(
            self.who[own], self.touchpoint[own], self.time[own], self.occurrence[own], self.since[own], waiting, vain
        )


class Lived(NamedTuple):
    """What the visits were, for the record and for what follows from them."""

    visits: Visits
    rate: Column  # (n,) alpha; 0 where nothing was judged
    level: Column  # (A, n) q after failures and clip
    perceived: Column  # (A, n)
    standard: Column  # (A, n)
    weight: Column  # (A, n)
    gap: Column  # (n,) weighted
    failed: Column  # (n,)
    lost: Column  # (n,) satisfaction before less after


@dataclass
class Judge:
    """Lives batches of visits; holds the world's tables in the shapes that a batch reads."""

    world: World
    people: Population

    def __post_init__(self) -> None:
        world, route = self.world, self.world.route
        days = (world.days, len(route.touchpoints))
        flat = world.delivered.reshape(days[0] * days[1], -1)
        self.level = np.ascontiguousarray(flat.T, dtype=np.float32)  # (A, D*T)
        self.failing = world.failing.ravel()
        self.severity = world.severity.ravel().astype(np.float32)
        self.effort = world.effort.ravel().astype(np.float32)
        self.importance = world.importance.ravel().astype(np.float32)
        self.fragile = bool((world.failing > 0).any())
        self.effortful = bool((world.effort != 0).any())
        self.made_at = np.zeros((len(world.promises), len(route.touchpoints)), dtype=bool)
        for number, promise in enumerate(world.promises):
            self.made_at[number, list(promise.made_at)] = True
        self.told_at = np.logical_or.reduce(self.made_at, axis=0)
        self.role = route.role + 1
        self.slots = (route.attribute < len(route.attributes)).sum(0)
        self.priced = bool((route.priced >= 0).any())
        # what differs by replication, none while nothing does: points that a worn people lever takes (A, R*T), chances
        # of failing that it adds (R*T), lifts by completed actions (R*T), which reach as far as there is room (A, D*T)
        self.worn: Column | None = None
        self.worn_failing: Column | None = None
        self.lift: Column | None = None
        self.room: Column = np.zeros((route.slots, 1), dtype=np.float32)

    def hear(self, who: Column, touchpoint: Column, time: Column) -> None:
        """Promises made at these touchpoints reach those whom they ever reach (equation 3)."""
        told = self.told_at[touchpoint]
        if not told.any():
            return
        who, touchpoint, time = who[told], touchpoint[told], time[told]
        for number, made_at in enumerate(self.made_at):
            made = made_at[touchpoint]
            if made.any():
                self.tell(number, who[made], time[made])

    def tell(self, number: int, who: Column, time: Column) -> None:
        """One promise told to these people, heard by those within its reach."""
        people, a, promise = self.people, self.world.assumptions, self.world.promises[number]
        day = time.astype(np.int64)
        reached = luck.uniform(people.key[who], Purpose.REACH, 0, part=number) < promise.reach[day]
        who, day = who[reached], day[reached]
        level, believed = promise.level[day], promise.believed[day]
        known = (people.lived[who] >> promise.attribute) & 1 == 1
        belief = believed * np.where(known, a.believed_later, 1.0)
        will, should = promise.attribute, people.columns.should + promise.attribute
        people.mind[will, who] = expectation.told_will(people.mind[will, who], level, belief)
        people.mind[should, who] = expectation.told_should(
            people.mind[should, who], level, believed, a.should_from_promise
        )

    def live(self, visits: Visits, slots: int) -> Lived:
        """The visits take place (equations 2 to 7); none of them touches more attributes than `slots`."""
        world, people, a = self.world, self.people, self.world.assumptions
        route, columns, mind = world.route, people.columns, people.mind.reshape(-1)
        who, t = visits.who, visits.touchpoint
        at = visits.time.astype(np.int64) * len(route.touchpoints) + t
        need = people.segment[who] * len(route.touchpoints) + t
        size = people.size
        own = (route.column[:slots] * size).take(need, axis=1) + who
        will = mind.take(own)
        own += columns.should * size
        should = mind.take(own)
        level, failed, trouble = self._lived(visits, at, slots)
        weight = route.weight[:slots].take(need, axis=1)
        perceived = perception.perceived(level, will, a.assimilation)
        if len(visits.vain):
            weight[:, visits.vain], failed[visits.vain] = 0.0, False
            perceived[:, visits.vain] = will[:, visits.vain]
        standard = perception.standard(will, should, a.will_share)
        short = standard - perceived
        gain, loss, zone = (table[:slots].take(t, axis=1) for table in (route.gain, route.loss, route.zone))
        value = perception.surprise(-short, gain, loss, zone, a.surprise_scale)
        loads = visits.waiting + self.effort[at] if self.effortful else visits.waiting
        if trouble is not None:
            loads = loads + trouble
        score = who + columns.satisfaction * size
        judged = (weight * (perceived + value)).sum(0)
        episode = perception.episode(judged, people.mind[columns.leniency].take(who), loads)
        importance = self.importance.take(at) * route.emphasis.take(need)
        news = (weight * memory.news(perceived, will, a.quality_noise)).sum(0)
        mattered = memory.weight(importance, visits.since, news, a.quiet_days, a.news_scale)
        counts = route.judged.take(need)
        rate, before, after = self._remember(visits, score, episode, loads, mattered, counts)
        self._remember(visits, score + size * self.role.take(t), episode, loads, mattered, counts)
        self._learn(visits, own, will, should, perceived)
        self._mark(visits, need, (np.abs(value) * (weight > 0)).max(0))
        gap = (weight * short).sum(0)
        return Lived(visits, rate, level, perceived, standard, weight, gap, failed, before - after)

    def _lived(self, visits: Visits, at: Column, slots: int) -> tuple[Column, Column, Column | None]:
        """Levels lived (A, n), whether the visit failed (n,), and points that falling back on a channel costs (n,)."""
        people = self.people
        level = self.level[:slots].take(at, axis=1)
        key = luck.at(people.key[visits.who], visits.touchpoint)
        reacting = self.worn is not None or self.lift is not None
        place = visits.touchpoint
        if reacting:
            place = people.replication[visits.who] * len(self.world.route.touchpoints) + visits.touchpoint
            self._react(level, place, at)
        if self.priced:
            self._charge(visits, level)
        trouble = self._channel(visits, key, level) if self.world.channels else None
        for first in range(0, slots, SLOT_LIMIT):
            word = luck.bits(key, Purpose.NOISE, visits.occurrence, part=first)
            noise = NORMAL_POINTS.take(word.view(np.uint16).reshape(-1, SLOT_LIMIT).T[: slots - first])
            level[first : first + SLOT_LIMIT] += np.float32(self.world.assumptions.quality_noise) * noise
        failed = np.zeros(len(key), dtype=bool)
        if self.fragile:
            chance = self.failing[at]
            if reacting and self.worn_failing is not None:
                chance = chance + self.worn_failing[place]
            at_risk = np.flatnonzero(chance > 0)
            drawn = luck.uniform(key[at_risk], Purpose.EVENT, visits.occurrence[at_risk])
            failed[at_risk] = drawn < chance[at_risk]
            broken = np.flatnonzero(failed)
            level[:, broken] -= self.severity[at[broken]]
        return np.clip(level, 0.0, 100.0, out=level), failed, trouble

    def _react(self, level: Column, place: Column, at: Column) -> None:
        """Put in what strain takes and what actions have lifted, in place (equations 13 and 14)."""
        slots = len(level)
        if self.worn is not None:
            level += self.worn[:slots].take(place, axis=1)
        if self.lift is not None:
            level += np.minimum(self.lift[place], self.room[:slots].take(at, axis=1))
        np.clip(level, 0.0, 100.0, out=level)

    def _charge(self, visits: Visits, level: Column) -> None:
        """Put in the level that prices deliver, in place (equation 12)."""
        slot = self.world.route.priced[visits.touchpoint]
        own = (slot >= 0).nonzero()[0]
        day, segment = visits.time[own].astype(np.int64), self.people.segment[visits.who[own]]
        level[slot[own], own] = np.nan_to_num(self.world.prices.level[day, segment])

    def _channel(self, visits: Visits, key: Column, level: Column) -> Column:
        """Put in what the channel used changes, in place; points that falling back on another costs (n,)."""
        trouble = np.zeros(len(visits.who), dtype=np.float32)
        for touchpoint, choice in self.world.channels.items():
            own = (visits.touchpoint == touchpoint).nonzero()[0]
            if len(own):
                chance = luck.uniform(key[own], Purpose.CHANNEL)
                offset, fallen = choice.used(chance, visits.time[own].astype(np.int64))
                level[:, own] += offset[: len(level)].astype(np.float32)
                trouble[own[fallen]] = self.world.assumptions.fallback_effort
        return trouble

    def _learn(self, visits: Visits, own: Column, will: Column, should: Column, perceived: Column) -> None:
        """Expectations after the visits (equation 7), in place; `own` (A, n) is where H stands in the flat mind."""
        people, a, mind = self.people, self.world.assumptions, self.people.mind.reshape(-1)
        raised = expectation.ratcheted_should(should, perceived, a.ratchet)
        if len(visits.vain):
            raised[:, visits.vain] = should[:, visits.vain]
        mind[own] = raised
        own -= people.columns.should * people.size
        mind[own] = expectation.learned_will(will, perceived, a.will_learning)

    def _mark(self, visits: Visits, need: Column, surprise: Column) -> None:
        """Note the strongest surprise (n,) of the month, and what has been lived."""
        people, who = self.people, visits.who
        strongest = people.mind[people.columns.strongest]
        strongest[who] = np.maximum(strongest.take(who), surprise)
        touched = self.world.route.touches[need]
        touched[visits.vain] = 0
        people.lived[who] |= touched

    def _remember(
        self,
        visits: Visits,
        score: Column,
        episode: Column,
        loads: Column | float,
        mattered: Column,
        judged: Column,
    ) -> tuple[Column, Column, Column]:
        """Update one kind of satisfaction in place; its learning rate, value before and after."""
        a, mind = self.world.assumptions, self.people.mind.reshape(-1)
        before, lived = mind.take(score), score + 3 * self.people.size
        rate = memory.learning_rate(mind.take(lived), mattered, a.memory_start, a.memory_floor, a.memory_ceiling)
        rate = np.where(judged, rate, np.float32(0))
        if len(vain := visits.vain):
            episode = episode.copy()
            episode[vain] = np.maximum(0.0, before[vain] - np.broadcast_to(loads, before.shape)[vain])
        after = memory.remembered(before, episode, rate)
        mind[score] = after
        mind[lived] += judged
        return rate, before, after

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
from cxmodel.engine.luck import NORMAL_POINTS, Keys, Purpose
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
    at: Column  # (n,) day and touchpoint, as tables (D*T) count
    key: Keys  # (n,) what else falls to chance at these visits is drawn from


# rows of a mind as a batch gathers them, the last six of one kind for each role: overall, and the touchpoint's own;
# W and H of each slot follow in turns
LENIENCY, STRONGEST, SATISFACTION, EXPERIENCES, WILL, SHOULD = 0, 1, slice(2, 4), slice(4, 6), 6, 7


@dataclass
class Judge:
    """Lives batches of visits; holds the world's tables in the shapes that a batch reads."""

    world: World
    people: Population

    def __post_init__(self) -> None:
        world, route = self.world, self.world.route
        days = (world.days, len(route.touchpoints))
        flat = world.delivered.reshape(days[0] * days[1], -1)
        # what a visit of a day meets: importance, severity of failures, effort, then levels (3 + A, D*T)
        self.met = np.stack([world.importance.ravel(), world.severity.ravel(), world.effort.ravel(), *flat.T]).astype(
            np.float32
        )
        self.failing = world.failing.ravel()
        # what a segment brings to a touchpoint: emphasis, whether it judges, then weight, gain, loss and zone of each
        # slot in turns (2 + 4A, S*T)
        segments = len(route.segments)
        kinds = [np.tile(table, segments) for table in (route.gain, route.loss, route.zone)]
        by_slot = np.stack([route.weight, *kinds], axis=1).reshape(-1, route.weight.shape[1])
        self.brought = np.concatenate([[route.emphasis, route.judged], by_slot]).astype(np.float32)
        self.place = self._places()
        self.luck = luck.offsets(Purpose.NOISE, -(-route.slots // SLOT_LIMIT) * SLOT_LIMIT)[::SLOT_LIMIT]
        self.fragile = bool((world.failing > 0).any())
        self.made_at = np.zeros((len(world.promises), len(route.touchpoints)), dtype=bool)
        for number, promise in enumerate(world.promises):
            self.made_at[number, list(promise.made_at)] = True
        self.told_at = np.logical_or.reduce(self.made_at, axis=0)
        self.slots = (route.attribute < len(route.attributes)).sum(0)
        self.priced = bool((route.priced >= 0).any())
        # what differs by replication, none while nothing does: points that a worn people lever takes (A, R*T), chances
        # of failing that it adds (R*T), lifts by completed actions (R*T), which reach as far as there is room (A, D*T)
        self.worn: Column | None = None
        self.worn_failing: Column | None = None
        self.lift: Column | None = None
        self.room: Column = np.zeros((route.slots, 1), dtype=np.float32)

    def _places(self) -> NDArray[np.intp]:
        """Where in the flat mind of the first person stands what a visit reads (6 + 2A, S*T)."""
        route, columns = self.world.route, self.people.columns
        own = np.tile(route.role + 1, len(route.segments))
        every = np.zeros_like(own)
        scores = [every + columns.satisfaction, own + columns.satisfaction]
        counts = [every + columns.experiences, own + columns.experiences]
        minds = np.stack([route.column, route.column + columns.should], axis=1).reshape(-1, len(own))
        alone = [every + columns.leniency, every + columns.strongest]
        return np.concatenate([alone, scores, counts, minds]) * self.people.size

    def hear(self, who: Column, touchpoint: Column, time: Column) -> None:
        """Promises made at these touchpoints reach those whom they ever reach (equation 3)."""
        for number, made_at in enumerate(self.made_at):
            made = made_at.take(touchpoint).nonzero()[0]
            if len(made):
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
        people, a, mind = self.people, self.world.assumptions, self.people.mind.reshape(-1)
        who, touchpoints = visits.who, len(self.world.route.touchpoints)
        at = visits.time.astype(np.int64) * touchpoints + visits.touchpoint
        need = people.segment.take(who) * touchpoints + visits.touchpoint
        key = luck.at(people.key.take(who), visits.touchpoint)
        own = self.place[: WILL + 2 * slots].take(need, axis=1)
        own += who
        state = mind.take(own)
        will, should = state[WILL::2], state[SHOULD::2]
        brought = self.brought[: 2 + 4 * slots].take(need, axis=1)
        weight, gain, loss, zone = brought[2::4], brought[3::4], brought[4::4], brought[5::4]
        met = self.met[: 3 + slots].take(at, axis=1)
        loads, level = met[2], met[3:]
        trouble = self._change(visits, key, at, level)
        key = luck.occurring(key, visits.occurrence)
        failed = self._chance(visits, key, at, level, met[1])
        perceived = perception.perceived(level, will, a.assimilation)
        if len(visits.vain):
            weight[:, visits.vain], failed[visits.vain] = 0.0, False
            perceived[:, visits.vain] = will[:, visits.vain]
        standard = perception.standard(will, should, a.will_share)
        short = standard - perceived
        value = perception.surprise(-short, gain, loss, zone, a.surprise_scale)
        loads = visits.waiting + loads
        if trouble is not None:
            loads = loads + trouble
        felt = np.add.reduce(weight * (perceived + value))
        episode = perception.episode(felt, state[LENIENCY], loads)
        news = np.add.reduce(weight * memory.news(perceived, will, a.quality_noise))
        mattered = memory.weight(met[0] * brought[0], visits.since, news, a.quiet_days, a.news_scale)
        rate, lost = self._remember(visits.vain, state, episode, loads, mattered, brought[1])
        self._learn(visits.vain, will, should, perceived)
        strongest = np.maximum.reduce(np.abs(value) * (weight > 0))
        np.maximum(state[STRONGEST], strongest, out=state[STRONGEST])
        mind[own[STRONGEST:]] = state[STRONGEST:]
        touched = self.world.route.touches.take(need)
        if len(visits.vain):
            touched[visits.vain] = 0
        people.lived[who] |= touched
        gap = np.add.reduce(weight * short)
        return Lived(visits, rate, level, perceived, standard, weight, gap, failed, lost, at, key)

    def _change(self, visits: Visits, key: Keys, at: Column, level: Column) -> Column | None:
        """Put in what reacts, prices and channels do to levels, in place; points that falling back costs (n,)."""
        if self.worn is not None or self.lift is not None:
            self._react(level, self._here(visits), at)
        if self.priced:
            self._charge(visits, level)
        return self._channel(visits, key, level) if self.world.channels else None

    def _here(self, visits: Visits) -> Column:
        """Replication and touchpoint, as tables (R*T) count."""
        return self.people.replication[visits.who] * len(self.world.route.touchpoints) + visits.touchpoint

    def _chance(self, visits: Visits, key: Keys, at: Column, level: Column, severity: Column) -> Column:
        """Put in noise and failures, in place; whether each visit failed (n,)."""
        slots, n = len(level), len(key)
        words = luck.words(key, self.luck[: -(-slots // SLOT_LIMIT)])
        normals = words.view(np.uint16).reshape(-1, n, SLOT_LIMIT).swapaxes(1, 2).reshape(-1, n)[:slots]
        level += np.float32(self.world.assumptions.quality_noise) * NORMAL_POINTS.take(normals)
        failed = np.zeros(n, dtype=bool)
        if self.fragile:
            chance = self.failing.take(at)
            if self.worn_failing is not None:
                chance = chance + self.worn_failing[self._here(visits)]
            at_risk = (chance > 0).nonzero()[0]
            if len(at_risk):
                failed[at_risk] = luck.uniform(key[at_risk], Purpose.EVENT) < chance[at_risk]
            broken = failed.nonzero()[0]
            if len(broken):
                level[:, broken] -= severity[broken]
        np.maximum(level, 0.0, out=level)
        np.minimum(level, 100.0, out=level)
        return failed

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

    def _learn(self, vain: Column, will: Column, should: Column, perceived: Column) -> None:
        """Expectations after the visits (equation 7), in place."""
        a = self.world.assumptions
        raised = expectation.ratcheted_should(should, perceived, a.ratchet)
        if len(vain):
            raised[:, vain] = should[:, vain]
        should[:] = raised
        will[:] = expectation.learned_will(will, perceived, a.will_learning)

    def _remember(
        self, vain: Column, state: Column, episode: Column, loads: Column, mattered: Column, judged: Column
    ) -> tuple[Column, Column]:
        """Update satisfaction overall and in the role, in place; the learning rate of the first, and what it lost."""
        a, before = self.world.assumptions, state[SATISFACTION]
        rate = memory.learning_rate(state[EXPERIENCES], mattered, a.memory_start, a.memory_floor, a.memory_ceiling)
        rate *= judged
        if len(vain):
            episode = np.stack([episode, episode])
            episode[:, vain] = np.maximum(0.0, before[:, vain] - loads[vain])
        after = memory.remembered(before, episode, rate)
        lost = before[0] - after[0]
        state[SATISFACTION] = after
        state[EXPERIENCES] += judged
        return rate[0], lost

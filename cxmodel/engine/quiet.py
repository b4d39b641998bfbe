"""A customer without luck: one segment's journey as it stands, in expectation, through ten years of tenure.

Noise and failures are averaged over a fixed set of nodes, promises count at their mean reach, nobody contacts anyone.
"""

import heapq

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from cxmodel.arrays import MONTH, YEAR, Floats
from cxmodel.engine.market import Promise
from cxmodel.engine.route import FIRST_VISIT_DAYS, UNLIMITED
from cxmodel.engine.world import World
from cxmodel.model import contacts, expectation, memory, perception

LONGEST = 120
"""Months of tenure that a quiet row is played through."""
_NODES = 1024


class QuietRow:
    """One segment's customer without luck, followed from the first touchpoint through ten years."""

    def __init__(self, world: World, segment: int) -> None:
        self.world, self.segment = world, segment
        k = len(world.route.attributes)
        self.need = np.append(world.need[0, segment], np.nan)
        self.bar = np.append(world.bar[0, segment], np.nan)
        best = np.append(world.best[0], np.nan)
        offered = np.append(world.offers[segment], np.nan)
        first = np.where(np.isnan(best), self.need, best)
        self.will = np.nan_to_num(np.where(np.isnan(offered), first, offered))
        self.should = np.nan_to_num(self.need)
        self.scores = np.full(3, world.assumptions.first_impression)
        self.experiences = np.zeros(3)
        self.lived: set[int] = set()
        # the same evenly spread normals for each attribute, in an order of its own
        shuffle, even = np.random.default_rng(0), ndtri((np.arange(_NODES) + 0.5) / _NODES)
        noise = [shuffle.permutation(even / even.std()) for _ in range(k)]
        self.noise = np.column_stack([*noise, np.zeros(_NODES)])
        self.short: list[Floats] = []  # per month, for each recurring touchpoint the chance of a shortfall

    def play(self) -> Floats:
        """Minds at the end of each month of tenure, 0 at buying (months, width)."""
        route, a = self.world.route, self.world.assumptions
        for promise in self.world.promises:
            if not promise.made_at:
                self._hear(promise)
        clock, bought = 0.0, None
        for visit, t in enumerate(route.onboarding):
            first, every = route.ordinal[visit] == 0, float(self.world.every[0, t])
            clock += (1.0 if first else every) if visit else 0.0
            if visit == route.choice:
                bought = clock
            self._visit(int(t), FIRST_VISIT_DAYS if first else every)
        begins = clock - (bought if bought is not None else clock)
        coming: list[tuple[float, int, int]] = []
        for c, stream in enumerate(route.recurring):
            start = 0.0 if stream.renews else begins
            heapq.heappush(coming, (start + stream.every, c, 0))
        rows = []
        for month in range(LONGEST + 1):
            while coming and coming[0][0] <= month * MONTH:
                when, c, done = heapq.heappop(coming)
                stream = route.recurring[c]
                self._visit(stream.touchpoint, FIRST_VISIT_DAYS if done == 0 else stream.every)
                if done + 1 < stream.visits or stream.visits == UNLIMITED:
                    heapq.heappush(coming, (when + stream.every, c, done + 1))
            if self.world.rivals and month:
                bar = np.nan_to_num(self.bar)
                self.should = np.asarray(expectation.liquid_should(self.should, bar, liquid=a.liquid))
            rows.append(self._mind())
            self.short.append(np.array([self._falls_short(stream.touchpoint) for stream in route.recurring]))
        return np.array(rows)

    def _falls_short(self, t: int) -> float:
        """Chance that a visit that does not fail falls short by so much that people may call."""
        world, a = self.world, self.world.assumptions
        st = self.segment * len(world.route.touchpoints) + t
        if not world.route.judged[st] or world.route.contact[0, t] < 0 or world.calls[0, 0, t] == 0:
            return 0.0
        columns = world.route.column[:, st]
        will, should = self.will[columns][:, None], self.should[columns][:, None]
        weight = world.route.weight[:, st].astype(float)[:, None]
        noise = a.quality_noise * self.noise[:, columns].T
        bare, chance = world.bare(self.segment, t), 0.0
        for share, points in world.channels[t].ways() if t in world.channels else [(1.0, np.zeros(len(bare)))]:
            level = (bare + points)[:, None] + noise
            perceived = perception.perceived(np.clip(level, 0, 100), will, a.assimilation)
            gap = (weight * (perception.standard(will, should, a.will_share) - perceived)).sum(0)
            chance += share * float((gap > world.beyond[0, t]).mean())
        return chance

    def _hear(self, promise: Promise) -> None:
        a, attribute = self.world.assumptions, promise.attribute
        believed = promise.believed[0] * promise.reach[0]
        belief = believed * (a.believed_later if attribute in self.lived else 1.0)
        level = promise.level[0]
        self.should[attribute] = expectation.told_should(self.should[attribute], level, believed, a.should_from_promise)
        self.will[attribute] = expectation.told_will(self.will[attribute], level, belief)

    def _visit(self, t: int, since: float) -> None:
        world, route, a = self.world, self.world.route, self.world.assumptions
        for promise in world.promises:
            if t in promise.made_at:
                self._hear(promise)
        st = self.segment * len(route.touchpoints) + t
        columns = route.column[:, st]
        standing, effort = world.standing(self.segment, t)
        self.lived.update(int(c) for c in columns)
        if not route.judged[st]:
            return
        weight = route.weight[:, st].astype(float)[:, None]
        will, should = self.will[columns][:, None], self.should[columns][:, None]
        level = standing[:, None] + a.quality_noise * self.noise[:, columns].T
        whole = np.clip(level, 0, 100)
        broken = np.clip(level - world.severity[0, t], 0, 100)
        chance = np.repeat([1 - world.failing[0, t], world.failing[0, t]], _NODES) / _NODES
        lived = np.concatenate([whole, broken], axis=1)
        perceived = perception.perceived(lived, will, a.assimilation)
        difference = perceived - perception.standard(will, should, a.will_share)
        value = perception.surprise(
            difference,
            route.gain[:, t][:, None],
            route.loss[:, t][:, None],
            route.zone[:, t][:, None],
            a.surprise_scale,
        )
        episode = perception.episode((weight * (perceived + value)).sum(0), 0.0, effort)
        news = (weight * memory.news(perceived, will, a.quality_noise)).sum(0)
        importance = world.importance[0, t] * float(route.emphasis[st])
        mattered = memory.weight(importance, since, news, a.quiet_days, a.news_scale)
        for role in (0, 1 + int(route.role[t])):
            rate = memory.learning_rate(
                self.experiences[role], mattered, a.memory_start, a.memory_floor, a.memory_ceiling
            )
            self.scores[role] = (chance * memory.remembered(self.scores[role], episode, rate)).sum()
            self.experiences[role] += 1
        self._learn(t, columns, standing)

    def _learn(self, t: int, columns: NDArray[np.intp], level: Floats) -> None:
        """Expectations after a visit, in expectation: the means of a clipped normal level are known exactly."""
        world, a = self.world, self.world.assumptions
        will, should = self.will[columns], self.should[columns]
        failing = world.failing[0, t]
        # the level at which what is perceived meets H
        bar = (should - a.assimilation * will) / (1 - a.assimilation)
        lived, above = np.zeros(len(columns)), np.zeros(len(columns))
        for chance, mean in ((1 - failing, level), (failing, level - world.severity[0, t])):
            lived += chance * _mean_above(mean, a.quality_noise, np.zeros_like(mean))
            above += chance * _mean_above(mean, a.quality_noise, bar)
        perceived = perception.perceived(lived, will, a.assimilation)
        self.will[columns] = expectation.learned_will(will, perceived, a.will_learning)
        self.should[columns] = should + a.ratchet * (1 - a.assimilation) * above

    def _mind(self) -> Floats:
        return np.concatenate([self.will, self.should, self.scores, self.experiences, [0.0, 0.0]])


class Calls:
    """Contacts that customers of today are expected to make at month 0, repeats included (equation 8)."""

    def __init__(self, world: World, short: Floats, share: Floats) -> None:
        self.world, route = world, world.route
        self.people = np.array([segment.customers for segment in world.scenario.segments.values()], dtype=float)
        failing = world.failing[0]
        # (kind of cause, touchpoint contacted, per segment events a day, share who call)
        self.causes: list[tuple[int, Floats, float]] = []
        between = (short[:, 1:] + short[:, :-1]) / 2 if short.shape[2] else short[:, 1:]
        for c, stream in enumerate(route.recurring):
            t = stream.touchpoint
            judged = route.judged[t :: len(route.touchpoints)]
            missed = (share * between[:, :, c]).sum(1) * (1 - failing[t]) * judged
            active = 1.0 if stream.visits == UNLIMITED else _still(share, stream.every, stream.visits)
            for kind, events in ((1, np.full(len(share), failing[t])), (0, missed)):
                if (contact := int(route.contact[kind, t])) >= 0:
                    self.causes.append((contact, events * active / stream.every, float(world.calls[kind, 0, t])))

    def a_day(self, factor: float) -> Floats:
        """Contacts a day at each touchpoint (T,)."""
        found = np.zeros(len(self.world.route.touchpoints))
        for contact, events, calls in self.causes:
            again = 1 - float(self.world.solves[0, contact])
            repeats = float(contacts.within(again, self.world.assumptions.repeat_calls))
            found[contact] += (self.people * events).sum() * min(1.0, factor * calls) * repeats
        return found

    def a_year(self, factor: float) -> float:
        """Contacts per customer and year."""
        return float(self.a_day(factor).sum() * YEAR / max(self.people.sum(), 1.0))


def _still(share: Floats, every: float, visits: int) -> Floats:
    """Share of customers of today (S,) who still have visits to come of a stream that is lived so many times."""
    months = np.arange(share.shape[1]) + 0.5
    return np.asarray((share * (np.floor(months * MONTH / every) < visits)).sum(1))


def _mean_above(mean: Floats, sd: float, bar: Floats) -> Floats:
    """Mean of max(0, level - bar) for a normal level clipped to 0-100."""

    def excess(limit: Floats | float) -> Floats:
        if sd == 0:
            return np.asarray(np.maximum(0.0, mean - limit))
        z = (mean - limit) / sd
        return np.asarray(sd * np.exp(-z * z / 2) / np.sqrt(2 * np.pi) + (mean - limit) * ndtr(z))

    inside = np.clip(bar, 0.0, 100.0)
    return excess(inside) - excess(100.0) + np.maximum(0.0, -bar)

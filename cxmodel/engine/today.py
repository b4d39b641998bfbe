"""Customers of today have lived today's journey: quiet rows by tenure, and the start from measured numbers.

One row per segment is played through the journey as it stands, in expectation: noise and failures are averaged
over a fixed set of nodes. The mean leniency and the leaving rate are then solved so that month 0 shows what
the client measured. No chance in here: the same scenario gives the same start.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, roots_genlaguerre, roots_hermitenorm

from cxmodel.arrays import MONTH, YEAR, Floats
from cxmodel.engine.route import FIRST_VISIT_DAYS, UNLIMITED
from cxmodel.engine.world import Promise, World
from cxmodel.model import advocacy, contacts, expectation, loyalty, memory, perception

LONGEST = 120
"""Months of tenure that a quiet row is played through."""
_NODES = 1024


@dataclass(frozen=True)
class Today:
    """What customers of today bring along; rows are (S, months 0..120, width of a mind)."""

    leniency: float  # mean of u [points]
    leave: Floats  # (S,) h0 [share per month]
    calling: float  # factor on the share who call
    contacts: Floats  # (T,) contacts a day expected at each touchpoint, of customers of today
    rows: Floats
    exposure: Floats  # (S, months) cumulative hazard of leaving at frailty 1
    law: Floats  # (S, months) distribution function of tenure
    lived: int  # attributes that today's journey has shown them, as bits
    modelled: dict[str, float] = field(default_factory=dict)

    def drawn(self, segment: NDArray[np.int64], chance: Floats) -> tuple[Floats, Floats, NDArray[np.float32]]:
        """Tenure [days], exposure and mind of customers of these segments at these quantiles of tenure."""
        months, exposure = np.empty(len(segment)), np.empty(len(segment))
        minds = np.empty((len(segment), self.rows.shape[2]), dtype=np.float32)
        for s in range(len(self.rows)):
            own = segment == s
            at = np.interp(chance[own], self.law[s], np.arange(LONGEST + 1.0))
            months[own] = at
            exposure[own] = np.interp(at, np.arange(LONGEST + 1.0), self.exposure[s])
            low = np.minimum(at.astype(int), LONGEST - 1)
            share = (at - low)[:, None]
            minds[own] = self.rows[s, low] * (1 - share) + self.rows[s, low + 1] * share
        return months * MONTH, exposure, minds


def start(world: World) -> Today:
    """The start of a scenario: `world` is that of today, without plan."""
    route = world.route
    quiet = [_QuietRow(world, s) for s in range(len(route.segments))]
    rows = np.stack([row.play() for row in quiet])
    lived = 0
    for t, name in enumerate(route.touchpoints):
        if world.scenario.journey[name].stage not in ("support", "leave", "return"):
            lived |= int(np.bitwise_or.reduce(route.touches[t :: len(route.touchpoints)]))
    return _Calibration(world, rows, [row.short for row in quiet]).solve(lived)


class _QuietRow:
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
        level = world.standing(self.segment, t)[0][:, None] + a.quality_noise * self.noise[:, columns].T
        perceived = perception.perceived(np.clip(level, 0, 100), will, a.assimilation)
        weight = world.route.weight[:, st].astype(float)[:, None]
        gap = (weight * (perception.standard(will, should, a.will_share) - perceived)).sum(0)
        return float((gap > world.beyond[0, t]).mean())

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
        news = (weight * memory.news(perceived, will)).sum(0)
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


class _Calibration:
    """Solves the mean leniency and the leaving rate on a grid of tenure, leniency and frailty."""

    def __init__(self, world: World, rows: Floats, short: list[list[Floats]]) -> None:
        self.world, self.rows, self.a = world, rows, world.assumptions
        self.short = np.array(short)  # (S, months, streams)
        self.satisfied = 2 * len(world.route.attributes) + 2
        nodes, weights = roots_hermitenorm(15)
        self.u, self.u_share = self.a.leniency_sd * nodes, weights / weights.sum()
        shape = 1 / self.a.frailty
        self.z, weights = roots_genlaguerre(12, shape - 1)
        self.z_share = weights / weights.sum()
        segments = list(world.scenario.segments.values())
        people = np.array([segment.customers for segment in segments], dtype=float)
        self.share = people / people.sum() if people.sum() else np.full(len(people), 1 / len(people))
        self.costs = np.array([segment.switching_cost for segment in segments])
        renewals = [stream.every for stream in world.route.recurring if stream.renews]
        renewing = 1 / sum(MONTH / every for every in renewals) if renewals else 1.0
        decides = world.route.decides / MONTH
        self.between = np.where(decides > 0, np.maximum(decides, 1.0), renewing)[:, None, None, None]

    def solve(self, lived: int) -> Today:
        """The start that shows the measured score and leaving as nearly as can be."""
        measured = self.world.scenario.today
        segments = self.world.scenario.segments
        own = np.array([segment.leave is not None for segment in segments.values()])
        others = ~own & (measured.leave is not None)
        leniency, leave = 0.0, np.full(len(segments), self.a.leave)
        for _ in range(8):
            before = leniency, leave.copy()
            if measured.leave is not None and others.any():
                leave = self._solved(leniency, leave, others, measured.leave * MONTH)
            for s, segment in enumerate(segments.values()):
                if segment.leave is not None:
                    leave = self._solved(leniency, leave, np.arange(len(segments)) == s, segment.leave * MONTH)
            if measured.nps is not None:
                leniency = _crossing(partial(self._nps, leave=leave), measured.nps, -80.0, 80.0)
            if np.allclose(before[0], leniency, rtol=0, atol=1e-7) and np.allclose(before[1], leave, rtol=0, atol=1e-7):
                break
        exposure, share = self._tenure(leniency, leave)
        law = np.concatenate([np.zeros((len(share), 1)), np.cumsum(share, 1)], 1)
        calls = _Calls(self.world, self.short, share)
        factor = 1.0
        if measured.contacts is not None:
            factor = _crossing(calls.a_year, measured.contacts * YEAR, 0.0, 1000.0)
        modelled = {"nps": self._nps(leniency, leave), "contacts": calls.a_year(factor)}
        modelled["leave"] = self._leaving(leniency, leave, ~own if (~own).any() else own)
        for s, name in enumerate(segments):
            modelled[f"leave {name}"] = self._leaving(leniency, leave, np.arange(len(segments)) == s)
        return Today(leniency, leave, factor, calls.a_day(factor), self.rows, exposure, law, lived, modelled)

    def _solved(self, leniency: float, leave: Floats, whose: NDArray[np.bool_], target: float) -> Floats:
        """h0 per segment, with that of these segments such that so many of their customers leave in a month."""

        def at(odds: float) -> Floats:
            return np.where(whose, float(loyalty.logistic(odds)), leave)

        return at(_crossing(lambda odds: self._leaving(leniency, at(odds), whose), target, -14.0, 4.0))

    def _loyalty_score(self, rows: Floats) -> Floats:
        """S that loyalty answers to, before leniency (S, months)."""
        rows = np.moveaxis(rows, -1, 0)
        scores = rows[self.satisfied : self.satisfied + 3]
        lived = rows[self.satisfied + 4 : self.satisfied + 6] > 0
        return loyalty.lived_roles(scores, lived, self.a.customer_share)

    def _hazard(self, score: Floats, frailty: Floats | float, leave: Floats) -> Floats:
        leave = leave.reshape(-1, *[1] * (np.ndim(score) - 1))
        standard = self.world.standard[0].reshape(-1, *[1] * (np.ndim(score) - 1))
        costs = self.costs.reshape(-1, *[1] * (np.ndim(score) - 1))
        return np.asarray(
            loyalty.hazard(
                np.clip(score, 0, 100),
                standard,
                frailty,
                leave,
                costs,
                self.a.satisfaction_slope,
                self.a.switching_weight,
            )
        )

    def _tenure(self, leniency: float, leave: Floats) -> tuple[Floats, Floats]:
        """Cumulative hazard (S, months + 1) and the share of today's customers in each month of tenure (S, months)."""
        monthly = self._hazard(self._loyalty_score(self.rows) + leniency, 1.0, leave)
        exposure = np.concatenate([np.zeros((len(monthly), 1)), np.cumsum(_between(monthly), 1)], 1)
        share = _between(loyalty.survival(exposure, self.a.frailty))
        return exposure, share / share.sum(1, keepdims=True)

    def _nps(self, leniency: float, leave: Floats) -> float:
        _, share = self._tenure(leniency, leave)
        score = np.clip(_between(self.rows)[:, :, self.satisfied, None] + leniency + self.u, 0, 100)
        pro = advocacy.promoters(score, self.a.promoter_from, self.a.score_noise)
        con = advocacy.detractors(score, self.a.detractor_to, self.a.score_noise)
        net = (advocacy.nps(pro, con) * self.u_share).sum(-1)
        return float((self.share[:, None] * share * net).sum())

    def _leaving(self, leniency: float, leave: Floats, whose: NDArray[np.bool_]) -> float:
        """Leavers per customer-month at month 0, of these segments' customers."""
        exposure, share = self._tenure(leniency, leave)
        score = self._loyalty_score(_between(self.rows))[:, :, None, None] + leniency + self.u[:, None]
        frailty = self.z / loyalty.frailty_rate(_between(exposure), self.a.frailty)[:, :, None, None]
        gone = loyalty.leaving(self._hazard(score, frailty, leave), self.between) / self.between
        gone = ((gone * self.z_share).sum(-1) * self.u_share).sum(-1)
        people = np.where(whose, self.share, 0.0)
        people = people / people.sum() if people.sum() else whose / whose.sum()
        return float((people[:, None] * share * gone).sum())


class _Calls:
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


def _between(values: Floats) -> Floats:
    """Values at the middle of each month, from those at its ends (axis 1)."""
    return (values[:, 1:] + values[:, :-1]) / 2


def _crossing(rising: Callable[[float], float], target: float, low: float, high: float) -> float:
    """Where a rising function meets the target, or the nearer end: bisection, since SciPy's takes 0.2 s to import."""
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < target else (low, middle)
    return (low + high) / 2


def _mean_above(mean: Floats, sd: float, bar: Floats) -> Floats:
    """Mean of max(0, level - bar) for a normal level clipped to 0-100."""

    def excess(limit: Floats | float) -> Floats:
        z = (mean - limit) / sd
        return np.asarray(sd * np.exp(-z * z / 2) / np.sqrt(2 * np.pi) + (mean - limit) * ndtr(z))

    inside = np.clip(bar, 0.0, 100.0)
    return excess(inside) - excess(100.0) + np.maximum(0.0, -bar)

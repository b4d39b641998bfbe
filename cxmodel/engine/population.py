"""The people: a structure of arrays, one row per person of all pooled replications together.

Rows stand by replication, then segment, customers of today before newcomers, newcomers in the order they enter.
What a visit reads and writes travels together in `mind`; times of what comes next stand in `due`.
"""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cxmodel.arrays import Floats
from cxmodel.engine import luck
from cxmodel.engine.luck import Keys, Purpose
from cxmodel.engine.route import FIRST_VISIT_DAYS
from cxmodel.engine.today import Today
from cxmodel.engine.world import World
from cxmodel.scenario.customers import Bass

NEVER = np.inf
PORTION = 65536
"""People who are made at a time, few enough for the processor's cache."""


class Status:
    """Where a person stands; order matters: up to CHOOSING they can still hear of us before they choose.

    Plain numbers: comparing a column with a member of an enumeration takes ten times as long.
    """

    UNAWARE: Final = 0
    CHOOSING: Final = 1
    CUSTOMER: Final = 2
    FORMER: Final = 3
    GONE: Final = 4


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of `mind`: W and H per attribute (each with one spare), then the rest."""

    attributes: int

    @property
    def should(self) -> int:
        """First column of H; W starts at 0."""
        return self.attributes + 1

    @property
    def satisfaction(self) -> int:
        """S; the same in the role of customer and of user follow."""
        return 2 * self.attributes + 2

    @property
    def experiences(self) -> int:
        """n; the same in either role follow."""
        return self.satisfaction + 3

    @property
    def leniency(self) -> int:
        """u."""
        return self.satisfaction + 6

    @property
    def strongest(self) -> int:
        """Largest |v| since the last month's end."""
        return self.satisfaction + 7

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.satisfaction + 8


class Spell(NamedTuple):
    """Times as a customer that ended and were followed by another; arrays (n,)."""

    who: NDArray[np.intp]
    joined: Floats
    left: Floats


@dataclass(slots=True)
class Population:
    """N rows, C streams of events: onboarding, each recurring touchpoint, each parting, coming back, the contact."""

    columns: Columns
    replications: int
    segments: int
    key: Keys
    group: NDArray[np.int64]  # replication * segments + segment
    segment: NDArray[np.int64]
    replication: NDArray[np.int64]
    status: NDArray[np.int8]
    mind: NDArray[np.float32]  # (width, N)
    due: Floats  # (C, N) time of the next event of each stream
    next: Floats  # earliest of them; NEVER while waiting in a line
    count: NDArray[np.int32]  # (C, N) events of each stream so far
    left_over: NDArray[np.int32]  # (C, N) visits still to come of a capped stream
    since: NDArray[np.float32]  # (C, N) days since the last visit that the next one will count with
    frailty: NDArray[np.float32]
    joined: Floats
    left: Floats
    decided: Floats
    lived: NDArray[np.int64]  # attributes lived, as bits
    referred: NDArray[np.bool_]
    recommendations: NDArray[np.bool_]  # whether any was heard
    chance_scale: NDArray[np.float32]  # what was heard turns the purchase probability p into scale * p + shift
    chance_shift: NDArray[np.float32]
    issue: NDArray[np.int16]  # touchpoint that opened the open issue, -1 none
    failed: NDArray[np.bool_]  # whether the open issue is a failure (else a shortfall)
    tries: NDArray[np.int8]  # repeats of the open issue
    lost: NDArray[np.float32]  # satisfaction it cost
    calling: NDArray[np.bool_]  # whether the contact stream's next event is a call that joins a line
    soonest: Floats  # a time before which he cannot call again, 0 where that is not known
    waited: NDArray[np.float32]  # days that the contact at hand was waited for
    abandoned: NDArray[np.bool_]  # whether its caller gave up
    solved: NDArray[np.bool_]  # whether it solves the issue, and whether he will call again
    again: NDArray[np.bool_]
    pause: Floats  # days until then
    threshold: Floats  # exposure to Bass at which one becomes aware
    outside: NDArray[np.int64]  # per replication, prospects who will not enter within the horizon
    ended: list[Spell] = field(default_factory=list)  # times as a customer of those who came back since

    @property
    def size(self) -> int:
        """Number of rows."""
        return len(self.key)

    def look_ahead(self, rows: NDArray[np.intp]) -> None:
        """Note what comes next for these people."""
        self.next[rows] = np.minimum.reduce(self.due.take(rows, axis=1))

    def spells(self) -> Spell:
        """Every time that anybody was a customer, or may still become one: ended ones first, then each row's last."""
        rows = np.arange(self.size)
        columns = zip(*self.ended, Spell(rows, self.joined, self.left), strict=True)
        return Spell(*(np.concatenate(column) for column in columns))


def populate(world: World, today: Today, seed: int, replications: range) -> Population:
    """The people of these replications as they stand at time 0."""
    route, scenario = world.route, world.scenario
    keys, groups, entries, thresholds, customers = [], [], [], [], []
    outside = np.zeros(len(replications), dtype=np.int64)
    for r, replication in enumerate(replications):
        for s, segment in enumerate(scenario.segments.values()):
            of_today = luck.keys(seed, replication, 2 * s, np.arange(segment.customers))
            entry = _entries(world, s, seed, replication)
            outside[r] += segment.prospects - len(entry.key)
            keys += [of_today, entry.key]
            entries += [np.full(len(of_today), NEVER), entry.time]
            thresholds += [np.full(len(of_today), NEVER), entry.threshold]
            customers += [np.ones(len(of_today), bool), np.zeros(len(entry.key), bool)]
            groups.append(np.full(len(of_today) + len(entry.key), r * len(route.segments) + s))
    group = np.concatenate(groups)
    people = _blank(world, np.concatenate(keys), group, len(replications))
    people.outside = outside
    people.threshold = np.concatenate(thresholds)
    people.due[0] = np.concatenate(entries)
    rows = np.flatnonzero(np.concatenate(customers))
    for first in range(0, len(rows), PORTION):
        _settle(people, world, today, rows[first : first + PORTION])
    fresh = (people.status == Status.UNAWARE).nonzero()[0]
    for first in range(0, len(fresh), PORTION):
        _greet(people, world, today, fresh[first : first + PORTION])
    people.next = people.due.min(0)
    return people


def _blank(world: World, key: Keys, group: NDArray[np.int64], replications: int) -> Population:
    """People before anything has happened to them."""
    route, n = world.route, len(key)
    columns = Columns(len(route.attributes))
    streams = 2 + len(route.recurring) + len(route.partings) + route.comes_back
    left_over = np.zeros((streams, n), dtype=np.int32)
    for c, stream in enumerate(route.recurring, start=1):
        left_over[c] = stream.visits
    return Population(
        columns=columns,
        replications=replications,
        segments=len(route.segments),
        key=key,
        group=group,
        segment=group % len(route.segments),
        replication=group // len(route.segments),
        status=np.full(n, Status.UNAWARE, dtype=np.int8),
        mind=np.zeros((columns.width, n), dtype=np.float32),
        due=np.full((streams, n), NEVER),
        next=np.full(n, NEVER),
        count=np.zeros((streams, n), dtype=np.int32),
        left_over=left_over,
        since=np.full((streams, n), FIRST_VISIT_DAYS, dtype=np.float32),
        frailty=luck.gamma(key, Purpose.FRAILTY, 1 / world.assumptions.frailty).astype(np.float32),
        joined=np.full(n, NEVER),
        left=np.full(n, NEVER),
        decided=np.full(n, NEVER),
        lived=np.zeros(n, dtype=np.int64),
        referred=np.zeros(n, dtype=bool),
        recommendations=np.zeros(n, dtype=bool),
        chance_scale=np.ones(n, dtype=np.float32),
        chance_shift=np.zeros(n, dtype=np.float32),
        issue=np.full(n, -1, dtype=np.int16),
        failed=np.zeros(n, dtype=bool),
        tries=np.zeros(n, dtype=np.int8),
        lost=np.zeros(n, dtype=np.float32),
        calling=np.zeros(n, dtype=bool),
        soonest=np.zeros(n),
        waited=np.zeros(n, dtype=np.float32),
        abandoned=np.zeros(n, dtype=bool),
        solved=np.zeros(n, dtype=bool),
        again=np.zeros(n, dtype=bool),
        pause=np.zeros(n),
        threshold=np.full(n, NEVER),
        outside=np.zeros(replications, dtype=np.int64),
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    """Prospects who may enter within the horizon, in the order they do."""

    key: Keys
    time: Floats
    threshold: Floats


def _entries(world: World, s: int, seed: int, replication: int) -> _Entry:
    segment = list(world.scenario.segments.values())[s]
    key = luck.keys(seed, replication, 2 * s + 1, np.arange(segment.prospects))
    waited = luck.exponential(key, Purpose.ENTRY)
    arrivals = world.arrivals[s]
    if arrivals is not None:
        exposure = np.concatenate([[0.0], np.cumsum(arrivals)])
        waited = np.cumsum(waited)
        enters = waited < exposure[-1]
        time = np.interp(waited[enters], exposure, np.arange(world.days + 1.0))
        time = time[time < world.scenario.horizon]
        return _Entry(key[: len(time)], time, np.full(len(time), NEVER))
    if not isinstance(segment.adoption, Bass):
        return _Entry(key[:0], waited[:0], waited[:0])
    # Talk can at most double imitation, so nobody beyond this exposure can enter
    most = (segment.adoption.p + 2 * segment.adoption.q) * world.scenario.horizon
    rows = np.argsort(waited, kind="stable")
    rows = rows[waited[rows] < most]
    return _Entry(key[rows], np.full(len(rows), NEVER), waited[rows])


def _settle(people: Population, world: World, today: Today, rows: NDArray[np.intp]) -> None:
    """Customers of today: what they have lived, how long they stayed, when they come next."""
    route, columns, key = world.route, people.columns, people.key[rows]
    chances = luck.uniform(key, Purpose.LENIENCY), luck.uniform(key, Purpose.TENURE)
    deviation, tenure, exposure, minds = today.drawn(people.segment[rows], *chances)
    u = deviation * world.assumptions.leniency_sd + today.leniency
    minds[:, columns.satisfaction : columns.satisfaction + 3] += u[:, None]
    scores = minds[:, columns.satisfaction : columns.satisfaction + 3]
    np.clip(scores, 0.0, 100.0, out=scores)
    minds[:, columns.leniency] = u
    people.mind[:, rows] = minds.T
    people.frailty[rows] /= 1 / world.assumptions.frailty + exposure
    people.status[rows] = Status.CUSTOMER
    people.joined[rows] = -tenure
    people.lived[rows] = today.lived
    people.decided[rows] = 0.0
    has_decided = False
    for c, stream in enumerate(route.recurring, start=1):
        jitter = 1 + stream.jitter * (2 * luck.uniform(key, Purpose.INTERVAL, 0, part=c) - 1)
        interval = stream.every * jitter
        following = luck.uniform(key, Purpose.PHASE, 0, part=c) * interval
        done = np.floor(tenure / stream.every)
        over = done >= stream.visits
        people.left_over[c, rows] = np.maximum(0, stream.visits - done).astype(np.int64)
        people.due[c, rows] = np.where(over, NEVER, following)
        people.since[c, rows] = interval
        people.count[c, rows] = 1
        if stream.renews:
            people.decided[rows] = np.where(
                has_decided, np.maximum(people.decided[rows], following - interval), following - interval
            )
            has_decided = True
    people.decided[rows[route.decides[people.segment[rows]] > 0]] = 0.0


def _greet(people: Population, world: World, today: Today, fresh: NDArray[np.intp]) -> None:
    """Prospects: the leniency, the frailty and the first impression that they will come with."""
    columns = people.columns
    people.frailty[fresh] *= world.assumptions.frailty
    leniency = luck.normal(people.key[fresh], Purpose.LENIENCY) * world.assumptions.leniency_sd + today.leniency
    people.mind[columns.leniency, fresh] = leniency
    first = np.clip(world.assumptions.first_impression + leniency, 0.0, 100.0)
    people.mind[columns.satisfaction : columns.satisfaction + 3, fresh] = first

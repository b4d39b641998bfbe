"""The people of one replication: a record each, what they expect, when what comes next is due. And how newcomers begin.

Rows stand by segment, customers of today before newcomers, newcomers in the order in which they enter.
Shapes: N people, K attributes, C streams of events, T touchpoints, A slots, L desks, M months.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cxmodel.engine import rng
from cxmodel.engine.bundle import Bundle
from cxmodel.engine.compilation import compiled, entry
from cxmodel.engine.heap import MOMENT
from cxmodel.engine.inputs.journey_tables import FIRST_VISIT_DAYS
from cxmodel.engine.inputs.world import World
from cxmodel.engine.tables import Tables, b1, f4, f8, i2, i4, i8, record
from cxmodel.model import perception
from cxmodel.scenario.fields.customers import Bass
from cxmodel.vocabulary import MONTH, Floats

NEVER: Final = np.inf
UNAWARE, CHOOSING, CUSTOMER, FORMER, GONE = range(5)
"""Where a person stands; order matters: up to CHOOSING he can still hear of us before he chooses."""
OVERALL, AS_CUSTOMER, AS_USER = range(3)
"""Whose satisfaction: overall, in the role of customer, in that of user."""

PERSON: Final = np.dtype(
    [(name, f8) for name in ("joined", "left", "decided", "pause", "threshold")]
    + [("key", np.uint64), ("trait", np.uint64), ("lived", i8)]
    + [(name, f4, (3,)) for name in ("satisfaction", "experiences", "before")]
    + [(name, f4) for name in ("leniency", "strongest", "frailty", "lost", "waited", "chance_scale", "chance_shift")]
    + [("segment", i2), ("issue", i2)]
    + [(name, np.int8) for name in ("status", "tries", "spells")]
    + [(name, b1) for name in ("failed", "calling", "abandoned", "solved", "again")]
    + [(name, b1) for name in ("referred", "recommended", "watched")],
    align=True,
)  # fmt: skip
"""A person. `key`: of his luck from day to day; `trait`: of what falls to chance once
and for all, and of when he comes. `decided`: when he
last decided to stay; `threshold`: the exposure at which he becomes aware, in the past the time
from which on months' ends are his; `lived`: attributes lived, as bits;
`before`: satisfaction before the visit that opened the issue; `strongest`: largest |v| since the last month's end;
`lost`: satisfaction that the issue cost; what was heard turns the chance of buying p into scale * p + shift;
`issue`: touchpoint of the open issue, -1 none, and whether it `failed` there; `tries`: repeats of it; `spells`: times
as a customer that ended and were followed by another; `calling`: whether the next contact is a call to a desk, and
then how long he `waited`, whether he `abandoned`, whether it is `solved`, whether he calls `again`, after what `pause`.
"""
COMING: Final = record(count=i4, left_over=i4, since=f4)
"""What comes next of a stream: how many events there were, visits still to come, days since the last one."""


@dataclass
class People(Bundle):
    """The people of one replication, and the desks that they share."""

    person: NDArray[Any]  # (N)
    will: NDArray[Any]  # (N, K + 1); the last for what touches nothing
    should: NDArray[Any]  # (N, K + 1)
    due: NDArray[Any]  # (N, C) time of the next event of each stream
    coming: NDArray[Any]  # (N, C)
    worn: NDArray[Any]  # (T, A) points that strain takes from levels
    worn_failing: NDArray[Any]  # (T) chance of failing that it adds
    lift: NDArray[Any]  # (T) points by completed actions
    reacts: NDArray[Any]  # (T) whether either is not nothing
    desk: NDArray[Any]  # (L)
    agents: NDArray[Any]  # (L, n) heaps of agents by when they are free
    calls: NDArray[Any]  # (N + 1) heap of calls to answer
    open: NDArray[Any]  # (N) at a month's end: who has not chosen yet, and who talks
    talks: NDArray[Any]  # (N)


DESK_STATE: Final = record(agents=i8, day=i8, number=i8, key=np.uint64, next=f8)


def blank(w: Tables, n: int) -> People:
    """Room for n people, of whom nothing is known."""
    attributes, streams, desks = (int(w.facts[name]) for name in ("attributes", "streams", "desks"))
    touchpoints, slots = w.slot.shape[1:]
    return People(
        person=np.zeros(n, PERSON),
        will=np.zeros((n, attributes + 1), f4),
        should=np.zeros((n, attributes + 1), f4),
        due=np.full((n, streams), NEVER),
        coming=np.zeros((n, streams), COMING),
        worn=np.zeros((touchpoints, slots)),
        worn_failing=np.zeros(touchpoints),
        lift=np.zeros(touchpoints),
        reacts=np.zeros(touchpoints, b1),
        desk=np.zeros(desks, DESK_STATE),
        agents=np.zeros((desks, int(w.roster["agents"].max(initial=1)) + 1), MOMENT),
        calls=np.zeros(n + 1, MOMENT),
        open=np.zeros(n, i8),
        talks=np.zeros(n, i8),
    )


@compiled
def begin(w: Tables, p: People, who: int, key: np.uint64, segment: int) -> None:
    """Somebody before anything has happened to him."""
    person = p.person[who]
    person.key, person.trait, person.segment, person.issue = key, key, segment, -1
    person.joined = person.left = person.decided = person.threshold = NEVER
    person.chance_scale = 1.0
    for c in range(w.facts.streams):
        coming = p.coming[who, c]
        p.due[who, c], coming.count, coming.left_over, coming.since = NEVER, 0, w.stream[c].visits, FIRST_VISIT_DAYS


@entry
def greet(w: Tables, p: People, segment: int, first: int, keys: Any, times: Any, thresholds: Any) -> None:
    """Prospects (n): the leniency, the frailty and the first impression that they will come with, and when."""
    a = w.facts
    for n in range(len(keys)):
        who = first + n
        begin(w, p, who, keys[n], segment)
        person = p.person[who]
        person.threshold, p.due[who, 0] = thresholds[n], times[n]
        person.frailty = rng.gamma(keys[n], 1 / a.frailty) * a.frailty
        impress(w, person, rng.normal(keys[n], rng.LENIENCY) * a.leniency_sd + a.leniency)


@compiled
def impress(w: Tables, person: Any, leniency: float) -> None:
    """The first impression of somebody so lenient."""
    person.leniency = leniency
    first = perception.on_the_scale(w.facts.first_impression + leniency)
    for role in range(3):
        person.satisfaction[role] = first


@dataclass(frozen=True, slots=True)
class Entrants:
    """Prospects of a segment who may enter within the horizon, in the order they do (n)."""

    key: NDArray[np.uint64]
    time: Floats
    threshold: Floats


def entrants(world: World, segment: int, seed: int, replication: int) -> Entrants:
    """Who of a segment's prospects enters when: at the rate of arrivals, or as Bass adoption reaches his threshold."""
    people = list(world.scenario.segments.values())[segment]
    key = rng.keys(seed, replication, 2 * segment + 1, np.arange(people.prospects))
    waited = rng.exponential(key, rng.ENTRY)
    arrivals = world.arrivals[segment]
    if arrivals is not None:
        exposure = np.concatenate([[0.0], np.cumsum(arrivals)])
        waited = np.cumsum(waited)
        time = np.interp(waited[waited < exposure[-1]], exposure, np.arange(world.days + 1.0))
        time = time[time < world.scenario.horizon]
        return Entrants(key[: len(time)], time, np.full(len(time), NEVER))
    if not isinstance(people.adoption, Bass):
        return Entrants(key[:0], waited[:0], waited[:0])
    # talk can at most double imitation, so nobody beyond this exposure can enter
    p, q = (float(rates.max()) for rates in world.bass[segment])  # type: ignore[union-attr]
    most = (p + 2 * q) * world.scenario.horizon
    rows = np.flatnonzero(waited < most)
    return Entrants(key[rows], np.full(len(rows), NEVER), waited[rows])


def months_of(horizon: float) -> int:
    """Months of a horizon [days], the last of which may be short."""
    return int(np.ceil(horizon / MONTH - 1e-9))

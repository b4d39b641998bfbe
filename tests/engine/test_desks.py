"""Desks are exact: first come, first served, call by call, and in the mean what queueing theory says.

Of right desks, one choice of seeds in a thousand fails a comparison of this file (Bonferroni over all of them,
Student over independent lanes).
"""

from __future__ import annotations

from heapq import heappop, heappush, nlargest
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import strategies as st
from scipy.stats import t as student

from cxmodel.engine import desks
from cxmodel.engine.accumulators import GRAIN, Sums, nothing
from cxmodel.engine.compilation import entry
from cxmodel.engine.inputs.today import LONGEST, Today
from cxmodel.engine.inputs.world import World
from cxmodel.engine.population import People, blank
from cxmodel.engine.tables import Tables, tables
from cxmodel.model import queueing
from tests.support import laws, small
from tests.support.steady import given

FAMILYWISE, COMPARISONS = 0.001, 24
DAY = 86_400.0  # seconds
HANDLING, PATIENCE = 180.0, 232.0  # seconds
WEEK = 10_080.0  # minutes: nobody gives up
WARM_UP = 400
"""Callers of a lane until the line has forgotten that it began empty."""


class Desk(NamedTuple):
    """One desk as compiled code holds it."""

    w: Tables
    p: People
    o: Sums


def opened(world: World, replication: int = 0, past: bool = False, contacts: float = 0.0) -> Desk:
    """The desk of a world; in the past with so many contacts a day from customers."""
    touchpoints, segments = len(world.route.touchpoints), len(world.route.segments)
    today = Today(0.0, np.full(segments, 0.02), 1.0, np.full(touchpoints, contacts), np.ones((segments, LONGEST)))
    w = tables(world, today, past)
    p = blank(w, 0)
    desks.open_desks(w, p, np.uint64(9), replication)
    return Desk(w, p, nothing(w, 1))


@entry
def serve(w: Any, p: Any, o: Any, times: Any, handling: Any, patience: Any, waits: Any, abandoned: Any) -> None:
    """These calls (n) reach the desk one after the other."""
    for n in range(len(times)):
        waits[n], abandoned[n] = desks.answer(w, p, o, 0, times[n], handling[n], patience[n])


@entry
def call(w: Any, p: Any, o: Any, times: Any, handling: Any, patience: Any, waits: Any, abandoned: Any) -> None:
    """Customers (n) call, after everyone from outside who called before."""
    for n in range(len(times)):
        waits[n], abandoned[n] = desks.call(w, p, o, 0, times[n], handling[n], patience[n])


@entry
def come(w: Any, p: Any, times: Any, handling: Any, patience: Any) -> int:
    """Callers from outside as they come, before anybody is served; how many."""
    desk, n = p.desk[0], 0
    while desk.next < np.inf and n < len(times):
        word = desks.rng.mixed(desks.rng.occurring(desk.key, desk.number) + desks.rng.HANDLED)
        today = desks.roster_of(w, 0, desk.day)
        times[n] = desk.next
        handling[n] = today.handling * np.float64(w.handling[word & desks.rng.LOW16])
        patience[n] = today.patience * np.float64(w.patience[word >> desks.rng.B48])
        n += 1
        desks.await_next(w, p, 0)
    return n


@entry
def close(w: Any, p: Any, o: Any, until: float) -> None:
    """Everyone from outside who calls before `until` is answered."""
    desks.catch_up(w, p, o, 0, until)


@entry
def open_at(w: Any, times: Any, chances: Any) -> None:
    """When calls made at these times (n) arrive, in place."""
    for n in range(len(times)):
        times[n] = desks.opening(w, 0, times[n], chances[n])


def off(samples: np.ndarray, truth: float) -> float:
    """How far the mean of independent lanes is from the truth, in units of what chance allows (at most 1)."""
    error = samples.std(ddof=1) / np.sqrt(len(samples))
    return float(abs(samples.mean() - truth) / error / student.ppf(1 - FAMILYWISE / COMPARISONS / 2, len(samples) - 1))


class Lanes(NamedTuple):
    """Lines in the steady state, (callers, lanes), in seconds."""

    arrives: np.ndarray
    waits: np.ndarray
    abandoned: np.ndarray


def lanes(calls: float, agents: int, patience: float, seed: int) -> Lanes:
    """Poisson calls per hour, exponential handling and patience, at a desk that never closes."""
    draws, shape = np.random.default_rng(seed), (160, 3000)
    arrives = np.cumsum(draws.exponential(3600 / calls, shape), axis=1)
    handling, patient = draws.exponential(HANDLING, shape), draws.exponential(patience, shape)
    waits, abandoned = np.empty(shape), np.empty(shape, dtype=bool)
    world = small.desk_world(days=int(arrives.max() / DAY) + 2, agents=agents, handling=3, patience=WEEK, calls=0)
    for lane in range(shape[0]):
        columns = (column[lane] / DAY for column in (arrives, handling, patient))
        serve(*opened(world), *columns, waits[lane], abandoned[lane])
    return Lanes(arrives.T[WARM_UP:], waits.T[WARM_UP:] * DAY, abandoned.T[WARM_UP:])


@pytest.mark.slow
@pytest.mark.parametrize(("calls", "agents"), [(100, 6), (100, 7), (180, 10), (360, 20)])
def test_desks_without_impatience_are_erlang_c(calls: int, agents: int) -> None:
    """P(wait) and mean wait."""
    found, load = lanes(calls, agents, 1e12, seed=agents), calls / 3600 * HANDLING
    assert off((found.waits > 0).mean(0), laws.erlang_c(load, agents)) < 1
    assert off(found.waits.mean(0), laws.erlang_c_wait(load, agents, HANDLING)) < 1


@pytest.mark.slow
@pytest.mark.parametrize(("calls", "agents"), [(100, 6), (180, 10), (250, 10)])
def test_desks_with_impatience_are_erlang_a(calls: int, agents: int) -> None:
    """P(wait), P(abandon) and mean wait, at and beyond full load."""
    found = lanes(calls, agents, PATIENCE, seed=calls)
    waiting, abandoned, wait = queueing.erlang_a(calls / 3600 * HANDLING, agents, HANDLING, PATIENCE)
    assert off((found.waits > 0).mean(0), waiting) < 1
    assert off(found.abandoned.mean(0), abandoned) < 1
    assert off(found.waits.mean(0), wait) < 1


@pytest.mark.slow
def test_who_gives_up_follows_from_how_long_people_wait() -> None:
    """P(abandon) = E[wait] / patience, whatever the load."""
    found = lanes(140, 7, PATIENCE, seed=1)
    assert off(found.abandoned.mean(0) - found.waits.mean(0) / PATIENCE, 0.0) < 1


@pytest.mark.slow
def test_the_line_is_as_long_as_littles_law_says() -> None:
    """The number waiting at even moments is the arrival rate times the mean wait."""
    found = lanes(140, 7, PATIENCE, seed=2)
    moments = np.linspace(found.arrives[0].max() + 3600, found.arrives[-1].min() - 3600, 500)
    queue = np.stack(
        [
            ((arrives <= moments[:, None]) & (moments[:, None] < arrives + waits)).sum(1).mean()
            for arrives, waits in zip(found.arrives.T, found.waits.T, strict=True)
        ]
    )
    assert off(queue - 140 / 3600 * found.waits.mean(0), 0.0) < 1


def test_a_desk_that_never_closes_is_one_line_through_the_nights() -> None:
    """One agent, handling times of any law: the mean wait of Pollaczek and Khinchine."""
    handling, calls, cv = 10.0, 4.2, 1.2  # minutes, per hour
    world = small.desk_world(days=90, agents=1, handling=handling, patience=WEEK, calls=calls)
    load = calls * handling / 60
    expected = load * (1 + cv**2) / (2 * (1 - load)) * handling
    days = np.stack([played(opened(world, replication), 90) for replication in range(40)])[:, 5:90]
    assert off(1440 * days["waiting"].sum(1) / GRAIN / days["calls"].sum(1), expected) < 1


def test_outside_callers_come_at_random() -> None:
    """As many a day as asked for, with the variance of a Poisson law, each keeping an agent as long as asked for."""
    world = small.desk_world(days=100, agents=3, handling=5, patience=WEEK, calls=4, hours="09:00-15:00")
    days = np.stack([played(opened(world, replication), 100) for replication in range(30)])[:, :100]
    assert off(days["calls"].mean(1), 24.0) < 1
    assert off(((days["calls"] - 24.0) ** 2).mean(1), 24.0) < 1
    assert off(1440 * days["busy"].sum(1) / GRAIN / days["calls"].sum(1), 5.0) < 1


def played(desk: Desk, days: int) -> np.ndarray:
    """Sums by day, once everyone from outside who calls in so many days was answered."""
    close(*desk, float(days))
    return desk.o.desk[0]


def test_in_the_past_nobody_needs_to_look_further_back() -> None:
    """What a customer of the past waits does not depend on callers who came long before he does."""
    world = small.desk_world(days=1, agents=2, handling=5, patience=4, calls=24, hours="09:00-18:00", today=True)
    times = np.sort(np.random.default_rng(3).uniform(0.375, 0.75, 4000) + np.arange(4000))
    patient, handling, given = np.full(4000, 1e9), np.zeros(4000), np.zeros(4000, dtype=bool)
    found = {}
    for memory in (1.0, 10.0):
        waits = np.empty(4000)
        desk = opened(world, past=True)
        desk.w.roster["memory"] *= memory
        call(*desk, times, handling, patient, waits, given)
        found[memory] = waits * DAY
    apart = found[1.0] - found[10.0]
    assert off(apart.reshape(40, -1).mean(1), 0.0) < 1
    assert np.mean(found[1.0]) == pytest.approx(np.mean(found[10.0]), rel=0.1)


class Call(NamedTuple):
    """A call as it reaches the desk; `own` is a customer's number, None for a caller from outside."""

    time: float
    handling: float
    patience: float
    own: int | None = None


def plain_line(calls: list[Call], agents: list[int]) -> dict[Call, tuple[float, bool]]:
    """First come, first served, the obvious way: wait until fewer are in hand than there are agents."""
    ends: list[float] = []
    answers = {}
    for call in sorted(calls):
        while ends and ends[0] <= call.time:
            heappop(ends)
        staff = agents[int(call.time)]
        begins = call.time if len(ends) < staff else nlargest(staff, ends)[-1]
        if begins - call.time > call.patience:
            answers[call] = (call.patience, True)
        else:
            heappush(ends, begins + call.handling)
            answers[call] = (begins - call.time, False)
    return answers


TABLE = '{mon-tue: "08:00-20:00", "thu,sat": "21:00-05:00", fri: "03:00-04:00"}'
minutes = st.floats(0.1, 300.0)
moments = st.tuples(st.sampled_from([0, 1, 2, 3, 54, 55, 56, 57]), st.floats(0, 0.999), st.floats(0, 0.999))


@pytest.mark.slow
@given(
    agents=st.integers(1, 4),
    later=st.integers(1, 4),
    handling=st.floats(1, 90),
    patience=st.floats(0.5, 90),
    hours=st.sampled_from(["00:00-24:00", "09:00-12:00", "20:00-24:00", "00:00-02:00", "22:00-06:00", TABLE]),
    then=st.sampled_from(["00:00-24:00", "10:00-11:00", "18:00-02:00", TABLE]),
    calls=st.sampled_from([0, 1, 3]),
    customers=st.lists(st.tuples(moments, minutes, minutes), max_size=25),
    examples=40,
    shrink=False,
)
def test_calls_of_customers_take_their_place_in_the_line(
    agents: int,
    later: int,
    handling: float,
    patience: float,
    hours: str,
    then: str,
    calls: int,
    customers: list[tuple[tuple[int, float, float], float, float]],
) -> None:
    """One at a time in order, each waits exactly as in a plain line, and changes the others' waits as there.

    Agents may become fewer on day 2, never more: whom more of them serve first, when a line stands at midnight,
    is a question that this plain line cannot answer.
    """
    world = small.desk_world(
        days=58,
        agents=agents,
        later=min(later, agents),
        handling=handling,
        patience=patience,
        hours=hours,
        then=then,
        calls=calls,
    )
    columns = np.empty((3, 60 * 24 * 4 + 1000))
    came = come(*opened(world)[:2], *columns)
    outside = [Call(*map(float, column)) for column in columns[:, :came].T if column[0] < 58]
    moments = np.array([day + clock for (day, clock, _), _, _ in customers])
    open_at(opened(world).w, moments, np.array([chance for (_, _, chance), _, _ in customers]))
    own = sorted(
        Call(float(arrives), taken / 1440, borne / 1440, number)
        for number, (arrives, (_, taken, borne)) in enumerate(zip(moments, customers, strict=True))
        if arrives < 58
    )
    plain = plain_line([*outside, *own], world.staffing[0].agents.tolist())
    waits, abandoned = np.empty(len(own)), np.empty(len(own), dtype=bool)
    desk = opened(world)
    told = (np.array([getattr(each, name) for each in own]) for name in ("time", "handling", "patience"))
    call(*desk, *told, waits, abandoned)
    assert list(zip(waits, abandoned, strict=True)) == [pytest.approx(plain[each], abs=1e-12) for each in own]
    days = played(desk, 58)
    shown = [days["waiting"].sum() / GRAIN, days["abandoned"].sum()]
    assert shown == pytest.approx([sum(plain[each][part] for each in plain) for part in (0, 1)], abs=1e-3)

"""Desks are exact: first come, first served, call by call, and in the mean what queueing theory says.

Of right desks, one choice of seeds in a thousand fails a comparison of this file (Bonferroni over all of them,
Student over independent lanes).
"""

from __future__ import annotations

from heapq import heappop, heappush, nlargest
from typing import NamedTuple

import numpy as np
import pytest
import small
from hypothesis import strategies as st
from scipy.stats import t as student
from steady import given

from cxmodel.engine.callers import lognormal, served
from cxmodel.engine.desks import Line
from cxmodel.model import queueing

FAMILYWISE, COMPARISONS = 0.001, 24
HANDLING, PATIENCE = 180.0, 232.0  # seconds
WEEK = 10_080.0  # minutes: nobody gives up
WARM_UP = 400
"""Callers of a lane until the line has forgotten that it began empty."""


def off(samples: np.ndarray, truth: float) -> float:
    """How far the mean of independent lanes is from the truth, in units of what chance allows (at most 1)."""
    error = samples.std(ddof=1) / np.sqrt(len(samples))
    return float(abs(samples.mean() - truth) / error / student.ppf(1 - FAMILYWISE / COMPARISONS / 2, len(samples) - 1))


class Lanes(NamedTuple):
    """Lines in the steady state, (callers, lanes)."""

    arrives: np.ndarray
    ends: np.ndarray
    waits: np.ndarray

    @property
    def abandoned(self) -> np.ndarray:
        return np.isneginf(self.ends)


def lanes(calls: float, agents: int, patience: float, seed: int) -> Lanes:
    """Poisson calls per hour, exponential handling and patience."""
    rng = np.random.default_rng(seed)
    shape = (3000, 160)
    arrives = np.cumsum(rng.exponential(3600 / calls, shape), axis=0)
    handling, patient = rng.exponential(HANDLING, shape), rng.exponential(patience, shape)
    ends, waits = served(arrives, handling, patient, np.full(shape[1], agents))
    return Lanes(arrives[WARM_UP:], ends[WARM_UP:], waits[WARM_UP:])


@pytest.mark.parametrize(("calls", "agents"), [(100, 6), (100, 7), (180, 10), (360, 20)])
def test_desks_without_impatience_are_erlang_c(calls: int, agents: int) -> None:
    """P(wait) and mean wait."""
    found, load = lanes(calls, agents, 1e12, seed=agents), calls / 3600 * HANDLING
    assert off((found.waits > 0).mean(0), queueing.erlang_c(load, agents)) < 1
    assert off(found.waits.mean(0), queueing.erlang_c_wait(load, agents, HANDLING)) < 1


@pytest.mark.parametrize(("calls", "agents"), [(100, 6), (180, 10), (250, 10)])
def test_desks_with_impatience_are_erlang_a(calls: int, agents: int) -> None:
    """P(wait), P(abandon) and mean wait, at and beyond full load."""
    found = lanes(calls, agents, PATIENCE, seed=calls)
    waiting, abandoned, wait = queueing.erlang_a(calls / 3600 * HANDLING, agents, HANDLING, PATIENCE)
    assert off((found.waits > 0).mean(0), waiting) < 1
    assert off(found.abandoned.mean(0), abandoned) < 1
    assert off(found.waits.mean(0), wait) < 1


def test_who_gives_up_follows_from_how_long_people_wait() -> None:
    """P(abandon) = E[wait] / patience, whatever the load."""
    found = lanes(140, 7, PATIENCE, seed=1)
    assert off(found.abandoned.mean(0) - found.waits.mean(0) / PATIENCE, 0.0) < 1


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
    staffing = small.desk(days=90, agents=1, handling=handling, patience=WEEK, calls=calls)
    line = Line(0, staffing, cv, 3, range(40), 90.0)
    line.close(90.0)
    load = calls * handling / 60
    expected = load * (1 + cv**2) / (2 * (1 - load)) * handling
    seen = slice(5, 90)
    assert off(1440 * line.waiting[:, seen].sum(1) / line.calls[:, seen].sum(1), expected) < 1


def test_outside_callers_come_at_random() -> None:
    """As many a day as asked for, with the variance of a Poisson law, each keeping an agent as long as asked for."""
    staffing = small.desk(days=100, agents=3, handling=5, patience=WEEK, calls=4, hours="09:00-15:00")
    line = Line(0, staffing, 1.2, 4, range(30), 100.0)
    line.close(100.0)
    calls = line.calls[:, :100]
    assert off(calls.mean(1), 24.0) < 1
    assert off(((calls - 24.0) ** 2).mean(1), 24.0) < 1
    assert off(1440 * line.busy[:, :100].sum(1) / calls.sum(1), 5.0) < 1


def test_handling_times_have_the_mean_and_variation_asked_for() -> None:
    """Lognormal, mean 1, coefficient of variation 1.2, on equally likely points."""
    from scipy.special import ndtri

    drawn = lognormal(1.2, ndtri((np.arange(1_000_000) + 0.5) / 1_000_000))
    assert [drawn.mean(), drawn.std()] == pytest.approx([1.0, 1.2], rel=0.002)


class Call(NamedTuple):
    """A call as it reaches the desk; `own` is a customer's number, None for a caller from outside."""

    time: float
    handling: float
    patience: float
    own: int | None = None


def outside_callers(line: Line, replication: int) -> list[Call]:
    """The callers of a block of days as they are laid out, before anybody is served."""
    found = []
    for number in range(int(line.horizon) // 56 + 1):
        arrives, handling, patience = line._block(number).columns[:3]
        lane = slice(replication * 56, (replication + 1) * 56)
        came = arrives[:, lane] < line.horizon
        found += [
            Call(*map(float, call))
            for call in zip(arrives[:, lane][came], handling[:, lane][came], patience[:, lane][came], strict=True)
        ]
    return found


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


minutes = st.floats(0.1, 300.0)
moments = st.tuples(st.sampled_from([0, 1, 2, 3, 54, 55, 56, 57]), st.floats(0, 0.999), st.floats(0, 0.999))


@given(
    agents=st.integers(1, 4),
    later=st.integers(1, 4),
    handling=st.floats(1, 90),
    patience=st.floats(0.5, 90),
    hours=st.sampled_from(["00:00-24:00", "09:00-12:00", "20:00-24:00", "00:00-02:00"]),
    then=st.sampled_from(["00:00-24:00", "10:00-11:00"]),
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
    staffing = small.desk(
        days=58,
        agents=agents,
        later=min(later, agents),
        handling=handling,
        patience=patience,
        hours=hours,
        then=then,
        calls=calls,
    )
    line = Line(0, staffing, 1.2, 9, range(2), 58.0)
    outside = outside_callers(line, 1)
    own = []
    for number, ((day, clock, chance), taken, borne) in enumerate(customers):
        arrives = float(line.opening(np.array([day + clock]), np.array([chance]))[0])
        if arrives < 58:
            own.append(Call(arrives, taken / 1440, borne / 1440, number))
    own.sort()
    plain = plain_line([*outside, *own], staffing.agents.tolist())
    answers = [line.arrive(1, call.time, call.handling, call.patience) for call in own]
    assert answers == [plain[call] for call in own]
    line.close(58.0)
    shown = [line.waiting[1, :58].sum(), line.abandoned[1, :58].sum()]
    expected = [sum(plain[call][part] for call in outside) for part in (0, 1)]
    assert shown == pytest.approx(expected, abs=1e-6)

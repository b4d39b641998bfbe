"""Exactness is not a statistical question: what may not matter changes no bit.

The period, the number of threads, the split of a large replication, replications alone or together, compiled or plain
code, and initiatives that change nothing.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from functools import cache

import numpy as np
import pytest

import cxmodel
from cxmodel.engine import initial_state, replication
from cxmodel.engine.initial_state import start
from cxmodel.engine.inputs.world import World
from cxmodel.engine.outcome import Outcome, joined
from cxmodel.engine.replication import Inputs
from cxmodel.engine.run import play
from cxmodel.results.metrics import OF_A_PLAN
from cxmodel.scenario import Scenario
from tests.support import small

CASES: dict[str, tuple[Callable[[], Scenario], str]] = {
    "pretty_app": (small.app, "both"),
    "two_retailers": (small.retailers, "both"),
    "word_of_mouth": (lambda: small.mechanism("word_of_mouth"), "as_is"),
    "busy_desk": (lambda: small.mechanism("desk"), "save"),
    "everything": (small.everything, "all_of_it"),
    "all_day": (lambda: small.mechanism("all_day"), "as_is"),
    "closed_loop": (lambda: small.mechanism("closed_loop"), "small_steps"),
}
REPLICATIONS = 3


@cache
def inputs(case: str) -> Inputs:
    make, plan = CASES[case]
    scenario = make()
    today = World.of_today(scenario)
    return Inputs(World.of(scenario, plan, today=today), start(today))


def played(case: str, replications: range, period: float = np.inf, seed: int = 8, threads: int = 1) -> Outcome:
    return play(inputs(case), seed, replications, period=period, threads=threads)


@cache
def usual(case: str) -> Outcome:
    """The run that the others are compared with."""
    return played(case, range(REPLICATIONS))


def differing(one: Outcome, other: Outcome) -> list[str]:
    """The arrays in which two outcomes differ in any bit."""
    names = [field.name for field in fields(Outcome)]
    return [n for n in names if not np.array_equal(getattr(one, n), getattr(other, n), equal_nan=True)]


@pytest.mark.slow
@pytest.mark.parametrize("period", [1.0, 5.3])
@pytest.mark.parametrize("case", CASES)
def test_the_period_is_a_cost_knob(case: str, period: float) -> None:
    """A day, 5.3 days or a whole month at a time: the same bits."""
    assert differing(played(case, range(REPLICATIONS), period), usual(case)) == []


@pytest.mark.slow
@pytest.mark.parametrize("threads", [2, 3])
@pytest.mark.parametrize("case", CASES)
def test_the_number_of_threads_changes_nothing(case: str, threads: int) -> None:
    """One thread, two or three."""
    assert differing(played(case, range(REPLICATIONS), threads=threads), usual(case)) == []


@pytest.mark.slow
@pytest.mark.parametrize("chunk", [7, 50])
@pytest.mark.parametrize("case", CASES)
def test_a_large_replication_may_be_split_anyhow(case: str, chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few people at a time on three threads, the sums of each chunk added in turn."""
    monkeypatch.setattr(replication, "CHUNK", chunk)
    monkeypatch.setattr("cxmodel.engine.run.CHUNK", chunk)
    assert differing(played(case, range(REPLICATIONS), threads=3), usual(case)) == []


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_replications_do_not_know_of_each_other(case: str) -> None:
    """Played together or one by one: the same bits."""
    alone = [played(case, range(number, number + 1)) for number in range(REPLICATIONS)]
    assert differing(joined(alone), usual(case)) == []


@pytest.mark.parametrize("case", ["pretty_app", "word_of_mouth"])
def test_the_seed_is_all_the_luck_there_is(case: str) -> None:
    """The same seed again gives the same bits, another one other customers."""
    assert differing(played(case, range(REPLICATIONS)), usual(case)) == []
    assert "satisfaction" in differing(played(case, range(REPLICATIONS), seed=9), usual(case))


def fingerprint(case: str) -> str:
    """Every bit of a run of thirty days from a small cohort's start."""
    initial_state.COHORT, initial_state.STEP, initial_state.LONGEST = 16, 4, 30
    make, plan = CASES[case]
    scenario = make().with_changes({"horizon": "30 days"})
    today = World.of_today(scenario)
    found = play(Inputs(World.of(scenario, plan, today=today), start(today)), 8, range(2), threads=1)
    return hashlib.sha256(b"".join(getattr(found, field.name).tobytes() for field in fields(found))).hexdigest()


@pytest.mark.slow
@pytest.mark.parametrize("case", ["pretty_app", "everything"])
def test_compiled_or_plain_the_bits_are_the_same(case: str) -> None:
    """`NUMBA_DISABLE_JIT=1` is the way to debug; NumPy keeps to the exponential function that compiled code uses."""
    line = (
        f"import sys; sys.path.insert(0, '.'); from tests.engine import test_exactness as t; "
        f"print(t.fingerprint({case!r}))"
    )
    plain = {"NUMBA_DISABLE_JIT": "1", "NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512_SKX"}
    here = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    runs = [
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", line],
            env={**os.environ, **more}, cwd=here, check=True, capture_output=True, text=True,
        ).stdout
        for more in ({}, plain)
    ]  # fmt: skip
    assert runs[0] == runs[1]
    assert len(runs[0].strip()) == 64


def numbers(result: cxmodel.Result) -> list[object]:
    """All tables of a result, less what only a plan has."""
    metrics = [row for row in result.rows("metrics") if row["metric"] not in OF_A_PLAN]
    return [metrics, *(result.rows(table) for table in ("touchpoints", "timeline", "today"))]


@pytest.mark.slow
def test_the_number_of_jobs_changes_nothing() -> None:
    """One thread or two: the same tables, to the last bit."""
    alone, beside = small.app(), small.app().with_changes({}, name="The same, so that its run is not remembered")
    assert alone.hash != beside.hash
    one = cxmodel.simulate(alone, "both", replications=3, seed=4, jobs=1)
    two = cxmodel.simulate(beside, "both", replications=3, seed=4, jobs=2)
    assert numbers(one) == numbers(two)


UNCHANGED = {
    "pretty_app": {
        "journey.track_order.delivers.clarity": 40,
        "journey.call_us.staffed.agents": 1,
        "journey.call_us.staffed.hours": "11:00-12:00",
        "journey.call_us.staffed.handling": "5 minutes",
        "journey.track_order.fails.rate": 0.01,
        "levers.people.level": 0.7,
        "brand_promises.pizza_style_bar.level": 90,
        "insight_sources.rival_watch.reliability": 0.3,
        "rivals.marketplace_giant.levels.speed": 88,
        "segments.style_seekers.adoption.arrivals": "6 per month",
        "value_propositions.see_before_you_buy.price": 140,
        "economics.margin": "9 per month",
    },
    "two_retailers": {
        "journey.checkout.delivers.price": 45,
        "levers.priorities.level": 0.6,
        "segments.bargain_hunters.needs.price.level": 85,
        "rivals.kiepe.levels.quality": 50,
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("starts", [0, 2])
@pytest.mark.parametrize("case", UNCHANGED)
def test_an_initiative_that_changes_nothing_changes_no_bit(case: str, starts: int) -> None:
    """Every number set to what it is, from the start or in month 2: the same tables as as_is."""
    scenario = CASES[case][0]().with_initiative("same", UNCHANGED[case], starts=starts, plan="same")
    as_is, same = (cxmodel.simulate(scenario, plan, replications=2, jobs=1) for plan in ("as_is", "same"))
    assert numbers(as_is) == numbers(same)


@pytest.mark.slow
def test_who_is_won_back_may_call_again() -> None:
    """A desk waits for the calls of those who left for good once: a quarter of a day at a time, the same bits."""
    scenario = small.mechanism("exits")
    today = World.of_today(scenario)
    made = Inputs(World.of(scenario, today=today), start(today))
    usually, often = (play(made, 9, range(6), threads=1, period=period) for period in (np.inf, 0.25))
    assert differing(usually, often) == []

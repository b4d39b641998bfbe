"""Exactness is not a statistical question: what may not matter changes no bit.

The period, the pooling of replications, the number of processes, and initiatives that change nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import cache

import numpy as np
import pytest
import small

import cxmodel
from cxmodel.engine.outcome import Outcome, joined, outcome
from cxmodel.engine.run import play
from cxmodel.engine.today import start
from cxmodel.engine.world import World
from cxmodel.scenario import Scenario

RUSH = {  # agents enough, as a rule, for everyone at once
    "journey.hotline.staffed.agents": 7,
    "journey.hotline.staffed.handling": "80 minutes",
    "journey.hotline.staffed.other_calls": "1 per hour",
    "initiatives.fewer_people.changes": {"journey.hotline.staffed.agents": 5},
}
CASES: dict[str, tuple[Callable[[], Scenario], str]] = {
    "pretty_app": (small.app, "both"),
    "two_retailers": (small.retailers, "both"),
    "word_of_mouth": (lambda: small.mechanism("word_of_mouth"), "as_is"),
    "busy_desk": (lambda: small.mechanism("desk"), "save"),
    "rush": (lambda: small.mechanism("desk").with_changes(RUSH), "as_is"),
    "everything": (small.everything, "all_of_it"),
    "all_day": (lambda: small.mechanism("all_day"), "as_is"),
}
REPLICATIONS = 3


def played(case: str, replications: range, period: float | None = None, seed: int = 8) -> Outcome:
    make, plan = CASES[case]
    scenario = make()
    pace = {} if period is None else {"period": period}
    return outcome(play(World.of(scenario, plan), start(World.of(scenario)), seed, replications, **pace))


@cache
def usual(case: str) -> Outcome:
    """The run that the others are compared with."""
    return played(case, range(REPLICATIONS))


def differing(one: Outcome, other: Outcome) -> list[str]:
    """The arrays in which two outcomes differ in any bit."""
    names = [field.name for field in fields(Outcome)]
    return [n for n in names if not np.array_equal(getattr(one, n), getattr(other, n), equal_nan=True)]


@pytest.mark.parametrize("period", [1.0, 5.3, np.inf])
@pytest.mark.parametrize("case", CASES)
def test_the_period_is_a_cost_knob(case: str, period: float) -> None:
    """A day, 5.3 days or a whole month at a time: the same bits."""
    assert differing(played(case, range(REPLICATIONS), period), usual(case)) == []


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


def numbers(result: cxmodel.Result) -> list[object]:
    """All tables of a result, less what only a plan has."""
    metrics = [row for row in result.rows("metrics") if row["metric"] != "return_on_quality"]
    return [metrics, *(result.rows(table) for table in ("touchpoints", "timeline", "today"))]


def test_the_number_of_processes_changes_nothing() -> None:
    """One process or two: the same tables, to the last bit."""
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


@pytest.mark.parametrize("case", UNCHANGED)
def test_an_initiative_that_changes_nothing_changes_no_bit(case: str) -> None:
    """Every number set in month 2 to what it is: the same tables as as_is."""
    scenario = CASES[case][0]().with_initiative("same", UNCHANGED[case], starts=2, plan="same")
    as_is, same = (cxmodel.simulate(scenario, plan, replications=2, jobs=1) for plan in ("as_is", "same"))
    assert numbers(as_is) == numbers(same)


def test_who_is_won_back_may_call_again() -> None:
    """A desk waits for the calls of those who left for good once: a quarter of a day at a time, the same bits."""
    scenario = small.mechanism("exits")
    world, today = World.of(scenario), start(World.of(scenario))
    usually, often = (outcome(play(world, today, 9, range(6), **pace)) for pace in ({}, {"period": 0.25}))
    assert differing(usually, often) == []


def test_a_desk_may_be_crowded_in_one_replication_only() -> None:
    """The rush above: somewhere nobody ever waits, elsewhere somebody does."""
    waiting = usual("rush").waiting.sum(1)
    assert (waiting == 0).any() and (waiting > 0).any()

"""What a scenario expects: pass, fail or inconclusive by the far end of the interval."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cxmodel
from cxmodel.cli.render.checks import sentence
from cxmodel.results.estimates import Estimate, estimate
from cxmodel.studies.checks import judge

SHOP = """
schema: 1
name: Corner shop
horizon: 3 months
currency: GBP
attributes: {kindness: {kind: must_be}}
segments: {neighbours: {customers: 80, needs: {kindness: {level: 70}}}}
journey:
  bread: {stage: use, every: 7 days, delivers: {kindness: 60}}
initiatives:
  smile: {changes: {journey.bread.delivers.kindness: "+20"}}
  frown: {changes: {journey.bread.delivers.kindness: "-30 %"}}
  wink: {changes: {journey.bread.delivers.kindness: "+0"}}
plans: {friendlier: [smile], grim: [frown], same: [wink]}
"""
ECONOMICS = "economics: {margin: 9 per month}\n"
POINTS = st.floats(-1000, 1000)


def rows(*expectations: str, more: str = "", replications: int = 6) -> list[dict[str, Any]]:
    """The verdicts on expectations of the corner shop."""
    listed = "".join(f"  - {{{text}}}\n" for text in expectations)
    return cxmodel.check(cxmodel.loads(f"{SHOP}{more}expect:\n{listed}"), replications=replications, seed=3)


def row(expectation: str, more: str = "", replications: int = 6) -> dict[str, Any]:
    """The verdict on one expectation."""
    (one,) = rows(expectation, more=more, replications=replications)
    return one


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (1, 3, "pass"),
        (-3, -1, "fail"),
        (-1, 1, "inconclusive"),
        (0, 2, "inconclusive"),
        (-2, 0, "inconclusive"),
        (0, 0, "fail"),
    ],
)
def test_the_far_end_of_the_interval_decides(low: float, high: float, verdict: str) -> None:
    """Above zero: all of it on the right side, all on the wrong side, or zero within; at zero is not above it."""
    assert judge(Estimate((low + high) / 2, low, high), 0.0, 1.0) == verdict


@given(POINTS, st.floats(0, 100), POINTS, st.sampled_from([1.0, -1.0]))
def test_below_is_above_in_a_mirror(value: float, half: float, bound: float, way: float) -> None:
    """What is judged of a figure is judged of its opposite the other way round."""
    figure, mirrored = (Estimate(v, v - half, v + half) for v in (value, -value))
    assert judge(figure, bound, way) == judge(mirrored, -bound, -way)


@given(POINTS, st.floats(0.1, 100), POINTS)
def test_no_figure_passes_both_ways(value: float, half: float, bound: float) -> None:
    """Where above holds, below fails; where one is open, so is the other."""
    figure = Estimate(value, value - half, value + half)
    opposite = {"pass": "fail", "fail": "pass", "inconclusive": "inconclusive"}
    assert judge(figure, bound, -1.0) == opposite[judge(figure, bound, 1.0)]


@pytest.mark.slow
def test_a_difference_of_plans_is_paired() -> None:
    """Replication by replication: the interval is that of the differences, not of two separate figures."""
    scenario = cxmodel.loads(SHOP)
    played = [cxmodel.simulate(scenario, plan, replications=6, seed=3) for plan in ("friendlier", "as_is")]
    expected = estimate(np.subtract(*(result.samples("satisfaction") for result in played)), -100, 100)
    found = row("plan: friendlier, metric: satisfaction, better_than: as_is")
    assert (found["value"], found["low"], found["high"]) == expected


@pytest.mark.parametrize(
    ("expectation", "verdict"),
    [
        ("plan: friendlier, metric: satisfaction, better_than: as_is", "pass"),
        ("plan: friendlier, metric: satisfaction, better_than: as_is, by: 90", "fail"),
        ("plan: friendlier, metric: satisfaction, worse_than: as_is", "fail"),
        ("plan: friendlier, metric: expectation_gap, better_than: grim", "pass"),
        ("plan: grim, metric: expectation_gap, worse_than: friendlier", "pass"),
        ("plan: grim, metric: satisfaction, better_than: as_is", "fail"),
        ("plan: grim, metric: satisfaction, better_than: as_is, by: -90", "pass"),
        ("plan: as_is, metric: satisfaction, better_than: as_is", "fail"),
        ("plan: same, metric: satisfaction, better_than: as_is", "fail"),
        ("plan: same, metric: satisfaction, better_than: as_is, by: -1", "pass"),
        ("metric: satisfaction, above: 10", "pass"),
        ("metric: satisfaction, above: 10, by: 80", "fail"),
        ("metric: satisfaction, below: 90", "pass"),
        ("metric: satisfaction, below: 90, by: 80", "fail"),
        ("metric: retention, above: 20 %, segment: neighbours", "pass"),
        ("metric: acquired, above: 0", "fail"),
    ],
)
def test_what_is_expected_holds_or_not(expectation: str, verdict: str) -> None:
    """Better is what the metric calls better, `by` shifts the line, and what is the same is not better."""
    assert row(expectation)["verdict"] == verdict


def test_an_interval_that_holds_the_line_leaves_it_open() -> None:
    """And says about how many more simulation runs would settle it."""
    middle = row("metric: nps, above: -100")["value"]
    found = row(f"metric: nps, above: {middle + 0.1:.6f}")
    assert (found["verdict"], found["why"]) == ("inconclusive", None)
    assert found["more_needed"] > 6


@pytest.mark.slow
@pytest.mark.parametrize(
    ("expectation", "more", "told"),
    [
        ("metric: customer_equity, above: 0", "", "economics"),
        ("plan: friendlier, metric: clv, better_than: as_is", "", "economics"),
        ("metric: return_on_quality, above: 0", ECONOMICS, "changes nothing"),
        ("metric: cost, above: 0, segment: neighbours", ECONOMICS, "all customers together"),
        ("metric: wait_minutes, below: 3", "", "nothing to tell it from"),
    ],
)
def test_a_figure_that_cannot_be_had_is_inconclusive_and_says_why(expectation: str, more: str, told: str) -> None:
    """No money without economics, no return on doing nothing, no waits without a desk."""
    found = row(expectation, more)
    assert (found["verdict"], found["value"]) == ("inconclusive", None)
    assert told in sentence(found, cxmodel.loads(SHOP))


def test_a_single_replication_decides_nothing() -> None:
    """Without an interval there is no verdict."""
    found = row("metric: nps, above: -100", replications=1)
    assert (found["verdict"], found["low"]) == ("inconclusive", None)


def test_every_plan_is_played_once() -> None:
    """Three expectations of two plans: progress counts two plans' replications."""
    expect = ["metric: nps, above: 0", "plan: grim, metric: nps, above: 0", "plan: grim, metric: nps, below: 0"]
    scenario = cxmodel.loads(SHOP + "expect:\n" + "".join(f"  - {{{text}}}\n" for text in expect))
    told: list[tuple[int, int]] = []
    cxmodel.check(scenario, replications=5, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (10, 10)
    assert told == sorted(told)


def test_a_scenario_that_expects_nothing_has_no_checks() -> None:
    """Nothing is played."""
    assert cxmodel.check(cxmodel.loads(SHOP)) == []


@pytest.mark.parametrize(
    ("value", "low", "high", "more", "said"),
    [
        (1.2, 0.9, 1.5, {}, "plan: Advocacy (NPS) is better than as_is by 1.2 (0.9 to 1.5)"),
        (
            -1.2,
            -1.5,
            -0.9,
            {"verdict": "fail"},
            "plan: Advocacy (NPS) should be better than as_is; it is worse by 1.2 (0.9 to 1.5)",
        ),
        (
            1.2,
            -0.1,
            2.5,
            {"verdict": "inconclusive", "more_needed": 83},
            "plan: Advocacy (NPS) should be better than as_is; it is better by 1.2 (−0.1 to +2.5), "
            "inconclusive; about 90 more simulation runs would settle it",
        ),
        (
            -0.012,
            -0.015,
            -0.009,
            {"unit": "share", "better": "down", "label": "Leave in a month", "segment": "locals"},
            "plan: Leave in a month of locals is better than as_is by 1.2 points (0.9 to 1.5)",
        ),
        (
            12000,
            11000,
            13000,
            {"unit": "GBP", "label": "Worth", "by": 10000, "bound": 10000},
            "plan: Worth is better than as_is by more than £10,000: better by £12,000 (£11,000 to £13,000)",
        ),
        (
            0.8,
            0.79,
            0.81,
            {"unit": "share", "test": "above", "against": None, "bound": 0.755, "label": "Stay"},
            "plan: Stay is above 75.5 %: 80.0 % (79.0 to 81.0 %)",
        ),
        (
            4.0,
            3.9,
            4.1,
            {"unit": "minutes", "test": "below", "against": None, "bound": 2, "verdict": "fail", "label": "Waiting"},
            "plan: Waiting should be below 2 minutes; it is 4.0 minutes (3.9 to 4.1)",
        ),
        (
            0.0,
            0.0,
            0.0,
            {"verdict": "fail"},
            "plan: Advocacy (NPS) should be better than as_is; it is the same",
        ),
    ],
)
def test_a_check_reads_as_one_would_say_it(
    value: float, low: float, high: float, more: dict[str, Any], said: str
) -> None:
    """One sentence: what was expected, what came of it, and how sure that is."""
    known = {
        "verdict": "pass", "plan": "plan", "label": "Advocacy (NPS)", "segment": "all", "test": "better_than",
        "against": "as_is", "aim": None, "by": None, "bound": 0.0, "unit": "points", "better": "up", "why": None,
        "more_needed": None, "value": value, "low": low, "high": high,
    }  # fmt: skip
    assert sentence({**known, **more}, cxmodel.loads(SHOP)) == said

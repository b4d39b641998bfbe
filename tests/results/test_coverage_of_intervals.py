"""Intervals hold what they promise: 95 of 100 hold the true difference, and the same test finds those that do not."""

from __future__ import annotations

import numpy as np
import pytest

from cxmodel.results.estimates import bounds, estimate
from cxmodel.results.paired import judge
from cxmodel.results.request import RunRequest
from cxmodel.simulation.simulate import simulate_all
from cxmodel.vocabulary import Floats
from tests.support.small import app

RUNS = 10
"""Replications behind each interval: few, so that Student's t has to be right."""
SHORT = {
    "horizon": "6 months",
    "segments.style_seekers.customers": 40,
    "segments.style_seekers.prospects": 60,
    "segments.style_seekers.adoption.arrivals": "4 per month",
}


def covered(intervals: Floats, truth: float) -> float:
    """Share of intervals (N, 2) that hold the truth."""
    return float(((intervals[:, 0] <= truth) & (truth <= intervals[:, 1])).mean())


@pytest.mark.slow
def test_intervals_of_paired_differences_cover_the_truth() -> None:
    """4,000 intervals over ten draws each, normal and skewed: 95 ± 1 of 100."""
    luck = np.random.default_rng(7)
    for draws, slack in ((luck.normal(0.4, 2.0, (4_000, RUNS)), 0.01), (luck.gamma(8.0, 0.05, (4_000, RUNS)), 0.015)):
        found = [judge("nps", row) for row in draws]
        truth = 0.4
        assert covered(np.array([(each.low, each.high) for each in found]), truth) == pytest.approx(0.95, abs=slack)


def test_the_normal_quantile_would_be_found_out() -> None:
    """1.96 at five replications covers 88 of 100: what this file tests can fail."""
    draws = np.random.default_rng(7).normal(0.4, 2.0, (4_000, 5))
    half = 1.96 * draws.std(axis=1, ddof=1) / np.sqrt(5)
    means = draws.mean(axis=1)
    assert covered(np.stack([means - half, means + half], axis=1), 0.4) < 0.93


@pytest.mark.soak
@pytest.mark.parametrize("metric", ["expectation_gap", "satisfaction", "nps", "customer_equity"])
def test_intervals_of_a_plan_cover_what_many_replications_agree_on(metric: str) -> None:
    """Eight hundred comparisons of ten replications each against the mean of all eight thousand: 95 ± 2 of 100."""
    wanted = [RunRequest(app(SHORT), plan, replications=800 * RUNS, seed=11) for plan in ("fix_the_wait", "as_is")]
    after, before = simulate_all(wanted)
    differences = after.samples(metric) - before.samples(metric)
    found = [judge(metric, part) for part in differences.reshape(-1, RUNS)]
    share = covered(np.array([(each.low, each.high) for each in found]), float(differences.mean()))
    assert share == pytest.approx(0.95, abs=0.02)


@pytest.mark.soak
@pytest.mark.parametrize("metric", ["expectation_gap", "satisfaction", "nps"])
def test_intervals_of_a_run_cover_what_many_replications_agree_on(metric: str) -> None:
    """The same for the figures of one run."""
    (result,) = simulate_all([RunRequest(app(SHORT), replications=800 * RUNS, seed=11)])
    samples = result.samples(metric)
    found = [estimate(part) for part in samples.reshape(-1, RUNS)]
    share = covered(np.array([(each.low, each.high) for each in found]), float(samples.mean()))
    assert share == pytest.approx(0.95, abs=0.02)


BOUNDED = {
    "a rare share": (lambda luck, runs: luck.binomial(400, 0.02, runs) / 400, 0.02, "retention"),
    "a share near one": (lambda luck, runs: luck.binomial(300, 0.98, runs) / 300, 0.98, "retention"),
    "a score": (lambda luck, runs: 100 * luck.choice([1, 0, -1], (runs, 200), p=[0.5, 0.33, 0.17]).mean(1), 33, "nps"),
    "a score near its end": (
        lambda luck, runs: 100 * luck.choice([1, 0, -1], (runs, 100), p=[0.97, 0.02, 0.01]).mean(1), 96, "nps",
    ),
    "runs that pay": (lambda luck, runs: (luck.random(runs) < 0.8).astype(float), 0.8, "pays_off"),
}  # fmt: skip
"""What is drawn of so many runs, its true mean, and the metric whose bounds it has."""


@pytest.mark.slow
@pytest.mark.parametrize("runs", [5, 30])
@pytest.mark.parametrize("what", BOUNDED)
def test_bounded_intervals_cover_the_truth_and_stay_within_what_is_possible(what: str, runs: int) -> None:
    """95 ± 2 of 100; Wilson's, of five or thirty runs, moves in steps and is held to no less than 93."""
    draw, truth, metric = BOUNDED[what]
    luck, (low, high) = np.random.default_rng(runs), bounds(metric)
    found = [estimate(draw(luck, runs), low, high, seen=runs) for _ in range(1500)]
    ends = np.array([(each.low, each.high) for each in found])
    assert (ends >= low).all() and (ends <= high).all()
    share = covered(ends, truth)
    assert 0.93 <= share <= (0.985 if metric == "pays_off" else 0.97)


def test_two_runs_of_two_are_no_certainty() -> None:
    """What is counted and the same in a few runs keeps an interval; what nothing random enters has none."""
    paid = estimate(np.ones(2), 0.0, 1.0, seen=2)
    assert paid.low == pytest.approx(0.342, abs=0.001) and paid.high == 1.0
    lost = estimate(np.zeros(30), 0.0, np.inf, seen=30)
    assert (lost.low, lost.high) == (0.0, pytest.approx(0.123, abs=0.001))  # 3.69 events at most, over thirty runs
    assert estimate(np.full(4, 6200.0), 0.0) == (6200.0, 6200.0, 6200.0)
    assert estimate(np.array([1.0, 9.0]), 0.0).low == 0.0

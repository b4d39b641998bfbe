"""Chance as a function: draws are even, independent of each other, and shared by plans customer by customer.

Of a right generator, one choice of seeds in a thousand fails this file (Bonferroni over its comparisons).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from cxmodel.engine import rng
from cxmodel.engine.initial_state import draw_frailty

FAMILYWISE, COMPARISONS = 0.001, 30
LEVEL = FAMILYWISE / COMPARISONS
N = 100_000
NUMBERS = np.arange(N)
PEOPLE = rng.keys(7, 0, 1, NUMBERS)
ONE = np.ones(1, dtype=np.uint64)
DRAWS = {  # each way in which neighbouring draws may differ
    "customer": rng.uniform(PEOPLE, rng.CHOICE),
    "next customer": rng.uniform(np.roll(PEOPLE, 1), rng.CHOICE),
    "purpose": rng.uniform(PEOPLE, rng.STAY),
    "occurrence": rng.uniform(rng.occurring(PEOPLE, ONE), rng.CHOICE),
    "part": rng.uniform(rng.part(PEOPLE, ONE), rng.CHOICE),
    "segment": rng.uniform(rng.keys(7, 0, 3, NUMBERS), rng.CHOICE),
    "replication": rng.uniform(rng.keys(7, 1, 1, NUMBERS), rng.CHOICE),
    "seed": rng.uniform(rng.keys(8, 0, 1, NUMBERS), rng.CHOICE),
    "touchpoint": rng.uniform(rng.at(PEOPLE, ONE), rng.CHOICE),
    "half of a word": rng.half(PEOPLE, rng.CALL, 1),
}


def gamma(keys: Any, shape: float) -> np.ndarray:
    """Gamma draws of these people, as compiled code draws them."""
    drawn = np.empty(len(keys))
    draw_frailty(keys, shape, drawn)
    return drawn


@pytest.mark.parametrize("way", DRAWS)
def test_draws_are_even(way: str) -> None:
    """Kolmogorov and Smirnov find nothing."""
    assert stats.kstest(DRAWS[way], "uniform").pvalue > LEVEL


@pytest.mark.parametrize("way", [way for way in DRAWS if way != "customer"])
def test_neighbouring_draws_are_independent(way: str) -> None:
    """No cell of a table of ten by ten is fuller than chance makes it (chi-squared)."""
    table = np.histogram2d(DRAWS["customer"], DRAWS[way], bins=10, range=[[0, 1], [0, 1]])[0]
    assert stats.chisquare(table.ravel()).pvalue > LEVEL


def test_draws_of_one_customer_are_even_over_time() -> None:
    """A hundred thousand occurrences of one person."""
    occurring = rng.occurring(np.repeat(PEOPLE[:1], N), NUMBERS.astype(np.uint64))
    assert stats.kstest(rng.uniform(occurring, rng.EVENT), "uniform").pvalue > LEVEL


def test_normal_and_exponential_draws_follow_their_laws() -> None:
    """The transforms of even draws; the normal quantile is SciPy's."""
    even = rng.uniform(PEOPLE, rng.LENIENCY)
    assert [rng.normal_quantile(p) for p in even[:2000]] == pytest.approx(stats.norm.ppf(even[:2000]), abs=1e-9)
    assert stats.kstest(rng.exponential(PEOPLE, rng.ENTRY), "expon").pvalue > LEVEL


@pytest.mark.parametrize("shape", [1 / 1.4, 2.5])
def test_gamma_draws_follow_their_law(shape: float) -> None:
    """Below and above shape 1."""
    assert stats.kstest(gamma(PEOPLE, shape), "gamma", (shape,)).pvalue > LEVEL


@pytest.mark.parametrize("shape", [1 / 1.4, 2.5])
def test_gamma_draws_have_the_mean_and_variance_of_their_law(shape: float) -> None:
    """Both are the shape; errors from the moments of the law."""
    drawn = gamma(PEOPLE, shape)
    far = stats.norm.ppf(1 - LEVEL / 2)
    assert abs(drawn.mean() - shape) < far * np.sqrt(shape / N)
    # the fourth central moment of a gamma law of rate 1 is 3 k^2 + 6 k
    assert abs(drawn.var() - shape) < far * np.sqrt((3 * shape**2 + 6 * shape - shape**2) / N)


def test_a_draw_does_not_depend_on_who_else_draws() -> None:
    """Any part of the people, in any order, draws what it draws among all."""
    some = np.array([5, 99_999, 17, 3])
    assert (rng.uniform(PEOPLE[some], rng.TALK) == rng.uniform(PEOPLE, rng.TALK)[some]).all()
    assert (gamma(PEOPLE[some], 0.7) == gamma(PEOPLE, 0.7)[some]).all()


@pytest.mark.parametrize(
    ("points", "mean", "variance"),
    [
        (rng.normal_points(), 0.0, 1.0),
        (rng.exponential_points(), 1.0, 1.0),
        (rng.lognormal_points(1.2), 1.0, 1.44),
        (rng.lognormal_points(0.1), 1.0, 0.01),
    ],
    ids=["normal", "exponential", "lognormal", "narrow"],
)
def test_points_stand_for_their_law(points: np.ndarray, mean: float, variance: float) -> None:
    """The mean to the precision of their type; of the variance, the tail of a single point may be missing."""
    exact = points.astype(float)
    assert exact.mean() == pytest.approx(mean, abs=1e-6)
    assert exact.var() == pytest.approx(variance, rel=5e-3)


def test_every_purpose_is_its_own() -> None:
    """No two purposes share a number, so no two uses share a draw."""
    constants = {"GOLDEN", "STEP", "TOUCHPOINT", "PART", "FIRST", "SECOND"}
    named = {name: value for name, value in vars(rng).items() if isinstance(value, np.uint64) and name not in constants}
    purposes = [value for value in named.values() if value > 2**40]
    assert len(purposes) > 20
    assert len(set(purposes)) == len(purposes)

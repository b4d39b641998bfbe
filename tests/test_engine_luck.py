"""Chance as a function: draws are even, independent of each other, and shared by plans customer by customer.

Of a right generator, one choice of seeds in a thousand fails this file (Bonferroni over its comparisons).
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from cxmodel.engine import luck
from cxmodel.engine.luck import Purpose

FAMILYWISE, COMPARISONS = 0.001, 30
LEVEL = FAMILYWISE / COMPARISONS
N = 100_000
NUMBERS = np.arange(N)
PEOPLE = luck.keys(7, 0, 1, NUMBERS)
DRAWS = {  # each way in which neighbouring draws may differ
    "customer": luck.uniform(PEOPLE, Purpose.CHOICE),
    "next customer": luck.uniform(np.roll(PEOPLE, 1), Purpose.CHOICE),
    "purpose": luck.uniform(PEOPLE, Purpose.STAY),
    "occurrence": luck.uniform(PEOPLE, Purpose.CHOICE, 1),
    "part": luck.uniform(PEOPLE, Purpose.CHOICE, part=1),
    "segment": luck.uniform(luck.keys(7, 0, 3, NUMBERS), Purpose.CHOICE),
    "replication": luck.uniform(luck.keys(7, 1, 1, NUMBERS), Purpose.CHOICE),
    "seed": luck.uniform(luck.keys(8, 0, 1, NUMBERS), Purpose.CHOICE),
    "touchpoint": luck.uniform(luck.at(PEOPLE, np.ones(N)), Purpose.CHOICE),
}


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
    drawn = luck.uniform(np.repeat(PEOPLE[:1], N), Purpose.EVENT, NUMBERS)
    assert stats.kstest(drawn, "uniform").pvalue > LEVEL


def test_normal_and_exponential_draws_follow_their_laws() -> None:
    """The transforms of even draws."""
    assert stats.kstest(luck.normal(PEOPLE, Purpose.LENIENCY), "norm").pvalue > LEVEL
    assert stats.kstest(luck.exponential(PEOPLE, Purpose.ENTRY), "expon").pvalue > LEVEL


@pytest.mark.parametrize("shape", [1 / 1.4, 2.5])
def test_gamma_draws_follow_their_law(shape: float) -> None:
    """Below and above shape 1."""
    assert stats.kstest(luck.gamma(PEOPLE, Purpose.FRAILTY, shape), "gamma", (shape,)).pvalue > LEVEL


@pytest.mark.parametrize("shape", [1 / 1.4, 2.5])
def test_gamma_draws_have_the_mean_and_variance_of_their_law(shape: float) -> None:
    """Both are the shape; errors from the moments of the law."""
    drawn = luck.gamma(PEOPLE, Purpose.FRAILTY, shape)
    far = stats.norm.ppf(1 - LEVEL / 2)
    assert abs(drawn.mean() - shape) < far * np.sqrt(shape / N)
    # the fourth central moment of a gamma law of rate 1 is 3 k^2 + 6 k
    assert abs(drawn.var() - shape) < far * np.sqrt((3 * shape**2 + 6 * shape - shape**2) / N)


def test_a_draw_does_not_depend_on_who_else_draws() -> None:
    """Any part of the people, in any order, draws what it draws among all."""
    some = np.array([5, 99_999, 17, 3])
    assert (luck.uniform(PEOPLE[some], Purpose.TALK, some) == luck.uniform(PEOPLE, Purpose.TALK, NUMBERS)[some]).all()
    assert (luck.gamma(PEOPLE[some], Purpose.FRAILTY, 0.7) == luck.gamma(PEOPLE, Purpose.FRAILTY, 0.7)[some]).all()


def test_the_noise_of_visits_is_standard_normal() -> None:
    """Its points have mean 0 and variance 1, to the precision of their type."""
    points = luck.NORMAL_POINTS.astype(float)
    assert [points.mean(), points.var()] == pytest.approx([0.0, 1.0], abs=1e-6)


def test_every_purpose_is_its_own() -> None:
    """No two purposes share a number, so no two uses share a draw."""
    assert len(Purpose) == len(Purpose.__members__)

"""Intervals of single figures: textbook formulas, and plain numbers that a file can hold bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest, t

from cxmodel.results.estimates import counted, estimate, half_width, wilson


@pytest.mark.parametrize(("successes", "trials"), [(0, 20), (1, 20), (7, 20), (20, 20), (290, 300)])
def test_wilsons_interval_is_the_textbooks(successes: int, trials: int) -> None:
    """That of SciPy, which works it out from counts."""
    span = binomtest(successes, trials).proportion_ci(method="wilson")
    assert wilson(successes / trials, trials) == pytest.approx((span.low, span.high), abs=1e-12)


def test_half_an_interval_is_students() -> None:
    """Of a mean over eight runs: the quantile at seven degrees of freedom, by the standard error."""
    assert half_width(3.0, 8) == pytest.approx(t.ppf(0.975, 7) * 3.0 / 8**0.5, rel=1e-12)


def test_ends_are_plain_numbers() -> None:
    """Whatever kind of number says how many stand behind a figure: a saved run is compared bit for bit."""
    ones = np.ones(4)
    for found in (
        estimate(ones, 0.0, 1.0, seen=np.float64(60)),
        estimate(ones, seen=np.float64(60)),
        counted(1.0, 0.0, 1.0, 9),
    ):
        assert {type(end) for end in (found.low, found.high)} == {float}

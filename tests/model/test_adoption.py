"""How awareness spreads: Bass's closed form, and the stepwise way that the engine takes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from cxmodel.model import adoption
from tests.support.steady import given

P, Q = 0.03, 0.38  # per year (Bass 1969)


def test_bass_peaks_where_it_should() -> None:
    """p = .03, q = .38: adoption is fastest at 6.193 years, when .4605 have adopted."""
    step = 1e-4
    speed = lambda t: float(adoption.bass(t + step, P, Q) - adoption.bass(t - step, P, Q))  # noqa: E731
    peak = minimize_scalar(lambda t: -speed(t), bounds=(1, 15), method="bounded", options={"xatol": 1e-6}).x
    assert peak == pytest.approx(6.193, abs=0.0005)
    assert adoption.bass(peak, P, Q) == pytest.approx(0.4605, abs=0.00005)


def test_bass_curve() -> None:
    """F at 1, 2, 5, 10, 15, 20 years."""
    curve = adoption.bass(np.array([1, 2, 5, 10, 15, 20]), P, Q)
    assert curve.tolist() == pytest.approx([0.0358, 0.0851, 0.3312, 0.8128, 0.9716, 0.9963], abs=0.00005)


@pytest.mark.slow
@given(st.floats(0, 15), st.floats(0, 10))
def test_exposure_leads_along_the_curve(since: float, years: float) -> None:
    """From any share aware on, 1 - F falls by e to the minus exposure."""
    before, after = adoption.bass(since, P, Q), adoption.bass(since + years, P, Q)
    exposure = adoption.bass_exposure(years, before, P, Q)
    assert (1 - before) * np.exp(-exposure) == pytest.approx(1 - after, rel=1e-9, abs=1e-12)


def test_who_expects_what_is_on_offer_elsewhere_buys_half_the_time() -> None:
    """Even odds at the standard, more above it."""
    assert adoption.choosing(np.array([75.0, 85.0]), 75.0).tolist() == pytest.approx([0.5, 1 / (1 + np.exp(-0.35))])

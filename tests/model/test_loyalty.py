"""Who stays, whom a cohort loses, and what a customer is worth: closed forms and published series."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.polynomial.legendre import leggauss
from scipy.optimize import minimize
from scipy.special import betaln, gammaincinv, ndtri

from cxmodel.model import advocacy, economics, loyalty
from tests.support import laws

# Survival of two cohorts by year, per cent (Fader & Hardie 2007, "How to project customer retention")
REGULAR = np.array([100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1, 22.3, 20.7, 19.4, 18.3, 17.3]) / 100
HIGH_END = np.array([100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4]) / 100
FITTED = 7  # years; the rest is held out
NODES, SHARES = leggauss(400)
QUANTILES, SHARES = (NODES + 1) / 2, SHARES / 2


def beta_cohort(years: np.ndarray, alpha: float, beta: float) -> np.ndarray:
    """Survival of a cohort whose yearly hazards are Beta distributed (sBG)."""
    return np.exp(betaln(alpha, beta + years) - betaln(alpha, beta))


def monthly_cohort(years: np.ndarray, leave: float, variance: float) -> np.ndarray:
    """Survival of a cohort of frail customers who decide every month at S = C (equation 9)."""
    frailty = variance * gammaincinv(1 / variance, QUANTILES)
    frailty = np.maximum(frailty, 1e-300)
    keep = 1 - loyalty.hazard(70.0, 70.0, frailty, leave)
    return np.array([(SHARES * keep ** (12 * year)).sum() for year in years])


def fitted(model, start: tuple[float, float], observed: np.ndarray) -> np.ndarray:  # type: ignore[no-untyped-def]
    """A model's curve, its two parameters fitted to the first seven years by maximum likelihood."""
    lost = -np.diff(observed[: FITTED + 1])

    def cost(logs: np.ndarray) -> float:
        curve = model(np.arange(FITTED + 1), *np.exp(logs))
        return float(-(lost * np.log(-np.diff(curve))).sum() - observed[FITTED] * np.log(curve[-1]))

    best = minimize(cost, np.log(start), method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-10})
    return np.asarray(model(np.arange(len(observed)), *np.exp(best.x)))


MODELS = {"beta": (beta_cohort, (0.7, 2.0)), "frailty": (monthly_cohort, (0.03, 1.4))}


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize(("observed", "points"), [(REGULAR, 0.5), (HIGH_END, 1.7)], ids=["regular", "high_end"])
def test_a_cohort_is_foretold_from_its_first_seven_years(name: str, observed: np.ndarray, points: float) -> None:
    """The years held out are met within half a point and 1.7 points, as printed (model.md, section 5)."""
    curve = fitted(*MODELS[name], observed)
    missed = 100 * np.abs(curve - observed)[FITTED + 1 :].max()
    assert missed < points + 0.05


@pytest.mark.parametrize(
    ("observed", "rate", "variance", "points"),
    [(REGULAR, 0.663, 1.39, 0.6), (HIGH_END, 0.185, 1.43, 2.1)],
    ids=["regular", "high_end"],
)
def test_gamma_frailty_has_a_closed_form(observed: np.ndarray, rate: float, variance: float, points: float) -> None:
    """(1 + phi lambda t)^(-1/phi) follows the years it was fitted to within .6 and 2.1 points."""
    curve = loyalty.survival(rate * np.arange(FITTED + 1), variance)
    assert 100 * np.abs(curve - observed[: FITTED + 1]).max() < points + 0.05


def test_frailty_of_those_who_stayed_is_gamma_with_a_greater_rate() -> None:
    """The mean frailty of survivors is -S'(L)/S(L), which is shape/rate of the law they follow."""
    exposure, step, variance = 0.8, 1e-6, 1.4
    survival = loyalty.survival(np.array([exposure - step, exposure, exposure + step]), variance)
    mean = -(survival[2] - survival[0]) / (2 * step) / survival[1]
    assert mean == pytest.approx(1 / variance / loyalty.frailty_rate(exposure, variance), rel=1e-6)


def test_no_frailty_is_the_limit_of_little_frailty() -> None:
    """Variance 0 gives the exponential curve."""
    exposure = np.linspace(0, 3, 7)
    assert loyalty.survival(exposure, 0.0) == pytest.approx(loyalty.survival(exposure, 1e-9), abs=1e-7)


def test_at_the_standard_of_the_market_the_hazard_is_the_leaving_rate() -> None:
    """S = C, frailty 1 and no cost of switching leave h0 alone."""
    assert loyalty.hazard(72.0, 72.0, 1.0, 0.02) == pytest.approx(0.02, rel=1e-12)


def test_leaving_adds_up_over_months() -> None:
    """A year's decision at once is twelve monthly ones."""
    assert 1 - loyalty.leaving(0.03, 12.0) == pytest.approx((1 - loyalty.leaving(0.03, 1.0)) ** 12, rel=1e-12)


def test_a_role_never_lived_is_left_out() -> None:
    """Both roles .7 and .3; one alone counts fully; none leaves S overall."""
    scores = np.tile([50.0, 60.0, 80.0], (4, 1))
    lived = np.array([[True, True], [True, False], [False, True], [False, False]])
    assert loyalty.lived_roles(*scores.T, *lived.T.astype(float)).tolist() == pytest.approx([66.0, 60.0, 80.0, 50.0])


def test_value_for_money_of_two_retailers() -> None:
    """Each wins its own segment by far: 80.0 and 77.2, against 61.5 and 60.0 for each other's."""
    quality_seekers, bargain_hunters = [0.35, 0.25, 0.25, 0.15], [0.15, 0.15, 0.10, 0.60]
    store, discounter = np.array([88.0, 85, 85, 45]), np.array([50.0, 60, 55, 92])
    worth = [
        float(loyalty.offer(np.array(weights), levels))
        for weights, levels in (
            (quality_seekers, store),
            (bargain_hunters, discounter),
            (bargain_hunters, store),
            (quality_seekers, discounter),
        )
    ]
    assert worth == pytest.approx([80.0, 77.2, 61.5, 60.0], abs=0.05)


def test_lifetime_value() -> None:
    """Margin 100, retention .8, discount .1: 266.67, the first margin after one period."""
    assert laws.lifetime_value(100.0, 0.8, 0.1) == pytest.approx(266.67, abs=0.005)


def test_the_afterlife_is_a_sum_of_months() -> None:
    """Margin of 60 months to come, written out."""
    keep = 0.97 * 1.1 ** (-1 / 12)
    assert economics.afterlife(0.03, 0.1) == pytest.approx(sum(keep**month for month in range(1, 61)), rel=1e-12)


def test_a_long_afterlife_is_the_lifetime_value() -> None:
    """Without an end it is the formula with monthly retention and discount."""
    discount = 1.1 ** (1 / 12) - 1
    assert economics.afterlife(0.03, 0.1, 10_000) == pytest.approx(laws.lifetime_value(1.0, 0.97, discount), rel=1e-9)


def test_nps_misses_the_lost() -> None:
    """S ~ N(70, 15), C = 70, 24 months: 60 % retained; survivors 35, everyone 27, lost 14 (no frailty)."""
    satisfaction = np.clip(70 + 15 * ndtri(QUANTILES), 0, 100)
    stays = (1 - loyalty.hazard(satisfaction, 70.0, 1.0)) ** 24
    net = advocacy.nps(advocacy.promoters(satisfaction), advocacy.detractors(satisfaction))
    alive, lost = SHARES * stays, SHARES * (1 - stays)
    nps = [(people * net).sum() / people.sum() for people in (alive, SHARES, lost)]
    assert [100 * alive.sum(), *nps] == pytest.approx([60, 35, 27, 14], abs=0.5)

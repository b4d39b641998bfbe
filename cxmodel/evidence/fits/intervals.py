"""Intervals of 90 %: of means, shares, rates, and by profile likelihood."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.optimize import brentq, minimize
from scipy.stats import chi2, norm, t

from cxmodel.evidence.fits.fit import CONFIDENCE

if TYPE_CHECKING:
    from cxmodel.vocabulary import Floats

TAIL: Final = (1 - CONFIDENCE) / 2
"""What is left out on each side."""
_RISE: Final = float(chi2.ppf(CONFIDENCE, 1)) / 2
"""How far the log-likelihood falls from its top to the ends of a profile interval."""

Interval = tuple[float, float]
Loss = Callable[[Any], float]
"""A negative log-likelihood, of an array of parameters."""


def effective_size(weight: Floats) -> float:
    """How many equal answers weighted ones are worth (Kish 1965): (sum w)^2 / sum w^2."""
    total = float(weight.sum())
    return total * total / float((weight * weight).sum()) if total > 0 else 0.0


def weighted_mean(values: Floats, weight: Floats) -> tuple[float, float, float]:
    """Weighted mean, and its interval by Student's t with as many degrees of freedom as the answers are worth.

    `values` and `weight` have one shape (n,). Linearised variance, sum w^2 (x - m)^2 / (sum w)^2.
    """
    total = float(weight.sum())
    mean = float(weight @ values) / total
    size = effective_size(weight)
    error = math.sqrt(float(((weight * (values - mean)) ** 2).sum())) / total * math.sqrt(size / (size - 1))
    reach = float(t.ppf(1 - TAIL, size - 1)) * error
    return mean, mean - reach, mean + reach


def wilson(hits: float, of: float) -> Interval:
    """Interval of a share, after Wilson (1927); 0 to 1 of nothing."""
    if of <= 0:
        return 0.0, 1.0
    z = float(norm.ppf(1 - TAIL))
    share = hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    reach = z / (1 + z * z / of) * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def poisson_rate(events: float, exposure: float) -> Interval:
    """Interval of events per unit of exposure: chi-squared with 2n + 1 degrees of freedom (Jeffreys' gamma)."""
    degrees = 2 * events + 1
    return float(chi2.ppf(TAIL, degrees)) / (2 * exposure), float(chi2.ppf(1 - TAIL, degrees)) / (2 * exposure)


def spreads(loss: Loss, best: Floats) -> Floats:
    """Standard errors (k,) from the curvature of the loss at its least; nan where it has none."""
    size = len(best)
    steps = 1e-3 * np.maximum(np.abs(best), 0.1)
    curvature = np.empty((size, size))
    for i in range(size):
        for j in range(i + 1):
            a, b = np.eye(size)[i] * steps[i], np.eye(size)[j] * steps[j]
            four = loss(best + a + b) - loss(best + a - b) - loss(best - a + b) + loss(best - a - b)
            curvature[i, j] = curvature[j, i] = four / (4 * steps[i] * steps[j])
    if not np.isfinite(curvature).all() or np.linalg.eigvalsh(curvature)[0] <= 0:
        return np.full(size, np.nan)
    return np.asarray(np.sqrt(np.diag(np.linalg.inv(curvature))))


def profile(loss: Loss, best: Floats, place: int, spread: Floats) -> Interval:
    """Profile-likelihood interval of one parameter, all others at their best for it; infinite where it has no end.

    `best` (k,) are the estimates and `spread` (k,) their rough standard errors. Venzon & Moolgavkar (1988).
    """
    others = [other for other in range(len(best)) if other != place]
    least = loss(best)

    def side(direction: float) -> float:
        drift = np.zeros(len(others))  # where the others are best, per unit of distance

        @cache  # the search begins where the last one ended: one distance must not have two answers
        def above(distance: float) -> float:
            def inner(moved: Any) -> float:
                point = best.copy()
                point[place] += direction * distance * spread[place]
                point[others] += moved * spread[others]
                return loss(point) - least

            nonlocal drift
            found = minimize(inner, drift * distance, method="BFGS", options={"gtol": 1e-4})
            if distance > 0:
                drift = found.x / distance
            return float(found.fun) - _RISE

        near, far = 0.0, 1.6
        while above(far) < 0:
            near, far = far, far * 1.6
            if far > 60:
                return direction * math.inf
        return float(best[place] + direction * spread[place] * brentq(above, near, far, xtol=1e-3, rtol=1e-6))

    return side(-1.0), side(1.0)

"""How customers are won, from how many come month by month: at a steady rate, or spreading as Bass (1969) has it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln
from scipy.stats import chi2, t

from cxmodel.evidence.fits.fit import Fit, Fitted, Unfitted
from cxmodel.evidence.fits.intervals import TAIL, poisson_rate, profile, spreads
from cxmodel.evidence.fits.pictures import Curve, Curves
from cxmodel.evidence.fits.wording import decimal, span
from cxmodel.evidence.tables import Tracker, month_name
from cxmodel.model.adoption import bass
from cxmodel.vocabulary import humanise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cxmodel.vocabulary import Floats

LEAST: Final = 6
"""Months without which nothing is fitted."""
LEAST_FOR_BASS: Final = 18
"""Months without which a spread is not looked for."""
SURPRISE: Final = 0.01
"""How improbable a steady rate must be before a spread is told."""


def fit_adoption(tracker: Tracker, source: str) -> Fitted:
    """Customers won, by segment or of all: a rate per month, or Bass's p and q per year and the market m.

    The first month is taken for the beginning. Counts vary as Poisson's, or more where they do (quasi-likelihood,
    Wedderburn 1974). A steady rate stands unless the likelihood ratio finds Bass's curve better at 1 % and its three
    numbers have finite intervals. Customers won are those who became aware *and* chose: the rate is not that of the
    scenario's `arrivals`, while p and q are those of its awareness if the same share chooses all along.
    """
    fits: list[Fit] = []
    unfitted: list[Unfitted] = []
    curves: list[Curve] = []
    measure, segment = np.asarray(tracker.measure, dtype=object), np.asarray(tracker.segment, dtype=object)
    told = (measure == "acquired") & np.isfinite(tracker.value) & (tracker.value >= 0)
    for name in dict.fromkeys(segment[told].tolist()):
        own = told & (segment == name)
        months, place = np.unique(tracker.month[own], return_inverse=True)
        won = np.bincount(place, tracker.value[own]).astype(float)
        found, missing, curve = _segment(months - months[0], won, name, source, month_name(int(months[-1])))
        fits += found
        unfitted += missing
        curves += curve
    picture = Curves("Customers won", "Month", "Customers won per month", tuple(curves))
    return Fitted(tuple(fits), tuple(unfitted), pictures=(picture,) if curves else ())


def _segment(
    months: NDArray[np.int32], won: Floats, segment: str, source: str, as_of: str
) -> tuple[list[Fit], list[Unfitted], list[Curve]]:
    """Fits, what cannot be told, and the curve of one segment."""
    of = "" if segment == "all" else f", {humanise(segment, capital=False)}"
    name, number, size = f"Customers won{of}", len(won), round(float(won.sum()))
    if number < LEAST or size == 0:
        why = f"{number} months with {size} customers won: at least {LEAST} months are needed."
        return [], [Unfitted(name, why)], []
    rate = float(won.mean())
    spread = _dispersion(won, np.full(number, rate), number - 1)
    low, high = poisson_rate(size, number)
    if spread > 1:
        reach = float(t.ppf(1 - TAIL, number - 1)) * float(won.std(ddof=1)) / math.sqrt(number) / rate
        low, high = rate * math.exp(-reach), rate * math.exp(reach)
    at = months.astype(float)
    spreading = fit_bass(at, won) if number >= LEAST_FOR_BASS else "There are fewer than eighteen months."
    says = f"{decimal(rate)} customers are won a month ({span(low, high, decimal)}; {number} months)."
    steady = Fit((), name, rate, low, high, "per month", size, source, says, as_of)
    if isinstance(spreading, str):
        curve = Curve(name, at, won, at, np.full(number, rate))
        return [steady], [Unfitted(f"Spread{of}", f"{spreading} A steady rate serves.")], [curve]
    (p, q, m), intervals = spreading
    path = ("segments", segment, "adoption") if segment != "all" else ()
    fits = [steady]
    for key, what, value, (least, most), unit, says in (
        ("p", "Innovation", p, intervals[0], "per year", "A share of {} a year comes of itself"),
        ("q", "Imitation", q, intervals[1], "per year", "Others bring them at {} a year"),
        ("", "Market", m, intervals[2], "people", "{} would be won in the end"),
    ):
        sentence = f"{says.format(decimal(value))} ({span(least, most, decimal)}; {number} months, {size:,} won)."
        where = (*path, key) if path and key else ()
        fits.append(Fit(where, f"{what}{of}", value, least, most, unit, size, source, sentence, as_of))
    along = np.arange(at[-1] + 1)
    return fits, [], [Curve(name, at, won, along, m * np.diff(bass(np.arange(at[-1] + 2) / 12, p, q)))]


def _dispersion(won: Floats, expected: Floats, freedom: int) -> float:
    """Pearson's chi-squared over its degrees of freedom; 1 where it is within what Poisson's counts show by chance."""
    pearson = float(((won - expected) ** 2 / np.maximum(expected, 1e-9)).sum())
    return pearson / freedom if pearson > float(chi2.ppf(0.95, freedom)) else 1.0


def fit_bass(months: Floats, won: Floats) -> tuple[tuple[float, float, float], list[tuple[float, float]]] | str:
    """Bass's p and q [per year] and m [people] with their intervals, or in words why they cannot be told.

    `months` (n,) since the beginning and customers won in each; intervals by profile (quasi-)likelihood.
    """

    def expected(at: Floats) -> Floats:
        p, q, m = np.exp(np.clip(at, -30, 30))
        reached = bass(np.stack([months, months + 1]) / 12, float(p), float(q))
        return np.asarray(np.maximum(float(m) * (reached[1] - reached[0]), 1e-9))

    def poisson(at: Floats) -> float:
        mean = expected(at)
        return float((mean - won * np.log(mean) + gammaln(won + 1)).sum())

    total = float(won.sum())
    starts = [np.log([p, q, total * times]) for p in (0.01, 0.1) for q in (0.3, 1.0, 3.0) for times in (1.1, 3.0)]
    best: Any = min(starts, key=poisson)
    for _ in range(2):
        best = minimize(poisson, best, method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-8, "maxiter": 4000}).x
    wide = _dispersion(won, expected(best), len(won) - 3)

    def loss(at: Floats) -> float:
        return poisson(at) / wide

    mean = np.full(len(won), won.mean())
    steady = float((mean - won * np.log(mean) + gammaln(won + 1)).sum())
    if chi2.sf(2 * (steady / wide - loss(best)), 2) > SURPRISE:
        return "The months do not differ more than they would at a steady rate."
    spread = spreads(loss, best)
    if not np.isfinite(spread).all() or (spread > 3).any():
        return "The numbers won change over time, but so far do not tell spread by itself from imitation."
    ends = [profile(loss, best, place, spread) for place in range(3)]
    if any(not math.isfinite(end) or abs(end - best[place]) > 4 for place in range(3) for end in ends[place]):
        return "The numbers won change over time, but so far do not tell spread by itself from imitation."
    p, q, m = np.exp(best).tolist()
    return (p, q, m), [(math.exp(low), math.exp(high)) for low, high in ends]

"""Leaving and its frailty, from cohorts; the share who leave, from a tracker (equation 9)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln

from cxmodel.evidence.fits.fit import Fit, Fitted, Unfitted
from cxmodel.evidence.fits.intervals import profile, spreads, wilson
from cxmodel.evidence.fits.pictures import Curve, Curves
from cxmodel.evidence.fits.wording import decimal, percent, span
from cxmodel.evidence.tables import Cohorts, Tracker, month_name
from cxmodel.model.loyalty import logistic, logit

if TYPE_CHECKING:
    from cxmodel.vocabulary import Floats

ASSUMED_SIZE: Final = 1000.0
"""Customers that a cohort told in shares is taken to have had: its intervals rest on it."""
LEAST_LEAVERS: Final = 30
"""Leavers without which nothing is fitted."""
_NAME: Final = "Leaving and frailty"


def survival(leave: float, variance: float, months: Floats) -> Floats:
    """Share still there after so many monthly decisions at constant satisfaction [0-1] (equation 9).

    The odds of leaving in a month are z h0/(1 - h0), the frailty z gamma with mean 1 and this variance:
    E[(1 + z h0/(1 - h0))^-t], by the trapezoid rule over ln z, where it converges geometrically.
    """
    shape = 1 / variance
    width = math.sqrt(variance)
    step = min(0.5, 0.25 * width)
    log_z = np.arange(-min(12 * width + 30 * variance, 3000.0), min(12 * width, 8.0) + step, step)
    density = shape * (log_z - np.exp(log_z))
    density = np.exp(density - density.max())
    stays = np.exp(-np.multiply.outer(months, np.log1p(np.exp(log_z) * leave / (1 - leave))))
    return np.asarray(stays @ density / density.sum())


def shifted_beta_geometric(alpha: float, beta: float, periods: Floats) -> Floats:
    """Share still there after so many periods [0-1]: B(alpha, beta + t)/B(alpha, beta) (Fader & Hardie 2007)."""
    return np.asarray(np.exp(betaln(alpha, beta + periods) - betaln(alpha, beta)))


def estimate(there: Floats, curve: Callable[[Any, Floats], Floats], ages: Floats, start: Floats) -> tuple[Any, Floats]:
    """The negative log-likelihood of a retention curve's two parameters, and where it is least.

    `there` (cohorts, periods + 1) are customers, nan after the end of what is known; `curve(parameters, ages)` the
    share still there at `ages` (periods + 1,), the first of them 0.
    """
    leavers, stayers = _counts(there)

    def loss(at: Floats) -> float:
        kept = curve(at, ages)
        gone = np.maximum(kept[:-1] - kept[1:], 1e-300)
        return -float(leavers @ np.log(gone) + stayers @ np.log(np.maximum(kept, 1e-300)))

    found = minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-9, "maxiter": 2000})
    return loss, np.asarray(found.x)


def _counts(there: Floats) -> tuple[Floats, Floats]:
    """How many left in each period, and how many were still there when last heard of, by periods since the start."""
    known = np.isfinite(there)
    known = np.logical_and.accumulate(known, axis=1)
    kept = np.minimum.accumulate(np.where(known, there, np.inf), axis=1)
    leavers = np.where(known[:, 1:], kept[:, :-1] - np.where(known[:, 1:], kept[:, 1:], 0.0), 0.0).sum(0)
    last = known.sum(1) - 1
    rows = np.flatnonzero(last >= 0)
    stayers = np.bincount(last[rows], kept[rows, last[rows]], minlength=there.shape[1])
    return leavers, stayers.astype(float)


def frailty_model(at: Floats, months: Floats) -> Floats:
    """The share still there of equation 9, of (logit h0, ln variance)."""
    leave = float(logistic(min(max(at[0], -20.0), 20.0)))
    return survival(leave, math.exp(min(max(at[1], -7.0), 4.0)), months)


def beta_model(at: Floats, periods: Floats) -> Floats:
    """The share still there of the shifted beta-geometric, of (ln alpha, ln beta)."""
    alpha, beta = np.exp(np.clip(at, -8.0, 12.0))
    return shifted_beta_geometric(float(alpha), float(beta), periods)


def fit_retention(cohorts: Cohorts, source: str) -> Fitted:
    """Base leaving h0 [share per month] and the variance of its frailty, as `assumptions` hold them (equation 9).

    Maximum likelihood at constant satisfaction with a decision every month, intervals by profile likelihood. h0 is of
    customers as satisfied as these were, with what held them. The shifted beta-geometric (Fader & Hardie 2007), which
    decides once a period, is fitted beside it as a check.
    """
    there = np.atleast_2d(cohorts.there) * (1.0 if cohorts.counted else ASSUMED_SIZE)
    there = there[there[:, 0] > 0] if there.size else there
    if not there.size or there.shape[1] < 3:
        return _unfitted("At least two periods after the beginning are needed.")
    leavers, _ = _counts(there)
    left, begun = float(leavers.sum()), float(there[:, 0].sum())
    if left < LEAST_LEAVERS:
        return _unfitted(f"{left:.0f} customers left: at least {LEAST_LEAVERS} are needed.")
    if np.count_nonzero(leavers) < 2:
        return _unfitted("All who left did so in one period, which tells no curve.")
    ages = np.arange(there.shape[1]) * cohorts.months
    first = min(max(float(leavers[0]) / begun, 1e-4), 0.95)
    monthly = 1 - (1 - first) ** (1 / cohorts.months)
    loss, best = estimate(there, frailty_model, ages, np.array([float(logit(monthly)), 0.0]))
    if best[1] < -5 or best[1] > 3.5:
        return _unfitted(
            "Those who stay long leave as readily as newcomers in these cohorts: no frailty can be told."
            if best[1] < -5
            else "Nearly all who leave do so at once in these cohorts, which equation 9 does not follow."
        )
    spread = spreads(loss, best)
    if not np.isfinite(spread).all():
        return _unfitted("These cohorts leave base leaving and frailty open.")
    leave_ends, frailty_ends = (profile(loss, best, place, spread) for place in (0, 1))
    leave, frailty = float(logistic(best[0])), math.exp(best[1])
    low, high = float(logistic(leave_ends[0])), float(logistic(leave_ends[1]))
    thin, thick = math.exp(frailty_ends[0]), math.exp(frailty_ends[1])
    _, beta_best = estimate(there, beta_model, np.arange(there.shape[1], dtype=float), np.array([0.0, 1.0]))
    along = np.linspace(0.0, ages[-1], 121)
    check = beta_model(beta_best, ages / cohorts.months)
    apart = 100 * float(np.abs(check - frailty_model(best, ages)).max())
    rests = f"{begun:,.0f} customers" if cohorts.counted else f"taking a cohort for {ASSUMED_SIZE:,.0f} customers"
    latest = cohorts.names[-1] if cohorts.names else ""
    fits = [
        Fit(
            ("assumptions", "leave"), "Base leaving", leave, low, high, "per month", round(begun), source,
            f"Of new customers, {percent(leave)} would leave in a month if all were alike"
            f" ({span(low, high, percent)}; {rests}).", latest,
        )
    ]  # fmt: skip
    unfitted = []
    if math.isfinite(thick):
        says = (
            f"Customers differ in how readily they leave, with a variance of {decimal(frailty)}"
            f" ({span(thin, thick, decimal)}; {rests}); another model of retention (shifted beta-geometric)"
            f" stays within {apart:.1f} points of the curve."
        )
        path = ("assumptions", "frailty")
        fits.append(Fit(path, "Frailty", frailty, thin, thick, "variance", round(begun), source, says, latest))
    else:
        why = f"{left:,.0f} leavers leave open how much customers differ: several times as many are needed."
        unfitted.append(Unfitted("Frailty", why))
    observed = _kaplan_meier(there)
    curve = Curve("Still there", ages[: len(observed)], observed, along, frailty_model(best, along))
    picture = Curves("How many are still there", "Months since they came", "Share [0-1]", (curve,))
    return Fitted(tuple(fits), tuple(unfitted), pictures=(picture,))


def _kaplan_meier(there: Floats) -> Floats:
    """Share still there by periods (Kaplan & Meier 1958), of cohorts that are known for unequal times."""
    leavers, stayers = _counts(there)
    at_risk = leavers[::-1].cumsum()[::-1] + stayers[1:][::-1].cumsum()[::-1]
    return np.append(1.0, np.cumprod(1 - leavers / np.maximum(at_risk, 1e-12)))


def _unfitted(why: str) -> Fitted:
    return Fitted(unfitted=(Unfitted(_NAME, why),))


def fit_leaving(tracker: Tracker, source: str) -> Fitted:
    """Share of customers who leave in a month, of the last twelve months of a tracker, by segment or of all."""
    fits, unfitted = [], []
    measure, segment = np.asarray(tracker.measure, dtype=object), np.asarray(tracker.segment, dtype=object)
    told = (measure == "churn_monthly") & np.isfinite(tracker.value)
    for name in dict.fromkeys(segment[told].tolist()):
        own = told & (segment == name)
        last = int(tracker.month[own].max())
        own &= tracker.month > last - 12
        counted = own & (tracker.size > 0)
        what = "Leaving" if name == "all" else f"Leaving, {name}"
        size = float(tracker.size[counted].sum())
        if size <= 0:
            unfitted.append(Unfitted(what, "The tracker does not say how many customers its churn is of."))
            continue
        gone = float(tracker.size[counted] @ tracker.value[counted])
        low, high = wilson(gone, size)
        path = ("today", "leave") if name == "all" else ("segments", name, "leave")
        says = (
            f"{percent(gone / size)} of customers leave in a month"
            f" ({span(low, high, percent)}; {size:,.0f} customer-months)."
        )
        as_of = month_name(last)
        fits.append(Fit(path, what, gone / size, low, high, "per month", round(size), source, says, as_of))
    return Fitted(tuple(fits), tuple(unfitted))

"""Who stays: the monthly hazard of leaving, its frailty, and coming back (equation 9)."""

import numpy as np

from cxmodel.model.assumptions import DEFAULTS
from cxmodel.vocabulary import YEAR, Floats, Reals, Values


def logit(share: Reals) -> Values:
    """Log-odds of a share [1] (equation 9): ln(p / (1 - p))."""
    return np.log(share) - np.log1p(-share)


def logistic(odds: Reals) -> Values:
    """Share [0-1] with these log-odds (equation 9): 1 / (1 + e^-x)."""
    return 1 / (1 + np.exp(-odds))


def hazard(
    satisfaction: Reals,
    standard: Reals,
    frailty: Reals,
    leave: Reals = DEFAULTS.leave,
    switching_cost: Reals = 0.0,
    slope: float = DEFAULTS.satisfaction_slope,
    switching_weight: float = DEFAULTS.switching_weight,
) -> Values:
    """Probability of leaving in a month [0-1] (equation 9).

    Log-odds logit h0 + ln z - b (S - C)/10 - kappa switching cost.

    `standard` is C, the best that rivals offer [points]; `frailty` multiplies the odds (mean 1; a referred
    customer's is smaller). Satisfaction explains little behaviour: slope .03-.75 per 10 points (Kumar et al. 2013).
    """
    return logistic(
        logit(leave) + np.log(frailty) - slope * (satisfaction - standard) / 10 - switching_weight * switching_cost
    )


def leaving(hazard: Reals, months: Reals) -> Values:
    """Probability of leaving within `months` at a monthly hazard [0-1] (equation 9): 1 - (1 - h)^m."""
    return 1 - (1 - hazard) ** months


def survival(exposure: Reals, variance: float = DEFAULTS.frailty) -> Floats:
    """Share of a cohort with gamma frailty left after cumulative hazard `exposure` [0-1] (equation 9).

    (1 + phi L)^(-1/phi), exp(-L) where phi is 0 (cohorts of Fader & Hardie 2007).
    """
    return (1 + variance * np.asarray(exposure)) ** (-1 / variance) if variance > 0 else np.exp(-np.asarray(exposure))


def frailty_rate(exposure: Reals, variance: float = DEFAULTS.frailty) -> Floats:
    """Rate of the gamma law of the frailty of those who stayed through `exposure` [1] (equation 9): 1/phi + L.

    Its shape stays 1/phi: those who stayed long are the less frail.
    """
    return 1 / variance + np.asarray(exposure)


def lived_roles(
    overall: Reals,
    as_customer: Reals,
    as_user: Reals,
    customer_lived: Reals,
    user_lived: Reals,
    customer_share: float = DEFAULTS.customer_share,
) -> Values:
    """Satisfaction [points] that loyalty answers to (equation 9) (A): .7 as customer + .3 as user.

    A role never lived (`…_lived` 0 instead of 1) is left out of the mix; without either, S overall counts.
    """
    customer = customer_lived * (1.0 - user_lived * (1 - customer_share))
    user = user_lived * (1.0 - customer_lived * customer_share)
    return customer * as_customer + user * as_user + (1.0 - customer_lived) * (1.0 - user_lived) * overall


def offer(weights: Reals, levels: Reals) -> Floats:
    """What an offer is worth to a segment [points] (equation 9): levels weighted by its needs, over the last axis."""
    weights = np.asarray(weights, dtype=float)
    return np.asarray((weights * levels).sum(-1) / weights.sum(-1))


def won_back(
    satisfaction_at_exit: Reals,
    standard: Reals,
    slope: float = DEFAULTS.satisfaction_slope,
    base: float = DEFAULTS.won_back,
) -> Values:
    """Probability per year that a former customer returns [0-1] (equation 9) (A).

    Log-odds logit .05 + b (S at exit - C) / 10; `base` is the share at S = C.
    """
    return logistic(logit(base) + slope * (satisfaction_at_exit - standard) / 10)


def returning(per_year: Reals, days: Reals) -> Values:
    """Probability of returning within so many days [0-1], from that per year (equation 9): 1 - (1 - p)^years."""
    return 1 - (1 - per_year) ** (days / YEAR)

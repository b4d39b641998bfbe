"""How people become customers: awareness spreads, then they choose (equation 11)."""

import numpy as np

from cxmodel.model.assumptions import DEFAULTS
from cxmodel.model.loyalty import logistic
from cxmodel.vocabulary import Floats, Reals, Values


def bass(time: Reals, innovation: float, imitation: float) -> Floats:
    """Share of a market aware by `time`, from none [0-1] (equation 11); rates per the unit of `time`.

    F = (1 - e^-(p + q)t) / (1 + q/p e^-(p + q)t) (Bass 1969).
    """
    spent = np.exp(-(innovation + imitation) * np.asarray(time))
    return (1 - spent) / (1 + imitation / innovation * spent)


def bass_exposure(days: Reals, aware: Reals, innovation: float, imitation: Reals) -> Floats:
    """Cumulative hazard of becoming aware within `days`, from a share `aware` on [1] (equation 11); rates per day.

    The hazard p + qF grows with F along Bass's own path: 1 - F falls by exp(-exposure) (Bass 1969).
    """
    rate = innovation + np.asarray(imitation)
    start = innovation + imitation * np.asarray(aware)
    # (1-F)/(1-F0) = rate / (rate + start (e^(rate t) - 1)) along dF/dt = (p + qF)(1 - F)
    growth = np.expm1(rate * np.asarray(days))
    return np.asarray(rate * np.asarray(days) - np.log1p(growth) + np.log((rate + start * growth) / rate))


def choosing(expected: Reals, standard: Reals, slope: float = DEFAULTS.satisfaction_slope) -> Values:
    """Probability of buying [0-1], from what is expected of the offer and of the alternative [points] (equation 11).

    Log-odds b (sum of w W - C) / 10; b as in the hazard of leaving.
    """
    return logistic(slope * (expected - standard) / 10)

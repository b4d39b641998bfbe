"""The company's picture of what customers need, and how it follows the need (equation 2, first link)."""

import numpy as np

from cxmodel.arrays import Floats, Reals
from cxmodel.assumptions import DEFAULTS


def understanding(*reliabilities: Reals, ignorance: float = DEFAULTS.ignorance) -> Floats:
    """Share I of the distance between delivery and need that the company sees [0-1] (equation 2).

    One argument, coverage times reliability, per source that sees the attribute; none: what a company
    knows by itself, 1 - ignorance (A).
    """
    missed = np.asarray(1.0)
    for reliability in reliabilities:
        missed = missed * (1 - np.asarray(reliability))
    return 1 - ignorance * missed


def picture_aimed(delivered_today: Reals, aim: Reals, understanding: Reals) -> Floats:
    """Picture U* [points] that the sources lead to (equation 2): Q0 + I max(0, aim - Q0).

    Knowing nothing, what is delivered is taken for the need.
    """
    return delivered_today + understanding * np.maximum(0.0, np.asarray(aim) - delivered_today)


def followed(picture: Reals, aim: Reals, days: float, lag: Reals) -> Floats:
    """Picture U [points] after `days` of following `aim` (equation 2): dU/dt = (U* - U)/lag; at once where lag is 0."""
    lag = np.asarray(lag, dtype=float)
    left = np.where(lag > 0, np.exp(-days / np.where(lag > 0, lag, 1.0)), 0.0)
    return aim + (np.asarray(picture) - aim) * left

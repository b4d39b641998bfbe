"""A figure and its 95 % interval over replications: none is reported without, and none leaves what is possible.

Student for what has no bounds; the same on the logit scale between two bounds (shares, and scores scaled to shares);
Wilson (1927) for shares of runs, and Wilson or Garwood (1936) for what was counted and came out the same in every run.
"""

from __future__ import annotations

from math import inf, sqrt
from typing import Final, NamedTuple

import numpy as np
from scipy.special import chdtri, expit, logit, stdtrit

from cxmodel.vocabulary import METRICS, Floats

LEVEL: Final = 0.975
"""Of a 95 % interval, what lies below its upper end."""
NORMAL: Final = 1.959963984540054
"""The standard normal's quantile at that level."""


class Estimate(NamedTuple):
    """A figure and its 95 % interval; None where it cannot be had."""

    value: float | None
    low: float | None
    high: float | None


def estimate(samples: Floats, low: float = -inf, high: float = inf, seen: float | None = None) -> Estimate:
    """Mean and 95 % interval over replications [unit of the samples]; no interval from one alone.

    `low` and `high` are what is possible. `seen` is for what is counted: how many people, calls, days or runs stand
    behind all samples together. It gives what came out the same in every run an interval of some width; without it,
    what is the same to the last bit is taken to be certain.

    >>> estimate(np.array([0.9, 0.99, 1.0]), 0.0, 1.0).high < 1
    True
    >>> estimate(np.array([1.0, 1.0]), 0.0, 1.0, seen=2)
    Estimate(value=1.0, low=0.34238022750665303, high=1.0)
    """
    known = samples[~np.isnan(samples)]
    runs = len(known)
    if not runs:
        return Estimate(None, None, None)
    if runs == 1:
        return Estimate(float(known[0]), None, None)
    same = np.ptp(known) == 0
    mean = float(known[0] if same else known.mean())
    if seen and same:
        return counted(mean, low, high, max(float(seen), 1.0))
    if seen and np.isin(known, (low, high)).all():
        return counted(mean, low, high, runs)
    return within(mean, half_width(float(known.std(ddof=1)), runs), low, high)


def half_width(spread: float, runs: int) -> float:
    """Half the 95 % Student interval of a mean over so many runs of this standard deviation [its unit]."""
    return float(stdtrit(runs - 1, LEVEL)) * spread / sqrt(runs)


def bounds(metric: str) -> tuple[float, float]:
    """What values of a metric are possible [its unit]; infinite where there is no end.

    >>> bounds("nps"), bounds("lost")
    ((-100.0, 100.0), (0.0, inf))
    """
    facts = METRICS.get(metric)
    if facts is None:
        return -inf, inf
    return float(-inf if facts.low is None else facts.low), float(inf if facts.high is None else facts.high)


def within(mean: float, half: float, low: float, high: float) -> Estimate:
    """Half an interval about a mean, kept to what is possible: on the logit scale between two bounds."""
    if inf in (-low, high) or not half or not low < mean < high:
        return Estimate(mean, max(low, mean - half), min(high, mean + half))
    share = (mean - low) / (high - low)
    steep = half / (high - low) / (share * (1 - share))
    lower, upper = (float(expit(logit(share) + side)) for side in (-steep, steep))
    return Estimate(mean, low + (high - low) * lower, low + (high - low) * upper)


def counted(mean: float, low: float, high: float, seen: float) -> Estimate:
    """A share of so many (between two bounds), or a rate of events over so many (Garwood)."""
    if inf in (-low, high):
        events = max(0.0, mean * seen)
        least = float(chdtri(2 * events, LEVEL)) / 2 / seen if events else 0.0
        return Estimate(mean, least, float(chdtri(2 * events + 2, 1 - LEVEL)) / 2 / seen)
    lower, upper = wilson((mean - low) / (high - low), seen)
    return Estimate(mean, min(mean, low + (high - low) * lower), max(mean, low + (high - low) * upper))


def wilson(share: float, trials: float) -> tuple[float, float]:
    """The 95 % score interval of a share of so many trials, 0 to 1 (Wilson 1927).

    >>> [round(end, 3) for end in wilson(1.0, 60)]
    [0.94, 1.0]
    """
    square = NORMAL**2 / trials
    middle = (share + square / 2) / (1 + square)
    half = NORMAL * sqrt(share * (1 - share) / trials + square / (4 * trials)) / (1 + square)
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))

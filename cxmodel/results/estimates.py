"""A figure and its interval: none is reported without."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

from cxmodel.vocabulary import Floats


class Estimate(NamedTuple):
    """A figure and its 95 % interval; None where it cannot be had."""

    value: float | None
    low: float | None
    high: float | None


def estimate(samples: Floats) -> Estimate:
    """Mean and 95 % Student interval over replications; no interval from one alone."""
    known = samples[~np.isnan(samples)]
    if not len(known):
        return Estimate(None, None, None)
    mean = float(known.mean())
    if len(known) == 1:
        return Estimate(mean, None, None)
    half = float(stdtrit(len(known) - 1, 0.975) * known.std(ddof=1) / np.sqrt(len(known)))
    return Estimate(mean, mean - half, mean + half)

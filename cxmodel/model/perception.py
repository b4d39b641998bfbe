"""What a visit feels like: perception, the expectation gap, surprise and the episode (equations 4 and 5).

Knows levels in points (0-100), not who visits or when.
"""

import numpy as np

from cxmodel.arrays import Floats, Reals
from cxmodel.assumptions import DEFAULTS


def perceived(lived: Reals, will: Reals, assimilation: float = DEFAULTS.assimilation) -> Floats:
    """Perceived level P [points] (equation 4): what was lived, pulled towards what was expected.

    (1 - a) q + a W (signs: Boulding et al. 1993).
    """
    return lived + assimilation * (np.asarray(will) - lived)


def standard(will: Reals, should: Reals, will_share: float = DEFAULTS.will_share) -> Floats:
    """Standard of comparison R [points] (equation 4): between what people think will and what they think should happen.

    omega W + (1 - omega) H. The two act in opposite directions (Boulding et al. 1993); the expectation gap is R - P.
    """
    return should + will_share * (np.asarray(will) - should)


def surprise(
    difference: Reals, gain: Reals, loss: Reals, zone: Reals, scale: float = DEFAULTS.surprise_scale
) -> Floats:
    """Value v [points] of the difference P - R between what was lived and the standard (equation 5).

    G tanh(x/15) for gains and -L tanh(|x|/15) for losses, x the difference beyond the zone of tolerance: flat inside
    it, saturating outside, losses on their own scale (Mittal, Ross & Baldasare 1998; loss/gain near 2: Brown et al.
    2024).
    """
    difference = np.asarray(difference)
    beyond = np.maximum(np.abs(difference) - zone, 0.0)
    return np.where(difference > 0, gain, -np.asarray(loss)) * np.tanh(beyond * (1 / scale))


def wait_loss(
    wait: Reals, patience: Reals, scale: float = DEFAULTS.wait_scale, free: float = DEFAULTS.free_wait
) -> Floats:
    """What an episode loses to waiting [points] (equation 5): 10 tanh((wait - a minute)/patience) (A).

    `wait` and `patience` in one unit, `free` is a minute in days.
    """
    return scale * np.tanh(np.maximum(0.0, np.asarray(wait) - free) / patience)


def episode(judged: Reals, leniency: Reals, effort: Reals = 0.0, waiting: Reals = 0.0) -> Floats:
    """Satisfaction s [0-100] with one episode (equation 5).

    `judged` is the need-weighted sum of P + v over the attributes touched; `leniency` the person's own.
    """
    return np.minimum(np.maximum(judged + np.asarray(leniency) - effort - waiting, 0.0), 100.0)

"""What a visit feels like: perception, the expectation gap, surprise and the episode (equations 4 and 5).

Knows levels in points (0-100), not who visits or when.
"""

import numpy as np

from cxmodel.model.assumptions import DEFAULTS
from cxmodel.vocabulary import Reals, Values


def perceived(lived: Reals, will: Reals, assimilation: float = DEFAULTS.assimilation) -> Values:
    """Perceived level P [points] (equation 4): what was lived, pulled towards what was expected.

    (1 - a) q + a W (signs: Boulding et al. 1993).
    """
    return lived + assimilation * (will - lived)


def standard(will: Reals, should: Reals, will_share: float = DEFAULTS.will_share) -> Values:
    """Standard of comparison R [points] (equation 4): between what people think will and what they think should happen.

    omega W + (1 - omega) H. The two act in opposite directions (Boulding et al. 1993); the expectation gap is R - P.
    """
    return should + will_share * (will - should)


def surprise(
    difference: Reals, gain: Reals, loss: Reals, zone: Reals, scale: float = DEFAULTS.surprise_scale
) -> Values:
    """Value v [points] of the difference P - R between what was lived and the standard (equation 5).

    G tanh(x/15) for gains and -L tanh(|x|/15) for losses, x the difference beyond the zone of tolerance: flat inside
    it, saturating outside, losses on their own scale (Mittal, Ross & Baldasare 1998; loss/gain near 2: Brown et al.
    2024).
    """
    felt = tanh((np.maximum(difference - zone, 0.0) - np.maximum(-difference - zone, 0.0)) * (1 / scale))
    return gain * np.maximum(felt, 0.0) - loss * np.maximum(-felt, 0.0)


def wait_loss(
    wait: Reals, patience: Reals, scale: float = DEFAULTS.wait_scale, free: float = DEFAULTS.free_wait
) -> Values:
    """What an episode loses to waiting [points] (equation 5): 10 tanh((wait - a minute)/patience) (A).

    `wait` and `patience` in one unit, `free` is a minute in days.
    """
    return scale * tanh(np.maximum(0.0, wait - free) / patience)


def episode(judged: Reals, leniency: Reals, effort: Reals = 0.0, waiting: Reals = 0.0) -> Values:
    """Satisfaction s [0-100] with one episode (equation 5).

    `judged` is the need-weighted sum of P + v over the attributes touched; `leniency` the person's own.
    """
    return on_the_scale(judged + leniency - effort - waiting)


def on_the_scale(points: Reals) -> Values:
    """Points held to the scale [0-100] (equation 5)."""
    return np.minimum(np.maximum(points, 0.0), 100.0)


def tanh(x: Reals) -> Values:
    """The hyperbolic tangent [-1 to 1] (equation 5), to 2e-7: polynomials, the same bits on every machine."""
    x = np.minimum(np.maximum(x, -7.90531110763549805), 7.90531110763549805)
    y = x * x
    odd = 2.00018790482477e-13 - 2.76076847742355e-16 * y
    odd = ((odd * y - 8.60467152213735e-11) * y + 5.12229709037114e-08) * y + 1.48572235717979e-05
    odd = (odd * y + 6.37261928875436e-04) * y + 4.89352455891786e-03
    even = (1.19825839466702e-06 * y + 1.18534705686654e-04) * y + 2.26843463243900e-03
    return x * odd / (even * y + 4.89352518554385e-03)

"""What people expect: set by promises, taught by experience, raised by rivals (equations 3 and 7).

Two expectations are kept: what *will* happen lifts what people perceive, what *should* happen is held against you.
"""

import numpy as np

from cxmodel.arrays import Floats, Reals
from cxmodel.assumptions import DEFAULTS


def told_will(will: Reals, promised: Reals, belief: Reals) -> Floats:
    """Will-expectation [points] after a promise (equation 3): W + believed (M - W).

    `belief` is already smaller for those who lived the attribute (signs: Boulding et al. 1993).
    """
    return will + belief * (np.asarray(promised) - will)


def told_should(should: Reals, promised: Reals, believed: Reals, share: float = DEFAULTS.should_from_promise) -> Floats:
    """Should-expectation [points] after a promise (equation 3): H + .5 believed max(0, M - H).

    It can only rise (Boulding et al. 1993).
    """
    return should + share * np.asarray(believed) * np.maximum(0.0, np.asarray(promised) - should)


def learned_will(will: Reals, perceived: Reals, learning: float = DEFAULTS.will_learning) -> Floats:
    """Will-expectation [points] after a visit (equation 7): W + .2 (P - W)."""
    return will + learning * (np.asarray(perceived) - will)


def ratcheted_should(should: Reals, perceived: Reals, ratchet: float = DEFAULTS.ratchet) -> Floats:
    """Should-expectation [points] after a visit (equation 7): H + .1 max(0, P - H).

    A wow raises the bar for what comes next.
    """
    return should + ratchet * np.maximum(0.0, np.asarray(perceived) - should)


def liquid_should(should: Reals, bar: Reals, months: float = 1.0, liquid: float = DEFAULTS.liquid) -> Floats:
    """Should-expectation [points] after `months` beside a market whose best delivers `bar` (equation 7).

    Each month H + .03 (max(B, N) - H): expectations are liquid, the best of any market sets them (A).
    """
    return np.asarray(should + (1 - (1 - liquid) ** months) * (np.asarray(bar) - should))

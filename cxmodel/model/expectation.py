"""What people expect: set by promises, taught by experience, raised by rivals (equations 3 and 7).

Two expectations are kept: what *will* happen lifts what people perceive, what *should* happen is held against you.
"""

import numpy as np

from cxmodel.model.assumptions import DEFAULTS
from cxmodel.vocabulary import Reals, Values


def told_will(will: Reals, promised: Reals, belief: Reals) -> Values:
    """Will-expectation [points] after a promise (equation 3): W + believed (M - W).

    `belief` is already smaller for those who lived the attribute (signs: Boulding et al. 1993).
    """
    return will + belief * (promised - will)


def told_should(should: Reals, promised: Reals, believed: Reals, share: float = DEFAULTS.should_from_promise) -> Values:
    """Should-expectation [points] after a promise (equation 3): H + .5 believed max(0, M - H).

    It can only rise (Boulding et al. 1993).
    """
    return should + share * believed * np.maximum(0.0, promised - should)


def learned_will(will: Reals, perceived: Reals, learning: float = DEFAULTS.will_learning) -> Values:
    """Will-expectation [points] after a visit (equation 7): W + .2 (P - W)."""
    return will + learning * (perceived - will)


def ratcheted_should(should: Reals, perceived: Reals, ratchet: float = DEFAULTS.ratchet) -> Values:
    """Should-expectation [points] after a visit (equation 7): H + .1 max(0, P - H).

    A wow raises the bar for what comes next.
    """
    return should + ratchet * np.maximum(0.0, perceived - should)


def liquid_should(should: Reals, bar: Reals, months: float = 1.0, liquid: float = DEFAULTS.liquid) -> Values:
    """Should-expectation [points] after `months` beside a market whose best delivers `bar` (equation 7).

    Each month H + .03 (max(B, N) - H): expectations are liquid, the best of any market sets them (A).
    """
    return drifted(should, bar, drift_share(months, liquid))


def drift_share(months: float, liquid: float = DEFAULTS.liquid) -> Values:
    """Share of the way to the best that the should-expectation goes in so many months [0-1] (equation 7)."""
    return 1 - (1 - liquid) ** months


def drifted(should: Reals, bar: Reals, share: Reals) -> Values:
    """Should-expectation [points] after this share of the way to what the best of the market delivers (equation 7)."""
    return should + share * (bar - should)

"""Failures become contacts, and a solved issue gives back part of what it cost (equation 8)."""

import numpy as np

from cxmodel.model.assumptions import DEFAULTS
from cxmodel.vocabulary import Floats, Reals, Values


def calling(
    failed: Reals,
    gap: Reals,
    after_failure: Reals = DEFAULTS.calls_after_failure,
    after_shortfall: Reals = DEFAULTS.calls_after_shortfall,
    beyond: Reals = DEFAULTS.shortfall_beyond,
) -> Values:
    """Probability that a visit makes a customer without an open issue call [0-1] (equation 8) (A).

    `gap` is need-weighted [points].
    """
    return failed * after_failure + (1.0 - failed) * (gap > beyond) * after_shortfall


def returned(
    policies: Reals, base: float = DEFAULTS.recovery, by_policy: float = DEFAULTS.recovery_by_policy
) -> Floats:
    """Share rho of the satisfaction lost that recovery returns [0-1] (equation 8): .7 + .6 (policies - .5), at most 1.

    More where policy lets people make exceptions (A), never more than all of it: the recovery paradox holds for
    ratings only (de Matos et al. 2007).
    """
    return np.minimum(1.0, base + by_policy * np.maximum(0.0, np.asarray(policies) - 0.5))


def mended(satisfaction: Reals, lost: Reals, share: Reals, before: Reals) -> Values:
    """Satisfaction [points] after an issue was solved (equation 8): S + rho lost, at most where it stood before.

    `before` is S before the visit that caused the issue: a contact mends at most what broke.
    """
    return np.minimum(before, satisfaction + share * lost)


def within(again: Reals, repeats: float = DEFAULTS.repeat_calls) -> Floats:
    """Contacts that one issue makes [calls] (equation 8), each leading to another with probability `again`.

    (1 - r^(n + 1)) / (1 - r), n the repeats that there are at most.
    """
    again = np.asarray(again, dtype=float)
    return np.asarray(
        np.where(again < 1, (1 - again ** (repeats + 1)) / np.where(again < 1, 1 - again, 1), repeats + 1)
    )

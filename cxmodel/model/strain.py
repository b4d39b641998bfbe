"""What overwork does to those who answer, and through them to customers (equation 14).

Knows loads and levers, not desks.
"""

import numpy as np

from cxmodel.model.assumptions import DEFAULTS
from cxmodel.vocabulary import Floats, Reals

LEAST: float = 0.2
"""Share of the people lever that strain never takes."""


def strain(utilisation: Reals, start: float = DEFAULTS.strain_from) -> Floats:
    """How much busier agents are than they can bear for long [percent points] (equation 14): utilisation - 85 (A)."""
    return np.maximum(0.0, np.asarray(utilisation) - start)


def worn(kept: Reals, strain: Reals, strain_today: Reals, wear: float = DEFAULTS.strain_wear) -> Floats:
    """Share of the people lever left after one more month of strain [0-1], from that before it (equation 14).

    Strain that the company is used to is made good every month, so that nothing drifts where nothing changes;
    10 points more wear `wear` of the lever, less lets it recover, never beyond what it was (A). A fifth always stays.
    """
    return np.clip(kept * (1 - wear * (np.asarray(strain) - strain_today) / 10), LEAST, 1.0)


def worn_level(standard: Reals, shortfall: Reals, share: Reals, kept: Reals, able_today: Reals) -> Floats:
    """What a level loses when the people lever has only `kept` of itself left [points, at most 0] (equation 14).

    Equation 2: delivery follows the standard with capability cap x kept^share. `share` is how far the touchpoint
    relies on people, `shortfall` = 1 - Q0/D0, `able_today` = cap(0).
    """
    return -np.asarray(standard) * shortfall * share * np.log(kept) / np.log(able_today)


def worn_failing(rate: Reals, share: Reals, kept: Reals, able_today: Reals) -> Floats:
    """Probability of failure that is added when the people lever is worn [0-1] (equation 14)."""
    return np.asarray(rate) * share * np.log(kept) / np.log(able_today)

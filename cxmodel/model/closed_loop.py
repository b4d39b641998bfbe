"""Asking right after, acting on the worst, telling what came of it (equation 13).

Knows shares and points, not who was asked or what was done.
"""

import numpy as np

from cxmodel.model.assumptions import DEFAULTS
from cxmodel.vocabulary import Floats, Reals

EASY: int = 5
"""Questions that cost no answer (A)."""


def answering(response: Reals, questions: Reals, length: float = DEFAULTS.survey_length) -> Floats:
    """Share who answer a survey of so many questions [0-1] (equation 13), from that of one of five (A)."""
    return np.asarray(response * (1 - length) ** np.maximum(0, np.asarray(questions) - EASY))


def completing(
    practices: Reals,
    words_shared: Reals,
    months_untold: Reals,
    words: float = DEFAULTS.loop_words,
    fading: float = DEFAULTS.loop_fading,
) -> Floats:
    """Probability that an action is completed [0-1] (equation 13).

    Practices set it, customers' own words lift it (`words_shared` 0 or 1), and zeal halves every `fading` months
    in a team that is not told what came of its work; `months_untold` is 0 for one that is (A).
    """
    willing = np.minimum(1.0, np.asarray(practices) * np.where(np.asarray(words_shared) > 0, words, 1.0))
    return np.asarray(willing * np.exp2(-np.asarray(months_untold) / fading))


def lifted(delivered: Reals, need: Reals, lift: Reals) -> Floats:
    """What completed actions add to a level [points] (equation 13): up to the need, and nothing above it."""
    return np.minimum(lift, np.maximum(0.0, np.asarray(need) - delivered))

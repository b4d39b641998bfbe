"""Who recommends: promoters and detractors, talk, and what talk does to a hearer (equation 10)."""

import numpy as np
from scipy.special import ndtr

from cxmodel.arrays import Floats, Reals
from cxmodel.assumptions import DEFAULTS


def promoters(
    satisfaction: Reals, threshold: float = DEFAULTS.promoter_from, noise: float = DEFAULTS.score_noise
) -> Floats:
    """Probability of a promoter's score (ordered probit on 2,625 airport passengers of 2017)."""
    return np.asarray(ndtr((np.asarray(satisfaction) - threshold) / noise))


def detractors(
    satisfaction: Reals, threshold: float = DEFAULTS.detractor_to, noise: float = DEFAULTS.score_noise
) -> Floats:
    """Probability of a detractor's score (same source)."""
    return np.asarray(ndtr((threshold - np.asarray(satisfaction)) / noise))


def nps(promoters: Reals, detractors: Reals) -> Floats:
    """Net promoter score [points, -100 to 100] of shares."""
    return 100 * (np.asarray(promoters) - detractors)


def nps_variance(promoters: Reals, detractors: Reals, answers: Reals) -> Floats:
    """Variance [points squared] of a score from so many answers: (p + d - (p - d)^2)/n."""
    net = np.asarray(promoters) - detractors
    return 1e4 * (np.asarray(promoters) + detractors - net**2) / answers


def talking(
    satisfaction: Reals,
    strongest_surprise: Reals,
    base: float = DEFAULTS.talk_base,
    extreme: float = DEFAULTS.talk_extreme,
    surprised: float = DEFAULTS.talk_surprise,
    ordinary: float = DEFAULTS.market_standard,
) -> Floats:
    """Probability of talking about the company in a month: stories come from extraordinary episodes (A)."""
    return base + extreme * ((np.asarray(satisfaction) - ordinary) / 25) ** 2 + surprised * strongest_surprise / 20


def recommended(probability: Reals, headroom: float = DEFAULTS.headroom) -> Floats:
    """Purchase probability after a recommendation: it moves what room there is (East, Hammond & Lomax 2008)."""
    return np.asarray(probability) + headroom * (1 - np.asarray(probability))


def warned(probability: Reals, headroom: float = DEFAULTS.headroom) -> Floats:
    """Purchase probability after a warning (same source)."""
    return np.asarray(probability) * (1 - headroom)

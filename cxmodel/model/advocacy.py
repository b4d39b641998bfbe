"""Who recommends: promoters and detractors, talk, and what talk does to a hearer (equation 10)."""

import numpy as np

from cxmodel.model.assumptions import DEFAULTS
from cxmodel.vocabulary import Floats, Reals, Values


def promoters(
    satisfaction: Reals, threshold: float = DEFAULTS.promoter_from, noise: float = DEFAULTS.score_noise
) -> Values:
    """Probability of a promoter's score [0-1] (equation 10): y = S + N(0, 23) of 74.7 or more.

    Ordered probit on 2,625 airport passengers of 2017.
    """
    return normal_share((satisfaction - threshold) / noise)


def detractors(
    satisfaction: Reals, threshold: float = DEFAULTS.detractor_to, noise: float = DEFAULTS.score_noise
) -> Values:
    """Probability of a detractor's score [0-1] (equation 10): y of 43.1 or less (same source)."""
    return normal_share((threshold - satisfaction) / noise)


def normal_share(z: Reals) -> Values:
    """Share of the standard normal law below `z` [0-1] (equation 10), to 1e-7 (Abramowitz & Stegun 1964, 26.2.17)."""
    size = np.abs(z)
    t = 1 / (1 + 0.2316419 * size)
    series = 0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429)))
    beyond = 0.3989422804014327 * np.exp(-0.5 * size * size) * t * series
    return 0.5 + np.sign(z) * (0.5 - beyond)


def nps(promoters: Reals, detractors: Reals) -> Floats:
    """Net promoter score [points, -100 to 100] of shares (equation 10): 100 (p - d)."""
    return 100 * (np.asarray(promoters) - detractors)


def nps_variance(promoters: Reals, detractors: Reals, answers: Reals) -> Floats:
    """Variance [points squared] of a score from so many answers (equation 10): (p + d - (p - d)^2) / n, in points."""
    net = np.asarray(promoters) - detractors
    return 1e4 * (np.asarray(promoters) + detractors - net**2) / answers


def talking(
    satisfaction: Reals,
    strongest_surprise: Reals,
    base: float = DEFAULTS.talk_base,
    extreme: float = DEFAULTS.talk_extreme,
    surprised: float = DEFAULTS.talk_surprise,
    ordinary: float = DEFAULTS.market_standard,
) -> Values:
    """Probability of talking about the company in a month [0-1] (equation 10): .02 + .05 ((S - 72)/25)^2 + .05 |v|/20.

    Stories come from extraordinary episodes (A).
    """
    return base + extreme * ((satisfaction - ordinary) / 25) ** 2 + surprised * strongest_surprise / 20


def recommended(probability: Reals, headroom: float = DEFAULTS.headroom) -> Values:
    """Purchase probability [0-1] after a recommendation (equation 10): p + k (1 - p).

    It moves what room there is (East, Hammond & Lomax 2008).
    """
    return probability + headroom * (1 - probability)


def warned(probability: Reals, headroom: float = DEFAULTS.headroom) -> Values:
    """Purchase probability [0-1] after a warning (equation 10): p - k p (same source)."""
    return probability * (1 - headroom)

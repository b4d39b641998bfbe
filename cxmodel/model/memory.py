"""How episodes add up to satisfaction: memory learns from news (equation 6).

Frequency, recency, peaks, habituation and tenure all follow from these few lines.
"""

import numpy as np

from cxmodel.model.assumptions import DEFAULTS
from cxmodel.vocabulary import Reals, Values


def news(perceived: Reals, will: Reals, usual: float = 0.0) -> Values:
    """News [points] in one attribute (equation 6): how far it was off what was foreseen, bad news double.

    (P - W - usual)+ + 2 (W - P - usual)+: that one visit is a little better or worse than another, by the `usual`
    spread of visits, is no news. The news of a visit is the need-weighted mean of this over the attributes touched (A).
    """
    ahead = perceived - will
    return np.maximum(0.0, ahead - usual) + 2 * np.maximum(0.0, -ahead - usual)


def weight(
    importance: Reals,
    days_since: Reals,
    news: Reals,
    quiet_days: float = DEFAULTS.quiet_days,
    news_scale: float = DEFAULTS.news_scale,
) -> Values:
    """Weight of an episode [1], 1 for a quiet month at an ordinary touchpoint (equation 6) (A).

    importance (min(1, days/30) + news/40). `importance` is the touchpoint's own times the mean need weight of what it
    touches over that of all the segment's needs; `days_since` the days since this customer's last visit here.
    """
    return importance * (np.minimum(1.0, days_since / quiet_days) + news / news_scale)


def learning_rate(
    experiences: Reals,
    weight: Reals,
    start: float = DEFAULTS.memory_start,
    floor: float = DEFAULTS.memory_floor,
    ceiling: float = DEFAULTS.memory_ceiling,
) -> Values:
    """Share alpha of an episode that enters satisfaction [0-1], after `experiences` earlier ones (equation 6) (A).

    min(.5, max(.04, 1/(2 + n)) weight).
    """
    return np.minimum(ceiling, np.maximum(floor, 1 / (start + experiences)) * weight)


def remembered(satisfaction: Reals, episode: Reals, rate: Reals) -> Values:
    """Satisfaction S [points] after an episode (equation 6): S + alpha (s - S)."""
    return satisfaction + rate * (episode - satisfaction)

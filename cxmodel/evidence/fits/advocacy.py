"""The score that satisfaction leads to, from a survey: its noise, and where promoters begin and detractors end.

Ordered probit (McKelvey & Zavoina 1975) of equation 10, y = S + N(0, noise), fitted by maximum likelihood.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_ndtr, ndtr

from cxmodel.evidence.fits.fit import Fit, Fitted, Unfitted
from cxmodel.evidence.fits.intervals import effective_size, profile, spreads, weighted_mean
from cxmodel.evidence.fits.pictures import Curve, Curves
from cxmodel.evidence.fits.wording import decimal, span
from cxmodel.evidence.tables import Survey

if TYPE_CHECKING:
    from cxmodel.vocabulary import Floats

PROMOTER: Final = 9
"""Lowest likelihood to recommend of a promoter, of 10 (Reichheld 2003)."""
DETRACTOR: Final = 6
"""Highest of a detractor."""
LEAST: Final = 50
"""Answers without which nothing is fitted."""
LEAST_OF_EACH: Final = 5
"""Promoters, passives and detractors without which nothing is fitted."""
_NAMES: Final = {
    "score_noise": "Noise of the score",
    "promoter_from": "Where promoters begin",
    "detractor_to": "Where detractors end",
}
_NAME: Final = "Promoters and detractors by satisfaction"


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Answers counted by satisfaction and by what they are."""

    satisfaction: Floats
    """Shape (levels,) [points], rising."""
    counts: Floats
    """Shape (levels, 3): detractors, passives, promoters, each as much as its weight makes it worth."""
    answers: int


def scores(survey: Survey) -> Scores:
    """The answers of those who said both how satisfied they are and how likely to recommend.

    Weights are scaled so that they sum to the number of equal answers they are worth (Kish 1965).
    """
    said = np.isfinite(survey.satisfaction) & np.isfinite(survey.recommend) & (survey.weight > 0)
    levels, place = np.unique(survey.satisfaction[said], return_inverse=True)
    recommend, weight = survey.recommend[said], survey.weight[said]
    kind = (recommend > DETRACTOR).astype(int) + (recommend >= PROMOTER)
    counts = np.bincount(3 * place + kind, weight, minlength=3 * len(levels)).reshape(-1, 3)
    scale = effective_size(weight) / weight.sum() if len(weight) else 1.0
    return Scores(levels, counts * scale, len(weight))


def fit_scores(survey: Survey, source: str) -> Fitted:
    """Noise of the score and the two thresholds [points], as `assumptions` hold them (equation 10).

    Intervals by profile likelihood.
    """
    asked = scores(survey)
    if why := _too_little(asked):
        return Fitted(unfitted=(Unfitted(_NAME, why),))
    loss, best = _estimate(asked)
    spread = spreads(loss, best)
    if not (np.isfinite(spread).all() and math.log(1) < best[0] < math.log(400) and best[2] < best[1]):
        return Fitted(unfitted=(Unfitted(_NAME, "The score does not rise with satisfaction in these answers."),))
    ends = [profile(loss, best, place, spread) for place in range(3)]
    values = (math.exp(best[0]), float(best[1]), float(best[2]))
    lows = (math.exp(ends[0][0]), ends[1][0], ends[2][0])
    highs = (math.exp(ends[0][1]), ends[1][1], ends[2][1])
    if not np.isfinite([lows, highs]).all():
        why = f"{asked.answers:,} answers are too few to tell how the score follows satisfaction: ask several hundred."
        return Fitted(unfitted=(Unfitted(_NAME, why),))
    says = (
        "Two customers who are equally satisfied differ in their score like a spread of {} points",
        "Half of those with a satisfaction of {} points are promoters",
        "Half of those with a satisfaction of {} points are detractors",
    )
    fits = tuple(
        Fit(
            ("assumptions", key), name, value, low, high, "points", asked.answers, source,
            f"{say.format(decimal(value))} ({span(low, high, decimal)}; {asked.answers:,} answers).",
            latest(survey),
        )
        for (key, name), say, value, low, high in zip(_NAMES.items(), says, values, lows, highs, strict=True)
    )  # fmt: skip
    return Fitted(fits, pictures=(_picture(asked, *values),))


def fit_nps(survey: Survey, source: str) -> Fitted:
    """NPS today [points], from the latest wave in which likelihood to recommend was asked; interval of the mean."""
    said = np.isfinite(survey.recommend) & (survey.weight > 0)
    asked = survey.wave[said]
    last = said & (survey.wave == asked.max()) if len(asked) else said
    if int(last.sum()) < LEAST:
        why = f"{int(last.sum()):,} answers to the likelihood to recommend are too few: ask {LEAST} or more."
        return Fitted(unfitted=(Unfitted("NPS today", why),))
    kind = 100.0 * ((survey.recommend[last] >= PROMOTER).astype(float) - (survey.recommend[last] <= DETRACTOR))
    value, low, high = weighted_mean(kind, survey.weight[last])
    wave = survey.waves[int(asked.max())] if asked.max() >= 0 else ""
    size = int(last.sum())
    says = f"NPS is {decimal(value)} ({span(low, high, decimal)}; {size:,} answers{f' of {wave}' if wave else ''})."
    return Fitted((Fit(("today", "nps"), "NPS today", value, low, high, "points", size, source, says, wave),))


def latest(survey: Survey) -> str:
    """The latest wave that anybody answered; empty where none is said."""
    told = survey.wave[survey.wave >= 0]
    return survey.waves[int(told.max())] if len(told) else ""


def _too_little(asked: Scores) -> str:
    """Why nothing can be fitted; empty where something can."""
    if asked.answers < LEAST:
        return (
            f"{asked.answers} people said both how satisfied they are and how likely to recommend: {LEAST} are needed."
        )
    if len(asked.satisfaction) < 2:
        return f"All {asked.answers:,} answers give the same satisfaction."
    for place, kind in enumerate(("detractors", "passives", "promoters")):
        if asked.counts[:, place].sum() < LEAST_OF_EACH:
            return f"There are fewer than {LEAST_OF_EACH} {kind}: that few tell no threshold."
    return ""


def _estimate(asked: Scores) -> tuple[Any, Floats]:
    """The negative log-likelihood of (log noise, promoter threshold, detractor threshold), and where it is least."""
    level, (detract, passive, promote) = asked.satisfaction, asked.counts.T

    def loss(at: Floats) -> float:
        noise = math.exp(min(max(at[0], -5.0), 12.0))
        high, low = (level - at[1]) / noise, (at[2] - level) / noise
        between = np.maximum(1 - ndtr(high) - ndtr(low), 1e-300)
        return -float(promote @ log_ndtr(high) + detract @ log_ndtr(low) + passive @ np.log(between))

    mean = float(asked.counts.sum(1) @ level / asked.counts.sum())
    start = np.array([math.log(20.0), mean + 5, mean - 15])
    found = minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-9, "maxiter": 4000})
    return loss, np.asarray(found.x)


def _picture(asked: Scores, noise: float, promoter: float, detractor: float) -> Curves:
    """Shares of promoters and detractors by satisfaction, observed and fitted; levels of few answers are pooled."""
    cut = np.unique(np.round(asked.satisfaction / 5) * 5)
    place = np.searchsorted(cut, np.round(asked.satisfaction / 5) * 5)
    counts = np.stack([np.bincount(place, asked.counts[:, kind], len(cut)) for kind in range(3)], axis=1)
    total = counts.sum(1)
    along = np.linspace(0.0, 100.0, 101)
    return Curves(
        _NAME, "Satisfaction [points]", "Share [0-1]",
        (
            Curve("Promoters", cut, counts[:, 2] / total, along, np.asarray(ndtr((along - promoter) / noise))),
            Curve("Detractors", cut, counts[:, 0] / total, along, np.asarray(ndtr((detractor - along) / noise))),
        ),
    )  # fmt: skip

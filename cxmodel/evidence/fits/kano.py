"""Penalty and reward of what was rated, and the kind of attribute that they suggest.

Penalty-reward contrast analysis (Brandt 1987; Mikulić & Prebežac 2011): a weighted regression of overall satisfaction
on whether each item was rated low, high or not at all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.stats import t

from cxmodel.evidence.fits.advocacy import latest
from cxmodel.evidence.fits.fit import Fit, Fitted, Suggestion, Unfitted
from cxmodel.evidence.fits.intervals import TAIL, effective_size
from cxmodel.evidence.fits.pictures import Swing, Swings
from cxmodel.evidence.fits.wording import decimal, of_item, percent, span
from cxmodel.evidence.tables import Survey

if TYPE_CHECKING:
    from cxmodel.vocabulary import Floats

LOW_BELOW: Final = 40.0
"""A rating below it is low [points]: 1 or 2 of 5, 0 to 3 of 10."""
HIGH_FROM: Final = 85.0
"""A rating from it on is high [points]: 5 of 5, 9 or 10 of 10."""
LEAST: Final = 20
"""Low and high ratings of an item without which its penalty and reward are not told."""
MUST_BE_BELOW: Final = -0.5
ATTRACTIVE_ABOVE: Final = 0.2
"""Reward less penalty over their sum: below the one a must-have, above the other a delight, between them performance.

The model's own kinds lie at -.92, -.33 and +.58 (loss and gain of equation 5); the impact asymmetry of Mikulić &
Prebežac (2008) calls dissatisfying what is below -.2 and satisfying what is above +.2.
"""
SURE: Final = 0.8
"""Probability of a kind, given the data, from which on it is suggested."""
_CHUNK: Final = 4096
_KIND: Final = {"must_be": "a must-have", "performance": "more is better", "attractive": "a delight"}


@dataclass(frozen=True, slots=True, eq=False)
class Contrast:
    """Penalties and rewards of several things [points]; the arrays have an entry for each."""

    names: Sequence[str]
    penalty: Floats
    """What a low rating takes from overall satisfaction."""
    reward: Floats
    """What a high rating adds."""
    covariance: Floats
    """Shape (names, 2, 2), of penalty and reward."""
    freedom: float
    answers: int


def contrast(survey: Survey, names: Sequence[str]) -> Contrast | str:
    """Penalties and rewards, or in words why they cannot be told.

    `names` says for each item what it counts towards; those of several items of one name are averaged. An item that
    was not rated has a mark of its own, so that nobody is left out. Standard errors hold where the spread differs
    (HC3, MacKinnon & White 1985).
    """
    said = np.isfinite(survey.satisfaction) & (survey.weight > 0)
    weight, overall, ratings = survey.weight[said], survey.satisfaction[said], survey.ratings[said]
    low, high = (ratings < LOW_BELOW).sum(0), (ratings >= HIGH_FROM).sum(0)
    kept = [place for place, name in enumerate(names) if name and min(low[place], high[place]) >= LEAST]
    if not kept:
        return f"Nothing was rated low by {LEAST} people and high by {LEAST} who also gave an overall satisfaction."
    if np.ptp(overall) == 0:
        return f"All {len(overall):,} people gave the same overall satisfaction."
    number = len(kept)
    width = 1 + 3 * number
    if len(overall) < 5 * width:
        return f"{len(overall):,} answers are too few for {number} things that were rated: {5 * width:,} are needed."

    def marks(start: int) -> Floats:
        part = ratings[start : start + _CHUNK, kept]
        return np.column_stack([np.ones(len(part)), part < LOW_BELOW, part >= HIGH_FROM, np.isnan(part)]).astype(float)

    starts = range(0, len(overall), _CHUNK)
    normal, right = np.zeros((width, width)), np.zeros(width)
    for start in starts:
        x, w = marks(start), weight[start : start + _CHUNK]
        normal += (x.T * w) @ x
        right += (x.T * w) @ overall[start : start + _CHUNK]
    inverse = np.linalg.pinv(normal, rcond=1e-10, hermitian=True)
    found = inverse @ right
    meat = np.zeros((width, width))
    for start in starts:
        x, w = marks(start), weight[start : start + _CHUNK]
        leverage = np.minimum(w * ((x @ inverse) * x).sum(1), 0.99)
        score = w * (overall[start : start + _CHUNK] - x @ found) / (1 - leverage)
        meat += (x.T * score**2) @ x
    spread = inverse @ meat @ inverse
    wanted = list(dict.fromkeys(names[place] for place in kept))
    mean = np.array([[names[place] == name for place in kept] for name in wanted], dtype=float)
    mean /= mean.sum(1, keepdims=True)
    lows, highs = np.zeros((len(wanted), width)), np.zeros((len(wanted), width))
    lows[:, 1 : 1 + number], highs[:, 1 + number : 1 + 2 * number] = -mean, mean
    pull = np.stack([lows, highs], axis=1)  # (names, 2, columns)
    covariance = pull @ spread @ np.swapaxes(pull, 1, 2)
    freedom = max(effective_size(weight) - np.linalg.matrix_rank(normal), 1.0)
    return Contrast(wanted, lows @ found, highs @ found, covariance, float(freedom), len(overall))


def kind_of(penalty: float, reward: float, covariance: Floats) -> tuple[str, float]:
    """The kind that a penalty and a reward suggest, and its probability; empty where none can be told from another.

    Both are normal around their estimates with `covariance` (2, 2), and held to zero or more: no kind punishes what
    is good.
    """
    values, vectors = np.linalg.eigh(covariance)
    drawn = np.random.default_rng(20260503).standard_normal((4000, 2)) @ (vectors * np.sqrt(np.maximum(values, 0.0))).T
    drawn = np.maximum(drawn + np.array([penalty, reward]), 0.0)
    total = drawn.sum(1)
    if penalty + reward <= 1.645 * math.sqrt(float(covariance.sum())):
        return "", 0.0
    asymmetry = (drawn[:, 1] - drawn[:, 0])[total > 0] / total[total > 0]
    must, delight = float((asymmetry < MUST_BE_BELOW).mean()), float((asymmetry > ATTRACTIVE_ABOVE).mean())
    chances = {"must_be": must, "performance": 1 - must - delight, "attractive": delight}
    kind = max(chances, key=chances.__getitem__)
    return (kind, chances[kind]) if chances[kind] >= SURE else ("", chances[kind])


def fit_kano(survey: Survey, source: str, names: Sequence[str] = (), labels: Sequence[str] = ()) -> Fitted:
    """Penalty and reward of each item [points], and the Kano kind that they suggest.

    `names` as in `contrast`; each item by itself where not given. `labels` calls each item in words.
    """
    names = names or [of_item(item) for item in survey.items]
    called = dict(zip(names, labels or names, strict=True))
    found = contrast(survey, names)
    if isinstance(found, str):
        return Fitted(unfitted=(Unfitted("Penalties and rewards", found),))
    reach = float(t.ppf(1 - TAIL, found.freedom))
    fits: list[Fit] = []
    kinds: list[Suggestion] = []
    unfitted: list[Unfitted] = []
    for place, name in enumerate(found.names):
        label, size, covariance = called[name], found.answers, found.covariance[place]
        penalty, reward = float(found.penalty[place]), float(found.reward[place])
        for value, number, what, does in (
            (penalty, 0, "Penalty", "A low rating of {} takes {} points from overall satisfaction"),
            (reward, 1, "Reward", "A high rating of {} adds {} points to overall satisfaction"),
        ):
            error = reach * math.sqrt(max(float(covariance[number, number]), 0.0))
            low, high = value - error, value + error
            says = f"{does.format(label, decimal(value))} ({span(low, high, decimal)}; {size:,} answers)."
            fits.append(Fit((), f"{what} of {label}", value, low, high, "points", size, source, says, latest(survey)))
        kind, chance = kind_of(penalty, reward, covariance)
        both = f"{label} takes {decimal(penalty)} points where it is rated low and adds {decimal(reward)} where high"
        if kind:
            says = f"{both}: that suggests {_KIND[kind]} ({percent(chance)} sure; {size:,} answers)."
            kinds.append(Suggestion((), f"Kind of {label}", kind, size, source, says))
        else:
            unfitted.append(Unfitted(f"Kind of {label}", f"{both}: the kinds cannot be told apart."))
    unfitted += [
        Unfitted(f"Penalty and reward of {called[name]}", f"Fewer than {LEAST} people rated it low, or high.")
        for name in dict.fromkeys(names)
        if name and name not in found.names
    ]
    swings = tuple(
        Swing(called[name], float(penalty), float(reward))
        for name, penalty, reward in zip(found.names, found.penalty, found.reward, strict=True)
    )
    picture = Swings("What low ratings take and high ratings add", swings)
    return Fitted(tuple(fits), tuple(unfitted), tuple(kinds), (picture,))

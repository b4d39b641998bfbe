"""Delivered levels and need weights, from the ratings of a survey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.optimize import nnls

from cxmodel.evidence.fits.advocacy import latest
from cxmodel.evidence.fits.fit import Fit, Fitted, Unfitted
from cxmodel.evidence.fits.intervals import TAIL, effective_size, weighted_mean
from cxmodel.evidence.fits.pictures import Bar, Bars
from cxmodel.evidence.fits.wording import decimal, of_item, percent, span
from cxmodel.evidence.tables import Survey

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cxmodel.vocabulary import Floats

LEAST: Final = 10
"""Ratings of an item without which its level is not told."""
LEAST_TOGETHER: Final = 100
"""People who rated an item and gave an overall satisfaction, without which its weight is not told."""
_BLOCKS: Final = 1500
"""Blocks of answers that the bootstrap draws from; where there are no more answers, each is a block of its own."""
_DRAWS: Final = 600


def fit_levels(survey: Survey, source: str) -> Fitted:
    """Mean rating of each item [points], of the last twelve months of waves, and by segment for information.

    A rating is taken for the level that is delivered. What people expected pulls what they perceive (equation 4), so
    that a level is only as good as that; calibration against a run sees the rest.
    """
    fits: list[Fit] = []
    unfitted: list[Unfitted] = []
    bars: list[Bar] = []
    recent, as_of = _recent(survey)
    for place, item in enumerate(survey.items):
        rating = survey.ratings[:, place]
        rated = np.isfinite(rating) & (survey.weight > 0)
        name, when = f"Level of {of_item(item)}", as_of
        now = rated & recent
        if now.sum() < LEAST <= rated.sum():
            now, when = rated, latest(survey)
        values, weight = rating[now], survey.weight[now]
        if why := _no_mean(values, "ratings"):
            unfitted.append(Unfitted(name, why))
            continue
        mean, low, high = weighted_mean(values, weight)
        low, high = max(0.0, low), min(100.0, high)
        path = tuple(item.path.split(".")) if item.touchpoint and item.attribute else ()
        fits.append(_level(path, name, f"{of_item(item)} is rated", (mean, low, high), len(values), source, when))
        bars.append(Bar(of_item(item), mean, low, high))
        for number, segment in enumerate(survey.segments):
            own = now & (survey.segment == number)
            if own.sum() >= LEAST and np.ptp(rating[own]) > 0:
                mean, low, high = weighted_mean(rating[own], survey.weight[own])
                interval = mean, max(0.0, low), min(100.0, high)
                says = f"{of_item(item)} is rated by {segment}"
                fits.append(_level((), f"{name}, {segment}", says, interval, int(own.sum()), source, when))
    picture = Bars("Ratings", "Level [points]", tuple(bars))
    return Fitted(tuple(fits), tuple(unfitted), pictures=(picture,) if bars else ())


def _level(
    path: tuple[str, ...], name: str, says: str, interval: tuple[float, float, float], size: int, source: str, when: str
) -> Fit:
    mean, low, high = interval
    sentence = f"{says} {decimal(mean)} of 100 on average ({span(low, high, decimal)}; {size:,} answers)."
    return Fit(path, name, mean, low, high, "points", size, source, sentence, when)


def _no_mean(values: Floats, what: str) -> str:
    """Why no mean with an interval can be told; empty where one can."""
    if len(values) < LEAST:
        return f"There are {len(values)} {what}: at least {LEAST} are needed, and 100 tell it to about 4 points."
    if np.ptp(values) == 0:
        return f"All {len(values):,} {what} are the same, so that nothing tells how sure they are."
    return ""


def _recent(survey: Survey) -> tuple[NDArray[np.bool_], str]:
    """Who answered within the last twelve months of waves named by month, else in the latest; and its name."""
    last = latest(survey)
    if not last:
        return np.ones(len(survey.wave), dtype=bool), ""
    age = np.array([_months(last) - _months(wave) if _months(wave) else 0 for wave in survey.waves])
    of_a_year = (age >= 0) & (age < 12) if _months(last) else np.array([wave == last for wave in survey.waves])
    return (survey.wave >= 0) & of_a_year[survey.wave], last


def _months(wave: str) -> int:
    """Months since the year 0 of a wave named like `2026-05`; 0 where it is named otherwise."""
    year, _, month = wave.partition("-")
    return 12 * int(year) + int(month) if year.isdecimal() and month.isdecimal() else 0


@dataclass(frozen=True, slots=True, eq=False)
class Importance:
    """How much each of several things weighs in overall satisfaction; the arrays have an entry for each."""

    names: Sequence[str]
    share: Floats
    """Its weight in the sum of equation 5 over the sum of all weights."""
    low: Floats
    high: Floats
    of_explained: Floats
    """Its relative weight after Johnson (2000): its share of the variance of satisfaction that all explain."""
    answers: int


def importance(survey: Survey, names: Sequence[str], among: NDArray[np.bool_] | None = None) -> Importance | str:
    """How much what was rated weighs in overall satisfaction, or in words why that cannot be told.

    Equation 5 sums levels by their weights, so that a weight is a coefficient of the regression of satisfaction on
    the ratings, held to zero or more, over the sum of all: what every rating of a lenient person has in common
    cancels out. Shares of explained variance (Johnson's relative weights, the usual derived importance) go with the
    square of a coefficient and are told beside it. Missing ratings: each covariance is of those who gave both
    (available cases). Intervals: bootstrap percentiles over answers, or over 1,500 random blocks of them.

    `names` says for each item what it counts towards; several items of one name add up. An empty name leaves it out.
    `among` (respondents,) restricts it to some of them.
    """
    own = np.isfinite(survey.satisfaction) & (survey.weight > 0)
    own = own if among is None else own & among
    enough = (np.isfinite(survey.ratings) & own[:, None]).sum(0) >= LEAST_TOGETHER
    kept = [place for place, name in enumerate(names) if name and enough[place]]
    kept = [place for place in kept if np.nanmax(survey.ratings[own, place]) > np.nanmin(survey.ratings[own, place])]
    wanted = list(dict.fromkeys(names[place] for place in kept))
    if len(wanted) < 2:
        return (
            f"Fewer than two things were rated by at least {LEAST_TOGETHER} people who also gave an overall"
            " satisfaction: nothing can be weighed against another."
        )
    data = np.empty((int(own.sum()), len(kept) + 1))
    for column, place in enumerate(kept):
        data[:, column] = survey.ratings[own, place]
    data[:, -1] = survey.satisfaction[own]
    if np.ptp(data[:, -1]) == 0:
        return f"All {len(data):,} people gave the same overall satisfaction."
    blocks = _blocks(data, survey.weight[own])
    member = np.array([[names[place] == name for place in kept] for name in wanted], dtype=float)
    covariance = _covariance(blocks.sum(0))
    shares = _shares(covariance, member)
    if shares is None:
        return "Overall satisfaction does not rise with any of the ratings."
    generator = np.random.default_rng(20260501)
    draws = generator.multinomial(len(blocks), np.full(len(blocks), 1 / len(blocks)), size=_DRAWS)
    sums = (draws.astype(float) @ blocks.reshape(len(blocks), -1)).reshape(_DRAWS, *blocks.shape[1:])
    drawn = [found for one in sums if (found := _shares(_covariance(one), member)) is not None]
    low, high = np.quantile(drawn, [TAIL, 1 - TAIL], axis=0)
    explained = member @ _relative_weights(covariance)
    return Importance(wanted, shares, np.minimum(low, shares), np.maximum(high, shares), explained, len(data))


def _blocks(data: Floats, weight: Floats) -> Floats:
    """Weighted sums over random blocks of answers, shape (blocks, 4, k, k).

    Of each pair of columns, over those who gave both: how many, the sum of the one, of the other, of the product.
    Which answers share a block depends on what they are, not on the order of the rows.
    """
    middle = np.nanmean(data, axis=0)
    keys = np.round(weight / weight.max(), 9).view(np.uint64)
    for column in range(data.shape[1]):
        bits = np.nan_to_num(data[:, column], nan=-1.0).view(np.uint64)
        keys = (keys ^ bits ^ (bits >> np.uint64(29))) * np.uint64(0x9E3779B97F4A7C15)
        keys ^= keys >> np.uint64(32)
    order = np.argsort(keys, kind="stable")
    order = order[np.random.default_rng(20260502).permutation(len(order))]
    number, columns = min(_BLOCKS, len(order)), data.shape[1]
    sums = np.empty((number, 4, columns, columns))
    for block in range(number):
        rows = order[block::number]
        answers = data[rows] - middle
        part = np.hstack([np.isfinite(answers), np.nan_to_num(answers)])
        products = (part.T * weight[rows]) @ part
        there, told = slice(columns), slice(columns, None)
        sums[block] = [products[there, there], products[told, there], products[there, told], products[told, told]]
    return sums


def _covariance(sums: Floats) -> Floats:
    """Available-case covariance matrix (k, k) of sums (4, k, k), mended to be positive definite."""
    count = np.maximum(sums[0], 1e-12)
    covariance = sums[3] / count - (sums[1] / count) * (sums[2] / count)
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    floor = 1e-6 * max(float(values[-1]), 1e-12)
    return np.asarray((vectors * np.maximum(values, floor)) @ vectors.T)


def _shares(covariance: Floats, member: Floats) -> Floats | None:
    """Coefficients of the last column on the others, held to zero or more, by name, over their sum."""
    lower = np.linalg.cholesky(covariance[:-1, :-1])
    coefficients, _ = nnls(lower.T, np.linalg.solve(lower, covariance[:-1, -1]))
    total = coefficients.sum()
    return np.asarray(member @ coefficients / total) if total > 0 else None


def _relative_weights(covariance: Floats) -> Floats:
    """Relative weights of Johnson (2000) of the predictors of the last column, summing to 1."""
    sd = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(sd, sd)
    values, vectors = np.linalg.eigh(correlation[:-1, :-1])
    root = (vectors * np.sqrt(np.maximum(values, 1e-9))) @ vectors.T
    weights = (root**2) @ np.linalg.solve(root, correlation[:-1, -1]) ** 2
    return np.asarray(weights / weights.sum())


def fit_weights(
    survey: Survey, source: str, names: Sequence[str] = (), segment: str = "", labels: Sequence[str] = ()
) -> Fitted:
    """How much each item weighs in overall satisfaction [share], of all or of one of the survey's segments.

    `names` as in `importance`; each item by itself where not given. `labels` calls each item in words.
    """
    names = names or [of_item(item) for item in survey.items]
    called = dict(zip(names, labels or names, strict=True))
    among = survey.segment == survey.segments.index(segment) if segment else None
    found = importance(survey, names, among)
    what = f"Need weights, {segment}" if segment else "Need weights"
    if isinstance(found, str):
        return Fitted(unfitted=(Unfitted(what, found),))
    fits = tuple(
        Fit(
            (), f"Weight of {called[name]}" + (f", {segment}" if segment else ""), value, low, high, "share",
            found.answers, source,
            f"{called[name]} carries {percent(value)} of the weight in overall satisfaction"
            f" ({span(low, high, percent)}; {found.answers:,} answers), and {percent(of)} of what ratings explain.",
            latest(survey),
        )
        for name, value, low, high, of in zip(
            found.names, found.share.tolist(), found.low.tolist(), found.high.tolist(), found.of_explained.tolist(),
            strict=True,
        )
    )  # fmt: skip
    missing = tuple(
        Unfitted(f"Weight of {called[name]}", f"Fewer than {LEAST_TOGETHER} people rated it, or all alike.")
        for name in dict.fromkeys(names)
        if name and name not in found.names
    )
    bars = tuple(Bar(called[name], fit.value, fit.low, fit.high) for name, fit in zip(found.names, fits, strict=True))
    return Fitted(fits, missing, pictures=(Bars(what, "Share of the weight [0-1]", bars),))


def worth(survey: Survey, segment: int) -> float:
    """How many equal answers those of a segment who gave an overall satisfaction are worth."""
    return effective_size(survey.weight[(survey.segment == segment) & np.isfinite(survey.satisfaction)])

"""What data say of parameters by approximate Bayesian computation with regression adjustment. Knows no scenario.

Beaumont, Zhang & Balding (2002): parameters are drawn evenly, data are simulated from each draw with all their noise,
and the draws whose data come nearest are moved along the regression of parameters on data. Nearness is measured in the
parameters' own best linear guess from the data (Fearnhead & Prangle 2012), so that many months are no more than as
many numbers as there are parameters. It needs no likelihood: the chance of those who live the journey, and the error of
whoever asks a sample of them, are both in what is simulated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cxmodel.vocabulary import Floats

NEAREST: Final = 0.3
"""Share of the draws that are kept."""
RIDGE: Final = 1e-3
FLAT: Final = 0.8
"""Share of the range's own spread from which a parameter counts as not identified."""
TRADED: Final = 0.85
"""Correlation from which two parameters are told as trading off."""
_EDGE: Final = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """Draws that agree with the data, shares of each parameter's range."""

    shares: Floats
    """Shape (draws, parameters) [0-1]."""
    weight: Floats
    """Shape (draws,), adding up to 1."""
    kept: NDArray[np.intp]
    """Which of the simulated draws they are."""
    apart: Floats
    """How far the data of each lie from the data, as guesses of the parameters."""

    @property
    def mean(self) -> Floats:
        """The middle of each parameter."""
        return np.asarray(self.weight @ self.shares)

    def quantile(self, share: float) -> Floats:
        """The share of the draws that lies below it, of each parameter."""
        return weighted_quantile(self.shares, self.weight, share)

    def of(self, simulated: Floats) -> Floats:
        """Other values of the simulated draws, as they would be had their data been the data; (draws, values)."""
        return _adjusted(simulated[self.kept], self.apart, self.weight)

    @property
    def spread(self) -> Floats:
        """Sd of each parameter beside that of its range: 0 where the data say all, about 1 where they say nothing."""
        variance = self.weight @ (self.shares - self.mean) ** 2
        return np.asarray(np.sqrt(12 * variance))

    @property
    def correlation(self) -> Floats:
        """Shape (parameters, parameters)."""
        centred = self.shares - self.mean
        cover = (centred * self.weight[:, None]).T @ centred
        sd = np.sqrt(np.maximum(np.diag(cover), 1e-12))
        return np.asarray(cover / np.outer(sd, sd))


def posterior(shares: Floats, simulated: Floats, data: Floats, nearest: float = NEAREST) -> Posterior:
    """The draws `shares` (draws, parameters), with what each has `simulated` (draws, values), given the `data`.

    Values that are the same in every draw say nothing, and draws without a value are left out.
    """
    usable = np.isfinite(simulated).all(axis=1)
    spread = simulated[usable].std(axis=0)
    told = spread > 0
    centre = simulated[usable][:, told].mean(axis=0)
    x = (simulated[usable][:, told] - centre) / spread[told]
    y = (data[told] - centre) / spread[told]
    logit = _logit(shares[usable])
    guess, at = _guess(x, logit, y)
    scale = np.maximum(guess.std(axis=0), 1e-12)
    distance = np.sqrt((((guess - at) / scale) ** 2).sum(axis=1))
    order = np.argsort(distance, kind="stable")[: max(int(nearest * len(distance)), 4 * shares.shape[1] + 10)]
    reach = max(float(distance[order[-1]]), 1e-12)
    weight = np.maximum(1 - (distance[order] / reach) ** 2, 1e-6)
    weight /= weight.sum()
    apart = (guess[order] - at) / scale
    adjusted = _adjusted(logit[order], apart, weight)
    return Posterior(1 / (1 + np.exp(-adjusted)), weight, np.flatnonzero(usable)[order], apart)


def _guess(x: Floats, logit: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The best linear guess of the parameters from each draw's data, and from the data themselves."""
    gram = x.T @ x + RIDGE * len(x) * np.eye(x.shape[1])
    slope = np.linalg.solve(gram, x.T @ (logit - logit.mean(axis=0)))
    return x @ slope, y @ slope


def _adjusted(values: Floats, apart: Floats, weight: Floats) -> Floats:
    """Values of draws as they would be had their data been the data."""
    design = np.column_stack([np.ones(len(apart)), apart])
    weighted = design * weight[:, None]
    slope = np.linalg.lstsq(weighted.T @ design + 1e-9 * np.eye(design.shape[1]), weighted.T @ values, rcond=None)[0]
    return np.asarray(values - apart @ slope[1:])


def _logit(shares: Floats) -> Floats:
    inside = np.clip(shares, _EDGE, 1 - _EDGE)
    return np.asarray(np.log(inside / (1 - inside)))


def weighted_quantile(values: Floats, weight: Floats, share: float) -> Floats:
    """The quantile of each column, rows counting by their weight."""
    order = np.argsort(values, axis=0)
    ordered = np.take_along_axis(values, order, axis=0)
    below = np.cumsum(weight[order], axis=0) - weight[order] / 2
    return np.array([np.interp(share, below[:, place], ordered[:, place]) for place in range(values.shape[1])])

"""The company's picture of what customers need, and how it follows the need (equation 2, first link)."""

import numpy as np

from cxmodel.model.assumptions import DEFAULTS
from cxmodel.vocabulary import Floats, Reals


def understanding(*reliabilities: Reals, ignorance: float = DEFAULTS.ignorance) -> Floats:
    """Share I of the distance between delivery and need that the company sees [0-1] (equation 2).

    One argument, coverage times reliability, per source that sees the attribute; none: what a company
    knows by itself, 1 - ignorance (A).
    """
    missed = np.asarray(1.0)
    for reliability in reliabilities:
        missed = missed * (1 - np.asarray(reliability))
    return 1 - ignorance * missed


def picture_aimed(delivered_today: Reals, aim: Reals, understanding: Reals) -> Floats:
    """Picture U* [points] that the sources lead to (equation 2): Q0 + I max(0, aim - Q0).

    Knowing nothing, what is delivered is taken for the need.
    """
    return delivered_today + understanding * np.maximum(0.0, np.asarray(aim) - delivered_today)


def picture_led(
    delivered_today: Reals,
    aims: Floats,
    reliabilities: Floats,
    ignorance: float = DEFAULTS.ignorance,
) -> Floats:
    """Picture U* [points] that sources with different aims lead to (equation 2); sources along the first axis.

    Each point on the way up is seen by the sources that aim as high or higher, with the understanding that these
    have together: one more source, whatever it aims at, never lowers the picture. Where all aim alike,
    Q0 + I max(0, aim - Q0).
    """
    heights = np.maximum(0.0, aims - delivered_today)
    missed = 1 - reliabilities
    picture, below = np.asarray(delivered_today, dtype=float), np.zeros(heights.shape[1:])
    for height in np.sort(heights, axis=0):
        seen = 1 - ignorance * np.where(heights >= height, missed, 1.0).prod(0)
        picture = picture + seen * (height - below)
        below = height
    return picture


def followed(picture: Reals, aim: Reals, days: float, lag: Reals) -> Floats:
    """Picture U [points] after `days` of following `aim` (equation 2): dU/dt = (U* - U)/lag; at once where lag is 0."""
    lag = np.asarray(lag, dtype=float)
    left = np.where(lag > 0, np.exp(-days / np.where(lag > 0, lag, 1.0)), 0.0)
    return aim + (np.asarray(picture) - aim) * left


def following(first: float, aims: Floats, lags: Floats) -> Floats:
    """Picture U [points] at each day's noon (D,) (equation 2), from `first` at the start of day 0 on.

    `aims` (D,) is where the sources lead to, `lags` (D,) [days] how far behind they are.
    """
    shares = np.where(lags > 0, np.exp(-1.0 / np.where(lags > 0, lags, 1.0)), 0.0)
    picture, pictures = first, []
    left = float(np.sqrt(shares[0]))  # half a day to the first noon
    for aim, share in zip(aims.tolist(), shares.tolist(), strict=True):
        picture = aim + (picture - aim) * left
        pictures.append(picture)
        left = share
    return np.array(pictures)

"""Random numbers as a function of (seed, replication, customer, purpose, occurrence), and of nothing else.

Not of the order of drawing: hence the same numbers for any number of threads, any period, replications alone or
together, and two plans share their luck customer by customer. The hash is the finaliser of SplitMix64 (Steele, Lea &
Flood 2014). Written for numbers and arrays alike; knows neither people nor touchpoints, only keys.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from scipy.special import ndtr, ndtri

from cxmodel.engine.compilation import compiled

Key = Any
"""64 bits (np.uint64), or an array of them."""
POINTS: Final = 65536
"""Equally likely points that stand for a law where a visit or a caller from outside draws from it."""

GOLDEN, STEP, TOUCHPOINT, PART, FIRST, SECOND = (
    np.uint64(word)
    for word in (
        0x9E3779B97F4A7C15,
        0xD1B54A32D192ED03,
        0x8CB92BA72F3D8DD7,
        0xA24BAED4963EE407,
        0xBF58476D1CE4E5B9,
        0x94D049BB133111EB,
    )
)
B12, B16, B27, B30, B31, B32, B48 = (np.uint64(n) for n in (12, 16, 27, 30, 31, 32, 48))
LOW16, LOW32 = np.uint64(0xFFFF), np.uint64(0xFFFFFFFF)


def _stream(purpose: int, part: int = 0) -> np.uint64:
    """Constant that separates purposes, and parts of one purpose."""
    return np.uint64((purpose * int(GOLDEN) + part * int(PART)) % 2**64)


# what a draw is for; a new purpose gets a new number, none is ever used twice
PERSON, ENTRY, LENIENCY, TENURE, INTERVAL, NOISE, EVENT, REACH, CHOICE, STAY, CALL = (
    _stream(purpose) for purpose in (1, 2, 3, 5, 7, 8, 9, 10, 11, 12, 13)
)
TALK, SCORE, HEARER, SURVEY, CALLERS, CHANNEL, EXIT, RETURN, ASKED, ACTION = (
    _stream(purpose) for purpose in range(19, 29)
)
CALLING, GAMMA_NORMAL, GAMMA_ACCEPT, GAMMA_BOOST, ANSWER, HEARD, HANDLED = (
    _stream(*both) for both in ((9, 1), (4, 1), (4, 2), (4, 3), (22, 1), (27, 1), (23, 1))
)
# kinds of key that are no segment's: of a desk, of the company, of the pilot of a segment
DESK, COMPANY, PILOT = 1 << 40, 1 << 41, 1 << 42
# parts of the purpose CALL
HANDLING, PATIENCE, SOLVING, RETURNING, PAUSE, OPENING = range(6)


@compiled
def mixed(word: Key) -> Key:
    """The word, each bit of the result depending on every bit of the argument."""
    word = (word ^ (word >> B30)) * FIRST
    word = (word ^ (word >> B27)) * SECOND
    return word ^ (word >> B31)


@compiled
def key_of(seed: np.uint64, replication: int, kind: int, number: Any) -> Key:
    """The key of a person; `kind` tells segments, and customers of today from prospects, apart."""
    start = mixed(seed + np.uint64(replication + 1) * GOLDEN)
    start = mixed(start + np.uint64(kind + 1) * GOLDEN)
    return mixed(occurring(start + PERSON, number))


def keys(seed: int, replication: int, kind: int, numbers: Any) -> Key:
    """The keys of people (n), for Python."""
    with np.errstate(over="ignore"):  # the hash lives on it
        return key_of(np.uint64(seed), replication, kind, np.asarray(numbers, dtype=np.uint64))


@compiled
def at(key: Key, place: Any) -> Key:
    """A key for draws that belong to one touchpoint."""
    return key + np.uint64(place) * TOUCHPOINT


@compiled
def occurring(key: Key, occurrence: Any) -> Key:
    """A key for draws that belong to one occurrence."""
    return key + np.uint64(occurrence) * STEP


@compiled
def part(key: Key, number: Any) -> Key:
    """A key for draws that belong to one part of a purpose."""
    return key + np.uint64(number) * PART


@compiled
def fraction(word: Key) -> Any:
    """The bits as a uniform number, strictly between 0 and 1."""
    return (word >> B12) * 2.0**-52 + 2.0**-53


@compiled
def uniform(key: Key, purpose: np.uint64) -> Any:
    """A uniform draw, strictly between 0 and 1."""
    return fraction(mixed(key + purpose))


@compiled
def half(key: Key, purpose: np.uint64, which: int) -> Any:
    """One of the uniform draws of 32 bits that the words of a purpose give, two each."""
    word = mixed(part(key, which >> 1) + purpose)
    word = word & LOW32 if which & 1 else word >> B32
    return word * 2.0**-32 + 2.0**-33


@compiled
def normal(key: Key, purpose: np.uint64) -> float:
    """A standard normal draw."""
    return normal_quantile(uniform(key, purpose))


@compiled
def exponential(key: Key, purpose: np.uint64) -> Any:
    """An exponential draw of mean 1."""
    return -np.log(uniform(key, purpose))


@compiled
def gamma(key: Key, shape: float) -> float:
    """A gamma draw of this shape and rate 1 (Marsaglia & Tsang 2000, with their boost below shape 1)."""
    boosted = shape + 1 if shape < 1 else shape
    d = boosted - 1 / 3
    attempt, drawn = 0, 0.0
    while drawn == 0.0:
        attempt += 1
        own = occurring(key, attempt)
        x = normal(own, GAMMA_NORMAL)
        v = (1 + x / np.sqrt(9 * d)) ** 3
        if v > 0 and np.log(uniform(own, GAMMA_ACCEPT)) < x * x / 2 + d - d * v + d * np.log(v):
            drawn = d * v
    return drawn * uniform(key, GAMMA_BOOST) ** (1 / shape) if shape < 1 else drawn


@compiled
def normal_quantile(p: float) -> float:
    """The standard normal quantile, to 1e-16 (algorithm AS 241, Wichura 1988)."""
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = 2509.0809287301226727 * r + 33430.575583588128105
        top = (top * r + 67265.770927008700853) * r + 45921.953931549871457
        top = (top * r + 13731.693765509461125) * r + 1971.5909503065514427
        top = (top * r + 133.14166789178437745) * r + 3.387132872796366608
        low = 5226.495278852545925 * r + 28729.085735721942674
        low = (low * r + 39307.89580009271061) * r + 21213.794301586595867
        low = (low * r + 5394.1960214247511077) * r + 687.1870074920579083
        low = (low * r + 42.313330701600911252) * r + 1.0
        return q * top / low
    r = np.sqrt(-np.log(p if q < 0 else 1 - p))
    if r <= 5:
        r -= 1.6
        top = 7.7454501427834140764e-4 * r + 0.0227238449892691845833
        top = (top * r + 0.24178072517745061177) * r + 1.27045825245236838258
        top = (top * r + 3.64784832476320460504) * r + 5.7694972214606914055
        top = (top * r + 4.6303378461565452959) * r + 1.42343711074968357734
        low = 1.05075007164441684324e-9 * r + 5.475938084995344946e-4
        low = (low * r + 0.0151986665636164571966) * r + 0.14810397642748007459
        low = (low * r + 0.68976733498510000455) * r + 1.6763848301838038494
        low = (low * r + 2.05319162663775882187) * r + 1.0
    else:
        r -= 5.0
        top = 2.01033439929228813265e-7 * r + 2.71155556874348757815e-5
        top = (top * r + 0.0012426609473880784386) * r + 0.026532189526576123093
        top = (top * r + 0.29656057182850489123) * r + 1.7848265399172913358
        top = (top * r + 5.4637849111641143699) * r + 6.6579046435011037772
        low = 2.04426310338993978564e-15 * r + 1.4215117583164458887e-7
        low = (low * r + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4
        low = (low * r + 0.0148753612908506148525) * r + 0.13692988092273580531
        low = (low * r + 0.59983220655588793769) * r + 1.0
    return -top / low if q < 0 else top / low


def normal_points() -> Any:
    """Points of the standard normal law (65536), scaled to unit variance."""
    points = ndtri((np.arange(POINTS) + 0.5) / POINTS)
    return (points / points.std()).astype(np.float32)


def lognormal_points(cv: float) -> Any:
    """Points of a lognormal law of mean 1 (65536), each the mean of its part of the law; `cv` = sd over mean."""
    sd = np.sqrt(np.log1p(cv * cv))
    return (POINTS * np.diff(ndtr(ndtri(np.arange(POINTS + 1) / POINTS) - sd))).astype(np.float32)


def exponential_points() -> Any:
    """Points of the exponential law of mean 1 (65536), each the mean of its part of the law."""
    left = 1 - np.arange(POINTS + 1) / POINTS
    return (-POINTS * np.diff(left * (1 - np.log(np.maximum(left, 1e-300))))).astype(np.float32)

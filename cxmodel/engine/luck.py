"""Chance as a function: a draw depends on (seed, replication, customer, purpose, occurrence) and nothing else.

Not on the order of drawing: hence the same numbers for any number of workers, any period and any pooling of
replications, and two plans share their luck customer by customer. Knows neither people nor touchpoints, only keys.
The hash is the finaliser of SplitMix64 (Steele, Lea & Flood 2014).
"""

from enum import IntEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from cxmodel.arrays import Column, Floats

Keys = NDArray[np.uint64]

_GOLDEN = 0x9E3779B97F4A7C15
_ODD = 0xD1B54A32D192ED03
_WORD = 0xFFFFFFFFFFFFFFFF
# arrays without dimensions: a short column meets them in half the time that a NumPy scalar takes
_STEP, _TOUCHPOINT, _FIRST, _SECOND, _HALF, _30, _27, _31, _12, _32 = (
    np.array(word, dtype=np.uint64)
    for word in (
        *(_ODD, 0x8CB92BA72F3D8DD7, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xFFFFFFFF),
        *(30, 27, 31, 12, 32),
    )
)

# 65,536 equally likely points of the standard normal law, scaled to unit variance: noise of visits
_POINTS = ndtri((np.arange(65536) + 0.5) / 65536)
NORMAL_POINTS: NDArray[np.float32] = (_POINTS / _POINTS.std()).astype(np.float32)


class Purpose(IntEnum):
    """What a draw is for; a new purpose gets a new number, none is ever used twice."""

    PERSON = 1
    ENTRY = 2
    LENIENCY = 3
    FRAILTY = 4
    TENURE = 5
    PHASE = 6
    INTERVAL = 7
    NOISE = 8
    EVENT = 9
    REACH = 10
    CHOICE = 11
    STAY = 12
    CALL = 13
    TALK = 19
    SCORE = 20
    HEARER = 21
    SURVEY = 22
    CALLERS = 23
    CHANNEL = 24
    EXIT = 25
    RETURN = 26
    ASKED = 27
    ACTION = 28


def at(people: Keys, touchpoint: Column) -> Keys:
    """Keys of these people for draws that belong to one touchpoint each."""
    return people + touchpoint.astype(np.uint64) * _TOUCHPOINT


def occurring(people: Keys, occurrence: Column) -> Keys:
    """Keys of these people for draws that belong to one occurrence each."""
    return people + occurrence.astype(np.uint64) * _STEP


def mixed(word: Keys) -> Keys:
    """The words, each bit of the result depending on every bit of the argument."""
    word = word ^ (word >> _30)
    word *= _FIRST
    word ^= word >> _27
    word *= _SECOND
    word ^= word >> _31
    return word


@cache
def offset(purpose: int, part: int = 0) -> Keys:
    """Constant that separates purposes, and parts of one purpose (a touchpoint, a promise)."""
    return np.array((purpose * _GOLDEN + part * 0xA24BAED4963EE407) & _WORD, dtype=np.uint64)


@cache
def _counted(purpose: int, part: int, occurrence: int) -> Keys:
    return np.array((int(offset(purpose, part)) + occurrence * _ODD) & _WORD, dtype=np.uint64)


def keys(seed: int, replication: int, kind: int, numbers: Column) -> Keys:
    """One key per person: `kind` tells segments, and customers of today from prospects, apart."""
    start = np.array([seed & _WORD], dtype=np.uint64)
    for part in (replication, kind):
        start = mixed(start + np.uint64(((part + 1) * _GOLDEN) & _WORD))
    return mixed(occurring(start + offset(Purpose.PERSON), numbers))


def bits(people: Keys, purpose: int, occurrence: Column | int = 0, part: int = 0) -> Keys:
    """64 random bits per person; `occurrence` counts the draws of one purpose."""
    if isinstance(occurrence, int):
        return mixed(people + _counted(purpose, part, occurrence))
    return mixed(occurring(people, occurrence) + offset(purpose, part))


def words(people: Keys, offsets: Keys) -> Keys:
    """64 random bits per person for each of several purposes (P, n); `offsets` (P, 1)."""
    return mixed(people + offsets)


def fraction(word: Keys) -> Floats:
    """The bits as a uniform number, strictly between 0 and 1."""
    return (word >> _12) * 2.0**-52 + 2.0**-53


def uniform(people: Keys, purpose: int, occurrence: Column | int = 0, part: int = 0) -> Floats:
    """Uniform draws, strictly between 0 and 1."""
    return fraction(bits(people, purpose, occurrence, part))


def offsets(purpose: int, parts: int) -> Keys:
    """Constants that separate the parts of one purpose (parts, 1)."""
    return np.array([offset(purpose, part) for part in range(parts)])[:, None]


def fractions(people: Keys, offsets: Keys) -> Floats:
    """Two uniform draws of 32 bits, between 0 and 1, for each of several purposes (2 * P, n); `offsets` (P, 1)."""
    word = words(people, offsets)
    halves = np.empty((len(word), 2, len(people)), dtype=np.uint64)
    np.right_shift(word, _32, out=halves[:, 0])
    np.bitwise_and(word, _HALF, out=halves[:, 1])
    return halves.reshape(2 * len(word), -1) * 2.0**-32 + 2.0**-33


def exponential(people: Keys, purpose: int, occurrence: Column | int = 0, part: int = 0) -> Floats:
    """Exponential draws of mean 1."""
    return -np.log(uniform(people, purpose, occurrence, part))


def normal(people: Keys, purpose: int, occurrence: Column | int = 0, part: int = 0) -> Floats:
    """Standard normal draws."""
    return np.asarray(ndtri(uniform(people, purpose, occurrence, part)))


def gamma(people: Keys, purpose: int, shape: float) -> Floats:
    """Gamma draws of this shape and rate 1 (Marsaglia & Tsang 2000, with their boost below shape 1)."""
    boosted = shape + 1 if shape < 1 else shape
    d = boosted - 1 / 3
    drawn = np.empty(len(people))
    left, attempt = np.arange(len(people)), 0
    while len(left):
        attempt += 1
        x = normal(people[left], purpose, attempt, part=1)
        v = (1 + x / np.sqrt(9 * d)) ** 3
        accept = uniform(people[left], purpose, attempt, part=2)
        with np.errstate(invalid="ignore", divide="ignore"):
            taken = (v > 0) & (np.log(accept) < x * x / 2 + d - d * v + d * np.log(v))
        drawn[left[taken]] = d * v[taken]
        left = left[~taken]
    if shape < 1:
        drawn *= uniform(people, purpose, 0, part=3) ** (1 / shape)
    return drawn

"""From levers to delivered levels: change takes time, and delivery is a chain (equations 1 and 2).

SERVQUAL's gap model read as a delay chain: the standard follows the picture, delivery follows the standard,
and each link is owned by its levers. Levers close the distance to what the company aims at; they never overshoot.
"""

from collections.abc import Mapping
from typing import TypeVar

import numpy as np

from cxmodel.arrays import Floats, Reals
from cxmodel.assumptions import DEFAULTS

Lever = TypeVar("Lever", bound=str)


def course(time: Reals, before: Reals, target: float, start: float, half_life: float, delay: float = 0.0) -> Floats:
    """Value at `time` of a quantity that moves from `before` to `target` (equation 1); times in one unit.

    Half of the way is gone one half-life after start + delay; nothing moves before.
    """
    elapsed = np.maximum(0.0, np.asarray(time) - start - delay)
    return np.asarray(before + (target - np.asarray(before)) * (1 - np.exp2(-elapsed / half_life)))


def held(lever: Reals, floor: float = DEFAULTS.lever_floor) -> Floats:
    """Lever [0-1] held where its logarithm and that of its ratio exist."""
    return np.clip(lever, floor, 1 - floor)


def reaching(
    lever: Reals, today: Reals, culture: Reals, threshold: Reals, steepness: float = DEFAULTS.culture_steepness
) -> Floats:
    """Lever [0-1] as far as culture lets its change reach people (equation 2).

    Below the threshold hardly anything of a change gets through, above it nearly all does: a phase transition
    rather than a slope (A).
    """
    through = 1 / (1 + np.exp(-steepness * (np.asarray(culture) - threshold)))
    return np.asarray(today + through * (np.asarray(lever) - today))


def commitment(
    priorities: Reals, policies: Reals, power: float = DEFAULTS.commit_power, floor: float = DEFAULTS.lever_floor
) -> Floats:
    """How far the company commits to the standard that its picture asks for [0-1] (A)."""
    return np.asarray(held(priorities, floor) ** power * held(policies, floor) ** power)


def capability(
    levers: Mapping[str, Floats], relies_on: Mapping[Lever, float], floor: float = DEFAULTS.lever_floor
) -> Floats:
    """How able the company is to deliver its standard at a touchpoint [0-1]; weights of `relies_on` sum to 1."""
    logs = sum(share * np.log(held(levers[lever], floor)) for lever, share in relies_on.items())
    return np.asarray(np.exp(logs))


def designed_today(picture: Reals, delivered: Reals, commit: Reals, able: Reals) -> Floats:
    """Standard D0 [points] where none is given: the shortfall is split by how weak each side is (A)."""
    log_commit, log_able = np.log(commit), np.log(able)
    return np.asarray(picture - (np.asarray(picture) - delivered) * log_commit / (log_commit + log_able))


def closing(now: Reals, today: Reals) -> Floats:
    """Share of today's distance that is left: ln now / ln today, 1 today, 0 where nothing is lacking."""
    return np.asarray(np.log(now) / np.log(today))


def designed(picture: Reals, shortfall: Reals, commit: Reals, commit_today: Reals) -> Floats:
    """Standard D [points] that the company designs to; `shortfall` = 1 - D0/U0."""
    return np.asarray(picture * (1 - shortfall * closing(commit, commit_today)))


def delivered(standard: Reals, shortfall: Reals, able: Reals, able_today: Reals) -> Floats:
    """Level Q [points] that reaches customers; `shortfall` = 1 - Q0/D0."""
    return np.asarray(standard * (1 - shortfall * closing(able, able_today)))


def kept(able: Reals, able_today: Reals, commit: Reals, commit_today: Reals) -> Floats:
    """Share of a level already above the need that neglected levers leave; rising levers add nothing."""
    return np.minimum(1.0, np.minimum(np.asarray(able) / able_today, np.asarray(commit) / commit_today))

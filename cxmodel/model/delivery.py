"""From levers to delivered levels: change takes time, and delivery is a chain (equations 1 and 2).

SERVQUAL's gap model read as a delay chain: the standard follows the picture, delivery follows the standard,
and each link is owned by its levers. Levers close the distance to what the company aims at; they never overshoot.
"""

from collections.abc import Mapping
from typing import TypeVar

import numpy as np

from cxmodel.model.assumptions import DEFAULTS
from cxmodel.vocabulary import Floats, Reals

Lever = TypeVar("Lever", bound=str)


def course(time: Reals, before: Reals, target: float, start: float, half_life: float, delay: float = 0.0) -> Floats:
    """Value at `time` of what is on its way from `before` to `target` [its own unit] (equation 1); times in one unit.

    x0 + (target - x0) (1 - 2^-((t - t0 - delay) / half-life)): half of the way is gone one half-life after
    start + delay; nothing moves before (half-lives inside Schneiderman 1988's 1 to 22 months).
    """
    elapsed = np.maximum(0.0, np.asarray(time) - start - delay)
    return np.asarray(before + (target - np.asarray(before)) * (1 - np.exp2(-elapsed / half_life)))


def held(lever: Reals, floor: float = DEFAULTS.lever_floor) -> Floats:
    """Lever [0-1] held where its logarithm and that of its ratio exist (equation 2)."""
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
    """How far the company commits to the standard that its picture asks for [0-1] (equation 2).

    priorities^.5 x policies^.5 (A).
    """
    return np.asarray(held(priorities, floor) ** power * held(policies, floor) ** power)


def capability(
    levers: Mapping[str, Floats], relies_on: Mapping[Lever, float], floor: float = DEFAULTS.lever_floor
) -> Floats:
    """How able the company is to deliver its standard at a touchpoint [0-1] (equation 2).

    The product of lever^weight over the levers of `relies_on`, whose weights sum to 1 (A).
    """
    logs = sum(share * np.log(held(levers[lever], floor)) for lever, share in relies_on.items())
    return np.asarray(np.exp(logs))


def designed_today(picture: Reals, delivered: Reals, commit: Reals, able: Reals) -> Floats:
    """Standard D0 [points] where none is given (equation 2): the shortfall is split by how weak each side is.

    U0 - (U0 - Q0) ln commit / (ln commit + ln cap) (A).
    """
    log_commit, log_able = np.log(commit), np.log(able)
    return np.asarray(picture - (np.asarray(picture) - delivered) * log_commit / (log_commit + log_able))


def closing(now: Reals, today: Reals) -> Floats:
    """Share of today's distance that is left [1] (equation 2): ln now / ln today; 0 where nothing is lacking."""
    return np.asarray(np.log(now) / np.log(today))


def still_open(now: Reals, today: Reals) -> Floats:
    """Share of a need newly seen that stays undelivered [0-1] (equation 2): min(1, ln now / ln today).

    Wanting more delivers nothing: 1 while levers stand as they are today or lower, less as they rise.
    """
    return np.minimum(1.0, closing(now, today))


def designed(picture: Reals, shortfall: Reals, commit: Reals, commit_today: Reals) -> Floats:
    """Standard D [points] that the company designs to (equation 2); `shortfall` = g2 = 1 - D0/U0.

    U (1 - g2 ln commit(t) / ln commit(0)) (A).
    """
    return np.asarray(picture * (1 - shortfall * closing(commit, commit_today)))


def delivered(standard: Reals, shortfall: Reals, able: Reals, able_today: Reals) -> Floats:
    """Level Q [points] that reaches customers (equation 2); `shortfall` = g3 = 1 - Q0/D0.

    D (1 - g3 ln cap(t) / ln cap(0)) (A).
    """
    return np.asarray(standard * (1 - shortfall * closing(able, able_today)))


def kept(able: Reals, able_today: Reals, commit: Reals, commit_today: Reals) -> Floats:
    """Share of a level already above the need that neglected levers leave [0-1] (equation 2) (A).

    min(1, cap/cap0, commit/commit0): rising levers add nothing.
    """
    return np.minimum(1.0, np.minimum(np.asarray(able) / able_today, np.asarray(commit) / commit_today))

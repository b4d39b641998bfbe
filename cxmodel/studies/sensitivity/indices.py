"""How much outcomes move with each of several numbers: Morris screening, Sobol indices, and what luck alone does.

Pure functions of arrays: a design of cases in, the cases' outcomes back, indices out. Samples and indices are SALib's.
Outcomes come one per replication, with the same luck in every case (common random numbers). So a number that does
nothing changes nothing, to the last bit, and a dummy parameter, the usual measure of error, would always come out as
exactly 0. What tells an effect from noise is therefore how far it differs from replication to replication (`noise`).
Knows no scenario and no words for people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cxmodel.vocabulary import Floats

Class = Literal["matters", "noise", "nothing"]
"""*noise*: not distinguishable from it; *nothing*: every outcome is the same to the last bit."""
Problem = Mapping[str, Any]
"""What SALib calls a problem: names and bounds."""
LEVELS: Final = 4
"""Levels of Morris' grid: each number is tried at 0, 1/3, 2/3 and 1 of its range."""
STEP: Final = LEVELS / (2 * (LEVELS - 1))
"""Morris' step, as a share of the range."""
RESAMPLES: Final = 1_000
"""Bootstrap resamples behind the interval of an index."""
DRAWS: Final = 4_000
"""Draws of luck behind a noise floor."""
CERTAIN: Final = 0.95


class Effect(NamedTuple):
    """What a number does over its whole range: elementary effects [unit of the outcome]."""

    mu_star: float
    """Mean size of the effect, whatever its sign (Campolongo, Cariboni & Saltelli 2007)."""
    mu_star_low: float
    mu_star_high: float
    """95 % bootstrap interval over trajectories (SALib's mu_star_conf)."""
    mu: float
    """Mean effect; smaller than `mu_star` in size where the effect changes its sign."""
    sigma: float
    """Standard deviation over trajectories: the effect bends, or depends on other numbers (Morris 1991)."""
    floor: float
    """The size that luck alone reaches in 5 of 100 studies."""
    verdict: Class


class VarianceShare(NamedTuple):
    """A number's part in the variance of outcomes; nan where they do not vary."""

    S1: float
    """Alone: by how much the variance would shrink if it were known (Sobol 2001)."""
    S1_low: float
    S1_high: float
    S1_class: Class
    ST: float
    """With all interactions: what would remain if everything else were known (Saltelli et al. 2010)."""
    ST_low: float
    ST_high: float
    floor: float
    """The part that luck alone reaches in 5 of 100 studies, with interactions."""
    verdict: Class


def problem_of(names: Sequence[str]) -> dict[str, Any]:
    """Numbers by name, each given as a share of its range."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def morris_cases(problem: Problem, trajectories: int, seed: int = 1) -> Floats:
    """Cases to play (trajectories * (numbers + 1), numbers), one number changed at a step (Morris 1991)."""
    from SALib.sample import morris

    rng = np.random.default_rng(seed)
    return np.asarray(morris.sample(dict(problem), trajectories, num_levels=LEVELS, seed=rng), dtype=float)


def sobol_cases(problem: Problem, samples: int, seed: int = 1) -> Floats:
    """Cases to play (samples * (numbers + 2), numbers): A, A with each column of B, B (Saltelli et al. 2010).

    `samples` is a power of two, which the sequence's balance rests on.
    """
    from SALib.sample import sobol

    rng = np.random.default_rng(seed)
    return np.asarray(sobol.sample(dict(problem), samples, calc_second_order=False, seed=rng), dtype=float)


def morris_of(problem: Problem, X: Floats, Y: Floats, seed: int = 1) -> list[Effect] | None:
    """The effect of each number; None where fewer than two trajectories are whole.

    X: cases of `morris_cases` (cases, numbers). Y: outcomes (cases, replications), or (cases,) where there is no
    luck in them; nan where one cannot be had: a trajectory counts with the replications that it has in all its cases.
    """
    from SALib.analyze import morris

    size = problem["num_vars"] + 1
    blocks, kept = whole(Y, size)
    if len(blocks) < 2:
        return None
    steps = X.reshape(-1, size, size - 1)[kept]
    means = np.nanmean(blocks, axis=2)
    rng = np.random.default_rng(seed)
    found = morris.analyze(
        dict(problem), steps.reshape(-1, size - 1), means.ravel(), num_resamples=RESAMPLES, num_levels=LEVELS, seed=rng
    )
    changes = np.diff(steps, axis=1)  # one number a step
    which, sign = np.abs(changes).argmax(axis=2), np.sign(changes.sum(axis=2))
    by_step = np.diff(blocks, axis=1) * sign[:, :, None] / STEP
    effects = []
    for number in range(size - 1):
        own = by_step[np.arange(len(blocks)), (which == number).argmax(axis=1)]
        size_of, half = float(found["mu_star"][number]), float(found["mu_star_conf"][number])
        floor = noise(own, lambda by_luck: np.abs(by_luck).mean(axis=1), seed)
        verdict: Class = "nothing" if _still(own) else "matters" if size_of > floor else "noise"
        ends = max(0.0, size_of - half), size_of + half
        effects.append(
            Effect(size_of, *ends, float(found["mu"][number]), float(found["sigma"][number]), floor, verdict)
        )
    return effects


def sobol_of(problem: Problem, Y: Floats, seed: int = 1) -> list[VarianceShare] | None:
    """The part of each number in the variance of outcomes; None where fewer than eight samples are whole.

    Y: outcomes of `sobol_cases` (cases, replications), or (cases,) where there is no luck in them; nan where one
    cannot be had: a sample counts with the replications that it has in all its cases. A number is noise where the
    lower end of its total part is no more than 0, or than what luck alone reaches.
    """
    from SALib.analyze import sobol

    numbers = problem["num_vars"]
    blocks, _ = whole(Y, numbers + 2)
    if len(blocks) < 8:
        return None
    means = np.nanmean(blocks, axis=2)
    ends = means[:, [0, -1]]
    moves = blocks[:, 1:-1] - blocks[:, :1]
    if not np.ptp(ends):
        return [_flat("nothing" if _still(moves[:, number]) else "noise") for number in range(numbers)]
    rng = np.random.default_rng(seed)
    found = sobol.analyze(dict(problem), means.ravel(), calc_second_order=False, num_resamples=RESAMPLES, seed=rng)
    variance = float(ends.var())

    def part_of(by_luck: Floats) -> Floats:
        return np.asarray((by_luck**2).mean(axis=1) / (2 * variance))

    parts = []
    for number in range(numbers):
        own = moves[:, number]
        S1, S1_half, ST, ST_half = (float(found[name][number]) for name in ("S1", "S1_conf", "ST", "ST_conf"))
        floor = noise(own, part_of, seed)
        alone: Class = "matters" if S1 - S1_half > 0 else "noise"
        verdict: Class = "matters" if ST - ST_half > floor else "noise"
        if _still(own):
            alone = verdict = "nothing"
        parts.append(
            VarianceShare(
                S1, S1 - S1_half, S1 + S1_half, alone, ST, max(0.0, ST - ST_half), ST + ST_half, floor, verdict
            )
        )
    return parts


def noise(effects: Floats, statistic: Callable[[Floats], Floats], seed: int = 1) -> float:
    """What luck alone would make of a statistic of effects in 95 of 100 studies; 0 without replications.

    `effects` (cases, replications) are differences with the same luck; `statistic` brings mean effects (draws, cases)
    down to one number a draw. If the true effect is nothing, a mean effect is off by the chance of these replications,
    which are the same for all cases: each draw weighs the replications' departures from their mean anew, all cases
    alike, so that whatever the cases share is kept, and is divided by the root of a chi-squared over its degrees of
    freedom, since the spread is itself only estimated. For the size of a single effect this is Student's interval:

    >>> from cxmodel.results.estimates import half_width
    >>> one = np.random.default_rng(1).normal(0, 2, (1, 8))
    >>> bool(abs(noise(one, lambda by_luck: np.abs(by_luck).max(1)) / half_width(one.std(ddof=1), 8) - 1) < 0.05)
    True
    """
    replications = effects.shape[1]
    counts = np.isfinite(effects).sum(axis=1, keepdims=True)
    if replications < 2 or (counts < 2).any():
        return 0.0
    departures = np.nan_to_num((effects - np.nanmean(effects, axis=1, keepdims=True)) / np.sqrt(counts * (counts - 1)))
    luck = np.random.default_rng(seed)
    drawn = luck.standard_normal((DRAWS, replications)) @ departures.T
    freedom = int(counts.min()) - 1
    by_luck = drawn / np.sqrt(luck.chisquare(freedom, (DRAWS, 1)) / freedom)
    return float(np.quantile(statistic(by_luck), CERTAIN))


def whole(Y: Floats, size: int) -> tuple[Floats, NDArray[np.intp]]:
    """Outcomes in blocks of so many cases that belong together, and which blocks they are.

    (blocks, size, replications): a replication that is missing in one case of a block is nan in all of it; a block
    with fewer than two replications left (one, where there is one) is left out.
    """
    outcomes = Y[:, None] if Y.ndim == 1 else Y
    blocks = outcomes.reshape(-1, size, outcomes.shape[1])
    there = np.asarray(np.isfinite(blocks).all(axis=1))
    kept = np.flatnonzero(there.sum(axis=1) >= min(2, outcomes.shape[1]))
    return np.where(there[kept, None, :], blocks[kept], np.nan), kept


def _still(effects: Floats) -> bool:
    """Whether nothing changed, to the last bit."""
    return not np.nan_to_num(effects).any()


def _flat(verdict: Class) -> VarianceShare:
    """No part in a variance that is none."""
    none = float("nan")
    return VarianceShare(none, none, none, verdict, none, none, none, none, verdict)

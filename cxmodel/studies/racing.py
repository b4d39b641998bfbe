"""Racing: which of many candidates, played with the same luck, may still be the best. Knows no runs and no scenarios.

Successive elimination on paired differences, as in F-race (Birattari, Stützle, Paquete & Varrentrapp 2002), with a
Student bound in place of its rank test and Bonferroni's correction over all comparisons and looks, after the
subset selection of Gupta (1965) and Nelson, Swann, Goldsman & Song (2001).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from cxmodel.vocabulary import Floats

FIRST: Final = 4
"""Replications with which all begin; each look doubles them."""
ERROR: Final = 0.05
"""Probability, over a whole race, that a candidate which is as good as any other is left behind."""
ROUNDING: Final = 1e-9
"""Share of a level below which a difference is the arithmetic's, not the model's."""

Candidate = TypeVar("Candidate")


def looks(most: int, first: int = FIRST) -> list[int]:
    """Replications at each look of a race, doubling up to `most`.

    >>> looks(120)
    [4, 8, 16, 32, 64, 120]
    """
    found = [min(first, most)]
    while found[-1] < most:
        found.append(min(2 * found[-1], most))
    return found


def bound(runs: Floats, entrants: int, times: int) -> Floats:
    """Student's t that the difference to the best must pass, one-sided, at each number of replications.

    A given candidate is compared with each other entrant, at each look: so many chances to be wrong about it share
    `ERROR` (Bonferroni), whichever turns out to be the best so far.

    >>> bound(np.array([30.0]), entrants=2, times=1).round(2)
    array([1.7])
    """
    return np.asarray(stdtrit(runs - 1, 1 - ERROR / (max(1, entrants - 1) * max(1, times))))


def survivors(samples: Floats, entrants: int, times: int) -> NDArray[np.bool_]:
    """Which candidates (K,) are not clearly behind the best so far; more is better.

    `samples` (K, R) holds one number per candidate still in the race and replication, nan where it cannot be had;
    `entrants` and `times` are the candidates it began with and the looks it may take. Who is in truth as good as
    any other is left behind with a probability of at most `ERROR` over the whole race, for differences that are
    about normal; that others stay who are a little worse is the price.

    >>> same_luck = np.array([0.0, 3.0, 1.0, 5.0])
    >>> survivors(np.array([same_luck, same_luck - [4.0, 4.1, 4.0, 3.9], same_luck + [1, -1, 2, -2]]), 3, 1)
    array([ True, False,  True])
    """
    finite = np.isfinite(samples)
    sums, runs = np.where(finite, samples, 0.0).sum(1), finite.sum(1)
    means = np.where(runs > 0, sums / np.maximum(runs, 1), -np.inf)
    clearly = behind(samples, samples[int(np.argmax(means))], entrants, times)
    return np.asarray((runs > 0) & ~clearly, dtype=np.bool_)


def behind(samples: Floats, best: Floats, entrants: int, times: int) -> NDArray[np.bool_]:
    """Which candidates (K,) are clearly behind one of them, replication by replication."""
    differences = samples - best
    differences[np.abs(differences) <= ROUNDING * np.abs(best)] = 0.0
    paired = np.isfinite(differences)
    runs = paired.sum(1).astype(float)
    enough = np.maximum(runs, 2.0)
    means = np.where(paired, differences, 0.0).sum(1) / enough
    spreads = np.sqrt(np.where(paired, (differences - means[:, None]) ** 2, 0.0).sum(1) / (enough - 1))
    # the same difference in the first few may be chance where a figure takes few values, such as a share of targets
    judged = (runs > 1) & ((spreads > 0) | (runs > FIRST))
    return np.asarray(judged & (means + bound(enough, entrants, times) * spreads / np.sqrt(enough) < 0))


def front(
    candidates: Sequence[Candidate],
    cost: Callable[[Candidate], float],
    value: Callable[[Candidate], float],
    ahead: Callable[[Candidate, Candidate], bool],
) -> list[Candidate]:
    """The candidates, cheapest first, each of which is clearly ahead of the one before: Pareto's front.

    Of those that cost the same, the first as they come that is not clearly behind the best of them.

    >>> worth = {"none": 0.0, "good": 5.0, "dear": 5.1, "waste": -2.0, "best": 9.0}
    >>> price = {"none": 0.0, "good": 1.0, "dear": 2.0, "waste": 3.0, "best": 4.0}
    >>> front(list(worth), price.__getitem__, worth.__getitem__, lambda a, b: worth[a] > worth[b] + 1)
    ['none', 'good', 'best']
    """
    found: list[Candidate] = []
    for price in sorted({cost(each) for each in candidates}):
        group = [each for each in candidates if cost(each) == price]
        group = [each for each in group if not found or ahead(each, found[-1])]
        if group:
            best = max(group, key=value)
            found.append(next(each for each in group if each is best or not ahead(best, each)))
    return found

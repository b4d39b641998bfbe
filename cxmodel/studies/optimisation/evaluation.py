"""What came of the sets of initiatives that were played: one metric of theirs, held against each other, and a race.

Knows what is maximised; knows no budget.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from cxmodel.errors import RunError
from cxmodel.results.estimates import estimate
from cxmodel.results.request import RunRequest
from cxmodel.scenario import Scenario
from cxmodel.simulation.batch import Failed, Figures
from cxmodel.studies.optimisation.budget import Set, under
from cxmodel.vocabulary import METRICS, Floats, Progress

Play = Callable[[Sequence[RunRequest], Progress], list[Figures | Failed]]
NOTHING: Final[Set] = ()
"""As is: no initiative at all."""
APART: Final = 2**32
"""From the seed of the race to that of the replications that are reported."""


@dataclass
class Tried:
    """The figures of each set, block by block of replications, each block with a seed of its own.

    A set that is played on plays only its next block; in a block all sets share their luck.
    """

    scenario: Scenario
    metric: str
    future: str | None
    seed: int
    marks: Sequence[int]
    """Replications that a set has after each block."""
    play: Play
    progress: Progress
    figures: dict[Set, list[Figures]] = field(default_factory=dict)
    fresh: dict[Set, Figures] = field(default_factory=dict)
    """From luck that had no part in choosing."""
    failures: dict[Set, str] = field(default_factory=dict)
    done: int = 0

    @property
    def fresh_seed(self) -> int:
        """The seed of the replications that are reported."""
        return (self.seed + APART) % 2**64

    def extend(self, some: Iterable[Set], blocks: int) -> None:
        """Play what these sets, and as is, lack of so many blocks."""
        wanted, sizes = list(dict.fromkeys([NOTHING, *some])), np.diff([0, *self.marks]).tolist()
        for block in range(blocks):
            lacking = [each for each in wanted if len(self.figures.get(each, ())) == block]
            for each, found in self._played(lacking, sizes[block], (self.seed + block) % 2**64):
                self.figures.setdefault(each, []).append(found)

    def again(self, some: Iterable[Set], replications: int) -> None:
        """Play these sets, and as is, with fresh luck."""
        lacking = [each for each in dict.fromkeys([NOTHING, *some]) if each not in self.fresh]
        self.fresh.update(self._played(lacking, replications, self.fresh_seed))

    def race(self, entrants: Sequence[Set], first: int = 0) -> list[Set]:
        """Who is not clearly behind when one is left, all are the same to the last bit, or the blocks are used up.

        Blocks before `first` do not count: by them the entrants were picked.
        """
        left, times = list(entrants), len(self.marks) - first
        for blocks in range(first + 1, len(self.marks) + 1):
            self.extend(left, blocks)
            left = [some for some in left if some not in self.failures]
            left = list(compress(left, survivors(self._samples(left, first), len(entrants), times)))
            samples = self._samples(left, first)
            if len(left) < 2 or np.array_equal(samples, np.tile(samples[0], (len(left), 1)), equal_nan=True):
                break
        return left

    def gain(self, some: Set) -> float:
        """What a set is worth more than as is; more is better."""
        gains = self._apart(some, NOTHING)
        return float(gains.mean()) if len(gains) else -math.inf

    def ahead(self, some: Set, other: Set) -> bool:
        """Whether a set is clearly better than another, by the two alone: 95 % Student, paired."""
        low = estimate(self._apart(some, other)).low
        return low is not None and low > 0

    def runs(self, some: Set) -> int:
        """Replications that a set has."""
        return self.marks[len(self.figures[some]) - 1]

    def known(self, metric: str) -> bool:
        """Whether a metric can be had as is."""
        return any(bool(np.isfinite(block[metric]).any()) for block in self.figures[NOTHING])

    def _samples(self, some: Sequence[Set], first: int) -> Floats:
        """The replications from a block on (K, R) of sets that have equally many; more is better."""
        sign = -1.0 if METRICS[self.metric].better == "down" else 1.0
        found = [np.concatenate([block[self.metric] for block in self.figures[each][first:]]) for each in some]
        return sign * np.array(found).reshape(len(found), -1)

    def _apart(self, some: Set, other: Set) -> Floats:
        """The differences in the replications that two sets share, and in which both have a figure."""
        common = min(len(self.figures[some]), len(self.figures[other]))
        sign = -1.0 if METRICS[self.metric].better == "down" else 1.0
        blocks = zip(self.figures[some][:common], self.figures[other][:common], strict=True)
        differences = sign * np.concatenate([mine[self.metric] - theirs[self.metric] for mine, theirs in blocks])
        return np.asarray(differences[np.isfinite(differences)])

    def _played(self, some: Sequence[Set], replications: int, seed: int) -> list[tuple[Set, Figures]]:
        """Those of the sets that can be played, with their figures; the others are failures from now on."""
        some = [each for each in some if each not in self.failures]
        if not some:
            return []

        def counted(done: int, total: int) -> None:
            self.progress(self.done + done * replications, self.done + total * replications)

        runs = [RunRequest(*under(self.scenario, each), self.future, replications, seed) for each in some]
        came = self.play(runs, counted)
        self.done += len(some) * replications
        for each, found in zip(some, came, strict=True):
            if isinstance(found, Failed):
                self.failures[each] = found.why
                self.figures.pop(each, None)
        if NOTHING in self.failures:
            raise RunError(f"as is cannot be played: {self.failures[NOTHING]}")
        return [(each, found) for each, found in zip(some, came, strict=True) if not isinstance(found, Failed)]


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

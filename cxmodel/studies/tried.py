"""What came of the sets of initiatives that were played: one metric of theirs, held against each other, and a race.

Knows what is maximised; knows no budget.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Final

import numpy as np

from cxmodel.errors import RunError
from cxmodel.results.estimates import estimate
from cxmodel.results.metrics import METRICS
from cxmodel.results.request import Wanted
from cxmodel.scenario import Scenario
from cxmodel.simulation.batch import Failed, Figures
from cxmodel.studies import racing
from cxmodel.studies.budgets import Set, under
from cxmodel.vocabulary import Floats

Progress = Callable[[int, int], None]
"""Told how many replications are done, and of how many that are known to be needed so far."""
Play = Callable[[Sequence[Wanted], Progress], list[Figures | Failed]]
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
            left = list(compress(left, racing.survivors(self._samples(left, first), len(entrants), times)))
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

        runs = [Wanted(*under(self.scenario, each), self.future, replications, seed) for each in some]
        came = self.play(runs, counted)
        self.done += len(some) * replications
        for each, found in zip(some, came, strict=True):
            if isinstance(found, Failed):
                self.failures[each] = found.why
                self.figures.pop(each, None)
        if NOTHING in self.failures:
            raise RunError(f"as is cannot be played: {self.failures[NOTHING]}")
        return [(each, found) for each, found in zip(some, came, strict=True) if not isinstance(found, Failed)]

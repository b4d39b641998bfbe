"""Which box to show of all that PRIM finds, without a human to choose, and whether luck could have drawn it.

PRIM leaves the choice to an analyst, and finds boxes in noise. Here a rule chooses, and is then tried itself: on
shuffled outcomes, and on halves of the cases. Arrays in, boxes out; knows no scenario.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from cxmodel.studies.discovery.prim import Bools, Box, box, peel, simplified
from cxmodel.vocabulary import Floats

LOOKED_AT: Final = 8
"""Inputs that PRIM may restrict: those that go with the outcome most. Among sixty it loses its way in two hundred
cases, peeling what is idle; a pair of inputs that only matters together, and evenly, may be missed."""
NEAR: Final = 0.02
"""Scores that count as equal: of boxes that are so near the simplest is taken."""
SURE: Final = 0.05
"""How probable luck may be: for each restriction (quasi-p), and for the whole box (shuffles)."""
SHUFFLES: Final = 100
HALVES: Final = 50
AGAIN: Final = 0.5
"""Share of the halves in which an input has to be restricted again to be kept."""


class Tried(NamedTuple):
    """What becomes of a box when PRIM sees only half of the cases."""

    again: Floats
    """Share of the halves whose nearest box restricts the same input (d,)."""
    density: float
    """Of the boxes found in one half, in the other half."""
    coverage: float


class Standing(NamedTuple):
    """What stands out."""

    box: Box | None
    """None where luck could have drawn it."""
    among: tuple[Box, ...]
    tried: Tried | None
    luck: float
    """How often a box as good comes out of shuffled outcomes."""


def boxes(x: Floats, y: Bools, seen: Sequence[int] | None = None) -> list[Box]:
    """All boxes to choose from, those of one coverage and density once: PRIM's steps without doubtful restrictions.

    PRIM sees the inputs whose values differ most between cases of interest and others (Smirnov's statistic, as in
    regional sensitivity analysis: Hornberger & Spear 1981), unless told which.
    """
    if seen is None:
        seen = np.sort(np.argsort(-apart(x, y), kind="stable")[:LOOKED_AT]).tolist()
    some = x[:, seen]
    found: dict[tuple[int, int], Box] = {}
    for step in peel(some, y):
        small = simplified(step, some, y, SURE)
        limits = np.stack([np.full(x.shape[1], -np.inf), np.full(x.shape[1], np.inf)], axis=1)
        limits[seen] = small.limits
        found.setdefault((small.held, small.caught), Box(limits, small.held, small.caught, small.cases, small.interest))
    return list(found.values())


def apart(x: Floats, y: Bools) -> Floats:
    """Greatest distance between the distributions of cases of interest and of others, by input (d,).

    >>> apart(np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([False, False, True, True]))
    array([1.])
    """
    if y.all() or not y.any():
        return np.zeros(x.shape[1])
    ranked = y[np.argsort(x, axis=0, kind="stable")]
    ours, others = np.cumsum(ranked, axis=0) / y.sum(), np.cumsum(~ranked, axis=0) / (~y).sum()
    return np.asarray(np.abs(ours - others).max(axis=0))


def score(found: Box) -> float:
    """The balance of density and coverage: their harmonic mean."""
    both = found.density + found.coverage
    return 2 * found.density * found.coverage / both if both else 0.0


def chosen(among: Sequence[Box]) -> Box | None:
    """The box with the best balance, of those within 0.02 of it the one with fewest inputs; None where none has any.

    Every box is one of `boxes`: each of its restrictions has a quasi-p below 0.05.
    """
    some = [each for each in among if each.restricted]
    best = max(map(score, some), default=0.0)
    near = [each for each in some if score(each) >= best - NEAR]
    return min(near, key=lambda each: (len(each.restricted), -score(each)), default=None)


def by_luck(found: Box, x: Floats, y: Bools, seed: int = 1) -> float:
    """How often a box as good comes out where outcomes are shuffled; stops counting once that is too often."""
    luck, as_good = np.random.default_rng(seed), 0
    for done in range(1, SHUFFLES + 1):
        other = chosen(boxes(x, luck.permutation(y)))
        as_good += other is not None and score(other) >= score(found)
        if as_good > SURE * SHUFFLES:
            return as_good / done
    return as_good / SHUFFLES


def halved(found: Box, x: Floats, y: Bools, seed: int = 1) -> Tried:
    """What becomes of a box on random halves of the cases.

    In each half the box nearest in coverage and density stands for it (Bryant & Lempert 2010, section 3.3.2); the
    cases left out, which it has not seen, tell how dense it is.
    """
    luck = np.random.default_rng(seed)
    again = np.zeros(x.shape[1])
    caught = held = interest = 0
    for _ in range(HALVES):
        seen = np.zeros(len(y), dtype=bool)
        seen[luck.permutation(len(y))[: len(y) // 2]] = True
        near = min(boxes(x[seen], y[seen]), key=lambda each: _distance(each, found))
        again[list(near.restricted)] += 1 / HALVES
        unseen = box(near.limits, x[~seen], y[~seen])
        caught, held, interest = caught + unseen.caught, held + unseen.held, interest + unseen.interest
    return Tried(again, caught / max(held, 1), caught / max(interest, 1))


def stand_out(x: Floats, y: Bools, seed: int = 1) -> Standing:
    """The box that stands out among cases (n, d) by their interest (n,), and all there were to choose from.

    Inputs that fewer than half of the halves restrict again are left out, and PRIM is run once more without them.
    """
    among = boxes(x, y)
    best, tried = chosen(among), None
    while best is not None:
        tried = halved(best, x, y, seed)
        lasting = [place for place in best.restricted if tried.again[place] >= AGAIN]
        if len(lasting) == len(best.restricted):
            break
        among = boxes(x, y, lasting) if lasting else among
        best = chosen(among) if lasting else None
    if best is None or tried is None:
        return Standing(None, tuple(among), None, 1.0)
    luck = by_luck(best, x, y, seed)
    return Standing(best if luck <= SURE else None, tuple(among), tried, luck)


def _distance(one: Box, other: Box) -> float:
    return (one.coverage - other.coverage) ** 2 + (one.density - other.density) ** 2
